"""`data/raw/rounds.yml`: who codes which sources by when, and whose coding they may not see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.files.problems import Problem, raise_if_any
from analysis.files.vocabulary import folded, meant, perhaps
from analysis.files.yaml_fields import Fields, compose

ROUNDS = "rounds.yml"
EVERYBODY = "everybody"
_FIELDS = ("name", "coders", "sources", "until", "blind")


@dataclass(frozen=True)
class Round:
    """One round: `blind` are the coders whose spans the others may not see, or 'everybody'.

    `until` (a day, '' for open): until it has passed nobody of the round sees them.
    """

    name: str
    coders: tuple[str, ...]
    sources: tuple[str, ...]
    until: str
    blind: tuple[str, ...]

    def is_open(self, today: str) -> bool:
        """Whether it lasts still."""
        return not self.until or today <= self.until


def read_rounds(raw: Path, sources: pd.DataFrame, known_coders: Iterable[str] = ()) -> list[Round]:
    """The rounds of a study; none without the file. `sources`: the register.

    Without `sources` a round is of all of them. `known_coders` have coded, or are declared: one whom
    a round names in another writing is meant. Raises one `StudyError` for all that is wrong; so is a
    coder nobody knows who is much like one in no round, and `blind` for one who codes nowhere, for
    both would hide nothing from anybody.
    """
    problems: list[Problem] = []
    document = compose(raw / ROUNDS, f"data/raw/{ROUNDS}", problems)
    if document is None or document.is_empty("rounds"):
        raise_if_any(problems)
        return []
    known = list(sources["source_id"])
    entries = list(document.mappings("rounds", "a round"))
    coders = sorted(set(known_coders))
    named = _one_writing(
        [] if entry.is_empty("coders") else entry.texts("coders") for entry in entries
    )
    in_rounds = {meant(name, coders) or name for name in named}
    rounds = [_round(entry, known, coders, in_rounds) for entry in entries]
    raise_if_any(problems)
    return rounds


def _one_writing(listed: Iterable[Sequence[str]]) -> list[str]:
    """The names of all lists, those that a reader would not part in one writing."""
    found: dict[str, str] = {}
    for name in (name for names in listed for name in names):
        found.setdefault(folded(name), name)
    return list(found.values())


def _round(entry: Fields, known: list[str], known_coders: list[str], in_rounds: set[str]) -> Round:
    entry.only(_FIELDS)
    everyone = [*known_coders, *sorted(in_rounds - set(known_coders))]
    coders = [meant(one, everyone) or one for one in entry.texts("coders")]
    for one in coders:
        near = perhaps(one, set(known_coders) - in_rounds)
        if one not in known_coders and near:
            entry.problem(
                "coders",
                f"{one[:60]!r}{near}",
                "a coder as in the codings, or one declared in coders.yml",
                "correct it; of a new coder with a name so like it, say in coders.yml who it is",
            )
    listed = () if entry.is_empty("sources") else entry.texts("sources")
    named = [meant(one, known) or one for one in listed]
    for one in named:
        if one not in known:
            entry.problem(
                "sources",
                f"{one[:60]!r}{perhaps(one, known)}",
                "a source_id of sources.csv",
                "correct it",
            )
    hiding = () if entry.is_empty("blind") else entry.texts("blind")
    whose = (*everyone, EVERYBODY)
    blind = [meant(one, whose) or one for one in hiding]
    for one in blind:
        if one not in whose:
            entry.problem(
                "blind",
                f"{one[:60]!r}{perhaps(one, whose)}",
                f"a coder, or {EVERYBODY}",
                "correct it: now it hides nobody's spans",
            )
    return Round(
        entry.text("name"),
        tuple(coders),
        tuple(named) or tuple(known),
        entry.date("until", required=False, whole=True),
        tuple(blind),
    )


def hidden_from(coder: str, source_id: str, rounds: list[Round], today: str = "") -> frozenset[str]:
    """Whose spans `coder` may not see in a source while its rounds last; '*' for everybody's."""
    day = today or date.today().isoformat()
    hidden: set[str] = set()
    for one in rounds:
        if coder in one.coders and source_id in one.sources and one.is_open(day):
            hidden |= {"*"} if EVERYBODY in one.blind else {*one.blind} - {coder}
    return frozenset(hidden)


def blind_now(codings: pd.DataFrame, rounds: list[Round], today: str = "") -> pd.Series:
    """Which of `codings` somebody of an open round may not see: those the lab shows to nobody.

    What has no reader of its own, as a count or a search, cannot tell who looks at it.
    """
    day = today or date.today().isoformat()
    hidden = pd.Series(False, index=codings.index)
    for one in rounds:
        if one.blind and one.is_open(day):
            whose = one.coders if EVERYBODY in one.blind else one.blind
            hidden |= codings["coder"].isin(whose) & codings["source_id"].isin(one.sources)
    return hidden
