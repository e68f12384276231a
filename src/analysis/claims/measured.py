"""What was counted for one expectation, and what the rule that several kinds share makes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from analysis.claims.terms import ABSENT, OPPOSITE, PRESENT, UNTOLD, VARIES
from analysis.study.choices import Choices

# Differences of shares are sums of fractions: 0.3 - 0.1 must count as 0.2.
ROUNDING = 1e-9


@dataclass(frozen=True)
class Measured:
    """What was counted for one expectation, in the expected direction.

    `n` of `n_of`: cases of the group (prevalence, contrast), cases with `from` that carry `to`
    (reach), units in which two codes meet of those that hold either (association); `than_n` of
    `than_of`: cases of the other group. `p`, `p_other`: shares of rearrangements at least as far
    in the expected and in the other direction, NaN for kinds without a null, and `p_error` the
    standard error of `p` where it had to be drawn, else 0; `least`, `least_other`: what
    these could be at least with such cases.
    """

    effect: float
    lower: float
    upper: float
    n: int
    n_of: int
    too_few: bool
    than_n: int = 0
    than_of: int = 0
    p: float = math.nan
    p_other: float = math.nan
    expected: float = math.nan
    n_sources: int = 0
    least: float = 0.0
    least_other: float = 0.0
    p_error: float = 0.0

    @property
    def crosses(self) -> bool:
        """Whether nothing at all lies within the range."""
        return self.lower <= ROUNDING and self.upper >= -ROUNDING


class Told(NamedTuple):
    """What a table of the rule says of a kind: its effect, and when its pattern is which."""

    effect: str
    present: str
    opposite: str
    absent: str


def told_by_difference(effect: str, choices: Choices) -> Told:
    """What is told of a kind whose pattern is `by_difference`, with the thresholds of the study."""
    least, share = f"{choices.smallest_difference:g}", f"{choices.rearranged_share:g}"
    expected, other = (
        f"the effect is at least {least} on the {side} side, so is its whole range, and q is at"
        f" most {share}"
        for side in ("expected", "other")
    )
    within = f"the whole range lies within {least} on either side"
    return Told(effect, expected, other, within)


def varies(found: Measured, q: float, q_other: float, choices: Choices) -> str:
    """The pattern of what is neither present, absent nor opposite: shown, but it depends; or not."""
    shown = q <= choices.rearranged_share or q_other <= choices.rearranged_share
    return VARIES if found.crosses and shown else UNTOLD


def by_difference(found: Measured, q: float, q_other: float, choices: Choices) -> str:
    """The pattern of an effect that has a smallest difference (`rule.RULE`)."""
    smallest = choices.smallest_difference - ROUNDING
    shown, shown_other = q <= choices.rearranged_share, q_other <= choices.rearranged_share
    if found.effect >= smallest and found.lower > ROUNDING and shown:
        return PRESENT
    if found.effect <= -smallest and found.upper < -ROUNDING and shown_other:
        return OPPOSITE
    if -smallest < found.lower and found.upper < smallest:
        return ABSENT
    return varies(found, q, q_other, choices)
