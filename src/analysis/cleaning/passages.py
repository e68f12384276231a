"""Clean text -> passages: turns of speech or paragraphs, each with its voice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.cleaning.about import About
from analysis.cleaning.edits import NOBODY_NAMED, CleanText
from analysis.cleaning.habits import tags_in
from analysis.cleaning.speakers import (
    PARTICIPANT,
    Speakers,
    known_tags,
)
from analysis.cleaning.transcripts import cover_end, is_one_sided, turns_of
from analysis.text.words import count_words

DE_IDENTIFYING = ("identifiers", "pseudonyms")
_LINE = re.compile(r"[^\n\f]+")
_VOICE_MARK = re.compile(
    r"[ \t]*+[*_#\[]*+[ \t]*+(?:"
    r"(?P<observer_description>description|descriptive notes?|described|observed|observations?|seen|saw)"
    r"|(?P<observed_speech>heard|said|speech|overheard|quote)"
    r"|(?P<observer_reflection>reflections?|reflexive notes?|reflective notes?|comments?"
    r"|interpretations?|reflexivity))"
    r"[ \t]*+(?:\((?P<who>[^()\n]{0,80})\))?[ \t]*+(?:[*_\]]*+:[*_\]]*+|[*_\]]++(?=\s|\Z)|(?=[ \t]*\Z))[ \t]*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Passage:
    """A passage before names were replaced; its speaker is a place in the text, or nobody."""

    start: int
    end: int
    voice: str
    speaker: tuple[int, int] | None = None


#: What `passage_columns` finds of each passage.
OF_PASSAGE = ("start", "end", "speaker", "voice", "words")
Columns = Mapping[str, Sequence[Any]]


def passages(
    source_id: str, clean_text: CleanText, kind: str, speakers: Speakers | None = None
) -> pd.DataFrame:
    """Return the passages of one source (columns as in `tables.PASSAGES`), in order of text: those
    that `passage_columns` finds."""
    return passage_table(
        [(source_id, clean_text.text, passage_columns(clean_text, kind, speakers))]
    )


def passage_columns(
    clean_text: CleanText, kind: str, speakers: Speakers | None = None
) -> dict[str, list[Any]]:
    """Return the passages of one source as columns `OF_PASSAGE`, in order of text.

    Interviews: a row is a turn, without its tag, over all its paragraphs; where only the
    interviewer is tagged, or nobody, it is a paragraph. Observations: a paragraph, its voice from
    the mark that opens it (DESCRIPTION:, HEARD (who):, REFLECTION:); a mark alone on its line,
    as a heading is and with or without a colon, holds until the next mark; without marks all is
    the observer's description. Documents and sources of unknown kind: a paragraph. Cover sheets
    are in no passage. `speaker` is the tag as it stands in the clean text, after names were
    replaced; '' where none stands.
    """
    named, replaced = clean_text.parted(DE_IDENTIFYING)
    if kind == "interview":
        found = _interview(named, speakers or Speakers())
    elif kind == "observation":
        found = _observation(named.text)
    else:
        found = (_Passage(start, end, "document") for start, end in _paragraphs(named.text))
    columns: dict[str, list[Any]] = {name: [] for name in OF_PASSAGE}
    for passage in found:
        place = replaced.to_clean(passage.start, passage.end)
        if place is None:
            continue
        who = passage.speaker and replaced.to_clean(*passage.speaker)
        speaker = clean_text.text[slice(*who)] if who else ""
        words = count_words(clean_text.text[slice(*place)])
        row = (*place, speaker, passage.voice, words)
        for column, value in zip(columns.values(), row, strict=True):
            column.append(value)
    return columns


def passage_table(sources: Iterable[tuple[str, str, Columns]]) -> pd.DataFrame:
    """Return the passages of all `sources`: id, clean text, and the columns `OF_PASSAGE`.

    One table for all of them: a table costs more than the passages of a source. Raises ValueError
    for columns of different lengths.
    """
    names: list[str] = []
    numbers: list[int] = []
    said: list[str] = []
    every: dict[str, list[Any]] = {name: [] for name in OF_PASSAGE}
    for source_id, text, columns in sources:
        places = list(zip(columns["start"], columns["end"], strict=True))
        names += [source_id] * len(places)
        numbers += range(len(places))
        said += [text[start:end] for start, end in places]
        for name, values in every.items():
            values += columns[name]
    return pd.DataFrame(
        {
            "source_id": pd.array(names, dtype="str"),
            "passage": np.array(numbers, np.int64),
            "start": np.array(every["start"], np.int64),
            "end": np.array(every["end"], np.int64),
            "speaker": pd.array(every["speaker"], dtype="str"),
            "voice": pd.array(every["voice"], dtype="str"),
            "words": np.array(every["words"], np.int64),
            "text": pd.array(said, dtype="str"),
        },
        copy=False,
    )


def _interview(named: CleanText, speakers: Speakers) -> Iterator[_Passage]:
    text = named.text
    about = _about(named, speakers)
    turns = turns_of(text, about)
    reached = cover_end(text, about)
    voices = speakers.voices(turn.tag for turn in turns)
    one_sided = is_one_sided(turns, about)
    unnamed = named.places_after(NOBODY_NAMED)
    for turn in turns:
        yield from _untagged(text, reached, turn.opening)
        end = turn.end
        if one_sided:
            end = text.find("\n", turn.start, turn.end)
            end = turn.end if end < 0 else end
        # Somebody else may take over who is not named: the turn ends there.
        other = next((place for place in unnamed if turn.start < place < end), end)
        said = other - (len(text[:other]) - len(text[:other].rstrip()))
        if turn.start < said:
            yield _Passage(turn.start, said, voices[turn.tag], (turn.tag_start, turn.tag_end))
        reached = other
    yield from _untagged(text, reached, len(text))


def _about(named: CleanText, speakers: Speakers) -> About:
    tags = tags_in(named.original, speakers)[0] | known_tags(named.text, speakers)
    return About("", "interview", speakers, tags)


def tags_of_turns(
    clean_text: CleanText, speakers: Speakers
) -> list[tuple[str, tuple[int, int] | None]]:
    """Return the tag of each turn of an interview as it was written, and its place.

    The place is one in the clean text; None where the tag was cut out.
    """
    named, replaced = clean_text.parted(DE_IDENTIFYING)
    return [
        (turn.tag, replaced.to_clean(turn.tag_start, turn.tag_end))
        for turn in turns_of(named.text, _about(named, speakers))
    ]


def turns_in(clean_text: CleanText, speakers: Speakers) -> list[tuple[str, str]]:
    """Return the turns of an interview, tag and words, as they were before names were replaced."""
    named, _ = clean_text.parted(DE_IDENTIFYING)
    turns = turns_of(named.text, _about(named, speakers))
    return [(turn.tag, named.text[turn.start : turn.end]) for turn in turns]


def _untagged(text: str, start: int, end: int) -> Iterator[_Passage]:
    for paragraph in _paragraphs(text, start, end):
        yield _Passage(*paragraph, PARTICIPANT)


def _observation(text: str) -> Iterator[_Passage]:
    lasting: tuple[str, tuple[int, int] | None] = ("observer_description", None)
    for start, end in _paragraphs(text):
        mark = _VOICE_MARK.match(text, start, end)
        if mark is None:
            yield _Passage(start, end, *lasting)
            continue
        voice = next(name for name, found in mark.groupdict().items() if found and name != "who")
        spoken = mark.span("who") if mark["who"] else None
        if mark.end() == end:
            lasting = (voice, spoken)
        else:
            yield _Passage(mark.end(), end, voice, spoken)


def _paragraphs(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield where the lines with anything on them lie, without blanks at their edges."""
    for match in _LINE.finditer(text, start, len(text) if end is None else end):
        line = match[0]
        if line.strip():
            lead = len(line) - len(line.lstrip())
            yield match.start() + lead, match.start() + len(line.rstrip())
