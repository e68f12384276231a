"""Names are compared as a reader compares them."""

from __future__ import annotations

import pytest

from analysis.files.vocabulary import folded, meant, perhaps, side_by_side


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
