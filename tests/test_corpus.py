"""One corpus: what counts, its parts, and tables as people have them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_tables import LENGTH, coded_texts, codings_of, passages_of, sources_of

from analysis.corpus import Corpus, may_be_quoted

PASSAGES = passages_of(
    ("s1", "a question", "interviewer"), ("s1", "an answer"), ("s2", "and another")
)
SOURCES = sources_of(("s1", "c1", "nurse"), ("s2", "c2", "patient"))
CODINGS = codings_of(("s1", 0, 5, "asked"), ("s1", 12, 15, "told"), ("s2", 0, 3, "told"))


def test_a_corpus_is_one_line_from_plain_tables() -> None:
    corpus = Corpus(codings=pd.DataFrame([("x", 0, 4, "a")], columns=CODINGS.columns[:4]))
    assert list(corpus.sources["source_id"]) == ["x"]
    assert list(corpus.sources["case_id"]) == ["x"]
    assert len(corpus.counted) == 1


def test_nothing_at_all_is_a_corpus_too() -> None:
    assert Corpus().counted.empty
    assert Corpus().by_source() == {}


def test_a_coding_counts_where_it_touches_a_counted_voice() -> None:
    corpus = Corpus(SOURCES, PASSAGES, codings=CODINGS)
    assert list(corpus.counted["code"]) == ["told", "told"]
    everybody = Corpus(SOURCES, PASSAGES, codings=CODINGS, voices=("participant", "interviewer"))
    assert list(everybody.counted["code"]) == ["asked", "told", "told"]


@given(coded_texts())
def test_what_counts_shares_a_character_with_a_counted_passage(
    drawn: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    codings, passages = drawn
    spoken = {
        (row.source_id, place)
        for row in passages.itertuples()
        if row.voice == "participant"
        for place in range(row.start, row.end)
    }
    expected = [
        any((row.source_id, place) in spoken for place in range(row.start, row.end))
        for row in codings.itertuples()
    ]
    found = Corpus(passages=passages, codings=codings).counted
    pd.testing.assert_frame_equal(found, codings[expected].reset_index(drop=True))


def test_parts_of_a_corpus() -> None:
    corpus = Corpus(SOURCES, PASSAGES, codings=CODINGS)
    nurses = corpus.only(kind="interview", role="nurse")
    assert list(nurses.sources["source_id"]) == ["s1"]
    assert list(nurses.passages["source_id"].unique()) == ["s1"]
    assert list(nurses.codings["code"]) == ["asked", "told"]
    assert list(corpus.without_case("c1").codings["source_id"]) == ["s2"]
    assert list(corpus.only(role=["nurse", "patient"]).sources["source_id"]) == ["s1", "s2"]
    assert {name: len(own) for name, own in corpus.by_source().items()} == {"s1": 2, "s2": 1}


def test_the_same_number_is_the_same_name() -> None:
    codings = codings_of(("1", 0, 4, "7")).assign(source_id=[1.0], code=[7.0])
    corpus = Corpus(sources_of(("1", "11")), codings=codings)
    assert corpus.codings[["source_id", "code"]].to_numpy().tolist() == [["1", "7"]]


@pytest.mark.parametrize("place", [2**62, 10**18, 2**31 + 1, np.inf, 0.5, -1])
def test_places_that_no_text_has_are_refused(place: float) -> None:
    with pytest.raises(ValueError, match=r"whole numbers|begin before 0"):
        Corpus(codings=codings_of(("s", 0, 4, "a")).assign(start=[place], end=[place]))


@given(st.lists(st.integers(0, LENGTH), min_size=1))
def test_places_are_kept(places: list[int]) -> None:
    codings = codings_of(*(("s", place, place + 1, "a") for place in places))
    assert list(Corpus(codings=codings).codings["start"]) == places


def test_quoting_asks_consent_and_use() -> None:
    sources = pd.DataFrame(
        {
            "publish": ["none", "extracts", "full", "full", "unknown"],
            "status": ["active", "active", "active", "embargoed", "active"],
        }
    )
    assert list(may_be_quoted(sources)) == [False, True, True, False, False]


def test_what_is_of_no_listed_source_is_refused_not_left_out() -> None:
    with pytest.raises(ValueError, match=r"1 of 3 rows of passages are of sources .*: s2$"):
        Corpus(SOURCES.iloc[:1], PASSAGES)
    with pytest.raises(ValueError, match=r"1 of 3 rows of codings are of sources .*: s2$"):
        Corpus(SOURCES.iloc[:1], codings=CODINGS)
    with pytest.raises(ValueError, match="no source s9"):
        Corpus(SOURCES, PASSAGES).of_sources(["s1", "s9"])
