"""`data/raw/rounds.yml`: who codes which sources by when, and whose coding they may not see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd

from analysis.files.problems import Problem, raise_if_any
from analysis.files.vocabulary import meant, perhaps
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


def read_rounds(raw: Path, sources: pd.DataFrame) -> list[Round]:
    """The rounds of a study; none without the file. `sources`: the register.

    Without `sources` a round is of all of them. Raises one `StudyError` for all that is wrong.
    """
    problems: list[Problem] = []
    document = compose(raw / ROUNDS, f"data/raw/{ROUNDS}", problems)
    if document is None or document.is_empty("rounds"):
        raise_if_any(problems)
        return []
    known = list(sources["source_id"])
    rounds = [_round(entry, known) for entry in document.mappings("rounds", "a round")]
    raise_if_any(problems)
    return rounds


def _round(entry: Fields, known: list[str]) -> Round:
    entry.only(_FIELDS)
    coders = entry.texts("coders")
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
    blind = [meant(one, (*coders, EVERYBODY)) or one for one in hiding]
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
