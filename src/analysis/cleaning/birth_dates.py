"""Exact dates of birth: full dates, in figures or words, next to words of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# Of French, German, Italian and Spanish, where English has another.
_MONTH_ABROAD = (
    r"(?:janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre"
    r"|januar|februar|märz|juni|juli|oktober|dezember|enero|febrero|marzo|abril|mayo|junio|julio"
    r"|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio"
    r"|settembre|ottobre|dicembre)"
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
_BETWEEN = r"[\s./–-]{0,5}"
_DATE = (
    rf"(?:{_DAY}(?:\s{{1,9}}of\s{{1,9}}|{_BETWEEN}){MONTH},?{_BETWEEN}{_YEAR}"
    rf"|{MONTH}\.?\s{{1,9}}(?:the\s{{1,9}})?{_DAY},?\s{{1,9}}(?:\d{{4}}|{_YEAR_IN_WORDS})(?!\w)"
    rf"|\d{{1,2}}(?:er|º|\.)?\s{{1,3}}(?:de\s{{1,3}})?{_MONTH_ABROAD}\s{{1,3}}(?:de[l]?\s{{1,3}})?\d{{4}}"
    r"|\d{1,2}\s?[/.–-]\s?\d{1,2}\s?[/.–-]\s?(?:\d{4}|\d{2})|\d{4}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{1,2})"
)
# Day, month, year or the reverse without marks between; only directly after its label.
_D, _M = r"(?:0[1-9]|[12]\d|3[01])", r"(?:0[1-9]|1[0-2])"
_WITHOUT_MARKS = rf"(?:{_D} ?{_M} ?(?:19|20)?\d\d|(?:19|20)\d\d{_M}{_D})"
_FOUND = rf"(?P<found>(?<![\w/]){_DATE})(?!\d)"
_LABEL = r"(?:\bdate of birth|\bd\.?\s?o\.?\s?b\b\.?|\bgeb\.)"
_SPOKEN = r"(?P<birth>\bborn|\bbirth(?:(?:day|date)s?)?|\bgeboren|\bnée?[ ]le|\bnacid[oa]|\bnat[oa][ ]il)\b"
_OF_BIRTH = re.compile(rf"{_LABEL}|{_SPOKEN}|\bb\.", re.IGNORECASE)
_GAP = r"(?:[ \t]{0,20};[ \t]{0,20}|[^.;\n\d]{0,40}?|[ \t]{0,20}[:=–-]?[ \t]{0,20}\n\s{0,20})"
# What is founded, and called born: 'the programme was born on', 'the birth of the strategy'.
_THINGS = (
    r"(?:programme|program|service|project|policy|strategy|charity|initiative|scheme|idea"
    r"|partnership|trust|network|movement|campaign|organi[sz]ation|alliance|model|hub|centre|plan"
    r"|system|law|act|nhs)"
)
# The value may stand below its label; 'b.' before a line of text counts a list.
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE | re.MULTILINE)
    for pattern in (
        rf"(?:{_LABEL}|{_SPOKEN})(?P<gap>{_GAP}){_FOUND}",
        rf"{_FOUND}[^.;\n\d]{{0,20}}(?:{_LABEL}|{_SPOKEN}(?!\s{{1,9}}out\s{{1,9}}of\b|(?<=born)\s{{1,9}}of\b|\s{{1,9}}of\s{{1,9}}(?:\w{{1,40}}\s{{1,9}}){{0,3}}{_THINGS}\b))",
        rf"(?<=[^\n.][ (])b\.\s?{_FOUND}",
        rf"^[ \t(]*+b\.\s?{_FOUND}(?=[ \t).]*+$)",
        rf"{_LABEL}\W{{0,5}}(?P<found>{_WITHOUT_MARKS})(?!\w)",
    )
)
_THING_IS = re.compile(
    rf"(?<![\w-]){_THINGS}(?:\s{{1,9}}(?:was|were|is|had\s{{1,9}}been)|['’]s)(?:\s{{1,9}}\w{{1,40}})?\s{{1,9}}\Z",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"\b(?:in|of|from|on|at|with|by|to|who|he|she|they|i|we|you)\b", re.IGNORECASE
)
_CLAUSE = re.compile(r"[^.,;:!?\n\d]{0,60}\Z")
# Limits of a cohort ('born before'), births of things, and other events after a birth.
_ANOTHER_EVENT = re.compile(
    r".{0,60}\b(?:before|after|between|since|until|from|by)(?:\s{1,9}the)?\s{0,40}"
    r"|.{0,60}\b(?:met|published|launched|interviewed|spoke|visited|wrote)\b(?:\s{1,9}\w{1,40}){0,2}\s{0,40}"
    r"|\s{1,9}out\s{1,9}of\b(?!\s{1,9}(?:wedlock|marriage|hours|hospital)\b).*"
    rf"|\s{{1,9}}of\s{{1,9}}(?:(?!(?:at|in|on|under|with|by|from|for|and)\b)\w{{1,40}}\s{{1,9}}){{0,3}}{_THINGS}\b(?!['’]|\s{{1,9}}(?:user|worker|lead|manager|member)s?\b).*",
    re.IGNORECASE | re.DOTALL,
)
# '… 12/03/1985, hers 13/04/1990'.
_ANOTHER = re.compile(
    r"[ \t]{0,9}(?:,|;|/|&|\band\b|\bor\b|,[ \t]{0,9}and\b)[ \t]{0,9}"
    r"(?:(?:[\w'’]{1,40}[ \t]{1,9})?(?:his|hers?|theirs?|mine|yours?|ours?|\w{1,40}['’]s)[ \t]{0,9}(?:is|was|on)?[ \t:]{0,9})?"
    rf"{_FOUND}",
    re.IGNORECASE,
)


def dates_of_birth(text: str) -> Iterator[tuple[int, int]]:
    """Yield where full dates next to words of birth stand: start, end.

    Also a date that follows such a one as another person's ('his …, hers …'). None are day and
    month without a year, a year alone, the limits of a cohort ('born before …'), and when
    something other than a person was born, as far as the words around tell.
    """
    if not _OF_BIRTH.search(text):
        return
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if match.groupdict().get("birth") and _is_of_another_event(text, match):
                continue
            found: re.Match[str] | None = match
            while found:
                yield found.span("found")
                found = _ANOTHER.match(text, found.end("found"))


def _is_of_another_event(text: str, match: re.Match[str]) -> bool:
    """Tell a programme's birth, a cohort's limit or a later event from somebody's birth."""
    if _ANOTHER_EVENT.fullmatch(match.groupdict().get("gap") or ""):
        return True
    begins = match.start("birth")
    clause = _CLAUSE.search(text, max(0, begins - 60), begins)
    return bool(clause and _THING_IS.search(clause[0]) and not _SOMEBODY.search(clause[0]))
