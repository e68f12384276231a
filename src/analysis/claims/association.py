"""Expectations that two codes meet more often, or less often, than rearranged codings do."""

from __future__ import annotations

import math
from zlib import crc32

import numpy as np

from analysis.claims import rearranging
from analysis.claims.material import Material
from analysis.claims.meeting import (
    Meetings,
    counted,
    masses,
    meetings,
)
from analysis.claims.model import Expectation
from analysis.claims.rearranging import WITHIN_ANSWERS
from analysis.claims.rule import MINIMUM_SOURCES, Measured
from analysis.measures.chance.overlaps import bounded, least_told, tail
from analysis.measures.ranges import LEVEL, ratio
from analysis.measures.resampling import case_weights, quantile_ranges
from analysis.study.choices import Choices


def gather_meetings(expectation: Expectation, material: Material, choices: Choices) -> Meetings:
    """Where the two codes of an association or dissociation are, in the unit that counts."""
    unit = expectation.unit or choices.unit
    among = material.among(expectation.kind_of_source)
    return meetings(material, among, expectation.codes, unit, choices.null, choices.window)


def measure_meetings(expectation: Expectation, found: Meetings, choices: Choices) -> Measured:
    """effect = observed / expected - 1, where expected is the mean over rearrangements.

    p is the share of rearrangements in which the codes meet at least as often, p_other at most as
    often; both count the rearrangements that equal what was observed. A dissociation turns the
    sign and exchanges the two. The range is `ranges.ratio` of the cases, and
    where sources are the unit it redraws whole cases.
    """
    moved = found.moved
    counts = [counted(stratum, found.unit, found.window) for stratum in found.strata]
    parts = _parts(found, moved, choices)
    observed, places = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0)
    means = np.array([float(np.arange(len(part)) @ np.array(part)) for part in parts])
    expected = float(means.sum())
    too_few = found.n_sources < MINIMUM_SOURCES or expected <= 0
    if expected <= 0:
        nan = math.nan
        return Measured(
            nan, nan, nan, observed, places, True, expected=0.0, n_sources=found.n_sources
        )
    floor = least_told(choices.resamples) if _is_drawn(found) else 0.0
    _, more, fewer = tail(parts, observed, floor)
    low, high = _range(expectation, found, [met for met, _ in counts], means, choices)
    effect = observed / expected - 1
    least, least_other = (bounded(_chance(parts, end), floor) for end in (-1, 0))
    if expectation.kind == "dissociation":
        effect, low, high, more, fewer = -effect, -high, -low, fewer, more
        least, least_other = least_other, least
    return Measured(
        effect,
        low,
        high,
        observed,
        places,
        too_few,
        p=more,
        p_other=fewer,
        expected=expected,
        n_sources=found.n_sources,
        least=least,
        least_other=least_other,
    )


def _parts(found: Meetings, moved: int, choices: Choices) -> list[tuple[float, ...]]:
    """The masses of each stratum."""
    chance = (choices.resamples, choices.seed)
    if not found.layouts:
        return [
            masses(stratum, moved, found.unit, found.null, found.window, *chance)
            for stratum in found.strata
        ]
    return [
        rearranging.masses(layout, stratum, moved, found.unit, found.null, found.window, *chance)
        for layout, stratum in zip(found.layouts, found.strata, strict=True)
    ]


def _is_drawn(found: Meetings) -> bool:
    """Whether the masses are drawn, so that no share can be told to be nothing."""
    if found.null == WITHIN_ANSWERS:
        return found.unit in ("overlap", "window")
    return found.unit == "overlap" and found.null == "shuffle"


def _chance(parts: list[tuple[float, ...]], end: int) -> float:
    """The chance of the most (`end` -1) or the fewest (0) meetings that there can be."""
    return math.prod(float(np.array(part)[np.flatnonzero(part)[end]]) for part in parts)


def _range(
    expectation: Expectation, found: Meetings, met: list[int], means: np.ndarray, choices: Choices
) -> tuple[float, float]:
    """The range of observed / expected - 1."""
    names = sorted({case for stratum in found.strata for case in stratum.cases})
    place = {case: number for number, case in enumerate(names)}
    if found.unit != "source":
        case = np.array([place[stratum.cases[0]] for stratum in found.strata])
        observed, expected = (np.bincount(case, each, len(names)) for each in (met, means))
        low, high = ratio(observed, expected)
        return low - 1, high - 1
    weights = case_weights(
        np.zeros(len(names), dtype=int),
        choices.resamples,
        (choices.seed, crc32(expectation.id.encode())),
    ).astype(float)
    observed, expected = _among_sources(found, weights, place)
    drawn = np.divide(observed, expected, out=np.full(len(weights), np.nan), where=expected > 0)
    low, high = quantile_ranges(drawn[None, :], LEVEL)[0]
    return float(low - 1), float(high - 1)


def _among_sources(
    found: Meetings, weights: np.ndarray, place: dict[str, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Meetings observed and expected in each draw: of n sources n_a n_b / n, kind by kind."""
    observed, expected = np.zeros(len(weights)), np.zeros(len(weights))
    for stratum in found.strata:
        drawn = weights[:, [place[case] for case in stratum.cases]]
        a, b = stratum.held().T.astype(float)
        size = drawn.sum(axis=1)
        chance = (drawn @ a) * (drawn @ b)
        observed += drawn @ (a * b)
        expected += np.divide(chance, size, out=np.zeros_like(size), where=size > 0)
    return observed, expected
