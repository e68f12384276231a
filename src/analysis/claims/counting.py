"""Expectations about cases: how many of a group carry a code, and how far that could move."""

from __future__ import annotations

import math
from collections.abc import Collection
from zlib import crc32

import numpy as np

from analysis.claims.material import Material, Source
from analysis.claims.model import STOPS_SHORT, Expectation
from analysis.claims.rule import Measured
from analysis.measures.resampling import case_weights, quantile_ranges
from analysis.study.choices import Choices

LEVEL = 0.95

#: The cases of one group, sorted: their ids, and whether each carries the code.
Group = tuple[tuple[str, bool], ...]


def seeds(choices: Choices, expectation: Expectation) -> tuple[int, int]:
    """The seed of an expectation's redraws: its own, so that the order of claims is nothing."""
    return choices.seed, crc32(expectation.id.encode())


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
    """Count the cases of `groups`, with the range when they are redrawn."""
    if not all(found):
        n, n_of, than_n, than_of = (*_count(found[0]), *(_count(found[1]) if found[1:] else (0, 0)))
        return Measured(math.nan, math.nan, math.nan, n, n_of, True, than_n, than_of)
    return _MEASURES[expectation.kind](expectation, found, choices)


def _prevalence(expectation: Expectation, found: tuple[Group, ...], choices: Choices) -> Measured:
    """effect = (n - at_least) / cases of the group."""
    n, size = _count(found[0])
    aim = expectation.at_least / size
    low, high = _redrawn(_shares(found[0]), np.zeros(size), expectation, choices)
    too_few = size < max(expectation.at_least, choices.minimum_group)
    return Measured(n / size - aim, low - aim, high - aim, n, size, too_few)


def _contrast(expectation: Expectation, found: tuple[Group, ...], choices: Choices) -> Measured:
    """effect = difference of case shares.

    Labels of the two groups are rearranged over cases, so p is the hypergeometric tail of
    Fisher's exact test in the expected direction (Fisher 1935).
    """
    (n, size), (than_n, than_of) = map(_count, found)
    # One weighted sum is the difference of shares: a case of the other group counts against it.
    worth = np.concatenate([_shares(found[0]), -_shares(found[1])])
    low, high = _redrawn(worth, np.repeat([0, 1], [size, than_of]), expectation, choices)
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
        hypergeometric_tail(n, marked, size, every),
        hypergeometric_tail(than_n, marked, than_of, every),
    )


def _reach(expectation: Expectation, found: tuple[Group, ...], choices: Choices) -> Measured:
    """effect = the share that carries `to`, less `share`; 'stops short' turns the sign."""
    n, size = _count(found[0])
    sign = -1 if expectation.direction == STOPS_SHORT else 1
    low, high = _redrawn(_shares(found[0]), np.zeros(size), expectation, choices)
    ends = sorted(sign * (share - expectation.share) for share in (low, high))
    effect = sign * (n / size - expectation.share)
    return Measured(effect, ends[0], ends[1], n, size, size < choices.minimum_group)


_MEASURES = {"prevalence": _prevalence, "contrast": _contrast, "reach": _reach}


def _count(group: Group) -> tuple[int, int]:
    return sum(carries for _, carries in group), len(group)


def _shares(group: Group) -> np.ndarray:
    return np.array([carries for _, carries in group], dtype=float) / len(group)


def hypergeometric_tail(found: int, marked: int, drawn: int, size: int) -> float:
    """P(X >= found) when `drawn` of `size` are drawn and `marked` of them carry the code."""
    ways = sum(
        math.comb(marked, count) * math.comb(size - marked, drawn - count)
        for count in range(found, min(marked, drawn) + 1)
    )
    return ways / math.comb(size, drawn)


def _redrawn(
    worth: np.ndarray, stratum: np.ndarray, expectation: Expectation, choices: Choices
) -> tuple[float, float]:
    """The range of the sum of `worth` (cases,) when cases are redrawn within strata."""
    weights = case_weights(stratum, choices.resamples, seeds(choices, expectation))
    low, high = quantile_ranges((weights @ worth)[None, :], LEVEL)[0]
    return float(low), float(high)
