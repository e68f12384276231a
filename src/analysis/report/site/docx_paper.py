"""A finished DOCX, read back."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree

from analysis.report.site.paper import Paper

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_EMU, _TWIP = 914_400 // 72, 20


def read_docx(file: Path) -> Paper:
    """The body, without header and footer."""
    with zipfile.ZipFile(file) as archive:
        tree = etree.fromstring(archive.read("word/document.xml"))
    headings = [
        _words(paragraph)
        for paragraph in tree.iter(f"{_W}p")
        for style in paragraph.iterfind(f"{_W}pPr/{_W}pStyle")
        if str(style.get(f"{_W}val")).startswith("Heading")
    ]
    described = (one.get("descr") or "" for one in tree.iter(f"{_WP}docPr"))
    return Paper(_words(tree), tuple(headings), tuple(described), tuple(_too_wide(tree)))


def _words(element: etree._Element) -> str:
    return "".join(node.text or "" for node in element.iter(f"{_W}t"))


def _too_wide(tree: etree._Element) -> Iterator[str]:
    """Tables and pictures that are wider than the text of the (last) section."""
    sizes = [
        int(size.get(f"{_W}w", "0"))
        - sum(int(margins.get(f"{_W}{side}", "0")) for side in ("left", "right"))
        for section in tree.iter(f"{_W}sectPr")
        for size in section.iterfind(f"{_W}pgSz")
        for margins in section.iterfind(f"{_W}pgMar")
    ]
    if not sizes:
        return
    room = sizes[-1] / _TWIP
    for number, table in enumerate(tree.iter(f"{_W}tbl"), start=1):
        columns = table.iterfind(f"{_W}tblGrid/{_W}gridCol")
        width = sum(int(column.get(f"{_W}w", "0")) for column in columns) / _TWIP
        if width > room + 1:
            yield f"table {number} is {width:.0f} points wide, in a text of {room:.0f}"
    for number, extent in enumerate(tree.iter(f"{_WP}extent"), start=1):
        width = int(extent.get("cx", "0")) / _EMU
        if width > room + 1:
            yield f"picture {number} is {width:.0f} points wide, in a text of {room:.0f}"
