"""Quotations are cut round what was judged, coded or discussed, and never before it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analysis.report.pages.cutting import GAP, cut

LONG = " ".join(f"Sentence number {word} says rather little." for word in "abcdefghijklmnop")
HELD = LONG.replace("number k says", "number k mentions the stairwell and says")


def test_what_is_short_stands_whole() -> None:
    assert cut("Short. And sweet.", "sweet") == "Short. And sweet."


def test_the_words_that_a_note_quotes_stand() -> None:
    shown = cut(HELD, "‘the stairwell’ is what they found.", most=150)
    assert "the stairwell" in shown and shown.startswith(GAP) and shown.endswith(GAP)
    assert len(shown) <= 150 + 2 * len(GAP) + 2


def test_coded_words_stand_where_a_note_says_nothing() -> None:
    at = HELD.index("number m")
    assert "number m" in cut(HELD, "", [(at, at + 8)], most=150)


def test_a_sentence_that_is_too_long_is_cut_at_a_word_and_outside_brackets() -> None:
    shown = cut("word " * 30 + "[a name that is long] " + "word " * 30, most=160)
    assert shown.endswith(f"word {GAP}") and "[a name" not in shown


@given(
    st.lists(st.text("abc ", min_size=1, max_size=30), min_size=1, max_size=20),
    st.text(max_size=30),
)
def test_nothing_is_shown_that_was_not_said(sentences: list[str], note: str) -> None:
    words = ". ".join(sentences)
    shown = cut(words, note, most=60)
    kept = shown.removeprefix(f"{GAP} ").removesuffix(f" {GAP}")
    assert kept.strip() in words
