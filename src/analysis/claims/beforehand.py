"""What the contrasts of a study can show at all, told before any data are coded."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.claims.contrast import Contrast
from analysis.claims.model import Claim
from analysis.claims.terms import ANY_KIND, RATE
from analysis.measures.attainable import told_beforehand
from analysis.study.choices import Choices


def beforehand(claims: Sequence[Claim], sources: pd.DataFrame, choices: Choices) -> list[str]:
    """One sentence for each pair of group sizes that contrasts of shares compare.

    `sources`: those in use (source_id, case_id, kind, role). The threshold is that of the first
    step of the adjustment, over both directions of every expectation that is compared with chance.
    """
    tested = [one for claim in claims for one in claim.expectations if one.tested]
    contrasts = [one for one in tested if isinstance(one, Contrast) and one.of != RATE]
    sizes = dict.fromkeys(_sizes(one, sources) for one in contrasts)
    threshold = choices.rearranged_share / (2 * len(tested)) if tested else 1.0
    told = (told_beforehand(size, than, threshold) for size, than in sizes)
    return [f"{one[0].upper()}{one[1:]}." for one in told]


def _sizes(one: Contrast, sources: pd.DataFrame) -> tuple[int, int]:
    kind = one.kind_of_source
    among = sources if kind == ANY_KIND else sources[sources["kind"] == kind]
    own, other = (set(among.loc[among["role"] == role, "case_id"]) for role in one.roles)
    return len(own - other), len(other - own)
