"""What the expectations of a study can show at all, told before any data are coded."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.claims.contrast import Contrast
from analysis.claims.expectation import Expectation
from analysis.claims.model import Claim
from analysis.claims.reach import Reach
from analysis.claims.terms import ANY_KIND, RATE, STOPS_SHORT
from analysis.measures.attainable import (
    rates_told_beforehand,
    reach_told_beforehand,
    told_beforehand,
)
from analysis.study.choices import Choices


def beforehand(claims: Sequence[Claim], sources: pd.DataFrame, choices: Choices) -> list[str]:
    """One sentence for each pair of group sizes that contrasts compare, and for each kind of reach.

    `sources`: those in use (source_id, case_id, kind, role). The threshold is that of the first
    step of the adjustment, over both directions of every expectation that is compared with chance.
    Of rates only that nothing can be shown is told: their margins are not known yet. Of a reach it
    is told as if every case carried the first code.
    """
    tested = [one for claim in claims for one in claim.expectations if one.tested]
    threshold = choices.rearranged_share / (2 * len(tested)) if tested else 1.0
    told = dict.fromkeys(_told(one, sources, threshold) for one in tested)
    return [f"{one[0].upper()}{one[1:]}." for one in told if one]


def _told(one: Expectation, sources: pd.DataFrame, threshold: float) -> str:
    if isinstance(one, Contrast):
        own, other = (_cases(one, role, sources) for role in one.roles)
        sizes = len(own - other), len(other - own)
        if one.of == RATE:
            return rates_told_beforehand(*sizes, threshold)
        return told_beforehand(*sizes, threshold)
    if isinstance(one, Reach) and one.by_case:
        size = len(_cases(one, one.group, sources))
        short = one.direction == STOPS_SHORT
        return reach_told_beforehand(size, one.share, threshold, short=short)
    return ""


def _cases(one: Expectation, role: str, sources: pd.DataFrame) -> set[str]:
    """The cases with a source of the kind it looks at, in that role ('' in any)."""
    kind = one.kind_of_source
    among = sources if kind == ANY_KIND else sources[sources["kind"] == kind]
    return set(among.loc[(among["role"] == role) | (role == ""), "case_id"])
