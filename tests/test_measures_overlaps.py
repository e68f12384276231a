"""Overlaps rearranged: one implementation, and nothing that happens elsewhere changes it."""

from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_tables import codings_of, passages_of

from analysis.corpus import Corpus
from analysis.measures.chance.overlaps import masses
from analysis.measures.contrasts import _rate_tail
from analysis.measures.cooccurrence import cooccurrence_test

TURNS = [("s", "x" * 9)] * 3
ELSEWHERE = [("t", "x" * 40)]


def row_of(rows: list[tuple[str, int, int, str]], *turns: tuple[str, str]) -> pd.Series:
    corpus = Corpus(passages=passages_of(*turns), codings=codings_of(*rows))
    return cooccurrence_test(corpus, "overlap", "shift", n=50).iloc[0]


@pytest.mark.parametrize("uncoded", [0, 1, 40])
def test_an_uncoded_source_changes_nothing(uncoded: int) -> None:
    row = row_of([("s", 20, 29, "a"), ("s", 5, 9, "b")], *TURNS, *ELSEWHERE * uncoded)
    assert row["expected"] == pytest.approx(1 / 3)
    assert row["p"] == 1


@pytest.mark.parametrize("uncoded", [0, 40, 400])
def test_what_must_meet_wherever_it_moves_has_p_1(uncoded: int) -> None:
    half = [("s", 10 * at, 10 * at + 5, "b") for at in range(8)]
    turns = [("s", "x" * 9)] * 8
    row = row_of([*half, ("s", 70, 79, "a")], *turns, *ELSEWHERE * uncoded)
    assert (row["expected"], row["p"]) == (1, 1)


def test_a_segment_pushed_past_the_end_meets_a_span_once() -> None:
    fixed, moved = np.array([[0, 3]]) << 31, np.array([[0, 2]]) << 31
    assert masses(fixed, moved, 3, "shift", 1, 0) == (0.0, 1.0)


@given(st.data())
def test_shifts_agree_with_trying_every_one(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 5))
    place = st.integers(0, 4 * size - 1)

    def spans() -> list[tuple[int, int]]:
        drawn = data.draw(st.lists(st.tuples(place, place), min_size=1, max_size=3))
        return [(min(pair), max(pair) + 1) for pair in drawn]

    fixed, moved = spans(), spans()
    tally: dict[int, int] = {}
    for step in range(size):
        met = 0
        for begin, end in moved:
            ground = {(place + 4 * step) % (4 * size) for place in range(begin, end)}
            met += sum(bool(ground & set(range(*span))) for span in fixed)
        tally[met] = tally.get(met, 0) + 1
    found = masses(np.array(fixed) << 29, np.array(moved) << 29, size, "shift", 1, 0)
    expected = [float(Fraction(tally.get(met, 0), size)) for met in range(len(found))]
    assert list(found) == pytest.approx(expected)


def test_a_rate_of_8_cases_against_8_looks_at_all_12870_arrangements() -> None:
    segments = np.array([[3, 1, 4, 1, 5, 9, 2, 6, 0, 1, 2, 0, 1, 3, 1, 2]])
    words = np.full(16, 1000.0)
    observed = abs(segments[0, :8].sum() - segments[0, 8:].sum())
    splits = [segments[0, list(chosen)].sum() for chosen in itertools.combinations(range(16), 8)]
    as_far = sum(abs(2 * each - segments.sum()) >= observed for each in splits)
    assert len(splits) == 12_870
    for seed in range(3):
        p, error = _rate_tail(segments, words, 8, 10_000, (seed, 0))
        assert (p[0], error[0]) == (as_far / 12_870, 0)
