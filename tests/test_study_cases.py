"""Measured attributes of cases: types, gaps, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.files.problems import StudyError
from analysis.study.cases import read_cases


def test_numbers_are_numbers_and_words_are_words(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text("\ufeffcase_id, score ,grade\na,2.5,low\nb,,1\n", encoding="utf-8")
    table = read_cases(path, {"a", "b", "c"})
    assert table["score"].tolist()[0] == 2.5 and table["score"].isna().tolist() == [False, True]
    assert table["grade"].tolist() == ["low", "1"]
    assert table.index.tolist() == ["a", "b"]


def test_without_the_file_there_is_nothing(tmp_path: Path) -> None:
    assert read_cases(tmp_path / "cases.csv", {"a"}).empty


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("case_id,x\nz,1\n", "a case_id of data/raw/sources.csv"),
        ("case_id,x\na,1\na,2\n", "a second time"),
        ("case_id,x,x\na,1,2\n", "'x' twice"),
        ("case,x\na,1\n", "no column case_id"),
        ("case_id,x\na,1,2\n", "more cells than columns"),
        ("case_id,x,\na,1,2\n", "a column without a name"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=r"data/raw/cases.csv, line [123](.|\n)*" + told):
        read_cases(path, {"a"})
