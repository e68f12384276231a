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

LEVEL = 0.95


def wilson(found: int, size: int, level: float = LEVEL) -> tuple[float, float]:
    """The range of a share, `found` of `size` cases, by the score of Wilson (1927).

    Never of no width, and never beyond 0 to 1; without cases both edges are NaN. Raises
    ValueError for `found` outside 0 to `size`, or a `level` outside 0 to 1.
    """
    z = _normal_quantile(level)
    if not 0 <= found <= size:
        raise ValueError(f"{found} of {size} cases is no share")
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


def newcombe(
    found: int, size: int, than_found: int, than_size: int, level: float = LEVEL
) -> tuple[float, float]:
    """The range of `found` / `size` - `than_found` / `than_size`, of two groups of other cases.

    Newcombe (1998), method 10: the two Wilson ranges, squared and added. Raises ValueError as
    `wilson`; where a group is without cases both edges are NaN.
    """
    low, high = wilson(found, size, level)
    than_low, than_high = wilson(than_found, than_size, level)
    if not (size and than_size):
        return math.nan, math.nan
    share, than_share = found / size, than_found / than_size
    difference = share - than_share
    below = math.hypot(share - low, than_high - than_share)
    above = math.hypot(high - share, than_share - than_low)
    return difference - below, difference + above


def rate_difference(
    segments: ArrayLike,
    words: ArrayLike,
    than_segments: ArrayLike,
    than_words: ArrayLike,
    level: float = LEVEL,
) -> tuple[float, float]:
    """The range of the difference of two pooled rates per 1,000 words, of two groups of cases.

    `segments`, `words` (cases,) of the one group, `than_segments`, `than_words` of the other. A
    pooled rate r = sum(segments) / sum(words) moves as the mean of its linearised residuals
    (segments - r words) / mean(words) (Cochran 1977, ratio estimator), so the difference of two
    is compared by the t distribution with degrees of freedom after Welch (1947). Each group needs
    two cases and some words, else both edges are NaN; where all cases of both have one rate,
    nothing moves, and both edges are the difference. Raises ValueError for a `level` outside 0
    to 1.
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
    """The range of sum(above) / sum(below), both (cases,) and not negative.

    On the logarithm, by the t distribution of cases - 1 degrees of freedom, with the linearised
    residuals above - r below, each widened by its case's part of the whole as leaving the case
    out would (MacKinnon & White 1985, HC3). Where nothing is above, from 0 to what a Poisson
    count of none allows. With fewer than two cases that have something below both edges are NaN.
    """
    quantile = _checked(level)
    over, under = np.asarray(above, dtype=float), np.asarray(below, dtype=float)
    whole = under.sum()
    n_cases = int((under > 0).sum())
    if n_cases < 2:
        return math.nan, math.nan
    if not over.sum():
        return 0.0, -math.log(1 - quantile) / whole
    found = over.sum() / whole
    residuals = (over - found * under) / (1 - under / whole)
    error = math.sqrt(float((residuals**2).sum())) / over.sum()
    factor = math.exp(min(_t_quantile(quantile, n_cases - 1) * error, 700.0))
    return float(found / factor), float(found * factor)


def _linearised(segments: np.ndarray, words: np.ndarray) -> tuple[float, float, int]:
    """The pooled rate, the variance of it, and the degrees of freedom of that."""
    rate = float(segments.sum() / words.sum())
    residuals = (segments - rate * words) / words.mean()
    return rate, float(residuals.var(ddof=1) / len(words)), len(words) - 1


def _checked(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"a level of {level} is not between 0 and 1")
    return (1 + level) / 2


def _normal_quantile(level: float) -> float:
    return NormalDist().inv_cdf(_checked(level))


def _t_quantile(quantile: float, freedom: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, quantile))
