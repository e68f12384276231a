"""How often every two codes meet, as sums over sources: found in some of them, and added."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measures.chance.overlaps import overlaps_by_source
from analysis.measures.pairs import overlap_counts, shared_units
from analysis.measures.spans import numbered, union
from analysis.measures.units import Frame

_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Meetings:
    """Where codes stand and meet in some sources, under one unit.

    `units` (1,): how many there are; `held` (codes,): those that hold each code. (codes, codes), at
    row a and column b with a before b: `both`, where they meet; `more_a`, `more_b`, where they meet
    without the one being there itself (windows); `apart`, where both are but nobody put both; `words`
    that lie under both. `source` (into `source_ids`), `a`, `b`, `met` (n,): how often in each source.
    """

    codes: list[str]
    source_ids: list[str]
    units: np.ndarray
    held: np.ndarray
    both: np.ndarray
    more_a: np.ndarray
    more_b: np.ndarray
    apart: np.ndarray
    words: np.ndarray
    source: np.ndarray
    a: np.ndarray
    b: np.ndarray
    met: np.ndarray


def meetings(frame: Frame, unit: str, *, by_source: bool = False) -> Meetings:
    """Count the meetings of the codes of `frame`, under the unit that it was made for.

    >>> from analysis.corpus import Corpus
    >>> passages = pd.DataFrame({"source_id": "s", "start": [0, 5], "end": [4, 9]})
    >>> codings = pd.DataFrame({"source_id": "s", "start": [0, 0], "end": [9, 4], "code": ["a", "b"]})
    >>> frame = Frame.of(Corpus(passages=passages, codings=codings), "passage", None, False, None)
    >>> found = meetings(frame, "passage", by_source=True)
    >>> found.held.tolist(), found.both.tolist(), found.met.tolist()
    ([2, 1], [[0, 1], [0, 0]], [1])
    """
    of_unit = _of_overlaps if unit == "overlap" else _of_units
    n_codes = len(frame.names)
    words = _shared_words(frame) if frame.has_words else np.zeros((n_codes, n_codes), np.int64)
    held, (both, more_a, more_b, apart), rows = of_unit(frame, by_source)
    units = np.array([frame.n_units])
    return Meetings(
        frame.names, frame.source_names, units, held, both, more_a, more_b, apart, words, *rows
    )


_Found = tuple[np.ndarray, list[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]


def _of_overlaps(frame: Frame, by_source: bool) -> _Found:
    n_codes, n_coders = len(frame.names), int(frame.coder.max(initial=0)) + 1
    track = frame.source * n_coders + frame.coder
    found = overlap_counts(track, frame.start, frame.end, frame.code, n_codes)
    none = [np.zeros_like(found) for _ in range(3)]
    held = np.bincount(frame.code, minlength=n_codes)
    if not by_source:
        return held, [found, *none], (_NONE,) * 4
    a, b = np.triu_indices(n_codes, 1)
    counts = overlaps_by_source(frame, a, b)
    pair, source = np.nonzero(counts)
    return held, [found, *none], (source, a[pair], b[pair], counts[pair, source])


def _of_units(frame: Frame, by_source: bool) -> _Found:
    n_codes = len(frame.names)
    unit, code, coder = frame.presence()
    own = np.unique(unit * n_codes + code)
    meeting, pair = _meeting(frame, *frame.carried(unit, code, coder))
    own_a, own_b = (
        np.isin(meeting * n_codes + each, own) for each in (pair // n_codes, pair % n_codes)
    )

    def tallied(pairs: np.ndarray) -> np.ndarray:
        return np.bincount(pairs, minlength=n_codes * n_codes).reshape(n_codes, n_codes)

    by_any = shared_units(own // n_codes, own % n_codes, np.ones(len(own), bool), n_codes)[1]
    squares = [
        tallied(pair),
        tallied(pair[~own_a]),
        tallied(pair[~own_b]),
        tallied(by_any) - tallied(pair[own_a & own_b]),
    ]
    held = np.bincount(own % n_codes, minlength=n_codes)
    if not by_source:
        return held, squares, (_NONE,) * 4
    square = max(n_codes * n_codes, 1)
    where, met = np.unique(frame.unit_source[meeting] * square + pair, return_counts=True)
    source, pair = where // square, where % square
    return held, squares, (source, pair // max(n_codes, 1), pair % max(n_codes, 1), met)


def _meeting(
    frame: Frame, unit: np.ndarray, code: np.ndarray, coder: np.ndarray, current: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    n_coders = int(coder.max(initial=0)) + 1
    track, pair = shared_units(unit * n_coders + coder, code, current, len(frame.names))
    if n_coders == 1:
        return track, pair
    # A unit in which two coders both put both codes counts once.
    once = np.unique(np.stack([track // n_coders, pair]), axis=1)
    return once[0], once[1]


def _shared_words(frame: Frame) -> np.ndarray:
    """Return (codes, codes): the words that lie under both codes at once."""
    from scipy.sparse import coo_array

    n_codes = len(frame.names)
    n_coders = int(frame.coder.max(initial=0)) + 1
    group, first, beyond = union(
        frame.coder * n_codes + frame.code, frame.word_first, frame.word_beyond
    )
    # Between two neighbouring borders the same codes hold, so a stretch is a unit of its length.
    borders = np.unique(np.concatenate([first, beyond]))
    length = np.diff(borders)
    at, until = np.searchsorted(borders, first), np.searchsorted(borders, beyond)
    times = until - at
    row = np.repeat(np.arange(len(times)), times)
    stretch = at[row] + np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    place = stretch * n_coders + group[row] // n_codes
    shape = (max(len(length), 1) * n_coders, n_codes)
    here = coo_array((np.ones(len(row), np.int64), (place, group[row] % n_codes)), shape).tocsr()
    weighted = coo_array((length[stretch], (place, group[row] % n_codes)), shape).tocsr()
    return np.asarray((here.T @ weighted).todense())


def names_in(names: Sequence[Sequence[str]]) -> list[str]:
    """Return all names of several lists, each once, sorted.

    >>> names_in([["b"], ["a", "b"]])
    ['a', 'b']
    """
    return sorted(set(itertools.chain.from_iterable(names)))


def place_in(own: Sequence[str], names: Sequence[str]) -> np.ndarray:
    """Return where each of `own` stands in `names`.

    >>> place_in(["b"], ["a", "b"]).tolist()
    [1]
    """
    return numbered(pd.Series(list(own), dtype=str), names)


def added(parts: Sequence[Meetings]) -> Meetings:
    """Sum the meetings in parts of a corpus, each source in one of them, in their order.

    >>> nothing = np.zeros((1, 1), dtype=np.int64)
    >>> part = Meetings(["a"], ["s"], np.array([2]), np.array([1]), *[nothing] * 5, *[_NONE] * 4)
    >>> added([part, part]).held.tolist()
    [2]
    """
    codes = names_in([part.codes for part in parts])
    held = np.zeros(len(codes), dtype=np.int64)
    squares = np.zeros((5, len(codes), len(codes)), dtype=np.int64)
    rows: list[tuple[np.ndarray, ...]] = [(_NONE,) * 4]
    before = 0
    for part in parts:
        place = place_in(part.codes, codes)
        held[place] += part.held
        for whole, own in zip(
            squares, (part.both, part.more_a, part.more_b, part.apart, part.words), strict=True
        ):
            whole[np.ix_(place, place)] += own
        rows.append((part.source + before, place[part.a], place[part.b], part.met))
        before += len(part.source_ids)
    ids = list(itertools.chain.from_iterable(part.source_ids for part in parts))
    units = np.sum([part.units for part in parts], axis=0)
    columns = (np.concatenate(column) for column in zip(*rows, strict=True))
    return Meetings(codes, ids, units, held, *squares, *columns)
