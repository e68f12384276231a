"""Numbers of papers, bank accounts and devices, and names in social media.

Every repetition in these patterns is bounded, so that the time grows with the length of the text.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from stdnum import iban, luhn

from analysis.text.lines import lines_with

Span = tuple[int, int]

_FREE_BEFORE = r"(?<![\w@/+-])(?<!\d\.)"
_FREE_AFTER = r"(?![\w/+=]|[.-]\w)"
# Five letters of the surname (9 where it has less), birth in six digits, initials, check letters.
_LICENCE = re.compile(
    rf"{_FREE_BEFORE}[A-Z][A-Z9]{{4}}[ -]?\d{{6}}[ -]?[A-Z9]{{2}}[ -]?[A-Z0-9][ -]?[A-Z]{{2}}"
    rf"(?:[ ]\d{{2}})?{_FREE_AFTER}",
    re.IGNORECASE,
)
_PASSPORT = re.compile(
    rf"{_FREE_BEFORE}(?:[A-Z]{{0,3}}\d{{6,9}}|(?=[A-Z]{{0,8}}\d)[A-Z0-9]{{8,9}}){_FREE_AFTER}",
    re.IGNORECASE,
)
_SORT_CODE = re.compile(rf"{_FREE_BEFORE}\d{{2}}[ –-]?\d{{2}}[ –-]?\d{{2}}{_FREE_AFTER}")
_ACCOUNT = re.compile(rf"{_FREE_BEFORE}\d{{4}}[ -]?\d{{4}}{_FREE_AFTER}")
_IBAN = re.compile(
    rf"{_FREE_BEFORE}[A-Z]{{2}}\d{{2}}(?:[ ]?[A-Z0-9]{{4}}){{2,7}}(?:[ ]?[A-Z0-9]{{1,3}})?{_FREE_AFTER}",
    re.IGNORECASE,
)
_CARD = re.compile(
    rf"{_FREE_BEFORE}\d{{4}}(?P<gap>[ -]?)\d{{4}}(?P=gap)\d{{4}}(?P=gap)\d{{4}}{_FREE_AFTER}"
    rf"|{_FREE_BEFORE}3[47]\d{{2}}[ -]?\d{{6}}[ -]?\d{{5}}{_FREE_AFTER}"
)
_BOTH = re.compile(rf"{_FREE_BEFORE}\d{{2}}-\d{{2}}-\d{{2}}[ ,]{{1,2}}\d{{8}}{_FREE_AFTER}")
_IP4 = re.compile(r"(?<!\w)(?<!\d\.)\d{1,3}(?:\.\d{1,3}){3}(?![\w]|\.\w)")
_IP6 = re.compile(
    r"(?<!\w)[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}(?<!:)(?![\w:])"
    r"|(?<![\w:])::(?:[0-9a-f]{1,4}:){0,6}[0-9a-f]{1,4}(?![\w:])",
    re.IGNORECASE,
)
_MAC = re.compile(
    r"(?<![\w-])[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}(?![\w:-])"
    r"|(?<![\w.])(?=[\d.]{0,12}[a-f])(?=[a-f.]{0,12}\d)[0-9a-f]{4}(?:\.[0-9a-f]{4}){2}(?![\w.])",
    re.IGNORECASE,
)
# Not the cross-references of papers, '@fig-cases'.
_HANDLE = re.compile(
    r"(?<![\w@＠/])[@＠](?!(?:fig|tbl|sec|eq|lst)\b)(?=[\d._]{0,29}[^\W\d_])\w[\w.]{1,29}(?<!\.)(?![\w@])"
)
_ON_REDDIT = re.compile(r"(?<![\w/.])/?u/[A-Za-z0-9_-]{3,20}(?![\w/-])")
_ON_DISCORD = re.compile(
    r"\bdiscord\b[^\n]{0,20}?[ ](?P<name>[\w.]{2,32}#\d{4})(?!\w)", re.IGNORECASE
)
_AFTER_A_SERVICE = re.compile(
    r"\b(?:instagram|insta|snapchat|snap|tiktok|twitter|facebook|discord|telegram|xbox|psn|skype"
    r"|handle|user ?name)(?:[ ](?:name|handle|account|id))?(?:[ ]is)?[ ]?[:=]?[ ]"
    r"(?P<name>(?=[^\W_]{0,29}[\d_.][^\W_])\w[\w.]{2,29}(?<!\.))(?![\w@])",
    re.IGNORECASE,
)
# What these stand for is on no line without: six digits in a row or in twos, parts of addresses.
_SIX_DIGITS = re.compile(r"\d\d(?:[ –-]?\d\d){2}")
_PART_OF_IP4 = re.compile(r"\.\d{1,3}\.")
_PART_OF_IP6 = re.compile(r":[0-9a-f]{0,4}:", re.IGNORECASE)
_PART_OF_MAC = re.compile(r"[:.-][0-9a-f]{2,4}[:.-]", re.IGNORECASE)
_SERVICES = """
insta snap tiktok twitter facebook discord telegram xbox psn skype handle username
"""
_A_SERVICE = (*_SERVICES.split(), "user name")
_BEFORE = 40
# In English and other languages of Europe.
PASSPORT = r"passports?|passeport|reisepass|pasaporte|passaporto|paszport|paspoort"
_A_PASSPORT = re.compile(rf"\b(?:{PASSPORT})\b", re.IGNORECASE)
_OF_A_PASSPORT = re.compile(rf"\b(?:{PASSPORT})\b[^\n]*\Z", re.IGNORECASE)
_OF_A_SORT_CODE = re.compile(r"\b(?:sort[ -]?code|s/c)\b[^\n]*\Z", re.IGNORECASE)
_OF_AN_ACCOUNT = re.compile(r"\b(?:account|acct?|a/c)\b[^\n]*\Z", re.IGNORECASE)
_OF_A_LICENCE = re.compile(r"\blicen[cs]e\b", re.IGNORECASE)
_OF_AN_ADDRESS = re.compile(r"\bIP\b", re.IGNORECASE)
_OF_A_VERSION = re.compile(
    r"\b(?:v|version|section|release|clause|item|chapter)\.?[ ]?\Z", re.IGNORECASE
)
# Numbers of chapters are as small as this; those of networks seldom.
_SMALL = 20


def driving_licences(text: str) -> Iterator[Span]:
    """Numbers of British driving licences, in capitals, or near the word."""
    for line in lines_with(_SIX_DIGITS, text):
        for match in _LICENCE.finditer(text, *line):
            around = text[max(0, match.start() - _BEFORE) : match.end() + _BEFORE]
            if match[0].isupper() or _OF_A_LICENCE.search(around):
                yield match.span()


def passports(text: str) -> Iterator[Span]:
    """Numbers of six to nine digits, up to three letters before them, after 'passport'."""
    if _A_PASSPORT.search(text):
        yield from _after(_OF_A_PASSPORT, _PASSPORT, text, (0, len(text)))


def bank_accounts(text: str) -> Iterator[Span]:
    """Sort codes and account numbers after these words; IBANs and card numbers that check."""
    lines = list(lines_with(_SIX_DIGITS, text))
    for line in lines:
        yield from (match.span() for match in _BOTH.finditer(text, *line))
        yield from _after(_OF_A_SORT_CODE, _SORT_CODE, text, line)
        yield from _after(_OF_AN_ACCOUNT, _ACCOUNT, text, line)
    yield from (match.span() for match in _IBAN.finditer(text) if iban.is_valid(match[0]))
    for line in lines:
        for match in _CARD.finditer(text, *line):
            if luhn.is_valid(re.sub(r"\D", "", match[0])) and match[0].strip("0 -"):
                yield match.span()


def network_addresses(text: str) -> Iterator[Span]:
    """Addresses of devices: IPv4, IPv6 and MAC; '1.2.3.4' alone may be a chapter."""
    for line in lines_with(_PART_OF_IP4, text):
        for match in _IP4.finditer(text, *line):
            parts = [int(part) for part in match[0].split(".")]
            before = text[max(0, match.start() - _BEFORE) : match.start()]
            told = bool(_OF_AN_ADDRESS.search(before)) or max(parts) >= _SMALL
            if max(parts) <= 255 and told and not _OF_A_VERSION.search(before):
                yield match.span()
    for line in lines_with(_PART_OF_IP6, text):
        for match in _IP6.finditer(text, *line):
            if ("::" in match[0] or match[0].count(":") == 7) and _is_ip6(match[0]):
                yield match.span()
    for line in lines_with(_PART_OF_MAC, text):
        yield from (match.span() for match in _MAC.finditer(text, *line))


def handles(text: str) -> Iterator[Span]:
    """'@name', and after the name of a service a word with a digit, full stop or underscore."""
    if "@" in text or "＠" in text:
        yield from (match.span() for match in _HANDLE.finditer(text))
    if "u/" in text:
        yield from (match.span() for match in _ON_REDDIT.finditer(text))
    folded = text.casefold()
    if any(service in folded for service in _A_SERVICE):
        yield from (match.span("name") for match in _ON_DISCORD.finditer(text))
        yield from (match.span("name") for match in _AFTER_A_SERVICE.finditer(text))


def _is_ip6(written: str) -> bool:
    try:
        ipaddress.IPv6Address(written)
    except ValueError:
        return False
    return any(letter.isalnum() for letter in written)


def _after(
    words: re.Pattern[str], number: re.Pattern[str], text: str, within: Span
) -> Iterator[Span]:
    """Where a `number` stands `within` a part of `text`, in reach of `words` on its line."""
    for match in number.finditer(text, *within):
        if words.search(text, max(0, match.start() - _BEFORE), match.start()):
            yield match.span()
