from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from measures_tables import coded_texts, codings_of, passages_of, sources_of
from numpy.testing import assert_allclose

from analysis.corpus import COUNTED_VOICES, Corpus
from analysis.measures import UndefinedMeasure
from analysis.measures.frequencies import (
    code_by_source,
    code_frequencies,
    coverage,
    rate_range,
)
from analysis.text.words import word_spans

THREE = sources_of(("s1", "c1"), ("s2", "c2"), ("s3", "c3"))


def three_people() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return worked example F05: 4, 0 and 9 segments in 2,000, 1,000 and 1,500 words."""
    passages = passages_of(("s1", "word " * 10), ("s2", "word " * 10), ("s3", "word " * 10))
    passages["words"] = [2000, 1000, 1500]
    spans = [("s1", at, at + 1, "x") for at in range(4)] + [
        ("s3", at, at + 1, "x") for at in range(9)
    ]
    return codings_of(*spans), passages


def test_pooled_rate_and_mean_of_cases_differ() -> None:
    codings, passages = three_people()
    row = code_frequencies(Corpus(sources=THREE, passages=passages, codings=codings)).iloc[0]
    assert row["rate_pooled"] == pytest.approx(2.888888888888889)
    assert row["rate_mean_of_cases"] == pytest.approx(2.6666666666666665)
    assert (row["segments"], row["cases"], row["n_cases"], row["total_words"]) == (13, 2, 3, 4500)


def test_rate_range_is_that_of_the_cases_by_hand() -> None:
    codings, passages = three_people()
    row = rate_range(Corpus(sources=THREE, passages=passages, codings=codings)).iloc[0]
    # Segments and words of the three; t of 2 degrees of freedom.
    segments, words = np.array([4.0, 0.0, 9.0]), np.array([2000.0, 1000.0, 1500.0])
    for name, over, under in (
        ("pooled", segments, words),
        ("mean", segments / words, words / words),
    ):
        found = over.sum() / under.sum()
        residuals = (over - found * under) / (1 - under / under.sum())
        factor = np.exp(4.302653 * np.sqrt((residuals**2).sum()) / over.sum())
        expected = [1000 * found / factor, 1000 * found * factor]
        assert row[[f"{name}_lower", f"{name}_upper"]].tolist() == pytest.approx(expected, rel=1e-5)


def test_only_counted_voices_count() -> None:
    passages = passages_of(
        ("s1", "and how was it", "interviewer"), ("s1", "it was good", "participant")
    )
    codings = codings_of(("s1", 0, 7, "x"), ("s1", 8, 21, "x"), ("s1", 15, 17, "y"))
    sources = sources_of(("s1", "c1"))
    table = code_frequencies(Corpus(sources=sources, passages=passages, codings=codings)).set_index(
        "code"
    )
    assert table.loc["x", ["segments", "words", "uncounted_segments"]].tolist() == [1, 2, 1]
    assert table.loc["y", "words"] == 1
    assert table.loc["x", "total_words"] == 3
    every = code_frequencies(
        Corpus(
            sources=sources,
            passages=passages,
            codings=codings,
            voices=(*COUNTED_VOICES, "interviewer"),
        )
    ).set_index("code")
    assert every.loc["x", ["segments", "words", "total_words"]].tolist() == [2, 6, 7]


def test_parents_hold_children_once() -> None:
    passages = passages_of(("s1", "one two three four five six"))
    codings = codings_of(("s1", 0, 13, "p/a"), ("s1", 0, 13, "p/b"), ("s1", 4, 18, "p"))
    table = code_frequencies(
        Corpus(sources=sources_of(("s1", "c")), passages=passages, codings=codings)
    ).set_index("code")
    assert table.loc["p", ["segments", "words"]].tolist() == [2, 4]
    assert table.loc["p/a", ["segments", "words"]].tolist() == [1, 3]


def test_parents_named_by_the_codes_table() -> None:
    codes = pd.DataFrame({"code": ["top", "leaf", "unused"], "parent": ["", "top", "top"]})
    passages = passages_of(("s1", "one two"))
    table = code_frequencies(
        Corpus(
            sources=sources_of(("s1", "c")),
            passages=passages,
            codes=codes,
            codings=codings_of(("s1", 0, 3, "leaf")),
        )
    ).set_index("code")
    assert table["segments"].to_dict() == {"leaf": 1, "top": 1, "unused": 0}


def test_rates_are_not_pooled_across_kinds() -> None:
    codings, passages = three_people()
    mixed = THREE.assign(kind=["interview", "interview", "document"])
    with pytest.warns(UndefinedMeasure, match="mixes kinds"):
        table = code_frequencies(Corpus(sources=mixed, passages=passages, codings=codings))
    assert table["segments"].tolist() == [13]
    assert table[["rate_pooled", "rate_mean_of_cases"]].isna().all(axis=None)
    by_kind = code_frequencies(
        Corpus(sources=mixed, passages=passages, codings=codings), "kind"
    ).set_index("kind")
    assert by_kind["rate_pooled"].to_dict() == pytest.approx(
        {"document": 6.0, "interview": 4000 / 3000}
    )


def test_withdrawn_sources_leave_no_trace() -> None:
    codings, passages = three_people()
    corpus = Corpus(sources=THREE, passages=passages, codings=codings)
    table = code_frequencies(corpus.of_sources(THREE["source_id"].iloc[:2]))
    assert table["segments"].tolist() == [4]
    assert table["total_words"].tolist() == [3000]


@given(coded_texts(codes=("p", "p/a", "p/b", "q")))  # type: ignore[arg-type]
def test_counts_by_brute_force(drawn: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    codings, passages = drawn
    table = code_by_source(Corpus(sources=THREE, passages=passages, codings=codings)).set_index(
        ["code", "source_id"]
    )
    counted = [
        {*range(row.start, row.end)} if row.voice in COUNTED_VOICES else set()
        for row in passages.itertuples()
    ]
    starts = {
        source: {
            row.start + first
            for row in passages[passages["source_id"] == source].itertuples()
            if row.voice in COUNTED_VOICES
            for first, _ in word_spans(row.text)
        }
        for source in ("s1", "s2", "s3")
    }
    for code, source in itertools.product(("p", "p/a", "p/b", "q"), ("s1", "s2", "s3")):
        if (code, source) not in table.index:
            continue
        mine = codings[
            (codings["source_id"] == source)
            & ((codings["code"] == code) | codings["code"].str.startswith(code + "/"))
        ]
        audible = set().union(
            *(
                chars
                for chars, at in zip(counted, passages["source_id"], strict=True)
                if at == source
            )
        )
        spans = {(a, b) for a, b in zip(mine["start"], mine["end"], strict=True)}
        heard = {(a, b) for a, b in spans if audible & {*range(a, b)}}
        under = {at for at in starts[source] for a, b in spans if a <= at < b}
        assert table.loc[(code, source), ["segments", "words"]].tolist() == [len(heard), len(under)]


@pytest.mark.full("on random tables; test_measures_invariance asks it of every measure on one")
@given(coded_texts())
def test_order_names_and_empty_sources_change_nothing(
    drawn: tuple[pd.DataFrame, pd.DataFrame],
) -> None:
    codings, passages = drawn
    before = codings.copy(), passages.copy()
    plain = code_frequencies(Corpus(sources=THREE, passages=passages, codings=codings))
    shuffled = code_frequencies(
        Corpus(
            sources=THREE.iloc[::-1],
            passages=passages.sample(frac=1, random_state=2),
            codings=codings.sample(frac=1, random_state=1),
        )
    )
    pd.testing.assert_frame_equal(plain, shuffled)
    pd.testing.assert_frame_equal(codings, before[0])
    pd.testing.assert_frame_equal(passages, before[1])
    renamed = code_frequencies(
        Corpus(
            sources=THREE, passages=passages, codings=codings.assign(code="new" + codings["code"])
        )
    )
    assert_allclose(
        renamed.drop(columns="code").to_numpy(float), plain.drop(columns="code").to_numpy(float)
    )
    more = code_frequencies(
        Corpus(
            sources=pd.concat([THREE, sources_of(("s9", "c9"))]), passages=passages, codings=codings
        )
    )
    assert more["segments"].tolist() == plain["segments"].tolist()
    assert_allclose(more["rate_mean_of_cases"], plain["rate_mean_of_cases"])


def test_coverage_joins_what_overlaps_or_touches() -> None:
    passages = passages_of(("s1", "one two three four five six"))
    codings = codings_of(
        ("s1", 0, 3, "x"), ("s1", 3, 7, "x"), ("s1", 8, 13, "x"), ("s1", 10, 18, "x")
    )
    table = coverage(Corpus(passages=passages, codings=codings))
    assert table[["start", "end", "words"]].to_numpy().tolist() == [[0, 7, 2], [8, 18, 2]]
    assert table["ends"].tolist() == pytest.approx([7 / 27, 18 / 27])
    assert coverage(Corpus(passages=passages, codings=codings.iloc[:0])).empty


def test_code_without_words_has_no_rate() -> None:
    passages = passages_of(("s1", "only me", "interviewer"))
    with pytest.warns(UndefinedMeasure, match="no counted words"):
        table = code_frequencies(
            Corpus(
                sources=sources_of(("s1", "c")),
                passages=passages,
                codings=codings_of(("s1", 0, 4, "x")),
            )
        )
    assert np.isnan(table.loc[0, "rate_pooled"])
    assert table.loc[0, ["segments", "uncounted_segments"]].tolist() == [0, 1]


def test_an_empty_span_is_no_segment() -> None:
    passages = passages_of(("s1", "one two three"), ("s2", "four"), ("s3", "five"))
    whole = codings_of(("s1", 0, 5, "a"), ("s2", 0, 4, "b"))
    empty = codings_of(("s1", 2, 2, "b"), ("s3", 1, 1, "a"))
    found = [
        code_frequencies(Corpus(sources=THREE, passages=passages, codings=codings))
        for codings in (whole, pd.concat([whole, empty]))
    ]
    pd.testing.assert_frame_equal(*found)


@pytest.mark.parametrize("by", [None, "kind", ["kind", "role"]])
@pytest.mark.filterwarnings("ignore::analysis.measures.UndefinedMeasure")
def test_nothing_gives_an_empty_table_with_its_columns(by: str | list[str] | None) -> None:
    codings, passages = codings_of(("s1", 0, 3, "a")), passages_of(("s1", "one two"))
    whole = Corpus(sources=THREE, passages=passages, codings=codings)
    for measure in (code_frequencies, rate_range):
        full = measure(whole, by)
        for corpus in (
            Corpus(sources=THREE, passages=passages, codings=codings.iloc[:0]),
            Corpus(sources=THREE, passages=passages.iloc[:0], codings=codings.iloc[:0]),
            Corpus(sources=THREE.iloc[:0], passages=passages.iloc[:0], codings=codings.iloc[:0]),
        ):
            found = measure(corpus, by)
            assert list(found.columns) == list(full.columns)
            assert found.empty
