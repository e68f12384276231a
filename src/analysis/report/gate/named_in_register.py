"""What the register may call a person by: its cells that are written as somebody's name."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import takewhile
from pathlib import PurePath

from analysis.text.folding import HUMP, fold
from analysis.text.sentences import COMMON

_TAGS = ("participant_tags", "interviewer_tags")
# Columns that name a person, each with one name or several; initials name nobody there.
_PEOPLE = """
interviewer interviewee speaker moderator facilitator observer name participant respondent informant
person researcher patient client
"""
_OF_PEOPLE = frozenset(_PEOPLE.split())
# Columns that are called otherwise, and may have a name all the same.
_MAY_NAME = ("case_id", "title", "file", "coded_as")
_LIKE_A_NAME = re.compile(r"[^\W\d_][^\W\d_]*[^\W\d_A-Z][^\d_]*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_WITH_SOMEBODY = re.compile(r"\b(?:with|of|by)\s+(?P<name>.*)", re.IGNORECASE)
# What titles and files of transcripts are called by besides whom they are of.
_TRANSCRIPTS = """
a an and anon anonymised approved audio by checked clean cleaned conversation copy corrected draft
edited field final first focus follow group int interview interviews meeting mr mrs ms miss mx dr
notes observation of part phone pilot prof recording redacted round second session talk teams
telephone the third transcribed transcript transcription untitled up version video visit wave with
zoom
"""
_OF_TRANSCRIPTS = frozenset(_TRANSCRIPTS.split())
_FEWEST_LETTERS, _MOST_WORDS = 2, 3
# In small letters an id of shorter parts is an abbreviation sooner than somebody.
_FEWEST_IN_SMALL = 3


def possible_names(
    source: Mapping[Hashable, object], ordinary: Iterable[str]
) -> Iterator[tuple[str, list[str]]]:
    """The columns of a register's row that may name people, each with the names, in order.

    Tags of speakers and columns called after people hold names unless convention says otherwise. An
    id of a case, a title, the name of a file and `coded_as` do where they are two or three
    words with capitals, or one such word that is a whole case's id, and these are none of the
    `ordinary` words, which the study writes in small letters: for an interview one that is not is
    enough, elsewhere none may be. What has a digit in it ('P01') is no part of a name.
    """
    known = {*ordinary, *COMMON, *_OF_TRANSCRIPTS}
    known |= {
        word
        for column in ("role", "site", "kind")
        for word in _WORD.findall(fold(str(source.get(column, ""))))
    }
    of_a_person = source.get("kind") == "interview"
    for column, cell in source.items():
        parts = [part.strip() for part in str(cell).split(";") if part.strip()]
        if column in _TAGS:
            yield str(column), parts
        elif column in _MAY_NAME:
            text = PurePath(str(cell)).stem if column == "file" else str(cell)
            name = _name_in(text, column == "case_id" and of_a_person)
            if name and _is_somebody(name, known, of_a_person):
                yield str(column), [" ".join(name)]
        elif _is_of_people(str(column)):
            yield str(column), [part for part in parts if _LIKE_A_NAME.fullmatch(part)]


def _is_of_people(column: str) -> bool:
    """Whether a column is called after people: 'Interviewers', 'participant name'."""
    words = fold(column).split()
    return bool(words) and (
        words[-1].removesuffix("s") in _OF_PEOPLE and not {"file", "site"} & {*words[:-1]}
    )


def _name_in(text: str, is_id: bool) -> list[str]:
    """The words of `text` that may be one name: two or three, or one that is an id or said `with`."""
    after = _WITH_SOMEBODY.search(text)
    words = _words(text)
    if not words and after:
        words = _words(" ".join(takewhile(str.istitle, after["name"].split())))
    if words and words[0][0].isupper():
        return words if len(words) > 1 or is_id or after else []
    in_full = is_id and len(words) > 1 and min(map(len, words)) >= _FEWEST_IN_SMALL
    return words if in_full else []


def _words(text: str) -> list[str]:
    """The words of what may be a name, without those of transcripts; [] for what is none."""
    parted = HUMP.sub(lambda capital: f" {capital[0]}", text.replace("_", " "))
    words = [
        word
        for part in parted.split()
        if not any(map(str.isdecimal, part))
        for word in _WORD.findall(part)
        if fold(word) not in _OF_TRANSCRIPTS
    ]
    if not 0 < len(words) <= _MOST_WORDS or min(map(len, words)) < _FEWEST_LETTERS:
        return []
    in_small = all(word.islower() for word in words)
    in_title = all(word[0].isupper() and not word.isupper() for word in words)
    return words if in_small or in_title else []


def _is_somebody(name: list[str], known: set[str], of_a_person: bool) -> bool:
    unknown = [fold(word) not in known for word in name]
    in_title = name[0][0].isupper()
    return any(unknown) if of_a_person and in_title else all(unknown)
