"""The distribution of a sum of independent counts, such as those of thousands of sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

# Up to so many are convolved one after the other; more in batches, whose sums are then added.
AT_ONCE = 512
# Too little to be seen in any sum of chances, and far from where numbers underflow.
_NO_CHANCE = 1e-290


def added(masses: Sequence[np.ndarray]) -> tuple[int, np.ndarray]:
    """Return the least count, and the probabilities of it and of those that follow (counts,).

    `masses`: of each count the probabilities of 0, 1, … By convolution, exactly; of more than 512
    the counts at either end with a chance below 1e-290 are left out, which are nearly all, so that
    time grows little faster than the number of counts.

    >>> least, chances = added([np.array([0.5, 0.5])] * 2)
    >>> least, chances.tolist()
    (0, [0.25, 0.5, 0.25])
    """
    if len(masses) <= AT_ONCE:
        return 0, np.asarray(reduce(np.convolve, masses, np.ones(1)))
    least, whole = 0, np.ones(1)
    for at in range(0, len(masses), AT_ONCE):
        whole = np.convolve(whole, added(masses[at : at + AT_ONCE])[1])
        likely = np.flatnonzero(whole > _NO_CHANCE)
        least, whole = least + int(likely[0]), whole[likely[0] : likely[-1] + 1]
    return least, whole


def trimmed(mass: np.ndarray) -> np.ndarray:
    """Return `mass` without the noughts at its end, most of the time as it is.

    >>> trimmed(np.array([0.5, 0.5, 0.0])).tolist()
    [0.5, 0.5]
    """
    if len(mass) and mass[-1]:
        return mass
    return mass[: int(np.flatnonzero(mass)[-1]) + 1] if mass.any() else mass[:0]


def tails(parts: list[list[np.ndarray]], observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean and the upper tail of each pair's total, (pairs,) each.

    `parts`: for each pair the masses in every source, which are independent; `observed` (pairs,).

    >>> [each.tolist() for each in tails([[np.array([0.5, 0.5])] * 2], np.array([2]))]
    [[1.0], [0.25]]
    """
    expected, tail = np.zeros(len(parts)), np.ones(len(parts))
    for pair, masses in enumerate(parts):
        least, total = added([trimmed(mass) for mass in masses])
        expected[pair] = np.arange(least, least + len(total)) @ total
        tail[pair] = min(float(total[max(int(observed[pair]) - least, 0) :].sum()), 1.0)
    return expected, tail


@dataclass(frozen=True)
class Masses:
    """The masses of pairs in some sources: of each (n,) its `pair`, and how many of `mass` are its own.

    By pair, then in order of the sources.
    """

    pair: np.ndarray
    size: np.ndarray
    mass: np.ndarray


def packed(parts: list[list[np.ndarray]]) -> Masses:
    """Lay the masses of each pair in some sources end to end, given as `tails` takes them (pairs,).

    >>> packed([[np.array([0.5, 0.5])], []]).mass.tolist()
    [0.5, 0.5]
    """
    every = [mass for own in parts for mass in own]
    return Masses(
        np.repeat(np.arange(len(parts)), [len(own) for own in parts]),
        np.array([len(mass) for mass in every], dtype=np.int64),
        np.concatenate([np.zeros(0), *every]),
    )


def together(parts: Sequence[Masses], n_pairs: int) -> list[list[np.ndarray]]:
    """Return of each pair the masses in all parts of a corpus, in their order: they are not added yet, so that
    how the corpus was cut changes no sum.

    >>> together([packed([[np.array([1.0])]]), packed([[np.array([0.5, 0.5])]])], 1)[0][1].tolist()
    [0.5, 0.5]
    """
    found: list[list[np.ndarray]] = [[] for _ in range(n_pairs)]
    for part in parts:
        pieces = np.split(part.mass, np.cumsum(part.size)[:-1]) if len(part.size) else []
        for pair, mass in zip(part.pair.tolist(), pieces, strict=True):
            found[pair].append(mass)
    return found
