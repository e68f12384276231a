"""Prose with everything that is not prose blanked, so that what is left can be judged.

Blanked characters become spaces and newlines stay: every word keeps its line and column.
"""

from __future__ import annotations

import re

from analysis.report.prose import prose

_CHECKED_FIELDS = ("title", "subtitle", "abstract", "description")
_PROSE_ATTRIBUTE = re.compile(r"\b(?:fig-alt|fig-cap|tbl-cap|title|alt)=(?:\"([^\"]*)\"|'([^']*)')")
# After a key: pages and the like, with a word for them anywhere, or alone before the end.
_PAGE = r"(?:\d[\w:–-]*|[ivxlc]+\b)(?:\.\d[\w–-]*)*(?:\(\w{1,3}\))*(?:ff?\.)?"
_PAGES = rf"{_PAGE}(?:(?:,?\s+and\s+|,\s*|\s*&\s*){_PAGE})*"
_LOCATOR = (
    r"(?:(?:pp?|chaps?|ch|secs?|vols?|paras?|figs?|apps?|cols?|arts?|loc)\.?(?=\s*[\divxlc])"
    r"|(?:nos?|nn?|ll?|ss?|pts?|bk)\.|(?:page|chapter|section|article|volume|number|paragraph|"
    r"figure|table|line|note|part|book|box|column|slide|appendix|recommendation)s?|appendices"
    rf"|[§¶]+)\s*{_PAGES}"
)
# Pages without a word for them, at the end or before what is said of them.
_BARE_PAGES = r"\d[\d–-]*(?:ff?\.|\(\d+\))?(?:(?:,\s*|\s*&\s*|\s+and\s+)\d[\d–-]*(?:ff?\.)?)*(?:\s+n\.\s*\d+)?"
_EDITION = r"(?:in the\s+)?\d+(?:st|nd|rd|th) ed(?:\.|ition\b)"
# What is no prose. Each keeps its newlines when blanked, so that lines keep their numbers.
_NOT_PROSE = (
    re.compile(r"\{\{\{?<.*?>\}?\}\}", re.S),  # shortcodes
    re.compile(  # citations; the words before and after key and pages are printed
        r"(?<![\w@\\])-?@[\w{](?:[\w:.{}/-]*[\w}])?"
        rf"(?:[\s,:\[]{{1,3}}(?:(?:[a-z]+\s+){{0,3}}{_LOCATOR}|{_EDITION}"
        rf"|(?<=[,:\[]\s){_BARE_PAGES}(?=\s*[;\](,])|(?<=[,:\[]){_BARE_PAGES}(?=\s*[;\](,])))*",
        re.I,
    ),
    re.compile(r"(?<=\])\([^)\n]*\)"),  # targets of links and images
    re.compile(r"<(?:https?|mailto):[^>\s]*>|\bhttps?://[^\s)>\]]+|\b(?:doi:\s*)?10\.\d{4,}/\S+"),
    re.compile(r"</?[A-Za-z][^>\n]*>"),  # HTML tags
    re.compile(r"\[\^[^\]]+\]"),  # marks of footnotes
    re.compile(r"^[ \t]*:{3,}.*$", re.M),  # fences of boxes; their titles are read as attributes
)
# What changes how words look and not what they say: emphasis, the brackets of links and spans.
_MARKUP = re.compile(r"[*~\[\]\\]|(?<![^\W_])_+|_+(?![^\W_])|&(?:nbsp|ensp|emsp|thinsp);")
_LIST_MARK = re.compile(r"[ \t>]*(?:[-+*]|\(?(?:(?P<number>\d+)|[A-Za-z#])[.)]|\(@[\w-]*\))(?=\s)")


def prose_only(text: str) -> str:
    """Return `text` with all that is not prose blanked; every character keeps its place.

    Blanked are front matter (but for title, subtitle and abstract), code, comments,
    shortcodes, citations, addresses, tags and attributes (but for titles and alternative texts),
    marks of lists, and at last the marks of emphasis and the brackets of links.
    """
    kept = list(text)
    for start, end in [*prose.code_spans(text), *_list_marks(text)]:
        _blank(kept, start, end)
    _blank_front_matter(kept, text)
    for pattern in _NOT_PROSE:
        for found in pattern.finditer("".join(kept)):
            _blank(kept, *found.span())
    _blank_attributes(kept, text)
    return without_markup("".join(kept))


def without_markup(text: str) -> str:
    """Return `text` with the marks of emphasis, and the brackets of links, blanked."""
    return _MARKUP.sub(lambda found: " " * len(found[0]), text)


def _list_marks(text: str) -> list[tuple[int, int]]:
    """Return the spans of list marks, told from a number that a line wrap put first.

    A list begins after a blank line, a heading or the start of the text; within it, a number is a
    mark when it is a first, or follows or repeats another mark.
    """
    marks: list[tuple[int, int]] = []
    place, opens = 0, True
    numbers: set[int] | None = None  # of the list that the line stands in
    for line in text.splitlines(keepends=True):
        bare, mark = line.strip(" \t>\n"), _LIST_MARK.match(line)
        if mark and (opens or numbers is not None):
            number, numbers = int(mark["number"] or 0), numbers or set()
            if opens or number < 2 or numbers & {number, number - 1}:
                marks.append((place, place + mark.end()))
                numbers.add(number)
        elif opens and bare and not line[0].isspace():
            numbers = None
        opens = not bare or bare.startswith(("#", ":::", "---"))
        place += len(line)
    return marks


def _blank(kept: list[str], start: int, end: int) -> None:
    kept[start:end] = [character if character == "\n" else " " for character in kept[start:end]]


def _blank_front_matter(kept: list[str], text: str) -> None:
    checked, place = False, 0
    for line in text[: prose.front_matter_length(text)].splitlines(keepends=True):
        if not line[:1].isspace():
            checked = line.partition(":")[0] in _CHECKED_FIELDS
        if not checked:
            _blank(kept, place, place + len(line))
        place += len(line)


def _blank_attributes(kept: list[str], text: str) -> None:
    """Blank `{…}` but keep the words of titles and alternative texts in it, fences included."""
    without_shortcodes = prose.VARIABLE.sub(lambda found: " " * len(found[0]), without_code(text))
    for found in re.finditer(r"\{[^{}]*\}", without_shortcodes):
        words = [
            (inner.start(group) + found.start(), inner.end(group) + found.start())
            for inner in _PROSE_ATTRIBUTE.finditer(found[0])
            for group in (1, 2)
            if inner[group]
        ]
        _blank(kept, *found.span())
        for start, end in words:
            kept[start:end] = without_shortcodes[start:end]


def without_code(text: str) -> str:
    """Return `text` with code and comments blanked."""
    kept = list(text)
    for start, end in prose.code_spans(text):
        _blank(kept, start, end)
    return "".join(kept)
