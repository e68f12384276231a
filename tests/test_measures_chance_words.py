"""The null that moves codes along the words, against every step tried by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.measures.chance.words import masses, overlap_masses


def test_a_long_passage_is_met_as_often_as_it_is_long() -> None:
    # Nine words in the second of two passages: one word, moved, is there at nine steps of ten.
    held = np.array([[False, True], [True, False]])
    found = masses(
        np.array([1, 9]), [np.array([5]), np.array([0])], held, np.array([0]), np.array([1])
    )
    assert found[:, 0] == pytest.approx([0.1, 0.9])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=6),
    st.data(),
    st.integers(1, 3),
)
def test_masses_are_those_of_trying_every_step(
    sizes: list[int], data: st.DataObject, window: int
) -> None:
    words = np.array(sizes)
    total = int(words.sum())
    if not total:
        return
    middles = np.array(sorted(data.draw(st.sets(st.integers(0, total - 1), min_size=1))))
    fixed = np.array(data.draw(st.lists(st.booleans(), min_size=len(sizes), max_size=len(sizes))))
    passage = np.repeat(np.arange(len(words)), words)
    counts: Counter[int] = Counter()
    for step in range(total):
        there = {int(passage[(middle + step) % total]) for middle in middles}
        met = 0
        for at in range(len(words)):
            near = range(max(0, at - window + 1), at + 1)
            met += (at in there and any(fixed[one] for one in near)) or (
                bool(fixed[at]) and any(one in there for one in near)
            )
        counts[met] += 1
    held = np.zeros((len(words), 2), dtype=bool)
    held[:, 0] = fixed
    held[passage[middles], 1] = True
    found = masses(words, [np.array([]), middles], held, np.array([0]), np.array([1]), window)
    expected = [counts[count] / total for count in range(len(found))]
    assert found[:, 0] == pytest.approx(expected)
    assert found.sum() == pytest.approx(1)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 9), st.data())
def test_overlaps_are_those_of_trying_every_step(total: int, data: st.DataObject) -> None:
    span = st.tuples(st.integers(0, total), st.integers(0, total)).map(sorted)
    one, other = (
        np.array(data.draw(st.lists(span, max_size=3)), dtype=np.int64).reshape(-1, 2)
        for _ in range(2)
    )
    counts: Counter[int] = Counter()
    for step in range(total):
        moved = [{(at + step) % total for at in range(*each)} for each in other]
        counts[sum(bool(each & set(range(*still))) for each in moved for still in one)] += 1
    found = overlap_masses(one, other, total)
    assert found.tolist() == pytest.approx([counts[at] / total for at in range(len(found))])
    assert found.sum() == pytest.approx(1)


def test_without_words_nothing_moves() -> None:
    held = np.array([[True, True], [False, True]])
    found = masses(
        np.array([0, 0]), [np.array([]), np.array([])], held, np.array([0]), np.array([1])
    )
    assert found[:, 0].tolist() == [0, 1]
