"""Where in its recording a passage stands, by the times that cleaning took out of the text."""

from __future__ import annotations

import re
from bisect import bisect_right

import pandas as pd

from analysis.cleaning import CleanText

_TIME = re.compile(r"(?<![\d:.,])(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:[.,]\d{1,3})?(?![\d:])")


def times_of(text: CleanText, passages: pd.DataFrame) -> list[str]:
    """For each passage the last time that was written before it or at its beginning, '' without.

    As h:mm:ss or m:ss. A time of day, or a time that somebody says, is none: only what an edit took
    out of the text counts, and the first time of a range such as a caption has.
    """
    places = _removed(text)
    found = []
    for start, end in zip(passages["start"], passages["end"], strict=True):
        begin = text.to_original(int(start), int(end))[0]
        at = bisect_right(places, (begin, "￿")) - 1
        found.append(places[at][1] if at >= 0 else "")
    return found


def _removed(text: CleanText) -> list[tuple[int, str]]:
    """Place in the reader's text, and the time, of each stretch taken out that begins with one."""
    found: list[tuple[int, str]] = []
    for number, layer in enumerate(text.layers):
        below = CleanText(text.original, text.layers[:number])
        for edit in layer.edits:
            gone = below.text[edit.start : edit.end]
            times = list(_TIME.finditer(gone))
            # The second time of a range is its end.
            for one in times[:: 2 if "-->" in gone else 1]:
                if not _TIME.search(edit.replacement):
                    place = edit.start + one.start()
                    found.append((below.to_original(place, place + 1)[0], _said(one)))
    return sorted(found)


def _said(one: re.Match[str]) -> str:
    hours, minutes, seconds = int(one[1] or 0), int(one[2]), one[3]
    return f"{hours}:{minutes:02}:{seconds}" if hours else f"{minutes}:{seconds}"
