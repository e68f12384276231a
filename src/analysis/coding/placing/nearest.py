"""Where words stand that are not at the position stated for them."""

from __future__ import annotations

from functools import cached_property

from analysis.coding.placing.folding import Folded, fold, fold_text

_MOST_PLACES = 1_000
_WIDTHS = (0, 20, 40, 80, 160, 320)


class Nearest:
    """Finds words in `text` by the place nearest to a position."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _folded(self) -> Folded:
        return fold(self._text)

    def place(self, words: str, near: int) -> tuple[int, int] | None:
        """The place of `words` (white space, quotes and dashes aside) that begins nearest to `near`.

        None where they are nowhere, and where two places are as near.
        """
        spans = [self._folded.span(*place) for place in self._places(fold_text(words))]
        ranked = sorted(spans, key=lambda span: abs(span[0] - near))[:2]
        if not ranked:
            return None
        tie = len(ranked) == 2 and abs(ranked[0][0] - near) == abs(ranked[1][0] - near)
        return None if tie else ranked[0]

    def between(
        self, before: str, words: str, after: str, start: int, end: int
    ) -> tuple[int, int] | None:
        """The one place of `words` that has `before` and `after` beside it, else None.

        `start` to `end`, where these words are said to stand, if they stand there to the letter.
        """
        if self._text[max(start - len(before), 0) : end + len(after)] == before + words + after:
            return start, end
        parts = [fold_text(part) for part in (before, words, after)]
        found = self._places("".join(parts))
        if not parts[1] or len(found) != 1:
            return None
        first = found[0][0] + len(parts[0])
        return self._folded.span(first, first + len(parts[1]))

    def context(self, start: int, end: int) -> tuple[str, str]:
        """As many words before and after a span as make it the only one of its kind.

        Up to 320 characters on each side; both are '' where the span alone is.
        """
        for width in _WIDTHS:
            around = self._text[max(start - width, 0) : end + width]
            if len(self._places(fold_text(around))) == 1:
                break
        return self._text[max(start - width, 0) : start], self._text[end : end + width]

    def _places(self, wanted: str) -> list[tuple[int, int]]:
        """Where `wanted`, folded as the text, stands in it."""
        places: list[tuple[int, int]] = []
        at = self._folded.text.find(wanted) if wanted else -1
        while at >= 0 and len(places) < _MOST_PLACES:
            places.append((at, at + len(wanted)))
            at = self._folded.text.find(wanted, at + 1)
        return places
