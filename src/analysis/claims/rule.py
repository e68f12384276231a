"""The one rule by which an expectation gets its pattern, and a claim its coded pattern."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.claims.model import (
    ABSENT,
    OPPOSITE,
    PRESENT,
    STOPS_SHORT,
    TOO_FEW,
    VARIES,
)
from analysis.study.choices import Choices

CONSISTENT = "consistent"
PARTLY = "partly consistent"
AT_ODDS = "at odds"
TOO_LITTLE = "too little to say"
CODED_PATTERNS = (CONSISTENT, PARTLY, AT_ODDS, TOO_LITTLE)

#: Fewer sources than this with both codes: an association is not looked at.
MINIMUM_SOURCES = 3

RULE = (
    "Every effect is turned so that a positive one is as expected. "
    "Prevalence: cases of the group that carry the code, less the number expected, as a share of "
    "the group; present when the number is reached, else absent. "
    "Contrast: the case share of the one group less that of the other. "
    "Association: how often the codes meet, divided by how often they meet on average in "
    "rearrangements of the same codings, less one; dissociation: the same with its sign turned. "
    "Rearrangements move a code within each source; where the unit is the source, they exchange a "
    "code among sources of one kind. "
    "A contrast, association or dissociation is present when its effect is at least the smallest "
    "difference that counts, its whole resampling range lies on the expected side, and the share "
    "of rearrangements that go at least as far in that direction, after Benjamini-Hochberg over "
    "all expectations that have one, is no larger than the share allowed; it is opposite when all "
    "this holds in the other direction, absent when the effect is smaller than the smallest "
    "difference in either direction, and otherwise varies. "
    "Reach: the share of the cases with the first code that also carry the second, against the "
    "threshold of the claim; present when the whole resampling range lies on the expected side of "
    "it, opposite when all of it lies on the other, and otherwise varies; a share equal to the "
    "threshold counts as reaching it. "
    "There are too few cases to compare when a group (for reach: the cases with the first code; "
    "for prevalence also when it is smaller than the number expected) has fewer cases than the "
    "smallest group, or when the two codes of an association are both found in fewer sources than "
    "the smallest number, or there could never meet. "
    "The coded pattern is consistent with a claim when all its expectations that could be compared "
    "are present; at odds when none is present and at least one is absent or opposite; too little "
    "to say when none could be compared, or all that could be vary; and otherwise partly "
    "consistent."
)

# Differences of shares are sums of fractions: 0.3 - 0.1 must count as 0.2.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Measured:
    """What was counted for one expectation, in the expected direction.

    `n` of `n_of`: cases of the group (prevalence, contrast), cases with `from` that carry `to`
    (reach), units in which two codes meet of those that hold either (association); `than_n` of
    `than_of`: cases of the other group. `p`, `p_other`: shares of rearrangements at least as far
    in the expected and in the other direction, NaN for kinds without a null.
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


def pattern_of(
    kind: str, direction: str, found: Measured, q: float, q_other: float, choices: Choices
) -> str:
    """The pattern of one expectation, by `RULE`.

    `q`, `q_other`: `found.p` and `found.p_other` after Benjamini-Hochberg over all expectations.
    """
    if found.too_few:
        return TOO_FEW
    if kind == "prevalence":
        return PRESENT if found.effect >= -_ROUNDING else ABSENT
    if kind == "reach":
        return _reach(direction, found)
    smallest, allowed = choices.smallest_difference - _ROUNDING, choices.rearranged_share
    if found.effect >= smallest and found.lower > _ROUNDING and q <= allowed:
        return PRESENT
    if found.effect <= -smallest and found.upper < -_ROUNDING and q_other <= allowed:
        return OPPOSITE
    return ABSENT if abs(found.effect) < smallest else VARIES


def _reach(direction: str, found: Measured) -> str:
    # A share at the threshold reaches it, so 0 belongs to one side only.
    edge = _ROUNDING if direction == STOPS_SHORT else -_ROUNDING
    if found.lower > edge:
        return PRESENT
    return OPPOSITE if found.upper <= edge else VARIES


def coded_pattern(patterns: Sequence[str]) -> str:
    """The coded pattern of a claim from the patterns of its expectations, by `RULE`."""
    compared = [pattern for pattern in patterns if pattern != TOO_FEW]
    if not any(pattern != VARIES for pattern in compared):
        return TOO_LITTLE
    if all(pattern == PRESENT for pattern in compared):
        return CONSISTENT
    return PARTLY if PRESENT in compared else AT_ODDS
