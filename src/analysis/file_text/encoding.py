"""Bytes as text: the encoding decided from them, and escapes of scripts undone."""

from __future__ import annotations

import re

from analysis.reading.bounds import TEXT_LIMIT, UnreadableError
from analysis.reading.plain import decoded

_PAIR = re.compile(r"\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]{1,6})\}|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
_LAST = 0x10FFFF


def text_of(data: bytes) -> str | None:
    """`data` as text, in UTF-8, UTF-16, UTF-32 or cp1252; None when it is no text."""
    try:
        return decoded(data).text
    except UnreadableError:
        pass
    if len(data) <= TEXT_LIMIT:
        return None
    try:  # Longer than any evidence.
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def surely_text(data: bytes) -> str:
    """`data` as text even if some of it, or its length, is not as that of a text should be."""
    text = text_of(data)
    return data.decode("utf-8-sig", "replace") if text is None else text


def without_escapes(text: str) -> str:
    r"""`text` with `\u00e9`, `\u{e9}` and `\xe9`, as scripts and JSON write them, as letters."""
    return _ESCAPE.sub(_letter, _PAIR.sub(_of_pair, text)) if "\\" in text else text


def _of_pair(found: re.Match[str]) -> str:
    """The one letter that JSON writes as two, as UTF-16 does."""
    return bytes.fromhex(found[1] + found[2]).decode("utf-16-be")


def _letter(found: re.Match[str]) -> str:
    code = int(next(filter(None, found.groups())), 16)
    return chr(code) if code <= _LAST and not 0xD800 <= code < 0xE000 else found[0]
