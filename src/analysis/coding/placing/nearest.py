"""Where words stand that are not at the position stated for them."""

from __future__ import annotations

from functools import cached_property

from analysis.coding.placing.folding import Folded, fold, fold_text

_MOST_PLACES = 1_000


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
        wanted = fold_text(words)
        if not wanted:
            return None
        spans: list[tuple[int, int]] = []
        at = self._folded.text.find(wanted)
        while at >= 0 and len(spans) < _MOST_PLACES:
            spans.append(self._folded.span(at, at + len(wanted)))
            at = self._folded.text.find(wanted, at + 1)
        ranked = sorted(spans, key=lambda span: abs(span[0] - near))[:2]
        if not ranked:
            return None
        tie = len(ranked) == 2 and abs(ranked[0][0] - near) == abs(ranked[1][0] - near)
        return None if tie else ranked[0]
