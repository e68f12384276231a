"""The least and the most that an expectation's count can be, while passages are unread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from analysis.claims.expectation import Expectation, Group
from analysis.claims.material import Material
from analysis.claims.model import Claim
from analysis.claims.stance import CaseStance, Stances, case_stances


class Ends(NamedTuple):
    """The groups of an expectation as cases mention, at least affirm, and at most affirm.

    Each case with whether it counts. For a contrast least and most are of the difference: the
    least of the one group with the most of the other.
    """

    mentioned: tuple[Group, ...]
    least: tuple[Group, ...]
    most: tuple[Group, ...]


def bounds(claim: Claim, one: Expectation, material: Material, stances: Stances | None) -> Ends:
    """The groups of an expectation, without who was not asked (or sources of theirs).

    Where mention counts, or nobody was to judge (`stances` None), all three are the same. A case
    affirms by one passage that was judged to support the claim, and may affirm by one that nobody
    judged, so that whatever the unread passages come to say, the count stays between the two. Of
    cases that affirm, or mention, one and the same event alone, one counts.
    """
    if stances is None or not one.by_case:
        return ends(one, material, stances, {})
    return ends(one, material, stances, case_stances(claim.id, one, material, stances))


def ends(
    one: Expectation,
    material: Material,
    stances: Stances | None,
    cases: Mapping[str, CaseStance],
) -> Ends:
    """The same of `cases` that are known (`case_stances`), be they of more than the `material`."""
    plain = one.groups(material)
    if stances is None or not plain:
        return Ends(plain, plain, plain)
    unasked = set(stances.unasked.get(one.id, ()))
    if not one.by_case:
        own = one.among(material)
        unasked = {source.source_id for source in own if source.case_id in unasked}
    asked = tuple(
        tuple((name, held) for name, held in group if held or name not in unasked)
        for group in plain
    )
    if not one.by_case:
        return Ends(asked, asked, asked)
    mentioned = tuple(_once(group, cases) for group in asked)
    if not one.affirmed:
        return Ends(mentioned, mentioned, mentioned)
    least = [_counted(group, cases, _affirms) for group in asked]
    most = [_counted(group, cases, _may_affirm) for group in asked]
    if len(asked) == 1:
        return Ends(mentioned, tuple(least), tuple(most))
    return Ends(mentioned, (least[0], most[1]), (most[0], least[1]))


def _once(group: Group, cases: Mapping[str, CaseStance]) -> Group:
    """The cases of a group that carry; of those that tell one event and nothing else the first."""
    told: set[str] = set()
    listed = []
    for case, held in group:
        event = cases[case].event_mentioned if held else ""
        listed.append((case, held and event not in told))
        told |= {event} - {""}
    return tuple(listed)


def _affirms(case: CaseStance) -> bool:
    return case.affirms


def _may_affirm(case: CaseStance) -> bool:
    return case.may_affirm


def _counted(
    group: Group, cases: Mapping[str, CaseStance], counts: Callable[[CaseStance], bool]
) -> Group:
    """The cases of a group, with whether each counts; one event counts for the first case alone.

    A case that may affirm by another passage still stands for itself.
    """
    told: set[str] = set()
    listed = []
    for case, held in group:
        stance = cases[case]
        counted = held and counts(stance)
        settled = counts is _affirms or not stance.unread
        if counted and stance.event and settled:
            counted = stance.event not in told
            told.add(stance.event)
        listed.append((case, counted))
    return tuple(listed)
