"""Pairs of codes under the nulls that look at more than passages: along words, within answers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measures.chance import answers, words
from analysis.measures.chance.passages import exact_tail, moved_code
from analysis.measures.given import words_in
from analysis.measures.units import Frame

FURTHER = ("words", "answers")


def further_tail(
    frame: Frame,
    passages: pd.DataFrame,
    a: np.ndarray,
    b: np.ndarray,
    observed: np.ndarray,
    null: str,
    unit: str,
) -> tuple[np.ndarray, np.ndarray]:
    """Return (pairs,) expected counts and P(count >= observed), exactly.

    `passages`: those that count, in order of source and text, with passage, and with words or
    text. Raises ValueError for answers in another unit than the passage, and for words where several coders
    read one source: no exact p is known.

    Two passages of one word and of three, a code on each: three of four steps of a word bring the one
    to the other.

    >>> from analysis.corpus import Corpus
    >>> passages = pd.DataFrame(
    ...     [("s", 0, 0, 1, 1), ("s", 1, 2, 9, 3)],
    ...     columns=["source_id", "passage", "start", "end", "words"],
    ... )
    >>> codings = pd.DataFrame(
    ...     [("s", 2, 9, "a"), ("s", 0, 1, "b")], columns=["source_id", "start", "end", "code"]
    ... )
    >>> corpus = Corpus(passages=passages, codings=codings)
    >>> frame = Frame.of(corpus, "passage", None, False, None)
    >>> one, other, met = np.array([0]), np.array([1]), np.array([0])
    >>> expected, p = further_tail(frame, corpus.counted_passages, one, other, met, "words", "passage")
    >>> p.tolist()
    [1.0]
    """
    layout = {str(source): own for source, own in passages.groupby("source_id")}
    if null == "answers" and unit != "passage":
        raise ValueError(
            f"null 'answers' has an exact p for unit 'passage' only, not for {unit!r}: choose that "
            "unit, or null 'words'"
        )
    if null == "answers":
        parts = [
            part
            for name, held in zip(frame.source_names, frame.presence_by_source(), strict=True)
            for part in answers.split(held, answers.answers(layout[name]))
        ]
        return exact_tail(parts, a, b, observed, "shuffle")
    if frame.coder.max(initial=0):
        raise ValueError(
            "null 'words' moves one reading: choose one coder's codings, or take all together "
            "(within_coder=False)"
        )
    if unit == "overlap":
        return _overlaps(frame, layout, a, b, observed)
    presence = [held[0] for held in frame.presence_by_source()]
    stays, moves = moved_code(presence, a, b)
    by_source = []
    for name, held in zip(frame.source_names, presence, strict=True):
        places, long = _lengths(layout[name])
        middles = [
            words.middles(places, long, _spans(frame, name, code))
            for code in range(len(frame.names))
        ]
        by_source.append(words.masses(long, middles, held, stays, moves, frame.window))
    return words.tails([[mass[:, pair] for mass in by_source] for pair in range(len(a))], observed)


def _overlaps(
    frame: Frame,
    layout: dict[str, pd.DataFrame],
    a: np.ndarray,
    b: np.ndarray,
    observed: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    parts: list[list[np.ndarray]] = [[] for _ in a]
    for name in frame.source_names:
        places, long = _lengths(layout[name])
        spans = [
            words.word_spans(places, long, _spans(frame, name, code))
            for code in range(len(frame.names))
        ]
        for pair, (one, other) in enumerate(zip(a, b, strict=True)):
            if len(spans[one]) and len(spans[other]):
                mass = words.overlap_masses(spans[one], spans[other], int(long.sum()))
                parts[pair].append(mass)
    return words.tails(parts, observed)


def _lengths(own: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return own[["start", "end"]].to_numpy(np.int64), words_in(own).astype(np.int64)


def _spans(frame: Frame, name: str, code: int) -> np.ndarray:
    here = (frame.source == frame.source_names.index(name)) & (frame.code == code)
    return np.column_stack([frame.start[here], frame.end[here]])
