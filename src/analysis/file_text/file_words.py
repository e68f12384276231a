"""The words of a file, whatever its format, and whether it quotes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analysis.file_text import UNREAD, pieces_of
from analysis.file_text.encoding import text_of
from analysis.files.problems import StudyError
from analysis.text.folding import folded
from analysis.text.runs import (
    LENGTH,
    WORD,
    quotes,
    runs,
    words,
)


def is_copy(text: str, sought: frozenset[str]) -> bool:
    """Whether `text` is the text itself rather than one that quotes it: most of its runs are."""
    own = runs(text)
    return len(own & sought) > len(own) / 2


@dataclass(frozen=True)
class FileWords:
    """The words of a file, shown or hidden or packed; `whole` when there can be no others."""

    text: str
    whole: bool

    @classmethod
    def of(cls, data: bytes, name: str) -> FileWords:
        """The words of the content `data` of the file `name`; a broken file is searched as text."""
        plain = text_of(data)
        shown = data.decode("utf-8", "ignore") if plain is None else plain
        try:
            found = list(pieces_of(data, name))
        except StudyError:
            return cls(shown, plain is not None)
        whole = not any(piece.place.endswith(UNREAD) for piece in found)
        return cls(" ".join([*(piece.text for piece in found), shown]), whole)

    def quotes(self, sought: frozenset[str]) -> bool:
        """Whether the file has one of the runs `sought`."""
        return quotes(self.text, sought)

    @cached_property
    def joined(self) -> str:
        """The words in folded form with one space before and after each."""
        return f" {' '.join(words(self.text))} "


def file_quotes(data: bytes, name: str, sought: frozenset[str]) -> bool:
    """Whether the file `name` of content `data` shows one of the runs `sought`."""
    return bool(sought) and FileWords.of(data, name).quotes(sought)


def lines_that_quote(data: bytes, sought: frozenset[str]) -> list[int]:
    """The lines of a text on which a run begins; [1] where that cannot be told."""
    text = text_of(data) or ""
    form = folded(text)
    found_words = [(match[0], form.span(*match.span())[0]) for match in WORD.finditer(form.text)]
    found = {
        text.count("\n", 0, found_words[at][1]) + 1
        for at in range(len(found_words) - LENGTH + 1)
        if " ".join(word for word, _ in found_words[at : at + LENGTH]) in sought
    }
    return sorted(found) or [1]
