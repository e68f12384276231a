"""Possible names for a person to decide, sentences, and masked samples."""

from __future__ import annotations

import pytest

from analysis.cleaning import PseudonymKey, clean
from analysis.cleaning.candidates import find_candidates
from analysis.cleaning.pseudonyms import Entry
from analysis.cleaning.samples import mask, samples
from analysis.reading import Reading
from analysis.text.sentences import sentence_spans


@pytest.mark.parametrize(
    ("text", "cue", "name"),
    [
        ("Hello, my name is Sarah Jane and", "my name is", "Sarah Jane"),
        ("my name's sarah", "my name is", "sarah"),
        ("my name is, er, no", None, None),
        ("I'm Nasreen from the line", "I'm", "Nasreen"),
        ("I am Priya", "I'm", "Priya"),
        ("her name is Sarah", "name is", "Sarah"),
        ("His name was Kofi Mensah, he", "name is", "Kofi Mensah"),
        ("her name is on the list", None, None),
        ("name: Sarah Jones", "name:", "Sarah Jones"),
        ("Name:\tSarah", "name:", "Sarah"),
        ("a lad known as Kofi", "called", "Kofi"),
        ("I'm, er, Sarah", "I'm", "Sarah"),
        ("my name is, erm, Sarah", "name is", "Sarah"),
        ("I’m Élodie", "I'm", "Élodie"),
        ("I'm Łukasz Żak", "I'm", "Łukasz Żak"),
        ("my name is Ó Briain", "my name is", "Ó Briain"),
        ("my name is élodie", "my name is", "élodie"),
        ("they call me Þóra", "called", "Þóra"),
        ("Dr Ærø came", "title", "Ærø"),
        ("I'm, er, sorry", None, None),
        ("a lad called Fin who", "called", "Fin"),
        ("this is Mags, she", "this is", "Mags"),
        ("I saw Dr Lal's list", "title", "Lal"),
        ("Mrs. Tidy came", "title", "Tidy"),
        ("I'm sorry, I'm Monday to Friday", None, None),
        ("called the office", None, None),
        ("my name is [Worker]", None, None),
    ],
)
def test_names_near_introductions(text: str, cue: str | None, name: str | None) -> None:
    expected = [] if cue is None else [(cue, name)]
    found = find_candidates(text)
    assert [(c.cue, c.found) for c in found] == expected
    assert all(text[c.start : c.end] == c.found and c.found in c.context for c in found)


def test_tags_that_are_names_are_candidates_once() -> None:
    text = "I: a\nKofi: b\nKofi: c\n[Worker]: d"
    places = [(0, 1), (5, 9), (13, 17), (21, 29)]
    assert [(c.cue, c.found) for c in find_candidates(text, places)] == [("speaker's tag", "Kofi")]


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "expected",
    [
        ["Dr. Reeve met Mr. Fell at 5 p.m. on Monday.", "They spoke."],
        ["So did I.", "Then we left."],
        ["We have forms, e.g. Matrices and so on.", "Nobody reads them!", "Why?"],
        ["She said no.", "The policy changed.", "It is what it is."],
        ["Prof. A. B. Smith came.", "He sat."],
        ["It cost £2.50 in all.", "That's 3.5 per cent."],
    ],
)
def test_sentences(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


def test_a_line_end_ends_a_sentence_and_blank_lines_are_none() -> None:
    assert sentences("A heading\n\n  \nText one. Text two.") == [
        "A heading",
        "Text one.",
        "Text two.",
    ]
    assert sentences("") == []


def test_masked_samples_hold_no_letter_of_the_source() -> None:
    reading = Reading("Call  Margaret\u00a0Ashdown\u200b on 07700 900456", "txt", "utf-8")
    key = PseudonymKey((Entry("Margaret Ashdown", "[Lead]", "person", False, 2),))
    cleaned = clean(reading, "document", ("characters", "white_space"), key)
    table = samples(cleaned)
    shown = " ".join(table["before"])
    assert "Margaret" not in shown and "07700" not in shown
    assert "Xxxxxxxx Xxxxxxx" in shown and "00000 000000" in shown and "<U+200B>" in shown
    assert set(table["rule"]) == {"characters", "white_space", "identifiers", "pseudonyms"}
    assert "[Lead]" in list(table["after"])
    raw = samples(cleaned, masked=False)
    assert "Margaret Ashdown" in list(raw["before"])


def test_mask_keeps_the_shape_of_any_script() -> None:
    assert mask("Ann’s 3rd café, Łódź\t中") == "Xxx’x 0xx xxxx, Xxxx<U+0009>x"
