"""What holds other files or is no text: archives, Office files, databases, pictures, the unknown."""

from __future__ import annotations

import bz2
import io
import lzma
import re
import sqlite3
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from analysis.file_text.encoding import text_of
from analysis.file_text.kinds import (
    PNG,
    UNREAD,
    Piece,
    inside,
    of_bytes,
)
from analysis.file_text.markup import html_pieces, office_part
from analysis.files.untrusted import sqlite_in_memory

_INDEX_OF_WORDS = re.compile(r"\busing\s+fts([345])\b", re.IGNORECASE)
MEMBER_LIMIT = 64_000_000
_CHUNK_LIMIT = 1_000_000
_SHOWS_THROUGH = re.compile(rb"(?:[\x20-\x7e]|[\xc2-\xf4][\x80-\xbf]{1,3}){16,}")
_WIDE_SHOWS_THROUGH = re.compile(rb"(?:[\x20-\x7e]\0){16,}")
_LABEL = re.compile(rb"[\x20-\x7e\xa0-\xff]{3,}")


def archive_pieces(data: bytes) -> Iterator[Piece]:
    """The parts of a zip file or an Office file, comments, headers and properties among them."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for member in packed.infolist():
            yield Piece("name of a part", member.filename)
            if member.file_size > MEMBER_LIMIT:
                raise ValueError("a part too large to search")
            suffix = Path(member.filename).suffix.lower()
            content = packed.read(member)
            if suffix in (".xml", ".rels") and content:
                found = office_part(content)
            else:
                found = of_bytes(content, suffix)
            yield from inside(member.filename, found)


def tar_pieces(data: bytes) -> Iterator[Piece]:
    """The files of a tar archive."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as packed:
        for member in packed:
            yield Piece("name of a part", member.name)
            held = packed.extractfile(member) if member.isfile() else None
            if held is not None:
                suffix = Path(member.name).suffix.lower()
                yield from inside(member.name, of_bytes(held.read(), suffix))


def gzip_pieces(data: bytes) -> Iterator[Piece]:
    """What a .gz holds."""
    return _unpacked(zlib.decompressobj(31).decompress(data, MEMBER_LIMIT))


def bzip2_pieces(data: bytes) -> Iterator[Piece]:
    """What a .bz2 holds."""
    return _unpacked(bz2.BZ2Decompressor().decompress(data, MEMBER_LIMIT))


def xz_pieces(data: bytes) -> Iterator[Piece]:
    """What a .xz holds."""
    return _unpacked(lzma.LZMADecompressor().decompress(data, MEMBER_LIMIT))


def _unpacked(content: bytes) -> Iterator[Piece]:
    if len(content) >= MEMBER_LIMIT:
        raise ValueError("a part too large to search")
    yield from inside("packed", of_bytes(content, ""))


def database_pieces(data: bytes) -> Iterator[Piece]:
    """The text cells of every table of a SQLite file, and the words of its indexes of words.

    Such an index (FTS) keeps its words in tables of its own, packed: the words are read through
    the index, and those tables are not read where they hold nothing else.
    """
    with sqlite_in_memory(data) as connection:
        tables: dict[str, str] = dict(
            connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        )
        packed: set[str] = set()
        for table, made in tables.items():
            if found := _INDEX_OF_WORDS.search(made or ""):
                packed |= _packed_in(table, found[1], tables)
                if found[1] == "5":
                    yield Piece(f"table {table}", _indexed_words(connection, table))
        for table in tables.keys() - packed:
            quoted = table.replace('"', '""')
            for row in connection.execute(f'SELECT * FROM "{quoted}"'):
                for cell in row:
                    if isinstance(cell, str):
                        yield Piece(f"table {table}", cell)
                        if "<" in cell:
                            yield from inside(f"table {table}", html_pieces(cell.encode()))
                    elif isinstance(cell, bytes) and cell:
                        yield from inside(f"table {table}", of_bytes(cell, ""))


def _packed_in(table: str, version: str, tables: Mapping[str, str]) -> set[str]:
    """The tables that hold nothing but what the index `table` made of texts that are read."""
    if version == "5":
        endings = ("data", "idx", "docsize", "config")
    elif f"{table}_content" in tables:
        endings = ("segments", "segdir", "docsize", "stat")
    else:
        return set()
    return {f"{table}_{ending}" for ending in endings} & tables.keys()


def _indexed_words(connection: sqlite3.Connection, table: str) -> str:
    """The words of an FTS5 index in the order of its texts, be the texts kept or not."""
    connection.execute("DROP TABLE IF EXISTS temp.indexed_words")
    quoted = table.replace("'", "''")
    connection.execute(
        f"CREATE VIRTUAL TABLE temp.indexed_words USING fts5vocab('main', '{quoted}', 'instance')"
    )
    rows = connection.execute("SELECT doc, col, offset, term FROM temp.indexed_words")
    return " ".join(term for *_, term in sorted(rows))


def png_pieces(data: bytes) -> Iterator[Piece]:
    """The text chunks of a PNG picture (tEXt, zTXt, iTXt) and its EXIF block."""
    if not data.startswith(PNG):
        yield from unknown_pieces(data)
        return
    place = len(PNG)
    while place + 8 <= len(data):
        length, kind = struct.unpack(">I4s", data[place : place + 8])
        content = data[place + 8 : place + 8 + length]
        place += length + 12
        if kind in (b"tEXt", b"zTXt", b"iTXt"):
            word, _, rest = content.partition(b"\0")
            texts = [word, rest, _inflated(rest[1:]), _inflated(rest[2:].split(b"\0", 2)[-1])]
            for text in texts:
                yield Piece("chunk", text.decode("utf-8", "replace"))
        elif kind == b"eXIf":
            for stretch in _LABEL.findall(content):
                yield Piece("EXIF", stretch.decode("latin-1"))


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _CHUNK_LIMIT)
    except zlib.error:
        return b""


def unknown_pieces(data: bytes) -> Iterator[Piece]:
    """Lines when `data` is a text; else what shows through, told as not read."""
    text = text_of(data)
    if text is not None:
        yield from _lines(text)
        return
    yield Piece(UNREAD, "")
    for stretch in _SHOWS_THROUGH.findall(data):
        yield Piece(UNREAD, stretch.decode("utf-8", "replace"))
    for stretch in _WIDE_SHOWS_THROUGH.findall(data):
        yield Piece(UNREAD, stretch.decode("utf-16-le"))


def picture_pieces(data: bytes) -> Iterator[Piece]:
    """What shows through a photograph: it has no words but those of its labels."""
    for stretch in _SHOWS_THROUGH.findall(data):
        yield Piece("label", stretch.decode("utf-8", "replace"))


def _lines(text: str) -> Iterator[Piece]:
    """The lines of `text`; those of Markdown without the backslashes before marks."""
    for number, line in enumerate(text.split("\n"), start=1):
        yield Piece(f"line {number}", line.replace("\\", ""))
