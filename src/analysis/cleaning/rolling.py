"""Roll-up captions: a line that stays on the screen while the next one comes is said once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from analysis.reading.captions import Cue

_MARKS = re.compile(r"<[^<>\n]{0,200}>")
# So long may the screen be empty between two cues, in seconds.
_AT_ONCE = 0.5


def said_before(text: str, cues: Sequence[Cue]) -> Iterator[tuple[int, int]]:
    """Yield for each cue where the words lie, at its beginning, that the cue before it showed.

    Lines that the cue before ended with, and that open this one again with something new after
    them, rolled up. Where lines roll up, a cue may also show again what is there already and
    nothing else. Where cues grow ('the', 'the room', 'the room was'), what was there goes. In
    any other file a sentence in two cues of its own was said twice. Empty spans stand for 'nothing'.
    """
    shown = [tuple(_words(text[slice(*line)]) for line in cue.lines) for cue in cues]
    follows = [False] + [
        -60 < cue.begins - before.ends <= _AT_ONCE for before, cue in pairwise(cues)
    ]
    repeated = [_overlap(shown[n - 1], shown[n]) if follows[n] else 0 for n in range(len(cues))]
    rolls = any(0 < count < len(shown[n]) for n, count in enumerate(repeated))
    growing = [follows[n] and _grows(shown[n - 1], shown[n]) for n in range(len(cues))]
    grows = 3 * sum(growing) >= len(cues) > 2
    for n, cue in enumerate(cues):
        start = cue.lines[0][0] if cue.lines else 0
        count = repeated[n]
        if grows and growing[n] and count < len(shown[n]):
            already = sum(map(len, shown[n - 1]))
            yield start, _after_words(text, cue, already)
        elif count and (rolls or count < len(shown[n])):
            yield start, cue.lines[count - 1][1]
        else:
            yield start, start


def _words(line: str) -> tuple[str, ...]:
    return tuple(_MARKS.sub("", line).split())


def _overlap(before: Sequence[object], now: Sequence[object]) -> int:
    """Return how many of the first lines of `now` are the last ones of `before`."""
    return next(
        (
            count
            for count in range(min(len(before), len(now)), 0, -1)
            if before[-count:] == now[:count]
        ),
        0,
    )


def _grows(before: Sequence[tuple[str, ...]], now: Sequence[tuple[str, ...]]) -> bool:
    there = [word for line in before for word in line]
    here = [word for line in now for word in line]
    return 0 < len(there) < len(here) and here[: len(there)] == there


def _after_words(text: str, cue: Cue, count: int) -> int:
    """Return where the first `count` words of `cue` end, marks not counted."""
    for start, end in cue.lines:
        place = start
        for word in re.finditer(r"(?:<[^<>\n]{0,200}>|[^\s<]|<)+", text[start:end]):
            if not _MARKS.sub("", word[0]).strip():
                continue
            if count == 0:
                return place
            count -= 1
            place = start + word.end()
        if count == 0:
            return place
    return cue.lines[-1][1]
