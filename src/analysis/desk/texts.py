"""The clean texts that are read, and the reader's texts on which coded spans are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from analysis.cleaning import CleanText
from analysis.coding.placing.disguise import trimmed
from analysis.coding.placing.nearest import Nearest
from analysis.desk.coded import Coded
from analysis.files.problems import Problem, StudyError

Span = tuple[int, int]


@dataclass(frozen=True)
class Binding:
    """The words of a span in the reader's text, and as much around them as makes them unique."""

    quote: str = ""
    before: str = ""
    after: str = ""


class Texts:
    """Carries spans between what is read and what is kept, for the sources that are in use."""

    def __init__(self, clean: Mapping[str, CleanText]) -> None:
        self._clean = {source_id: _Text(text) for source_id, text in clean.items()}
        # The texts do not change here: what was placed once stays there.
        self._shown: dict[tuple[tuple[str, int, int], Binding], Span | str] = {}

    def __contains__(self, source_id: str) -> bool:
        return source_id in self._clean

    def text(self, source_id: str) -> str:
        """The clean text of a source."""
        return self._clean[source_id].clean.text

    def kept(self, source_id: str, start: int, end: int) -> Span:
        """The span of the reader's text that the clean `start` to `end` came from.

        Raises `StudyError` for a span outside the text, one without words, and one that holds
        only what cleaning put in.
        """
        text = self._clean.get(source_id)
        inside = text is not None and 0 <= start < end <= len(text.clean.text)
        if text is None or not inside or not text.clean.text[start:end].strip():
            raise StudyError(
                Problem(f"{source_id}, {start} to {end}", "no words", "words", "select some")
            )
        said = text.clean.text[start:end]
        start += len(said) - len(said.lstrip())
        span = text.clean.to_original(start, start + len(said.strip()))
        if isinstance(text.shown(*span), str):
            raise StudyError(
                Problem(
                    f"{source_id}, {start} to {end}",
                    "words that cleaning put in",
                    "words of the source",
                    "select words beside them, too",
                )
            )
        return span

    def shown(self, one: Coded, binding: Binding) -> Span | str:
        """Where a span stands in the clean text, or why it does not: as the pipeline places it."""
        known = one.key[:3], binding
        if known not in self._shown:
            self._shown[known] = self._place(one, binding)
        return self._shown[known]

    def _place(self, one: Coded, binding: Binding) -> Span | str:
        text = self._clean.get(one.source_id)
        if text is None:
            return "a source that is not in use"
        span = text.found(one, binding)
        return "these words are not in the source's text" if span is None else text.shown(*span)

    def binding(self, one: Coded) -> Binding:
        """The words by which a span is bound."""
        text = self._clean[one.source_id]
        quote = text.clean.original[one.start : one.end]
        return Binding(quote, *text.nearest.context(one.start, one.end))


@dataclass(frozen=True)
class _Text:
    clean: CleanText

    @cached_property
    def nearest(self) -> Nearest:
        return Nearest(self.clean.original)

    def shown(self, start: int, end: int) -> Span | str:
        return trimmed(self.clean, self.clean.to_clean(start, end))

    def found(self, one: Coded, binding: Binding) -> Span | None:
        """Where the words of a span stand in the reader's text, which may have been edited."""
        words = (binding.before, binding.quote, binding.after)
        if any(words[::2]) and (span := self.nearest.between(*words, one.start, one.end)):
            return span
        if self.clean.original[one.start : one.end] == binding.quote:
            return one.start, one.end
        return self.nearest.place(binding.quote, one.start)
