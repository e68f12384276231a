"""Ranges by formula, against published figures, statsmodels and scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from analysis.measures.ranges import newcombe, rate_difference, ratio, wilson


@pytest.mark.parametrize(
    ("found", "size", "low", "high"),
    [
        (10, 14, 0.4535, 0.8828),
        # Newcombe (1998), single proportions, table I.
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_ranges(found: int, size: int, low: float, high: float) -> None:
    assert wilson(found, size) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("level", [0.9, 0.95])
def test_wilson_is_that_of_statsmodels(level: float) -> None:
    for size in range(1, 21):
        for found in range(size + 1):
            expected = proportion_confint(found, size, 1 - level, "wilson")
            assert wilson(found, size, level) == pytest.approx(expected, abs=1e-12)


def test_a_share_of_all_cases_has_a_range_with_a_width() -> None:
    low, high = wilson(8, 8)
    assert low < 0.8 and high == 1.0


@pytest.mark.parametrize(
    ("groups", "low", "high"),
    [
        # Newcombe (1998), differences of proportions, table II, method 10: a, b, c, d, f, g, h.
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_gives_the_published_ranges(
    groups: tuple[int, int, int, int], low: float, high: float
) -> None:
    assert newcombe(*groups) == pytest.approx((low, high), abs=5e-5)


def test_newcombe_is_that_of_statsmodels() -> None:
    for found in range(9):
        for than in range(7):
            expected = confint_proportions_2indep(
                found, 8, than, 6, method="newcomb", compare="diff", correction=False
            )
            assert newcombe(found, 8, than, 6) == pytest.approx(expected, abs=1e-12)


def test_of_equal_words_a_rate_difference_is_welch_of_the_counts() -> None:
    generator = np.random.default_rng(1)
    one, other = generator.poisson(6, 8), generator.poisson(3, 11)
    expected = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
    found = rate_difference(one, np.full(8, 2000), other, np.full(11, 2000))
    assert np.array(found) * 2 == pytest.approx([expected.low, expected.high])


def test_a_rate_difference_by_hand() -> None:
    # Rates 3 / 2,000 and 2 / 4,000; residuals of the first ±1/2 in counts, of the second 0.
    low, high = rate_difference([2, 1], [1000, 1000], [1, 1], [2000, 2000])
    half = stats.t.ppf(0.975, 1) * math.sqrt((0.25 + 0.25) / 1 / 2) * 1000 / 1000
    assert (low, high) == pytest.approx((1.0 - half, 1.0 + half))


def test_a_ratio_by_hand() -> None:
    # 6 / 4; residuals 1 and -1, each case half of the whole: widened to 2 and -2.
    low, high = ratio([4, 2], [2, 2])
    factor = math.exp(stats.t.ppf(0.975, 1) * math.sqrt(8) / 6)
    assert (low, high) == pytest.approx((1.5 / factor, 1.5 * factor))
    # The rule of three, for 2.5 % on one side: 3.69.
    assert ratio([0, 0], [2, 3]) == pytest.approx((0.0, 3.689 / 5), abs=1e-4)
    assert all(map(math.isnan, ratio([1, 0], [2, 0])))


def test_a_ratio_of_equal_cases_is_near_that_of_a_regression() -> None:
    # One column, no constant: HC3 of a least-squares fit through the origin on equal regressors.
    import statsmodels.api as sm

    generator = np.random.default_rng(4)
    over, under = generator.poisson(5, 12).astype(float), np.ones(12)
    fit = sm.OLS(over, under).fit(cov_type="HC3")
    error = float(fit.bse[0]) / float(fit.params[0])
    factor = math.exp(stats.t.ppf(0.975, 11) * error)
    assert ratio(over, under)[1] == pytest.approx(over.mean() * factor)


def test_what_has_no_range_says_so() -> None:
    assert all(map(math.isnan, wilson(0, 0)))
    assert all(map(math.isnan, newcombe(0, 0, 1, 2)))
    assert all(map(math.isnan, rate_difference([1], [10], [1, 2], [10, 10])))
    assert all(map(math.isnan, rate_difference([0, 0], [0, 0], [1, 2], [10, 10])))
    assert rate_difference([1, 1], [10, 10], [1, 1], [10, 10]) == (0, 0)
    for wrong in (lambda: wilson(3, 2), lambda: wilson(1, 2, 1.0), lambda: newcombe(1, 2, -1, 2)):
        with pytest.raises(ValueError):
            wrong()
