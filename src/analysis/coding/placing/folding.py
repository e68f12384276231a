"""A text without what programs change on the way: white space, quotes, dashes, hidden marks."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_ALIKE = {
    "‘’‚‛′´ʼ": "'",
    "“”„‟″«»": '"',
    "‐‑‒–—―−﹣－": "-",
}
_HIDDEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufffc"
_FOLDS: dict[int, str] = {
    **{ord(mark): plain for marks, plain in _ALIKE.items() for mark in marks},
    **dict.fromkeys(map(ord, _HIDDEN), ""),
    ord("…"): "...",
}


@dataclass(frozen=True)
class Folded:
    """A folded text, and for each of its characters the place in the text it came from."""

    text: str
    places: npt.NDArray[np.int64]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span of the unfolded text from whose characters `start` to `end` came."""
        return int(self.places[start]), int(self.places[end - 1]) + 1


def fold(text: str) -> Folded:
    """`text` in compatibility form without white space and hidden marks, quotes and dashes alike.

    Letters keep their case: a quotation is a copy, not a paraphrase.
    """
    if text.isascii():
        marks = np.frombuffer(text.encode("ascii"), dtype=np.uint8)
        return Folded("".join(text.split()), np.flatnonzero(~np.isin(marks, _ASCII_SPACE)))
    plain = [_FOLDED[ord(mark)] for mark in text]
    lengths = np.fromiter(map(len, plain), dtype=np.int64, count=len(plain))
    return Folded("".join(plain), np.repeat(np.arange(len(text)), lengths))


def fold_text(text: str) -> str:
    """The text of `fold(text)` alone."""
    return "".join(text.split()) if text.isascii() else text.translate(_FOLDED)


_ASCII_SPACE = [code for code in range(128) if chr(code).isspace()]


class _Folded(dict[int, str]):
    """What each character folds to, by its code point; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        plain = unicodedata.normalize("NFKD", chr(code).translate(_FOLDS)).translate(_FOLDS)
        self[code] = "".join(plain.split())
        return self[code]


_FOLDED = _Folded()
