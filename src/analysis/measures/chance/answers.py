"""What chance alone would give within the answer to one question.

Codes at home in one topic of the guide meet there whether or not they have to do with each other.
Here a code is exchanged only among the passages of one answer: from one turn of the interviewer
to the next. The answers of a source are strata, as sources are elsewhere, so the distribution of
a count is again a convolution: exact, without drawing. Where an answer is a single passage
nothing can move in it, and p is 1 if all are: then this null has nothing to say.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.measures.chance.passages import looked_back

ASKING = "interviewer"


def answers(passages: pd.DataFrame, voices: Sequence[str]) -> np.ndarray:
    """Return (counted passages,): the number of the answer that each belongs to.

    `passages`: all of them (source_id, start, voice), interviewers' turns included, in any order;
    the result is for those of `voices`, in order of source and text. An answer begins with each
    source and after each turn of the interviewer (where interviewers' speech counts: with it); a
    document is one answer. Numbers go up from 0 over all sources.
    """
    ordered = passages.sort_values(["source_id", "start"], kind="stable", ignore_index=True)
    asked = (ordered["voice"] == ASKING).to_numpy()
    begins = asked & ~np.append(False, asked[:-1])
    source = ordered["source_id"].to_numpy(object)
    begins[1:] |= source[1:] != source[:-1]
    number = begins.cumsum()
    kept = number[ordered["voice"].isin(list(voices)).to_numpy()]
    return np.unique(kept, return_inverse=True)[1].astype(np.int64)


def split(held: np.ndarray, answer: np.ndarray) -> list[np.ndarray]:
    """Return the passages of each answer: what `passages.exact_tail` takes for sources.

    `held` (passages, codes), or (coders, passages, codes), of one source; `answer` (passages,)
    its answers, in order.
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
