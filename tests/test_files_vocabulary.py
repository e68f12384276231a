"""Names are compared as a reader compares them."""

from __future__ import annotations

import pytest

from analysis.files.vocabulary import (
    folded,
    has_columns,
    meant,
    perhaps,
    problems_of_heading,
    side_by_side,
)


@pytest.mark.parametrize(
    "word", ["nurse", "Nurse", " nurse ", "NURSE", "nu\u00adrse", "\uff2eurse", "nurse\u200b"]
)
def test_one_name_in_many_ways(word: str) -> None:
    assert folded(word) == "nurse"
    assert meant(word, ["doctor", "nurse"]) == "nurse"


def test_letters_keep_what_parts_words() -> None:
    assert folded("\u00e9l\u00e8ve") != folded("eleve")
    assert folded("\u0915\u0940") != folded("\u0915\u093f")


def test_what_stands_twice_is_meant_by_its_own_spelling_only() -> None:
    assert meant("A", ["A", "a"]) == "A"
    assert meant("a ", ["A", "a"]) is None


def test_a_near_word_is_named() -> None:
    assert perhaps("nures", ["doctor", "nurse"]) == ": perhaps 'nurse'?"
    assert perhaps("surgeon", ["doctor", "nurse"]) == ""


def test_words_side_by_side_are_told_with_their_places() -> None:
    (problem,) = side_by_side(
        {"Nurse": "line 3", "nurse": "line 2", "x": "line 4"}, "t.csv", "role", "correct it"
    )
    assert problem.found == "'Nurse' (line 3) beside 'nurse' (line 2)"


@pytest.mark.parametrize("written", ["Source_ID", "source id", "Source-Id", "SOURCEID"])
def test_a_heading_that_is_only_written_otherwise_is_told_by_its_right_name(written: str) -> None:
    (problem,) = problems_of_heading([written, "start"], ["source_id", "start"], "t.csv, line 1")
    assert (problem.found, problem.remedy) == (f"a column {written!r}", "name it source_id")
    assert problems_of_heading([written], (), "t.csv", ["source_id"])
    assert has_columns([written], ["source_id"]) and not has_columns([written], ["source"])


def test_a_heading_that_is_not_there_is_told_with_what_may_be_meant() -> None:
    found = problems_of_heading(["source", "end"], ["source_id", "coder"], "t", ["memo"])
    assert [one.found for one in found] == [
        "no column source_id: perhaps 'source'?",
        "no column coder",
    ]
    assert problems_of_heading(["a", "A"], ["a"], "t") == []
    (another,) = problems_of_heading(["x", "E"], [*"abcde"], "t")[1:]
    assert another.found == "no columns a, b, c, d"
