"""Every word that a file carries: shown, hidden in attributes, in its metadata, or packed into it."""

from __future__ import annotations

import base64
import binascii
import csv
import io
import json
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree, html

from analysis.problems import Problem, StudyError

_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font",
     "i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong",
     "sub", "sup", "tspan", "tt", "u", "var", "wbr"}
)  # fmt: skip
_OFFICE_BLOCKS = frozenset({"p", "tr", "tc", "tab", "br", "cr", "si", "c", "row", "title"})
# Elements whose text is not what a reader sees as running text.
_KINDS = {"pre": "print", "metadata": "metadata", "script": "script", "style": "style"}
_UNWORDED = frozenset({"class", "style", "d", "points", "transform", "viewBox"})
_DATA = re.compile(r"data:([\w.+/-]+)(?:;[\w=.-]+)*?(;base64)?,(.*)", re.S)
# PDFium puts U+FFFE where a line ended in a hyphen.
_DIVIDED = re.compile("[\ufffe\u0002]\\s*|[-\u2010\u00ad]\\s*\n\\s*(?=[^\\W_])")
_PNG = b"\x89PNG\r\n\x1a\n"
_PRINTABLE = re.compile(rb"[\x20-\x7e]{16,}")
_LABEL = re.compile(rb"[\x20-\x7e\xa0-\xff]{3,}")
_MEMBER_LIMIT = 64_000_000
_CHUNK_LIMIT = 1_000_000
_BROKEN = (
    ValueError, KeyError, zipfile.BadZipFile, etree.LxmlError, struct.error, sqlite3.Error,
    zlib.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words of a file, and where in the file it stands."""

    place: str
    text: str


def pieces(file: Path) -> Iterator[Piece]:
    """Return the words of `file` by where they stand, whatever its format.

    HTML and SVG: shown text by block, attributes, comments, scripts, and pictures packed into
    the page. PDF: pages (words divided at line ends put together), metadata, marks, alternative
    texts. Office files and other archives: every part, comments, headers and properties among
    them. Databases: cells. PNG: text chunks. Notebooks: cells and outputs. CSV: cells. Anything
    else: its printable stretches. Raises StudyError when a file is not what its name says.
    """
    yield from pieces_of(file.read_bytes(), file.name)


def pieces_of(data: bytes, name: str) -> Iterator[Piece]:
    """The same of the content `data` of a file called `name`."""
    try:
        yield from _of_bytes(data, Path(name).suffix.lower())
    except _BROKEN as error:
        raise StudyError(
            Problem(name, f"a file that cannot be read ({type(error).__name__})",
                    "a whole file whose words can be searched", "make it again")
        ) from error  # fmt: skip


def _of_bytes(data: bytes, suffix: str) -> Iterator[Piece]:
    by_content = next((read for mark, read in _MARKS.items() if data.startswith(mark)), _unknown)
    yield from _READERS.get(suffix, by_content)(data)


def _html(data: bytes) -> Iterator[Piece]:
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    if data.strip():
        yield from _marked_up(html.document_fromstring(data, parser=parser), _breaks_html)


def _xml(data: bytes) -> Iterator[Piece]:
    if data.strip():
        yield from _marked_up(_tree(data), _breaks_html)


def _office_part(data: bytes) -> Iterator[Piece]:
    tree = _tree(data)
    # Words are cut into runs in texts and sheets; properties hold one value an element.
    in_runs = "processingml" in tree.tag or "spreadsheetml" in tree.tag
    yield from _marked_up(tree, _OFFICE_BLOCKS.__contains__ if in_runs else lambda tag: True)


def _tree(data: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    return etree.fromstring(data, parser)


def _breaks_html(tag: str) -> bool:
    return tag not in _INLINE


def _marked_up(root: Any, breaks: Callable[[str], bool]) -> Iterator[Piece]:
    """Walk a tree once: text by block, attributes and comments, each near the last id."""
    near, kind = "", "text"
    words: list[str] = []
    names: dict[str, str] = {}
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            yield Piece(f"comment{near}", element.text or "")
            words.append(element.tail or "")
            continue
        tag = names.get(element.tag)
        if tag is None:
            tag = names[element.tag] = element.tag.rpartition("}")[2]
        if words and breaks(tag):
            yield from _block(kind + near, words)
        if event == "end":
            kind = "text" if tag in _KINDS else kind
            if element.tail:
                words.append(element.tail)
            continue
        kind = _KINDS.get(tag, kind)
        for name, value in element.items():
            if name == "id":
                near = f" near #{value[:60]}"
            if len(value) > 1 and name not in _UNWORDED:
                yield from _attribute(name.rpartition("}")[2], value, near)
        if tag == "pre":
            # Columns of a printed table are no one number.
            cells = re.split(r"\n| {2,}", "".join(element.itertext()))
            yield from (Piece(f"text{near}", cell) for cell in cells if cell)
        if element.text:
            words.append(element.text)
    yield from _block(kind + near, words)


def _block(place: str, words: list[str]) -> Iterator[Piece]:
    """The words gathered so far as one piece, if there are any; `words` is then empty."""
    text = " ".join("".join(words).split())
    words.clear()
    if text:
        yield Piece(place, text)


def _attribute(name: str, value: str, near: str) -> Iterator[Piece]:
    if value.startswith("data:"):
        for piece in _packed(value):
            yield Piece(f"picture{near}, {piece.place}", piece.text)
        return
    yield Piece(f"attribute {name}{near}", unquote(value) if "%" in value else value)


def _packed(address: str) -> Iterator[Piece]:
    """The words inside a `data:` address."""
    found = _DATA.match(address)
    if not found:
        return
    kind, coded, content = found[1], found[2], found[3]
    try:
        data = base64.b64decode(unquote(content)) if coded else unquote_to_bytes(content)
    except binascii.Error:
        return
    yield from _of_bytes(data, "." + kind.rpartition("/")[2].partition("+")[0])


def _pdf(data: bytes) -> Iterator[Piece]:
    import pypdf
    import pypdfium2 as pdfium

    try:
        yield from _pages(data)
        yield from _marks(data)
    except (pdfium.PdfiumError, pypdf.errors.PyPdfError) as error:
        raise ValueError("a broken PDF") from error


def _pages(data: bytes) -> Iterator[Piece]:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(data)
    try:
        for number in range(len(document)):
            text = document[number].get_textpage().get_text_range().replace("\r\n", "\n")
            yield Piece(f"page {number + 1}", _DIVIDED.sub("", text))
            if _DIVIDED.search(text):
                yield Piece(f"page {number + 1}", _DIVIDED.sub("-", text))
    finally:
        document.close()


def _marks(data: bytes) -> Iterator[Piece]:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    for name, value in (reader.metadata or {}).items():
        yield Piece(f"metadata {str(name).strip('/')}", str(value))
    described = reader.root_object.get("/Metadata")
    if described is not None:
        yield from _inside("metadata", _xml(described.get_object().get_data()))
    for identifier in range(1, len(reader.xref_objStm) + sum(map(len, reader.xref.values())) + 1):
        yield from _strings(reader.get_object(identifier))


def _strings(found: object) -> Iterator[Piece]:
    """The texts in one object of a PDF: bookmarks, alternative texts, notes, targets of links."""
    from pypdf.generic import ArrayObject, DictionaryObject, TextStringObject

    waiting = [("", found)]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, TextStringObject):
            yield Piece(f"mark {name.strip('/')}", value)
        elif isinstance(value, DictionaryObject):
            waiting += [(str(key), part) for key, part in value.items()]
        elif isinstance(value, ArrayObject):
            waiting += [(name, part) for part in value]


def _inside(place: str, found: Iterator[Piece]) -> Iterator[Piece]:
    for piece in found:
        yield Piece(f"{place}, {piece.place}", piece.text)


def _office(data: bytes) -> Iterator[Piece]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for member in packed.infolist():
            yield Piece("name of a part", member.filename)
            if member.file_size > _MEMBER_LIMIT:
                raise ValueError("a part too large to search")
            suffix = Path(member.filename).suffix.lower()
            content = packed.read(member)
            if suffix in (".xml", ".rels") and content:
                found = _office_part(content)
            else:
                found = _of_bytes(content, suffix)
            yield from _inside(member.filename, found)


def _database(data: bytes) -> Iterator[Piece]:
    """The text cells of every table of a SQLite file."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data[:18] + b"\x01\x01" + data[20:])
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall()
        for (table,) in tables:
            quoted = table.replace('"', '""')
            for row in connection.execute(f'SELECT * FROM "{quoted}"'):
                for cell in row:
                    if isinstance(cell, str):
                        yield Piece(f"table {table}", cell)
                        if "<" in cell:
                            yield from _inside(f"table {table}", _html(cell.encode()))


def _png(data: bytes) -> Iterator[Piece]:
    """The text chunks of a PNG picture (tEXt, zTXt, iTXt) and its EXIF block."""
    if not data.startswith(_PNG):
        yield from _unknown(data)
        return
    place = len(_PNG)
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


def _notebook(data: bytes) -> Iterator[Piece]:
    notebook = json.loads(data)
    for number, cell in enumerate(notebook["cells"], start=1):
        yield from _json_texts(f"cell {number}", cell, "")
    yield from _json_texts("metadata", notebook.get("metadata", {}), "")


def _json_texts(place: str, value: Any, name: str) -> Iterator[Piece]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield Piece(f"{place}, key", str(key))
            yield from _json_texts(place, part, str(key))
    elif isinstance(value, list):
        if value and all(isinstance(line, str) for line in value):
            yield from _json_texts(place, "".join(value), name)
        else:
            for part in value:
                yield from _json_texts(place, part, name)
    elif isinstance(value, str):
        if name == "image/png":
            yield from _inside(place, _png(base64.b64decode(value)))
        elif name in ("text/html", "image/svg+xml"):
            yield from _inside(place, _html(value.encode()))
        else:
            yield from (Piece(place, line) for line in re.split(r"\n| {2,}", value))


def _json(data: bytes) -> Iterator[Piece]:
    yield from _json_texts("text", json.loads(data), "")


def _csv(data: bytes) -> Iterator[Piece]:
    csv.field_size_limit(_MEMBER_LIMIT)
    rows = csv.reader(io.StringIO(data.decode("utf-8-sig", "replace"), newline=""))
    for number, row in enumerate(rows, start=1):
        yield from (Piece(f"row {number}", cell) for cell in row)


def _plain(data: bytes) -> Iterator[Piece]:
    text = data.decode("utf-8-sig", "replace")
    for number, line in enumerate(text.split("\n"), start=1):
        # Markdown puts a backslash before marks.
        yield Piece(f"line {number}", line.replace("\\", ""))


def _unknown(data: bytes) -> Iterator[Piece]:
    for stretch in _PRINTABLE.findall(data):
        yield Piece("bytes", stretch.decode("latin-1"))


_Reader = Callable[[bytes], Iterator[Piece]]
_READERS: dict[str, _Reader] = {
    **dict.fromkeys((".html", ".htm"), _html),
    **dict.fromkeys((".svg", ".xml", ".graphml", ".qde", ".qdc"), _xml),
    **dict.fromkeys((".docx", ".xlsx", ".odt", ".pptx", ".qdpx"), _office),
    **dict.fromkeys((".md", ".txt", ".yml", ".yaml", ".qmd", ".bib", ".js", ".css"), _plain),
    ".pdf": _pdf,
    ".png": _png,
    ".ipynb": _notebook,
    ".json": _json,
    ".csv": _csv,
}
_MARKS: dict[bytes, _Reader] = {
    b"PK\x03\x04": _office,
    b"SQLite format 3\0": _database,
    b"%PDF-": _pdf,
    _PNG: _png,
}
