"""Other people's files, against independent extractors: the same words, in the same order."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd
import pdfplumber
import pypandoc
import pytest
from realdata import REALDATA, needs_realdata

from analysis.cleaning import clean, passages
from analysis.reading import read

INTERVIEWS = sorted((REALDATA / "serdif" / "interviews").glob("*.odt"))
NOTES = sorted((REALDATA / "serdif" / "observations").glob("*.txt"))
PDFS = sorted((REALDATA / "pdpilot").glob("*.pdf"))


# Each is read once, for all tests of it.
reading_of = cache(read)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


@needs_realdata
def test_the_material_is_complete() -> None:
    assert (len(INTERVIEWS), len(NOTES), len(PDFS)) == (17, 17, 4)


@needs_realdata
def test_odt_interviews_have_every_word_that_pandoc_finds() -> None:
    for path in INTERVIEWS:
        other = pypandoc.convert_file(str(path), "plain", extra_args=["--wrap=none"])
        assert words(reading_of(path).text) == words(other), path.name


@needs_realdata
def test_cleaning_loses_no_word_of_the_odt_interviews_and_parts_the_voices() -> None:
    for path in INTERVIEWS:
        reading = reading_of(path)
        cleaned = clean(reading, "interview")
        assert words(cleaned.text) == words(reading.text), path.name
        table = passages("s", cleaned, "interview")
        moderator = table[table["voice"] == "interviewer"]
        tagged = sum("MODERATOR:" in line for line in reading.text.split("\n"))
        assert len(moderator) == tagged and set(moderator["speaker"]) <= {"MODERATOR"}
        assert table["words"].sum() > 0.9 * len(words(reading.text))


@needs_realdata
def test_field_notes_come_back_byte_for_byte() -> None:
    for path in NOTES:
        reading = reading_of(path)
        assert reading.text.encode(reading.encoding) == path.read_bytes(), path.name
        cleaned = clean(reading, "observation")
        expected = re.sub(r"\S+@\S+", "[e-mail address]", reading.text)
        assert words(cleaned.text) == words(expected), path.name


# The independent reader takes seconds for each; the shortest is read every time.
_TRIED = [
    path if place == 0 else pytest.param(path, marks=pytest.mark.full("more interviews as PDF"))
    for place, path in enumerate(PDFS)
]


@needs_realdata
@pytest.mark.parametrize("path", _TRIED, ids=lambda path: path.name)
def test_pdf_interviews_have_every_word_that_pdfplumber_finds(path: Path) -> None:
    """Only page numbers, the line numbers of the margin, and the title above the turns go."""
    with pdfplumber.open(path) as document:
        other = Counter(words("\n".join(page.extract_text() for page in document.pages)))
    cleaned = clean(reading_of(path), "interview")
    ours = Counter(words(cleaned.text))
    assert not ours - other
    lost = other - ours
    assert {word for word in lost if not word.isdigit()} == {"Interview"}
    table: pd.DataFrame = passages("s", cleaned, "interview")
    tags = Counter(re.findall(r"\b(Dan|Participant):", reading_of(path).text))
    assert Counter(table["speaker"]) == tags
    assert set(zip(table["speaker"], table["voice"], strict=True)) == {
        ("Dan", "interviewer"),
        ("Participant", "participant"),
    }
