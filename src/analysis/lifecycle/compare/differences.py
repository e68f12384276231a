"""What differs between two reports, and by which input."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from analysis.lifecycle.compare.snapshot import BETWEEN, CODING_KEY, Snapshot
from analysis.text.english import plural

NOT_THERE, NOT_SAID = "not there", "nothing said"
SOFTWARE = "the software"
_ALWAYS = frozenset({"sources", "texts", "choices"})
_CODED = _ALWAYS | {"codings", "codebook"}
#: What a number is made from, by the prefix of its name; one that is not here, from everything.
_MADE_FROM = {
    "clean": _ALWAYS,
    "choice": frozenset({"choices"}),
    "coding": _CODED,
    "freq": _CODED,
    "cooc": _CODED,
    "agree": _CODED,
}


@dataclass(frozen=True)
class Change:
    """One thing that is otherwise: what, how it was and is, and by which input."""

    what: str
    before: str
    now: str
    by: str = ""


@dataclass(frozen=True)
class Recoded:
    """Codings of one code by one coder that are gone, and new."""

    code: str
    coder: str
    gone: int
    new: int
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Differences:
    """All that differs; `inputs` says what went in otherwise, by its kind."""

    inputs: Mapping[str, tuple[Change, ...]]
    numbers: tuple[Change, ...]
    not_printed: int
    patterns: tuple[Change, ...]
    codings: tuple[Recoded, ...]
    sources: tuple[Change, ...]
    wording: tuple[Change, ...]


def differences(before: Snapshot, now: Snapshot) -> Differences:
    """Compare two reports.

    A number is by every input that changed and that numbers of its stage are made from: which of
    several it was cannot be told from two reports. Where no input changed, it is by the software.
    """
    sources = tuple(map(_what_changed, _changed(before.sources, now.sources, "source ")))
    texts = _changed_in_both(before.texts, now.texts, "text of ")
    codings = _recoded(before, now)
    inputs = {
        "sources": sources,
        "texts": texts,
        "codings": tuple(
            Change(
                f"{one.code}, coded by {one.coder}",
                plural(_count(before, one), "coding"),
                f"{_count(now, one)} ({one.gone} gone, {one.new} new)",
            )
            for one in codings
        ),
        "codebook": _changed(before.codes, now.codes, "code "),
        "choices": _changed(before.choices, now.choices, "choice "),
        "judgements": _changed(
            {name: digest[:12] for name, digest in before.files.items()},
            {name: digest[:12] for name, digest in now.files.items()},
            "",
        ),
    }
    inputs = {kind: changes for kind, changes in inputs.items() if changes}
    printed = before.printed | now.printed
    numbers = _changed(before.values, now.values, "")
    shown = tuple(
        Change(one.what, one.before, one.now, _by(one.what, inputs))
        for one in numbers
        if one.what in printed
    )
    patterns = tuple(
        Change(one.what, one.before, one.now, _by("find.", inputs))
        for one in _changed(before.patterns, now.patterns, "")
    )
    return Differences(
        inputs,
        shown,
        len(numbers) - len(shown),
        patterns,
        codings,
        sources,
        tuple(_reworded(before, now)),
    )


def _by(name: str, inputs: Mapping[str, tuple[Change, ...]]) -> str:
    """The inputs that a number can have changed by."""
    made_from = _MADE_FROM.get(name.partition(".")[0])
    kinds = [kind for kind in inputs if made_from is None or kind in made_from]
    return ", ".join(f"{kind} ({len(inputs[kind])})" for kind in kinds) or SOFTWARE


def _changed(before: Mapping[str, str], now: Mapping[str, str], what: str) -> tuple[Change, ...]:
    return tuple(
        Change(f"{what}{name}", before.get(name, NOT_THERE), now.get(name, NOT_THERE))
        for name in sorted({*before, *now})
        if before.get(name) != now.get(name)
    )


def _what_changed(one: Change) -> Change:
    """A source that is in both, with those of its attributes alone that are otherwise."""
    if NOT_THERE in (one.before, one.now):
        return one
    then, here = one.before.split(BETWEEN), one.now.split(BETWEEN)
    return Change(
        one.what,
        BETWEEN.join(part for part in then if part not in here) or NOT_SAID,
        BETWEEN.join(part for part in here if part not in then) or NOT_SAID,
    )


def _count(report: Snapshot, of: Recoded) -> int:
    own = report.codings
    return int(((own["code"] == of.code) & (own["coder"] == of.coder)).sum())


def _changed_in_both(
    before: Mapping[str, str], now: Mapping[str, str], what: str
) -> tuple[Change, ...]:
    """Texts that are otherwise: of one that either has not whole nothing is said."""
    return tuple(
        Change(f"{what}{name}", before[name][:12], now[name][:12])
        for name in sorted({*before} & {*now})
        if before[name] != now[name]
    )


def _recoded(before: Snapshot, now: Snapshot) -> tuple[Recoded, ...]:
    then, here = (
        Counter(one.codings[list(CODING_KEY)].itertuples(index=False, name=None))
        for one in (before, now)
    )
    gone, new = then - here, here - then
    keys = sorted({(row[3], row[4]) for row in (*gone, *new)})
    return tuple(
        Recoded(
            code,
            coder,
            sum(count for row, count in gone.items() if row[3:] == (code, coder)),
            sum(count for row, count in new.items() if row[3:] == (code, coder)),
            tuple(sorted({str(row[0]) for row in (*gone, *new) if row[3:] == (code, coder)})),
        )
        for code, coder in keys
    )


def _reworded(before: Snapshot, now: Snapshot) -> list[Change]:
    """Paragraphs of the pages that were changed, taken out or added, in their order."""
    changes = []
    for page in sorted({*before.wording, *now.wording}):
        then, here = before.wording.get(page, ()), now.wording.get(page, ())
        matched = SequenceMatcher(None, then, here, autojunk=False)
        for kind, a, b, c, d in matched.get_opcodes():
            if kind != "equal":
                changes.append(Change(page, "\n\n".join(then[a:b]), "\n\n".join(here[c:d])))
    return changes
