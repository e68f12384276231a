"""Drawing cases by a design that anybody can draw again.

Each case has a number between 0 and 1 for good, made of the seed and its id alone; of each stratum
those with the smallest numbers are taken (permanent random numbers, Ohlsson 1995). So the order of
the register does not matter, a sample can grow, a case that leaves takes no other with it, and
whether somebody swapped a case can be seen.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

ALL = "all"
# Fewer than two cases of a stratum cannot show how far cases differ.
AT_LEAST = 2


@dataclass(frozen=True)
class Design:
    """How a sample was drawn: `kinds` of sources, `strata` (columns of the register), `seed`, the
    day, and of each stratum how many cases there were and how many were drawn."""

    seed: int
    drawn: str
    kinds: tuple[str, ...]
    strata: tuple[str, ...]
    cases: Mapping[str, int]
    sampled: Mapping[str, int]

    def probability(self, stratum: str) -> float:
        """With which probability a case of `stratum` was drawn."""
        return self.sampled[stratum] / self.cases[stratum]


def number_of(seed: int, case_id: str) -> float:
    """The number of a case, at least 0 and below 1: the same for ever, and like no other's."""
    digest = hashlib.sha256(f"{seed}\n{case_id}".encode()).digest()
    return int.from_bytes(digest[:6], "big") / 2**48


def frame_of(sources: pd.DataFrame, strata: Sequence[str]) -> pd.Series:
    """Case -> its stratum, from the rows of the register that a sample is drawn of, sorted.

    A stratum is called by the values of `strata`, ' / ' between them; without strata all cases are
    in one. Raises ValueError that names the cases of which two sources lie in different strata.
    """
    if strata:
        named = sources[list(strata)].astype(str).agg(" / ".join, axis=1)
    else:
        named = pd.Series(ALL, index=sources.index)
    told = pd.DataFrame({"case_id": sources["case_id"], "stratum": named}).drop_duplicates()
    divided = sorted(told.loc[told["case_id"].duplicated(), "case_id"].unique())
    if divided:
        more = f" and {len(divided) - 5} more" if divided[5:] else ""
        raise ValueError(f"cases in two strata: {', '.join(divided[:5])}{more}")
    return told.set_index("case_id")["stratum"].sort_index()


def allocated(cases: Mapping[str, int], size: int) -> dict[str, int]:
    """How many of `size` cases are drawn of each stratum, in proportion to how many it has.

    Largest remainders decide, ties by name; every stratum gets `AT_LEAST`, or all that it has, even
    if that makes the sample larger; none more than it has.
    """
    total = sum(cases.values())
    size = min(size, total)
    exact = {name: size * count / total for name, count in cases.items()}
    given = {name: math.floor(share) for name, share in exact.items()}
    by_rest = sorted(exact, key=lambda name: (given[name] - exact[name], name))
    for name in by_rest[: size - sum(given.values())]:
        given[name] += 1
    return {name: min(max(given[name], AT_LEAST), cases[name]) for name in sorted(cases)}


def drawn(frame: pd.Series, seed: int, sampled: Mapping[str, int]) -> list[str]:
    """The cases of a sample, in the order in which they are to be coded.

    `frame` as `frame_of`. However far people come in this order, what they have coded is of each
    stratum a random part: strata take turns, in proportion to what was drawn of them.
    """
    ranked = ranks(frame, seed)
    taken = {
        case: rank / sampled[str(frame[case])]
        for case, rank in ranked.items()
        if rank < sampled.get(str(frame[case]), 0)
    }
    return sorted(taken, key=lambda case: (taken[case], number_of(seed, case)))


def ranks(frame: pd.Series, seed: int) -> dict[str, int]:
    """Case -> its place within its stratum, from 0, by its number."""
    places: dict[str, int] = {}
    for _, own in frame.groupby(frame):
        ordered = sorted(map(str, own.index), key=lambda case: (number_of(seed, case), case))
        places |= {case: place for place, case in enumerate(ordered)}
    return places
