"""Captions become turns: one turn over many cues is one line, its speaker named once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, zip_longest

from analysis.cleaning.about import About
from analysis.cleaning.edits import Edit
from analysis.cleaning.speakers import find_turns
from analysis.reading.captions import TIMING

_VOICE = re.compile(r"<v(?:\.[^\s>]{1,60})?[ \t]{1,9}(?P<tag>[^>\n]{0,119}[^>\s])[ \t]*>")
_TAG_OR_ENTITY = r"</?[a-zA-Z][^<>\n]*>|<[\d:.]+>|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|\w{1,31});"
_INSIDE = re.compile(_TAG_OR_ENTITY + r"|(?<![ \t\r])[ \t\r]*\n[ \t]*")
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n")
_CUE_NUMBER = re.compile(r"\n[ \t]*[\w/-]+[ \t\r]*\n\Z")
_DASH = re.compile(r"^[ \t]*[-–—][ \t]*(?=[^\s-])", re.MULTILINE)
_SECOND_DASH = re.compile(r"\n[ \t]*[-–—][ \t]*[^\s-]")
_PAUSE = 2.0


@dataclass(frozen=True)
class _Said:
    """Words of one voice at `start` to `end`, and where their speaker is named ('' if nowhere).

    `dashed` tells that a dash marks another speaker than the one before.
    """

    start: int
    end: int
    tag: str
    tag_start: int
    tag_end: int
    dashed: bool


def cues(text: str, about: About) -> Iterator[Edit]:
    """Header, notes, styles, cue numbers and times go; cues of one speaker are joined.

    A cue without a speaker goes on with the turn before it; where nobody is named at all, a
    pause of two seconds begins a new line, and so does a dash that parts two speakers in one cue.
    Positions of the words inside cues are kept.
    """
    if about.format not in ("vtt", "srt"):
        return
    reached, speaker, silent_since = 0, "", None
    timings = list(TIMING.finditer(text))
    for timing, following in zip_longest(timings, timings[1:]):
        start, end = _payload(text, timing.end(), following.start() if following else len(text))
        begins, ends = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
        for said in _said(text, start, end, about):
            pause = silent_since is not None and begins - silent_since >= _PAUSE
            silent_since = ends
            goes_on = said.tag in ("", speaker) and (bool(speaker) or not pause)
            goes_on = reached > 0 and goes_on and not said.dashed
            joint = "" if reached == 0 else " " if goes_on else "\n"
            if said.tag and not goes_on:
                speaker = said.tag
                yield Edit(reached, said.tag_start, joint, "cue")
                yield Edit(said.tag_end, said.start, ": ", "speaker of a cue")
            else:
                speaker = "" if said.dashed else speaker
                yield Edit(reached, said.start, joint, "cue")
            yield from _inside(text, said.start, said.end)
            reached = said.end
    yield Edit(reached, len(text), "", "cue")


def _payload(text: str, start: int, limit: int) -> tuple[int, int]:
    """Return where the words of a cue lie, between its times and those of the next cue.

    An empty line ends them; where those were lost, the number of the next cue does.
    """
    blank = _EMPTY_LINE.search(text, start, limit)
    end = blank.start() if blank else limit
    number = None if blank or limit == len(text) else _CUE_NUMBER.search(text, start, limit)
    end = number.start() if number else end
    words = text[start:end]
    first = start + len(words) - len(words.lstrip())
    return first, max(first, start + len(words.rstrip()))


def _said(text: str, start: int, end: int, about: About) -> Iterator[_Said]:
    """Yield the words of each voice in the cue at `start` to `end`."""
    payload = text[start:end]
    marks = [(m.start(), m.end(), *m.span("tag")) for m in _VOICE.finditer(payload)]
    if not marks:
        turns = find_turns(payload, about.tags)
        marks = [(turn.opening, turn.start, turn.tag_start, turn.tag_end) for turn in turns]
    dashed = not marks and _SECOND_DASH.search(payload) is not None
    if dashed:
        marks = [(*m.span(), m.end(), m.end()) for m in _DASH.finditer(payload)]
    untagged = (0, 0, 0, 0)
    for mark, following in pairwise([untagged, *marks, (len(payload),) * 4]):
        _, first, tag_start, tag_end = mark
        words = payload[first : following[0]]
        if words.strip():
            yield _Said(
                start + first + len(words) - len(words.lstrip()),
                start + first + len(words.rstrip()),
                payload[tag_start:tag_end],
                start + tag_start,
                start + tag_end,
                dashed and mark != untagged,
            )


def _inside(text: str, start: int, end: int) -> Iterator[Edit]:
    """Tags, entities and line ends within the words of a cue."""
    for match in _INSIDE.finditer(text, start, end):
        if match[0].startswith("<"):
            new = ""
        elif match[0].startswith("&"):
            new = html.unescape(match[0])
        else:
            new = " "
        yield Edit(*match.span(), new, "caption mark")


def _seconds(stamp: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, thousandths = (int((part or "0")[-9:]) for part in stamp)
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000
