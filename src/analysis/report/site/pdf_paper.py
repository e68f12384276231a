"""A finished PDF, read back."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from analysis.report.site.paper import Paper

# The margins of `paper.typst`, in points: at the sides less what punctuation may hang out.
_MARGIN = 27 * 72 / 25.4 - 7
_ABOVE, _BELOW = 27 * 72 / 25.4, 25 * 72 / 25.4
# How much of the narrower of two letters may lie under the other one.
_UNDER = 0.6
# How many letters one sign may stand for, as in 'office'.
_JOINED = 3
# Fewer letters than this over others are a swash or a serif, and no words over words.
_SEVERAL = 4
_SHOWN = 40


def read_pdf(file: Path) -> Paper:
    """The words of its pages, without their heads and feet, and what its tags say."""
    from pypdf import PdfReader

    reader = PdfReader(file)
    root: Any = reader.trailer["/Root"]
    described = root["/Metadata"].get_object().get_data() if "/Metadata" in root else b""
    words, misplaced = _pages(file)
    return Paper(
        words,
        tuple(_outline(reader.outline)),
        tuple(_alternatives(root.get("/StructTreeRoot"))),
        misplaced,
        b"pdfuaid:part" in described and bool(root.get("/MarkInfo", {}).get("/Marked")),
    )


def _outline(entries: Any) -> Iterator[str]:
    for entry in entries:
        if isinstance(entry, list):
            yield from _outline(entry)
        else:
            yield str(entry.title)


def _alternatives(tree: Any) -> Iterator[str]:
    """What the figures of the tag tree say instead of themselves."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            waiting += reversed(node)
        elif isinstance(node, dict):
            if "/Alt" in node:
                yield str(node["/Alt"])
            if "/K" in node:
                waiting.append(node["/K"])


class _Letter(NamedTuple):
    base: float
    left: float
    right: float
    at: int


def _pages(file: Path) -> tuple[str, tuple[str, ...]]:
    """The words of all pages, and what is misplaced on them."""
    import pypdfium2

    document = pypdfium2.PdfDocument(file)
    words, misplaced = list[str](), list[str]()
    try:
        for number, page in enumerate(document, start=1):
            width, height = page.get_size()
            text = page.get_textpage()
            words.append(text.get_text_bounded(0, _BELOW, width, height - _ABOVE))
            misplaced += [f"{told} on page {number}" for told in _misplaced(text, width, height)]
    finally:
        document.close()
    # PDFium has a sign of its own for the hyphen at the end of a line.
    return "\n".join(words).replace("\x02", ""), tuple(misplaced)


def _misplaced(text: Any, width: float, height: float) -> Iterator[str]:
    """Words that leave the margins at the sides or the page, and words printed over others."""
    letters = list(_letters(text))
    wide = [
        one.at
        for one in letters
        if one.left < _MARGIN or one.right > width - _MARGIN or not 0 < one.base < height
    ]
    for at in _firsts(wide):
        yield f"‘{_around(text, at)}’ outside the margin"
    for at in _firsts(_overprinted(letters), _SEVERAL):
        yield f"‘{_around(text, at)}’ printed over other words"


def _letters(text: Any) -> Iterator[_Letter]:
    """The letters and digits of a page, each with its box."""
    words = text.get_text_range()
    # A character beyond the first plane is two for PDFium; such pages are read by single letters.
    single = len(words) == text.count_chars()
    for at in range(text.count_chars()):
        character = words[at] if single else text.get_text_range(at, 1)[:1]
        if not character or unicodedata.category(character)[0] not in "LN":
            continue
        left, bottom, right, _ = text.get_charbox(at)
        if right > left:
            yield _Letter(bottom, left, right, at)


def _overprinted(letters: list[_Letter]) -> list[int]:
    """The letters that lie, for the most part, under another on the same line.

    Those that follow each other in the text are one sign made of both.
    """
    ordered = sorted(letters, key=lambda one: (round(one.base / 3), one.left))
    return sorted(
        second.at
        for first, second in pairwise(ordered)
        if abs(first.at - second.at) > _JOINED
        and abs(first.base - second.base) < 1.5
        and first.right - second.left
        > _UNDER * min(first.right - first.left, second.right - second.left)
    )


def _firsts(places: list[int], least: int = 1) -> Iterator[int]:
    """The first of each run of at `least` so many neighbouring places."""
    runs: list[list[int]] = []
    for at in places:
        if runs and at - runs[-1][-1] <= _SHOWN:
            runs[-1].append(at)
        else:
            runs.append([at])
    return (run[0] for run in runs if len(run) >= least)


def _around(text: Any, at: int) -> str:
    return " ".join(text.get_text_range(at, min(_SHOWN, text.count_chars() - at)).split())
