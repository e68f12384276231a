"""Raised numbers: which of them are marks of notes, and no part of the word before them."""

from __future__ import annotations

import re

_MARK = re.compile(r"\s*[\[(]?(?:\d{1,3}(?:\s?[,;–-]\s?\d{1,3}){0,9}|[*†‡§¶]{1,3})[\])]?\s*")
_WORD_OR_SENTENCE = re.compile(r"(?:[^\W\d_]{3}|[.,;:!?…”\"’'»)\]])\s?\Z")


def is_note_mark(before: str, raised: str) -> bool:
    """Tell whether `raised`, set higher than the text `before` it, is the number of a note.

    It follows a word or the end of a sentence; the 2 of 'm²' and the 3 of '10³' follow units and
    figures, and are read.
    """
    return bool(_MARK.fullmatch(raised) and _WORD_OR_SENTENCE.search(before[-8:]))
