"""Overlaps by source, and how many would come of moving codes at random: Monte Carlo."""

from __future__ import annotations

import numpy as np

from analysis.measures.pairs import overlap_counts
from analysis.measures.units import Frame


def overlaps_by_source(frame: Frame, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return (pairs, sources): overlapping pairs of segments in each source."""
    n_codes = len(frame.names)
    found = np.zeros((len(a), len(frame.source_names)), dtype=np.int64)
    for place in np.unique(frame.source):
        here = frame.source == place
        found[:, place] = overlap_counts(
            frame.coder[here], frame.start[here], frame.end[here], frame.code[here], n_codes
        )[a, b]
    return found


def drawn_tail(
    frame: Frame,
    a: np.ndarray,
    b: np.ndarray,
    observed: np.ndarray,
    null: str,
    seed: int,
    n: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return mean counts and p = (1 + draws >= observed) / (1 + n) for overlaps.

    Positions are first restated in passages: a passage and the gap after it are 1 long, whatever
    its length, so that a whole turn moved elsewhere is a whole turn again. That changes no
    overlap. All coders' segments of a code move alike. The code with fewer segments moves; of
    equals the one whose first differing segment comes later, so that names decide nothing. Only
    sources with segments draw, so that an empty one changes nothing.
    """
    if not frame.source_names:
        return np.zeros(len(a)), np.ones(len(a))
    generator = np.random.default_rng((seed, 0))
    begin, finish, slot, size = _in_passages(frame)
    length = np.bincount(frame.unit_source, minlength=len(frame.source_names))
    offset = np.cumsum(length) - length
    drawing = np.bincount(frame.source, minlength=len(length)) > 0
    rank = _rank(frame)
    b_moves = rank[b] < rank[a]
    total, at_least = np.zeros(len(a)), np.zeros(len(a), dtype=np.int64)
    for _ in range(n):
        steps = _steps(generator, null, length, drawing)
        moved = (slot + steps[offset[frame.source] + slot]) % length[frame.source] * size
        moved += begin - slot * size
        met = _met(frame, begin, finish, moved, length * size)
        count = np.where(b_moves, met[a, b], met[b, a])
        total += count
        at_least += count >= observed
    return total / n, (1 + at_least) / (1 + n)


def _in_passages(frame: Frame) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Return start, end, first passage of segments, and how many positions a passage is.

    `start` and `end` count from the source's first passage, in positions of equal passages;
    what lies before the first passage belongs to it, a gap to the passage before it.
    """
    reach = max(int(frame.end.max(initial=1)), int(frame.unit_start.max(initial=0)) + 1)
    size = 1 << reach.bit_length()
    begin, finish = np.zeros_like(frame.start), np.zeros_like(frame.end)
    slot = np.zeros_like(frame.start)
    for place in np.unique(frame.source):
        here = frame.source == place
        borders = np.append(frame.unit_start[frame.unit_source == place], reach)
        borders[0] = 0
        width = np.diff(borders)
        for result, position in ((begin, frame.start), (finish, frame.end)):
            passage = np.searchsorted(borders, position[here], side="right") - 1
            passage = np.minimum(passage, len(width) - 1)
            inside = position[here] - borders[passage]
            result[here] = passage * size + inside * size // width[passage]
        slot[here] = begin[here] // size
    return begin, finish, slot, size


def _rank(frame: Frame) -> np.ndarray:
    """Return for each code its place in the order in which codes are the ones to move."""
    order = np.lexsort((frame.end, frame.start, frame.source))
    spans = np.column_stack([frame.source, frame.start, frame.end])[order]
    code = frame.code[order]
    keys = [
        (len(own), [-place for span in own.tolist() for place in span])
        for own in (spans[code == number] for number in range(len(frame.names)))
    ]
    ordered = sorted(range(len(keys)), key=keys.__getitem__)
    rank = np.zeros(len(keys), dtype=np.int64)
    rank[ordered] = np.arange(len(keys))
    return rank


def _steps(
    generator: np.random.Generator, null: str, length: np.ndarray, drawing: np.ndarray
) -> np.ndarray:
    """Return for every passage, source by source, how many passages on it is moved.

    `length` (sources,) in passages; only those marked in `drawing` are moved, the rest by 0.
    """
    steps = [np.zeros(size, dtype=np.int64) for size in length]
    for place in np.flatnonzero(drawing):
        size = length[place]
        if null == "shift":
            steps[place][:] = generator.integers(size)
        else:
            steps[place][:] = generator.permutation(size) - np.arange(size)
    return np.concatenate(steps)


def _met(
    frame: Frame, begin: np.ndarray, finish: np.ndarray, moved: np.ndarray, whole: np.ndarray
) -> np.ndarray:
    """Return (codes, codes): overlaps of segments that stay (rows) with moved ones (columns)."""
    n_codes = len(frame.names)
    track = frame.source * (int(frame.coder.max(initial=0)) + 1) + frame.coder
    end = whole[frame.source]
    until = moved + finish - begin
    past = until > end
    found = overlap_counts(
        np.concatenate([track, track, track[past]]),
        np.concatenate([begin, moved, np.zeros(int(past.sum()), dtype=np.int64)]),
        np.concatenate([finish, np.minimum(until, end), (until - end)[past]]),
        np.concatenate([frame.code, n_codes + frame.code, n_codes + frame.code[past]]),
        2 * n_codes,
    )
    return found[:n_codes, n_codes:]
