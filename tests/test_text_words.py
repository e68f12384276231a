from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.text.words import count_words, word_spans


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Don't go.", ["Don't", "go"]),
        ("co-production, isn’t it?", ["co-production", "isn’t", "it"]),
        ("Well -- I 'think' so", ["Well", "I", "think", "so"]),
        ("yes [pause] no [laughs]", ["yes", "no"]),
        ("yes (laughs) no (long pause) (.) (00:12:03)", ["yes", "no"]),
        ("the Act (DfE 2015) says", ["the", "Act", "DfE", "2015", "says"]),
        ("at [hospital] in 2019", ["at", "in", "2019"]),
        ("an [open bracket", ["an", "open", "bracket"]),
        ("café cafe\u0301 Zoë", ["café", "cafe\u0301", "Zoë"]),
        ("yes {sic} <laughs> no *laughs* so", ["yes", "no", "so"]),
        ("(both laugh) (interviewer nods) (3 seconds) (mobile rings) (P2 sighs) ah", ["ah"]),
        ("(the group laughs) (0.5 s) (2 mins) (she cries a little) (sic) <long pause> ah", ["ah"]),
        (
            "(the phone company) (both agree) (3 people)",
            ["the", "phone", "company", "both", "agree", "3", "people"],
        ),
        ("a < b and c > d, *not* this, {open", ["a", "b", "and", "c", "d", "not", "this", "open"]),
        (
            "(he rang) (secondary school) (sickness)",
            ["he", "rang", "secondary", "school", "sickness"],
        ),
        ("snake_case a/b", ["snake", "case", "a", "b"]),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in word_spans(text)] == words
    assert count_words(text) == len(words)


@given(st.text(max_size=200))
def test_spans_are_ordered_and_apart(text: str) -> None:
    spans = word_spans(text)
    assert all(start < end for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in itertools.pairwise(spans))
