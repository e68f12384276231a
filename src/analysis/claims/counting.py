"""Expectations about cases: how many of a group carry a code, and how far that could move."""

from __future__ import annotations

import math
from collections.abc import Collection

from analysis.claims.material import Material, Source
from analysis.claims.model import STOPS_SHORT, Expectation
from analysis.claims.rule import Measured
from analysis.measures.attainable import binomial_mid_tail, least_contrast, mid_tail
from analysis.measures.ranges import agresti_caffo, wilson
from analysis.study.choices import Choices

#: The cases of one group, sorted: their ids, and whether each carries the code.
Group = tuple[tuple[str, bool], ...]


def groups(expectation: Expectation, material: Material) -> tuple[Group, ...]:
    """The cases that a prevalence, contrast or reach is about.

    One group for prevalence; `group` and `than` for contrast, without cases that have sources in
    both; for reach the cases (or sources) that carry `from`, and whether they carry `to`.
    """
    kind = expectation.kind_of_source
    among = material.among(kind, expectation.group)
    if expectation.kind == "reach":
        by_source = expectation.unit == "source"
        begun, reached = (_carrying(code, among, material, by_source) for code in expectation.codes)
        return (_group({case: reached[case] for case, begins in begun.items() if begins}),)
    carried = _carrying(expectation.codes[0], among, material)
    if expectation.kind == "prevalence":
        return (_group(carried),)
    other = _carrying(expectation.codes[0], material.among(kind, expectation.than), material)
    both = carried.keys() & other.keys()
    return _group(carried, both), _group(other, both)


def _carrying(
    code: str, among: list[Source], material: Material, by_source: bool = False
) -> dict[str, bool]:
    """Whether each case (or source) of the sources `among` carries the code in them."""
    carrying = material.sources_with([code])
    found: dict[str, bool] = {}
    for source in among:
        name = source.source_id if by_source else source.case_id
        found[name] = found.get(name, False) or source.source_id in carrying
    return found


def _group(carried: dict[str, bool], without: Collection[str] = ()) -> Group:
    return tuple(sorted((case, held) for case, held in carried.items() if case not in without))


def measure_groups(
    expectation: Expectation, found: tuple[Group, ...], choices: Choices
) -> Measured:
    """Count the cases of `groups`, with the range of what was counted."""
    if not all(found):
        n, n_of, than_n, than_of = (*_count(found[0]), *(_count(found[1]) if found[1:] else (0, 0)))
        return Measured(math.nan, math.nan, math.nan, n, n_of, True, than_n, than_of)
    return _MEASURES[expectation.kind](expectation, found, choices)


def _prevalence(expectation: Expectation, found: tuple[Group, ...], choices: Choices) -> Measured:
    """effect = (n - at_least) / cases of the group."""
    n, size = _count(found[0])
    aim = expectation.at_least / size
    low, high = wilson(n, size)
    too_few = size < max(expectation.at_least, choices.minimum_group)
    return Measured(n / size - aim, low - aim, high - aim, n, size, too_few)


def _contrast(expectation: Expectation, found: tuple[Group, ...], choices: Choices) -> Measured:
    """effect = difference of case shares.

    Labels of the two groups are rearranged over cases, so p is the mid-p of Fisher's exact test
    in the expected direction (Fisher 1935, Lancaster 1961).
    """
    (n, size), (than_n, than_of) = map(_count, found)
    low, high = agresti_caffo(n, size, than_n, than_of)
    marked, every = n + than_n, size + than_of
    return Measured(
        n / size - than_n / than_of,
        low,
        high,
        n,
        size,
        min(size, than_of) < choices.minimum_group,
        than_n,
        than_of,
        mid_tail(n, marked, size, every),
        mid_tail(than_n, marked, than_of, every),
        least=least_contrast(marked, size, every),
        least_other=least_contrast(marked, than_of, every),
    )


def _reach(expectation: Expectation, found: tuple[Group, ...], choices: Choices) -> Measured:
    """effect = the share that carries `to`, less `share`; 'stops short' turns the sign.

    p is the mid-p of so many or more when each carries it with the chance of the threshold.
    """
    n, size = _count(found[0])
    low, high = (edge - expectation.share for edge in wilson(n, size))
    effect = n / size - expectation.share
    more = binomial_mid_tail(n, size, expectation.share)
    fewer = binomial_mid_tail(size - n, size, 1 - expectation.share)
    # What all of the cases, and none of them, would give.
    most = binomial_mid_tail(size, size, expectation.share)
    none = binomial_mid_tail(size, size, 1 - expectation.share)
    if expectation.direction == STOPS_SHORT:
        effect, low, high = -effect, -high, -low
        more, fewer, most, none = fewer, more, none, most
    return Measured(
        effect,
        low,
        high,
        n,
        size,
        size < choices.minimum_group,
        p=more,
        p_other=fewer,
        least=most,
        least_other=none,
    )


_MEASURES = {"prevalence": _prevalence, "contrast": _contrast, "reach": _reach}


def _count(group: Group) -> tuple[int, int]:
    return sum(carries for _, carries in group), len(group)
