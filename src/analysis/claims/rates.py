"""Contrasts of rates: where everybody carries a code, how often they do still differs."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from zlib import crc32

import numpy as np

from analysis.claims.expectation import Group
from analysis.claims.material import Material
from analysis.claims.measured import Measured
from analysis.measures.ranges import rate_difference
from analysis.measures.resampling import drawn_error
from analysis.study.choices import Choices

# Every arrangement of 10 v 10 cases is tried.
MOST_TRIED = 200_000


@dataclass(frozen=True)
class Rates:
    """The cases of both groups: id, spans of the code, and counted words, sorted."""

    group: tuple[tuple[str, int, int], ...]
    than: tuple[tuple[str, int, int], ...]


def gather_rates(
    code: str,
    kind_of_source: str,
    roles: tuple[str, ...],
    found: tuple[Group, ...],
    material: Material,
) -> Rates:
    """Count spans and words of the cases of both groups, in sources of the kind asked for."""
    spoken = material.coded.passages.groupby("source_id")["words"].sum()
    sides = []
    for group, role in zip(found, roles, strict=True):
        among = material.among(kind_of_source, role)
        listed = []
        for case, _ in group:
            own = [source.source_id for source in among if source.case_id == case]
            spans = sum(len(material.spans(source, code)) for source in own)
            listed.append((case, spans, int(sum(spoken.get(source, 0) for source in own))))
        sides.append(tuple(listed))
    return Rates(sides[0], sides[1])


def measure_rates(name: str, found: Rates, choices: Choices) -> Measured:
    """effect = segments per 1,000 words of the group, less those of the other.

    p is the share of rearrangements of the labels over cases that go at least as far: of all of
    them up to `MOST_TRIED`, else of `choices.resamples` drawn. n and than_n count cases that carry
    the code.
    """
    n, than_n = (sum(spans > 0 for _, spans, _ in side) for side in (found.group, found.than))
    size, than_of = len(found.group), len(found.than)
    every = np.array([(spans, words) for _, spans, words in found.group + found.than], dtype=float)
    nothing = not (size and than_of and every[:size, 1].sum() and every[size:, 1].sum())
    if nothing:
        nan = math.nan
        return Measured(nan, nan, nan, n, size, True, than_n, than_of)
    own, other = every[:size].T, every[size:].T
    low, high = rate_difference(own[0], own[1], other[0], other[1])
    drawn = 0 if math.comb(size + than_of, size) <= MOST_TRIED else choices.resamples
    p, p_other, least, least_other = rate_tails(
        every[:, 0], every[:, 1], size, choices.resamples, (choices.seed, crc32(name.encode()))
    )
    return Measured(
        float(1000 * (own[0].sum() / own[1].sum() - other[0].sum() / other[1].sum())),
        low,
        high,
        n,
        size,
        min(size, than_of) < choices.minimum_group,
        than_n,
        than_of,
        p,
        p_other,
        least=least,
        least_other=least_other,
        p_error=float(drawn_error(np.array([p]), drawn)[0]),
    )


def rate_tails(
    segments: np.ndarray, words: np.ndarray, size: int, n: int, seed: tuple[int, ...]
) -> tuple[float, float, float, float]:
    """p in both directions, and the least that each could be, of a difference of pooled rates.

    `segments`, `words` (cases,), the first `size` of them the one group. Arrangements that leave a
    group without words have no rate, and go at least as far in both directions.
    """
    every = len(words)
    tried = math.comb(every, size) <= MOST_TRIED
    if tried:
        chosen = np.array(list(itertools.combinations(range(every), size)))
    else:
        drawn = np.random.default_rng(seed).random((n, every))
        chosen = np.argsort(drawn, axis=1)[:, :size]
    found, spoken = segments[chosen].sum(axis=1), words[chosen].sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = found / spoken - (segments.sum() - found) / (words.sum() - spoken)
    observed = segments[:size].sum() / words[:size].sum()
    observed -= segments[size:].sum() / words[size:].sum()
    # Equal differences reached by other sums must not fall apart by rounding.
    near = 1e-12 * max(abs(observed), 1e-6)
    more = int((~(difference < observed - near)).sum())
    fewer = int((~(difference > observed + near)).sum())
    if not tried:
        return (1 + more) / (1 + n), (1 + fewer) / (1 + n), 1 / (1 + n), 1 / (1 + n)
    most, least = np.nanmax(difference), np.nanmin(difference)
    ways = len(chosen)
    return (
        more / ways,
        fewer / ways,
        int((difference >= most - near).sum()) / ways,
        int((difference <= least + near).sum()) / ways,
    )
