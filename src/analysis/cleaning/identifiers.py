"""Direct identifiers that no key lists: numbers, addresses and dates that point at a person."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import phonenumbers
from stdnum.gb import nhs

from analysis.cleaning.birth_dates import dates_of_birth
from analysis.cleaning.edits import Edit
from analysis.cleaning.labelled_numbers import reference_numbers
from analysis.cleaning.locations import locations
from analysis.cleaning.papers_and_accounts import (
    bank_accounts,
    driving_licences,
    handles,
    network_addresses,
    passports,
)
from analysis.cleaning.web_addresses import personal_addresses

KINDS = (
    "email",
    "url",
    "driving_licence",
    "bank_account",
    "passport",
    "network_address",
    "nhs_number",
    "ni_number",
    "phone",
    "postcode",
    "date_of_birth",
    "vehicle_plate",
    "social_media_name",
    "location",
    "reference_number",
)
# What each is called: in brackets in its place in a text, and in messages.
CALLED = {kind: kind.replace("_", " ") for kind in KINDS} | {
    "email": "e-mail address",
    "url": "web address",
    "passport": "passport number",
    "nhs_number": "NHS number",
    "ni_number": "NI number",
    "phone": "telephone number",
}

# Not inside a longer run of letters and digits, as hashes, Base64 and DOIs are. After a colon, an
# equals sign or a full stop `_free` looks further.
_FREE_BEFORE = r"(?<![\w@/+-])(?<!\d[=.])(?<![\w+/=]{20}\n)"
_FREE_AFTER = r"(?![\w/+=]|\n[\w/+=]{20})"
# 'Tel:', 'nhs_number=', 'Tel (home).:', 'call me.'; not 'sha256:', '?id=', 'urn:isbn:'.
_LABEL = re.compile(
    r"(?:(?<![\w@/+=.:?&#%-])[^\W\d_]{1,20}(?:[_-][^\W\d_]{1,20}){0,3}\d?[)\]\"'*”’]{0,3}"
    r"(?:\.{1,3}|\.?[:=])|(?<!\S)(?:\.{2,3}|[:=]))\Z"
)
_LABEL_WITHIN = 90

# In any script: 'exämple.de'.
_LABEL_OF_DOMAIN = r"[^\W_](?:[\w-]{0,62})"
_DOMAIN = rf"(?:{_LABEL_OF_DOMAIN}\.){{1,6}}[^\W\d_]{{2,24}}(?![\w-])"
_SPOKEN_DOMAIN = (
    rf"{_LABEL_OF_DOMAIN}(?:[ ]?(?:[(\[{{<_-]dot[)\]}}>_-]|\.)[ ]?|[ ]dot[ ])(?:co(?:\.|[ ]dot[ ]))?"
    r"(?:com|org|net|uk|eu|de|fr|ie|me|io)(?![\w-])"
)
# As programs escape it, and as people write it for others and not for programs.
_ESCAPED_AT, _WRITTEN_AT = r"%40|&\#64;|&commat;", r"[(\[{<][ ]?at[ ]?[)\]}>]"
_AT = re.compile(
    rf"[@＠]|{_ESCAPED_AT}|{_WRITTEN_AT}|[ ]at[ ][\w-]{{2,63}}[ ]dot[ ]|[_-]at[_-]|(?-i:[ ]AT[ ])",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    rf"(?<![\w.+%-])\w[\w.+%'’-]{{0,63}}(?:[ ]?(?:[@＠]|{_ESCAPED_AT}|{_WRITTEN_AT})[ ]?"
    rf"(?:{_DOMAIN}|{_SPOKEN_DOMAIN})|[ ]at[ ](?=[\w-]{{2,63}}[ ]dot[ ]){_SPOKEN_DOMAIN}"
    rf"|[ ]?[_-]at[_-][ ]?{_SPOKEN_DOMAIN})"
    # 'jo.vale AT nhs.net'; not where all is in capitals: 'LOOK AT NHS.UK'.
    rf"|(?<![\w.+%-])(?-i:[\w.+%-]{{0,40}}[a-z][\w.+%-]{{0,40}}[ ]AT[ ]){_DOMAIN}",
    re.IGNORECASE,
)
_SPACE = "[ \u00a0\u2000-\u200a\u202f]"
_NHS = re.compile(
    rf"{_FREE_BEFORE}\d{{3}}(?:(?:{_SPACE}{{0,3}}|-)\d{{3}}(?:{_SPACE}{{0,3}}|-)"
    rf"|(?P<joint>[.–]|[ \u00a0][–-][ \u00a0])\d{{3}}(?P=joint))\d{{4}}{_FREE_AFTER}(?!-\d|\.\d)"
)
_NI = re.compile(
    rf"{_FREE_BEFORE}(?:(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ)[\s-]?\d{{2}}[ -]?\d{{2}}[ -]?\d{{2}}[\s-]?[A-D]"
    rf"|(?-i:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ)[ -]?\d{{3}}[ -]\d{{3}}[ -]?(?-i:[A-D])){_FREE_AFTER}",
    re.IGNORECASE,
)
# The letter at the end is often left out.
_NI_BY_ITS_NAME = re.compile(
    r"\b(?:NI(?:NO)?|national insurance)\b[^\n\d]{0,20}?[ :]"
    rf"(?P<number>(?-i:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])(?:[ -]?\d{{2}}){{3}}){_FREE_AFTER}",
    re.IGNORECASE,
)
_NI_NEVER_GIVEN = frozenset({"BG", "GB", "NK", "KN", "NT", "TN", "ZZ"})
# What follows a stroke belongs to it: '07700 900123/4', '01632 960123/07700 900123'.
_PHONE = re.compile(
    rf"{_FREE_BEFORE}(?P<number>0[ ]7\d{{3}}[ ]?\d{{3}}[ ]?\d{{3}}|(?:\(?(?:\+|00)44\)?[\s-]?(?:\(0\)[\s-]?)?|\(?0)\d(?:[ \u00a0().-]{{0,2}}\d){{7,10}}"
    rf"|0\d{{2,4}}[ ]?[/–][ ]?\d{{3,4}}[ ]?\d{{3,4}}|447\d{{9}})"
    rf"(?:/\d{{1,4}}(?!\d)|/0\d(?:[ ]?\d){{8,9}})?{_FREE_AFTER}(?!-\w|\.\d)"
)
# With the number of the country, as phonenumbers knows them all; or as written in North America.
_ABROAD = re.compile(
    r"(?<![\w@/+-])(?<!\d[.,=])(?<![\s=(]\.)(?P<number>(?:\+|00)[1-9]\d{0,2}(?:[ \u00a0().-]{0,2}\d){5,14})(?![\w/+=]|-\w|\.\d)"
    r"|(?<![\w@/+-])(?:\([2-9]\d{2}\)[ ]?|[2-9]\d{2}-)[2-9]\d{2}-\d{4}(?![\w-])"
)
# Any number that stands directly after a word for a telephone.
_AFTER_TELEPHONE = re.compile(
    r"\b(?:(?:tele)?phone|tel|mobile|mob|cell|whatsapp|ring|call|text)(?:[ ](?:no|number))?(?:[ ](?:me|us"
    r"|her|him|them))?(?:[ ](?:on|at|is))?[ ]?[.:]{0,2}[ ]?(?P<number>\d(?:[ .-]{0,1}\d){7,11}|\d{3}-\d{4})(?![\w/+=]|[.-]\w)",
    re.IGNORECASE,
)
# No telephone, NHS or NI number has fewer, so near each other.
_SIX_DIGITS = re.compile(r"\d(?:\W{0,4}\d){5}")
# A row of digits in order is nobody's number.
_IN_ORDER = "01234567890123456789"
_MOBILE_IN_GROUPS = re.compile(r"07[ \u00a0.-]\d{3}[ \u00a0.-]\d{3}[ \u00a0.-]\d{3}")
_MOBILE_WITHOUT_0 = re.compile(rf"{_FREE_BEFORE}7\d{{3}}[ -]?\d{{3}}[ -]?\d{{3}}{_FREE_AFTER}")
_NHS_WORD = re.compile(r"\bNHS\b", re.IGNORECASE)
_TELEPHONE = re.compile(
    r"\b(?:(?:tele)?phone|tel|mobile|mob|cell|whatsapp|ring|call|text)\b", re.IGNORECASE
)
_INWARD = "[ABD-HJLNP-UW-Z]"
# A letter for nought, as it is often typed: 'SW1A OAA'.
_MISTYPED = re.compile(
    rf"{_FREE_BEFORE}[A-PR-UWYZ][A-HK-Y]?\d[\dA-Z]?[ ](?P<last>O{_INWARD}{{2}}){_FREE_AFTER}"
)
# In capitals also run together. Otherwise the two parts stand apart, and the second is no '2nd'.
# What follows a stroke belongs to it: 'LS6 2AB/LS6 2AD'.
_POSTCODE = re.compile(
    rf"{_FREE_BEFORE}(?:(?-i:(?:[A-PR-UWYZ]\d[\dA-HJKPSTUW]?|[A-PR-UWYZ][A-HK-Y]\d[\dABEHMNPRVWXY]?)"
    rf"(?:[ \u00a0]{{0,2}}|-(?!\d(?:ST|ND|RD|TH)\b))\d{_INWARD}{{2}}|GIR ?0AA)"
    r"|ZZ99[ \u00a0-]?\d[A-Z]{2}"
    rf"|(?:[BEGLMNSW]|[A-PR-UWYZ][A-HK-Y])\d[\dA-Z]?[ \u00a0]\d(?!(?:st|nd|rd|th|pp|hr|yr|ft|pt|up|by|ed|ha|yd|lb|gb|bn)\b){_INWARD}{{2}})"
    rf"(?:/[A-Z]{{1,2}}\d[\dA-Z]? ?\d[A-Z]{{2}}){{0,3}}{_FREE_AFTER}",
    re.IGNORECASE,
)
_AREAS = frozenset(
    [
        "ab",
        "al",
        "b",
        "ba",
        "bb",
        "bd",
        "bh",
        "bl",
        "bn",
        "br",
        "bs",
        "bt",
        "ca",
        "cb",
        "cf",
        "ch",
        "cm",
        "co",
        "cr",
        "ct",
        "cv",
        "cw",
        "da",
        "dd",
        "de",
        "dg",
        "dh",
        "dl",
        "dn",
        "dt",
        "dy",
        "e",
        "ec",
        "eh",
        "en",
        "ex",
        "fk",
        "fy",
        "g",
        "gl",
        "gu",
        "gy",
        "ha",
        "hd",
        "hg",
        "hp",
        "hr",
        "hs",
        "hu",
        "hx",
        "ig",
        "im",
        "ip",
        "iv",
        "ka",
        "kt",
        "kw",
        "ky",
        "l",
        "la",
        "ld",
        "le",
        "ll",
        "ln",
        "ls",
        "lu",
        "m",
        "me",
        "mk",
        "ml",
        "n",
        "ne",
        "ng",
        "nn",
        "np",
        "nr",
        "nw",
        "ol",
        "ox",
        "pa",
        "pe",
        "ph",
        "pl",
        "po",
        "pr",
        "rg",
        "rh",
        "rm",
        "s",
        "sa",
        "se",
        "sg",
        "sk",
        "sl",
        "sm",
        "sn",
        "so",
        "sp",
        "sr",
        "ss",
        "st",
        "sw",
        "sy",
        "ta",
        "td",
        "tf",
        "tn",
        "tq",
        "tr",
        "ts",
        "tw",
        "ub",
        "w",
        "wa",
        "wc",
        "wd",
        "wf",
        "wn",
        "wr",
        "ws",
        "wv",
        "yo",
        "ze",
        "zz",
        "gir",
        "bx",
        "je",
    ]
)
_PLATE = re.compile(
    rf"{_FREE_BEFORE}[A-HJ-PR-Y]{{2}}(?:0[2-9]|[1-9]\d)(?P<gap>[ \u00a0-]?)(?P<last>[A-HJ-PR-Z]{{3}}){_FREE_AFTER}",
    re.IGNORECASE,
)
# 'OK12 YOU': after a space these are words sooner than the end of a plate.
_THREE_LETTERS = """
all and any are but can day did end for get got had has her him his how its let may men new nor
not now off old one our out own per put ran saw say see set she the too two use was way who why
yes yet you
"""
_WORDS = frozenset(_THREE_LETTERS.split())
_OLD_PLATE = re.compile(
    rf"{_FREE_BEFORE}(?:[A-HJ-NPR-TV-Y]\d{{1,3}} ?[A-Z]{{3}}|[A-Z]{{3}} ?\d{{1,3}}[A-HJ-NPR-TV-Y]){_FREE_AFTER}"
)
# Of Ireland, France, Italy and Germany.
_PLATE_ABROAD = re.compile(
    rf"{_FREE_BEFORE}(?:\d{{2,3}}-[A-Z]{{1,2}}-\d{{1,6}}|[A-Z]{{2}}[- ]\d{{3}}[- ]?[A-Z]{{2}}"
    rf"|[A-ZÄÖÜ]{{1,3}}-[A-Z]{{1,2}}[ ]?\d{{2,4}}){_FREE_AFTER}"
)
_CAR = re.compile(
    r"\b(?:plates?|registration|reg|number ?plate|car|van|vehicle|taxi)\b", re.IGNORECASE
)
_NEAR = 60


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
    them; UK telephone numbers, those for drama among them, and others with the number of their
    country; UK postcodes, ZZ99 among them; full dates next to words of birth; vehicle plates
    (older forms only near a word for a car); driving licences, passports, bank accounts, addresses
    of devices and names in social media (`papers_and_accounts`); houses and coordinates
    (`locations`); numbers of cases, patients and the like (`labelled_numbers`). docs/identifiers.md shows them.
    Where two overlap the kind listed first stands. Hashes, Base64 and DOIs are none.
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
        yield Edit(found.start, found.end, f"[{CALLED[found.kind]}]", found.kind)


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
    if _AT.search(text):
        yield from (match.span() for match in _EMAIL.finditer(text))


def _nhs_numbers(text: str) -> Iterator[Span]:
    for match in _free(_NHS, text) if _SIX_DIGITS.search(text) else ():
        digits = re.sub(r"\D", "", match[0])
        in_order = digits in _IN_ORDER and not _is_near(_NHS_WORD, text, match)
        if len(set(digits)) > 1 and not in_order and nhs.is_valid(digits):
            yield match.span()


def _ni_numbers(text: str) -> Iterator[Span]:
    for match in _free(_NI, text) if _SIX_DIGITS.search(text) else ():
        if match[0][:2].upper() not in _NI_NEVER_GIVEN:
            yield match.span()
    yield from (match.span("number") for match in _NI_BY_ITS_NAME.finditer(text))


def _phones(text: str) -> Iterator[Span]:
    if not _SIX_DIGITS.search(text):
        return
    for match in _free(_PHONE, text):
        written = match["number"]
        if written.startswith("(") and written.count("(") > written.count(")"):
            written = written[1:]
        counted = _MOBILE_IN_GROUPS.fullmatch(written) or re.sub(r"\D", "", written) in _IN_ORDER
        if _is_possible(written) and not (counted and not _is_near(_TELEPHONE, text, match)):
            yield match.end("number") - len(written), match.end()
    for match in _ABROAD.finditer(text):
        if match["number"] is None or _is_possible(
            match["number"].replace("00", "+", match[0][0] == "0")
        ):
            yield match.span()
    for match in _free(_MOBILE_WITHOUT_0, text):
        if _is_near(_TELEPHONE, text, match):
            yield match.span()
    yield from (match.span("number") for match in _AFTER_TELEPHONE.finditer(text))


def _is_possible(written: str) -> bool:
    """Whether a telephone may have this number.

    Possible, not valid: the ranges kept for drama and for tests are never valid.
    """
    try:
        number = phonenumbers.parse(written, "GB")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number) and len(set(str(number.national_number))) > 1


def _postcodes(text: str) -> Iterator[Span]:
    for match in _free(_POSTCODE, text):
        area = re.match(r"[A-Za-z]+", match[0])
        if area and area[0].lower() in _AREAS:
            yield match.span()
    for match in _free(_MISTYPED, text):
        area = re.match(r"[A-Z]+", match[0])
        if area and area[0].lower() in _AREAS and match["last"].lower() not in _WORDS:
            yield match.span()


def _vehicle_plates(text: str) -> Iterator[Span]:
    for match in _free(_PLATE, text):
        in_capitals, near = match[0].isupper(), _is_near(_CAR, text, match)
        ends_in_a_word = match["gap"].isspace() and match["last"].lower() in _WORDS
        # Where one of the two says that it is a plate, the other must not say no.
        if (in_capitals and near) or ((in_capitals or near) and not ends_in_a_word):
            yield match.span()
    for pattern in (_OLD_PLATE, _PLATE_ABROAD):
        for match in _free(pattern, text):
            if _is_near(_CAR, text, match):
                yield match.span()


def _is_near(words: re.Pattern[str], text: str, match: re.Match[str]) -> bool:
    return bool(words.search(text, max(0, match.start() - _NEAR), match.end() + _NEAR))


_FINDERS: dict[str, Callable[[str], Iterator[Span]]] = {
    "email": _emails,
    "url": personal_addresses,
    "driving_licence": driving_licences,
    "bank_account": bank_accounts,
    "passport": passports,
    "network_address": network_addresses,
    "nhs_number": _nhs_numbers,
    "ni_number": _ni_numbers,
    "phone": _phones,
    "postcode": _postcodes,
    "date_of_birth": dates_of_birth,
    "vehicle_plate": _vehicle_plates,
    "social_media_name": handles,
    "location": locations,
    "reference_number": reference_numbers,
}
