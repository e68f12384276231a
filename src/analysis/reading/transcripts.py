"""What programs that transcribe write: segments with times and speakers.

They are made into WebVTT, which says all of it: cleaning makes turns of captions.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.reading.bounds import Extract, UnreadableError
from analysis.reading.plain import decoded

_DEEPEST = 6
_MOST = 200_000
_SBV = re.compile(
    r"^(\d{1,4}):(\d\d):(\d\d)\.(\d{1,3}),(\d{1,4}):(\d\d):(\d\d)\.(\d{1,3})[ \t]*\r?$",
    re.MULTILINE,
)
_TEAMS = re.compile(
    r"^[ \t]*(\d{1,4}:\d{1,2}:\d{1,2}\.\d{1,9})[ \t]*-->[ \t]*(\d{1,4}:\d{1,2}:\d{1,2}\.\d{1,9})[ \t]*\r?$",
    re.M,
)
_LONGEST_STAMP = 200
_TSV_HEADING = re.compile(
    r"\ufeff?(?:start|begin)\t(?:end|stop)\t(?:speaker\t)?text(?:\tspeaker)?\r?\n", re.I
)
# One to five words that end no sentence, with a colon or without.
_NAME_ALONE = re.compile(r"[^\W\d_][^\s!?…;:]*(?:[ \t]+[^\s!?…;:]+){0,4}(?<![.,])[ \t]*:?")
_CLOCK = re.compile(r"(?:(\d{1,4}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,9}))?")
# What segments are called, in whatever program; the first that is there is read.
_LISTS = (
    "segments",
    "utterances",
    "transcription",
    "monologues",
    "transcript",
    "results",
    "paragraphs",
    "data",
    "entries",
    "cues",
)
_TEXT = ("text", "punctuated", "value", "transcript", "body", "content")
_BEGINS = (
    "start",
    "start_time",
    "startTime",
    "begin",
    "from",
    "data_start",
    "ts",
    "time",
    "offset",
)
_ENDS = ("end", "end_time", "endTime", "stop", "to", "data_end", "end_ts")
_WHO = ("speaker", "speaker_name", "speakerName", "speaker_label", "speaker_id", "name", "who")
# Times that are all whole, and as far apart as this, are milliseconds.
_MILLISECONDS_APART = 150


@dataclass(frozen=True)
class Segment:
    """One stretch of speech: seconds, speaker ('' where nobody is named), words."""

    begins: float
    ends: float
    speaker: str
    words: str


def is_transcript(data: bytes) -> bool:
    """Whether `data` is a transcript in one of these forms, as its content says."""
    try:
        text = decoded(data).text
    except UnreadableError:
        return False
    return bool(segments_of(text))


def extract(data: bytes) -> Extract:
    """Return the transcript as WebVTT; refuse what holds no segment."""
    found = decoded(data)
    segments = segments_of(found.text)
    if not segments:
        raise UnreadableError(
            "no segments of speech with times",
            "a transcript as whisper, WhisperX, AssemblyAI, Sonix, Happy Scribe or YouTube write it",
            "export it as .vtt, .srt or .docx",
        )
    return Extract(as_captions(segments), found.encoding, found.notes)


def as_captions(segments: list[Segment]) -> str:
    """The segments as WebVTT."""
    lines = ["WEBVTT", ""]
    for one in segments:
        name = re.sub(r"[<>&\s]+", " ", one.speaker).strip()
        voice = f"<v {name}>" if name else ""
        lines += [
            f"{_clock(one.begins)} --> {_clock(max(one.begins, one.ends))}",
            voice + one.words,
            "",
        ]
    return "\n".join(lines)


def segments_of(text: str) -> list[Segment]:
    """The segments of a transcript in JSON, whisper's .tsv or YouTube's .sbv; none of anything else."""
    if _TSV_HEADING.match(text):
        return _of_tsv(text)
    if _SBV.match(text.lstrip("\ufeff \r\n\t")):
        return list(_of_sbv(text))
    if text.lstrip("\ufeff \r\n\t")[:1] not in ("{", "["):
        return []
    try:
        return _of_json(json.loads(text.lstrip("\ufeff")))
    except (ValueError, RecursionError):
        return []


def under_times(text: str) -> list[Segment]:
    """The segments of a document in which Teams wrote '0:0:3.0 --> 0:0:9.0', who speaks, and what.

    None of a document without such a line at its beginning.
    """
    begins_at = len(text) - len(text.lstrip("\ufeff \r\n\t"))
    # Looked for there first: most texts have none, and are long.
    if not _TEAMS.match(text[begins_at : begins_at + _LONGEST_STAMP]):
        return []
    stamps = list(_TEAMS.finditer(text))
    if not stamps or text[: stamps[0].start()].strip("\ufeff \r\n\t"):
        return []
    ends = [*(stamp.start() for stamp in stamps[1:]), len(text)]
    said = [
        text[stamp.end() : until].strip().partition("\n")
        for stamp, until in zip(stamps, ends, strict=True)
    ]
    speakers = _speakers_over([first for first, _, words in said if words.strip()])
    found = []
    for stamp, (first, _, words) in zip(stamps, said, strict=True):
        speaker = speakers.get(first, "") if words.strip() else ""
        spoken = _plain(words if speaker else f"{first} {words}")
        begins, until_then = _number(stamp[1]), _number(stamp[2])
        if begins is not None and until_then is not None and spoken:
            found.append(Segment(begins, until_then, speaker, spoken))
    return found


def _speakers_over(lines: list[str]) -> dict[str, str]:
    """Who speaks, of lines that stand over speech: those like names that recur, or all if all are.

    A line of speech that was broken is no speaker, and its words are not lost.
    """
    named = {
        line: line.strip(" \t\r:")
        for line in lines
        if _NAME_ALONE.fullmatch(line.strip()) and not line[0].islower()
    }
    often = Counter(named[line] for line in lines if line in named)
    sure = all(line in named for line in lines)
    return {line: name for line, name in named.items() if sure or often[name] > 1}


def _of_tsv(text: str) -> list[Segment]:
    heading, *rows = (line.rstrip("\r").split("\t") for line in text.lstrip("\ufeff").splitlines())
    places = {name.lower(): place for place, name in enumerate(heading)}
    found = []
    for row in rows:
        if len(row) < len(heading):
            continue
        begins, ends = (_number(row[place]) for place in (0, 1))
        words = _plain(row[places["text"]])
        if begins is not None and ends is not None and words:
            speaker = row[places["speaker"]] if "speaker" in places else ""
            found.append(Segment(begins / 1000, ends / 1000, speaker, words))
    return found


def _of_sbv(text: str) -> Iterator[Segment]:
    stamps = list(_SBV.finditer(text))
    for number, stamp in enumerate(stamps):
        until = stamps[number + 1].start() if number + 1 < len(stamps) else len(text)
        words = _plain(text[stamp.end() : until])
        told = stamp.groups()
        begins, ends = (
            int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{part}")
            for hours, minutes, seconds, part in (told[:4], told[4:])
        )
        if words:
            yield Segment(begins, ends, "", words)


def _of_json(value: Any) -> list[Segment]:
    rows = _rows(value, 0)
    if rows is None:
        return []
    stated = [(_time(row, _BEGINS), _time(row, _ENDS)) for row in rows]
    times = [time for pair in stated for time in pair if time is not None]
    spans = [end - begin for begin, end in stated if begin is not None and end is not None]
    whole = all(float(time).is_integer() for time in times)
    middle = sorted(spans)[len(spans) // 2] if spans else 0.0
    unit = 1000.0 if whole and middle > _MILLISECONDS_APART else 1.0
    names = _names(value)
    found = []
    for row, (begins, ends) in zip(rows, stated, strict=True):
        words = _plain(_words(row))
        if begins is not None and words:
            speaker = _speaker(row)
            last = begins if ends is None else ends
            found.append(Segment(begins / unit, last / unit, names.get(speaker, speaker), words))
    return found


def _rows(value: Any, depth: int) -> list[Mapping[str, Any]] | None:
    """The first list of things that are said at a time."""
    if depth > _DEEPEST:
        return None
    if isinstance(value, list):
        rows: list[Mapping[str, Any]] = [one for one in value[:_MOST] if isinstance(one, dict)]
        said = [one for one in rows if _words(one) and _time(one, _BEGINS) is not None]
        if rows and 2 * len(said) > len(rows):
            return said
        return None
    if not isinstance(value, dict):
        return None
    named = [name for name in _LISTS if isinstance(value.get(name), list | dict)]
    for name in named:
        if (rows_there := _rows(value[name], depth + 1)) is not None:
            return rows_there
    return None


def _words(row: Mapping[str, Any]) -> str:
    """What a row says: its text, or that of its words."""
    for name in _TEXT:
        if isinstance(row.get(name), str):
            return str(row[name])
    parts = _parts(row)
    told = [
        str(
            next(
                (
                    part[name]
                    for name in ("text", "word", "value")
                    if isinstance(part.get(name), str)
                ),
                "",
            )
        )
        for part in parts
        if isinstance(part, dict)
    ]
    # Some programs keep the spaces in their words, and some leave them to the reader.
    spaced = any(part[:1].isspace() or part[-1:].isspace() or part == " " for part in told if part)
    return ("" if spaced else " ").join(told)


def _parts(row: Mapping[str, Any]) -> list[Any]:
    """The words of a row, one by one, where it has them so."""
    listed = [row[name] for name in ("words", "elements") if isinstance(row.get(name), list)]
    return listed[0] if listed else []


def _time(row: Mapping[str, Any], names: tuple[str, ...]) -> float | None:
    for holder in ("offsets", "timestamps", "timestamp"):
        inner = row.get(holder)
        if isinstance(inner, dict) and (found := _time(inner, names)) is not None:
            return found
        if isinstance(inner, list) and len(inner) == 2:
            return _number(inner[names is _ENDS])
    for name in names:
        if (found := _number(row.get(name))) is not None:
            return found
    parts = _parts(row)
    timed = [
        found
        for part in parts
        if isinstance(part, dict)
        for found in [_time({k: v for k, v in part.items() if not isinstance(v, list)}, names)]
        if found is not None
    ]
    return (timed[-1] if names is _ENDS else timed[0]) if timed else None


def _number(value: Any) -> float | None:
    """A time as a number, or as a clock ('00:01:02.5') in seconds."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value) if abs(value) < 1e12 else None
    if not isinstance(value, str):
        return None
    if clock := _CLOCK.fullmatch(value.strip()):
        hours, minutes, seconds, part = clock.groups()
        return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{part or 0}")
    try:
        found = float(value)
    except ValueError:
        return None
    return found if abs(found) < 1e12 else None


def _speaker(row: Mapping[str, Any]) -> str:
    for name in _WHO:
        said = row.get(name)
        if isinstance(said, dict):
            said = said.get("name") or said.get("id")
        if isinstance(said, str | int) and not isinstance(said, bool) and str(said).strip():
            return str(said).strip()[:80]
    return ""


def _names(value: Any) -> dict[str, str]:
    """Whom the program's own list of speakers calls what: id -> name."""
    listed = value.get("speakers") if isinstance(value, dict) else None
    rows = listed if isinstance(listed, list) else []
    return {
        str(one["id"]): str(one["name"])
        for one in rows
        if isinstance(one, dict) and one.get("id") is not None and isinstance(one.get("name"), str)
    }


def _plain(words: str) -> str:
    """Words on one line, in which nothing is a cue or a tag."""
    return " ".join(words.replace("-->", "→").replace("&", "&amp;").replace("<", "&lt;").split())


def _clock(seconds: float) -> str:
    thousandths = round(max(0.0, seconds) * 1000)
    minutes, rest = divmod(thousandths, 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"
