"""The one rule by which an expectation gets its pattern, and a claim its coded pattern."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.claims.model import (
    ABSENT,
    OPEN,
    OPPOSITE,
    PRESENT,
    STOPS_SHORT,
    TOO_FEW,
    UNTOLD,
    VARIES,
)
from analysis.study.choices import Choices

CONSISTENT = "consistent"
PARTLY = "partly consistent"
AT_ODDS = "at odds"
CODED_PATTERNS = (CONSISTENT, PARTLY, AT_ODDS, UNTOLD, OPEN)

#: Fewer sources than this with both codes: an association is not looked at.
MINIMUM_SOURCES = 3

RULE = (
    "Every effect is turned so that a positive one is as expected. "
    "Prevalence: cases of the group that carry the code, less the number expected, as a share of "
    "the group; present when the number is reached, else absent. "
    "Contrast: the case share of the one group less that of the other, or, where the expectation "
    "says so, its segments per thousand words less those of the other. "
    "Association: how often the codes meet, divided by how often they meet on average in "
    "rearrangements of the same codings, less one; dissociation: the same with its sign turned. "
    "Rearrangements move a code within each source; where the unit is the source, they exchange a "
    "code among sources of one kind. "
    "Reach: the share of the cases with the first code that also carry the second, less the "
    "threshold of the claim; a share equal to the threshold counts as reaching it. "
    "A contrast, association or dissociation is present when its effect is at least the smallest "
    "difference that counts, its whole range lies on the expected side, and the share of "
    "rearrangements that go at least as far in that direction is no larger than the share allowed, "
    "after Benjamini-Hochberg once over both directions of all expectations that could reach it at "
    "all with these cases (Tarone); it is opposite when all this holds in the other direction, "
    "absent only when the whole range lies within the smallest difference on either side, varies "
    "when the rearrangements show it but the range crosses nothing, and otherwise could not be "
    "told with these cases. A reach is present or opposite by the same rule, with the chance of "
    "so many at the threshold for the share of rearrangements and without a smallest difference. "
    "Where every rearrangement gives the same, nothing could be told. "
    "Of equally far outcomes half are counted (mid-p) where cases are counted. "
    "Ranges: Wilson for a share, Agresti and Caffo for a difference of shares, Welch for a difference of "
    "rates, a t range of the logarithm with widened residuals for an association. "
    "Where an expectation counts what is affirmed, a case counts when a passage of it was judged "
    "to support the claim; passages that nobody judged leave a least and a most, and a pattern that "
    "is not the same at both is open until read. Who was not asked, and does not mention it, leaves "
    "the group. "
    "There are too few cases to compare when a group (for reach: the cases with the first code; "
    "for prevalence also when it is smaller than the number expected) has fewer cases than the "
    "smallest group, or when the two codes of an association are both found in fewer sources than "
    "the smallest number, or there could never meet. "
    "The coded pattern is consistent with a claim when all its expectations that could be compared "
    "are present, and no more passages were judged to contradict it than to support it; at odds "
    "when none is present and at least one is shown absent or opposite; open until read, or could "
    "not be told with these cases, when none is present, absent or opposite; and otherwise partly "
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
    in the expected and in the other direction, NaN for kinds without a null; `least`,
    `least_other`: what these could be at least with such cases.
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


def pattern_of(
    kind: str, direction: str, found: Measured, q: float, q_other: float, choices: Choices
) -> str:
    """The pattern of one expectation, by `RULE`.

    `q`, `q_other`: `found.p` and `found.p_other` as adjusted over all expectations, NaN in a
    direction in which nothing could be shown.
    """
    if found.too_few:
        return TOO_FEW
    # Where every rearrangement gives the same, nothing could ever be shown, nor its absence.
    if found.least >= 1 and found.least_other >= 1:
        return UNTOLD
    if kind == "prevalence":
        return PRESENT if found.effect >= -_ROUNDING else ABSENT
    shown, shown_other = q <= choices.rearranged_share, q_other <= choices.rearranged_share
    if kind == "reach":
        return _reach(direction, found, shown, shown_other)
    smallest = choices.smallest_difference - _ROUNDING
    if found.effect >= smallest and found.lower > _ROUNDING and shown:
        return PRESENT
    if found.effect <= -smallest and found.upper < -_ROUNDING and shown_other:
        return OPPOSITE
    if -smallest < found.lower and found.upper < smallest:
        return ABSENT
    return VARIES if _crosses(found) and (shown or shown_other) else UNTOLD


def _reach(direction: str, found: Measured, shown: bool, shown_other: bool) -> str:
    # A share at the threshold reaches it, so 0 belongs to one side only.
    edge = _ROUNDING if direction == STOPS_SHORT else -_ROUNDING
    if found.lower > edge and shown:
        return PRESENT
    if found.upper <= edge and shown_other:
        return OPPOSITE
    return VARIES if _crosses(found) and (shown or shown_other) else UNTOLD


def _crosses(found: Measured) -> bool:
    return found.lower <= _ROUNDING and found.upper >= -_ROUNDING


def between(least: str, most: str) -> str:
    """The pattern of an expectation whose count lies between two: the one of both, or open."""
    return least if least == most else OPEN


def coded_pattern(patterns: Sequence[str], supports: int = 0, contradicts: int = 0) -> str:
    """The coded pattern of a claim from the patterns of its expectations, by `RULE`.

    `supports`, `contradicts`: passages that were judged so for this claim.
    """
    compared = [pattern for pattern in patterns if pattern != TOO_FEW]
    if not any(pattern in (PRESENT, ABSENT, OPPOSITE) for pattern in compared):
        return OPEN if OPEN in compared else UNTOLD
    if all(pattern == PRESENT for pattern in compared) and contradicts <= supports:
        return CONSISTENT
    return PARTLY if PRESENT in compared else AT_ODDS
