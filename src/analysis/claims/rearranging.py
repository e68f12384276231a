"""Meetings under the nulls that look at more than passages: along the words, within answers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from analysis.claims.material import Material, Source
from analysis.measures.chance import answers, words
from analysis.measures.chance.further import WITHIN_ANSWERS


@dataclass(frozen=True)
class Layout:
    """Where the passages of a source are, how long, in which answer, and the spans of both codes.

    `places` (passages, 2), `words`, `answers` (passages,), `a` and `b` (spans, 2), as bytes of
    int64, so that equal ones are equal.
    """

    places: bytes
    words: bytes
    answers: bytes
    a: bytes
    b: bytes

    def arrays(self) -> tuple[np.ndarray, np.ndarray, np.ndarray, tuple[np.ndarray, np.ndarray]]:
        """Places, words, answers, and the spans of both codes."""
        places, long, answer, a, b = (
            np.frombuffer(data, dtype=np.int64)
            for data in (self.places, self.words, self.answers, self.a, self.b)
        )
        return places.reshape(-1, 2), long, answer, (a.reshape(-1, 2), b.reshape(-1, 2))


def layouts(material: Material, among: list[Source], codes: tuple[str, ...]) -> tuple[Layout, ...]:
    """The layout of each source, in their order."""
    # Described once for all variants that look at the same codings.
    known = material.coded.described
    nothing = (np.zeros(0, dtype=np.int64),) * 2
    listed = []
    for source in among:
        key = ("layout", source.source_id, *codes)
        if key not in known:
            long, answer = material.coded.long_and_answered.get(source.source_id, nothing)
            spans = (material.spans(source.source_id, code) for code in codes)
            arrays = (material.layout(source.source_id), long, answer, *spans)
            known[key] = tuple(array.tobytes() for array in arrays)
        listed.append(Layout(*known[key]))
    return tuple(listed)


class Holding(Protocol):
    """What tells which passages hold which of the two codes (`meeting.Stratum`)."""

    def held(self) -> np.ndarray: ...


@lru_cache(maxsize=8192)
def masses(
    one: Layout,
    stratum: Holding,
    moved: int,
    unit: str,
    null: str,
    window: int,
    draws: int,
    seed: int,
) -> tuple[float, ...]:
    """The probability of each count 0, 1, … in a source when the code `moved` (0, 1) moves.

    `stratum` says which passages hold the codes (not looked at for overlap). A source without
    both codes counts 0. Drawn are windows and overlaps within answers, for these reach from one
    answer to the next (`draws`, `seed`); all else is exact.
    """
    places, long, answer, spans = one.arrays()
    if not (len(spans[0]) and len(spans[1]) and len(places)):
        return (1.0,)
    if unit == "overlap":
        still, going = (words.word_spans(places, long, spans[code]) for code in (1 - moved, moved))
        if null == WITHIN_ANSWERS:
            return _plain(answers.drawn_overlaps(long, answer, still, going, draws, seed))
        return _plain(words.overlap_masses(still, going, int(long.sum())))
    pieces = [words.middles(places, long, each) for each in spans]
    held, two = stratum.held()[None], (np.array([1 - moved]), np.array([moved]))
    if null != WITHIN_ANSWERS:
        found = words.masses(long, pieces, held, *two, window)
    elif window > 1:
        found = answers.drawn_masses(long, pieces, held, answer, *two, window, draws, seed)
    else:
        found = answers.masses(long, pieces, held, answer, *two)
    return _plain(found[:, 0])


def _plain(found: np.ndarray) -> tuple[float, ...]:
    return tuple(found.tolist())
