"""OpenDocument texts (.odt): the body as a reader sees it, one line a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from analysis.reading.archive import member
from analysis.reading.bounds import Extract, UnreadableError, bounded
from analysis.reading.markup import local, parsed

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_SPACE = re.compile(r"[ \t\r\n]+")
_SPACES_AT_MOST = 1_000
_LEFT_OUT = {
    "tracked-changes": "deleted text",
    "annotation": "comments",
    "note": "notes",
    "sequence-decls": "",
    "variable-decls": "",
    "user-field-decls": "",
    "forms": "",
}


def extract(data: bytes) -> Extract:
    """Return the body's text: paragraphs and headings joined by LF, cells of a row by a tab.

    White space in the XML counts as ODF 1.3 part 3, 6.1.2 says: runs are one space, spaces and
    tabs proper have their own elements. Comments, notes and deletions are left out and named.
    """
    root = parsed(member(data, "content.xml"))
    body = root.find("{*}body/{*}text")
    if body is None:
        raise UnreadableError("not a text document", "an OpenDocument text", "save it as .odt")
    left_out = sorted({_LEFT_OUT[local(e)] for e in body.iter() if _LEFT_OUT.get(local(e))})
    notes = (f"left out: {', '.join(left_out)}",) if left_out else ()
    return Extract(bounded("\n".join(_lines(body))), notes=notes)


def _lines(container: etree._Element) -> Iterator[str]:
    for child in container:
        name = local(child)
        if name in ("p", "h"):
            yield _paragraph(child)
        elif name == "table-row":
            yield "\t".join(
                "\n".join(_lines(cell))
                for cell in child
                if local(cell) in ("table-cell", "covered-table-cell")
            ).rstrip("\t")
        elif name not in _LEFT_OUT:
            yield from _lines(child)


def _paragraph(paragraph: etree._Element) -> str:
    text = "".join(_pieces(paragraph))
    return "\n".join(line.strip(" ") for line in text.split("\n")).replace("\x00", " ")


def _pieces(element: etree._Element) -> Iterator[str]:
    """Yield the text within `element`; NUL stands for a space that must not be stripped."""
    if element.text:
        yield _SPACE.sub(" ", element.text)
    for child in element:
        name = local(child)
        if name == "s":
            yield "\x00" * _count(child)
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield "\n"
        elif name in ("p", "h"):
            yield "\n"
            yield from _pieces(child)
        elif name and name not in _LEFT_OUT:
            yield from _pieces(child)
        if child.tail:
            yield _SPACE.sub(" ", child.tail)


def _count(space: etree._Element) -> int:
    """Return how many spaces `space` stands for; a file may claim any number."""
    stated = space.get(f"{_TEXT}c", "1")
    return min(int(stated), _SPACES_AT_MOST) if re.fullmatch(r"[0-9]{1,9}", stated) else 1
