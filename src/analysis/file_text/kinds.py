"""The kinds of file that can be searched: which reader a file goes to, by its name or content."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import NamedTuple

# How the place of a piece ends when the file may hold words that are not among its pieces.
UNREAD = "bytes"


class Piece(NamedTuple):
    """A stretch of words of a file, and where in the file it stands."""

    place: str
    text: str


PNG = b"\x89PNG\r\n\x1a\n"

# Readers by module and function of this package: imported when first needed, since readers of what
# holds other files come back here.
_BY_NAME = {
    **dict.fromkeys((".html", ".htm"), "markup.html_pieces"),
    **dict.fromkeys((".svg", ".xml", ".graphml", ".qde", ".qdc"), "markup.xml_pieces"),
    **dict.fromkeys((".docx", ".xlsx", ".odt", ".pptx", ".qdpx"), "packed.archive_pieces"),
    **dict.fromkeys((".js", ".css", ".scss"), "markup.code_pieces"),
    ".rtf": "structured.rtf_pieces",
    ".pdf": "pdf.pdf_pieces",
    ".png": "packed.png_pieces",
    ".ipynb": "structured.notebook_pieces",
    ".json": "structured.json_pieces",
    ".csv": "structured.csv_pieces",
}
# Where a mark stands, the mark, and the reader.
_BY_CONTENT = (
    (0, b"PK\x03\x04", "packed.archive_pieces"),
    (0, b"SQLite format 3\0", "packed.database_pieces"),
    (0, b"%PDF-", "pdf.pdf_pieces"),
    (0, PNG, "packed.png_pieces"),
    (0, b"{\\rtf", "structured.rtf_pieces"),
    (0, b"\x1f\x8b", "packed.gzip_pieces"),
    (0, b"BZh", "packed.bzip2_pieces"),
    (0, b"\xfd7zXZ\0", "packed.xz_pieces"),
    (257, b"ustar", "packed.tar_pieces"),
    *(
        (0, mark, "packed.picture_pieces")
        for mark in (b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
    ),
    *((0, mark, "packed.picture_pieces") for mark in (b"wOFF", b"wOF2", b"OTTO", b"\0\1\0\0\0")),
)
_OTHERWISE = "packed.unknown_pieces"


def of_bytes(data: bytes, suffix: str) -> Iterator[Piece]:
    """The pieces of `data`, whose file's name ends in `suffix`; the content decides for others."""
    by_content = (reader for at, mark, reader in _BY_CONTENT if data.startswith(mark, at))
    reader = _BY_NAME.get(suffix) or next(by_content, _OTHERWISE)
    module, _, function = reader.partition(".")
    read = getattr(importlib.import_module(f"analysis.file_text.{module}"), function)
    yield from read(data)


def inside(place: str, found: Iterator[Piece]) -> Iterator[Piece]:
    """The pieces of a part, each placed in the whole."""
    for piece in found:
        yield Piece(f"{place}, {piece.place}", piece.text)
