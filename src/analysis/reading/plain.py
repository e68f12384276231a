"""Plain text and Markdown: the encoding decided once, from the bytes."""

from __future__ import annotations

import re

from analysis.reading.bounds import Extract, UnreadableError, bounded

_BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_NOT_IN_TEXT = bytes([*range(0x09), *range(0x0E, 0x20), 0x7F])
_CONTROLS_AT_MOST = 0.002
_KEEP_ASCII = frozenset({"utf-8", "utf-8-sig", "cp1252"})
_MISREAD = re.compile(r"[ÃÂ][\u0080-¿]|â€[\u0080-\u00ff\u2018-\u2122]")


def extract(data: bytes) -> Extract:
    """Return the text as it stands in the file, its line ends untouched."""
    return decoded(data)


def decoded(data: bytes) -> Extract:
    """Return `data` as text, and which encoding it is in.

    A byte order mark decides; without one, UTF-16 shows in every other byte being NUL, UTF-8 in
    being well-formed; the rest is cp1252, where five bytes have no meaning. Bytes that fit none,
    or that give control characters, are no text and refused.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(data, encoding)
    if b"\x00" in data and data.count(b"\x00") > len(data) // 4:
        low_first = data[1::2].count(b"\x00") >= data[::2].count(b"\x00")
        return _checked(data, "utf-16-le" if low_first else "utf-16-be")
    try:
        return _checked(data, "utf-8")
    except UnicodeDecodeError:
        return _checked(data, "cp1252")


def _checked(data: bytes, encoding: str) -> Extract:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        if encoding == "utf-8":
            raise
        raise _not_text() from error
    content = data if encoding in _KEEP_ASCII else text.encode("utf-8", "surrogatepass")
    controls = len(content) - len(content.translate(None, _NOT_IN_TEXT))
    if controls > _CONTROLS_AT_MOST * len(text):
        raise _not_text()
    mixed = encoding == "cp1252" and _MISREAD.search(text)
    notes = ("a mixture of UTF-8 and cp1252: look at accents and quotation marks",) if mixed else ()
    return Extract(bounded(text), encoding, notes)


def _not_text() -> UnreadableError:
    return UnreadableError(
        "bytes that are no text in UTF-8, UTF-16 or cp1252",
        "a text",
        "look whether it is the right file, or save it as UTF-8",
    )
