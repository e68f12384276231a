"""The null that exchanges codes within the answer to one question."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from analysis.measures.chance.answers import answers, drawn_masses, split
from analysis.measures.chance.passages import exact_tail

VOICES = ("participant", "document")


def passages(*said: tuple[str, str]) -> pd.DataFrame:
    rows = [(source, place, voice) for place, (source, voice) in enumerate(said)]
    return pd.DataFrame(rows, columns=["source_id", "start", "voice"])


def test_an_answer_goes_from_one_question_to_the_next() -> None:
    asked, told = ("a", "interviewer"), ("a", "participant")
    table = passages(
        told, asked, asked, told, told, asked, told, ("b", "document"), ("b", "document")
    )
    assert answers(table, VOICES).tolist() == [0, 1, 1, 2, 3, 3]
    assert answers(table.sample(frac=1, random_state=1), VOICES).tolist() == [0, 1, 1, 2, 3, 3]


def test_a_question_that_counts_is_of_its_answer() -> None:
    asked, told = ("a", "interviewer"), ("a", "participant")
    table = passages(asked, told, asked, told, told)
    assert answers(table, (*VOICES, "interviewer")).tolist() == [0, 0, 1, 1, 1]
    assert answers(passages(), VOICES).tolist() == []


def test_codes_of_one_topic_meet_as_often_as_exchanged_within_it() -> None:
    # Both codes are at home in the second answer, and fill two of its three passages each.
    held = np.zeros((9, 2), dtype=bool)
    held[[3, 4], 0] = held[[3, 4], 1] = True
    answer = np.repeat([0, 1, 2], 3)
    one, other = np.array([0]), np.array([1])
    within = exact_tail(split(held, answer), one, other, np.array([2]), "shuffle")
    assert within[0].tolist() == pytest.approx([4 / 3])
    assert within[1].tolist() == pytest.approx([1 / 3])
    across = exact_tail([held], one, other, np.array([2]), "shuffle")
    assert across[1].tolist() == pytest.approx([1 / 36])


def test_drawn_exchanges_are_near_all_of_them() -> None:
    fixed = np.array([True, False, False, True, False])
    moved = np.array([True, False, True, False, True])
    answer = np.array([0, 0, 1, 1, 1])
    counts: Counter[int] = Counter()
    for first, second in itertools.product(
        itertools.permutations(range(2)), itertools.permutations(range(2, 5))
    ):
        placed = moved[[*first, *second]]
        met = sum(
            (placed[at] and (fixed[at] or (at and fixed[at - 1])))
            or (fixed[at] and at and placed[at - 1])
            for at in range(5)
        )
        counts[int(met)] += 1
    drawn = drawn_masses(fixed, moved, answer, 2, 40_000, np.random.default_rng(3))
    expected = [counts[at] / 12 for at in range(len(drawn))]
    assert drawn.tolist() == pytest.approx(expected, abs=0.01)
    assert drawn.sum() == pytest.approx(1)
