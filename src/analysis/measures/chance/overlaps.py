"""Overlapping segments, rearranged: how often two codes would meet by chance.

Positions are first restated in passages: a passage and the gap after it are 1 long, whatever its
length, so that a whole passage moved elsewhere is a whole passage again. Within a source the
segments of one code stay, those of the other move with the passages they begin in.

`shift` moves all by the same number of passages, round the source in a circle; every number is
tried, so its distribution is exact. `shuffle` exchanges passages freely, and is drawn. A count is
a sum over sources of independent variables, so its distribution is their convolution. Only
sources that hold both codes add to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np

from analysis.measures.chance.adding import added
from analysis.measures.pairs import overlap_counts
from analysis.measures.units import Frame

# A passage is this long in the positions that overlaps are compared in.
SIZE = 1 << 31
_CELLS_AT_ONCE = 4_000_000


def in_passages(layout: np.ndarray, spans: Sequence[np.ndarray]) -> list[np.ndarray]:
    """Restate the spans of both codes, each (n, 2 or 3) of int64, in passages of equal length.

    The last two columns are start and end, a column before them says who coded. `layout` (passages,
    2): start and end of the source's passages, in order of the text. What lies before the first
    passage belongs to it, a gap to the passage before it.

    Two passages of different length are one long each:

    >>> layout, spans = np.array([[0, 10], [10, 110]]), np.array([[5, 60]])
    >>> (in_passages(layout, [spans])[0] / SIZE).tolist()
    [[0.5, 1.5]]
    """
    reach = max(
        int(each.max()) for each in (layout[-1:, 1], *(own[:, -1:] for own in spans)) if each.size
    )
    borders = np.append(layout[:, 0], reach)
    borders[0] = 0
    width = np.maximum(np.diff(borders), 1)
    restated = []
    for own in spans:
        places = own[:, -2:]
        passage = np.searchsorted(borders, places, side="right") - 1
        passage = np.clip(passage, 0, len(layout) - 1)
        inside = (places - borders[passage]) * SIZE // width[passage]
        restated.append(np.column_stack([own[:, :-2], passage * SIZE + inside]))
    return restated


def overlapping(fixed: np.ndarray, moved: np.ndarray) -> int:
    """Return how many pairs of a fixed and a moved span overlap where they are, of one coder each.

    >>> overlapping(np.array([[0, SIZE]]), np.array([[SIZE // 2, SIZE]]))
    1
    """
    return int(_met(fixed, moved, np.zeros((1, len(moved)), dtype=np.int64), 1 << 30)[0])


def masses(
    fixed: np.ndarray, moved: np.ndarray, size: int, null: str, draws: int, seed: int
) -> tuple[float, ...]:
    """Return the probability of each count 0, 1, … of overlapping pairs in one source.

    `fixed`, `moved` (n, 2 or 3) from `in_passages`, neither empty; `size`: passages of the source.
    `draws` and `seed` matter for `shuffle` alone; the same spans are drawn alike everywhere.
    Raises ValueError for another null than shift or shuffle.

    One of three passages each: they overlap at one of three steps.

    >>> [round(mass, 4) for mass in masses(np.array([[0, SIZE]]), np.array([[0, SIZE]]), 3, "shift", 0, 0)]
    [0.6667, 0.3333]
    """
    # In one order, so that the order of rows decides no draw.
    fixed, moved = (own[np.lexsort(own.T[::-1])] for own in (fixed, moved))
    key = (fixed.tobytes(), moved.tobytes(), fixed.shape[1], size)
    if null == "shift":
        return _shifted(*key)
    if null == "shuffle":
        return _shuffled(*key, draws, seed)
    raise ValueError(f"null {null!r} is neither shift nor shuffle")


def _spans(data: bytes, columns: int) -> np.ndarray:
    return np.frombuffer(data, dtype=np.int64).reshape(-1, columns)


@lru_cache(maxsize=8192)
def _shifted(fixed_data: bytes, moved_data: bytes, columns: int, size: int) -> tuple[float, ...]:
    """Two spans meet at a run of neighbouring steps: where it begins and ends is worked out."""
    fixed, moved = _spans(fixed_data, columns), _spans(moved_data, columns)
    one, other = np.nonzero(_same_coder(fixed, moved))
    still, going = fixed[one], moved[other]
    # At step t they meet if begin + t < fixed end and fixed begin < end + t, round the circle.
    first = (still[:, -2] - going[:, -1]) // SIZE + 1
    last = -((going[:, -2] - still[:, -1]) // SIZE) - 1
    length = np.minimum(last - first + 1, size)
    first, length = first[length > 0] % size, length[length > 0]
    change = np.bincount(first, minlength=2 * size + 1)
    change -= np.bincount(first + length, minlength=2 * size + 1)
    met = change.cumsum()[: 2 * size].reshape(2, size).sum(axis=0)
    return _shares(met)


@lru_cache(maxsize=8192)
def _shuffled(
    fixed_data: bytes, moved_data: bytes, columns: int, size: int, draws: int, seed: int
) -> tuple[float, ...]:
    fixed, moved = _spans(fixed_data, columns), _spans(moved_data, columns)
    slot = moved[:, -2] // SIZE
    # Drawn by the places alone, so that neither names, nor coders, nor other sources change it.
    places = b"".join(np.ascontiguousarray(own[:, -2:]).tobytes() for own in (fixed, moved))
    generator = np.random.default_rng((seed, crc32(places)))
    orders = np.tile(np.arange(size, dtype=np.int32), (draws, 1))
    steps = generator.permuted(orders, axis=1)[:, slot] - slot
    step = max(1, _CELLS_AT_ONCE // (len(fixed) * len(moved)))
    parts = [_met(fixed, moved, steps[at : at + step], size) for at in range(0, draws, step)]
    return _shares(np.concatenate(parts))


def _shares(met: np.ndarray) -> tuple[float, ...]:
    return tuple((np.bincount(met) / len(met)).tolist())


def _met(fixed: np.ndarray, moved: np.ndarray, steps: np.ndarray, size: int) -> np.ndarray:
    """How many pairs of spans overlap when `moved` go on by `steps` (draws, moved) passages.

    A span pushed past the end of the source goes on at its beginning.
    """
    whole = size * SIZE
    begin = (moved[:, -2] + steps * SIZE) % whole
    end = begin + (moved[:, -1] - moved[:, -2])
    begin, end = begin[:, :, None], end[:, :, None]
    meets = (begin < fixed[:, -1]) & (fixed[:, -2] < end) | (fixed[:, -2] < end - whole)
    return np.asarray((meets & _same_coder(fixed, moved).T).sum(axis=(1, 2)))


def _same_coder(fixed: np.ndarray, moved: np.ndarray) -> np.ndarray:
    """Return (fixed, moved): whether one coder put both, where coders are told."""
    return np.asarray((fixed[:, None, :-2] == moved[None, :, :-2]).all(axis=2))


def moves(spans: Sequence[tuple[np.ndarray, np.ndarray]]) -> int:
    """Return which of two codes moves, 0 or 1, by its spans in each source.

    The one with fewer segments; of equals the one whose first differing segment comes later, so
    that names decide nothing.

    >>> moves([(np.array([[0, 4]]), np.array([[0, 4], [5, 9]]))])
    0
    """
    keys = []
    for code in (0, 1):
        places = [(at, *span[-2:]) for at, own in enumerate(spans) for span in own[code].tolist()]
        keys.append((len(places), [-number for place in sorted(places) for number in place]))
    return int(keys[1] < keys[0])


def distribution(parts: Sequence[tuple[float, ...]]) -> np.ndarray:
    """Return the probability of each total 0, 1, … of independent counts.

    >>> distribution([(0.5, 0.5), (0.5, 0.5)]).tolist()
    [0.25, 0.5, 0.25]
    """
    least, chances = added([np.array(part) for part in parts])
    return np.concatenate([np.zeros(least), chances])


def tail(
    parts: Sequence[tuple[float, ...]], observed: int, floor: float
) -> tuple[float, float, float]:
    """Return the expected total, and the shares (`bounded`) of at least and of at most `observed`.

    `parts`: the masses of each source; `floor`: `least_told` where any of them was drawn, else 0.

    >>> tail([(0.5, 0.5), (0.5, 0.5)], 2, 0.0)
    (1.0, 0.25, 1.0)
    """
    total = distribution(parts)
    more, fewer = float(total[observed:].sum()), float(total[: observed + 1].sum())
    expected = sum(float(np.arange(len(part)) @ np.array(part)) for part in parts)
    return expected, bounded(more, floor), bounded(fewer, floor)


def least_told(draws: int) -> float:
    """Return the least share that draws can tell, 1 / (1 + `draws`) (Davison & Hinkley 1997).

    What was drawn cannot say that nothing ever goes so far.

    >>> least_told(99)
    0.01
    """
    return 1 / (1 + draws)


def bounded(share: float, floor: float) -> float:
    """Return `share`, not below `floor` nor, by rounding, above 1.

    >>> bounded(0.0, 0.01), bounded(1.0000001, 0.0)
    (0.01, 1.0)
    """
    return min(max(share, floor), 1.0)


def overlaps_by_source(frame: Frame, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return (pairs, sources): overlapping pairs of segments in each source.

    >>> import pandas as pd
    >>> from analysis.corpus import Corpus
    >>> passages = pd.DataFrame({"source_id": "s", "start": [0, 10], "end": [9, 19]})
    >>> codings = pd.DataFrame({"source_id": "s", "start": [0, 5], "end": [9, 19], "code": ["a", "b"]})
    >>> frame = Frame.of(Corpus(passages=passages, codings=codings), "overlap", None, False, None)
    >>> one, other = np.array([0]), np.array([1])
    >>> overlaps_by_source(frame, one, other).tolist()
    [[1]]
    """
    n_codes = len(frame.names)
    found = np.zeros((len(a), len(frame.source_names)), dtype=np.int64)
    for place, here in _by_source(frame).items():
        found[:, place] = overlap_counts(
            frame.coder[here], frame.start[here], frame.end[here], frame.code[here], n_codes
        )[a, b]
    return found


def _by_source(frame: Frame) -> dict[int, np.ndarray]:
    """Source -> its segments, in their order; those without any are not there."""
    order = np.argsort(frame.source, kind="stable")
    places, first = np.unique(frame.source[order], return_index=True)
    beyond = [*first[1:].tolist(), len(order)]
    return {
        place: order[begin:end]
        for place, begin, end in zip(places.tolist(), first.tolist(), beyond, strict=False)
    }


def overlap_tail(
    frame: Frame, a: np.ndarray, b: np.ndarray, observed: np.ndarray, null: str, seed: int, n: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return (pairs,) expected counts and P(count >= observed) for overlaps.

    All coders' segments of a code move alike, and meet within one coder where `frame` tells
    coders apart. Exact for shift; for shuffle of `n` draws in each source.

    >>> import pandas as pd
    >>> from analysis.corpus import Corpus
    >>> passages = pd.DataFrame({"source_id": "s", "start": [0, 10], "end": [9, 19]})
    >>> codings = pd.DataFrame({"source_id": "s", "start": [0, 5], "end": [9, 19], "code": ["a", "b"]})
    >>> frame = Frame.of(Corpus(passages=passages, codings=codings), "overlap", None, False, None)
    >>> one, other = np.array([0]), np.array([1])
    >>> expected, p = overlap_tail(frame, one, other, np.array([1]), "shift", 0, 0)
    >>> p.tolist()
    [1.0]
    """
    places, borders = np.column_stack([frame.unit_start, frame.unit_end]), frame.borders
    layout, spans = {}, dict[int, dict[int, np.ndarray]]()
    rows = np.column_stack([frame.coder, frame.start, frame.end])
    for place, here in _by_source(frame).items():
        layout[place] = places[borders[place] : borders[place + 1]]
        for code in np.unique(frame.code[here]).tolist():
            spans.setdefault(code, {})[place] = rows[here[frame.code[here] == code]]
    floor = least_told(n) if null == "shuffle" else 0.0
    expected, p = np.zeros(len(a)), np.ones(len(a))
    for pair, codes in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        own = [spans.get(one, {}) for one in codes]
        none = np.zeros((0, 3), dtype=np.int64)
        everywhere = [(own[0].get(at, none), own[1].get(at, none)) for at in layout]
        moved = moves(everywhere)
        parts = []
        for at in sorted(own[0].keys() & own[1].keys()):
            both = in_passages(layout[at], [own[0][at], own[1][at]])
            size = len(layout[at])
            parts.append(masses(both[1 - moved], both[moved], size, null, n, seed))
        expected[pair], p[pair], _ = tail(parts, int(observed[pair]), floor)
    return expected, p
