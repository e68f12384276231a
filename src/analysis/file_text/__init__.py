"""Every word that a file carries: shown, hidden in attributes, in its metadata, or packed into it."""

from __future__ import annotations

import csv
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from lzma import LZMAError
from pathlib import Path

from lxml import etree

from analysis.file_text.kinds import UNREAD, Piece, of_bytes
from analysis.files import confined
from analysis.files.problems import Problem, StudyError

__all__ = ["UNREAD", "Piece", "pieces", "pieces_of"]

_BROKEN = (
    ValueError,
    KeyError,
    RuntimeError,
    OSError,
    EOFError,
    zipfile.BadZipFile,
    tarfile.TarError,
    etree.LxmlError,
    struct.error,
    sqlite3.Error,
    zlib.error,
    LZMAError,
    csv.Error,
)


def pieces(file: Path) -> list[Piece]:
    """Return the words of `file` by where they stand, whatever its format.

    HTML and SVG: shown text by block, attributes, comments, scripts, and what is packed into the
    page. PDF: pages, metadata, marks, alternative texts. Office files and other archives: every
    part. Databases: cells. Pictures: labels. Notebooks: cells and outputs. CSV: cells. Texts, in
    whatever encoding: lines. Of anything else what shows through, in pieces whose place ends in
    `UNREAD`, at least one. Raises StudyError when a file is not what its name says, or takes more
    time or memory than is right (`files.confined`).
    """
    return pieces_of(file.read_bytes(), file.name)


def pieces_of(data: bytes, name: str) -> list[Piece]:
    """The same of the content `data` of a file called `name`."""
    return list(map(Piece, *confined.call(name, _pieces_of, data, name)))


def _pieces_of(data: bytes, name: str) -> tuple[list[str], list[str]]:
    """Places and texts: two plain lists go sooner from process to process."""
    try:
        found = list(of_bytes(data, Path(name).suffix.lower()))
        return [piece.place for piece in found], [piece.text for piece in found]
    except _BROKEN as error:
        raise StudyError(
            Problem(
                name,
                "a file that is damaged, or not what its name says",
                "a whole file whose words can be searched",
                "make it again",
            )
        ) from error
