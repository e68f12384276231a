"""Texts of which only some words may be read, every place in them kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from analysis.text.words import count_words

_SIGN = "x"


def veiled(text: str, passages: Iterable[tuple[int, int]], shown: Sequence[tuple[int, int]]) -> str:
    """`text` with the words of `passages` hidden, but for the spans `shown` (start, end).

    A hidden stretch has as many words as it had and as many characters, all of them x: every
    position counts as before, and nothing is told of how long its words were. What stands outside
    the passages (names of speakers, line ends) stays.
    """
    open_at = bytearray(len(text))
    for start, end in shown:
        open_at[start:end] = b"\1" * (end - start)
    pieces, at = [], 0
    for start, end in sorted(passages):
        pieces.append(text[at:start])
        begin = start
        while begin < end:
            is_shown = open_at[begin]
            until = begin
            while until < end and open_at[until] == is_shown:
                until += 1
            part = text[begin:until]
            pieces.append(part if is_shown else _hidden(part))
            begin = until
        at = end
    pieces.append(text[at:])
    return "".join(pieces)


def _hidden(stretch: str) -> str:
    """As many words as `stretch` has, evenly long, at its length; white space at its ends stays."""
    inner = stretch.strip()
    if not inner:
        return stretch
    before = stretch[: len(stretch) - len(stretch.lstrip())]
    after = stretch[len(stretch.rstrip()) :]
    length = len(inner)
    number = max(1, min(count_words(inner), (length + 1) // 2))
    letters = length - (number - 1)
    each, over = divmod(letters, number)
    words = [_SIGN * (each + (place < over)) for place in range(number)]
    return before + " ".join(words) + after
