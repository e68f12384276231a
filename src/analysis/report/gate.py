"""The leak gate: no name of the pseudonym key, and nothing that points at a person, goes out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from analysis.cleaning.identifiers import find_identifiers
from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.file_text import Piece, pieces
from analysis.problems import Problem

# Files whose words come from sources: searched by the detectors too. The paper's own prose may
# hold an address or a telephone number of its authors; what it quotes stands on these pages.
DERIVED = (
    "evidence.html", "source-*.html", "codebook.html", "notebooks/*", "*.ipynb", "*.svg", "*.png",
    "*.csv", "*.xlsx",
)  # fmt: skip

_WORD = re.compile(r"[^\W_]+")
_HIDDEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_ANY_HIDDEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_JOINTS = str.maketrans("-_+./", "     ")
# A DOI may hold an author's name, and packed data anything.
_NO_WORDS = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+|[A-Za-z0-9+/]{60,}={0,2}")
# What every direct identifier has in it: cheaper to look for than for each of them.
_PERHAPS = re.compile(
    r"@|://|www\.|\.\w{2,7}/|(?<![A-Za-z])[A-Za-z]{1,2}\d|[A-Z]{3} ?\d|GIR|\d(?:[\s().-]{0,4}\d){5}"
    r"|(?i:\bborn|\bbirth|\bd\.?\s?o\.?\s?b\b)"
)
# Where words of sources can stand; programs sign their files elsewhere, with addresses.
_SHOWN = re.compile(
    r"(?:^|, )(?:text|row|page|line|cell|attribute (?:alt|title|aria-label|content|value|data-))"
)
# A sample whose letters were masked keeps the shape of what it hides (`cleaning.samples`).
_MASKED = re.compile(r"[xX0\W_]*")
_SEARCHED_FOR = "nothing that names or points at a person"


@dataclass
class _Found:
    """What one file holds of one kind: where first, and how often."""

    place: str
    count: int = 0


@dataclass
class _Search:
    """Searches one file; remembers what it found by description."""

    key: PseudonymKey
    found: dict[tuple[str, str], _Found] = field(default_factory=dict)

    def _add(self, what: str, remedy: str, place: str) -> None:
        self.found.setdefault((what, remedy), _Found(place)).count += 1

    def names(self, searched: Sequence[Piece]) -> None:
        """Look for names of the key; a word count of the whole decides which are worth it."""
        spelled = {
            word.casefold() for word in set(_WORD.findall("\n".join(p.text for p in searched)))
        }
        possible = [
            (entry, [word.casefold() for word in _WORD.findall(entry.find)])
            for entry in self.key.entries
        ]
        possible = [(entry, words) for entry, words in possible if spelled.issuperset(words)]
        if not possible:
            return
        firsts = {words[0] for _, words in possible}
        key = PseudonymKey(tuple(entry for entry, _ in possible))
        for piece in searched:
            lower = piece.text.casefold()
            if any(first in lower for first in firsts):
                for text in _tellings(piece):
                    for hit in key.find_names(text):
                        entry = hit.entry
                        self._add(
                            f"a name of the pseudonym key (its line {entry.line}; {entry.kind})",
                            "take it out of the register, memo, codebook or page it comes from; "
                            "in a source's text, clean that source again",
                            piece.place,
                        )

    def identifiers(self, searched: Iterable[Piece]) -> None:
        """Look for telephone numbers, addresses and the like."""
        for piece in searched:
            if _PERHAPS.search(piece.text) and _SHOWN.search(piece.place):
                for found in find_identifiers(piece.text):
                    if _MASKED.fullmatch(piece.text[found.start : found.end]):
                        continue
                    self._add(
                        f"what looks like a {found.kind.replace('_', ' ')}",
                        "clean the source again, or take it out of where it was written",
                        piece.place,
                    )


def leaks(
    folder: Path,
    key: PseudonymKey | None,
    derived: Sequence[str] = DERIVED,
    also: Iterable[Path] = (),
) -> list[Problem]:
    """Search every file of `folder`, and the files `also`, for what must not be published.

    Everything is searched for the names of `key`; files whose name below `folder` fits a pattern
    of `derived` also for direct identifiers (`cleaning.identifiers`). One problem tells a file,
    the first place, the kind and how often; the words themselves are never repeated. Packed data,
    hashes and DOIs are no words. Raises StudyError when a file cannot be read.
    """
    key = key or PseudonymKey(())
    named = [
        (file.relative_to(folder).as_posix(), file)
        for file in sorted(folder.rglob("*")) if file.is_file()
    ]  # fmt: skip
    named += [(file.name, file) for file in also]
    problems = []
    for name, file in named:
        search = _Search(key)
        searched = [Piece("name of the file", name)]
        searched += [plain for piece in pieces(file) if (plain := _plain(piece)).text]
        search.names(searched)
        if any(fnmatch(name, pattern) for pattern in derived):
            search.identifiers(searched)
        problems += [
            Problem(_masked(f"{name}, {found.place}", key), f"{what}, {_times(found.count)}",
                    _SEARCHED_FOR, remedy)
            for (what, remedy), found in search.found.items()
        ]  # fmt: skip
    return problems


def _plain(piece: Piece) -> Piece:
    """The piece in composed letters, without hidden marks, packed data and DOIs."""
    text = piece.text
    if not text.isascii():
        if _ANY_HIDDEN.search(text):
            text = text.translate(_HIDDEN)
        text = unicodedata.normalize("NFC", text)
    if len(text) >= 60 or "10." in text:
        text = _NO_WORDS.sub(" ", text)
    return piece if text is piece.text else Piece(piece.place, text)


def _tellings(piece: Piece) -> list[str]:
    """The text, and for what is no prose the words that joints such as `-` and `_` hold apart."""
    if piece.place.startswith(("text", "page", "row")):
        return [piece.text]
    parted = piece.text.translate(_JOINTS)
    return [piece.text] if parted == piece.text else [piece.text, parted]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _masked(where: str, key: PseudonymKey) -> str:
    """`where` without the names that an id or a file name may hold."""
    hidden = list(where)
    for text in (where, where.translate(_JOINTS)):
        for hit in key.find_names(text):
            hidden[hit.start : hit.end] = "*" * (hit.end - hit.start)
    return "".join(hidden)
