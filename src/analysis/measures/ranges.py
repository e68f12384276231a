"""Ranges by formula, which cover at the sizes of interview studies where redrawing does not.

Redrawing a handful of cases gives ranges that are too short, of no width at all where every case
is alike. These have a width even then. How often each held the true value is in
`docs/calibration.md`.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from analysis.measures.given import refuse_level

LEVEL = 0.95


def wilson(found: int, size: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the range of a share, `found` of `size` cases, by the score of Wilson (1927).

    Never of no width, and never beyond 0 to 1; without cases both edges are NaN. Raises
    ValueError for `found` outside 0 to `size`, or a `level` outside 0 to 1.

    None of ten: from 0 to z² / (10 + z²).

    >>> [round(edge, 4) for edge in wilson(0, 10)]
    [0.0, 0.2775]
    """
    z = _normal_quantile(level)
    _refuse_no_share(found, size)
    if size == 0:
        return math.nan, math.nan
    share = found / size
    centre = share + z * z / (2 * size)
    half = z * math.sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    whole = 1 + z * z / size
    # At none or all of the cases the formula meets 0 or 1 itself, but for rounding.
    low = 0.0 if found == 0 else (centre - half) / whole
    high = 1.0 if found == size else (centre + half) / whole
    return low, high


def agresti_caffo(
    found: int, size: int, than_found: int, than_size: int, level: float = LEVEL
) -> tuple[float, float]:
    """Return the range of `found` / `size` - `than_found` / `than_size`, of two groups of other cases.

    Agresti & Caffo (2000): in each group one case that carries and one that does not are added,
    then as Wald. At 6 to 20 cases it covers nowhere less than 93 % on places where the ranges of
    Newcombe (1998) fall to 88 %, and is 2 to 5 % wider (`docs/calibration.md`). Never beyond -1
    to 1. Raises ValueError as `wilson`; where a group is without cases both edges are NaN.

    All of eight and none of eight: shares of 9/10 and 1/10, so 0.8 - 1.96 √(2 × 0.09 / 10).

    >>> [round(edge, 4) for edge in agresti_caffo(8, 8, 0, 8)]
    [0.537, 1.0]
    """
    z = _normal_quantile(level)
    for carry, cases in ((found, size), (than_found, than_size)):
        _refuse_no_share(carry, cases)
    if not (size and than_size):
        return math.nan, math.nan
    share, than_share = (found + 1) / (size + 2), (than_found + 1) / (than_size + 2)
    half = z * math.sqrt(
        share * (1 - share) / (size + 2) + than_share * (1 - than_share) / (than_size + 2)
    )
    return max(share - than_share - half, -1.0), min(share - than_share + half, 1.0)


def rate_difference(
    segments: ArrayLike,
    words: ArrayLike,
    than_segments: ArrayLike,
    than_words: ArrayLike,
    level: float = LEVEL,
) -> tuple[float, float]:
    """Return the range of the difference of two pooled rates per 1,000 words, of two groups of cases.

    `segments`, `words` (cases,) of the one group, `than_segments`, `than_words` of the other. A
    pooled rate r = sum(segments) / sum(words) moves as the mean of its linearised residuals
    (segments - r words) / mean(words) (Cochran 1977, ratio estimator), so the difference of two
    is compared by the t distribution with degrees of freedom after Welch (1947). Each group needs
    two cases and some words, else both edges are NaN; where all cases of both have one rate,
    nothing moves, and both edges are the difference. Raises ValueError for a `level` outside 0
    to 1.

    1.5 and 0.5 per 1,000 words; of the first residuals of 0.5 and -0.5 segments, of the other
    none: 1 ± 12.71 √(0.5 / 2).

    >>> [round(edge, 3) for edge in rate_difference([2, 1], [1000, 1000], [1, 1], [2000, 2000])]
    [-5.353, 7.353]
    """
    level_quantile = _checked(level)
    groups = [
        (np.asarray(found, dtype=float), np.asarray(spoken, dtype=float))
        for found, spoken in ((segments, words), (than_segments, than_words))
    ]
    if any(len(spoken) < 2 or spoken.sum() <= 0 for _, spoken in groups):
        return math.nan, math.nan
    rates, parts, freedoms = zip(*(_linearised(*group) for group in groups), strict=True)
    difference = 1000 * (rates[0] - rates[1])
    variance = parts[0] + parts[1]
    if variance == 0:
        return difference, difference
    freedom = variance**2 / sum(
        part**2 / freedom for part, freedom in zip(parts, freedoms, strict=True)
    )
    half = 1000 * _t_quantile(level_quantile, freedom) * math.sqrt(variance)
    return difference - half, difference + half


def ratio(above: ArrayLike, below: ArrayLike, level: float = LEVEL) -> tuple[float, float]:
    """Return the range of sum(above) / sum(below), both (cases,) and not negative: `ratios` of one row.

    Six of four, two cases that lie one above and one below: 1.5 divided by, and times,
    exp(12.71 √(2² + 2²) / 6).

    >>> [float(f"{edge:.4g}") for edge in ratio([4, 2], [2, 2])]
    [0.003756, 599.0]
    """
    low, high = ratios(np.asarray(above, dtype=float)[None, :], below, level)[0]
    return float(low), float(high)


def ratios(above: ArrayLike, below: ArrayLike, level: float = LEVEL) -> np.ndarray:
    """Return (rows, 2): the range of sum(above) / sum(below) of each row.

    `above` (rows, cases), `below` (cases,), not negative. On the logarithm, by the t distribution
    of cases - 1 degrees of freedom, with the linearised residuals above - r below, each widened by
    its case's part of the whole as leaving the case out would (MacKinnon & White 1985, HC3). Where
    nothing is above, from 0 to what a Poisson count of none allows. With fewer than two cases that
    have something below both edges are NaN. Raises ValueError for a `level` outside 0 to 1.

    None in 100 and 200 words: up to 3.69 / 300.

    >>> ratios([[0, 0]], [100, 200]).round(4).tolist()
    [[0.0, 0.0123]]
    """
    quantile = _checked(level)
    over, under = np.asarray(above, dtype=float), np.asarray(below, dtype=float)
    whole, n_cases = under.sum(), int((under > 0).sum())
    if n_cases < 2:
        return np.full((len(over), 2), np.nan)
    total = over.sum(axis=1)
    none = total == 0
    found = total / whole
    residuals = (over - found[:, None] * under) / (1 - under / whole)
    error = np.sqrt((residuals**2).sum(axis=1)) / np.where(none, 1.0, total)
    factor = np.exp(np.minimum(_t_quantile(quantile, n_cases - 1) * error, 700.0))
    high = np.where(none, _none_of_poisson(quantile) / whole, found * factor)
    return np.column_stack([found / factor, high])


def alpha(sums: ArrayLike, level: float = LEVEL) -> tuple[float, float]:
    """Return the range of nominal alpha of ratings present or absent, whole cases being drawn.

    `sums` (3, cases): of the units of each case the ratings that say present, all ratings, and
    the disagreeing coincidences, so that 1 - alpha is their total (n - 1) / (2 present absent).
    The logarithm of that is linearised: a case adds the relative part of each sum that is its own,
    widened by its part of the whole as leaving it out would (HC3, as in `ratio`), and the whole is
    compared by the t distribution of cases - 1 degrees of freedom. Where nobody disagrees, up
    from what a Poisson count of no disagreeing unit of two ratings allows, at least -1. With fewer
    than two cases, or where all is present or all absent, both edges are NaN. Raises ValueError
    for a `level` outside 0 to 1.

    Two cases of ten units by two coders, in each one unit in question: nothing differs between
    cases, and alpha is all there is.

    >>> [round(edge, 3) for edge in alpha([[9, 9], [20, 20], [2, 2]])]
    [0.803, 0.803]
    """
    quantile = _checked(level)
    present, rated, apart = np.asarray(sums, dtype=float)
    n_present, n, n_apart = present.sum(), rated.sum(), apart.sum()
    n_absent, n_cases = n - n_present, int((rated > 0).sum())
    if n_cases < 2 or not (n_present and n_absent):
        return math.nan, math.nan
    chance = 2 * n_present * n_absent / (n - 1)
    if not n_apart:
        return max(1 - 2 * _none_of_poisson(quantile) / chance, -1.0), 1.0
    own = apart / n_apart + rated / n - present / n_present - (rated - present) / n_absent
    error = math.sqrt(float(((own / (1 - rated / n)) ** 2).sum()))
    factor = math.exp(min(_t_quantile(quantile, n_cases - 1) * error, 700.0))
    return float(1 - n_apart / chance * factor), float(1 - n_apart / chance / factor)


def _none_of_poisson(quantile: float) -> float:
    """The mean of a Poisson count that is 0 with the chance 1 - `quantile`."""
    return -math.log(1 - quantile)


def _linearised(segments: np.ndarray, words: np.ndarray) -> tuple[float, float, int]:
    """The pooled rate, the variance of it, and the degrees of freedom of that."""
    rate = float(segments.sum() / words.sum())
    residuals = (segments - rate * words) / words.mean()
    return rate, float(residuals.var(ddof=1) / len(words)), len(words) - 1


def _refuse_no_share(found: int, size: int) -> None:
    if not 0 <= found <= size:
        raise ValueError(f"{found} of {size} cases is no share")


def _checked(level: float) -> float:
    refuse_level(level)
    return (1 + level) / 2


def _normal_quantile(level: float) -> float:
    return NormalDist().inv_cdf(_checked(level))


def _t_quantile(quantile: float, freedom: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, quantile))
