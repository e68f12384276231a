"""A coded span as its coder keeps it, and the acts by which spans change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Key = tuple[str, int, int, str]


@dataclass(frozen=True, order=True)
class Coded:
    """One span of one coder under one code.

    `start`, `end`: code points of the reader's text before cleaning, end-exclusive, so that
    neither cleaning nor the key moves them. `origin`: '' for what a person found, else what
    proposed it ('concordance trust').
    """

    source_id: str
    start: int
    end: int
    code: str
    memo: str = ""
    origin: str = ""

    @property
    def key(self) -> Key:
        """What tells this span from the coder's others."""
        return self.source_id, self.start, self.end, self.code


State = Mapping[Key, Coded]


@dataclass(frozen=True)
class Act:
    """What a coder did: the spans `before` became the spans `after`.

    Either may be empty, as when a span is coded or a code taken off. `what` says it in a word or
    two, `note` why; `source_id` where it is, of an act that changes no span.
    """

    what: str
    before: tuple[Coded, ...]
    after: tuple[Coded, ...]
    note: str = ""
    source_id: str = ""

    def undone(self) -> Act:
        """The act that takes this one back."""
        return Act(f"undo {self.what}", self.after, self.before, self.note, self.source_id)


class ChangedMeanwhileError(Exception):
    """What an act would change is no longer as it was."""


def state_of(spans: Iterable[Coded]) -> dict[Key, Coded]:
    """Spans by their keys; of two with one key the memos are joined."""
    state: dict[Key, Coded] = {}
    for one in spans:
        known = state.get(one.key)
        if known is not None and known.memo != one.memo:
            memo = " | ".join(filter(None, (known.memo, one.memo)))
            one = Coded(*one.key, memo, known.origin or one.origin)
        state[one.key] = one
    return state


def applied(state: State, act: Act) -> dict[Key, Coded]:
    """`state` after `act`.

    Raises `ChangedMeanwhileError` where a span of `before` is not there as it was, or one of `after`
    stands there already.
    """
    changed = dict(state)
    for one in act.before:
        if changed.pop(one.key, None) != one:
            raise ChangedMeanwhileError
    for one in act.after:
        if one.key in changed:
            raise ChangedMeanwhileError
        changed[one.key] = one
    return changed


def difference(old: State, new: State, what: str) -> Act:
    """The act that leads from one state to another."""
    return Act(
        what,
        tuple(sorted(one for key, one in old.items() if new.get(key) != one)),
        tuple(sorted(one for key, one in new.items() if old.get(key) != one)),
    )
