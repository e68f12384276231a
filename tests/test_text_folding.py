"""The folded form of names: what it makes equal, and the way back to the text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.text.folding import APART, cased, fold, folded, readings


@pytest.mark.parametrize(
    ("written", "also"),
    [
        ("Siobhán", "Siobhan"),
        ("Zoe\u0308", "Zoë"),
        ("Jean-Luc", "Jean Luc"),
        ("Jean‑Luc", "Jean – Luc"),
        ("OʼRourke", "O'Rourke"),
        ("O′Rourke", "O’Rourke"),
        ("J. R. Hartley", "J R Hartley"),
        ("J.R. Hartley", "J. R. Hartley"),
        ("St. John", "St John"),
        ("İpek", "ipek"),
        ("Gri\ufb03n", "Griffin"),
        ("Strauß", "STRAUSS"),
        ("Ｚｏｅ", "Zoe"),
        ("Zo\u00ade", "Z\u200do\u2066e\u2069"),
        ("\u202eZoe\ufeff", "Zoe"),
        ("Mar-\ngaret", "Margaret"),
        ("Mar\u00ad\ngaret", "Margaret"),
        ("Mar-\n\n7\n00:01:02,000 --> 00:01:04,500 align:start\ngaret", "Margaret"),
        ("Orla\n\n00:03.5 --> 00:05\nQuennell", "Orla Quennell"),
        ("Mar<i>gar</i>et", "Margaret"),
        ("Or<00:01.50>la", "Orla"),
        ("orla_quennell", "Orla  Quennell"),
        ("Ægir Þór Øst", "Aegir Thor Ost"),
    ],
)
def test_what_is_one_name_has_one_form(written: str, also: str) -> None:
    assert fold(written) == fold(also)


@pytest.mark.parametrize(
    ("written", "other"),
    [("the end. Gate", "the end Gate"), ("Open/Gate", "Open Gate"), ("मीना", "मना"), ("か", "が")],
)
def test_what_tells_words_apart_stays(written: str, other: str) -> None:
    assert fold(written) != fold(other)


@pytest.mark.parametrize(
    ("text", "together", "apart"),
    [
        ("Anne-\nMarie", "annemarie", "anne marie"),
        (f"Orla{APART}Quennell", "orlaquennell", "orla quennell"),
        ("OrlaQuennell", "orlaquennell", "orla quennell"),
        ("McDonald", "mcdonald", "mcdonald"),
    ],
)
def test_a_border_is_read_in_both_ways(text: str, together: str, apart: str) -> None:
    assert [fold(text, apart=way) for way in readings(text)] == [together, apart]


def test_where_nothing_is_in_doubt_there_is_one_reading() -> None:
    assert list(readings("plain words, and well-known ones")) == [False]


def test_capitals_stay_where_they_tell() -> None:
    assert cased("O’Rourke and ÉMILE") == "O'Rourke and EMILE"


@settings(max_examples=2 * settings().max_examples)
@given(
    st.text(alphabet="aZéß İ'’-\n.\u00ad\u0301\ufb03<i>_\u200b9" + APART, max_size=30),
    st.booleans(),
)
def test_the_way_back_leads_to_the_same_words(text: str, apart: bool) -> None:
    """Each letter of the folded form comes from a place that folds to something with it."""
    form = folded(text, apart=apart)
    assert form.text == fold(text, apart=apart)
    reached = 0
    for at, letter in enumerate(form.text):
        start, end = form.span(at, at + 1)
        assert 0 <= start < end <= len(text)
        assert start >= reached or form.span(at - 1, at)[0] == start
        reached = start
        if letter.isalnum():
            assert letter in fold(text[start:end])


@settings(max_examples=2 * settings().max_examples)
@given(st.text(alphabet="abcé ’-", max_size=20))
def test_folding_is_done_once_and_for_either_form_of_accents(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)
