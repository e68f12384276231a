"""Runs of five words: what shows that a text is quoted, and whose words they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from analysis.text.folding import fold

LENGTH = 5
WORD = re.compile(r"[^\W_]+")
# Words divided at a line's end and marks within words; else small letters are folding enough.
_FOLDS_OTHERWISE = re.compile(r"[-<\x00-\x08\x0e-\x1f\x7f](?:(?<!-)|\s)")
# What a reference prints of a published work; notes and abstracts are the authors' to fill.
_PRINTED = re.compile(
    r"\b(?:title|subtitle|booktitle|booksubtitle|maintitle|journal|journaltitle|series|publisher"
    r"|institution|organization|school|eventtitle)\s*=\s*"
    r"(?:\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}|\"([^\"]*)\")",
    re.IGNORECASE,
)


# A purge asks of one file after another whether it quotes this, and that, and whom else.
@lru_cache(maxsize=32)
def words(text: str) -> tuple[str, ...]:
    """The words of `text` in folded form (`text.folding`), without the marks between them."""
    plain = text.isascii() and not _FOLDS_OTHERWISE.search(text)
    return tuple(WORD.findall(text.lower() if plain else fold(text)))


def runs(text: str) -> set[str]:
    """Every run of five words of `text`, in lower case, without marks between the words."""
    own = words(text)
    return {" ".join(own[at : at + LENGTH]) for at in range(len(own) - LENGTH + 1)}


def only_in(texts: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """The runs of `texts` that none of the `others` has."""
    own = {run for text in texts for run in runs(text)}
    for other in others:
        own -= runs(other)
    return frozenset(own)


def quotes(text: str, sought: frozenset[str]) -> bool:
    """Whether `text` has one of the runs `sought`."""
    return bool(sought) and not sought.isdisjoint(runs(text))


def published_words(reports: Path) -> Iterator[str]:
    """Titles and the like of the works in the authors' references."""
    for file in sorted(reports.glob("*.bib")):
        for braced, quoted in _PRINTED.findall(file.read_text(encoding="utf-8", errors="replace")):
            # A letter may stand in braces, an accent behind a backslash.
            yield re.sub(r"[{}]|\\\W", "", braced or quoted)
