"""Rules on single characters: line ends, Unicode, white space."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from analysis.cleaning.about import About
from analysis.cleaning.edits import Edit

_LINE_ENDS = re.compile("\r\n|[\r\v\x85\u2028\u2029]")
_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
}
_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN = re.compile(
    f"(?P<space>[{_SPACES}])"
    "|(?P<soft>\u00ad)"
    "|(?P<zero>[\u200b\u2060\ufeff\u200e\u200f\u202a-\u202e\u2066-\u2069])"
    # Joiners belong to some scripts and to emoji; between Latin letters they are debris.
    "|(?P<joiner>(?<=[\x20-\u024f])[\u200c\u200d]+(?=[\x20-\u024f]|$))"
    "|(?P<ligature>[\ufb00-\ufb06])"
    "|(?P<control>[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f])"
    "|(?P<hyphen>\u2011)"
)
_REASONS = {
    "space": "no-break or odd space",
    "soft": "soft hyphen",
    "zero": "zero-width character",
    "joiner": "zero-width character",
    "ligature": "ligature",
    "control": "control character",
    "hyphen": "no-break hyphen",
}
_BLANKS = re.compile(r"^[ \t\n\f]+|[ \t\f]*[\n\f][ \t\n\f]*|[ \t]+$|[ \t]{2,}|\t")


def line_ends(text: str, about: About) -> Iterator[Edit]:
    """CRLF, CR, vertical tabs, U+0085, U+2028 and U+2029 become a line feed."""
    for match in _LINE_ENDS.finditer(text):
        yield Edit(*match.span(), "\n", "line end")


def characters(text: str, about: About) -> Iterator[Edit]:
    """Odd spaces become spaces, ligatures letters; what cannot be seen goes. Quotes stay."""
    for match in _UNSEEN.finditer(text):
        kind = match.lastgroup or ""
        new = {"space": " ", "hyphen": "-", "ligature": _LIGATURES.get(match[0], "")}.get(kind, "")
        yield Edit(*match.span(), new, _REASONS[kind])


def composed(text: str, about: About) -> Iterator[Edit]:
    """Letters and their accents become one character where there is one (Unicode form C)."""
    if unicodedata.is_normalized("NFC", text):
        return
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or not _leans_on_the_one_before(text[end]):
            cluster = text[start:end]
            if not cluster.isascii() and not unicodedata.is_normalized("NFC", cluster):
                yield Edit(start, end, unicodedata.normalize("NFC", cluster), "decomposed letter")
            start = end


def _leans_on_the_one_before(character: str) -> bool:
    """Tell whether form C may join `character` to what stands before it."""
    if character < "\u0300":
        return False
    # Vowels and final consonants of Hangul are letters, yet compose.
    return unicodedata.category(character)[0] == "M" or "\u1160" <= character <= "\u11ff"


def white_space(text: str, about: About) -> Iterator[Edit]:
    """One line a paragraph, one space between words, nothing at the edges; pages are lines."""
    for match in _BLANKS.finditer(text):
        at_edge = match.start() == 0 or match.end() == len(text)
        new = "" if at_edge else "\n" if re.search(r"[\n\f]", match[0]) else " "
        yield Edit(*match.span(), new, "white space")
