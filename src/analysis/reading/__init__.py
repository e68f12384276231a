"""A file -> its text, one module per family of formats; the format is decided from the bytes."""

from __future__ import annotations

import importlib
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from analysis.files import confined
from analysis.files.problems import Problem, StudyError
from analysis.reading.bounds import (
    FILE_LIMIT,
    Extract,
    UnreadableError,
    megabytes,
    shown,
)
from analysis.reading.formats import ENDINGS, SHARED, decide, is_plain
from analysis.reading.mistaken import refuse_coded_passages, refuse_mistaken
from analysis.reading.transcripts import as_captions, is_transcript, under_times

__all__ = ["ENDINGS", "Reading", "is_text", "read"]

_READERS = {
    "txt": "plain",
    "md": "plain",
    "vtt": "captions",
    "srt": "captions",
    "html": "web",
    "rtf": "rtf",
    "pdf": "pdf",
    "docx": "word",
    "odt": "opendocument",
    "transcript": "transcripts",
}
# As much plain text as is read in this process. Whatever is read is cleaned here, so that to decode
# a bounded text here too gives a hostile one nothing more; to ask who reads would cost as much again.
_READ_HERE = 4_000_000
_WORDS = re.compile("[^\ufeff\x00 \t\r\n\f\v]")


@dataclass(frozen=True)
class Reading:
    """The text of one file as it was found, and what was decided in reading it.

    `text` has no byte order mark; line ends of plain text, .vtt and .srt are as in the file;
    paragraphs of .docx, .odt, .rtf and .html are joined by a line feed, pages of .pdf by a form
    feed. `encoding` is '' for formats that fix their own. `notes` say what was left out.
    """

    text: str
    format: str
    encoding: str
    notes: tuple[str, ...] = ()


def is_text(path: Path) -> bool:
    """Whether a file is a text by its ending, and where other files have that too, by its content."""
    ending = path.suffix.lower()
    if ending not in ENDINGS or not path.is_file():
        return False
    if ending not in SHARED:
        return True
    try:
        data = _bytes(path)
    except UnreadableError:
        return False
    return bool(confined.call(shown(path.name), is_transcript, data))


def read(path: Path, name: str | None = None) -> Reading:
    """Return the text of the file at `path`.

    Raises `StudyError`, naming `name` (default: the name of the file), when there is no such
    file, it is too big, broken, protected by a password, not a text, or without any text; or when
    reading it takes more time or memory than any text does (`files.confined`).
    """
    where = shown(path.name if name is None else name)
    if ENDINGS.get(path.suffix.lower()) in ("txt", "md"):
        with _told(where):
            data = _bytes(path)
            if len(data) <= _READ_HERE and is_plain(data):
                return _reading(path.name, data)
    return Reading(*confined.call(where, _read, path, where))


def _read(path: Path, where: str) -> tuple[str, str, str, tuple[str, ...]]:
    with _told(where):
        found = _reading(path.name, _bytes(path))
        return found.text, found.format, found.encoding, found.notes


@contextmanager
def _told(where: str) -> Iterator[None]:
    """Say of which file something cannot be read."""
    try:
        yield
    except UnreadableError as error:
        raise StudyError(Problem(where, error.found, error.expected, error.remedy)) from error


def _reading(name: str, data: bytes) -> Reading:
    refuse_mistaken(name, data)
    format, notes = decide(data, Path(name).suffix.lower())
    reader = importlib.import_module(f"analysis.reading.{_READERS[format]}")
    extract: Extract = reader.extract(data)
    if not _WORDS.search(extract.text):
        raise UnreadableError("a file without text", "a text", "look whether it is the right file")
    refuse_coded_passages(extract.text)
    # A transcript is told as captions, which it is made into.
    shown_as, text = ("vtt" if format == "transcript" else format), extract.text
    if format in ("docx", "odt", "txt") and (segments := under_times(text)):
        shown_as, text = "vtt", as_captions(segments)
    return Reading(text, shown_as, extract.encoding, (*notes, *extract.notes))


def _bytes(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableError("not a file", "a file", "name a file in the register")
        if status.st_size > FILE_LIMIT:
            raise UnreadableError(
                f"a file of {megabytes(status.st_size)}",
                f"at most {megabytes(FILE_LIMIT)}",
                "split it, or save it without pictures",
            )
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "not a possible name"
        raise UnreadableError(
            f"the file cannot be read ({reason})", "a file", "put it there, or correct the name"
        ) from error
    if not data:
        raise UnreadableError("an empty file", "a text", "look whether it is the right file")
    return data
