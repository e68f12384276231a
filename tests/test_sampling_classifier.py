"""A program taught by what people coded: no case is coded by a model that has seen it."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.files.problems import StudyError
from analysis.sampling.classifier import Proposed, Settings, fold_of, propose

SETTINGS = Settings(folds=2, passages=6, cases=4)


def corpus(count: int) -> tuple[list[str], list[str], np.ndarray]:
    """Passages of which every third speaks of waiting, each a case of its own."""
    texts = [
        f"We waited long for letter {at}." if at % 3 == 0 else f"The bus to town {at} is fine."
        for at in range(count)
    ]
    held = np.array([[at % 3 == 0, at == 0] for at in range(count)])
    return texts, [f"c{at}" for at in range(count)], held


def test_it_learns_what_is_often_enough_and_says_the_rest_of_nothing() -> None:
    texts, cases, people = corpus(90)
    read = np.arange(90) < 60
    found = propose(texts, cases, people, ["waiting", "rare"], read, SETTINGS)
    assert found.codes == ["waiting"]
    said = found.probability[:, 0] >= SETTINGS.at_least
    assert (said == people[:, 0]).mean() > 0.95


def test_what_people_say_of_a_case_does_not_reach_its_own_coding() -> None:
    texts, cases, people = corpus(60)
    read = np.ones(60, dtype=bool)
    before = propose(texts, cases, people, ["waiting", "rare"], read, SETTINGS).probability
    turned = people.copy()
    turned[7, 0] = ~turned[7, 0]
    after = propose(texts, cases, turned, ["waiting", "rare"], read, SETTINGS).probability
    own = np.array([fold_of(case, SETTINGS) == fold_of("c7", SETTINGS) for case in cases])
    np.testing.assert_array_equal(before[own], after[own])
    assert not np.array_equal(before[~own], after[~own])


def test_too_little_to_learn_from_is_told() -> None:
    texts, cases, people = corpus(12)
    with pytest.raises(StudyError, match="no code on 6 passages of 4 cases"):
        propose(texts, cases, people, ["waiting", "rare"], np.ones(12, dtype=bool), SETTINGS)


def test_calibration_by_hand() -> None:
    found = Proposed(["a"], np.array([[0.1], [0.15], [0.9], [0.95]]))
    rows = found.calibration(np.array([[0], [1], [1], [1]]) > 0, np.ones(4, dtype=bool), parts=2)
    assert rows == [
        {"code": "a", "from": 0.0, "to": 0.5, "passages": 2, "said": 0.125, "carried": 0.5},
        {"code": "a", "from": 0.5, "to": 1.0, "passages": 2, "said": 0.925, "carried": 1.0},
    ]
