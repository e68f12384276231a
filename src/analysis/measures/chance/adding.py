"""The distribution of a sum of independent counts, such as those of thousands of sources."""

from __future__ import annotations

from collections.abc import Sequence
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
