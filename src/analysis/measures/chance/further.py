"""Pairs of codes under the nulls that look at more than passages: along words, within answers."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.measures.chance import answers, overlaps, words
from analysis.measures.chance.adding import tails
from analysis.measures.chance.passages import Presence, moved_code
from analysis.measures.given import places_in
from analysis.measures.units import Frame

WITHIN_ANSWERS = "answers"
FURTHER = ("words", WITHIN_ANSWERS)
_NO_SPANS = np.zeros((0, 3), dtype=np.int64)


def is_drawn(null: str, unit: str) -> bool:
    """Return whether some of the masses are drawn, for no exact way is known.

    >>> is_drawn("answers", "window"), is_drawn("answers", "passage")
    (True, False)
    """
    if null == WITHIN_ANSWERS:
        return unit in ("overlap", "window")
    return null == "shuffle" and unit == "overlap"


def further_tail(
    frame: Frame,
    passages: pd.DataFrame,
    a: np.ndarray,
    b: np.ndarray,
    observed: np.ndarray,
    null: str,
    unit: str,
    seed: int = 0,
    n: int = 2_000,
) -> tuple[np.ndarray, np.ndarray]:
    """Return (pairs,) expected counts and P(count >= observed).

    `passages`: those that count, in order of source and text, with passage, and with words or
    text. Exact, but for overlaps and windows within answers, which are drawn `n` times in each
    source from `seed`. Where several coders read a source, a code moves in all their readings by
    the same steps, and meets another in one of them.

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
    parts = (_overlaps if unit == "overlap" else _passages)(
        frame, passages, a, b, null, unit, seed, n
    )
    expected, tail = tails(parts, observed)
    return expected, np.maximum(tail, overlaps.least_told(n) if is_drawn(null, unit) else 0.0)


def _passages(
    frame: Frame,
    passages: pd.DataFrame,
    a: np.ndarray,
    b: np.ndarray,
    null: str,
    unit: str,
    seed: int,
    n: int,
) -> list[list[np.ndarray]]:
    """Of each pair the masses in the sources that hold both codes."""
    presence = frame.presence_by_source()
    stays, moves = moved_code(presence, a, b)
    return rearranged(frame, passages, presence, stays, moves, null, unit, seed, n)


def rearranged(
    frame: Frame,
    passages: pd.DataFrame,
    presence: Presence,
    stays: np.ndarray,
    moves: np.ndarray,
    null: str,
    unit: str = "passage",
    seed: int = 0,
    n: int = 2_000,
) -> list[list[np.ndarray]]:
    """Return of each pair the masses in the sources that hold both, as `adding.tails` takes them.

    `presence`: (coders, passages, columns) of each source; the first columns are the codes of
    `frame`, of which `moves` are some, and `stays` may be any; the others as in `further_tail`.

    Two passages of one word and of three; the code on the one word moves, the other stays: at three
    of four steps of a word they meet.

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
    >>> held = frame.presence_by_source()
    >>> stays, moves = np.array([0]), np.array([1])
    >>> rearranged(frame, corpus.counted_passages, held, stays, moves, "words")[0][0].tolist()
    [0.25, 0.75]
    """
    every, answer = places_in(passages), answers.answers(passages)
    middles = _middles_by_source(frame, passages, every)
    parts: list[list[np.ndarray]] = [[] for _ in stays]
    for held, (begin, beyond), pieces in zip(
        presence, itertools.pairwise(frame.borders.tolist()), middles, strict=True
    ):
        own, long = slice(begin, beyond), every[begin:beyond]
        used = np.asarray(held.any(axis=(0, 1)))
        pairs = np.flatnonzero(used[stays] & used[moves])
        if not len(pairs):
            continue
        two = stays[pairs], moves[pairs]
        if null != WITHIN_ANSWERS:
            mass = words.masses(long, pieces, held, *two, frame.window)
        elif unit == "window":
            mass = answers.drawn_masses(
                long, pieces, held, answer[own], *two, frame.window, n, seed
            )
        else:
            mass = answers.masses(long, pieces, held, answer[own], *two)
        for row, pair in enumerate(pairs):
            parts[pair].append(mass[:, row])
    return parts


def _middles_by_source(
    frame: Frame, passages: pd.DataFrame, long: np.ndarray
) -> Iterator[list[np.ndarray]]:
    """Yield for each source the middle words of the pieces of each code (`words.middles`).

    `passages` as in `further_tail`, the units of `frame`; `long` (passages,): their words.
    """
    n_codes, borders = len(frame.names), frame.borders
    before = np.cumsum(long) - long
    of_source = before - before[borders[:-1]][frame.unit_source]
    places = passages[["start", "end"]].to_numpy(np.int64)
    spans = np.column_stack([frame.start, frame.end])
    group = frame.source * n_codes + frame.code
    own, middles = words.middles_by_group(
        places, long, of_source, spans, frame.first, frame.beyond, group
    )
    edges = np.searchsorted(own, np.arange(len(frame.source_names) * n_codes + 1)).tolist()
    for source in range(len(frame.source_names)):
        at = source * n_codes
        yield [middles[edges[at + code] : edges[at + code + 1]] for code in range(n_codes)]


def _overlaps(
    frame: Frame,
    passages: pd.DataFrame,
    a: np.ndarray,
    b: np.ndarray,
    null: str,
    unit: str,
    seed: int,
    n: int,
) -> list[list[np.ndarray]]:
    """As `_passages`, of overlapping segments."""
    spans, answer = _spans(frame), answers.answers(passages)
    layouts = passages[["start", "end"]].to_numpy(np.int64)
    long, borders = places_in(passages), frame.borders
    laid = {}
    for place in np.unique(frame.source).tolist():
        own = slice(borders[place], borders[place + 1])
        laid[place] = (layouts[own], long[own], answer[own])
    parts: list[list[np.ndarray]] = [[] for _ in a]
    for pair, codes in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
        both = {at: [spans.get((at, code), _NO_SPANS) for code in codes] for at in laid}
        moved = overlaps.moves([(one, other) for one, other in both.values()])
        for at, two in both.items():
            if not (len(two[0]) and len(two[1])):
                continue
            layout, own_long, own_answer = laid[at]
            fixed, going = (
                words.word_spans(layout, own_long, two[code]) for code in (1 - moved, moved)
            )
            if null == WITHIN_ANSWERS:
                mass = answers.drawn_overlaps(own_long, own_answer, fixed, going, n, seed)
            else:
                mass = words.overlap_masses(fixed, going, int(own_long.sum()))
            parts[pair].append(mass)
    return parts


def _spans(frame: Frame) -> dict[tuple[int, int], np.ndarray]:
    """(source, code) -> coder, start and end of its segments (n, 3), in one order."""
    rows = np.column_stack([frame.source, frame.code, frame.coder, frame.start, frame.end])
    rows = rows[np.lexsort(rows.T[::-1])]
    borders = np.flatnonzero((np.diff(rows[:, :2], axis=0) != 0).any(axis=1)) + 1
    return {
        (int(own[0, 0]), int(own[0, 1])): own[:, 2:] for own in np.split(rows, borders) if len(own)
    }
