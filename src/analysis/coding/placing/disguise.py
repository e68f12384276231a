"""Words that a project has with their names, found where a text has pseudonyms."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.cleaning import PseudonymKey, clean
from analysis.cleaning.edits import CleanText
from analysis.coding.placing.alignment import Alignment
from analysis.reading import Reading

# What a few words can be cleaned of; pages, captions and speakers are matters of a whole text.
_RULES = ("line_ends", "characters", "composed")


@dataclass(frozen=True)
class Disguised:
    """A project's text under the study's key, and where its words stand in the clean text."""

    text: CleanText
    clean: CleanText
    alignment: Alignment

    def spot(self, start: int, end: int, least_score: float) -> tuple[int, int] | str:
        """Where a span of the project's text stands in the clean text, or why it does not."""
        mine = self.text.to_clean(start, end)
        span = self.alignment.to_other(*mine, least_score) if mine else None
        if span is None:
            return "these words are not in the source's text"
        return trimmed(self.clean, span)


class Disguise:
    """Gives words the pseudonyms and marks that the texts of the study have."""

    def __init__(self, key: PseudonymKey | None) -> None:
        self._key = key
        self._known: dict[str, str] = {}

    def of(self, quote: str) -> str:
        """`quote` as it would stand in a clean text."""
        if quote not in self._known:
            self._known[quote] = self._cleaned(quote).text
        return self._known[quote]

    def alignment(self, text: str | None, clean_text: CleanText) -> Disguised | None:
        """A project's text beside the clean one; None where the project has no text of its own."""
        if text is None or self._key is None or text == clean_text.original:
            return None
        mine = self._cleaned(text)
        return Disguised(mine, clean_text, Alignment(mine.text, clean_text.text))

    def _cleaned(self, text: str) -> CleanText:
        return clean(Reading(text, "txt", "", ()), "document", _RULES, self._key)


def trimmed(clean_text: CleanText, span: tuple[int, int] | None) -> tuple[int, int] | str:
    """The span without white space at its ends, or why nothing is left of it."""
    words = clean_text.text[slice(*span)] if span else ""
    if span is None or not words.strip():
        return "all words of the span were removed in cleaning"
    start = span[0] + len(words) - len(words.lstrip())
    return start, start + len(words.strip())
