"""Every word that a file carries: shown, hidden in attributes, in its metadata, or packed into it."""

from __future__ import annotations

import csv
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from lzma import LZMAError
from pathlib import Path

from lxml import etree

from analysis.file_text import kinds, markup, packed, pdf, structured
from analysis.file_text.kinds import UNREAD, Piece
from analysis.problems import Problem, StudyError

__all__ = ["UNREAD", "Piece", "pieces", "pieces_of"]

_BROKEN = (
    ValueError, KeyError, RuntimeError, OSError, EOFError, zipfile.BadZipFile, tarfile.TarError,
    etree.LxmlError, struct.error, sqlite3.Error, zlib.error, LZMAError, csv.Error,
)  # fmt: skip

kinds.BY_NAME.update(
    {
        **dict.fromkeys((".html", ".htm"), markup.html_pieces),
        **dict.fromkeys((".svg", ".xml", ".graphml", ".qde", ".qdc"), markup.xml_pieces),
        **dict.fromkeys((".docx", ".xlsx", ".odt", ".pptx", ".qdpx"), packed.archive_pieces),
        **dict.fromkeys((".js", ".css", ".scss"), markup.code_pieces),
        ".rtf": structured.rtf_pieces,
        ".pdf": pdf.pdf_pieces,
        ".png": packed.png_pieces,
        ".ipynb": structured.notebook_pieces,
        ".json": structured.json_pieces,
        ".csv": structured.csv_pieces,
    }
)
kinds.BY_CONTENT += [
    (0, b"PK\x03\x04", packed.archive_pieces),
    (0, b"SQLite format 3\0", packed.database_pieces),
    (0, b"%PDF-", pdf.pdf_pieces),
    (0, packed.PNG, packed.png_pieces),
    (0, b"{\\rtf", structured.rtf_pieces),
    (0, b"\x1f\x8b", packed.gzip_pieces),
    (0, b"BZh", packed.bzip2_pieces),
    (0, b"\xfd7zXZ\0", packed.xz_pieces),
    (257, b"ustar", packed.tar_pieces),
    *((0, mark, packed.picture_pieces) for mark in (b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")),
    *((0, mark, packed.picture_pieces) for mark in (b"wOFF", b"wOF2", b"OTTO", b"\0\1\0\0\0")),
]
kinds.OTHERWISE.append(packed.unknown_pieces)


def pieces(file: Path) -> Iterator[Piece]:
    """Return the words of `file` by where they stand, whatever its format.

    HTML and SVG: shown text by block, attributes, comments, scripts, and what is packed into the
    page. PDF: pages, metadata, marks, alternative texts. Office files and other archives: every
    part. Databases: cells. Pictures: labels. Notebooks: cells and outputs. CSV: cells. Texts, in
    whatever encoding: lines. Of anything else what shows through, in pieces whose place ends in
    `UNREAD`, at least one. Raises StudyError when a file is not what its name says.
    """
    yield from pieces_of(file.read_bytes(), file.name)


def pieces_of(data: bytes, name: str) -> Iterator[Piece]:
    """The same of the content `data` of a file called `name`."""
    try:
        yield from kinds.of_bytes(data, Path(name).suffix.lower())
    except _BROKEN as error:
        raise StudyError(
            Problem(name, f"a file that cannot be read ({type(error).__name__})",
                    "a whole file whose words can be searched", "make it again")
        ) from error  # fmt: skip
