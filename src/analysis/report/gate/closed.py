"""Closed by default: what must be decided on names before any words of collected sources go out."""

from __future__ import annotations

import re
import sys
from collections.abc import Hashable, Iterator, Mapping

import pandas as pd

from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.cleaning.speakers import is_conventional
from analysis.corpus import QUOTABLE
from analysis.files.problems import Problem, raise_if_any
from analysis.report.gate.way_out import authors_of
from analysis.stages.texts import pseudonym_key
from analysis.study.folder import Study
from analysis.study.names import KEY, NOT_NAMES, read_not_names, undecided
from analysis.text.folding import fold

_KEY = f"data/private/{KEY}"
_TAGS = ("participant_tags", "interviewer_tags")
# Columns that name a speaker, each with one name; initials stand in them too, and name nobody.
_NAMES = ("interviewer", "interviewee", "speaker", "moderator", "facilitator", "observer", "name")
_LIKE_A_NAME = re.compile(r"[^\W\d_][^\W\d_]*[^\W\d_A-Z][^\d_]*")
_SAY = 'no_names: "reason" in params.yml'


def refuse_unnamed(study: Study) -> None:
    """Stop while words of collected sources would go out and no key says whom they name.

    Raises `StudyError` when there is no key, or an empty one, and where the register names a speaker
    (as a tag, as interviewer) whom neither the key nor `not_names.csv` knows, and who is no author. `no_names` in params.yml, a reason,
    takes the place of both.
    """
    if study.choices.no_names.strip():
        return
    key = pseudonym_key(study)
    shown = _shown(study)
    collected = shown[shown["provenance"] != "constructed"]
    if collected.empty:
        return
    raise_if_any(_speakers(study, key, collected) if key and key.entries else [_no_key(study, key)])


def tell_undecided(study: Study, *, final: bool) -> None:
    """Count on the console the candidates in sources that are shown; a `final` report stops."""
    shown = set(_shown(study)["source_id"])
    waiting = undecided(study.private)
    count = int(waiting["source_id"].isin(shown).sum())
    if not count:
        return
    names = "possible name waits" if count == 1 else "possible names wait"
    if final:
        raise_if_any(
            [
                Problem(
                    "data/private/review/candidates-*.csv",
                    f"{count} {names} for a decision, in sources that are shown",
                    f"each in {_KEY}, or in data/private/{NOT_NAMES}",
                    f"look through them; a line of {NOT_NAMES} has name and source_id",
                )
            ]
        )
    print(
        f"warning: {count} {names} for a decision (data/private/review/candidates-*.csv): "
        f"into {_KEY}, or into data/private/{NOT_NAMES}",
        file=sys.stderr,
    )


def _shown(study: Study) -> pd.DataFrame:
    sources = study.sources
    return sources[sources["publish"].isin(QUOTABLE)]


def _no_key(study: Study, key: PseudonymKey | None) -> Problem:
    path = study.private / KEY
    folder = sorted(study.private.rglob("*")) if study.private.is_dir() else []
    alike = [
        file.relative_to(study.private).as_posix()
        for file in folder
        if "pseudonym" in fold(file.name) and file != path
    ]
    found = "a key without a name" if key else "a folder" if path.is_dir() else "no key"
    if alike and not key:
        found += f" (there is {', '.join(alike)})"
    return Problem(
        _KEY,
        found,
        "the names to replace, since words of collected sources would be published",
        f"fill in the key under this very name, or say {_SAY} that they name nobody",
    )


def _speakers(study: Study, key: PseudonymKey, collected: pd.DataFrame) -> list[Problem]:
    """Names in the register that the key lacks: told by column and number, not by name."""
    decided = read_not_names(study.private)
    authors = authors_of(study.reports)
    problems = []
    for source in collected.to_dict("records"):
        for column, names in _named(source):
            unknown = [
                number
                for number, name in enumerate(names, start=1)
                if not is_conventional(name)
                and not name.startswith("[")
                and not key.find_names(name)
                and not {("", fold(name).strip()), (source["source_id"], fold(name).strip())}
                & decided
                # The authors sign with their names.
                and " ".join(fold(name).split()) not in authors
            ]
            if unknown:
                problems.append(
                    Problem(
                        f"data/raw/sources.csv, source {source['source_id']}, {column}",
                        f"tag {', '.join(map(str, unknown))} of {len(names)} may be a name, and "
                        "the key has none such",
                        f"a line of {_KEY} for each speaker who is named",
                        f"add it; where it names nobody, add it to data/private/{NOT_NAMES}, or "
                        f"say {_SAY}",
                    )
                )
    return problems


def _named(source: Mapping[Hashable, object]) -> Iterator[tuple[str, list[str]]]:
    """The columns of a row that name speakers, each with what it names."""
    for column, cell in source.items():
        parts = [part.strip() for part in str(cell).split(";") if part.strip()]
        if column in _TAGS:
            yield str(column), parts
        elif fold(str(column)).strip().removesuffix("s") in _NAMES:
            yield str(column), [part for part in parts if _LIKE_A_NAME.fullmatch(part)]
