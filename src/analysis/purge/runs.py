"""Runs of five words: what shows that a text is quoted, whatever file quotes it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from analysis.file_text import pieces_of
from analysis.problems import StudyError

LENGTH = 5
_WORD = re.compile(r"[^\W_]+")


def runs(text: str) -> set[str]:
    """Every run of five words of `text`, in lower case, without marks between the words."""
    words = [word.casefold() for word in _WORD.findall(text)]
    return {" ".join(words[at : at + LENGTH]) for at in range(len(words) - LENGTH + 1)}


def only_in(texts: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """The runs of `texts` that none of the `others` has."""
    own = {run for text in texts for run in runs(text)}
    for other in others:
        own -= runs(other)
    return frozenset(own)


def quotes(text: str, sought: frozenset[str]) -> bool:
    """Whether `text` has one of the runs `sought`."""
    return bool(sought) and not sought.isdisjoint(runs(text))


def file_quotes(data: bytes, name: str, sought: frozenset[str]) -> bool:
    """Whether the file `name` of content `data` has one of the runs, shown or hidden or packed.

    A broken file is searched as plain bytes.
    """
    if not sought:
        return False
    try:
        words = " ".join(piece.text for piece in pieces_of(data, name))
    except StudyError:
        words = ""
    return quotes(words, sought) or quotes(data.decode("utf-8", "ignore"), sought)


def lines_that_quote(path: Path, sought: frozenset[str]) -> list[int]:
    """The lines of a text file on which a run begins; [1] where that cannot be told."""
    text = path.read_bytes().decode("utf-8", "replace")
    words = [(match[0].casefold(), match.start()) for match in _WORD.finditer(text)]
    found = {
        text.count("\n", 0, words[at][1]) + 1
        for at in range(len(words) - LENGTH + 1)
        if " ".join(word for word, _ in words[at : at + LENGTH]) in sought
    }
    return sorted(found) or [1]
