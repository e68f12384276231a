"""Expectations -> patterns: what the coded material shows, in the words that the claim provides."""

from __future__ import annotations

import dataclasses
import itertools
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any, NamedTuple

import pandas as pd

from analysis.claims.bearing import CONTRADICTS, SUPPORTS
from analysis.claims.bounds import Ends, bounds
from analysis.claims.codes_cell import cell_of
from analysis.claims.expectation import Expectation
from analysis.claims.material import Material
from analysis.claims.measured import Measured
from analysis.claims.model import Claim
from analysis.claims.rule import between, coded_pattern
from analysis.claims.stance import (
    AFFIRMING,
    CONTRADICTING,
    MIXED,
    NOT_ASKED,
    SILENT,
    UNJUDGED,
    Stances,
    case_stances,
    judged_by,
    passages_by_judgement,
    told_once,
)
from analysis.claims.terms import ABSENT, OPEN, OPPOSITE, PRESENT, TOO_FEW, UNTOLD, VARIES
from analysis.claims.wording import sentence
from analysis.corpus import Corpus
from analysis.measures.attainable import adjusted_both_ways
from analysis.study.choices import Choices
from analysis.study.schemas import columns

#: Columns of `evaluate` that count cases by what was judged of them.
CASES_BY_STATE = {
    "cases_affirming": AFFIRMING,
    "cases_contradicting": CONTRADICTING,
    "cases_mixed": MIXED,
    "cases_unjudged": UNJUDGED,
    "cases_silent": SILENT,
    "cases_not_asked": NOT_ASKED,
}
#: Columns of `evaluate` that say what an expectation states.
STATED = ("kind", "group", "than", "kind_of_source", "counts", "measure")
PATTERNS = columns("patterns")
CLAIM_PATTERNS = columns("claim_patterns")
CASES = columns("expectation_cases")


class Gathered(NamedTuple):
    """All that an expectation's figures are computed from; equal for choices that do not differ.

    As the cases mention, and as they at least and at most affirm (`bounds.Ends`).
    """

    mentioned: Hashable
    least: Hashable
    most: Hashable


class Looked(NamedTuple):
    """The figures of an expectation, as `Gathered`."""

    mentioned: Measured
    least: Measured
    most: Measured


class Judged(NamedTuple):
    """The adjusted shares of an expectation by mention, its pattern, and that of either end."""

    q: float
    q_other: float
    pattern: str
    least: str
    most: str


def gather(
    claim: Claim,
    one: Expectation,
    material: Material,
    choices: Choices,
    stances: Stances | None = None,
) -> Gathered:
    """What the expectation looks at; without `stances` mention is all that there is."""
    return gathered(one, bounds(claim, one, material, stances), material, choices)


def gathered(one: Expectation, ends: Ends, material: Material, choices: Choices) -> Gathered:
    """The same of groups that are known, as from `bounds`: no choice changes these."""
    known = {end: one.gather(end, material, choices) for end in dict.fromkeys(ends)}
    return Gathered(*(known[end] for end in ends))


def measure(one: Expectation, found: Gathered, choices: Choices) -> Looked:
    """The figures of one expectation; what is the same at both ends is computed once."""
    known = {each: one.measured(each, choices) for each in dict.fromkeys(found)}
    return Looked(*(known[each] for each in found))


def judge(
    expectations: Sequence[Expectation], looked: Sequence[Looked], choices: Choices
) -> list[Judged]:
    """Adjusted shares and patterns; the family is all that could be compared, and could be seen.

    What counts by mention has its pattern in the family as cases mention; what counts by what is
    affirmed in the families at both ends.
    """
    mentioned, least, most = (
        _adjusted(expectations, list(each), choices)
        for each in (zip(*looked, strict=True) if looked else ([], [], []))
    )
    found = []
    for one, as_is, low, high in zip(expectations, mentioned, least, most, strict=True):
        ends = (low[2], high[2]) if one.affirmed else (as_is[2], as_is[2])
        found.append(Judged(*as_is[:2], between(*ends), *ends))
    return found


def _adjusted(
    expectations: Sequence[Expectation], found: list[Measured], choices: Choices
) -> list[tuple[float, float, str]]:
    def column(values: list[float]) -> list[float]:
        compared = zip(found, values, strict=True)
        return [float("nan") if one.too_few else value for one, value in compared]

    q, q_other, _ = adjusted_both_ways(
        column([one.p for one in found]),
        column([one.p_other for one in found]),
        column([one.least for one in found]),
        column([one.least_other for one in found]),
        choices.rearranged_share,
    )
    return [
        (
            float(own),
            float(other),
            one.pattern_of(figures, own, other, choices),
        )
        for one, figures, own, other in zip(expectations, found, q, q_other, strict=True)
    ]


def evaluate(
    claims: Sequence[Claim],
    corpus: Corpus,
    choices: Choices,
    agreement: pd.DataFrame | None = None,
    stances: Stances | None = None,
) -> pd.DataFrame:
    """Give every expectation its pattern, by `rule.RULE`.

    `corpus`: one reading of the material (`Study.corpus`); `agreement`: code and alpha, to mark
    what two coders read differently; `stances`: what was judged and who was not asked (None:
    mention is all that counts). One row per expectation, in the order of the claims:

    - claim, expectation, kind, codes (';' between), group, than, kind_of_source, unit
    - effect, turned so that positive is as expected, with lower and upper: its range when whole
      cases are redrawn
    - n of n_of, than_n of than_of: counts, see `rule.Measured`; expected: meetings to be expected
      under rearrangement; n_sources: sources that carry both codes
    - p, p_other: share of rearrangements at least as far in the expected, in the other direction;
      p_error: the standard error of p where it had to be drawn, 0 where it is exact;
      q, q_other after Benjamini-Hochberg over all expectations that could be compared
    - pattern, sentence (out of `says`, whole), against, marked_codes (';' between)
    - counts, measure; pattern_least and pattern_most, with the cases that count at least and at
      most, n_least to n_most of the group and than_least to than_most of the other
    - cases of both groups by what was judged of them: cases_affirming, _contradicting, _mixed,
      _unjudged, _silent, _not_asked (who tell one event alike, and nothing else, are one); their n_passages that carry the code(s), of these
      n_supports, n_qualifies, n_contradicts, n_beside, n_unjudged; judged_by and chosen, whom by
      and how chosen
    """
    material = Material.of(corpus)
    listed = [(claim, one) for claim in claims for one in claim.expectations]
    expectations = [one for _, one in listed]
    looked = [
        measure(one, gather(claim, one, material, choices, stances), choices)
        for claim, one in listed
    ]
    if corpus.codings.empty:
        # Nobody has looked: no pattern, not an absent one.
        looked = [
            Looked(*(dataclasses.replace(figures, too_few=True) for figures in each))
            for each in looked
        ]
    rows = []
    for (claim, one), (figures, least, most), judged in zip(
        listed, looked, judge(expectations, looked, choices), strict=True
    ):
        stated = one.stated()
        row = {
            "claim": claim.id,
            "expectation": one.id,
            **{name: stated[name] for name in STATED},
            "codes": cell_of(one.codes),
            "unit": one.unit_under(choices),
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
            "p_error": figures.p_error,
            "q": judged.q,
            "q_other": judged.q_other,
            "pattern": judged.pattern,
            "against": one.against,
            "marked_codes": cell_of(_marked(one.codes, agreement, choices.discuss_below)),
            "pattern_least": judged.least,
            "pattern_most": judged.most,
            "n_least": min(least.n, most.n),
            "n_most": max(least.n, most.n),
            "than_least": min(least.than_n, most.than_n),
            "than_most": max(least.than_n, most.than_n),
            **_stance(claim, one, material, stances or Stances()),
        }
        rows.append({**row, "sentence": one.says.get(judged.pattern) or sentence(row)})
    return pd.DataFrame(rows, columns=PATTERNS)


def _stance(claim: Claim, one: Expectation, material: Material, stances: Stances) -> dict[str, Any]:
    """What was judged of the very passages that make the count."""
    cases = list(case_stances(claim.id, one, material, stances).values())
    states = Counter(case.state for case in told_once(cases, one.roles))
    by, chosen = judged_by(cases)
    return {
        **{name: states[state] for name, state in CASES_BY_STATE.items()},
        "n_passages": sum(len(case.passages) for case in cases),
        **passages_by_judgement(cases),
        "judged_by": by,
        "chosen": chosen,
    }


def _marked(codes: Sequence[str], agreement: pd.DataFrame | None, below: float) -> list[str]:
    """The codes of an expectation, or beneath them, that A and B read differently."""
    if agreement is None or not {"code", "alpha"} <= set(agreement.columns):
        return []
    alpha = pd.to_numeric(agreement["alpha"], errors="coerce")
    differ = agreement.loc[alpha < below, "code"].astype(str)
    return sorted({read for read in differ for code in codes if f"{read}/".startswith(f"{code}/")})


def claim_patterns(patterns: pd.DataFrame, bearings: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give every claim its coded pattern, by `rule.RULE`, with the expectations behind it.

    Columns: claim, coded_pattern, reason ('present: a, b; varies: c'), n_expectations, how many
    came to each pattern, and judgements: '' or, where the passages judged for the claim, or for
    an expectation that is present, rather contradict it, so in words; then the pattern is not
    'consistent'. Claims in the order of `patterns`.
    """
    names = {
        PRESENT: "n_present",
        ABSENT: "n_absent",
        OPPOSITE: "n_opposite",
        VARIES: "n_varies",
        UNTOLD: "n_untold",
        OPEN: "n_open",
        TOO_FEW: "n_too_few",
    }
    rows = []
    for claim, own in patterns.groupby("claim", sort=False):
        by_pattern = {
            pattern: list(own.loc[own["pattern"] == pattern, "expectation"]) for pattern in names
        }
        supports, contradicts, told = _judgements(str(claim), own, bearings)
        rows.append(
            {
                "claim": claim,
                "coded_pattern": coded_pattern(list(own["pattern"]), supports, contradicts),
                "reason": "; ".join(
                    f"{pattern}: {', '.join(ids)}" for pattern, ids in by_pattern.items() if ids
                ),
                "n_expectations": len(own),
                **{names[pattern]: len(ids) for pattern, ids in by_pattern.items()},
                "judgements": told,
            }
        )
    return pd.DataFrame(rows, columns=CLAIM_PATTERNS)


def _judgements(
    claim: str, patterns: pd.DataFrame, bearings: pd.DataFrame | None
) -> tuple[int, int, str]:
    """Passages that support and that contradict, and what to say where these are more."""
    tallies = []
    if bearings is not None:
        own = bearings[bearings["claim"] == claim]
        once = own.drop_duplicates(["source_id", "passage", "bears"])["bears"]
        tallies.append(
            ("the claim", int((once == SUPPORTS).sum()), int((once == CONTRADICTS).sum()))
        )
    present = patterns[patterns["pattern"] == PRESENT]
    columns = (present[name] for name in ("expectation", "n_supports", "n_contradicts"))
    tallies += [(name, int(own), int(other)) for name, own, other in zip(*columns, strict=True)]
    for what, supports, contradicts in tallies:
        if contradicts > supports:
            told = (
                f"the judgements run the other way: of the passages judged for {what}, "
                f"{contradicts} contradict and {supports} support"
            )
            return supports, contradicts, told
    return 0, 0, ""


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
            among = one.among(material)
            role = {source.case_id: source.role for source in reversed(among)}
            for code, case in itertools.product(one.codes, sorted(role)):
                own = (source.source_id for source in among if source.case_id == case)
                count = sum(len(material.spans(source, code)) for source in own)
                side = role[case] if one.roles else "all"
                rows.append([claim.id, one.id, case, role[case], side, code, count > 0, count])
    return pd.DataFrame(rows, columns=CASES)
