"""Passages exchanged freely where several coders read one source.

A passage is told by who put the code on it: its coders. The code that moves takes its passages
along with their coders, and meets the other where one coder put both. How many of its passages
with the same coders come to lie on passages of the other with the same coders is multivariate
hypergeometric; the count is a sum of these numbers.
"""

from __future__ import annotations

import itertools
import math
from functools import lru_cache

import numpy as np

#: How many passages have which coders, a bit for each coder; with those that have none.
Tally = tuple[tuple[int, int], ...]

# Beyond this many steps an exact answer takes minutes.
_MOST_STEPS = 2_000_000_000


def shuffled_readings(held: np.ndarray, stays: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """Return (counts, pairs): the mass of each count over all placings of the moving code.

    `held` (coders, passages, codes) of bool; `stays`, `moves` (pairs,). Raises ValueError where
    codes are in so many passages of so many coders that the sum cannot be done in minutes.

    Two coders put one code each on the one passage of two, and both the other code: whoever moves, the
    codes meet on either passage or on none.

    >>> held = np.array([[[True, True], [False, False]], [[True, True], [False, False]]])
    >>> shuffled_readings(held, np.array([0]), np.array([1])).tolist()
    [[0.5], [0.5]]
    """
    bits = 1 << np.arange(len(held), dtype=np.int64)
    tallies = [_tally(coders) for coders in np.tensordot(bits, held.astype(np.int64), axes=1).T]
    masses = [
        _placed(tallies[one], tallies[other]) for one, other in zip(stays, moves, strict=True)
    ]
    table = np.zeros((max(map(len, masses), default=1), len(masses)))
    for pair, mass in enumerate(masses):
        table[: len(mass), pair] = mass
    return table


def _tally(coders: np.ndarray) -> Tally:
    values, counts = np.unique(coders, return_counts=True)
    return tuple(zip(values.tolist(), counts.tolist(), strict=True))


@lru_cache(maxsize=4096)
def _placed(stays: Tally, moves: Tally) -> np.ndarray:
    """Return the mass of each count 0, 1, ….

    Passages of the code that stays are filled kind by kind. Each takes a moving passage of each
    kind with a probability that does not matter, for in the end all of them are placed.
    """
    kinds, sizes = [kind for kind, _ in moves if kind], [size for kind, size in moves if kind]
    total = sum(size for _, size in stays)
    most = min(sum(sizes), sum(size for kind, size in stays if kind))
    room = math.prod(size + 1 for size in sizes)
    if room * room * (most + 1) * len(stays) > _MOST_STEPS:
        raise ValueError(
            "shuffle takes too long where several coders put codes on so many passages of one "
            "source: choose one coder's codings, or null='shift'"
        )
    shares = [size / total for size in sizes]
    none = (total - sum(sizes)) / total
    # By how many of each kind are placed, and how many of them meet the code that stays.
    table = np.zeros([*(size + 1 for size in sizes), most + 1])
    table[(0,) * table.ndim] = 1.0
    for kind, size in stays:
        filled = np.zeros_like(table)
        for placed in itertools.product(*(range(min(each, size) + 1) for each in sizes)):
            free = size - sum(placed)
            if free < 0 or (free and none <= 0):
                continue
            log = math.lgamma(size + 1) - math.lgamma(free + 1)
            log += free * math.log(none) if free else 0.0
            for each, share in zip(placed, shares, strict=True):
                log += each * math.log(share) - math.lgamma(each + 1)
            met = sum(each for each, who in zip(placed, kinds, strict=True) if who & kind)
            into = tuple(slice(each, None) for each in (*placed, met))
            out_of = tuple(
                slice(0, length - each)
                for each, length in zip((*placed, met), table.shape, strict=True)
            )
            filled[into] += math.exp(log) * table[out_of]
        table = filled
    mass = table[tuple(sizes)]
    return np.asarray(mass / mass.sum())
