from __future__ import annotations

from pathlib import Path

import pytest

from analysis.files.problems import StudyError
from analysis.study import tables
from analysis.study.codebook import read_codebook

PROJECT = Path(__file__).resolve().parents[1]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "codebook.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_codes_stand_below_their_parents_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "codes:\n- {name: b1, parent: b}\n- name: a\n- {name: b, usable: false}\n"
        "- {name: deep, parent: b/b1}\n- name: 'either/or'\n",
    )
    codes = read_codebook(path).codes
    assert list(codes["code"]) == ["a", "b", "b/b1", "b/b1/deep", "either∕or"]
    assert list(codes["depth"]) == [0, 0, 1, 2, 0]
    assert list(codes["usable"]) == [True, False, True, True, True]
    tables.validate(codes, tables.CODES, "codes")


def test_the_history_is_dated() -> None:
    history = read_codebook(PROJECT / "data/raw/codebook.yml").history
    assert {"split", "merge"} <= set(history["change"])
    assert history["date"].str.fullmatch(r"\d{4}-\d{2}-\d{2}").all()
    assert (history["reason"].str.len() > 20).all()


def test_every_fault_names_its_line(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "codes:\n- name: a\n- name: a\n- definition: nameless\n- name: b\n  colour: red\n"
        "- name: c\n  parent: nowhere\n",
    )
    with pytest.raises(StudyError) as caught:
        read_codebook(path)
    told = {problem.where.split("line ")[1]: problem.found for problem in caught.value.problems}
    assert told == {
        "3, a code, name": "'a' a second time",
        "4, a code, name": "no words",
        "6, a code, colour": "a field of this name",
        "8, a code, parent": "parent 'nowhere'",
    }


@pytest.mark.parametrize("text", ["", "codes: none", "codes: [", "[]"])
def test_what_is_no_codebook_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(StudyError, match=r"codebook\.yml"):
        read_codebook(written(tmp_path, text))


CASES = Path(__file__).parent / "fixtures" / "cases"


def test_the_case_of_names_that_yaml_takes_for_numbers() -> None:
    codes = read_codebook(CASES / "codebook-yaml-types.yml").codes
    assert list(codes["code"]) == ["1.1", "1.10", "yes", "0123", "12:30"]


@pytest.mark.parametrize(
    "name",
    [
        "no",
        "on",
        "1e3",
        "0x1F",
        "1_000",
        ".nan",
        "2024-01-01",
        "null",
        "-0",
        "1:2:3",
        "+1",
        ".5",
        "=",
    ],
)
def test_a_name_is_read_as_written(tmp_path: Path, name: str) -> None:
    text = f"codes:\n- name: {name}\n- {{name: b, parent: {name}, definition: {name}}}\n"
    if name == "null":
        text = text.replace("parent: null", "parent: 'null'")
    codes = read_codebook(written(tmp_path, text)).codes
    assert list(codes["code"]) == [name, f"{name}/b"]
    assert codes["definition"][1] in (name, "")


@pytest.mark.parametrize("other", ["TRUST", "trust\u200b", "'trust '", "\uff54rust"])
def test_two_codes_that_look_alike_are_told(tmp_path: Path, other: str) -> None:
    with pytest.raises(StudyError) as caught:
        read_codebook(written(tmp_path, f"codes:\n- name: trust\n- name: {other}\n"))
    (problem,) = caught.value.problems
    assert "trust" in problem.found
    assert "line" in f"{problem.where} {problem.found}"


def test_a_near_miss_of_a_parent_is_told(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"'trsut': perhaps 'trust'\?"):
        read_codebook(written(tmp_path, "codes:\n- name: trust\n- {name: a, parent: trsut}\n"))


@pytest.mark.parametrize("date", ["3 May 2024", "2024-13-01", "03/05/2024"])
def test_a_history_has_dates(tmp_path: Path, date: str) -> None:
    text = f"codes: [{{name: a}}]\nhistory:\n- date: {date}\n  change: split\n"
    with pytest.raises(StudyError, match="line 3, a change, date"):
        read_codebook(written(tmp_path, text))
