"""What a word is: one definition for cleaning, counting and rates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain

# Square and curly brackets hold a transcriber's marks and replaced names ([pause], {sic}).
# Round brackets, angles and stars hold a mark only when they begin as marks do, for speakers'
# asides and references in documents ('(DfE 2015)') are words of the text.
_SQUARE = r"\[[^\[\]\n]*\]|\{[^{}\n]*\}"
_SOUND = (
    r"(?:unclear|inaudible|indistinct|unintelligible|pause|silence|laugh|chuckl|giggl|cry|crie"
    r"|sob|sigh|cough|sniff|whisper|mumbl|overlap|cross-?talk|interrupt|applause|phone|knock|door"
    r"|background|noise|nod|smil|shrug|gestur|clears?\s+throat)"
)
# '(both laugh)', '(interviewer nods)', '(P2 sighs)': who makes the sound, and a verb of it.
_WHO = (
    r"(?:(?:both|all|everyone|they|he|she|the|interviewer|interviewee|participant|respondent|moderator"
    r"|facilitator|researcher|speaker|group|[a-z]\w{0,2}\d{1,3}|mobile|tele)\s+){1,2}"
)
_DONE = (
    r"(?:(?:laugh|chuckl|giggl|cry|crie|sob|sigh|cough|sniff|whisper|mumbl|nod|smil|shrug|gestur|ring"
    r"|buzz|interrupt|paus)|phone\s+ring|clears?\s+throat)"
)
_MARK = (
    r"(?:(?:short|long|brief|slight)\s+)?"
    rf"(?:{_SOUND}[^()<>*\n]*|{_WHO}{_DONE}[^()<>*\n]*|\?[^()<>*\n]*|sic\b[^()<>*\n]*"
    r"|[\d:.,?…\s]{0,40}(?:\d\s?(?:seconds?|secs?|s|minutes?|mins?)\s?)?)"
)
_ROUND = rf"\(\s?{_MARK}\)|<\s?{_MARK}>|\*\s?{_SOUND}[^()<>*\n]{{0,40}}\*"


def _ranges(characters: Iterable[str]) -> str:
    """Return `characters`, which are in order, as the inside of a character class."""
    found: list[list[str]] = []
    for character in characters:
        if found and ord(character) == ord(found[-1][1]) + 1:
            found[-1][1] = character
        else:
            found.append([character, character])
    return "".join(f"{first}-{last}" for first, last in found)


# Vowel signs, points and accents go with the letter before them, and so do the joiners of a word.
_WITH_SIGNS = (
    range(0x300, 0x3100),
    range(0xA660, 0xAC00),
    range(0xFB1E, 0xFE30),
    range(0x10A00, 0x12000),
)
_ASSIGNED = map(chr, chain.from_iterable(_WITH_SIGNS))
_SIGNS = _ranges(sign for sign in _ASSIGNED if unicodedata.category(sign)[0] == "M")
_LETTERS = rf"[^\W_]+(?:[{_SIGNS}\u200c\u200d]+[^\W_]*)*"
_WORD = rf"{_LETTERS}(?:['’ʼ‑‐-]{_LETTERS})*"
_MARK_OR_WORD = re.compile(rf"(?:{_SQUARE}|{_ROUND})|({_WORD})", re.IGNORECASE)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return the words of `text` as (start, end), half-open, in code points, in order.

    A word is a longest run of letters and digits, with apostrophes and hyphens inside it
    ("don't", "co-production", "9-year-old" are one word each), outside a transcriber's marks:
    anything in [square] or {curly brackets} on one line, and round brackets, <angles> and
    *stars* that open with a mark ("(unclear)", "(long pause)", "(both laugh)", "(00:12)",
    "(3 seconds)", "<laughs>", "*sighs*").
    """
    return [match.span(1) for match in _MARK_OR_WORD.finditer(text) if match.group(1)]


def count_words(text: str) -> int:
    """Return the number of words in `text`, as `word_spans` finds them."""
    return sum(map(bool, _MARK_OR_WORD.findall(text)))
