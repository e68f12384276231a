"""The rule by which a pattern is named, as tables that stand alone: kinds of expectation, outcomes."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.claims import Claim
from analysis.claims.beforehand import beforehand
from analysis.claims.kinds import KINDS
from analysis.claims.two_codes import MINIMUM_SOURCES
from analysis.report.numbers import joined
from analysis.report.pages.tables import markdown_table
from analysis.study.choices import Choices
from analysis.text.escape import markdown


def rule(claims: Sequence[Claim], sources: pd.DataFrame, choices: Choices) -> str:
    """The rule as Markdown, with the thresholds of this study in it."""
    share, least = f"{choices.rearranged_share:g}", choices.minimum_group
    effects, outcomes = [], dict[tuple[str, ...], list[str]]()
    for name, kind in KINDS.items():
        effect, *named = kind.in_rule(choices)
        effects.append({"kind": name, "effect: positive is as expected": effect})
        outcomes.setdefault(tuple(named), []).append(name)
    patterns = [
        {"kinds": joined(kinds)} | dict(zip(("present", "opposite", "absent"), named, strict=True))
        for named, kinds in outcomes.items()
    ]
    measured, when = (
        markdown_table(pd.DataFrame(rows), dict.fromkeys(rows[0], "text"))
        for rows in (effects, patterns)
    )
    said = " ".join(markdown(sentence) for sentence in beforehand(claims, sources, choices))
    return (
        f"{measured}\n: The rule: what each kind of expectation measures {{#tbl-rule}}\n\n"
        f"{when}\n: When the pattern of an expectation is present, opposite or absent"
        " {#tbl-outcomes}\n\n"
        f"A pattern *varies* when q is at most {share} and the range crosses nought; otherwise it"
        " *could not be told with these cases*, also where every rearrangement gives the same."
        f" There are *too few cases to compare* with fewer than {least} in a group (of a reach: with"
        f" the first code), or where the two codes are both found in fewer than {MINIMUM_SOURCES} sources or"
        " could never meet. Where an expectation counts what is affirmed, a case counts when a"
        " passage of it was judged to support the claim; what nobody judged leaves a least and a"
        " most, and a pattern that is not the same at both is *open until read*; who was not asked,"
        " and does not mention it, leaves the group.\n\n"
        "*Range*: how far a figure could move with other cases like these (Wilson for a share,"
        " Agresti and Caffo for a difference of shares, Welch for a difference of rates, a t range of the"
        " logarithm for meetings). *q*: the share of rearrangements of these same codings that go"
        " at least as far in that direction (for shares of cases an exact share, in which equally"
        " far outcomes count half), after Benjamini-Hochberg over both directions of all"
        " expectations that could reach the threshold at all. Rearrangements move a code within"
        " each source; where the unit is the source, they exchange it among sources of one kind."
        f" {said}\n\n"
        "The coded pattern is *consistent* with a claim when all its expectations that could be"
        " compared are present, and no more passages were judged to contradict it than to support"
        " it; *at odds* when none is present and at least one is absent or opposite; *open until"
        " read*, or *could not be told*, when none is present, absent or opposite; otherwise"
        " *partly consistent*.\n"
    )
