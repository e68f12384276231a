"""The null that moves codes along the words, against every step tried by hand."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_tables import codings_of

from analysis.corpus import Corpus
from analysis.measures.chance.words import masses, met, middles, overlap_masses, word_spans
from analysis.measures.cooccurrence import cooccurrence_test

ONE, OTHER = np.array([0]), np.array([1])


def test_two_pieces_in_one_long_passage_are_still_two() -> None:
    # Both codes are on two of three passages; all but a step of the long one brings both pieces there.
    words, held = np.array([1, 1, 8]), np.array([[[False, True], [True, True], [True, False]]])
    found = masses(words, [np.array([]), np.array([0, 1])], held, ONE, OTHER)
    assert found[:, 0].tolist() == pytest.approx([0.0, 0.2, 0.8])


def test_a_long_passage_is_met_as_often_as_it_is_long() -> None:
    # Nine words in the second of two passages: one word, moved, is there at nine steps of ten.
    held = np.array([[[False, True], [True, False]]])
    found = masses(
        np.array([1, 9]), [np.array([5]), np.array([0])], held, np.array([0]), np.array([1])
    )
    assert found[:, 0] == pytest.approx([0.1, 0.9])


def every_count(
    words: np.ndarray, held: np.ndarray, pieces: np.ndarray, steps: np.ndarray, window: int
) -> int:
    """Where the pieces of code 1 of `held` (coders, passages, 2) meet code 0, each moved by its step.

    Each piece counts where it lands; for windows also the passages that look back on a piece.
    """
    passage = np.repeat(np.arange(len(words)), words)
    coders, met, there = range(len(held)), 0, []
    for piece, place in zip(pieces.tolist(), steps.tolist(), strict=True):
        home, lands = int(passage[piece]), int(passage[place])
        who = [coder for coder in coders if held[coder, home, 1]]
        near = range(max(0, lands - window + 1), lands + 1)
        meets = any(held[coder, one, 0] for coder in who for one in near)
        met += meets
        there.append((lands, who, meets))
    for at in range(len(words)):
        counted = any(lands == at and meets for lands, _, meets in there)
        near = range(max(0, at - window + 1), at + 1)
        met += not counted and any(
            lands in near and any(held[coder, at, 0] for coder in who) for lands, who, _ in there
        )
    return met


def drawn_readings(data: st.DataObject, words: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Presence (coders, passages, 2) with the second code where there is a word, and its pieces."""
    coders = data.draw(st.integers(1, 2))
    marks = st.lists(st.booleans(), min_size=len(words), max_size=len(words))
    held = np.array([[data.draw(marks), data.draw(marks)] for _ in range(coders)])
    held = held.transpose(0, 2, 1) & ((words[None, :, None] > 0) | np.array([True, False]))
    first = np.cumsum(words) - words
    homes = np.flatnonzero(held[:, :, 1].any(axis=0))
    inside = [data.draw(st.integers(0, int(words[home]) - 1)) for home in homes]
    return held, first[homes] + np.array(inside, dtype=np.int64)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.data(), st.integers(1, 3))
def test_masses_are_those_of_trying_every_step(
    sizes: list[int], data: st.DataObject, window: int
) -> None:
    words, total = np.array(sizes), sum(sizes)
    if not total:
        return
    held, pieces = drawn_readings(data, words)
    counts = Counter(
        every_count(words, held, pieces, (pieces + step) % total, window) for step in range(total)
    )
    found = masses(words, [np.array([]), pieces], held, ONE, OTHER, window)
    assert found[:, 0] == pytest.approx([counts[count] / total for count in range(len(found))])
    assert found.sum() == pytest.approx(1)


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


@pytest.mark.parametrize("null", ["words", "answers"])
@pytest.mark.parametrize(
    ("unit", "p"), [("passage", 1 / 16), ("window", 11 / 16), ("overlap", 1 / 16)]
)
def test_a_passage_without_words_holds_its_codes_as_one_of_a_word(
    null: str, unit: str, p: float
) -> None:
    """A laugh, third of four turns, with both codes: p was 0, for nothing moved ever came there.

    In windows of two it is also met from the turn before it and, of five words, from the one after.
    """
    turns = pd.DataFrame({"source_id": "s", "start": [0, 10, 20, 30], "end": [9, 19, 29, 39]})
    corpus = Corpus(
        passages=turns.assign(words=[5, 5, 0, 5]),
        codings=codings_of(("s", 20, 29, "a"), ("s", 20, 29, "b")),
    )
    window = 2 if unit == "window" else None
    row = cooccurrence_test(corpus, unit, null, window=window).iloc[0]  # type: ignore[arg-type]
    assert row["p"] == pytest.approx(p, abs=5 * row["p_error"] + 1e-12)


def test_pieces_of_a_span_are_cut_at_the_borders_of_passages() -> None:
    layout, words = np.array([[0, 40], [41, 61], [62, 62], [62, 82]]), np.array([8, 2, 0, 4])
    # All of the first, half of the second; the fourth's first quarter, a single word.
    spans = np.array([[0, 51], [62, 67]])
    assert middles(layout, words, spans).tolist() == [4, 8, 10]
    # Two spans in one passage are one piece, at the mean of their middles.
    assert middles(layout, words, np.array([[0, 10], [20, 40]])).tolist() == [3]
    assert word_spans(layout, words, np.array([[0, 20], [72, 82]])).tolist() == [[0, 4], [12, 14]]
    assert middles(layout, words, spans[:0]).tolist() == []


@pytest.mark.parametrize("n_pieces", [1, 3, 40])
def test_few_pieces_among_many_passages_meet_as_many_do(n_pieces: int) -> None:
    """By going through every piece of every step; few are looked up, many are multiplied."""
    random = np.random.default_rng(3)
    where = random.integers(0, 60, size=(25, n_pieces))
    who = random.random((2, n_pieces)) < 0.6
    fixed = random.random((2, 60, 4)) < 0.3
    expected = [
        [
            sum(
                any(who[coder, piece] and fixed[coder, at, code] for coder in range(2))
                for piece, at in enumerate(step)
            )
            for code in range(4)
        ]
        for step in where
    ]
    assert met(where, who, fixed, 1).tolist() == expected
