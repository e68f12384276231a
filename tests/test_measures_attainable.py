"""What so few cases can show, against enumeration, scipy and hand-counted families."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from analysis.measures.attainable import (
    adjusted_both_ways,
    binomial_mid_tail,
    least_contrast,
    mid_tail,
    tarone,
    told_beforehand,
    visible,
)
from analysis.measures.resampling import benjamini_hochberg


def test_mid_p_is_the_enumerated_one() -> None:
    for size, drawn in ((6, 3), (7, 3)):
        for marked in range(size + 1):
            counts = [
                sum(case < marked for case in chosen)
                for chosen in itertools.combinations(range(size), drawn)
            ]
            for found in range(drawn + 1):
                beyond = sum(count > found for count in counts)
                at = sum(count == found for count in counts)
                expected = (beyond + at / 2) / len(counts)
                assert mid_tail(found, marked, drawn, size) == pytest.approx(expected)


def test_mid_p_of_a_threshold_is_that_of_scipy() -> None:
    for size, share in ((8, 0.8), (7, 0.75), (5, 0.0), (5, 1.0)):
        for found in range(size + 1):
            law = stats.binom(size, share)
            expected = law.sf(found) + law.pmf(found) / 2
            assert binomial_mid_tail(found, size, share) == pytest.approx(expected)


def test_the_least_p_is_the_least_of_all_outcomes() -> None:
    # Fisher's own least p with 14 of 16 carriers is .233, with 13 .100.
    for marked in range(17):
        outcomes = range(max(0, marked - 8), min(marked, 8) + 1)
        least = min(mid_tail(found, marked, 8, 16) for found in outcomes)
        assert least_contrast(marked, 8, 16) == least
        # The most one-sided outcome has half its own chance.
        assert 4 * least == pytest.approx(
            stats.fisher_exact(
                [
                    [outcomes[-1], marked - outcomes[-1]],
                    [8 - outcomes[-1], 8 - marked + outcomes[-1]],
                ]
            ).pvalue
        ) or marked in (0, 16)
    assert 2 * least_contrast(14, 8, 16) == pytest.approx(0.233, abs=5e-4)
    assert 2 * least_contrast(13, 8, 16) == pytest.approx(0.100, abs=5e-4)


def test_a_family_by_hand() -> None:
    # At k = 1 four could reach .05, at k = 2 three could reach .025, at k = 3 three .0167.
    least = [0.001, 0.01, 0.016, 0.04, 0.3, np.nan]
    assert tarone(least, 0.05).tolist() == [True, True, True, False, False, False]
    assert tarone([0.2, 0.3], 0.05).tolist() == [False, False]
    assert tarone([], 0.05).tolist() == []


def test_tests_that_could_never_show_anything_do_not_burden_the_others() -> None:
    hopeless = [0.5] * 20
    q, q_other, stayed = adjusted_both_ways(
        [0.01, *hopeless], [0.99, *hopeless], [0.001, *hopeless], [0.001, *hopeless], 0.05
    )
    assert q[0] == pytest.approx(0.02)
    assert q_other[0] == pytest.approx(0.99)
    assert np.isnan(q[1:]).all() and stayed.tolist() == [True] + [False] * 20


def test_both_directions_are_one_family() -> None:
    p, other = np.array([0.004, 0.3, np.nan]), np.array([0.996, 0.7, np.nan])
    q, q_other, stayed = adjusted_both_ways(p, other, p * 0, other * 0, 0.05)
    expected = benjamini_hochberg(np.concatenate([p, other]))
    assert np.array_equal(np.concatenate([q, q_other]), expected, equal_nan=True)
    assert q[0] == pytest.approx(0.016)
    assert stayed.tolist() == [True, True, False]


def test_what_can_be_seen_is_told_beforehand() -> None:
    # Six expectations in two directions.
    told = told_beforehand(8, 8, 0.05 / 12)
    assert told == "with 8 v 8 only 6–0, 7–1, 8–2 or more can be seen"
    assert told_beforehand(3, 3, 0.05 / 12) == (
        "with 3 v 3 cases no difference of shares can be seen"
    )


def test_what_can_be_seen_is_all_that_can() -> None:
    for size, than_size, threshold in ((8, 8, 0.05), (6, 9, 0.01), (5, 4, 0.02)):
        edges = visible(size, than_size, threshold)
        for found in range(size + 1):
            for than in range(than_size + 1):
                listed = any(found >= one and than <= other for one, other in edges)
                p = mid_tail(found, found + than, size, size + than_size)
                assert listed == (p <= threshold)
