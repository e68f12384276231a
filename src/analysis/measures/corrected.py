"""What a program coded, corrected by what people coded of a sample drawn by a recorded design.

A program codes every case, people code a random part of them. Counting the program's codings alone
gives a number whose error does not shrink however much is coded; the people's alone wastes the rest.
The difference estimator takes the program's figure over all cases and adds what people and program
differ by where both coded, weighted by the design: it is about right whatever the program does.

    share = l F / M + sum w (y - l f) / sum w m        (sums over read cases, F and M over all)

y people's and f the program's count of a case, m its size (1 for shares of cases), w the inverse of
the probability with which the case was drawn. l, between 0 (people alone) and 1, is chosen so that
the range is short (power tuning, Angelopoulos, Duchi & Zrnic 2023, PPI++; l = 1 is the estimator of
Angelopoulos et al. 2023, Science 382:669, and with design weights of Egami et al. 2023, DSL). Cases
are drawn, so cases are what varies: passages of one case never count as independent. The range is
for this corpus, as the same people would have coded all of it (finite population correction).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from analysis.measures.ranges import LEVEL

# Two cases in which people and program differ, once each way, are added to those that were seen: a
# sample in which they never or hardly differed does not show that they never do (after Agresti &
# Coull 1998).
_ADDED = 2


@dataclass(frozen=True)
class Sampled:
    """Which cases were drawn and read: all (n,), in one order.

    `case_ids`; `stratum` (numbers from 0); `read`: whether people coded all of the case, chosen by
    the design alone. Within a stratum every case had the same probability.
    """

    case_ids: Sequence[str]
    stratum: np.ndarray
    read: np.ndarray

    def __post_init__(self) -> None:
        if not len(self.case_ids) == len(self.stratum) == len(self.read):
            raise ValueError("case_ids, stratum and read are not of one length")
        scarce = [
            number
            for number in np.unique(self.stratum)
            if self._count(number, self.read) < min(2, self._count(number))
        ]
        if scarce:
            raise ValueError(f"{len(scarce)} strata have fewer than 2 cases that people read")

    def _count(self, stratum: int, of: np.ndarray | None = None) -> int:
        here = self.stratum == stratum
        return int((here if of is None else here & of).sum())

    @property
    def weight(self) -> np.ndarray:
        """The inverse of the probability (n,) with which each case was drawn and read."""
        number = int(self.stratum.max(initial=-1)) + 1
        cases = np.bincount(self.stratum, minlength=number)
        read = np.bincount(self.stratum[self.read], minlength=number)
        return np.asarray((cases / np.maximum(read, 1))[self.stratum])


@dataclass(frozen=True)
class Estimate:
    """A share, or a difference of two: by the program alone, and corrected, with its range.

    `read` cases of `cases` were coded by people; `tuning` is how much of the program's count is
    used (0 to 1; of the first group where two are compared).
    """

    uncorrected: float
    corrected: float
    lower: float
    upper: float
    read: int
    cases: int
    tuning: float

    def half_width_after(self, more: int) -> float:
        """About half the width of the range when people have read `more` further cases."""
        now = 1 / self.read - 1 / self.cases
        then = max(1 / (self.read + more) - 1 / self.cases, 0.0)
        return (self.upper - self.lower) / 2 * math.sqrt(then / now) if now > 0 else 0.0

    @property
    def to_halve(self) -> int:
        """About how many further cases people would have to read for half the range."""
        quarter = (1 / self.read - 1 / self.cases) / 4 + 1 / self.cases
        return max(0, math.ceil(1 / quarter) - self.read)


def corrected_share(
    sampled: Sampled,
    people: ArrayLike,
    program: ArrayLike,
    size: ArrayLike | None = None,
    *,
    among: ArrayLike | None = None,
    tuning: float | None = None,
    level: float = LEVEL,
) -> Estimate:
    """Return the share of `size` that carries a code, had people coded every case.

    All (n cases,): `people`, what people count in a case (looked at only where it was read);
    `program`, what the program counts; `size`, of how many (1 each by default: the share of cases);
    `among`, the cases of a group (all). `tuning` fixes how much of the program's count is used.
    The range is by the t distribution, on the linearised differences between people and program
    within strata, with two cases added in which they differ; it holds what was read itself: no
    fewer than people found, no more than they left open. NaN where fewer than two cases of the
    group were read. Raises ValueError for arrays of other lengths and a level outside 0 to 1.

    All of five cases are read, and people found the code in three of them:

    >>> design = Sampled(list("abcde"), np.zeros(5, dtype=int), np.ones(5, dtype=bool))
    >>> found = corrected_share(design, [1, 0, 0, 1, 1], [0, 1, 0, 0, 1])
    >>> round(found.lower, 9), round(found.corrected, 9), round(found.upper, 9)
    (0.6, 0.6, 0.6)
    """
    part = _Part.of(sampled, people, program, size, among, tuning)
    half = part.half(level)
    low, high = part.known
    return Estimate(
        part.uncorrected,
        float(np.clip(part.corrected, low, high)),
        float(np.clip(part.corrected - half, low, high)),
        float(np.clip(part.corrected + half, low, high)),
        part.n_read,
        part.n_cases,
        part.tuning,
    )


def corrected_difference(
    sampled: Sampled,
    people: ArrayLike,
    program: ArrayLike,
    among: ArrayLike,
    than: ArrayLike,
    size: ArrayLike | None = None,
    *,
    level: float = LEVEL,
) -> Estimate:
    """Return the share `among` some cases less the share among other cases (`than`).

    Arguments, NaN and errors as in `corrected_share`; the range never beyond -1 to 1.

    All of four cases are read: two of two against none of two.

    >>> design = Sampled(list("abcd"), np.zeros(4, dtype=int), np.ones(4, dtype=bool))
    >>> people, young = [1, 1, 0, 0], np.array([True, True, False, False])
    >>> round(corrected_difference(design, people, people, young, ~young).corrected, 9)
    1.0
    """
    one, other = (_Part.of(sampled, people, program, size, group, None) for group in (among, than))
    both = one.added_to(other, sign=-1.0)
    difference = one.corrected - other.corrected
    half = both.half(level)
    return Estimate(
        one.uncorrected - other.uncorrected,
        difference,
        max(difference - half, -1.0),
        min(difference + half, 1.0),
        one.n_read + other.n_read,
        one.n_cases + other.n_cases,
        one.tuning,
    )


@dataclass(frozen=True)
class _Part:
    """One share: its figures, and the linearised value of each read case of the corpus."""

    uncorrected: float
    corrected: float
    known: tuple[float, float]
    n_read: int
    n_cases: int
    tuning: float
    linearised: np.ndarray
    stratum: np.ndarray
    left: np.ndarray
    added: float

    @classmethod
    def of(
        cls,
        sampled: Sampled,
        people: ArrayLike,
        program: ArrayLike,
        size: ArrayLike | None,
        among: ArrayLike | None,
        tuning: float | None,
    ) -> _Part:
        n = len(sampled.case_ids)
        group = np.ones(n, dtype=bool) if among is None else np.asarray(among, dtype=bool)
        m = np.ones(n) if size is None else np.asarray(size, dtype=float)
        y, f = np.asarray(people, dtype=float), np.asarray(program, dtype=float)
        if not len(group) == len(m) == len(y) == len(f) == n:
            raise ValueError(f"people, program, size and group are not of {n} cases each")
        read = sampled.read
        here = group[read]
        whole = m[group].sum()
        y, f_read, m_read, w = y[read], f[read], m[read], sampled.weight[read]
        weights = w * here
        seen = (weights * m_read).sum()
        cases = np.bincount(sampled.stratum)
        left = 1 - np.bincount(sampled.stratum[read], minlength=len(cases)) / np.maximum(cases, 1)
        if here.sum() < 2 or seen == 0:
            nothing = np.full(int(read.sum()), math.nan)
            return cls(
                float(f[group].sum() / whole) if whole else math.nan,
                math.nan,
                (0.0, 1.0),
                int(here.sum()),
                int(group.sum()),
                math.nan,
                nothing,
                sampled.stratum[read],
                left,
                math.nan,
            )
        if tuning is None:
            tuning = _tuned(y, f_read, m_read, weights)
        differ = y - tuning * f_read
        mean = (weights * differ).sum() / seen
        unequal = np.abs(y - f_read)[here & (y != f_read)]
        step = float(unequal.mean()) if len(unequal) else 1.0
        mean_weight = weights.sum() / here.sum()
        open_part = float((left[sampled.stratum[read]] * weights).sum() / weights.sum())
        added = _ADDED * open_part * (step * mean_weight / seen) ** 2
        found, none = y[here].sum() / whole, (m_read - y)[here].sum() / whole
        return cls(
            float(f[group].sum() / whole),
            float(tuning * f[group].sum() / whole + mean),
            (float(found), float(1 - none)),
            int(here.sum()),
            int(group.sum()),
            float(tuning),
            weights * (differ - mean * m_read) / seen,
            sampled.stratum[read],
            left,
            added,
        )

    def added_to(self, other: _Part, sign: float) -> _Part:
        return _Part(
            math.nan,
            math.nan,
            (-1.0, 1.0),
            self.n_read + other.n_read,
            0,
            math.nan,
            self.linearised + sign * other.linearised,
            self.stratum,
            self.left,
            self.added + other.added,
        )

    def half(self, level: float) -> float:
        """Half the width of the range."""
        from scipy.special import stdtrit

        if not 0 < level < 1:
            raise ValueError(f"a level of {level} is not between 0 and 1")
        variance, strata = self.added, 0
        for number in np.unique(self.stratum):
            own = self.linearised[self.stratum == number]
            strata += bool(np.any(own))
            if len(own) > 1:
                variance += self.left[number] * len(own) * float(own.var(ddof=1))
        freedom = max(self.n_read - max(strata, 1) - 1, 1)
        return float(stdtrit(freedom, (1 + level) / 2)) * math.sqrt(variance)


def _tuned(y: np.ndarray, f: np.ndarray, m: np.ndarray, w: np.ndarray) -> float:
    """How much of the program's count to use: the slope of people's on it, within 0 to 1."""
    apart_y = y - (w * y).sum() / (w * m).sum() * m
    apart_f = f - (w * f).sum() / (w * m).sum() * m
    spread = (w * apart_f**2).sum()
    return float(np.clip((w * apart_f * apart_y).sum() / spread, 0, 1)) if spread > 0 else 0.0
