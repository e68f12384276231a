"""Captions become turns: one turn over many cues is one line, its speaker named once."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from analysis.cleaning.about import About
from analysis.cleaning.edits import NOBODY_NAMED, Edit
from analysis.cleaning.habits import unusual_turns
from analysis.cleaning.rolling import said_before
from analysis.cleaning.speakers import VOICE_SPAN, find_turns, is_nobody, unstyled
from analysis.reading.captions import Cue, cues_of

_TAG_OR_ENTITY = (
    r"</?[a-zA-Z][^<>\n]*>|<[\d:.]+>|&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|\w{1,31});|\{\\[^{}\n]{1,80}\}"
)
_INSIDE = re.compile(_TAG_OR_ENTITY + r"|(?<![ \t\r])[ \t\r]*\n\s*")
_DASH = re.compile(r"^[ \t]*[-–—][ \t]*(?=[^\s-])", re.MULTILINE)
_SECOND_DASH = re.compile(r"\n[ \t]*[-–—][ \t]*[^\s-]")
# What the rule on characters does, of letters that are no entities.
_AS_CHARACTERS = str.maketrans(
    {"\u00a0": " ", **dict.fromkeys("\u200b\u200e\u200f\u2060\ufeff\u00ad")}
)
_PAUSE = 2.0


@dataclass(frozen=True)
class _Said:
    """Words of one voice at `start` to `end`, and where their speaker is named ('' if nowhere).

    `another` tells that a mark, but no name, says that somebody else speaks than before.
    """

    start: int
    end: int
    tag: str
    tag_start: int
    tag_end: int
    another: bool


def cues(text: str, about: About) -> Iterator[Edit]:
    """Header, notes, styles, cue numbers and times go; cues of one speaker are joined.

    A cue without a speaker goes on with the turn before it; where nobody is named at all, a
    pause of two seconds or the end of a question begins a new line, and so does a dash that parts
    two speakers in one cue and a '>>'. A line that rolls up from one cue into the next is said once. Positions of the
    words inside cues are kept.
    """
    if about.format not in ("vtt", "srt"):
        return
    reached, speaker, silent_since = 0, "", None
    found = cues_of(text)
    # Only what was said yet is at hand: the first words need no joint.
    spoken = asked = False
    for cue, (start, end) in zip(found, said_before(text, found), strict=True):
        pause = silent_since is not None and cue.begins - silent_since >= _PAUSE
        silent_since = cue.ends
        if not cue.lines:
            continue
        if start < end and cue.speaker is None:
            yield Edit(reached, start, "", "cue")
            yield Edit(start, end, "", "said in the cue before")
            reached = end
        for said in _said(text, cue, end, about):
            pause = pause or asked
            goes_on = said.tag in ("", speaker) and (bool(speaker) or not pause)
            goes_on = spoken and goes_on and not said.another
            joint = "" if not spoken else " " if goes_on else "\n"
            if said.tag and not goes_on:
                speaker = said.tag
                yield Edit(reached, said.tag_start, joint, "cue")
                yield from _inside(text, said.tag_start, said.tag_end)
                yield Edit(said.tag_end, said.start, ": ", "speaker of a cue")
            else:
                speaker = "" if said.another else speaker
                reason = NOBODY_NAMED if said.another else "cue"
                yield Edit(reached, said.start, joint, reason)
            yield from _inside(text, said.start, said.end)
            reached, spoken, pause = said.end, True, False
            asked = text[said.end - 1] == "?"
    yield Edit(reached, len(text), "", "cue")


def _said(text: str, cue: Cue, first: int, about: About) -> Iterator[_Said]:
    """Yield the words of each voice in `cue`, from the place `first` on."""
    start = max(first, cue.lines[0][0])
    payload = text[start : cue.lines[-1][1]]
    marks = [
        (m.start(), m.end(), *((m.end(), m.end()) if is_nobody(m["tag"]) else m.span("tag")), True)
        for m in VOICE_SPAN.finditer(payload)
    ]
    if not marks:
        shown = unstyled(payload)
        marks = [
            (turn.start, turn.end, turn.tag_start, turn.tag_end, True)
            for turn in unusual_turns(shown, about.unusual)
        ]
        marks += [
            (turn.opening, turn.start, turn.tag_start, turn.tag_end, True)
            for turn in find_turns(shown, about.tags)
            if not any(start <= turn.opening < end for start, end, *_ in marks)
        ]
        marks.sort()
    if not marks and _SECOND_DASH.search(payload) is not None:
        marks = [(*m.span(), m.end(), m.end(), True) for m in _DASH.finditer(payload)]
    untagged = (0, 0, 0, 0, False)
    if cue.speaker is not None:
        tag_start, tag_end = (place - start for place in cue.speaker)
        untagged = (tag_start, 0, tag_start, tag_end, False)
    after = (len(payload),) * 4 + (False,)
    for mark, following in pairwise([untagged, *marks, after]):
        _, begins, tag_start, tag_end, is_mark = mark
        words = payload[begins : following[0]]
        if words.strip():
            tag = text[start + tag_start : start + tag_end]
            yield _Said(
                start + begins + len(words) - len(words.lstrip()),
                start + begins + len(words.rstrip()),
                tag,
                start + tag_start,
                start + tag_end,
                is_mark and not tag,
            )


def _inside(text: str, start: int, end: int) -> Iterator[Edit]:
    """Tags, entities and line ends within the words of a cue."""
    for match in _INSIDE.finditer(text, start, end):
        if match[0].startswith(("<", "{")):
            new = ""
        elif match[0].startswith("&"):
            new = html.unescape(match[0]).translate(_AS_CHARACTERS)
        else:
            new = " "
        yield Edit(*match.span(), new, "caption mark")
