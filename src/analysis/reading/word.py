"""Word documents (.docx): the body as a reader sees it, one line a paragraph."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from analysis.reading.archive import member, members
from analysis.reading.bounds import Extract, UnreadableError, bounded
from analysis.reading.markup import local, parsed

# Elements that stand for a character.
MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
_IN_A_PARAGRAPH = tuple("{*}" + name for name in ("t", "p", *MARKS))
# A moved passage stands in its old place too, and a text box also in a form for old programs.
_TWICE = ("{*}moveFrom", "{*}del", "{*}Fallback")
_LEFT_OUT = {
    "word/header": "headers",
    "word/footer": "footers",
    "word/comments": "comments",
    "word/footnotes": "footnotes",
    "word/endnotes": "endnotes",
}


def extract(data: bytes) -> Extract:
    """Return the body's text: paragraphs joined by LF, cells of a table row by a tab.

    Insertions that a reviewer proposed are in, deletions are out; headers, footers, comments
    and notes are left out and named.
    """
    names = members(data)
    body = parsed(member(data, _document(data, names))).find("{*}body")
    if body is None:
        raise UnreadableError(
            "a document without a body", "a Word document", "save it again as .docx"
        )
    etree.strip_elements(body, *_TWICE, with_tail=False)
    left_out = sorted(
        {name for prefix, name in _LEFT_OUT.items() if any(n.startswith(prefix) for n in names)}
    )
    notes = (f"left out: {', '.join(left_out)}",) if left_out else ()
    return Extract(bounded("\n".join(_lines(body))), notes=notes)


def _document(data: bytes, names: frozenset[str]) -> str:
    """Return the name of the main part, which is nearly always word/document.xml."""
    if "word/document.xml" in names:
        return "word/document.xml"
    return min(name for name in names if name.startswith("word/document") and name.endswith(".xml"))


def _lines(container: etree._Element) -> Iterator[str]:
    for child in container:
        name = local(child)
        if name == "p":
            yield _paragraph(child)
        elif name == "tbl":
            for row in _own(child, "tr"):
                yield "\t".join("\n".join(_lines(cell)) for cell in _own(row, "tc"))
        else:
            yield from _lines(child)


def _own(part: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, not those of a table within.

    Content controls and the like may stand between: w:tbl > w:sdt > w:sdtContent > w:tr.
    """
    for element in part.iter("{*}" + name):
        if next(element.iterancestors(part.tag)) is part:
            yield element


def _paragraph(paragraph: etree._Element) -> str:
    pieces: list[str] = []
    for element in paragraph.iter(*_IN_A_PARAGRAPH):
        name = local(element)
        if name == "t":
            pieces.append(element.text or "")
        elif name == "p":
            if element is not paragraph and pieces:
                pieces.append("\n")
        elif not _is_setting(element):
            pieces.append(MARKS[name])
    return "".join(pieces)


def _is_setting(element: etree._Element) -> bool:
    """Tell the tab stops of a paragraph's settings, and page breaks, from marks in its text."""
    parent = element.getparent()
    if parent is not None and local(parent) == "tabs":
        return True
    return local(element) == "br" and any(
        str(key).endswith("}type") and value in ("page", "column")
        for key, value in element.attrib.items()
    )
