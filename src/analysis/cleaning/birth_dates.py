"""Exact dates of birth: full dates, in figures or words, next to words of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_ONES = "one|two|three|four|five|six|seven|eight|nine"
_TEENS = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_TO_99 = rf"(?:(?:{_TENS})(?:[ -](?:{_ONES}))?|{_TEENS}|oh[ -](?:{_ONES})|{_ONES})"
_YEAR_IN_WORDS = rf"(?:(?:nineteen|twenty|two thousand(?: and)?)[ -]{_TO_99}|two thousand)"
_DAY_IN_WORDS = (
    r"(?:(?:twenty[ -]|thirty[ -])?(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth)"
    r"|tenth|eleventh|twelfth|thirteenth|fourteenth|fifteenth|sixteenth|seventeenth|eighteenth"
    r"|nineteenth|twentieth|thirtieth)"
)
_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_DAY_IN_WORDS})"
_YEAR = rf"(?:\d{{4}}|['’]?\d{{2}}|{_YEAR_IN_WORDS})(?!\w)"
_DATE = (
    rf"(?:{_DAY}(?:\s+of)?\s+{MONTH}\.?,?\s+{_YEAR}"
    rf"|{MONTH}\.?\s+(?:the\s+)?{_DAY},?\s+(?:\d{{4}}|{_YEAR_IN_WORDS})(?!\w)"
    r"|\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:\d{4}|\d{2})|\d{4}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{1,2})"
)
# Day, month, year or the reverse without marks between; only directly after its label.
_IN_ONE = (
    r"(?:(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d\d"
    r"|(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
)
_FOUND = rf"(?P<found>(?<![\w/]){_DATE})(?!\d)"
_LABEL = r"\bdate of birth|\bd\.?\s?o\.?\s?b\b\.?"
_BIRTH = rf"(?:{_LABEL}|\bborn|\bbirth(?:day|date)?)"
_OF_BIRTH = re.compile(rf"{_BIRTH}|\bb\.", re.IGNORECASE)
# The value may stand below its label; 'b.' before a line of text counts a list.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"{_BIRTH}(?:[^.\n\d]{{0,40}}?|[ \t]*[:=–-]?[ \t]*\n\s{{0,20}}){_FOUND}",
        rf"{_FOUND}[^.\n\d]{{0,20}}{_BIRTH}",
        rf"(?<=[^\n.][ (])b\.\s?{_FOUND}",
        rf"^[ \t(]*b\.\s?{_FOUND}(?=[ \t).]*$)",
        rf"(?:{_LABEL})\W{{0,5}}(?P<found>{_IN_ONE})(?!\w)",
    )
)
# '… 12/03/1985, hers 13/04/1990'.
_ANOTHER = re.compile(
    r"[ \t]*(?:,|;|/|&|\band\b|\bor\b|,[ \t]*and\b)[ \t]*"
    rf"(?:(?:[\w'’]+[ \t]+)?(?:his|hers?|theirs?|mine|yours?|ours?|\w+['’]s)[ \t]*(?:is|was|on)?[ \t:]*)?{_FOUND}",
    re.IGNORECASE,
)


def dates_of_birth(text: str) -> Iterator[tuple[int, int]]:
    """Yield where full dates next to words of birth stand: start, end.

    Also a date that follows such a one as another person's ('his …, hers …'). Day and month
    without a year, and a year alone, are none.
    """
    if not _OF_BIRTH.search(text):
        return
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            found: re.Match[str] | None = match
            while found:
                yield found.span("found")
                found = _ANOTHER.match(text, found.end("found"))
