"""Prose with everything that is not prose blanked, so that what is left can be judged.

Blanked characters become spaces and newlines stay: every word keeps its line and column.
"""

from __future__ import annotations

import re

from analysis.report import prose

_CHECKED_FIELDS = ("title", "subtitle", "abstract", "description")
_PROSE_ATTRIBUTE = re.compile(r"\b(?:fig-alt|fig-cap|tbl-cap|title|alt)=(?:\"([^\"]*)\"|'([^']*)')")
# What is no prose. Each keeps its newlines when blanked, so that lines keep their numbers.
_NOT_PROSE = (
    re.compile(r"\{\{\{?<.*?>\}?\}\}", re.S),  # shortcodes
    re.compile(r"\[[^\[\]]*?-?@[^\[\]]*\]"),  # citations in brackets
    re.compile(r"(?<![\w@\\])-?@[\w{][\w:.{}/-]*(?:\s\[[^\]]*\])?"),  # and in the text
    re.compile(r"(?<=\])\([^)\n]*\)"),  # targets of links and images
    re.compile(r"<(?:https?|mailto):[^>\s]*>|\bhttps?://[^\s)>\]]+|\b(?:doi:\s*)?10\.\d{4,}/\S+"),
    re.compile(r"</?[A-Za-z][^>\n]*>"),  # HTML tags
    re.compile(r"\[\^[^\]]+\]"),  # marks of footnotes
    re.compile(r"^[ \t>]*(?:\(?\d+[.)]|\(@[\w-]*\))(?=\s)", re.M),  # marks of numbered lists
    re.compile(r"^[ \t]*:{3,}.*$", re.M),  # fences of boxes; their titles are read as attributes
)


def prose_only(text: str) -> str:
    """Return `text` with all that is not prose blanked; every character keeps its place.

    Blanked are front matter (but for title, subtitle and abstract), code, comments,
    shortcodes, citations, addresses, tags and attributes (but for titles and alternative texts).
    """
    kept = list(text)
    for start, end in prose.code_spans(text):
        _blank(kept, start, end)
    _blank_front_matter(kept, text)
    for pattern in _NOT_PROSE:
        for found in pattern.finditer("".join(kept)):
            _blank(kept, *found.span())
    _blank_attributes(kept, text)
    return "".join(kept)


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
