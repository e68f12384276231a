"""What chance alone would give, where passages are unequal: codes moved along the words.

A long passage holds more codes, whatever they are. To move a code by whole passages forgets that,
and calls codes associated that only meet where there is much to read. Here the pieces of one code
keep their order and their distances in words, and the words of a source are a circle round which
they go, all by the same step; every step of one word is alike. That is exact: every step is
tried, none is drawn.

A piece (what lies within one passage) counts for the passage that holds its middle word, so that a
moved piece is in one passage as it was before. Two pieces that come to lie in one long passage are
still two: otherwise codes that are in many passages would seem to meet less often by chance than
they do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from analysis.measures.chance.passages import looked_back

_CELLS_AT_ONCE = 8_000_000
# Fewer pieces than one in so many passages are looked up one by one: most passages hold none.
_FEW = 8


def masses(
    words: np.ndarray,
    middles: Sequence[np.ndarray],
    held: np.ndarray,
    stays: np.ndarray,
    moves: np.ndarray,
    window: int = 1,
) -> np.ndarray:
    """Return (counts, pairs): the probability of each count 0, 1, … in one source.

    `words` (passages,): how many each has, as `given.places_in`; `held` (coders, passages, codes) of bool; `middles`: for
    each code its pieces' middle words (pieces,), as the function `middles` gives them; `stays`,
    `moves` (pairs,) of codes. A code moves in all readings by the same steps, and a piece meets
    the other code where one of its coders put both.

    Two passages of one word and of three, the other code on the longer: three of four steps of a word
    put the moved word there.

    >>> held = np.array([[[False, True], [True, False]]])
    >>> pieces = [np.array([2]), np.array([0])]
    >>> masses(np.array([1, 3]), pieces, held, np.array([0]), np.array([1])).tolist()
    [[0.25], [0.75]]
    """
    result: list[np.ndarray] = [np.ones(1)] * len(stays)
    for code in np.unique(moves):
        pairs = np.flatnonzero(moves == code)
        where, chances = [], []
        who = who_put(words, middles[code], held[:, :, code])
        for places, share in placed(words, middles[code]):
            where.append(met(places, who, held[:, :, stays[pairs]], window))
            chances.append(share)
        counts, shares = np.concatenate(where), np.concatenate(chances)
        for row, pair in enumerate(pairs):
            result[pair] = np.bincount(counts[:, row], shares)
    return together(result)


def together(masses: Sequence[np.ndarray]) -> np.ndarray:
    """Return (counts, pairs) of the masses of each pair, filled up with noughts.

    >>> together([np.array([0.5, 0.5]), np.array([1.0])]).tolist()
    [[0.5, 1.0], [0.5, 0.0]]
    """
    table = np.zeros((max(map(len, masses), default=1), len(masses)))
    for pair, mass in enumerate(masses):
        table[: len(mass), pair] = mass
    return table


def who_put(words: np.ndarray, middles: np.ndarray, held: np.ndarray) -> np.ndarray:
    """Return (coders, pieces): who put each piece, in the order of `placed`.

    `held` (coders, passages) of bool.

    >>> who_put(np.array([1, 3]), np.array([0]), np.array([[True, False]])).tolist()
    [[True]]
    """
    return held[:, np.searchsorted(np.cumsum(words), middles, side="right")]


def placed(words: np.ndarray, middles: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """List the passage of each piece at each step, (steps, pieces), and the chances of the steps.

    `words`, `middles` as in `masses`, of the code that moves. Neighbouring steps that put every
    piece into the same passage are one; in blocks of steps, so that long sources need little
    memory. Without pieces there is one step.

    Two passages of one word and of three, the code on the first word of all:

    >>> blocks = placed(np.array([1, 3]), np.array([0]))
    >>> [(where.tolist(), chances.tolist()) for where, chances in blocks]
    [([[0], [1]], [0.25, 0.75])]
    """
    if not len(middles):
        yield np.zeros((1, 0), dtype=np.int64), np.ones(1)
        return
    total, ends = int(words.sum()), np.cumsum(words)
    # Only where some piece crosses a border does anything change.
    borders = np.unique((ends[:, None] - middles[None, :]) % total)
    steps = np.union1d([0], borders)
    chances = np.diff(np.append(steps, total)) / total
    room = max(_CELLS_AT_ONCE // max(len(words), 1), 1)
    for at in range(0, len(steps), room):
        moved = (middles[None, :] + steps[at : at + room, None]) % total
        yield np.searchsorted(ends, moved, side="right"), chances[at : at + room]


def tally(where: np.ndarray, n_passages: int) -> np.ndarray:
    """Return (steps, passages): how many of the pieces `where` (steps, pieces) are in each passage.

    >>> tally(np.array([[0, 0], [0, 1]]), 2).tolist()
    [[2, 0], [1, 1]]
    """
    row = np.arange(len(where))[:, None] * n_passages
    counts = np.bincount((where + row).ravel(), minlength=len(where) * n_passages)
    return counts.reshape(len(where), n_passages)


def met(where: np.ndarray, who: np.ndarray, fixed: np.ndarray, window: int) -> np.ndarray:
    """Return (steps, codes): how many pieces meet each code that stays, within one reading.

    `where` (steps, pieces) are their passages, `who` (coders, pieces) says who put them; `fixed`
    (coders, passages, codes). In windows also the passages that hold the code that stays, and
    look back on a piece, but hold none that was counted.

    >>> met(np.array([[0], [1]]), np.array([[True]]), np.array([[[True], [False]]]), 1).tolist()
    [[1], [0]]
    """
    n_passages = fixed.shape[1]
    near_fixed = np.stack([looked_back(own, window) for own in fixed])
    counts = np.zeros((len(where), fixed.shape[2]), dtype=np.float32)
    # Pieces of the same coders meet the same: whole numbers, exact in single precision.
    # Where one coder put all, which is mostly so, nothing needs to be sorted for that.
    who_with_whom = (
        np.ones((1, 1), dtype=bool) if len(who) == 1 and who.all() else np.unique(who, axis=1)
    )
    for coders in who_with_whom.T:
        alike = (who == coders[:, None]).all(axis=0)
        seen = near_fixed[coders].any(axis=0).astype(np.float32)
        own = where[:, alike]
        if own.shape[1] * _FEW < n_passages:
            for piece in own.T:
                counts += seen[piece]
        else:
            counts += tally(own, n_passages).astype(np.float32) @ seen
    found = np.rint(counts).astype(np.int64)
    return found + _looking_back(where, who, fixed, near_fixed, window) if window > 1 else found


def _looking_back(
    where: np.ndarray, who: np.ndarray, fixed: np.ndarray, near_fixed: np.ndarray, window: int
) -> np.ndarray:
    """How many passages with a code that stays look back on a piece, and hold none that meets it."""
    shape = (len(where), fixed.shape[1])
    marked = [tally(where[:, own], shape[1]) > 0 for own in who]
    near = [looked_back(own.T, window).T for own in marked]
    found = np.zeros((len(where), fixed.shape[2]), dtype=np.int64)
    for code in range(fixed.shape[2]):
        looking, counted = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        for reading, own in enumerate(marked):
            looking |= near[reading] & fixed[reading][:, code]
            counted |= own & near_fixed[reading][:, code]
        found[:, code] = (looking & ~counted).sum(axis=1)
    return found


def overlap_masses(fixed: np.ndarray, moved: np.ndarray, total: int) -> np.ndarray:
    """Return (counts,): the probability of each number of overlapping pairs in one source.

    `fixed`, `moved` (n, 2 or 3): first word and the word after the last of each span, within `total`
    words, a column before them says who coded; a span that is pushed past the end goes on at the
    beginning, and meets another span of its coder once, however it comes round. Spans without a
    word meet nothing.

    One word that moves round four, two of which lie under the other span:

    >>> overlap_masses(np.array([[0, 2]]), np.array([[3, 4]]), 4).tolist()
    [0.5, 0.5]
    """
    begin, length, _ = meeting_steps(fixed, moved, total)
    if not len(begin):
        return np.ones(1)
    beyond = begin + length
    change = np.zeros(total + 1, dtype=np.int64)
    np.add.at(change, begin, 1)
    np.add.at(change, np.minimum(beyond, total), -1)
    past = beyond > total
    change[0] += int(past.sum())
    np.add.at(change, (beyond - total)[past], -1)
    counts = change[:total].cumsum()
    return np.bincount(counts) / total


def meeting_steps(
    fixed: np.ndarray, moved: np.ndarray, total: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return of each pair of spans of one coder the first step at which they overlap, and how many.

    Arguments as in `overlap_masses`; three times (pairs,): the step, from 0 to below `total`, the
    number of steps from there on, round the circle, and the pair as fixed · (moved spans) + moved.

    >>> [each.tolist() for each in meeting_steps(np.array([[0, 2]]), np.array([[3, 4]]), 4)]
    [[1], [2], [0]]
    """
    one, other = np.nonzero(
        (fixed[:, None, :-2] == moved[None, :, :-2]).all(axis=2)
        & (fixed[:, None, -1] > fixed[:, None, -2])
        & (moved[None, :, -1] > moved[None, :, -2])
    )
    still, going = fixed[one], moved[other]
    # A pair overlaps from the step that brings the moved end past the fixed start to the step
    # before the moved start is past the fixed end; no more steps than there are.
    first = still[:, -2] - going[:, -1] + 1
    length = (still[:, -1] - still[:, -2]) + (going[:, -1] - going[:, -2]) - 1
    return first % max(total, 1), np.minimum(length, total), one * len(moved) + other


def middles(layout: np.ndarray, words: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Return the middle words (pieces,) of a code's pieces, one for each passage that it touches.

    `layout` (passages, 2): start and end in characters; `words` (passages,) as in `masses`; `spans`
    (n, 2). Of several spans in a passage the mean middle is taken. The words of a passage are taken to
    be equally long.

    >>> layout, words = np.array([[0, 9], [10, 19]]), np.array([3, 3])
    >>> middles(layout, words, np.array([[0, 19]])).tolist()
    [1, 4]
    """
    first = np.searchsorted(layout[:, 1], spans[:, 0], side="right")
    beyond = np.searchsorted(layout[:, 0], spans[:, 1], side="left")
    alone = np.zeros(len(spans), dtype=np.int64)
    before = np.cumsum(words) - words
    return middles_by_group(layout, words, before, spans, first, beyond, alone)[1]


def middles_by_group(
    layout: np.ndarray,
    words: np.ndarray,
    before: np.ndarray,
    spans: np.ndarray,
    first: np.ndarray,
    beyond: np.ndarray,
    group: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return group and middle word (pieces,) of the pieces of many codes in many sources at once.

    `layout`, `words`, `before` (passages,): as in `middles`, of all sources below one another, with
    the words that come before each passage in its source; `spans` (n, 2), the passages `first` to
    `beyond` - 1 that each touches, and the `group` (n,) that it belongs to, such as a source and
    code. By group, then in order of the text.

    >>> layout, words, before = np.array([[0, 9], [0, 9]]), np.array([3, 3]), np.array([0, 0])
    >>> spans, first = np.array([[0, 9], [0, 3]]), np.array([0, 1])
    >>> found = middles_by_group(layout, words, before, spans, first, first + 1, np.array([0, 1]))
    >>> [each.tolist() for each in found]
    [[0, 1], [1, 0]]
    """
    times = np.maximum(beyond - first, 0)
    row = np.repeat(np.arange(len(spans)), times)
    passage = first[row] + np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
    kept = (words[passage] > 0) & (layout[passage, 1] > layout[passage, 0])
    row, passage = row[kept], passage[kept]
    (left, right), (start, end) = layout[passage].T, spans[row].T
    middle = (np.maximum(start, left) + np.minimum(end, right)) / 2 - left
    place, own = middle * words[passage] / (right - left), group[row]
    order = np.lexsort((place, passage, own))
    place, passage, own = place[order], passage[order], own[order]
    apart = np.ones(len(place), dtype=bool)
    apart[1:] = (own[1:] != own[:-1]) | (passage[1:] != passage[:-1])
    once = apart.copy()
    once[1:] |= place[1:] != place[:-1]
    piece = np.cumsum(apart)[once] - 1
    mean = np.bincount(piece, place[once]) / np.bincount(piece)
    at = passage[apart]
    middles = before[at] + np.minimum(mean.astype(np.int64), words[at] - 1)
    return own[apart], np.asarray(middles, dtype=np.int64)


def word_spans(layout: np.ndarray, words: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Return the spans (n, 2 or 3) in words: the first, and the one after the last; as `middles`.

    A column before start and end, who coded, stays.

    >>> layout, words = np.array([[0, 9], [9, 18]]), np.array([3, 3])
    >>> word_spans(layout, words, np.array([[3, 12]])).tolist()
    [[1, 4]]
    """
    edges = np.append(layout[:, 0], layout[-1:, 1])
    total = np.append(0, np.cumsum(words))
    # What lies between two passages belongs to the first of them.
    place = np.interp(spans[:, -2:], edges, total)
    first, last = np.floor(place[:, 0] + 1e-9), np.ceil(place[:, 1] - 1e-9)
    within = np.column_stack([first, np.maximum(last, first)]).astype(np.int64)
    return np.column_stack([spans[:, :-2], within])
