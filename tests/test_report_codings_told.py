"""What the console says of codings that are not counted, or no longer."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pandas as pd

from analysis.report.codings_told import fewer, lines
from analysis.study.coders import EVERYONE, chosen_codings, is_divided, left_uncounted
from analysis.study.folder import Study

COLUMNS = ["file", "coder", "code", "fate", "count"]


def ledger(*rows: tuple[str, str, str, str, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def test_fewer_codings_and_a_coder_who_is_gone_are_told_with_the_file() -> None:
    before = ledger(
        ("a.csv", "Ann", "x", "placed", 9),
        ("a.csv", "Bea", "x", "placed", 4),
        ("b.csv", "Ann", "x", "placed", 3),
    )
    now = ledger(
        ("a.csv", "Ann", "x", "read", 9),
        ("a.csv", "Ann", "x", "placed", 6),
        ("a.csv", "Ann", "x", "ambiguous", 3),
        ("b.csv", "Ann", "x", "placed", 3),
    )
    assert list(fewer(before, now)) == [
        "a.csv, coder Ann: 6 codings counted, 9 in the last report; "
        "see data/processed/coding_ledger.csv",
        "a.csv, coder Bea: 0 codings counted, 4 in the last report; no more read",
        "coder Bea: no coding counted any more",
    ]
    assert list(fewer(now, now)) == []


def test_a_file_in_which_no_coding_was_seen_is_told(tmp_path: Path) -> None:
    told = [("b.json", "read", "codes", 2), ("a.csv", "set aside", "JSON of another kind", 1)]
    tables = {
        "coding_ledger": ledger(),
        "coding_report": pd.DataFrame(told, columns=["file", "topic", "detail", "count"]),
    }
    study = SimpleNamespace(
        table=tables.__getitem__,
        all_codings=CODINGS,
        choices=SimpleNamespace(coder=EVERYONE),
        processed=tmp_path,
    )
    assert list(lines(cast("Study", study))) == [
        "a.csv: set aside as no coding, JSON of another kind"
    ]


CODINGS = pd.DataFrame(
    [
        ("s1", 0, 5, "x", "A"),
        ("s1", 6, 9, "y", "A"),
        ("s2", 0, 5, "x", "B"),
        ("s3", 1, 2, "x", "A"),
    ],
    columns=["source_id", "start", "end", "code", "coder"],
)


def test_coding_that_was_divided_is_known_and_everyone_counts_all_of_it() -> None:
    assert is_divided(CODINGS)
    assert left_uncounted(CODINGS, "A") == ["s2"]
    assert left_uncounted(CODINGS, EVERYONE) == []
    assert len(chosen_codings(CODINGS, EVERYONE, EVERYONE)) == 4
    assert len(chosen_codings(CODINGS, "A", "A")) == 3


def test_everyone_counts_no_source_twice() -> None:
    twice = pd.concat([CODINGS, CODINGS.iloc[[0]].assign(coder="B")], ignore_index=True)
    assert not is_divided(twice)
    chosen = chosen_codings(twice, EVERYONE, EVERYONE)
    assert chosen.groupby("source_id")["coder"].nunique().max() == 1
    assert set(chosen.loc[chosen["source_id"] == "s1", "coder"]) == {"A"}
    # Another coder's own reading beside it: theirs where they coded, else everyone's.
    other = chosen_codings(twice, "B", EVERYONE)
    assert set(other.loc[other["source_id"] == "s1", "coder"]) == {"B"}
    assert set(other["source_id"]) == {"s1", "s2", "s3"}
