"""Every expectation again, under the alternatives that `params.yml` names."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TypeVar

import numpy as np
import pandas as pd

from analysis.claims.bounds import ends
from analysis.claims.expectation import Expectation
from analysis.claims.kinds import KINDS
from analysis.claims.material import Material
from analysis.claims.model import Claim
from analysis.claims.patterns import (
    Gathered,
    Looked,
    gathered,
    judge,
    measure,
)
from analysis.claims.stance import CaseStance, Stances, case_stances
from analysis.corpus import Corpus, counted_voices
from analysis.study.choices import Choices, Null, Unit
from analysis.study.coders import chosen_codings
from analysis.study.schemas import columns
from analysis.workers.pools import workers

COLUMNS = columns("sensitivity")
CHOSEN = ["unit", "null", "coder", "interviewer_speech", "minimum_words", "left_out_case"]
TURNING = columns("turning")
NOTICE = (
    "The variants are not independent of each other, and the share of them that shows a pattern "
    "is no probability."
)

#: With more cases than this none can turn much by itself, and leaving out each would take n² steps.
LEFT_OUT_AT_MOST = 300

# So many codings, read so many ways, take longer than processes to start.
_WORTH_WORKERS = 50_000

_Choice = TypeVar("_Choice")


@dataclasses.dataclass(frozen=True)
class Variant:
    """One setting of the choices that are varied."""

    unit: Unit
    null: Null
    coder: str
    interviewer_speech: bool
    minimum_words: int
    left_out_case: str = ""


def sensitivity(
    claims: Sequence[Claim],
    corpus: Corpus,
    choices: Choices,
    headline_coder: str = "",
    stances: Stances | None = None,
) -> pd.DataFrame:
    """Run every expectation again under every variant of the choices.

    Variants: each crossing of `alternative_units`, `alternative_nulls`, `alternative_coders`,
    interviewers' speech out and in, and `alternative_minimum_words` (the study's own choice added
    where it is not listed), with all cases; and, under the study's own unit and null, each
    crossing of the other choices with each single case left out, if there are at most
    `LEFT_OUT_AT_MOST`. `corpus`: with every coder's
    codings; coder B means B's where B coded, else those of `headline_coder` (`choices.coder` unless
    given). `stances` as in `evaluate`; effect to q are of mention, pattern of what counts.

    One row per variant and expectation: variant (0 is the study's own choices), expectation,
    unit, null, coder, interviewer_speech, minimum_words, left_out_case ('' for none), effect,
    lower, upper, p, q (over the expectations of that variant), pattern, effective (a digest of
    all that the figures were computed from: equal for choices that do not differ in effect),
    headline (whether this is the study's own). An expectation that states its own unit keeps it.
    """
    headline = Variant(choices.unit, choices.null, choices.coder, choices.interviewer_speech, 0)
    read = partial(
        _rows_of_reading,
        corpus,
        headline_coder or choices.coder,
        headline,
        _Again(claims, choices, stances),
    )
    readings = _readings(headline, choices)
    with workers(len(readings) * len(corpus.codings), _WORTH_WORKERS) as executor:
        rows = list(itertools.chain.from_iterable(executor.map(read, readings)))
    table = pd.DataFrame(rows, columns=COLUMNS[1:])
    order = list(zip(*(table[name] for name in CHOSEN), strict=True))
    number = {one: place for place, one in enumerate(dict.fromkeys(order))}
    return table.assign(variant=np.array([number[one] for one in order], "int64"))[COLUMNS]


def _rows_of_reading(
    corpus: Corpus,
    headline_coder: str,
    headline: Variant,
    again: _Again,
    reading: tuple[str, bool, int],
) -> list[list[object]]:
    """The rows of all variants that read the corpus alike: one coder, voices, and least words."""
    if not again.listed:
        return []
    coder, speech, words = reading
    own = chosen_codings(corpus.codings, coder, headline_coder)
    voices = counted_voices(interviewer_speech=speech)
    material = Material.of(dataclasses.replace(corpus, codings=own, voices=voices), words)
    cases = again.cases(material)
    crossed = [
        Variant(unit, null, coder, speech, words)
        for unit in _listed(headline.unit, again.choices.alternative_units)
        for null in _listed(headline.null, again.choices.alternative_nulls)
    ]
    rows = again.rows(crossed, material, cases, headline)
    names = sorted({source.case_id for source in material.listed})
    for name in names if len(names) <= LEFT_OUT_AT_MOST else ():
        without = Variant(headline.unit, headline.null, coder, speech, words, name)
        rows += again.rows([without], material.without_case(name), cases, headline)
    return rows


def _listed(own: _Choice, alternatives: Sequence[_Choice]) -> list[_Choice]:
    """The study's own choice first, then the alternatives to it."""
    return [own, *(one for one in alternatives if one != own)]


def _readings(headline: Variant, choices: Choices) -> list[tuple[str, bool, int]]:
    return list(
        itertools.product(
            _listed(headline.coder, choices.alternative_coders),
            _listed(headline.interviewer_speech, [False, True]),
            _listed(headline.minimum_words, choices.alternative_minimum_words),
        )
    )


class _Again:
    """Runs expectations again, and each effective choice only once."""

    def __init__(self, claims: Sequence[Claim], choices: Choices, stances: Stances | None) -> None:
        self.listed = [(claim, one) for claim in claims for one in claim.expectations]
        self.choices, self.stances = choices, stances
        self.measured: dict[tuple[str, Gathered], tuple[Looked, str]] = {}

    def cases(self, material: Material) -> list[Mapping[str, CaseStance]]:
        """The cases of each expectation; one left out changes nothing of the others."""
        stances = self.stances or Stances()
        return [
            case_stances(claim.id, one, material, stances) if one.by_case else {}
            for claim, one in self.listed
        ]

    def rows(
        self,
        variants: Sequence[Variant],
        material: Material,
        cases: Sequence[Mapping[str, CaseStance]],
        headline: Variant,
    ) -> list[list[object]]:
        """The rows of variants that look at the same `material`, which has all or some `cases`."""
        expectations = [one for _, one in self.listed]
        looked_at = [
            (one, ends(one, material, self.stances, own))
            for one, own in zip(expectations, cases, strict=True)
        ]
        rows = list[list[object]]()
        for variant in variants:
            choices = dataclasses.replace(self.choices, unit=variant.unit, null=variant.null)
            found = [
                self._measure(one, gathered(one, groups, material, choices), choices)
                for one, groups in looked_at
            ]
            judgements = judge(expectations, [looked for looked, _ in found], choices)
            rows += [
                [
                    one.id,
                    *(getattr(variant, name) for name in CHOSEN),
                    looked.mentioned.effect,
                    looked.mentioned.lower,
                    looked.mentioned.upper,
                    looked.mentioned.p,
                    judged.q,
                    judged.pattern,
                    effective,
                    variant == headline,
                ]
                for one, (looked, effective), judged in zip(
                    expectations, found, judgements, strict=True
                )
            ]
        return rows

    def _measure(self, one: Expectation, found: Gathered, choices: Choices) -> tuple[Looked, str]:
        key = (one.id, found)
        known = self.measured.get(key)
        if known is None:
            name = hashlib.sha256(repr(key).encode("utf-8", "surrogatepass")).hexdigest()[:12]
            known = self.measured[key] = (measure(one, found, choices), name)
        return known


def notice(variants: pd.DataFrame) -> str:
    """What must be said of `variants`, as from `sensitivity`, wherever they are shown."""
    left_out = variants.empty or (variants["left_out_case"] != "").any()
    none = f"No case was left out by itself: that is done in studies of up to {LEFT_OUT_AT_MOST} cases."
    return NOTICE if left_out else f"{NOTICE} {none}"


def turning(variants: pd.DataFrame) -> pd.DataFrame:
    """Which single choice, or which single case left out, turns a pattern.

    `variants`: as from `sensitivity`. Only variants that differ from the study's own choices in
    one thing are looked at. Columns: expectation, pattern (under the study's own choices), choice
    (unit, null, coder, interviewer_speech, minimum_words, left_out_case), value, becomes,
    through: 'coding' when the expectation itself changed, 'adjustment' when only the adjusted
    share did, because other expectations changed. Rows in the order of `variants`; an expectation
    that nothing turns has none.
    """
    headline = variants[variants["headline"].astype(bool)].set_index("expectation")
    if headline.empty:
        return pd.DataFrame(columns=TURNING)
    own = headline[CHOSEN].iloc[0]
    differs = variants[CHOSEN].ne(own)
    alone = variants[differs.sum(axis=1) == 1]
    rows = []
    for place, row in alone.iterrows():
        as_is = headline.loc[row["expectation"]]
        if row["pattern"] != as_is["pattern"]:
            choice = str(differs.loc[place].idxmax())
            through = "coding" if row["effective"] != as_is["effective"] else "adjustment"
            rows.append(
                [
                    row["expectation"],
                    as_is["pattern"],
                    choice,
                    str(row[choice]),
                    row["pattern"],
                    through,
                ]
            )
    return pd.DataFrame(rows, columns=TURNING)


def effective_variants(variants: pd.DataFrame, patterns: pd.DataFrame) -> pd.DataFrame:
    """One row for each expectation and effective choice that could be computed, for figures.

    The study's own choices stand for all that do not differ from them. A further column, measure,
    says how the effect is measured; `patterns` knows the kind of each expectation.
    """
    own_first = variants.sort_values("headline", ascending=False, kind="stable")
    once = own_first.drop_duplicates(["expectation", "effective"]).dropna(subset="effect")
    kinds = once["expectation"].map(patterns.set_index("expectation")["kind"])
    measured = once.assign(measure=kinds.map({name: one.scale for name, one in KINDS.items()}))
    return measured.sort_index().reset_index(drop=True)


def distinct(variants: pd.DataFrame) -> pd.DataFrame:
    """How many variants of each expectation differ in effect, and how their patterns are spread.

    Columns: expectation, n_variants, n_distinct (different effective choices), n_results
    (different figures and patterns), and for the study's own pattern n_same (of n_distinct).
    """
    rows = []
    for expectation, own in variants.groupby("expectation", sort=False):
        own_first = own.sort_values("headline", ascending=False, kind="stable")
        once = own_first.drop_duplicates("effective")
        results = own[["effect", "lower", "upper", "p", "pattern"]].drop_duplicates()
        same = int((once["pattern"] == once["pattern"].iloc[0]).sum())
        rows.append([expectation, len(own), len(once), len(results), same])
    columns = ["expectation", "n_variants", "n_distinct", "n_results", "n_same"]
    return pd.DataFrame(rows, columns=columns)
