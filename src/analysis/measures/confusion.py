"""Where people and program part: who found the code in the cases that both coded."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from analysis.measures.corrected import Sampled
from analysis.measures.ranges import LEVEL, agresti_caffo


def confusion(
    sampled: Sampled, people: ArrayLike, program: ArrayLike, among: ArrayLike
) -> dict[str, float]:
    """Count the read cases of a group by who found the code: both, people_only, program_only, neither.

    With found (the share of what people found that the program found, NaN where people found none)
    and right (the share of what the program found that people found).

    >>> design = Sampled(list("abcd"), np.zeros(4, dtype=int), np.ones(4, dtype=bool))
    >>> told = confusion(design, [1, 1, 0, 0], [1, 0, 1, 0], np.ones(4, dtype=bool))
    >>> told["both"], told["people_only"], told["program_only"], told["neither"], told["found"]
    (1, 1, 1, 1, 0.5)
    """
    here = sampled.read & np.asarray(among, dtype=bool)
    y, f = np.asarray(people)[here] > 0, np.asarray(program)[here] > 0
    both, missed, extra = int((y & f).sum()), int((y & ~f).sum()), int((~y & f).sum())
    return {
        "both": both,
        "people_only": missed,
        "program_only": extra,
        "neither": int((~y & ~f).sum()),
        "found": both / (both + missed) if both + missed else math.nan,
        "right": both / (both + extra) if both + extra else math.nan,
    }


def found_less(one: dict[str, float], rest: dict[str, float], level: float = LEVEL) -> bool:
    """Return whether the program found less of what people found in the one group than in the rest.

    `one`, `rest` from `confusion`: the whole range of the difference (`ranges.agresti_caffo`) lies
    below 0. False where people found nothing in one of them.

    >>> found_less({"both": 0, "people_only": 9}, {"both": 9, "people_only": 0})
    True
    """
    sizes = [int(told["both"] + told["people_only"]) for told in (one, rest)]
    if not all(sizes):
        return False
    _, high = agresti_caffo(int(one["both"]), sizes[0], int(rest["both"]), sizes[1], level)
    return high < 0
