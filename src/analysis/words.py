"""What a word is: one definition for cleaning, counting and rates."""

from __future__ import annotations

import re

# Square brackets hold a transcriber's marks and replaced names ([pause], [hospital]).
# Round brackets hold a mark only when they begin as marks do, for speakers' asides and
# references in documents ('(DfE 2015)') are words of the text.
_SQUARE = r"\[[^\[\]\n]*\]"
_ROUND = (
    r"\(\s*(?:(?:short|long|brief|slight)\s+)?"
    r"(?:[\d:.,?…\s]*\)|(?:unclear|inaudible|indistinct|unintelligible|pause|silence|laugh|chuckl"
    r"|giggl|cry|crie|sob|sigh|cough|sniff|whisper|mumbl|overlap|cross-?talk|interrupt|applause"
    r"|phone|knock|door|background|noise|nod|smil|shrug|gestur|clears?\s+throat|\?)"
    r"[^()\n]*\))"
)
_LETTER = r"(?:[^\W_][\u0300-\u036f]*)"
_WORD = rf"{_LETTER}+(?:['’ʼ‑‐-]{_LETTER}+)*"
_MARK_OR_WORD = re.compile(rf"(?:{_SQUARE}|{_ROUND})|({_WORD})", re.IGNORECASE)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return the words of `text` as (start, end), half-open, in code points, in order.

    A word is a longest run of letters and digits, with apostrophes and hyphens inside it
    ("don't", "co-production", "9-year-old" are one word each), outside a transcriber's marks:
    anything in [square brackets] on one line, and round brackets that open with a mark
    ("(unclear)", "(long pause)", "(00:12)").
    """
    return [match.span(1) for match in _MARK_OR_WORD.finditer(text) if match.group(1)]


def count_words(text: str) -> int:
    """Return the number of words in `text`, as `word_spans` finds them."""
    return len(word_spans(text))
