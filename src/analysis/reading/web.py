"""Web pages (.html): what is to be read on them, without navigation, scripts and styles."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree, html

from analysis.reading.bounds import (
    TAG_LIMIT,
    Extract,
    UnreadableError,
    bounded,
)
from analysis.reading.markup import LOCAL
from analysis.reading.page_styles import PageStyles
from analysis.reading.plain import decoded
from analysis.reading.raised import is_note_mark

_DECLARED = re.compile(
    rb"<(?:meta\b[^>]{0,300}?|\?xml\b[^>]{0,100}?)(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.I,
)
_UNREAD = """
script style noscript template nav aside form button select option input textarea iframe
svg canvas object rt rp rtc embed audio video map dialog menu head title
"""
_NOT_TO_READ = frozenset(_UNREAD.split())
_ON_EVERY_PAGE = frozenset({"header", "footer"})
_PARTS_OF_A_TEXT = frozenset({"main", "article", "section", "blockquote"})
_BLOCK_NAMES = """
address article blockquote body center dd details dir div dl dt fieldset figcaption figure
h1 h2 h3 h4 h5 h6 hr html legend li main ol p pre section summary table tbody tfoot thead
tr ul caption header footer
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
# Where a cell begins and ends; the blocks at its edges are no lines of their own.
_CELL_BEGINS, _CELL_ENDS = "\x01", "\x02"
_CELLS = frozenset({"td", "th"})
_AT_END = {"br": "\n", "td": _CELL_ENDS, "th": _CELL_ENDS}
_MARKS = ("\x00", _CELL_BEGINS, _CELL_ENDS)
_TOO_DEEP = "Excessive depth"
_ROLES_NOT_TO_READ = frozenset({"navigation", "search", "banner", "contentinfo", "menu"})
_AROUND_TABS = re.compile(" ?\t ?")


def extract(data: bytes) -> Extract:
    """Return the readable text: a line a block, cells of a row joined by a tab.

    Only <main> (else the only <article>) where there is one. Navigation, scripts, styles, forms,
    what the page hides (by attribute or style), readings of characters (ruby), numbers of notes,
    and the headers and footers of the page are left out.
    """
    found = _decoded(data)
    source = re.sub(r"\A\s*<\?xml[^>]*\?>", "", found.text)
    for mark in _MARKS:
        if mark in source:
            source = source.replace(mark, "")
    if source.count("<") > TAG_LIMIT:
        raise UnreadableError("a page of millions of parts", "a text", "save it as plain text")
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        root = html.document_fromstring(source, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(
            "a page without text", "a web page", "save it from the browser again"
        ) from error
    # The parser drops what lies deeper than it goes, and only says so.
    if any(_TOO_DEEP in error.message for error in parser.error_log):
        raise UnreadableError(
            "a page nested too deeply",
            "at most two thousand elements within each other",
            "open it in a browser and save its text",
        )
    # Line feeds stand for ends of blocks; those of the source are spaces by now, but in <pre>.
    styles = PageStyles.of(root)
    page = _Page(styles)
    text = "".join(page.pieces(_to_read(root)))
    if _CELL_ENDS in text:
        text = re.sub(f"{_CELL_BEGINS}[ \n]*+", _CELL_BEGINS, text)
        text = re.sub(f"(?<![ \n])[ \n]*+{_CELL_ENDS}", "\t", text).replace(_CELL_BEGINS, "")
    while "  " in text:
        text = text.replace("  ", " ")
    lines = (
        (_AROUND_TABS.sub("\t", line) if "\t" in line else line).strip(" \t")
        for line in text.split("\n")
    )
    return Extract(
        bounded("\n".join(line for line in lines if line)),
        found.encoding,
        (
            f"left out: {', '.join(['navigation, scripts and the like', *sorted(page.left_out)])}",
            *(
                ("the page may hide text by styles that are not understood here",)
                if styles.unread
                else ()
            ),
        ),
    )


def _decoded(data: bytes) -> Extract:
    """Return the page as text: a byte order mark decides, then what the page says, then its bytes."""
    declared = _DECLARED.search(data[:4096])
    if declared and not data.startswith(
        (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    ):
        name = declared[1].decode("ascii", "replace").lower()
        # Browsers read these two as cp1252; any other name must be one of Python's text encodings.
        name = {"iso-8859-1": "cp1252", "us-ascii": "cp1252"}.get(name, name)
        try:
            codec = codecs.lookup(name)
            text = codec.decode(data)[0] if codec._is_text_encoding else ""
        except (LookupError, UnicodeError):
            text = ""
        if text:
            return Extract(bounded(text), codec.name)
    return decoded(data)


def _to_read(root: etree._Element) -> etree._Element:
    for name in ("main", "article"):
        parts = list(root.iter(name))
        if len(parts) == 1 and "".join(map(str, parts[0].itertext())).strip():
            return parts[0]
    return root


@dataclass
class _Page:
    """A page that is read, by its styles; `left_out` names what was met and is no text."""

    styles: PageStyles
    left_out: set[str] = field(default_factory=set)

    def pieces(self, root: etree._Element) -> Iterator[str]:
        """Yield the text within `root`; without recursion, for old pages nest by the thousand."""
        preformatted, parts_of_a_text, before = 0, 0, ""
        left_out: etree._Element | None = None
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            name = LOCAL[element.tag]
            if event == "start":
                if self._is_left_out(element, name, parts_of_a_text > 0, before):
                    walk.skip_subtree()
                    left_out = element
                    continue
                preformatted += name == "pre"
                parts_of_a_text += name in _PARTS_OF_A_TEXT
                if name in _BLOCKS:
                    yield "\n"
                elif name in _CELLS:
                    yield _CELL_BEGINS
                words = _words(element.text, preformatted > 0)
                before = words or before
                yield words
                continue
            if element is not left_out:
                preformatted -= name == "pre"
                parts_of_a_text -= name in _PARTS_OF_A_TEXT
                yield _AT_END.get(name, "\n" if name in _BLOCKS else "")
            if element is not root:
                words = _words(element.tail, preformatted > 0)
                before = words or before
                yield words

    def _is_left_out(
        self, element: etree._Element, name: str, in_a_part: bool, before: str
    ) -> bool:
        if name in _NOT_TO_READ or not name:
            if name == "rt":
                self.left_out.add("readings of characters")
            return True
        if name in _ON_EVERY_PAGE:
            return not in_a_part
        stated = element.attrib
        if not stated and not self.styles.hiding and name != "sup":
            return False
        hidden = "hidden" in stated or stated.get("aria-hidden", "").strip().lower() == "true"
        if hidden or ((self.styles.hiding or "style" in stated) and self.styles.hide(element)):
            if "".join(map(str, element.itertext())).strip():
                self.left_out.add("hidden text")
            return True
        if name == "sup" and is_note_mark(before, "".join(map(str, element.itertext()))):
            self.left_out.add("numbers of notes")
            return True
        return stated.get("role", "") in _ROLES_NOT_TO_READ


def _words(text: str | None, preformatted: bool) -> str:
    if not text or preformatted:
        return text or ""
    for space in "\n\t\r\f":
        text = text.replace(space, " ")
    return text
