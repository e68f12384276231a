"""Positions judged by the words that a program stores with them: the words are the anchor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from analysis.coding.formats.offsets import READINGS, Reading, Selections, StoredText
from analysis.coding.placing.folding import fold_text
from analysis.coding.placing.nearest import Nearest
from analysis.coding.project import Report

CODE_POINTS = Reading(utf16=False, crlf_two=True, bom=False)
# What is added to the start and the end before they are read: nothing, or for positions that
# begin at 1 and include their end.
FROM_NOUGHT, FROM_ONE = (0, 0), (-1, 0)

Span = tuple[int, int]


class Stated(NamedTuple):
    """A span as a program states it: positions, and the words it stores ('' where it has none)."""

    start: int
    end: int
    words: str


def judged(
    stored: StoredText,
    stated: Sequence[Stated],
    report: Report,
    shifts: Sequence[Span] = (FROM_NOUGHT,),
) -> list[Span | None]:
    """The span of each of `stated` in code points of the text; None where its words are not there.

    Of all readings of positions the one that repeats the words of most spans of this text is
    tried first, then the others, then the place of the words nearest to the position. A span
    without words takes the first reading under which it is one. `report` tells each reading that
    was used.
    """
    words = [fold_text(one.words) for one in stated]
    tried = [
        (reading, _read(stored, stated, reading, *shift))
        for reading, shift in _readings(stored, shifts)
    ]
    tried.sort(key=lambda one: -_hits(stored, one[1], words))
    used: Counter[str] = Counter()
    nearest = Nearest(stored.text)
    spans: list[Span | None] = []
    for index, (one, said) in enumerate(zip(stated, words, strict=True)):
        chosen = next(
            (
                (reading, span)
                for reading, places in tried
                if (span := places[index])
                and (not said or fold_text(stored.text[slice(*span)]) == said)
            ),
            None,
        )
        if chosen:
            used[f"{chosen[0]}{'' if said else '; no words stored to check'}"] += 1
            spans.append(chosen[1])
            continue
        found = nearest.place(one.words, one.start) if said else None
        used["found by the words stored, not at the position stated"] += found is not None
        spans.append(found)
    for detail, count in used.most_common():
        report.add("offsets", detail, count)
    return spans


def _readings(stored: StoredText, shifts: Sequence[Span]) -> list[tuple[Reading, Span]]:
    """Every reading that means something of its own in this text."""
    meant = dict.fromkeys(stored.plainest(one) for one in (CODE_POINTS, *READINGS))
    return [(reading, shift) for shift in shifts for reading in meant]


def _read(
    stored: StoredText, stated: Sequence[Stated], reading: Reading, first: int, last: int
) -> list[Span | None]:
    starts, ends = Selections(
        stored,
        np.array([one.start + first for one in stated], dtype=np.int64),
        np.array([one.end + last for one in stated], dtype=np.int64),
        [],
    ).read(reading)
    return [
        (start, end) if start >= 0 else None
        for start, end in zip(starts.tolist(), ends.tolist(), strict=True)
    ]


def _hits(stored: StoredText, spans: Sequence[Span | None], words: Sequence[str]) -> int:
    return sum(
        fold_text(stored.text[slice(*span)]) == said
        for span, said in zip(spans, words, strict=True)
        if span and said
    )
