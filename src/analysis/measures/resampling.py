"""Redrawing cases, adjusting p: the engines that the measures share."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from analysis.measures import UndefinedMeasure


def benjamini_hochberg(p: ArrayLike) -> np.ndarray:
    """Return the adjusted p-values q (Benjamini & Hochberg 1995), in the order of `p`.

    q of the i-th smallest of m is the least of p_j m / j over j >= i, at most 1. The family is
    every finite value given; NaN stays NaN and is not of the family. Raises ValueError for
    values outside 0 to 1.

    0.01 * 4 / 1, 0.02 * 4 / 2 and 0.03 * 4 / 3 are all 0.04, and 0.5 * 4 / 4 stays:

    >>> benjamini_hochberg([0.01, 0.02, 0.03, 0.5]).round(3).tolist()
    [0.04, 0.04, 0.04, 0.5]
    """
    values = np.asarray(p, dtype=float)
    finite = values[~np.isnan(values)]
    if len(finite) and (finite.min() < 0 or finite.max() > 1):
        raise ValueError("p-values lie between 0 and 1")
    order = np.argsort(finite, kind="stable")
    stepped = finite[order] * len(finite) / np.arange(1, len(finite) + 1)
    adjusted = np.empty(len(finite))
    adjusted[order] = np.minimum(1.0, np.minimum.accumulate(stepped[::-1])[::-1])
    result = np.full(values.shape, np.nan)
    result[~np.isnan(values)] = adjusted
    return result


def drawn_error(p: np.ndarray, draws: int) -> np.ndarray:
    """Return the standard error √(p (1 - p) / `draws`) of shares that were drawn.

    With 0 `draws` the shares are exact: 0, and NaN where `p` is.

    A hundred draws, of which half go as far:

    >>> drawn_error(np.array([0.5]), 100).tolist()
    [0.05]
    """
    return np.sqrt(p * (1 - p) / draws) if draws else p * 0.0


def warn_of_one_case(n_cases: int, what: str) -> None:
    """Warn where there is but one case, which tells nothing of how far cases differ.

    >>> warn_of_one_case(2, "rates")
    """
    if n_cases < 2:
        warnings.warn(
            f"no range of {what}: it needs at least 2 cases, and there is {n_cases}",
            UndefinedMeasure,
            stacklevel=3,
        )


def case_weights(stratum: np.ndarray, n: int, seed: int | Sequence[int]) -> np.ndarray:
    """Draw cases with replacement within strata, `n` times.

    `stratum` (cases,) says to which group each case belongs. Returns (n, cases) int16: how often
    each case is in each draw; every draw has as many cases of a stratum as there are, so that the
    only case of a stratum is in each once. Without cases the result is (n, 0).

    In every draw as many cases of each group as there are:

    >>> drawn = case_weights(np.array([0, 0, 1]), 2, seed=1)
    >>> drawn.shape, drawn[:, :2].sum(axis=1).tolist(), drawn[:, 2].tolist()
    ((2, 3), [2, 2], [1, 1])
    """
    generator = np.random.default_rng(seed)
    weights = np.zeros((n, len(stratum)), dtype=np.int16)
    for group in np.unique(stratum):
        members = np.flatnonzero(stratum == group)
        size = len(members)
        drawn = generator.integers(size, size=(n, size), dtype=np.int32)
        drawn += np.arange(n, dtype=np.int32)[:, None] * size
        weights[:, members] = np.bincount(drawn.ravel(), minlength=n * size).reshape(n, size)
    return weights


def quantile_ranges(values: np.ndarray, level: float) -> np.ndarray:
    """Return (rows, 2): the middle `level` of each row of `values` (rows, draws).

    Quantiles by the inverse of the empirical distribution, as R's type 1: always a value that
    was drawn. NaN draws are left out; a row of nothing else gives NaN.

    >>> quantile_ranges(np.arange(100.0)[None, :], 0.9).tolist()
    [[4.0, 94.0]]
    """
    tail = (1 - level) / 2
    result = np.full((len(values), 2), np.nan)
    if not np.isnan(values).any():
        low, high = _places(values.shape[1], tail)
        ordered = np.partition(values, (low, high), axis=1)
        return np.column_stack([ordered[:, low], ordered[:, high]]).astype(float)
    for row, drawn in enumerate(values):
        kept = drawn[~np.isnan(drawn)]
        if len(kept):
            low, high = _places(len(kept), tail)
            result[row] = np.partition(kept, (low, high))[[low, high]]
    return result


def _places(n: int, tail: float) -> tuple[int, int]:
    # The rounding keeps 0.025 x 10,000 from becoming 250.00000000000023.
    low = max(int(np.ceil(round(n * tail, 9))) - 1, 0)
    return low, max(int(np.ceil(round(n * (1 - tail), 9))) - 1, 0)
