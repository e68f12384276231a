"""Attributes beside themes: brute force, published statistics, and what cannot be compared."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact, mannwhitneyu

from analysis.measures.attributes import TOO_FEW, by_attribute

CASES = list("abcdefgh")
SCORES = pd.Series([1.0, 5.0, 2.0, 8.0, 7.0, 3.0, 9.0, 6.0], index=CASES)
HELD = pd.DataFrame({"tie": [False, True, False, True, True, False, True, False]}, index=CASES)


def test_numbers_are_those_of_mann_and_whitney() -> None:
    (row,) = by_attribute(HELD, SCORES, minimum_group=2).to_dict("records")
    high, low = SCORES[HELD["tie"]], SCORES[~HELD["tie"]]
    oracle = mannwhitneyu(high, low, method="exact")
    assert row["effect"] == pytest.approx(oracle.statistic / 16)
    assert row["p"] == pytest.approx(oracle.pvalue)
    assert (row["n_cases"], row["n_carrying"], row["note"]) == (8, 4, "")


def test_two_equal_levels_are_those_of_fisher() -> None:
    sites = pd.Series(["n", "s", "n", "s", "s", "n", "s", "n"], index=CASES)
    (row,) = by_attribute(HELD, sites, minimum_group=2).to_dict("records")
    assert row["effect"] == 1.0
    assert row["p"] == pytest.approx(fisher_exact([[4, 0], [0, 4]]).pvalue)


def test_several_levels_against_every_order() -> None:
    cases = list("abcdef")
    levels = pd.Series(["x", "x", "y", "y", "z", "z"], index=cases)
    held = np.array([1, 1, 1, 0, 0, 0], dtype=bool)

    def statistic(order: tuple[bool, ...]) -> float:
        return sum(2 * (sum(order[at : at + 2]) / 2 - 0.5) ** 2 for at in (0, 2, 4))

    orders = list(permutations(held))
    far = [statistic(order) >= statistic(tuple(held)) - 1e-12 for order in orders]
    table = by_attribute(pd.DataFrame({"t": held}, index=cases), levels, minimum_group=2)
    assert table["p"][0] == pytest.approx(sum(far) / len(orders))
    assert table["effect"][0] == 1.0


def test_ties_and_gaps() -> None:
    scores = SCORES.copy()
    scores["a"], scores["b"], scores["c"] = np.nan, 4.0, 4.0
    (row,) = by_attribute(HELD, scores, minimum_group=2).to_dict("records")
    assert row["n_cases"] == 7
    high, low = [4.0, 8.0, 7.0, 9.0], [4.0, 3.0, 6.0]
    pairs = [(h > one) + 0.5 * (h == one) for h in high for one in low]
    assert row["effect"] == pytest.approx(sum(pairs) / len(pairs))


def test_too_few_are_not_compared() -> None:
    table = by_attribute(HELD.assign(all=True), SCORES, minimum_group=5)
    assert table["note"].tolist() == [TOO_FEW, TOO_FEW] and table["p"].isna().all()
    with pytest.raises(ValueError, match="not there"):
        by_attribute(HELD, pd.Series([1.0], index=["z"]), minimum_group=1)


def test_many_cases_are_drawn_the_same_way_each_time() -> None:
    rng = np.random.default_rng(4)
    cases = [str(number) for number in range(40)]
    scores = pd.Series(rng.normal(size=40), index=cases)
    held = pd.DataFrame({"t": rng.random(40) < 0.5, "u": scores.to_numpy() > 0}, index=cases)
    one, two = (by_attribute(held, scores, minimum_group=5, n=500) for _ in range(2))
    pd.testing.assert_frame_equal(one, two)
    assert one["p"][1] == pytest.approx(1 / 501) and one["q"][1] == pytest.approx(2 / 501)
