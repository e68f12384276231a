"""Caption files (.vtt, .srt): decoded, and taken apart into cues; cleaning makes turns of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from analysis.reading.bounds import Extract, UnreadableError
from analysis.reading.plain import decoded
from analysis.text.lines import LINE_WITH_WORDS

_STAMP = r"(?:(\d+):)?(\d{1,2}):(\d\d)(?:[.,](\d{1,3}))?"
TIMING = re.compile(
    rf"^[ \t]*{_STAMP}[ \t]*-->[ \t]*{_STAMP}(?![\d:])[^\r\n]*(?=\r?$)", re.MULTILINE
)
# '12', '3f2c-…/12-0': nobody says these.
_NUMBER = re.compile(r"(?=[\w/.{}-]*\d)[\w/.{}-]+")
_COUNT = re.compile(r"\d{1,6}")
# '1 - Hester Quill', '1. Hester Quill'.
_COUNTED = re.compile(r"\d{1,6}(?:[ \t]*+[.:)|–-][ \t]++|[ \t]++)")
# Webex: '12 "Hester Quill" (3124516352)'.
_NUMBERED_NAME = re.compile(r"\d{1,6}[ \t]+\"(?P<name>[^\"\n]{1,80})\"(?:[ \t]*\([\w-]{1,40}\))?")
_COMMENT = re.compile(r"NOTE(?:[ \t\r]|\Z)|(?:STYLE|REGION)[ \t\r]*\Z")


@dataclass(frozen=True)
class Cue:
    """One cue of a caption file, as places in its text (LF line ends).

    Between `begins` and `ends` (seconds) the lines `lines` are shown, none of them empty.
    `speaker` is where the cue's identifier names who speaks, None where it does not.
    """

    begins: float
    ends: float
    lines: tuple[tuple[int, int], ...]
    speaker: tuple[int, int] | None


def extract(data: bytes) -> Extract:
    """Return the file's text as it stands; refuse one that holds no cue."""
    found = decoded(data)
    if "-->" not in found.text or not TIMING.search(re.sub(r"\r\n?", "\n", found.text)):
        raise UnreadableError(
            "captions without a cue: no line such as '00:00:01.000 --> 00:00:03.000'",
            "times, and words under them",
            "export the captions again; a transcript without times is saved as .txt",
        )
    return found


def cues_of(text: str) -> list[Cue]:
    """Return the cues of a caption file, in order.

    All lines between the times of one cue and those of the next are its words, whatever empty
    lines stand among them, but for the comments of WebVTT and the identifier of the next cue.
    That is a line straight above the times: a number where most cues are numbered, or any line
    after an empty one where nearly all cues have such a line. A name that identifies several cues,
    or that Webex puts in quotation marks, is a speaker's.
    """
    timings = list(TIMING.finditer(text))
    if not timings:
        return []
    edges = [0, *(timing.end() for timing in timings)]
    above = [
        _line_above(text, edge, timing.start())
        for edge, timing in zip(edges, timings, strict=False)
    ]
    identifiers = _identifiers(text, above)
    speakers = _speakers(text, identifiers)
    ends = [*(timing.start() for timing in timings[1:]), len(text)]
    found = []
    for number, (timing, end) in enumerate(zip(timings, ends, strict=True)):
        following = identifiers[number + 1] if number + 1 < len(timings) else None
        limit = following[0] if following else end
        lines = tuple(_lines(text, timing.end(), limit))
        stamps = timing.groups()
        found.append(Cue(_seconds(stamps[:4]), _seconds(stamps[4:]), lines, speakers[number]))
    return found


def speakers_in_identifiers(text: str) -> list[str]:
    """Return whom the identifiers of cues name, once a cue."""
    return [text[slice(*cue.speaker)] for cue in cues_of(text) if cue.speaker]


@dataclass(frozen=True)
class _Above:
    """The line straight above the times of a cue, and whether an empty line stands before it."""

    start: int
    end: int
    parted: bool


def _line_above(text: str, edge: int, timing: int) -> _Above | None:
    before = text[edge:timing]
    if not before.endswith("\n"):
        return None
    # The number of a cue may be parted from its times by an empty line.
    above = before.rstrip(" \t\r\n").rpartition("\n")[2]
    line = before[:-1].rpartition("\n")[2]
    start = timing - 1 - len(line)
    if not line.strip() and _COUNT.fullmatch(above.strip("\ufeff \t\r")):
        line = above
        start = edge + len(before.rstrip(" \t\r\n")) - len(above)
    if not line.strip() or _is_header(text, start):
        return None
    rest = text[edge:start]
    parted = not rest.strip("\ufeff \t\r\n") or not rest[:-1].rpartition("\n")[2].strip()
    first = start + len(line) - len(line.lstrip("\ufeff \t\r"))
    return _Above(first, start + len(line.rstrip()), parted)


def _identifiers(text: str, above: list[_Above | None]) -> list[tuple[int, int] | None]:
    """Return where the identifier of each cue stands, if it has one."""
    written = [text[line.start : line.end] if line else None for line in above]
    numbered = [bool(line and _NUMBER.fullmatch(line)) for line in written]
    named = [bool(line and _NUMBERED_NAME.fullmatch(line)) for line in written]
    parted = [bool(line and line.parted) for line in above]
    most_are_numbered = 2 * sum(numbered) >= len(above)
    # Before the first times nothing is said yet: a line there is what tells labels from speech.
    all_have_one = parted[:1] == [True] and 10 * sum(parted) >= 9 * len(above)
    all_have_one = all_have_one and _are_identifiers(written)
    return [
        (line.start, line.end)
        if line
        and (named[n] or (numbered[n] and most_are_numbered) or (line.parted and all_have_one))
        else None
        for n, line in enumerate(above)
    ]


def _is_header(text: str, start: int) -> bool:
    return text.startswith("WEBVTT", start) and not text[:start].strip("\ufeff \t\r\n")


def _are_identifiers(written: list[str | None]) -> bool:
    """Tell names and labels from speech: short, and without the marks that end a sentence."""
    labels = [line for line in written if line]
    return all(len(line.split()) <= 5 and not re.search(r"[.!?…]\Z", line) for line in labels)


def _speakers(text: str, identifiers: list[tuple[int, int] | None]) -> list[tuple[int, int] | None]:
    places: list[tuple[int, int] | None] = []
    for place in identifiers:
        written = text[slice(*place)] if place else ""
        quoted = _NUMBERED_NAME.fullmatch(written)
        if place and quoted:
            start, end = quoted.span("name")
            places.append((place[0] + start, place[0] + end))
        elif place and not _NUMBER.fullmatch(written):
            counted = _COUNTED.match(written)
            places.append((place[0] + counted.end(), place[1]) if counted else place)
        else:
            places.append(None)
    names = [text[slice(*place)] for place in places if place]
    quoted_all = all(
        place and _NUMBERED_NAME.fullmatch(text[slice(*place)]) for place in identifiers
    )
    # Labels may be anything; names return, and small letters or numbers are names if all return.
    like_names = all(name[:1].isupper() and not re.search(r"\d", name) for name in names)
    at_most = len(names) - 1 if like_names else len(names) // 2
    return places if quoted_all or len(set(names)) <= at_most else [None] * len(places)


def _lines(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the lines with words from `start` to `end`, without the comments of WebVTT."""
    blocks = [match.end() for match in re.finditer(r"\n[ \t\r]*(?=\n)", text[start:end])]
    edges = [start, *(start + place for place in blocks), end]
    for first, last in pairwise(edges):
        block = text[first:last].strip()
        is_comment = first != start and _COMMENT.match(block.partition("\n")[0])
        for line in () if is_comment else LINE_WITH_WORDS.finditer(text, first, last):
            words = line[0]
            yield (
                line.start() + len(words) - len(words.lstrip()),
                line.start() + len(words.rstrip()),
            )


def _seconds(stamp: tuple[str | None, ...]) -> float:
    hours, minutes, seconds = (int((part or "0")[-9:]) for part in stamp[:3])
    return hours * 3600 + minutes * 60 + seconds + float(f"0.{stamp[3] or 0}")
