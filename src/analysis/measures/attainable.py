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
    """Return P(X > found) + P(X = found) / 2 when `drawn` of `size` cases are drawn, `marked` of them
    carrying.

    The mid-p of Fisher's exact test, upper tail (Lancaster 1961). Fisher's own p is so coarse at
    these sizes that its real level lies far below the one asked for; the largest real level of
    the mid-p is in `docs/calibration.md`. Raises ValueError for numbers that cannot be.

    Two groups of three, and three of the six carry: only one of 20 ways puts all of them into the
    first group, and half of it counts.

    >>> mid_tail(3, 3, 3, 6)
    0.025
    """
    if not (0 <= marked <= size and 0 <= drawn <= size and found >= 0):
        raise ValueError(f"{found} of {marked} marked and {drawn} drawn, of {size}, cannot be")
    ways = [
        math.comb(marked, count) * math.comb(size - marked, drawn - count)
        for count in range(found, min(marked, drawn) + 1)
    ]
    return (sum(ways) - ways[0] / 2) / math.comb(size, drawn) if ways else 0.0


def least_contrast(marked: int, drawn: int, size: int) -> float:
    """Return the least `mid_tail` that any outcome with these margins could have.

    Of three carriers in two groups of three, the least is that of three against none.

    >>> least_contrast(3, 3, 6)
    0.025
    """
    return mid_tail(min(marked, drawn), marked, drawn, size)


def binomial_mid_tail(found: int, size: int, share: float) -> float:
    """Return P(X > found) + P(X = found) / 2 of `size` cases that each carry with chance `share`.

    Three of three at even chance: half of 1/8.

    >>> binomial_mid_tail(3, 3, 0.5)
    0.0625
    """
    masses = [
        math.comb(size, count) * share**count * (1 - share) ** (size - count)
        for count in range(found, size + 1)
    ]
    return min(1.0, sum(masses) - masses[0] / 2) if masses else 0.0


def tarone(least: ArrayLike, allowed: float) -> np.ndarray:
    """Return which tests stay in the family: (tests,) of bool.

    `least` (tests,): the least p that each could have, NaN for what is not of the family; `allowed`:
    the share allowed in all. With k the smallest number for which at most k tests could reach
    `allowed` / k, those that could reach it stay (Tarone 1990; for the false discovery rate
    Gilbert 2005). None stays where none could.

    Three tests for .05 in all: two could reach .05 / 2, the third not even .05.

    >>> tarone([0.001, 0.02, 0.2], 0.05).tolist()
    [True, True, False]
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

    Two tests, of which the second could never come below .05: it leaves, and of the two p of the
    first the smaller is multiplied by 2.

    >>> q, q_other, stayed = adjusted_both_ways([0.01, 0.3], [1.0, 0.9], [0.001, 0.3], [0.001, 0.3], 0.05)
    >>> q.tolist(), q_other.tolist(), stayed.tolist()
    ([0.02, nan], [1.0, nan], [True, False])
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
    """Return the least outcomes of a contrast of shares that could be seen: (found, than_found).

    For each number in the one group the largest in the other whose `mid_tail` is at most
    `threshold`; an outcome is left out that a listed one already implies (fewer in the one group
    against as many in the other). Empty where no outcome could be.

    At 8 v 8, when a single contrast needs .05 / 12:

    >>> visible(8, 8, 0.05 / 12)
    [(6, 0), (7, 1), (8, 2)]
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
    """Return what a contrast of `size` with `than_size` cases can show, in one sentence without full stop.

    `threshold`: the p that a single contrast needs at the first step of the adjustment, `allowed`
    / tests of the family in both directions.

    >>> told_beforehand(2, 2, 0.05)
    'with 2 v 2 cases no difference of shares can be seen'
    """
    edges = visible(size, than_size, threshold)
    if not edges:
        return f"with {size} v {than_size} cases no difference of shares can be seen"
    listed = ", ".join(f"{found}–{than}" for found, than in edges)
    return f"with {size} v {than_size} only {listed} or more can be seen"


def rates_told_beforehand(size: int, than_size: int, threshold: float) -> str:
    """Return that a contrast of rates can show nothing with so few cases, or '' where it can.

    The least p is that of one of all arrangements.

    >>> rates_told_beforehand(3, 3, 0.05 / 12), rates_told_beforehand(8, 8, 0.05 / 12)
    ('with 3 v 3 cases no difference of rates can be seen', '')
    """
    if math.comb(size + than_size, size) * threshold >= 1:
        return ""
    return f"with {size} v {than_size} cases no difference of rates can be seen"


def reach_told_beforehand(size: int, share: float, threshold: float, *, short: bool) -> str:
    """Return what a reach of `share` could show if all of `size` cases carried the first code.

    `short`: that fewer do, rather than at least so many.

    >>> reach_told_beforehand(8, 0.8, 0.05, short=False)
    'with 8 cases it cannot be seen that at least 80% carry a second code'
    >>> reach_told_beforehand(16, 0.5, 0.05 / 18, short=True)
    'with 16 cases it can only be seen that fewer than 50% carry a second code if at most 2 do'
    """
    aimed = f"{'fewer than' if short else 'at least'} {share:.0%} carry a second code"
    # Of the complement, at least so many.
    chance = 1 - share if short else share
    seen = [n for n in range(size + 1) if binomial_mid_tail(n, size, chance) <= threshold]
    if not seen:
        return f"with {size} cases it cannot be seen that {aimed}"
    bound = f"at most {size - seen[0]}" if short else f"at least {seen[0]}"
    return f"with {size} cases it can only be seen that {aimed} if {bound} do"
