"""Redrawing cases, adjusting p: the engines that the measures share."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from analysis.measures import UndefinedMeasure

# Draws are handled in blocks of at most this many cells: bounded memory, and within the cache.
_BLOCK = 2_000_000


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


def too_few_to_redraw(n_cases: int, what: str) -> bool:
    """Return whether there is but one case, whose redrawing moves nothing, and warn if so."""
    if n_cases >= 2:
        return False
    warnings.warn(
        f"no range of {what}: redrawing needs at least 2 cases, and there is {n_cases}",
        UndefinedMeasure,
        stacklevel=3,
    )
    return True


def case_weights(stratum: np.ndarray, n: int, seed: int | Sequence[int]) -> np.ndarray:
    """Draw cases with replacement within strata, `n` times.

    `stratum` (cases,) says to which group each case belongs. Returns (n, cases) int16: how often
    each case is in each draw; every draw has as many cases of a stratum as there are, so that the
    only case of a stratum is in each once. Without cases the result is (n, 0).
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


def sum_ranges(weights: np.ndarray, by_case: np.ndarray, level: float = 0.95) -> np.ndarray:
    """Return (rows, 2): ranges of each row's sum when cases are redrawn.

    `weights` (draws, cases) from `case_weights`, `by_case` (rows, cases); the edges are those of
    `quantile_ranges`. Without rows the result is (0, 2); of one case both edges are its own value.
    """
    whole = np.issubdtype(by_case.dtype, np.integer)
    # Whole numbers below 2**24 are exact in single precision, at half the cost.
    exact = (
        whole
        and by_case.size > 0
        and float(np.abs(by_case).max(axis=1).max()) * weights.shape[1] < 2**24
    )
    kind = np.float32 if exact else np.float64
    turned = np.ascontiguousarray(weights.T, dtype=kind)
    rows = np.ascontiguousarray(by_case, dtype=kind)
    step = max(1, _BLOCK // max(len(weights), 1))
    ranges = _counted_ranges if whole else quantile_ranges
    parts = [
        ranges(np.matmul(rows[at : at + step], turned), level) for at in range(0, len(rows), step)
    ]
    return np.vstack(parts) if parts else np.zeros((0, 2))


def _counted_ranges(values: np.ndarray, level: float) -> np.ndarray:
    """Return what `quantile_ranges` does, of whole numbers: by counting each, not by ordering.

    Where a row spreads over more numbers than it has draws, ordering is quicker after all.
    """
    n_rows, n_draws = values.shape
    least = values.min(axis=1, initial=np.inf)
    span = int((values.max(axis=1, initial=-np.inf) - least).max()) + 1 if values.size else 0
    if not 0 < span <= n_draws:
        return quantile_ranges(values, level)
    above = (values - least[:, None]).astype(np.int64)
    above += np.arange(n_rows)[:, None] * span
    counted = np.bincount(above.ravel(), minlength=n_rows * span).reshape(n_rows, span)
    up_to = counted.cumsum(axis=1)
    places = _places(n_draws, (1 - level) / 2)
    return np.column_stack([least + (up_to <= place).sum(axis=1) for place in places]).astype(float)


def ratio_ranges(
    weights: np.ndarray, above: np.ndarray, below: np.ndarray, level: float = 0.95
) -> np.ndarray:
    """Return (rows, 2): ranges of sum(above) / sum(below) when cases are redrawn.

    `weights` (draws, cases) from `case_weights`, `above` (rows, cases), `below` (cases,). Draws
    whose denominator is 0 are left out; where it is 0 in all, both edges are NaN. Without rows the
    result is (0, 2).
    """
    drawn_below = weights @ np.asarray(below, dtype=float)
    turned = np.ascontiguousarray(weights.T, dtype=float)
    parts = []
    step = max(1, _BLOCK // max(len(weights), 1))
    for at in range(0, len(above), step):
        drawn = np.asarray(above[at : at + step], dtype=float) @ turned
        ratio = np.divide(
            drawn, drawn_below, out=np.full(drawn.shape, np.nan), where=drawn_below > 0
        )
        parts.append(quantile_ranges(ratio, level))
    return np.vstack(parts) if parts else np.zeros((0, 2))
