"""What a comparison of so few cases can show at all, told before any of them is looked at.

A test of whole numbers has a least p: the one of the most one-sided outcome that its margins
allow. Where even that is too large, nothing can be shown, and the comparison need not burden the
others (Tarone 1990).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from analysis.measures.resampling import benjamini_hochberg


def mid_tail(found: int, marked: int, drawn: int, size: int) -> float:
    """P(X > found) + P(X = found) / 2 when `drawn` of `size` cases are drawn, `marked` of them
    carrying.

    The mid-p of Fisher's exact test, upper tail (Lancaster 1961). Fisher's own p is so coarse at
    these sizes that its real level lies far below the one asked for; the largest real level of
    the mid-p is in `docs/calibration.md`. Raises ValueError for numbers that cannot be.
    """
    if not (0 <= marked <= size and 0 <= drawn <= size and found >= 0):
        raise ValueError(f"{found} of {marked} marked and {drawn} drawn, of {size}, cannot be")
    ways = [
        math.comb(marked, count) * math.comb(size - marked, drawn - count)
        for count in range(found, min(marked, drawn) + 1)
    ]
    return (sum(ways) - ways[0] / 2) / math.comb(size, drawn) if ways else 0.0


def least_contrast(marked: int, drawn: int, size: int) -> float:
    """The least `mid_tail` that any outcome with these margins could have."""
    return mid_tail(min(marked, drawn), marked, drawn, size)


def binomial_mid_tail(found: int, size: int, share: float) -> float:
    """P(X > found) + P(X = found) / 2 of `size` cases that each carry with chance `share`."""
    masses = [
        math.comb(size, count) * share**count * (1 - share) ** (size - count)
        for count in range(found, size + 1)
    ]
    return min(1.0, sum(masses) - masses[0] / 2) if masses else 0.0


def tarone(least: ArrayLike, allowed: float) -> np.ndarray:
    """Which tests stay in the family: (tests,) of bool.

    `least` (tests,): the least p that each could have, NaN for what is not of the family; `allowed`:
    the share allowed in all. With k the smallest number for which at most k tests could reach
    `allowed` / k, those that could reach it stay (Tarone 1990; for the false discovery rate
    Gilbert 2005). None stays where none could.
    """
    values = np.asarray(least, dtype=float)
    for number in range(1, len(values) + 1):
        stays = np.asarray(values <= allowed / number)
        if stays.sum() <= number:
            return stays
    return np.zeros(len(values), dtype=bool)


def adjusted_both_ways(
    p: ArrayLike, p_other: ArrayLike, least: ArrayLike, least_other: ArrayLike, allowed: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Adjust p of both directions as one family: q, q of the other direction, and who stayed.

    All (tests,), NaN for what has no p. The family of Benjamini & Hochberg (1995) is every test in
    either direction that `tarone` leaves in it. What left has q NaN in that direction, and
    `stayed` is whether a test stayed in at least one.
    """
    both = np.concatenate([np.asarray(p, dtype=float), np.asarray(p_other, dtype=float)])
    reachable = np.concatenate(
        [np.asarray(least, dtype=float), np.asarray(least_other, dtype=float)]
    )
    stays = tarone(np.where(np.isnan(both), np.nan, reachable), allowed)
    q = benjamini_hochberg(np.where(stays, both, np.nan))
    half = len(q) // 2
    return q[:half], q[half:], stays[:half] | stays[half:]


def visible(size: int, than_size: int, threshold: float) -> list[tuple[int, int]]:
    """The least outcomes of a contrast of shares that could be seen: (found, than_found).

    For each number in the one group the largest in the other whose `mid_tail` is at most
    `threshold`; an outcome is left out that a listed one already implies (fewer in the one group
    against as many in the other). Empty where no outcome could be.
    """
    every = size + than_size
    edges: list[tuple[int, int]] = []
    for found in range(size + 1):
        reached = [
            than
            for than in range(than_size + 1)
            if mid_tail(found, found + than, size, every) <= threshold
        ]
        if reached and (not edges or reached[-1] > edges[-1][1]):
            edges.append((found, reached[-1]))
    return edges


def told_beforehand(size: int, than_size: int, threshold: float) -> str:
    """What a contrast of `size` with `than_size` cases can show, in one sentence without full stop.

    `threshold`: the p that a single contrast needs at the first step of the adjustment, `allowed`
    / tests of the family in both directions.
    """
    edges = visible(size, than_size, threshold)
    if not edges:
        return f"with {size} v {than_size} cases no difference of shares can be seen"
    listed = ", ".join(f"{found}–{than}" for found, than in edges)
    return f"with {size} v {than_size} only {listed} or more can be seen"
