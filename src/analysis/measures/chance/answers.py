"""What chance alone would give within the answer to one question, long passages holding more.

Codes at home in one topic of the guide meet there whether or not they have to do with each other.
Here a code moves only within one answer: from one turn of the interviewer to the next, or from one
question of the guide to the next. Within it the code moves along the words, as in `words`, so that
neither topic nor length deceives. The answers of a source are strata, as sources are elsewhere, so
the distribution of a count of passages is again a convolution: exact, without drawing. Windows and
overlaps reach from one answer into the next, and are drawn. Where an answer is a single passage
its codes stay in it, and p is 1 if all are: then this null has nothing to say.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from zlib import crc32

import numpy as np
import pandas as pd

from analysis.measures.chance import words as along
from analysis.measures.chance.adding import trimmed

ASKING = "interviewer"
#: The column of passages that says to which answer each belongs, where a guide told.
TOLD = "answer"
_CELLS_AT_ONCE = 8_000_000


def answers(passages: pd.DataFrame) -> np.ndarray:
    """Return (passages,): the number of the answer that each belongs to, from 0 up.

    `passages`: those that count, in order of source and text, with source_id, passage (numbered
    through all of the source, so that one that does not count leaves a gap) and, if there, voice
    and answer. An answer begins with each source and after each gap, which is a turn of the
    interviewer; where interviewers' speech counts, it begins with it. In a source with a column
    answer (whole numbers, -1 or missing where nothing is told) it begins where that changes, and there alone.
    A document is one answer.

    A gap in the numbers is a turn of the interviewer:

    >>> answers(pd.DataFrame({"source_id": ["s"] * 3 + ["t"], "passage": [0, 1, 3, 0]})).tolist()
    [0, 0, 1, 2]
    """
    source = passages["source_id"].to_numpy(object)
    number = passages["passage"].to_numpy(np.int64)
    new = source[1:] != source[:-1]
    begins = np.ones(len(passages), dtype=bool)
    begins[1:] = new | (number[1:] != number[:-1] + 1)
    if "voice" in passages:
        asked = (passages["voice"] == ASKING).to_numpy()
        begins[1:] |= asked[1:] & ~asked[:-1]
    if TOLD in passages:
        told = passages[TOLD].fillna(-1).to_numpy(np.int64)
        changes = np.append(True, new | (told[1:] != told[:-1]))[: len(told)]
        begins = np.where(told < 0, begins, changes)
    return np.asarray(begins.cumsum() - 1, dtype=np.int64)


def masses(
    words: np.ndarray,
    middles: Sequence[np.ndarray],
    held: np.ndarray,
    answer: np.ndarray,
    stays: np.ndarray,
    moves: np.ndarray,
) -> np.ndarray:
    """Return (counts, pairs): the probability of each count of passages 0, 1, … in one source.

    `answer` (passages,), in order; the others as in `words.masses`.

    Both codes in the first of three passages, each of a word; it is an answer of its own, or the
    three are one:

    >>> held = np.array([[[True, True], [False, False], [False, False]]])
    >>> pieces, one, other = [np.array([0])] * 2, np.array([0]), np.array([1])
    >>> masses(np.ones(3, int), pieces, held, np.array([0, 1, 1]), one, other).tolist()
    [[0.0], [1.0]]
    >>> masses(np.ones(3, int), pieces, held, np.zeros(3), one, other).round(4).tolist()
    [[0.6667], [0.3333]]
    """
    both = np.asarray((held[:, :, stays] & held[:, :, moves]).any(axis=0))
    table = [np.ones(1)] * len(stays)
    alone = np.zeros(len(stays), dtype=np.int64)
    for begin, beyond, first in _parts(words, answer):
        there = np.asarray(held[:, begin:beyond].any(axis=(0, 1)))
        pairs = np.flatnonzero(there[stays] & there[moves])
        if beyond - begin == 1:
            # Nothing can leave it.
            alone += both[begin]
        elif len(pairs):
            long = words[begin:beyond]
            own = [_within(each, first, int(long.sum())) for each in middles]
            part = along.masses(long, own, held[:, begin:beyond], stays[pairs], moves[pairs])
            for place, pair in enumerate(pairs):
                table[pair] = np.convolve(table[pair], trimmed(part[:, place]))
    return along.together(
        [np.append(np.zeros(met), mass) for met, mass in zip(alone, table, strict=True)]
    )


def _parts(words: np.ndarray, answer: np.ndarray) -> Iterator[tuple[int, int, int]]:
    """Of each answer the first passage, the one after the last, and the words before it."""
    before = np.cumsum(words) - words
    borders = [0, *(np.flatnonzero(np.diff(answer)) + 1).tolist(), len(words)]
    for begin, beyond in itertools.pairwise(borders):
        if beyond > begin:
            yield begin, beyond, int(before[begin])


def _within(places: np.ndarray, first: int, total: int) -> np.ndarray:
    """The words of one answer among `places`, which are in order, counted from its first."""
    begin, beyond = np.searchsorted(places, [first, first + total])
    return places[begin:beyond] - first


def drawn_masses(
    words: np.ndarray,
    middles: Sequence[np.ndarray],
    held: np.ndarray,
    answer: np.ndarray,
    stays: np.ndarray,
    moves: np.ndarray,
    window: int,
    n: int,
    seed: int,
) -> np.ndarray:
    """Return (counts, pairs): how often `n` draws gave each count of windows, in one source.

    As `masses`, for windows, which reach from one answer into the next, so that answers are not
    independent. Of such a share s the error is about √(s (1 - s) / n). What is drawn hangs on the
    words, the answers and the places of the moved code alone.

    An answer of one passage, in which nothing can move:

    >>> held, pieces = np.array([[[True, True]]]), [np.array([0])] * 2
    >>> one, other = np.array([0]), np.array([1])
    >>> drawn_masses(np.ones(1, int), pieces, held, np.array([0]), one, other, 2, 5, 1).tolist()
    [[0.0], [1.0]]
    """
    ends, parts = np.cumsum(words), list(_parts(words, answer))
    first = np.array([part[2] for part in parts], dtype=np.int64)
    total = np.diff(np.append(first, ends[-1:]))
    result: list[np.ndarray] = [np.ones(1)] * len(stays)
    room = max(_CELLS_AT_ONCE // max(len(words), 1), 1)
    for code in np.unique(moves):
        pairs, own = np.flatnonzero(moves == code), middles[code]
        part = np.searchsorted(first, own, side="right") - 1
        who = along.who_put(words, own, held[:, :, code])
        generator = _generator(seed, words, answer - answer[:1], own)
        counts = []
        for at in range(0, n, room):
            steps = _steps(generator, min(room, n - at), total)[:, part]
            moved = first[part] + (own - first[part] + steps) % np.maximum(total[part], 1)
            where = np.searchsorted(ends, moved, side="right")
            counts.append(along.met(where, who, held[:, :, stays[pairs]], window))
        met = np.concatenate(counts)
        for row, pair in enumerate(pairs):
            result[pair] = np.bincount(met[:, row]) / n
    return along.together(result)


def drawn_overlaps(
    words: np.ndarray,
    answer: np.ndarray,
    fixed: np.ndarray,
    moved: np.ndarray,
    n: int,
    seed: int,
) -> np.ndarray:
    """Return (counts,): as `drawn_masses`, of overlapping pairs of spans in words (n, 2 or 3).

    `fixed`, `moved` as in `words.overlap_masses`. What of a span lies in an answer moves within
    it; a pair of spans counts once, in however many answers it meets.

    >>> span = np.array([[0, 4]])
    >>> drawn_overlaps(np.array([4]), np.array([0]), span, span, 5, 1).tolist()
    [0.0, 1.0]
    """
    parts = [
        (first, int(words[begin:beyond].sum())) for begin, beyond, first in _parts(words, answer)
    ]
    found = [_meeting(fixed, moved, *part) for part in parts]
    size = np.array([len(pair) for _, _, pair in found], dtype=np.int64)
    if not size.sum():
        return np.ones(1)
    begin, length, pair = (np.concatenate(each) for each in zip(*found, strict=True))
    part = np.repeat(np.arange(len(parts)), size)
    order = np.argsort(pair, kind="stable")
    begin, length, part = begin[order], length[order], part[order]
    starts = np.flatnonzero(np.diff(pair[order], prepend=-1))
    total = np.array([each for _, each in parts], dtype=np.int64)
    generator = _generator(seed, words, answer - answer[:1], fixed[:, -2:], moved[:, -2:])
    counts = []
    room = max(_CELLS_AT_ONCE // len(part), 1)
    for at in range(0, n, room):
        steps = _steps(generator, min(room, n - at), total)[:, part]
        meets = (steps - begin) % total[part] < length
        counts.append(np.logical_or.reduceat(meets, starts, axis=1).sum(axis=1))
    return np.bincount(np.concatenate(counts)) / n


def _meeting(
    fixed: np.ndarray, moved: np.ndarray, first: int, total: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """`words.meeting_steps` of what of the spans lies in the answer of these words."""
    cut = []
    for spans in (fixed, moved):
        within = np.clip(spans[:, -2:] - first, 0, total)
        cut.append(np.column_stack([spans[:, :-2], within]))
    return along.meeting_steps(cut[0], cut[1], total)


def _steps(generator: np.random.Generator, n: int, total: np.ndarray) -> np.ndarray:
    """A step within each answer (n, answers), all words alike."""
    return np.asarray((generator.random((n, len(total))) * total).astype(np.int64))


def _generator(seed: int, *places: np.ndarray) -> np.random.Generator:
    # By the places alone, so that neither names nor other sources or codes change a draw; answers are
    # numbered from the first of the source for that.
    data = b"".join(np.ascontiguousarray(each, dtype=np.int64).tobytes() for each in places)
    return np.random.default_rng((seed, crc32(data)))
