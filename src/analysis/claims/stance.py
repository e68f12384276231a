"""Presence is not stance: what was judged of the very passages that make an expectation's count.

To mention a thing is not to hold it. A passage that carries a code was judged to support the
claim, to qualify it, to contradict it, not to bear on it, or nobody judged it; a case affirms,
contradicts, does both, mentions what nobody judged, is silent, or was not asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from analysis.claims.bearing import BESIDE, CONTRADICTS, QUALIFIES, SUPPORTS
from analysis.claims.expectation import Expectation, akin
from analysis.claims.material import Material, Place, Source
from analysis.claims.matrix import NOT_ASKED as UNASKED_CELL
from analysis.claims.model import Claim
from analysis.study.schemas import columns

AFFIRMING, CONTRADICTING, MIXED, UNJUDGED, SILENT, NOT_ASKED = STATES = (
    "affirming",
    "contradicting",
    "mixed",
    "mentioned but not judged",
    "silent",
    "not asked",
)
CASES = columns("stances")


class Judgement(NamedTuple):
    """What one person found a passage to do, how it was chosen, and the event it tells."""

    bears: str
    by: str
    chosen: str
    event: str


@dataclass(frozen=True, eq=False)
class Stances:
    """What was judged, by claim and passage, and who was not asked, by expectation."""

    judged: Mapping[str, Mapping[Place, tuple[Judgement, ...]]] = field(default_factory=dict)
    unasked: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        claims: Sequence[Claim],
        bearings: pd.DataFrame,
        matrix: pd.DataFrame | None = None,
        unasked: Mapping[str, Iterable[str]] | None = None,
    ) -> Stances:
        """Gather them from `bearings` (as from `read_bearings`) and `matrix` (`read_matrix`).

        A case was not asked of an expectation where the matrix says so for every theme of its
        claim that has a code on which silence counts (`Expectation.asked_of`), or one above or below;
        where no theme has, any of its codes; and where no theme has one, for every theme of the claim.
        `unasked`: further cases, by expectation (`guide.unasked`).
        """
        judged: dict[str, dict[Place, tuple[Judgement, ...]]] = {}
        told = bearings.reindex(columns=[*bearings.columns.union(["chosen", "event"])]).fillna("")
        for row in told.to_dict("records"):
            own = judged.setdefault(row["claim"], {})
            place = (str(row["source_id"]), int(row["passage"]))
            one = Judgement(row["bears"], row["by"], row["chosen"], row["event"])
            own[place] = (*own.get(place, ()), one)
        further = unasked or {}
        silent = {
            one.id: _not_asked(claim, one, matrix) | frozenset(further.get(one.id, ()))
            for claim in claims
            for one in claim.expectations
        }
        return cls(judged, silent)

    def on(self, claim: str, place: Place) -> tuple[Judgement, ...]:
        """The judgements of a passage for a claim; none where nobody judged it."""
        return self.judged.get(claim, {}).get(place, ())


def _not_asked(claim: Claim, one: Expectation, matrix: pd.DataFrame | None) -> frozenset[str]:
    themes = (
        [theme for theme in claim.themes if akin(theme.codes, one.asked_of)]
        or [theme for theme in claim.themes if akin(theme.codes, one.codes)]
        or claim.themes
    )
    return not_asked_of([theme.name for theme in themes], matrix)


def not_asked_of(themes: Sequence[str], matrix: pd.DataFrame | None) -> frozenset[str]:
    """The cases whose cells of all these themes say so; none without themes, or a matrix.

    >>> cells = pd.DataFrame({"case_id": ["1", "2"], "theme": "x", "state": ["not asked", "said"]})
    >>> sorted(not_asked_of(["x"], cells))
    ['1']
    """
    if matrix is None or matrix.empty:
        return frozenset()
    own = matrix[matrix["theme"].isin(themes)]
    cells = (own["state"] == UNASKED_CELL).groupby(own["case_id"]).agg(["sum", "size"])
    every = (cells["sum"] == len(themes)) & (cells["size"] == len(themes))
    return frozenset(map(str, cells.index[every]))


@dataclass(frozen=True)
class CaseStance:
    """A case as an expectation looks at it, with its carrying passages and what was judged."""

    case_id: str
    role: str
    passages: tuple[Place, ...]
    judgements: tuple[tuple[Judgement, ...], ...]
    asked: bool

    @cached_property
    def bears(self) -> frozenset[str]:
        """All that its passages were judged to do."""
        return frozenset(one.bears for each in self.judgements for one in each)

    @cached_property
    def unread(self) -> tuple[Place, ...]:
        """Its carrying passages that nobody judged."""
        both = zip(self.passages, self.judgements, strict=True)
        return tuple(place for place, judged in both if not judged)

    @property
    def affirms(self) -> bool:
        """Whether a passage of it was judged to support the claim, whatever else it says."""
        return SUPPORTS in self.bears

    @property
    def may_affirm(self) -> bool:
        """Whether it affirms, or a passage that nobody judged might."""
        return self.affirms or bool(self.unread)

    @property
    def state(self) -> str:
        """One of `STATES`. Whose passages only qualify is mixed; who mentions it was asked."""
        if not self.passages:
            return SILENT if self.asked else NOT_ASKED
        if self.affirms:
            return MIXED if CONTRADICTS in self.bears else AFFIRMING
        if CONTRADICTS in self.bears:
            return CONTRADICTING
        if QUALIFIES in self.bears:
            return MIXED
        return UNJUDGED if self.unread else SILENT

    @cached_property
    def event(self) -> str:
        """The one event that all its affirming passages tell, else ''."""
        return _one_event([each for each in self.judgements if any(_supports(one) for one in each)])

    @cached_property
    def event_mentioned(self) -> str:
        """The one event that all its carrying passages tell, whatever they do; else ''."""
        return _one_event(self.judgements)


def _supports(one: Judgement) -> bool:
    return one.bears == SUPPORTS


def _one_event(passages: Sequence[tuple[Judgement, ...]]) -> str:
    """The event that every one of these passages tells, as any of its judges says; else ''."""
    told = [{one.event for one in judged if one.event} for judged in passages]
    events = set().union(*told)
    return events.pop() if all(told) and len(events) == 1 else ""


def case_stances(
    claim: str, one: Expectation, material: Material, stances: Stances
) -> dict[str, CaseStance]:
    """The cases that make an expectation's count, by case_id, sorted.

    Carrying passages are those of `Expectation.carrying`.
    """
    among, places = one.counting(material), one.carrying(material)
    found: dict[str, list[Source]] = {}
    for source in among:
        found.setdefault(source.case_id, []).append(source)
    by_source: dict[str, list[Place]] = {}
    for place in sorted(places):
        by_source.setdefault(place[0], []).append(place)
    unasked = stances.unasked.get(one.id, frozenset())
    listed = {}
    for case in sorted(found):
        own = [place for source in found[case] for place in by_source.get(source.source_id, [])]
        judged = tuple(stances.on(claim, place) for place in own)
        listed[case] = CaseStance(
            case, found[case][0].role, tuple(own), judged, case not in unasked
        )
    return listed


def stance_table(claims: Sequence[Claim], material: Material, stances: Stances) -> pd.DataFrame:
    """Every case of every expectation with its state, and its passages by judgement.

    Columns: claim, expectation, side (its role), case_id, role, state (of `STATES`), n_passages
    that carry the code, of these n_supports, n_qualifies, n_contradicts, n_beside (judged not to
    bear) and n_unjudged; a passage judged both ways is in both. Without claims no rows.
    """
    rows = []
    for claim in claims:
        for one in claim.expectations:
            for case in case_stances(claim.id, one, material, stances).values():
                counts = passages_by_judgement([case])
                side = case.role if one.roles else "all"
                rows.append(
                    [
                        *(claim.id, one.id, side, case.case_id, case.role, case.state),
                        *(len(case.passages), *counts.values()),
                    ]
                )
    return pd.DataFrame(rows, columns=CASES)


def told_once(cases: Iterable[CaseStance], roles: Sequence[str]) -> list[CaseStance]:
    """The cases but those that tell nothing but one event that another in the same state (and of
    their side, where `roles` makes sides) tells too: one event is counted once, but if it speaks
    for the claim by one of them and against it by another, both ways."""
    told: set[tuple[str, str, str]] = set()
    found = []
    for case in cases:
        key = (case.role if roles else "", case.state, case.event_mentioned)
        if key not in told:
            found.append(case)
        if case.event_mentioned:
            told.add(key)
    return found


def passages_by_judgement(cases: Iterable[CaseStance]) -> dict[str, int]:
    """How many carrying passages were judged how: by column name."""
    bears = [{one.bears for one in judged} for case in cases for judged in case.judgements]
    named = {
        "n_supports": SUPPORTS,
        "n_qualifies": QUALIFIES,
        "n_contradicts": CONTRADICTS,
        "n_beside": BESIDE,
    }
    counts = {name: sum(said in each for each in bears) for name, said in named.items()}
    return counts | {"n_unjudged": sum(not each for each in bears)}


def judged_by(cases: Iterable[CaseStance]) -> tuple[str, str]:
    """Who judged the passages, and how they were chosen: 'A 5, TW 2', 'all that carry 7'.

    Where nobody says how, 'not said'; where nobody judged, both are ''.
    """
    every = [one for case in cases for judged in case.judgements for one in judged]
    people, chosen = Counter(one.by for one in every), Counter(one.chosen for one in every)
    return _listed(people), _listed(Counter({name or "not said": n for name, n in chosen.items()}))


def _listed(counts: Counter[str]) -> str:
    ordered = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{name} {count}" for name, count in ordered)
