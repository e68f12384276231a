"""A memo's words as they may be published: passages as links, what is not published left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from analysis.claims.memos import NOT_FOR_RELEASE

_HEADING = re.compile(r"^#{1,6}[ \t]+")
_ENTRY = re.compile(r"^[-*+][ \t]+", re.MULTILINE)
_BLANK_LINES = re.compile(r"\n(?:[ \t]*\n)+")

# What the program says within a memo has this for an address, and leads nowhere.
OURS = "said by the program"
# Words with the address that they link to, '' for none.
Piece = tuple[str, str]
Line = tuple[Piece, ...]


@dataclass(frozen=True)
class Part:
    """A paragraph or a line of code, which is one line of pieces, or a list of several."""

    kind: Literal["words", "code", "list"]
    lines: tuple[Line, ...]


class MemoWords:
    """Reads memos for publication.

    `register`: every source, withdrawn ones too; `shown`: anchors of the evidence page
    ('q-int-06-12'). A source that is not active is nowhere named, nor are its passages.
    """

    def __init__(self, register: pd.DataFrame, shown: Set[str]) -> None:
        self._shown = shown
        self._active = dict(zip(register["source_id"], register["status"] == "active", strict=True))
        longest_first = sorted(map(re.escape, self._active), key=len, reverse=True)
        sources = "|".join(longest_first) or r"(?!)"
        self._named = re.compile(rf"(?<![\w-])({sources})(?:-(\d+))?(?![\w-])")
        passage = rf"(?:{sources})-\d+"
        self._passages_only = re.compile(rf"{passage}(?:,\s+{passage})*")

    def parts(self, memo: pd.Series) -> list[Part]:
        """The memo in order, its title and warnings apart, marks of headings taken off."""
        found = list(self._parts(str(memo["text"])))
        title = Part("words", (self._line(str(memo["title"])),))
        return found[1:] if found and memo["title"] and found[0] == title else found

    def plain(self, words: str) -> str:
        """`words` without the names of what is not published."""
        return "".join(said for said, _ in self._line(words))

    def _parts(self, text: str) -> Iterator[Part]:
        for block in _BLANK_LINES.split(text):
            words = block.strip()
            if not words or words.startswith(NOT_FOR_RELEASE):
                continue
            if all(line.startswith(("    ", "\t")) for line in block.strip("\n").split("\n")):
                yield Part("code", (self._line(words),))
            elif _ENTRY.match(words):
                entries = [entry.strip() for entry in _ENTRY.split(words) if entry.strip()]
                yield Part("list", tuple(self._entries(entries)))
            else:
                yield Part("words", (self._line(_HEADING.sub("", words)),))

    def _entries(self, entries: list[str]) -> Iterator[Line]:
        """The entries of a list; passages that are not published are counted at its end."""
        left_out = 0
        for entry in entries:
            if not self._passages_only.fullmatch(entry):
                yield self._line(entry)
                continue
            found = [(match[0], self._active[match[1]]) for match in self._named.finditer(entry)]
            kept = [self._linked(name) for name, active in found if active]
            left_out += len(found) - len(kept)
            if kept:
                yield tuple(p for piece in kept for p in ((", ", ""), piece))[1:]
        if left_out:
            passages = "passage that is" if left_out == 1 else "passages that are"
            yield ((f"and {left_out} {passages} not published", OURS),)

    def _line(self, words: str) -> Line:
        pieces: list[Piece] = []
        last = 0
        for match in self._named.finditer(words):
            pieces.append((words[last : match.start()], ""))
            if not self._active[match[1]]:
                unnamed = "a passage" if match[2] else "a source"
                pieces.append((f"[{unnamed} that is not published]", ""))
            else:
                pieces.append(self._linked(match[0]))
            last = match.end()
        return tuple(piece for piece in (*pieces, (words[last:], "")) if piece[0])

    def _linked(self, name: str) -> Piece:
        anchor = f"q-{name}"
        return name, f"evidence.html#{anchor}" if anchor in self._shown else ""
