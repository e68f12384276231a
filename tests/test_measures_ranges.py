"""Ranges by formula, against published figures, statsmodels and scipy."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from analysis.measures.ranges import agresti_caffo, alpha, rate_difference, ratio, ratios, wilson


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
    from statsmodels.stats.proportion import proportion_confint

    for size in range(1, 21):
        for found in range(size + 1):
            expected = proportion_confint(found, size, 1 - level, "wilson")
            assert wilson(found, size, level) == pytest.approx(expected, abs=1e-12)


def test_a_share_of_all_cases_has_a_range_with_a_width() -> None:
    low, high = wilson(8, 8)
    assert low < 0.8 and high == 1.0


def test_agresti_caffo_gives_the_published_range() -> None:
    # 7 of 34 and 1 of 34, the example of Fagerland, Lydersen & Laake (2015).
    assert agresti_caffo(7, 34, 1, 34) == pytest.approx((0.012, 0.32), abs=5e-3)


def test_agresti_caffo_is_that_of_statsmodels() -> None:
    from statsmodels.stats.proportion import confint_proportions_2indep

    for found in range(9):
        for than in range(7):
            low, high = confint_proportions_2indep(
                found, 8, than, 6, method="agresti-caffo", compare="diff", correction=False
            )
            expected = max(low, -1), min(high, 1)
            assert agresti_caffo(found, 8, than, 6) == pytest.approx(expected, abs=1e-12)


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
    assert all(map(math.isnan, agresti_caffo(0, 0, 1, 2)))
    assert all(map(math.isnan, rate_difference([1], [10], [1, 2], [10, 10])))
    assert all(map(math.isnan, rate_difference([0, 0], [0, 0], [1, 2], [10, 10])))
    assert rate_difference([1, 1], [10, 10], [1, 1], [10, 10]) == (0, 0)
    for wrong in (
        lambda: wilson(3, 2),
        lambda: wilson(1, 2, 1.0),
        lambda: agresti_caffo(1, 2, -1, 2),
    ):
        with pytest.raises(ValueError):
            wrong()


def test_ratios_are_the_ratio_of_each_row() -> None:
    above, below = np.array([[4, 2, 0], [0, 0, 0], [1, 1, 5]]), [2, 2, 3]
    expected = [ratio(row, below) for row in above]
    assert ratios(above, below) == pytest.approx(np.array(expected))
    assert ratios(np.zeros((0, 3)), below).shape == (0, 2)


def test_the_range_of_alpha_follows_how_alpha_moves_without_each_case() -> None:
    """An independent way: the jackknife of log(1 - alpha), by the published alpha."""
    from analysis.measures.coefficients import krippendorff_alpha

    generator = np.random.default_rng(7)
    case = np.repeat(np.arange(40), 25)
    there = generator.random(len(case)) < generator.beta(2, 3, 40)[case]
    marks = np.stack([there ^ (generator.random(len(case)) < 0.1) for _ in "AB"], axis=1)
    of_case = np.array([[(case == one).nonzero()[0]] for one in range(40)])[:, 0]
    sums = np.array(
        [
            [marks[own].sum(), 2 * len(own), 2 * (marks[own, 0] != marks[own, 1]).sum()]
            for own in of_case
        ]
    ).T
    logs = np.log([1 - krippendorff_alpha(marks[case != one]) for one in range(40)])
    error = math.sqrt(39 / 40 * ((logs - logs.mean()) ** 2).sum())
    apart = 1 - krippendorff_alpha(marks)
    factor = math.exp(stats.t.ppf(0.975, 39) * error)
    assert alpha(sums) == pytest.approx((1 - apart * factor, 1 - apart / factor), abs=5e-3)


def test_alpha_without_variation_or_cases_has_no_range() -> None:
    for sums in ([[0, 0], [8, 8], [0, 0]], [[8, 8], [8, 8], [0, 0]], [[3], [8], [2]]):
        assert all(map(math.isnan, alpha(sums)))
    low, high = alpha([[4, 4], [20, 20], [0, 0]])
    # No disagreeing unit seen: up to 3.69 of them, of 2 × 8 × 32 / 39 coincidences by chance.
    assert high == 1.0 and low == pytest.approx(1 - 2 * 3.6889 * 39 / 512, abs=1e-4)
