"""Expectations -> patterns: what the coded material shows, in the words that the claim provides."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pandas as pd

from analysis.claims.association import gather_meetings, measure_meetings
from analysis.claims.counting import Group, groups, measure_groups
from analysis.claims.material import Material
from analysis.claims.meeting import Meetings
from analysis.claims.model import (
    ABSENT,
    MEETINGS,
    OPPOSITE,
    PRESENT,
    TOO_FEW,
    VARIES,
    Claim,
    Expectation,
)
from analysis.claims.rule import Measured, coded_pattern, pattern_of
from analysis.corpus import Corpus
from analysis.measures.resampling import benjamini_hochberg
from analysis.study.choices import Choices

PATTERNS = [
    "claim",
    "expectation",
    "kind",
    "codes",
    "group",
    "than",
    "kind_of_source",
    "unit",
    "effect",
    "lower",
    "upper",
    "n",
    "n_of",
    "than_n",
    "than_of",
    "expected",
    "n_sources",
    "p",
    "p_other",
    "q",
    "q_other",
    "pattern",
    "sentence",
    "against",
    "marked_codes",
]
CLAIM_PATTERNS = [
    "claim",
    "coded_pattern",
    "reason",
    "n_expectations",
    "n_present",
    "n_absent",
    "n_opposite",
    "n_varies",
    "n_too_few",
]
CASES = ["claim", "expectation", "case_id", "role", "side", "code", "carries", "segments"]

Gathered = Meetings | tuple[Group, ...]


def gather(expectation: Expectation, material: Material, choices: Choices) -> Gathered:
    """All that an expectation's figures are computed from; equal for choices that do not differ."""
    if expectation.kind in MEETINGS:
        return gather_meetings(expectation, material, choices)
    return groups(expectation, material)


def measure(expectation: Expectation, found: Gathered, choices: Choices) -> Measured:
    """The figures of one expectation."""
    if isinstance(found, Meetings):
        return measure_meetings(expectation, found, choices)
    return measure_groups(expectation, found, choices)


def judge(
    expectations: Sequence[Expectation], found: Sequence[Measured], choices: Choices
) -> list[tuple[float, float, str]]:
    """q, q of the other direction, and pattern of each; the family is all that could be compared."""
    q, q_other = (
        benjamini_hochberg(
            [
                float("nan") if one.too_few else value
                for one, value in zip(found, values, strict=True)
            ]
        )
        for values in ([one.p for one in found], [one.p_other for one in found])
    )
    return [
        (
            float(own),
            float(other),
            pattern_of(one.kind, one.direction, figures, own, other, choices),
        )
        for one, figures, own, other in zip(expectations, found, q, q_other, strict=True)
    ]


def evaluate(
    claims: Sequence[Claim],
    corpus: Corpus,
    choices: Choices,
    agreement: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Give every expectation its pattern, by `rule.RULE`.

    `corpus`: one reading of the material (`Study.corpus`); `agreement`: code and alpha, to mark what two
    coders read differently. One row per expectation, in the order of the claims:

    - claim, expectation, kind, codes (';' between), group, than, kind_of_source, unit
    - effect, turned so that positive is as expected, with lower and upper: its range when whole
      cases are redrawn
    - n of n_of, than_n of than_of: counts, see `rule.Measured`; expected: meetings to be expected
      under rearrangement; n_sources: sources that carry both codes
    - p, p_other: share of rearrangements at least as far in the expected, in the other direction;
      q, q_other after Benjamini-Hochberg over all expectations that could be compared
    - pattern, sentence (out of `says`, whole), against, marked_codes (';' between)
    """
    material = Material.of(corpus)
    listed = [(claim, one) for claim in claims for one in claim.expectations]
    expectations = [one for _, one in listed]
    found = [measure(one, gather(one, material, choices), choices) for one in expectations]
    rows = []
    for (claim, one), figures, (q, q_other, pattern) in zip(
        listed, found, judge(expectations, found, choices), strict=True
    ):
        rows.append(
            {
                "claim": claim.id,
                "expectation": one.id,
                "kind": one.kind,
                "codes": ";".join(one.codes),
                "group": one.group,
                "than": one.than,
                "kind_of_source": one.kind_of_source,
                "unit": one.unit or (choices.unit if one.kind in MEETINGS else "case"),
                "effect": figures.effect,
                "lower": figures.lower,
                "upper": figures.upper,
                "n": figures.n,
                "n_of": figures.n_of,
                "than_n": figures.than_n,
                "than_of": figures.than_of,
                "expected": figures.expected,
                "n_sources": figures.n_sources,
                "p": figures.p,
                "p_other": figures.p_other,
                "q": q,
                "q_other": q_other,
                "pattern": pattern,
                "sentence": one.says[pattern],
                "against": one.against,
                "marked_codes": ";".join(_marked(one.codes, agreement, choices.discuss_below)),
            }
        )
    return pd.DataFrame(rows, columns=PATTERNS)


def _marked(codes: Sequence[str], agreement: pd.DataFrame | None, below: float) -> list[str]:
    """The codes of an expectation, or beneath them, that A and B read differently."""
    if agreement is None or not {"code", "alpha"} <= set(agreement.columns):
        return []
    alpha = pd.to_numeric(agreement["alpha"], errors="coerce")
    differ = agreement.loc[alpha < below, "code"].astype(str)
    return sorted({read for read in differ for code in codes if f"{read}/".startswith(f"{code}/")})


def claim_patterns(patterns: pd.DataFrame) -> pd.DataFrame:
    """Give every claim its coded pattern, by `rule.RULE`, with the expectations behind it.

    Columns: claim, coded_pattern, reason ('present: a, b; varies: c'), n_expectations, and how
    many came to each pattern. Claims in the order of `patterns`.
    """
    names = {
        PRESENT: "n_present",
        ABSENT: "n_absent",
        OPPOSITE: "n_opposite",
        VARIES: "n_varies",
        TOO_FEW: "n_too_few",
    }
    rows = []
    for claim, own in patterns.groupby("claim", sort=False):
        by_pattern = {
            pattern: list(own.loc[own["pattern"] == pattern, "expectation"]) for pattern in names
        }
        rows.append(
            {
                "claim": claim,
                "coded_pattern": coded_pattern(list(own["pattern"])),
                "reason": "; ".join(
                    f"{pattern}: {', '.join(ids)}" for pattern, ids in by_pattern.items() if ids
                ),
                "n_expectations": len(own),
                **{names[pattern]: len(ids) for pattern, ids in by_pattern.items()},
            }
        )
    return pd.DataFrame(rows, columns=CLAIM_PATTERNS)


def cases(claims: Sequence[Claim], material: Material) -> pd.DataFrame:
    """Every case that an expectation looks at, and whether it carries the code: to be drawn.

    Columns: claim, expectation, case_id, role, side (the role of prevalence and contrast, 'all'
    where an expectation names none), code (one row for each code of the expectation), carries,
    segments (spans of the code in the case's sources of that kind). Rows by expectation, code and
    case; none without expectations.
    """
    rows = []
    for claim in claims:
        for one in claim.expectations:
            among = material.among(one.kind_of_source, one.group, one.than)
            role = {source.case_id: source.role for source in reversed(among)}
            for code, case in itertools.product(one.codes, sorted(role)):
                own = (source.source_id for source in among if source.case_id == case)
                count = sum(len(material.spans(source, code)) for source in own)
                side = role[case] if one.group else "all"
                rows.append([claim.id, one.id, case, role[case], side, code, count > 0, count])
    return pd.DataFrame(rows, columns=CASES)
