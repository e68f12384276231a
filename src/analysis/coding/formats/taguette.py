"""Taguette's SQLite export: highlights in UTF-8 bytes over the text nodes of an HTML document."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.format import Format
from analysis.coding.formats.without.databases import Kept, rewriting
from analysis.coding.project import (
    SOURCE_COLUMNS,
    UNKNOWN_CODER,
    Code,
    CodedProject,
    Report,
    attributes_table,
    codes_table,
    codings_table,
    distinct_names,
    quotations_table,
    rows_table,
    step,
)

# A paragraph that ends without a line break before the next one would run into it.
BLOCKS = frozenset(
    {
        "address",
        "article",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    }
)


def is_taguette(file: CodingFile) -> bool:
    """Whether the file is a database with Taguette's tables."""
    return {"highlights", "documents"} <= file.tables.keys()


def read_taguette(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read a Taguette database.

    Offsets that do not show the snippet stored with them are left out and reported. The export
    calls every user `admin`, so the coder is 'unknown' unless the params name one for the file.
    Raises `StudyError` for what is no whole SQLite file.
    """
    where, report = file.name, Report(file.name)
    with file.opened() as connection:
        documents = connection.execute(
            "SELECT id, name, filename, contents FROM documents ORDER BY id"
        ).fetchall()
        tags = connection.execute("SELECT id, path, description FROM tags ORDER BY id").fetchall()
        highlights = connection.execute(
            "SELECT id, document_id, start_offset, end_offset, snippet FROM highlights "
            "ORDER BY document_id, start_offset, end_offset, id"
        ).fetchall()
        tagged: dict[int, list[int]] = {}
        for highlight, tag in connection.execute(
            "SELECT highlight_id, tag_id FROM highlight_tags ORDER BY highlight_id, tag_id"
        ):
            tagged.setdefault(highlight, []).append(tag)

    texts = {identifier: HighlightedText(str(html)) for identifier, _, _, html in documents}
    names = {identifier: str(name) for identifier, name, _, _ in documents}
    source_ids = dict(zip(names, distinct_names(names.values(), "document"), strict=True))
    paths = {identifier: step(str(path)) for identifier, path, _ in tags}
    rows: list[tuple[object, ...]] = []
    for identifier, document, start, end, snippet in highlights:
        codes = [paths[tag] for tag in tagged.get(identifier, []) if tag in paths]
        span = texts[document].span(start, end) if document in texts else None
        if not codes:
            report.add("left out", f"highlight without a tag (id {identifier})")
        elif span is None or not texts[document].repeats(span, str(snippet)):
            report.add(
                "left out",
                f"highlight whose words are not those stored (id {identifier})",
                len(codes),
            )
        else:
            rows += [
                (source_ids[document], *span, code, UNKNOWN_CODER, "", identifier, "")
                for code in codes
            ]
    report.add("read", "documents", len(documents))
    report.add("read", "tags", len(tags))
    report.add("read", "highlights", len(highlights))
    report.add("read", "coded segments", len(rows))
    report.add(
        "offsets",
        "UTF-8 bytes over text nodes, end-exclusive; every span kept repeats the stored words",
        len({row[6] for row in rows}),
    )
    report.add(
        "coder", "lost: the export calls every user admin, so the coder is 'unknown'", len(rows)
    )
    return CodedProject(
        where,
        "Taguette database",
        attributes_table(
            [(source_ids[key], name, filename, "") for key, name, filename, _ in documents],
            SOURCE_COLUMNS,
            [{} for _ in documents],
        ),
        {source_ids[key]: texts[key].text for key in texts},
        codes_table(
            [Code(paths[key], definition=str(description)) for key, _, description in tags], report
        ),
        codings_table(rows),
        quotations_table([]),
        rows_table([], ("case",)),
        report.table(),
    )


class HighlightedText:
    """The text of a stored HTML document, and where its bytes stand in it.

    `text` has a line break after every block that the stored text lacks; the bytes that
    Taguette counts are those of the text nodes alone.
    """

    def __init__(self, html: str) -> None:
        pieces, added = _text_nodes(html)
        plain = "".join(pieces)
        shifts = np.zeros(len(plain) + 1, dtype=np.int64)
        breaks = np.asarray(added, dtype=np.int64)
        shifts += np.searchsorted(breaks, np.arange(len(plain) + 1), side="right")
        self.text = _with_breaks(plain, added)
        self._shifts = shifts
        self._points = _points_of_bytes(plain)

    def span(self, start: object, end: object) -> tuple[int, int] | None:
        """The span of bytes as code points of `text`, or None when it fits no characters."""
        if not (isinstance(start, int) and isinstance(end, int)):
            return None
        if not 0 <= start < end < len(self._points):
            return None
        first, last = int(self._points[start]), int(self._points[end])
        if first < 0 or last < 0:
            return None
        # The end is taken from the last character, so that no added break falls into the span.
        return first + int(self._shifts[first]), last + int(self._shifts[last - 1])

    def repeats(self, span: tuple[int, int], snippet: str) -> bool:
        """Whether the words of `span` are those of the stored `snippet` (white space aside)."""
        words = "".join(self.text[slice(*span)].split())
        return words == "".join(snippet.split()) or words == "".join(
            "".join(_text_nodes(snippet)[0]).split()
        )


def _points_of_bytes(text: str) -> npt.NDArray[np.int64]:
    """For every byte of `text` in UTF-8, and its end, the code point it begins; -1 inside one."""
    encoded = np.frombuffer(text.encode("utf-8"), dtype=np.uint8)
    begins = (encoded & 0xC0) != 0x80
    points = np.where(begins, np.cumsum(begins) - 1, -1)
    return np.append(points, len(text))


def _text_nodes(html: str) -> tuple[list[str], list[int]]:
    """The text nodes of the body in order, and the places in their text that lack a break."""
    import html5lib

    body = html5lib.parse(html, namespaceHTMLElements=False).find("body")
    pieces: list[str] = []
    added: list[int] = []
    length = 0
    closed_block = False

    def say(text: str | None) -> None:
        nonlocal length, closed_block
        if not text:
            return
        if closed_block and length and not text[0].isspace() and not pieces[-1][-1].isspace():
            added.append(length)
        closed_block = False
        pieces.append(text)
        length += len(text)

    stack = [(body, iter(body))]
    say(body.text)
    while stack:
        element, children = stack[-1]
        child = next(children, None)
        if child is not None:
            if not isinstance(child.tag, str):
                say(child.tail)
                continue
            closed_block |= child.tag in BLOCKS
            say(child.text)
            stack.append((child, iter(child)))
            continue
        stack.pop()
        closed_block |= element.tag in BLOCKS
        if stack:
            say(element.tail)
    return pieces, added


def _with_breaks(plain: str, added: list[int]) -> str:
    """`plain` with a line break put in at each place of `added`."""
    edges = [0, *added, len(plain)]
    return "\n".join(plain[first:last] for first, last in pairwise(edges))


KEPT = Kept(
    "documents", "filename", "document", {"highlights": "document_id", "commands": "document_id"}
)
FORMAT = Format(
    "Taguette database",
    (".sqlite", ".sqlite3", ".db"),
    is_taguette,
    read_taguette,
    rewriting(KEPT),
)
