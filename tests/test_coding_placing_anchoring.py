"""Quotations without positions: placed where they stand, or listed, never guessed."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from realdata import REALDATA, needs_realdata

from analysis import coding
from analysis.cleaning.edits import CleanText, Edit, Layer
from analysis.coding.placing.anchoring import (
    AMBIGUOUS,
    BY_ORDER,
    CLEANED,
    EMPTY,
    EXACT,
    FORGIVING,
    FUZZY,
    NOT_FOUND,
    Anchor,
    Anchorer,
    Quotation,
)
from analysis.coding.placing.folding import fold, fold_text

SERDIF = REALDATA / "serdif" / "coding"


def anchor(text: str, *quotes: str, least: float = 85.0) -> list[Anchor]:
    asked = [Quotation("s", quote, str(row)) for row, quote in enumerate(quotes)]
    return Anchorer({"s": CleanText(text)}, least).anchor(asked)


@pytest.mark.parametrize(
    ("text", "quote", "found", "how"),
    [
        ("We trust them.", "trust", "trust", EXACT),
        ("We trust\n them  all.", "trust them all", "trust\n them  all", FORGIVING),
        ("She said “it’s late” – again", '"it\'s late" - again', "“it’s late” – again", FORGIVING),
        ("Un café\u00a0noir", "cafe\u0301 noir", "café\u00a0noir", FORGIVING),
        ("co\u00adproduction works", "coproduction", "co\u00adproduction", FORGIVING),
        ("part of the art", "art", "art", EXACT),
        (
            "Before. The commissioners listened to the young people at last. After.",
            "The commisioners listened to the young poeple at last.",
            "The commissioners listened to the young people at last.",
            FUZZY,
        ),
    ],
)
def test_a_quotation_is_found(text: str, quote: str, found: str, how: str) -> None:
    (one,) = anchor(text, quote)
    assert one.span is not None
    assert (text[slice(*one.span)], one.reason) == (found, how)
    if quote == "art":
        assert one.span == (12, 15)


@pytest.mark.parametrize(
    ("text", "quote", "why"),
    [
        ("yes and yes", "yes", AMBIGUOUS),
        ("Something else entirely was said.", "we met in the garden on Monday", NOT_FOUND),
        ("short", "much longer than the text itself", NOT_FOUND),
        ("text", " \n ", EMPTY),
        ("I know it well. … I knew it well.", "I knaw it well.", AMBIGUOUS),
    ],
)
def test_a_quotation_is_not_placed_at_a_guess(text: str, quote: str, why: str) -> None:
    assert anchor(text, quote) == [Anchor(None, why)]


def test_words_that_the_cleaner_removes_may_be_missing_in_a_quotation() -> None:
    text = "They came [00:01:22] late to it"
    clean = CleanText(text, (Layer("times", (Edit(10, 21, "", "a time"),)),))
    assert clean.text == "They came late to it"
    (one,) = Anchorer({"s": clean}, 100).anchor([Quotation("s", "came late", "1")])
    assert one == Anchor((5, 25), CLEANED)


ORDERED = [f"sentence number {number} is unlike any other." for number in range(25)]


def test_the_order_of_the_rows_settles_repeated_words() -> None:
    text = " again ".join(ORDERED)
    quotes = [*ORDERED[:10], "again", *ORDERED[10:]]
    settled = anchor(text, *quotes)[10]
    assert settled.reason == BY_ORDER
    assert settled.span is not None
    before, after = text.index(ORDERED[9]), text.index(ORDERED[10])
    assert before < settled.span[0] < after
    assert text[slice(*settled.span)] == "again"


def test_rows_out_of_order_settle_nothing() -> None:
    text = " again ".join(ORDERED)
    quotes = [*ORDERED[:10], "again", *ORDERED[11:], ORDERED[10]]
    assert anchor(text, *quotes)[10] == Anchor(None, AMBIGUOUS)


def test_two_segments_and_two_places_between_neighbours() -> None:
    text = ORDERED[0] + " again again " + " ".join(ORDERED[1:])
    quotes = [ORDERED[0], "again", "again", *ORDERED[1:]]
    first, second = anchor(text, *quotes)[1:3]
    assert (first.reason, second.reason) == (BY_ORDER, BY_ORDER)
    assert first.span is not None and second.span is not None
    assert first.span[0] < second.span[0]
    # One segment for two places stays open.
    assert anchor(text, *[ORDERED[0], "again", *ORDERED[1:]])[1].span is None


@given(st.text(max_size=60))
def test_folding_keeps_track_of_places(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.places)
    assert folded.text == fold_text(text)
    assert list(folded.places) == sorted(folded.places)
    for mark, place in zip(folded.text, folded.places, strict=True):
        assert mark in fold_text(text[place])
    assert fold_text("".join(text.split())) == folded.text


WORDS = st.lists(
    st.sampled_from(
        ["we", "met", "them", "late", "on", "a", "quiet", "day", "with", "some", "friends"]
    )
)


@given(WORDS, st.data())
def test_a_placed_quotation_has_its_words(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words) + "."
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    (one,) = anchor(text, text[start:end].replace(" ", "  "))
    if one.span is not None:
        assert fold_text(text[slice(*one.span)]) == fold_text(text[start:end])
    else:
        assert one.reason in (AMBIGUOUS, EMPTY)


@needs_realdata
def test_quotations_of_a_real_study_against_its_database(capsys: pytest.CaptureFixture) -> None:
    project = coding.read(SERDIF / "SERDIF_P2_ThematicAnalysis.sqlite3")
    export = coding.read(SERDIF / "all_tags_20220303.csv")
    codebook = coding.read(SERDIF / "codebook_20220303_8.csv")
    sources = pd.DataFrame(
        {"source_id": project.sources["source_id"], "coded_as": "", "file": "", "title": ""}
    )
    cleaned = {name: CleanText(text) for name, text in project.texts.items()}
    codes = coding.merged_codes([codebook])
    truth, anchored = (
        coding.place([one], sources, cleaned, codes, anchor_score=90, coders={}, code_names={})
        for one in (project, export)
    )
    key = ["source_id", "start", "end", "code"]
    wrong = set(map(tuple, anchored.codings[key].to_numpy())) - set(
        map(tuple, truth.codings[key].to_numpy())
    )
    ambiguous = anchored.unplaced["reason"].str.startswith("ambiguous").sum()
    placed, rows = len(anchored.codings), len(export.quotations)
    with capsys.disabled():
        print(
            f"\nserdif CSV: {rows} rows, placed {placed}, ambiguous {ambiguous}, "
            f"failed {len(anchored.unplaced) - ambiguous}, wrong {len(wrong)}"
        )
    assert rows == 1930
    assert placed >= 0.99 * rows
    assert placed + len(anchored.unplaced) == rows
    assert not wrong
