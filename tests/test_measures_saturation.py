from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_tables import codings_of, passages_of, sources_of

from analysis.corpus import Corpus
from analysis.measures.saturation import accumulation, mao_tau

SIX = sources_of(*((f"s{number}", f"c{number}") for number in range(6)))


def test_mao_tau_worked_example() -> None:
    expected = mao_tau(np.array([6, 5, 5, 4, 3, 2, 2, 1, 1, 1]), 6)
    assert expected == pytest.approx([5, 6.933333, 8.05, 8.866667, 9.5, 10], abs=1e-6)


@given(st.lists(st.sets(st.integers(0, 4), min_size=1), min_size=1, max_size=6))
def test_expectation_is_the_mean_over_every_order(carriers: list[set[int]]) -> None:
    carried = np.array([[place in own for own in carriers] for place in range(5)])
    every = [
        np.maximum.accumulate(carried[list(order)]).sum(axis=1)
        for order in itertools.permutations(range(5))
    ]
    assert mao_tau(carried.sum(axis=0), 5) == pytest.approx(np.mean(every, axis=0))


def coded(per_source: list[str]) -> pd.DataFrame:
    return codings_of(
        *((f"s{place}", 0, 1, code) for place, codes in enumerate(per_source) for code in codes)
    )


def test_order_is_that_of_collection() -> None:
    table = accumulation(
        Corpus(sources=SIX, codings=coded(["abcd", "ab", "e", "a", "f", ""])),
        base=2,
        run=2,
        threshold=0.3,
    )
    assert table["new_codes"].tolist() == [4, 0, 1, 0, 1, 0]
    assert table["cumulative"].tolist() == [4, 4, 5, 5, 6, 6]
    assert table["ratio"].tolist()[3:] == [0.25, 0.25, 0.25]
    assert table["ratio"].isna().tolist()[:3] == [True] * 3
    assert table["below"].tolist() == [False] * 3 + [True] * 3
    later = SIX.assign(date=["unknown", *SIX["date"][1:]])
    assert (
        accumulation(Corpus(sources=later, codings=coded(["x"])))["source_id"].tolist()[-1] == "s0"
    )
    assert (table["lower"] <= table["expected"]).all()
    assert (table["expected"] <= table["upper"]).all()
    assert table["expected"].iloc[-1] == pytest.approx(6)


def test_withdrawn_sources_leave_the_curve() -> None:
    corpus = Corpus(sources=SIX, codings=coded(["ab", "c", "d"]))
    table = accumulation(corpus.of_sources(SIX["source_id"].iloc[1:]))
    assert table["cumulative"].tolist()[-1] == 2


def test_deductive_codes_are_warned_of() -> None:
    codes = pd.DataFrame({"code": ["a", "b"], "parent": "", "origin": ["deductive", "inductive"]})
    with pytest.warns(UserWarning, match="1 of 2 codes in use were given"):
        accumulation(Corpus(sources=SIX, codes=codes, codings=coded(["ab"])))


def test_refusals_and_order_of_rows() -> None:
    codings = coded(["ab", "c", "d"])
    with pytest.raises(ValueError, match="no sources"):
        accumulation(Corpus(sources=SIX.iloc[:0]))
    with pytest.raises(ValueError, match="at least one"):
        accumulation(Corpus(sources=SIX, codings=codings), base=0)
    pd.testing.assert_frame_equal(
        accumulation(Corpus(sources=SIX, codings=codings), seed=3),
        accumulation(Corpus(sources=SIX.iloc[::-1], codings=codings.iloc[::-1]), seed=3),
    )
    assert (
        accumulation(Corpus(sources=SIX, codings=codings.iloc[:0]))["cumulative"].tolist()
        == [0] * 6
    )


def test_a_code_on_a_question_alone_is_no_new_code() -> None:
    passages = passages_of(("s1", "a question", "interviewer"), ("s1", "an answer"))
    codings = codings_of(("s1", 0, 5, "asked"), ("s1", 12, 15, "told"))
    corpus = Corpus(sources_of(("s1", "c1")), passages, codings=codings)
    assert accumulation(corpus, base=1, run=1, n=5)["new_codes"].tolist() == [1]
