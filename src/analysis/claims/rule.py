"""The one rule by which an expectation gets its pattern, and a claim its coded pattern."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.claims.kinds import KINDS
from analysis.claims.terms import ABSENT, OPEN, OPPOSITE, PRESENT, TOO_FEW, UNTOLD

CONSISTENT = "consistent"
PARTLY = "partly consistent"
AT_ODDS = "at odds"
CODED_PATTERNS = (CONSISTENT, PARTLY, AT_ODDS, UNTOLD, OPEN)

_FIRST = "Every effect is turned so that a positive one is as expected."
_FURTHER = (
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
RULE = " ".join([_FIRST, *(one.rule for one in KINDS.values()), _FURTHER])


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
