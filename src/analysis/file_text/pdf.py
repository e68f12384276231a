"""PDF: pages (words divided at line ends put together), metadata, marks, alternative texts."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from analysis.file_text.kinds import UNREAD, Piece, inside
from analysis.file_text.markup import xml_pieces

# PDFium puts U+FFFE where a line ended in a hyphen.
_DIVIDED = re.compile("[\ufffe\u0002]\\s*|[-\u2010\u00ad](?=[^\\S\n]*+\n)\\s*+(?=[^\\W_])")


def pdf_pieces(data: bytes) -> Iterator[Piece]:
    """The pieces of a PDF; pages that are pictures of text are told as not read."""
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
        shown = False
        for number in range(len(document)):
            text = document[number].get_textpage().get_text_range().replace("\r\n", "\n")
            shown = shown or bool(text.strip())
            yield Piece(f"page {number + 1}", _DIVIDED.sub("", text))
            if _DIVIDED.search(text):
                yield Piece(f"page {number + 1}", _DIVIDED.sub("-", text))
        if not shown:
            yield Piece(UNREAD, "")
    finally:
        document.close()


def _marks(data: bytes) -> Iterator[Piece]:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(data))
    for name, value in (reader.metadata or {}).items():
        yield Piece(f"metadata {str(name).strip('/')}", str(value))
    described = reader.root_object.get("/Metadata")
    if described is not None:
        yield from inside("metadata", xml_pieces(described.get_object().get_data()))
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
