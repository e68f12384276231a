"""Rules on what pages do to a text: running heads, page numbers, divided words, broken lines."""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator
from itertools import chain, pairwise, takewhile

from analysis.cleaning.about import About
from analysis.cleaning.edits import Edit
from analysis.cleaning.speakers import find_turns
from analysis.reading import Reading

_EDGE = 3
_NUMBERS_AT_MOST = 400
_LINE = re.compile(r"[^\n\f]+")
_PAGE_NUMBER = re.compile(
    r"\s*+(?:[-–—\[(|]?\s*+(?:\d{1,4}|[ivxlc]{1,6})\s*+[-–—\])|]?"
    r"|(?:page|p\.?|seite)\s*+\d{1,4}(?:\s*+(?:of|/)\s*+\d{1,4})?|\d{1,4}\s*+(?:of|/)\s*+\d{1,4})\s*+",
    re.IGNORECASE,
)
_LINE_NUMBER = re.compile(r"[ \t]*(\d{1,5})(?:[.:)|]|(?=[ \t]))[ \t]+(?=\S)")
_SAID_TO_BE_ONE = re.compile(
    r"\s*+(?:page\s*+\d{1,4}(?:\s*+of\s*+\d{1,4})?|\d{1,4}\s*+of\s*+\d{1,4})\s*+", re.I
)
_DIVIDED = re.compile(r"(?<=([^\W\d_]))[-\u2010][ \t]{0,9}[\n\f]\s{0,99}(?=[a-zà-öø-ÿ])")
_HYPHENED = re.compile(r"(?<![^\W\d_])[^\W\d_]{1,40}-[^\W\d_]{1,40}")
_BULLET = re.compile(r"\s*+[•●▪◦*–—-]\s")
_NUMBERED = re.compile(r"\s*+(?:\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s|\d++(?:\.\d++)++\s)")
_OPEN_END = re.compile(r"[\w,;-]\Z")
_ENDS_A_SENTENCE = re.compile(r"[.!?:;”’\"')\]]\s*\Z")
_WRAPPED_FROM, _WRAPPED_TO = 40, 120

Line = tuple[int, int, str]


def page_numbers(text: str, about: About) -> Iterator[Edit]:
    """Numbers alone on lines at the top and foot of pages go, also a column of line numbers.

    In a text without form feeds only lines that say so ('Page 3 of 9') are page numbers. Numbers
    that count the lines of a page, at their beginnings, go too.
    """
    yield from sorted(
        (*_line_numbers(text, about), *_page_numbers(text)), key=lambda edit: edit.start
    )


def _line_numbers(text: str, about: About) -> Iterator[Edit]:
    openings = {turn.opening for turn in find_turns(text, about.tags)}
    for page in _pages(text):
        # Lines that open turns have lost theirs by now.
        numbered = [
            (place, start, match)
            for place, (start, _, line) in enumerate(page)
            if (match := _LINE_NUMBER.match(line))
        ]
        begins = {int(match[1]) - place for place, _, match in numbered}
        if len(begins) != 1 or (len(numbered) == 1 and begins != {1}):
            continue
        opened = sum(start in openings for start, *_ in page)
        goes_on = any(match.string[match.end()].islower() for *_, match in numbered)
        if goes_on and 10 * (len(numbered) + opened) >= 9 * len(page):
            for _, start, match in numbered:
                yield Edit(start, start + match.end(), "", "line number")


def _page_numbers(text: str) -> Iterator[Edit]:
    if "\f" not in text:
        for start, end, line in _lines(text, 0, len(text)):
            if _SAID_TO_BE_ONE.fullmatch(line):
                yield Edit(start, end, "", "page number")
        return
    for page in _pages(text):
        # Outermost lines only, for a number inside a page may be evidence.
        top = _run(page[:_NUMBERS_AT_MOST])
        foot = _run(page[top:][::-1][:_NUMBERS_AT_MOST])
        for start, end, _ in [*page[:top], *page[len(page) - foot :]]:
            yield Edit(start, end, "", "page number")


def running_heads(text: str, about: About) -> Iterator[Edit]:
    """Lines that return at the top or foot of at least half of the pages go.

    Digits are not compared, so that 'Strategy | 4' and 'Strategy | 5' are one head. A speaker's
    tag at the top of many pages is no head.
    """
    pages = [page for page in _pages(text) if page]
    if len(pages) < 2:
        return
    edges = [(page[:_EDGE], page[: -_EDGE - 1 : -1]) for page in pages]
    returns = Counter(
        form for top, foot in edges for form in {_form(line) for _, _, line in [*top, *foot]}
    )

    def is_a_head(line: str) -> bool:
        often = returns[_form(line)] >= max(2, len(pages) / 2)
        return often and len(_form(line)) >= 4 and not find_turns(line.lstrip(), about.tags)

    found: set[Line] = set()
    for edge in chain.from_iterable(edges):
        # From the edge inwards, for heads lie outside the text.
        found.update(takewhile(lambda line: is_a_head(line[2]) or _is_a_number(line[2]), edge))
    for start, end, line in sorted(found):
        if not _is_a_number(line):
            yield Edit(start, end, "", "running head")


def line_wrapping(text: str, about: About) -> Iterator[Edit]:
    """Lines that only the width of a page broke are joined to paragraphs.

    Done in .pdf, and in plain text whose lines are as long as each other. A blank line, a list
    item, a speaker's tag and a line that ends far short of the others end a paragraph. Divided
    words are left to `hyphenation`.
    """
    if not about.wrapped:
        return
    lines = list(_lines(text, 0, len(text)))
    if not lines:
        return
    width = _width([line for *_, line in lines])
    openings = {turn.opening for turn in find_turns(text, about.tags)}
    for (_, end, line), (start, _, following) in pairwise(lines):
        between = text[end:start]
        new_page = "\f" in between
        if between.count("\n") > 1 and not new_page:
            continue
        if _DIVIDED.match(text, len(line.rstrip("-\u2010")) + end - len(line)):
            continue
        if start not in openings and _goes_on(line, following, width, new_page):
            yield Edit(end, start, " ", "line break of a page")


def _goes_on(line: str, following: str, width: float, new_page: bool) -> bool:
    """Tell whether a paragraph goes on from `line` to the line `following`."""
    if line.endswith(":") or _BULLET.match(following):
        return False
    if new_page:
        return bool(_OPEN_END.search(line)) and following.lstrip()[:1].islower()
    ended = bool(_ENDS_A_SENTENCE.search(line))
    if ended and (len(line) < 0.75 * width or _NUMBERED.match(following)):
        return False
    # The page would have had room for the next word: the break was meant.
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) >= 0.82 * width


def hyphenation(text: str, about: About) -> Iterator[Edit]:
    """Words that a line end of a page divided are joined.

    The hyphen stays when the text has the word with a hyphen elsewhere inside a line
    ('co-production').
    """
    if not about.wrapped:
        return
    hyphened = {word.lower() for word in _HYPHENED.findall(text)}
    for match in _DIVIDED.finditer(text):
        before = re.search(r"[^\W\d_]{0,40}\Z", text[max(0, match.start() - 40) : match.start()])
        after = re.match(r"[^\W\d_]*", text[match.end() : match.end() + 40])
        word = f"{before[0] if before else ''}-{after[0] if after else ''}".lower()
        yield Edit(*match.span(), "-" if word in hyphened else "", "divided word")


def is_wrapped(reading: Reading) -> bool:
    """Tell whether most lines of a text end where a page ended, not where a thought did."""
    if reading.format not in ("txt", "md"):
        return reading.format == "pdf"
    text = re.sub(r"\r\n?", "\n", reading.text)
    lines = [line for _, _, line in _lines(text, 0, len(text))]
    if len(lines) < 6 or "\n\n" not in text:
        return False
    width = _width(lines)
    if not _WRAPPED_FROM <= width <= _WRAPPED_TO or max(map(len, lines)) > 1.3 * width:
        return False
    full = [line for line in lines if len(line) > 0.8 * width]
    unended = [line for line in full if not _ENDS_A_SENTENCE.search(line)]
    return len(full) >= 0.4 * len(lines) and len(unended) >= 0.6 * len(full)


def _width(lines: list[str]) -> float:
    """Return the length that long lines reach: the ninth tenth of all."""
    lengths = [len(line.rstrip()) for line in lines]
    return statistics.quantiles(lengths, n=10)[-1] if len(lengths) > 1 else float(lengths[0])


def _pages(text: str) -> list[list[Line]]:
    pages, start = [], 0
    for end in [*(match.start() for match in re.finditer("\f", text)), len(text)]:
        pages.append(list(_lines(text, start, end)))
        start = end + 1
    return pages


def _lines(text: str, start: int, end: int) -> Iterator[Line]:
    for match in _LINE.finditer(text, start, end):
        if match[0].strip():
            yield *match.span(), match[0]


def _run(lines: list[Line]) -> int:
    """Return how many of the first `lines` are page numbers."""
    return sum(1 for _ in takewhile(lambda line: _is_a_number(line[2]), lines))


def _is_a_number(line: str) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(line))


def _form(line: str) -> str:
    return " ".join(re.sub(r"\d+", "#", line.casefold()).split())
