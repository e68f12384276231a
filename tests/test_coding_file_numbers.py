"""Files of coding are called by number on every page."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.coding.file_numbers import by_number, file_numbers


def test_files_are_numbered_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.csv", "Margaret's.csv", "a.qdpx"):
        (tmp_path / name).write_text("source_id,start,end,code,coder\n")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "c.csv").write_text("source_id,start,end,code,coder\n")
    numbers = file_numbers(tmp_path)
    assert list(numbers) == sorted(numbers)
    assert {"a.qdpx", "b.csv", "Margaret's.csv", "in/c.csv"} <= set(numbers)
    assert list(numbers.values()) == [f"coding file {n}" for n in range(1, len(numbers) + 1)]


def test_no_folder_has_no_numbers(tmp_path: Path) -> None:
    assert file_numbers(tmp_path / "coding") == {}
    table = pd.DataFrame({"file": ["x"]})
    assert by_number(table, {}) is table


def test_a_name_is_replaced_in_texts_and_never_within_a_longer_one() -> None:
    numbers = {"a.csv": "coding file 1", "ba.csv": "coding file 2", "a.csv.old": "coding file 3"}
    table = pd.DataFrame(
        {
            "file": ["a.csv", "ba.csv", "a.csv.old"],
            "detail": ["the same text as in ba.csv", "see a.csv.", "a.csv-2, (a.csv)"],
            "count": [1, 2, 3],
        }
    )
    told = by_number(table, numbers)
    assert list(told["file"]) == ["coding file 1", "coding file 2", "coding file 3"]
    assert list(told["detail"]) == [
        "the same text as in coding file 2",
        "see coding file 1.",
        "a.csv-2, (coding file 1)",
    ]
    assert list(told["count"]) == [1, 2, 3]
