"""Words that are nearly a name of the key: misspelt, one part of it, or its initials."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from analysis.cleaning.candidates import Candidate, candidate
from analysis.cleaning.pseudonyms import Entry, PseudonymKey
from analysis.text.folding import fold

# Shorter words are one edit from too many others.
_SHORTEST = 4
_WORD = re.compile(r"[^\W\d_]+")
_INITIALS = re.compile(
    r"(?<![^\W_])(?:[^\W\d_]\.[ ]?){2,4}(?![^\W_])|(?<![^\W_])[^\W\d_]{2,4}(?![^\W_])"
)
_BRACKETED = re.compile(r"\[[^\[\]\n]{1,80}\]")
_PERSON = "person"


def with_near_names(found: Sequence[Candidate], text: str, key: PseudonymKey) -> list[Candidate]:
    """Add to the candidates `found` in the clean `text` the words that are nearly a name of `key`.

    Near is a word with a capital, of four letters or more, that is one edit (a letter more, less,
    other, or two in another order) from a word of a person's name, or is such a word alone; and
    the initials of a person's name of several words, in capitals. A word that the text has in
    small letters too is an ordinary one. Each word once, where it stands first. Private matter.
    """
    near = _near(key.entries)
    if not near.parts and not near.initials:
        return list(found)
    brackets = [match.span() for match in _BRACKETED.finditer(text)]
    taken = [*brackets, *((one.start, one.end) for one in found)]
    ordinary = {word for word in _WORD.findall(text) if word.islower()}
    added: dict[str, Candidate] = {}
    for start, end, cue in near.places(text, ordinary):
        word = text[start:end]
        free = not any(first < end and start < last for first, last in taken)
        if free and word not in added:
            added[word] = candidate(text, start, end, cue)
    return sorted([*found, *added.values()])


class _Near:
    """The words and initials of the persons in a key, and what is one letter short of a word."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        names = [
            _WORD.findall(fold(entry.find))
            for entry in entries
            if entry.kind.casefold() == _PERSON and not entry.common_word
        ]
        self.parts = {word for name in names for word in name if len(word) >= _SHORTEST}
        self.initials = {"".join(word[0] for word in name) for name in names if len(name) > 1}
        self._short: dict[str, set[str]] = {}
        for word in self.parts:
            for short in _shortened(word):
                self._short.setdefault(short, set()).add(word)

    def places(self, text: str, ordinary: set[str]) -> Iterator[tuple[int, int, str]]:
        """Where words of `text` are near, and in what way."""
        known: dict[str, str] = {}
        for match in _WORD.finditer(text):
            word = match[0]
            if not word[0].isupper() or word.lower() in ordinary:
                continue
            if word not in known:
                known[word] = self._cue(fold(word))
            if known[word]:
                yield *match.span(), known[word]
        for match in _INITIALS.finditer(text):
            letters = "".join(_WORD.findall(match[0]))
            if letters.isupper() and fold(letters) in self.initials:
                yield match.start(), match.start() + len(match[0].rstrip()), "initials of a name"

    def _cue(self, word: str) -> str:
        if word in self.parts:
            return "part of a name"
        if len(word) < _SHORTEST:
            return ""
        alike = {one for short in _shortened(word) for one in self._short.get(short, ())}
        near = any(OSA.distance(word, one, score_cutoff=1) <= 1 for one in alike)
        return "nearly a name" if near else ""


@lru_cache(maxsize=2)
def _near(entries: tuple[Entry, ...]) -> _Near:
    return _Near(entries)


def _shortened(word: str) -> set[str]:
    """The word, and the word without one of its letters: words one edit apart share one."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}
