"""Where a span of one text stands in another text of nearly the same words."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from analysis.coding.placing.folding import fold, fold_text

Positions = npt.NDArray[np.int64]
_WORD = re.compile(r"\w+|\S")
# Larger stretches that share no word are different passages, not two forms of one.
_MOST_PAIRS = 20_000_000


class Alignment:
    """Carries spans from `text` to `other`, two forms of one source.

    Texts that differ in white space, quotes and dashes alone are matched letter by letter.
    Otherwise words are matched by the least edits between the two sequences of words
    (Levenshtein), and what was exchanged by the letters that it shares with what replaced it.
    """

    def __init__(self, text: str, other: str) -> None:
        self._text, self._other = text, other
        self._places = None if text == other else _Places(text, other)

    def to_other(self, start: int, end: int, least_score: float) -> tuple[int, int] | None:
        """The span in `other`, or None when too little of it is there.

        `least_score` is from 0 to 100: how much of the letters the two spans must share
        (normalised indel similarity, white space aside).
        """
        if not 0 <= start < end <= len(self._text):
            return None
        if self._places is None:
            return start, end
        span = self._places.span(start, end)
        if span is None or self._places.same_letters:
            return span
        from rapidfuzz import fuzz

        ours = fold_text(self._text[start:end])
        theirs = fold_text(self._other[slice(*span)])
        return span if ours == theirs or fuzz.ratio(ours, theirs) >= least_score else None


class _Places:
    """For each character of `text` where its counterpart in `other` begins and ends, else -1."""

    def __init__(self, text: str, other: str) -> None:
        self._text, self._other = text, other
        self._begins = np.full(len(text), -1, dtype=np.int64)
        self._ends = np.full(len(text), -1, dtype=np.int64)
        whole, its_whole = fold(text), fold(other)
        self.same_letters = whole.text == its_whole.text
        if self.same_letters:
            self._pair(whole.places, its_whole.places)
            return
        from rapidfuzz.distance import Levenshtein

        ours, theirs = _words(text), _words(other)
        our_forms = [fold_text(text[start:end]) for start, end in ours]
        their_forms = [fold_text(other[start:end]) for start, end in theirs]
        for step in Levenshtein.opcodes(our_forms, their_forms):
            if step.tag not in ("equal", "replace"):
                continue
            mine = ours[step.src_start : step.src_end]
            its = theirs[step.dest_start : step.dest_end]
            self._match((mine[0][0], mine[-1][1]), (its[0][0], its[-1][1]))

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """From the first to the last character of `start` to `end` that has a counterpart."""
        begins, ends = self._begins[start:end], self._ends[start:end]
        matched = np.flatnonzero(begins >= 0)
        return (int(begins[matched[0]]), int(ends[matched[-1]])) if len(matched) else None

    def _match(self, mine: tuple[int, int], its: tuple[int, int]) -> None:
        """Match the characters of two stretches by their folded forms."""
        ours, theirs = fold(self._text[slice(*mine)]), fold(self._other[slice(*its)])
        if ours.text == theirs.text:
            self._pair(ours.places + mine[0], theirs.places + its[0])
            return
        if len(ours.text) * len(theirs.text) > _MOST_PAIRS:
            return
        from rapidfuzz.distance import Indel

        for step in Indel.opcodes(ours.text, theirs.text):
            if step.tag == "equal":
                self._pair(
                    ours.places[step.src_start : step.src_end] + mine[0],
                    theirs.places[step.dest_start : step.dest_end] + its[0],
                )

    def _pair(self, ours: Positions, theirs: Positions) -> None:
        # A character may fold to several, as an ellipsis does: it begins where the first stands.
        self._begins[ours[::-1]] = theirs[::-1]
        self._ends[ours] = theirs + 1


def _words(text: str) -> list[tuple[int, int]]:
    return [found.span() for found in _WORD.finditer(text)]
