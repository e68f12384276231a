"""Names that a study's private files speak of: the key, and what a person decided on candidates."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.files.csv_rows import named_rows, numbered_rows
from analysis.files.problems import raise_if_any
from analysis.files.vocabulary import problems_of_heading
from analysis.text.folding import fold

KEY = "pseudonyms.csv"
NOT_NAMES = "not_names.csv"
REVIEW = "review"
_COLUMNS = ("name", "source_id")
_CANDIDATES = ["source_id", "start", "end", "cue", "found", "context"]


def read_not_names(private: Path) -> frozenset[tuple[str, str]]:
    """What a person marked as 'not a name' in `not_names.csv`: (source_id, name), names folded.

    Columns name and source_id, and any others; a row without source_id counts for every source.
    Without the file nothing is marked. Raises `StudyError` when it lacks one of the columns.
    """
    path = private / NOT_NAMES
    if not path.is_file():
        return frozenset()
    shown = f"data/private/{NOT_NAMES}"
    heading = next(numbered_rows(path.read_text("utf-8-sig", "replace"), shown), (1, []))[1]
    raise_if_any(problems_of_heading([*map(str.strip, heading)], _COLUMNS, f"{shown}, line 1"))
    rows = named_rows(path)
    return frozenset((row.get("source_id", ""), fold(row.get("name", "")).strip()) for row in rows)


def undecided(private: Path) -> pd.DataFrame:
    """The candidates that the cleaning stages left and nobody has decided on, as they left them.

    Columns source_id, start, end, cue, found, context. What the key replaces is none by itself.
    """
    parts = [
        pd.read_csv(path, dtype=str, keep_default_na=False)
        for path in sorted((private / REVIEW).glob("candidates-*.csv"))
    ]
    waiting = [part for part in parts if set(_CANDIDATES) <= set(part.columns) and len(part)]
    if not waiting:
        return pd.DataFrame(columns=_CANDIDATES)
    found = pd.concat(waiting, ignore_index=True)
    decided = read_not_names(private)
    names = found["found"].str.lstrip("'").map(lambda name: fold(name).strip())
    left = [
        ("", name) not in decided and (source_id, name) not in decided
        for source_id, name in zip(found["source_id"], names, strict=True)
    ]
    return found[left].reset_index(drop=True)
