"""What chance alone would give within the answer to one question.

Codes at home in one topic of the guide meet there whether or not they have to do with each other.
Here a code is exchanged only among the passages of one answer: from one turn of the interviewer
to the next. The answers of a source are strata, as sources are elsewhere, so the distribution of
a count is again a convolution: exact, without drawing. Where an answer is a single passage
nothing can move in it, and p is 1 if all are: then this null has nothing to say.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measures.chance.passages import looked_back

ASKING = "interviewer"


def answers(passages: pd.DataFrame) -> np.ndarray:
    """Return (passages,): the number of the answer that each belongs to, from 0 up.

    `passages`: those that count, in order of source and text, with source_id, passage (numbered
    through all of the source, so that one that does not count leaves a gap) and, if there, voice.
    An answer begins with each source and after each gap, which is a turn of the interviewer; where
    interviewers' speech counts, it begins with it. A document is one answer.

    A gap in the numbers is a turn of the interviewer:

    >>> answers(pd.DataFrame({"source_id": ["s"] * 3 + ["t"], "passage": [0, 1, 3, 0]})).tolist()
    [0, 0, 1, 2]
    """
    source = passages["source_id"].to_numpy(object)
    number = passages["passage"].to_numpy(np.int64)
    begins = np.ones(len(passages), dtype=bool)
    begins[1:] = (source[1:] != source[:-1]) | (number[1:] != number[:-1] + 1)
    if "voice" in passages:
        asked = (passages["voice"] == ASKING).to_numpy()
        begins[1:] |= asked[1:] & ~asked[:-1]
    return np.asarray(begins.cumsum() - 1, dtype=np.int64)


def split(held: np.ndarray, answer: np.ndarray) -> list[np.ndarray]:
    """Return the passages of each answer: what `passages.exact_tail` takes for sources.

    `held` (passages, codes), or (coders, passages, codes), of one source; `answer` (passages,)
    its answers, in order.

    >>> [len(part) for part in split(np.ones((3, 2), dtype=bool), np.array([0, 0, 1]))]
    [2, 1]
    """
    borders = np.flatnonzero(np.diff(answer)) + 1
    return np.split(held, borders, axis=held.ndim - 2)


def drawn_masses(
    fixed: np.ndarray,
    moved: np.ndarray,
    answer: np.ndarray,
    window: int,
    n: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Return (counts,): how often `n` exchanges within answers gave each count, in one source.

    For windows, which reach from one answer into the next, so that answers are not independent:
    `fixed` stays and `moved` is exchanged, both (passages,) of bool; a passage counts when it
    holds one of the two and the other is in its window. Of such a share s the error is about
    √(s (1 - s) / n).

    An answer of one passage, in which nothing can move:

    >>> there = np.array([True])
    >>> drawn_masses(there, there, np.array([0]), 1, 5, np.random.default_rng(1)).tolist()
    [0.0, 1.0]
    """
    near = looked_back(fixed[:, None], window)[:, 0]
    # Sorted by answer and then at random: an exchange within each answer, in one go.
    order = np.lexsort(
        (generator.random((n, len(moved))), np.broadcast_to(answer, (n, len(moved))))
    )
    placed = moved[order]
    placed_near = looked_back(placed.T, window).T
    met = ((placed & near) | (placed_near & fixed)).sum(axis=1)
    return np.bincount(met) / n


def drawn_overlaps(
    layout: np.ndarray,
    fixed: np.ndarray,
    moved: np.ndarray,
    answer: np.ndarray,
    n: int,
    generator: np.random.Generator,
) -> np.ndarray:
    """Return (counts,): as `drawn_masses`, of overlapping pairs of spans, each (spans, 2).

    A span goes with the passage that it begins in to another of the same answer, keeping its
    place and reach in units of passages, whatever their length. `layout` (passages, 2).

    >>> span = np.array([[0, 4]])
    >>> generator = np.random.default_rng(1)
    >>> drawn_overlaps(span, span, span, np.array([0]), 5, generator).tolist()
    [0.0, 1.0]
    """
    borders = np.append(layout[:, 0], max(layout[-1, 1], fixed.max(), moved.max()))
    borders[0] = min(borders[0], fixed.min(), moved.min())
    # In passages: the passage's number, and how far into it.
    fixed, moved = (np.interp(spans, borders, np.arange(len(borders))) for spans in (fixed, moved))
    slot = np.minimum(moved[:, 0].astype(np.int64), len(layout) - 1)
    shape = (n, len(answer))
    order = np.lexsort((generator.random(shape), np.broadcast_to(answer, shape)))
    step = np.argsort(order, axis=1)[:, slot] - slot
    begin, end = (moved[:, side] + step for side in (0, 1))
    meets = (begin[:, :, None] < fixed[:, 1]) & (fixed[:, 0] < end[:, :, None])
    return np.bincount(meets.sum(axis=(1, 2))) / n
