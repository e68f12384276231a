"""Direct identifiers that no key lists: numbers, addresses and dates that point at a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import phonenumbers
from stdnum.gb import nhs

from analysis.cleaning.edits import Edit

KINDS = (
    "email",
    "url",
    "nhs_number",
    "ni_number",
    "phone",
    "postcode",
    "date_of_birth",
    "vehicle_plate",
)
_BRACKETS = {kind: f"[{kind.replace('_', ' ')}]" for kind in KINDS} | {
    "email": "[e-mail address]",
    "url": "[web address]",
    "nhs_number": "[NHS number]",
    "ni_number": "[NI number]",
    "phone": "[telephone number]",
}

# Not inside a longer run of letters and digits, as hashes, Base64 and DOIs are. After a colon, an
# equals sign or a full stop `_is_free` looks further.
_FREE_BEFORE = r"(?<![\w@/+-])(?<!\d[=.])(?<![\w+/=]{20}\n)"
_FREE_AFTER = r"(?![\w/+=]|\n[\w/+=]{20})"
# 'Tel:', 'nhs_number=', 'Tel (home).:', 'call me.'; not 'sha256:', '?id=', 'urn:isbn:'.
_LABEL = re.compile(
    r"(?:(?<![\w@/+=.:?&#%-])[^\W\d_]{1,20}(?:[_-][^\W\d_]{1,20}){0,3}\d?[)\]\"'*”’]{0,3}"
    r"(?:\.{1,3}|\.?[:=])|(?<!\S)(?:\.{2,3}|[:=]))\Z"
)
_LABEL_WITHIN = 90
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATE = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH}\.?,?\s+(?:\d{{4}}|['’]?\d{{2}})"
    rf"|{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    r"|\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?(?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})"
)
_BIRTH = r"(?:\bdate of birth|\bd\.?\s?o\.?\s?b\b\.?|\bborn|\bbirth(?:day|date)?)"

_EMAIL = re.compile(
    r"(?<![\w.+%-])[\w][\w.+%'-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,6}[a-z]{2,24}(?![\w-])",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?<![\w@.])(?:https?://|www\.)[^\s<>\"')\]}]{3,300}|(?<![\w@./])(?:[\w-]{1,63}\.){1,4}"
    r"(?:com|org|net|uk|example|io|me|social)/[^\s<>\"')\]}]{1,300}",
    re.IGNORECASE,
)
_PERSONAL = re.compile(
    r"(?:linkedin\.com/in/|facebook\.com/|twitter\.com/|//(?:www\.)?x\.com/|instagram\.com/|tiktok\.com/@"
    r"|youtube\.com/@|threads\.net/@|bsky\.app/profile/|mastodon\.\w+/@"
    r"|/~\w|/@\w|/(?:people|person|staff|profiles?|users?|team|authors?|our-team|members?|about)/[\w.-]*[a-z]"
    r"|[/=][a-z]{2,}[._][a-z]{2,}(?:/|\.html?|\Z))",
    re.IGNORECASE,
)
_DOI = re.compile(r"doi\.org/|/10\.\d{4,9}/", re.IGNORECASE)
_NHS = re.compile(
    rf"{_FREE_BEFORE}\d{{3}}[ \u00a0-]?\d{{3}}[ \u00a0-]?\d{{4}}{_FREE_AFTER}(?!-\d|\.\d)"
)
_NI = re.compile(
    rf"{_FREE_BEFORE}(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ)\s?\d{{2}}[ -]?\d{{2}}[ -]?\d{{2}}\s?[A-D]{_FREE_AFTER}",
    re.IGNORECASE,
)
_NI_NEVER_GIVEN = frozenset({"BG", "GB", "NK", "KN", "NT", "TN", "ZZ"})
_PHONE = re.compile(
    rf"{_FREE_BEFORE}(?:\(?(?:\+|00)44\)?[\s-]?(?:\(0\)[\s-]?)?|\(?0)\d(?:[ \u00a0().-]{{0,2}}\d){{7,10}}{_FREE_AFTER}(?!-\w|\.\d)"
)
_POSTCODE = re.compile(
    rf"{_FREE_BEFORE}(?:"
    r"(?:[A-PR-UWYZ]\d[\dA-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y]\d[\dABEHMNPRVWXY]?)[ \u00a0]?\d[ABD-HJLNP-UW-Z]{2}|GIR ?0AA|ZZ99[ \u00a0]?\d[A-Z]{2}"
    r"|(?:[a-pr-uwyz][a-hk-y]?\d[\da-z]?)[ \u00a0]\d(?!st\b|nd\b|rd\b|th\b)[abd-hjlnp-uw-z]{2}|zz99 \d[a-z]{2}"
    rf"){_FREE_AFTER}"
)
_OF_BIRTH = re.compile(_BIRTH, re.IGNORECASE)
_BORN_ON = re.compile(rf"{_BIRTH}[^.\n\d]{{0,40}}?(?P<found>(?<!\d){_DATE})(?!\d)", re.IGNORECASE)
_ON_BIRTHDAY = re.compile(
    rf"(?P<found>(?<!\d){_DATE})(?!\d)[^.\n\d]{{0,20}}{_BIRTH}", re.IGNORECASE
)
_PLATE = re.compile(
    rf"{_FREE_BEFORE}[A-HJ-PR-Y][A-HJ-PR-Y](?:0[2-9]|[1-9]\d)[ \u00a0]?[A-HJ-PR-Z]{{3}}{_FREE_AFTER}"
)
_OLD_PLATE = re.compile(
    rf"{_FREE_BEFORE}(?:[A-HJ-NPR-TV-Y]\d{{1,3}} ?[A-Z]{{3}}|[A-Z]{{3}} ?\d{{1,3}}[A-HJ-NPR-TV-Y]){_FREE_AFTER}"
)
_CAR = re.compile(
    r"\b(?:plates?|registration|reg|number ?plate|car|van|vehicle|taxi)\b", re.IGNORECASE
)
_CAR_WITHIN = 60


@dataclass(frozen=True, order=True)
class Identifier:
    """A direct identifier in a text, `start` to `end`, half-open, in code points."""

    kind: str
    start: int
    end: int


def find_identifiers(text: str) -> list[Identifier]:
    """Return the direct identifiers in `text`, in order, without overlap.

    Kinds (`KINDS`): e-mail addresses; web addresses that hold a person's page or name; NHS
    numbers whose check digit is right (not ten equal digits); NI numbers, the specimen QQ among
    them; UK telephone numbers, those for drama among them; UK postcodes, ZZ99 among them; full
    dates next to words of birth; vehicle plates (older forms only near a word for a car). Where
    two overlap the kind listed first stands. Hashes, Base64 and DOIs are none.
    """
    taken: list[Identifier] = []
    for kind in KINDS:
        for start, end in _FINDERS[kind](text):
            taken.append(Identifier(kind, start, end))
    chosen: list[Identifier] = []
    occupied = bytearray(len(text))
    for identifier in taken:
        if not any(occupied[identifier.start : identifier.end]):
            occupied[identifier.start : identifier.end] = b"\x01" * (
                identifier.end - identifier.start
            )
            chosen.append(identifier)
    return sorted(chosen, key=lambda identifier: identifier.start)


def replace_identifiers(text: str) -> Iterator[Edit]:
    """Direct identifiers become typed brackets such as '[telephone number]'."""
    for found in find_identifiers(text):
        yield Edit(found.start, found.end, _BRACKETS[found.kind], found.kind)


Span = tuple[int, int]


def _free(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches that go on from no hash, DOI, web address or decimal number."""
    for match in pattern.finditer(text):
        start = match.start()
        if text[start - 1 : start] not in (":", "=", ".") or _LABEL.search(
            text[max(0, start - _LABEL_WITHIN) : start]
        ):
            yield match


def _emails(text: str) -> Iterator[Span]:
    if "@" in text:
        yield from (match.span() for match in _EMAIL.finditer(text))


def _urls(text: str) -> Iterator[Span]:
    for match in _URL.finditer(text):
        address = match[0].rstrip(".,;:!?")
        if _PERSONAL.search(address) and not _DOI.search(address):
            yield match.start(), match.start() + len(address)


def _nhs_numbers(text: str) -> Iterator[Span]:
    for match in _free(_NHS, text):
        digits = re.sub(r"\D", "", match[0])
        if len(set(digits)) > 1 and nhs.is_valid(digits):
            yield match.span()


def _ni_numbers(text: str) -> Iterator[Span]:
    for match in _free(_NI, text):
        if match[0][:2].upper() not in _NI_NEVER_GIVEN:
            yield match.span()


def _phones(text: str) -> Iterator[Span]:
    for match in _free(_PHONE, text):
        written = match[0]
        if written.startswith("(") and written.count("(") > written.count(")"):
            written = written[1:]
        try:
            number = phonenumbers.parse(written, "GB")
        except phonenumbers.NumberParseException:
            continue
        # Possible, not valid: the ranges kept for drama and for tests are never valid.
        if phonenumbers.is_possible_number(number) and len(set(str(number.national_number))) > 1:
            yield match.end() - len(written), match.end()


def _postcodes(text: str) -> Iterator[Span]:
    yield from (match.span() for match in _free(_POSTCODE, text))


def _dates_of_birth(text: str) -> Iterator[Span]:
    if _OF_BIRTH.search(text):
        for pattern in (_BORN_ON, _ON_BIRTHDAY):
            yield from (match.span("found") for match in pattern.finditer(text))


def _vehicle_plates(text: str) -> Iterator[Span]:
    yield from (match.span() for match in _free(_PLATE, text))
    for match in _free(_OLD_PLATE, text):
        if _CAR.search(text, max(0, match.start() - _CAR_WITHIN), match.end() + _CAR_WITHIN):
            yield match.span()


_FINDERS: dict[str, Callable[[str], Iterator[Span]]] = {
    "email": _emails,
    "url": _urls,
    "nhs_number": _nhs_numbers,
    "ni_number": _ni_numbers,
    "phone": _phones,
    "postcode": _postcodes,
    "date_of_birth": _dates_of_birth,
    "vehicle_plate": _vehicle_plates,
}
