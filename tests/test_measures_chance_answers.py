"""The null that exchanges codes within the answer to one question."""

from __future__ import annotations

import itertools
from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_measures_chance_words import drawn_readings, every_count

from analysis.measures.chance import words as along
from analysis.measures.chance.answers import answers, drawn_masses, drawn_overlaps, masses

ONE, OTHER = np.array([0]), np.array([1])


def counted(*said: tuple[str, int, str]) -> pd.DataFrame:
    return pd.DataFrame(said, columns=["source_id", "passage", "voice"])


def test_an_answer_goes_from_one_question_to_the_next() -> None:
    told = "participant"
    table = counted(
        *(("a", 0, told), ("a", 3, told), ("a", 4, told), ("a", 6, told)),
        *(("b", 7, "document"), ("b", 8, "document")),
    )
    assert answers(table).tolist() == [0, 1, 1, 2, 3, 3]
    assert answers(table.drop(columns="voice")).tolist() == [0, 1, 1, 2, 3, 3]
    assert answers(table.iloc[:0]).tolist() == []


def test_a_question_that_counts_begins_its_answer() -> None:
    asked, told = "interviewer", "participant"
    voices = (told, asked, asked, told, asked, told, told)
    table = counted(*(("a", place, voice) for place, voice in enumerate(voices)))
    assert answers(table).tolist() == [0, 1, 1, 1, 2, 2, 2]


def test_where_a_guide_told_its_questions_part_the_answers() -> None:
    places = [("a", 0), ("a", 2), ("a", 4), ("a", 6), ("b", 1), ("b", 2), ("b", 4), ("c", 0)]
    table = pd.DataFrame(places, columns=["source_id", "passage"])
    told = table.assign(answer=[0, 0, 1, 1, -1, -1, -1, 0])
    # b was told nothing: a gap is a turn of the interviewer there, as everywhere without a guide.
    assert answers(told).tolist() == [0, 0, 1, 1, 2, 2, 3, 4]
    assert answers(told.assign(answer=np.nan)).tolist() == answers(table).tolist()


def test_codes_of_one_topic_meet_as_often_as_moved_within_it() -> None:
    # Both codes are at home in the second answer, and fill two of its three passages each.
    held = np.zeros((1, 9, 2), dtype=bool)
    held[0, [3, 4]] = True
    pieces = [np.array([3, 4])] * 2
    of_answers = (np.ones(9, int), pieces, held, np.repeat([0, 1, 2], 3), ONE, OTHER)
    assert masses(*of_answers)[:, 0].tolist() == pytest.approx([0, 2 / 3, 1 / 3])
    of_source = (np.ones(9, int), pieces, held, np.zeros(9), ONE, OTHER)
    assert masses(*of_source)[2, 0] == pytest.approx(1 / 9)


@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=6),
    st.lists(st.integers(0, 2), min_size=6, max_size=6),
    st.integers(1, 3),
    st.data(),
)
def test_masses_are_those_of_trying_every_step_in_every_answer(
    sizes: list[int], parts: list[int], window: int, data: st.DataObject
) -> None:
    words = np.array(sizes)
    answer = np.sort(parts[: len(words)])
    held, pieces = drawn_readings(data, words)
    own = np.repeat(answer, words)[pieces]
    totals = np.bincount(answer, words, 3).astype(int)
    first = np.cumsum(totals) - totals
    counts: Counter[int] = Counter()
    for steps in itertools.product(*(range(max(int(total), 1)) for total in totals)):
        moved = (
            first[own] + (pieces - first[own] + np.array(steps)[own]) % np.maximum(totals, 1)[own]
        )
        counts[every_count(words, held, pieces, moved, window)] += 1
    every = [counts[count] / counts.total() for count in range(2 * len(words) + 1)]
    middles = [np.array([]), pieces]
    if window == 1 and words.all():
        found = masses(words, middles, held, answer, ONE, OTHER)[:, 0]
        assert found.tolist() == pytest.approx(every[: len(found)])
        assert found.sum() == pytest.approx(1)
    drawn = drawn_masses(words, middles, held, answer, ONE, OTHER, window, 4000, 3)[:, 0]
    assert drawn.tolist() == pytest.approx(every[: len(drawn)], abs=0.045)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 4), min_size=1, max_size=4), st.data())
def test_drawn_overlaps_are_near_all_of_them(sizes: list[int], data: st.DataObject) -> None:
    """Each passage an answer of its own; spans that go on into the next answer count once."""
    words, total = np.array(sizes), sum(sizes)
    span = st.tuples(st.integers(0, total), st.integers(0, total)).map(sorted)
    one, other = (
        np.array(data.draw(st.lists(span, max_size=2)), dtype=np.int64).reshape(-1, 2)
        for _ in range(2)
    )
    borders = [0, *np.cumsum(words).tolist()]
    counts: Counter[int] = Counter()
    for steps in itertools.product(*(range(size) for size in sizes)):
        moved = []
        for each in other:
            places = set()
            for at in range(*each):
                part = int(np.searchsorted(borders, at, side="right")) - 1
                first = borders[part]
                places.add(first + (at - first + steps[part]) % sizes[part])
            moved.append(places)
        counts[sum(bool(each & set(range(*still))) for each in moved for still in one)] += 1
    found = drawn_overlaps(words, np.arange(len(words)), one, other, 4000, 2)
    every = [counts[at] / counts.total() for at in range(5)]
    assert [*found, *[0] * (5 - len(found))] == pytest.approx(every, abs=0.045)


def test_of_passages_of_a_word_all_nulls_along_words_are_one() -> None:
    """One answer a source: within it is along the source."""
    generator = np.random.default_rng(2)
    held = generator.random((1, 12, 2)) < 0.4
    words = generator.integers(1, 9, 12)
    places = [(words.cumsum() - words)[held[0, :, code]] for code in (0, 1)]
    within = masses(words, places, held, np.zeros(12), ONE, OTHER)
    assert within == pytest.approx(along.masses(words, places, held, ONE, OTHER))
