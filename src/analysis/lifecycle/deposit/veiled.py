"""Texts of which only some words may be read, every place in them kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from analysis.text.words import count_words, word_spans

_SIGN = "x"
# What stands for anything that is no word at the edge of a coding: it joins no words, and is no
# mark of a speaker or of an address.
_NO_WORD = ","
# And for what joins the parts of one word.
_JOINS = "-"
_Span = tuple[int, int]


def veiled(
    text: str,
    passages: Iterable[_Span],
    shown: Sequence[_Span],
    coded: Sequence[_Span] = (),
) -> str:
    """`text` with the words of `passages` hidden, but for the spans `shown` (start, end).

    Between two edges of spans that are `shown` or `coded` a hidden stretch has as many words as it
    had and as many characters: every position and count is as before, and nothing is told of how
    long its words were. At such an edge a word, white space and anything else stay what they are,
    so that a coding does not begin or end elsewhere. What stands outside the passages (names of
    speakers, line ends) stays.
    """
    edges = sorted({place for span in (*shown, *coded) for place in span})
    open_at = bytearray(len(text))
    for start, end in shown:
        open_at[start:end] = b"\1" * (end - start)
    pieces, at = [], 0
    for start, end in sorted(passages):
        pieces.append(text[at:start])
        words = [(start + first, start + last) for first, last in word_spans(text[start:end])]
        cuts = [start, *(edge for edge in edges if start < edge < end), end]
        for begin, until in pairwise(cuts):
            if open_at[begin]:
                pieces.append(text[begin:until])
            else:
                own = [(max(a, begin), min(b, until)) for a, b in words if a < until and b > begin]
                pieces.append(_hidden(text, (begin, until), own, (start, end)))
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _hidden(text: str, stretch: _Span, words: Sequence[_Span], passage: _Span) -> str:
    """As many words as the stretch has, evenly long, at its length; white space at its ends stays."""
    part = text[slice(*stretch)]
    inner = part.strip()
    if not inner:
        return part
    start = stretch[0] + len(part) - len(part.lstrip())
    end = start + len(inner)
    before, after = text[stretch[0] : start], text[end : stretch[1]]
    counted = [span for span in words if count_words(text[slice(*span)])]
    if not counted:
        # Of a word cut at both edges there may be but what joins it: 'co|-|production'.
        return before + (_JOINS if words else _NO_WORD) * len(inner) + after
    words = counted
    # At the edges of the passage itself nobody counts what is no word.
    opening = _NO_WORD * (words[0][0] > start and start > passage[0])
    closing = _NO_WORD * (words[-1][1] < end and end < passage[1])
    letters = len(inner) - len(opening) - len(closing) - (len(words) - 1)
    each, over = divmod(letters, len(words))
    told = " ".join(_SIGN * (each + (place < over)) for place in range(len(words)))
    return before + opening + told + closing + after
