"""Closed by default: what must be decided on names before any words of collected sources go out."""

from __future__ import annotations

import sys

import pandas as pd

from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.cleaning.speakers import is_conventional
from analysis.corpus import QUOTABLE
from analysis.files.problems import Problem, raise_if_any
from analysis.stages.texts import pseudonym_key
from analysis.study.folder import Study
from analysis.study.names import KEY, NOT_NAMES, read_not_names, undecided
from analysis.text.folding import fold

_KEY = f"data/private/{KEY}"
_TAGS = ("participant_tags", "interviewer_tags")
_SAY = 'no_names: "reason" in params.yml'


def refuse_unnamed(study: Study) -> None:
    """Stop while words of collected sources would go out and no key says whom they name.

    Raises `StudyError` when there is no key, or an empty one, and where the register's tags name a
    speaker whom neither the key nor `not_names.csv` knows. `no_names` in params.yml, a reason,
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
    folder = sorted(study.private.iterdir()) if study.private.is_dir() else []
    alike = [file.name for file in folder if "pseudonym" in fold(file.name) and file.name != KEY]
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
    """Tags of the register that look like names the key lacks: told by number, not by name."""
    decided = read_not_names(study.private)
    problems = []
    for source in collected.to_dict("records"):
        for column in _TAGS:
            tags = [tag.strip() for tag in str(source.get(column, "")).split(";") if tag.strip()]
            unknown = [
                number
                for number, tag in enumerate(tags, start=1)
                if not is_conventional(tag)
                and not tag.startswith("[")
                and not key.find_names(tag)
                and not {("", fold(tag).strip()), (source["source_id"], fold(tag).strip())}
                & decided
            ]
            if unknown:
                problems.append(
                    Problem(
                        f"data/raw/sources.csv, source {source['source_id']}, {column}",
                        f"tag {', '.join(map(str, unknown))} of {len(tags)} may be a name, and the "
                        "key has none such",
                        f"a line of {_KEY} for each speaker who is named",
                        f"add it; where it names nobody, add it to data/private/{NOT_NAMES}, or "
                        f"say {_SAY}",
                    )
                )
    return problems
