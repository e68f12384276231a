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
        "3": "'a' a second time",
        "4": "an entry without a name",
        "5": "a field colour",
        "7": "parent 'nowhere'",
    }


@pytest.mark.parametrize("text", ["", "codes: none", "codes: [", "[]"])
def test_what_is_no_codebook_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(StudyError, match=r"codebook\.yml"):
        read_codebook(written(tmp_path, text))
