"""What association and dissociation share: two codes that meet more, or less, than rearranged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar
from zlib import crc32

import numpy as np
from pydantic import Field, field_validator

from analysis import corpus
from analysis.claims import rearranging
from analysis.claims.asking import (
    PASSAGES,
    Asking,
    Questions,
    codes_of,
    everywhere,
    meeting,
    roles_of,
)
from analysis.claims.counting import group
from analysis.claims.expectation import Expectation, Group, Number, quoted
from analysis.claims.fields import Codes
from analysis.claims.material import Material, Place
from analysis.claims.measured import Measured
from analysis.claims.meeting import Meetings, counted, masses, meetings
from analysis.claims.terms import ABSENT, ANY_KIND, OPPOSITE, PRESENT, TOO_FEW, VARIES
from analysis.files.yaml_types import FaultError, one_of
from analysis.measures.chance.further import is_drawn
from analysis.measures.chance.overlaps import bounded, least_told, tail
from analysis.measures.ranges import LEVEL, ratio
from analysis.measures.resampling import case_weights, drawn_error, quantile_ranges
from analysis.study.choices import Choices

#: Fewer sources than this with both codes: an association is not looked at.
MINIMUM_SOURCES = 3


class TwoCodes(Expectation):
    """Two codes and where they must meet: `unit`, else where the study says."""

    patterns: ClassVar = (PRESENT, ABSENT, OPPOSITE, VARIES, TOO_FEW)
    scale: ClassVar = "meetings, divided by those expected, less one"
    naming_codes: ClassVar = ("pair",)
    together: ClassVar = True

    pair: Codes = Field(alias="codes")
    unit: Annotated[str, one_of(corpus.UNITS)] = ""

    @field_validator("pair")
    @classmethod
    def _two_apart(cls, pair: tuple[str, ...]) -> tuple[str, ...]:
        if len(pair) != 2 or len(set(pair)) != 2:
            raise FaultError(f"{len(set(pair))} codes", "two codes", "name two")
        if any(f"{one}/".startswith(f"{other}/") for one, other in (pair, pair[::-1])):
            raise FaultError(
                "a code and its own parent",
                "two codes apart from each other",
                "name others: a parent counts wherever its child does",
            )
        return pair

    def unit_under(self, choices: Choices) -> str:
        """Where the two must meet."""
        return self.unit or choices.unit

    def carrying(self, material: Material) -> frozenset[Place]:
        """Passages with both codes; where they meet in sources, with either, in such a source."""
        first, second = (material.coded.on_passages.get(code, frozenset()) for code in self.codes)
        if self.unit != "source":
            return first & second
        both = material.sources_with(self.codes[:1]) & material.sources_with(self.codes[1:])
        return frozenset(place for place in first | second if place[0] in both)

    @property
    def by_case(self) -> bool:
        """Its group is of sources."""
        return False

    def groups(self, material: Material) -> tuple[Group, ...]:
        """The sources, and whether each carries either code."""
        carrying = material.sources_with(self.codes)
        names = [source.source_id for source in self.among(material)]
        return (group({name: name in carrying for name in names}),)

    def gather(self, groups: tuple[Group, ...], material: Material, choices: Choices) -> Meetings:
        """Where the two codes are, in the unit that counts.

        Where sources are the unit, without those of whom nobody asked: among these both would seem
        to be missing together.
        """
        unit, among = self.unit_under(choices), self.among(material)
        if unit == "source":
            asked = {name for name, _ in groups[0]}
            among = [source for source in among if source.source_id in asked]
        return meetings(material, among, self.codes, unit, choices.null, choices.window)

    def measured(self, found: Meetings, choices: Choices) -> Measured:
        """effect = observed / expected - 1, where expected is the mean over rearrangements.

        p is the share of rearrangements in which the codes meet at least as often, p_other at most
        as often; both count the rearrangements that equal what was observed. The range is
        `ranges.ratio` of the cases, and where sources are the unit it redraws whole cases.
        """
        moved = found.moved
        counts = [counted(stratum, found.unit, found.window) for stratum in found.strata]
        parts = _parts(found, moved, choices)
        observed, places = (
            (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0)
        )
        means = np.array([float(np.arange(len(part)) @ np.array(part)) for part in parts])
        expected, n_sources = float(means.sum()), found.n_sources
        if expected <= 0:
            nothing = (math.nan,) * 3
            return Measured(*nothing, observed, places, True, expected=0.0, n_sources=n_sources)
        draws = choices.resamples if is_drawn(found.null, found.unit) else 0
        floor = least_told(draws) if draws else 0.0
        _, more, fewer = tail(parts, observed, floor)
        low, high = _range(self.id, found, [met for met, _ in counts], means, choices)
        least, least_other = (bounded(_chance(parts, end), floor) for end in (-1, 0))
        return Measured(
            observed / expected - 1,
            low,
            high,
            observed,
            places,
            n_sources < MINIMUM_SOURCES,
            p=more,
            p_other=fewer,
            expected=expected,
            n_sources=n_sources,
            least=least,
            least_other=least_other,
            p_error=float(drawn_error(np.array([more]), draws)[0]),
        )

    #: How the codes are expected to meet, against rearrangements.
    often: ClassVar[str]

    def expected(self) -> str:
        """'‘tie’ and ‘merit’ meet more often than in rearrangements'."""
        first, second = map(quoted, self.codes)
        return f"{first} and {second} meet {self.often} often than in rearrangements"

    @classmethod
    def counted(cls, row: Mapping[str, Any], number: Number) -> str:
        """'met 5 times in interviews, 3.2 when rearranged'."""
        kind, expected = str(row["kind_of_source"]), float(row["expected"])
        among = "all sources" if kind == ANY_KIND else f"{kind}s"
        rearranged = "" if math.isnan(expected) else f", {expected:.1f} when rearranged"
        often = int(row["n"])
        return (
            f"met {number('n', often)} {'time' if often == 1 else 'times'} in {among}{rearranged}"
        )

    @classmethod
    def found(cls, codes: Sequence[str], counted: str) -> str:
        """'‘tie’ and ‘merit’ met 5 times in interviews'."""
        return f"{' and '.join(codes)} {counted}"

    @classmethod
    def asks(cls, row: Mapping[str, Any], asking: Asking) -> Questions:
        """Where the two meet; where they meet in sources, passages with either carry it."""
        codes, whose = codes_of(row), {**everywhere(row), "role": roles_of(row)}
        join = "or_" if row["unit"] == "source" else "and_"
        carrying = {"list": "passages", "code": codes[0], join: codes[1], **whose}
        return {"n": meeting(codes, row["unit"], asking.window) | whose, PASSAGES: carrying}

    @classmethod
    def effect(cls, row: Mapping[str, Any]) -> str:
        """The excess over rearrangements."""
        return "the excess over rearrangements, as a share of these,"


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


def _chance(parts: list[tuple[float, ...]], end: int) -> float:
    """The chance of the most (`end` -1) or the fewest (0) meetings that there can be."""
    return math.prod(float(np.array(part)[np.flatnonzero(part)[end]]) for part in parts)


def _range(
    name: str, found: Meetings, met: list[int], means: np.ndarray, choices: Choices
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
        (choices.seed, crc32(name.encode())),
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
