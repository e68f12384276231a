"""What chance alone would give, where passages are unequal: codes moved along the words.

A long passage holds more codes, whatever they are. To move a code by whole passages forgets that,
and calls codes associated that only meet where there is much to read. Here the pieces of one code
keep their order and their distances in words, and the words of a source are a circle round which
they go, all by the same step; every step of one word is alike. That is exact: every step is
tried, none is drawn.

A piece of a span (what of it lies within one passage) counts for the passage that holds its
middle word, so that a moved piece is in one passage as it was before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.measures.chance.passages import looked_back

_CELLS_AT_ONCE = 8_000_000


def masses(
    words: np.ndarray,
    middles: Sequence[np.ndarray],
    held: np.ndarray,
    stays: np.ndarray,
    moves: np.ndarray,
    window: int = 1,
) -> np.ndarray:
    """Return (counts, pairs): the probability of each count 0, 1, … in one source.

    `words` (passages,): how many each has; `middles`: for each code the middle words (pieces,) of
    its pieces, counted from the source's first word; `held` (passages, codes) of bool; `stays`,
    `moves` (pairs,) of codes. In a source without words nothing moves.

    Two passages of one word and of three, the other code on the longer: three of four steps of a word
    put the moved word there.

    >>> held = np.array([[False, True], [True, False]])
    >>> pieces = [np.array([2]), np.array([0])]
    >>> masses(np.array([1, 3]), pieces, held, np.array([0]), np.array([1])).tolist()
    [[0.25], [0.75]]
    """
    n_passages = len(words)
    result = np.zeros((n_passages + 1, len(stays)))
    for code in np.unique(moves):
        pairs = np.flatnonzero(moves == code)
        counts, weights = counts_by_step(
            words, middles[code], held[:, stays[pairs]], held[:, code], window
        )
        for place, pair in enumerate(pairs):
            result[:, pair] = np.bincount(counts[:, place], weights, n_passages + 1)
    reached = np.flatnonzero(result.any(axis=1))
    return result[: int(reached[-1]) + 1] if len(reached) else result[:1]


def counts_by_step(
    words: np.ndarray, middles: np.ndarray, fixed: np.ndarray, as_is: np.ndarray, window: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return (steps, codes) of counts, and (steps,) of the chances of these steps.

    `fixed` (passages, codes) stay, `middles` move; `as_is` (passages,) is where they are, of use
    only where there is not a word to move by. Neighbouring steps that put every piece into the
    same passage are one.

    >>> fixed, as_is = np.array([[False], [True]]), np.array([True, False])
    >>> counts, chances = counts_by_step(np.array([1, 3]), np.array([0]), fixed, as_is, 1)
    >>> counts.ravel().tolist(), chances.tolist()
    ([0, 1], [0.25, 0.75])
    """
    near_fixed = looked_back(fixed, window)
    blocks = [
        (_met(marked, fixed, near_fixed, window), chances)
        for marked, chances in placed(words, middles, as_is)
    ]
    counts, chances = zip(*blocks, strict=True)
    return np.concatenate(counts), np.concatenate(chances)


def placed(
    words: np.ndarray, middles: np.ndarray, as_is: np.ndarray
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """List where the code is at each step, (steps, passages) of bool, and the steps' chances.

    Arguments as in `counts_by_step`; in blocks of steps, so that long sources need little memory.

    Two passages of one word and of three, the code on the first word of all:

    >>> blocks = placed(np.array([1, 3]), np.array([0]), np.array([True, False]))
    >>> [(where.tolist(), chances.tolist()) for where, chances in blocks]
    [([[True, False], [False, True]], [0.25, 0.75])]
    """
    total = int(words.sum())
    if total == 0 or not len(middles):
        yield as_is[None, :], np.ones(1)
        return
    ends = np.cumsum(words)
    # Only where some piece crosses a border does anything change.
    borders = np.unique((ends[:, None] - middles[None, :]) % total)
    steps = np.union1d([0], borders)
    chances = np.diff(np.append(steps, total)) / total
    room = max(_CELLS_AT_ONCE // max(len(words), 1), 1)
    for at in range(0, len(steps), room):
        moved = (middles[None, :] + steps[at : at + room, None]) % total
        place = np.searchsorted(ends, moved, side="right")
        marked = np.zeros((len(moved), len(words)), dtype=bool)
        np.put_along_axis(marked, place, True, axis=1)
        yield marked, chances[at : at + room]


def _met(marked: np.ndarray, fixed: np.ndarray, near_fixed: np.ndarray, window: int) -> np.ndarray:
    """Return (steps, codes): in how many passages the moved code and each that stays meet."""
    # Whole numbers of passages are exact in single precision up to 2**24.
    met = marked.astype(np.float32) @ near_fixed.astype(np.float32)
    if window > 1:
        near = looked_back(marked.T, window).T & ~marked
        met += near.astype(np.float32) @ fixed.astype(np.float32)
    return np.rint(met).astype(np.int64)


def overlap_masses(fixed: np.ndarray, moved: np.ndarray, total: int) -> np.ndarray:
    """Return (counts,): the probability of each number of overlapping pairs in one source.

    `fixed`, `moved` (n, 2): first word and the word after the last of each span, within `total`
    words; a span that is pushed past the end goes on at the beginning, and meets another span
    once, however it comes round. Spans without a word meet nothing.

    One word that moves round four, two of which lie under the other span:

    >>> overlap_masses(np.array([[0, 2]]), np.array([[3, 4]]), 4).tolist()
    [0.5, 0.5]
    """
    fixed, moved = (spans[spans[:, 1] > spans[:, 0]] for spans in (fixed, moved))
    if not (len(fixed) and len(moved)):
        return np.ones(1)
    # A pair overlaps from the step that brings the moved end past the fixed start to the step
    # before the moved start is past the fixed end; no more steps than there are.
    first = fixed[:, None, 0] - moved[None, :, 1] + 1
    length = np.minimum(np.diff(fixed)[:, 0][:, None] + np.diff(moved)[:, 0][None, :] - 1, total)
    begin = (first % total).ravel()
    beyond = begin + length.ravel()
    change = np.zeros(total + 1, dtype=np.int64)
    np.add.at(change, begin, 1)
    np.add.at(change, np.minimum(beyond, total), -1)
    past = beyond > total
    change[0] += int(past.sum())
    np.add.at(change, (beyond - total)[past], -1)
    counts = change[:total].cumsum()
    return np.bincount(counts) / total


def middles(layout: np.ndarray, words: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Return the middle words (pieces,) of spans cut at the borders of passages, each once.

    `layout` (passages, 2): start and end in characters; `words` (passages,); `spans` (n, 2). The
    words of a passage are taken to be equally long; a passage without words holds no piece.

    >>> layout, words = np.array([[0, 9], [10, 19]]), np.array([3, 3])
    >>> middles(layout, words, np.array([[0, 19]])).tolist()
    [1, 4]
    """
    found: set[int] = set()
    before = np.cumsum(words) - words
    first = np.searchsorted(layout[:, 1], spans[:, 0], side="right")
    beyond = np.searchsorted(layout[:, 0], spans[:, 1], side="left")
    for (start, end), one, last in zip(spans, first, beyond, strict=True):
        for passage in range(one, last):
            left, right = layout[passage]
            if words[passage]:
                middle = (max(start, left) + min(end, right)) / 2 - left
                place = int(middle * words[passage] / (right - left))
                found.add(int(before[passage]) + min(place, int(words[passage]) - 1))
    return np.array(sorted(found), dtype=np.int64)


def word_spans(layout: np.ndarray, words: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Return the spans (n, 2) in words: the first, and the one after the last; as `middles`.

    >>> layout, words = np.array([[0, 9], [9, 18]]), np.array([3, 3])
    >>> word_spans(layout, words, np.array([[3, 12]])).tolist()
    [[1, 4]]
    """
    edges = np.append(layout[:, 0], layout[-1:, 1])
    total = np.append(0, np.cumsum(words))
    # What lies between two passages belongs to the first of them.
    place = np.interp(spans, edges, total)
    first, last = np.floor(place[:, 0] + 1e-9), np.ceil(place[:, 1] - 1e-9)
    return np.column_stack([first, np.maximum(last, first)]).astype(np.int64)


def tails(parts: list[list[np.ndarray]], observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean and the upper tail of each pair's total, (pairs,) each.

    `parts`: for each pair the masses in every source, which are independent; `observed` (pairs,).

    >>> [each.tolist() for each in tails([[np.array([0.5, 0.5])] * 2], np.array([2]))]
    [[1.0], [0.25]]
    """
    expected, tail = np.zeros(len(parts)), np.ones(len(parts))
    for pair, masses in enumerate(parts):
        total = np.ones(1)
        for mass in masses:
            total = np.convolve(total, np.trim_zeros(mass, "b"))
        expected[pair] = np.arange(len(total)) @ total
        tail[pair] = min(float(total[observed[pair] :].sum()), 1.0)
    return expected, tail
