"""One file of the site, searched for names, identifiers and words that must not go out."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from analysis.cleaning.identifiers import find_identifiers
from analysis.cleaning.pseudonyms import Entry, PseudonymKey
from analysis.file_text import Piece
from analysis.report.gate.authors import NOBODY, Authors
from analysis.report.gate.withheld import NOTHING, Withheld
from analysis.text.folding import APART, cased
from analysis.text.runs import words

_HIDDEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_ANY_HIDDEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
# A DOI may hold an author's name, and packed data anything.
_NO_WORDS = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+|[A-Za-z0-9+/]{60,}={0,2}")
# What every direct identifier has in it: cheaper to look for than for each of them.
_PERHAPS = re.compile(
    r"@|[(\[{] ?at ?[)\]}]|(?i: dot )|[0-9a-fA-F:]:[0-9a-fA-F:]|\d\.\d{1,3}\.\d"
    r"|(?i:\b(?:insta|snap|tiktok|twitter|facebook|discord|telegram|xbox|psn|skype|handle|user ?name))|://|www\.|\.\w{2,7}/|\w\.(?:com|co\.uk|io)\b|(?<![A-Za-z])[A-Za-z]{1,2}-?\d"
    r"|[A-Z]{3} ?\d|GIR|\d(?:[\s().–/-]{0,4}\d){5}|(?i:\bborn|\bbirth|\bb\.|\bd\.?\s?o\.?\s?b\b)"
)
# Where words of sources can stand; programs sign their files elsewhere, with addresses.
_SHOWN = re.compile(
    r"(?:^|, )(?:text|entry|row|page|line|cell|attribute (?:alt|title|aria-label|content|value|data-))"
)
_RUNNING = re.compile(r"(?:^|, )(?:text|entry|row|page|line|cell \d+$|cell \d+, (?:text|entry))")
# What goes on in the next piece: paragraphs, lines and pages; not cells, labels and rows.
_GOES_ON = re.compile(r"(?:^|, )(?:text|page|line)\b")
_CODE = re.compile(r"(?:^|, )(?:script|style)\b")
_DIALLED = ("mailto:", "tel:")
# A sample whose letters were masked keeps the shape of what it hides (`cleaning.samples`).
_MASKED = re.compile(r"[xX0\W_]*")
# Style sheets abbreviate: a class may well be called `mo` or `fin`.
_LOOKS = ("attribute class", "attribute style", "style")
_BREAK = ""
_SHORTEST_IN_LOOKS = 4


@dataclass(frozen=True)
class Sought:
    """What is looked for: names of the key, words that are withheld, and identifiers other than
    those that the authors typed."""

    key: PseudonymKey
    withheld: Withheld = NOTHING
    authors: Authors = NOBODY


@dataclass(frozen=True, order=True)
class Kind:
    """One kind of find: what it is, and what to do about it."""

    what: str
    remedy: str


@dataclass
class Finds:
    """What one file holds of one kind: where first, and how often."""

    place: str
    count: int = 0


@dataclass
class Search:
    """Searches one file; remembers what it found by kind."""

    name: str
    sought: Sought
    found: dict[Kind, Finds] = field(default_factory=dict)

    def all_of(self, pieces: Sequence[Piece]) -> dict[Kind, Finds]:
        """Search `pieces`, and the name of the file before them."""
        searched = [Piece("name of the file", self.name)]
        searched += [plain for piece in pieces if (plain := _plain(piece)).text]
        # What a reader reads in one go, whatever marks stand between.
        running = [piece for piece in searched if _RUNNING.search(piece.place)]
        self._names(searched, running)
        self._withheld(running, [piece for piece in searched if not _RUNNING.search(piece.place)])
        for piece in searched:
            self._identifiers(piece)
        return self.found

    def _add(self, kind: Kind, place: str) -> None:
        self.found.setdefault(kind, Finds(place)).count += 1

    def _names(self, searched: Sequence[Piece], running: Sequence[Piece]) -> None:
        """Look for names of the key; the words of the whole file tell which are worth it."""
        key = self.sought.key.within("\n".join(map(_parted, searched)))
        if not key.entries:
            return
        for piece in searched:
            for entry in _hits(piece, key):
                self._add(_named(entry), piece.place)
        for entry, place in _across(key, running):
            self._add(_named(entry), place)

    def _withheld(self, running: Sequence[Piece], apart: Sequence[Piece]) -> None:
        """Look for withheld words: in `running` text across pieces that go on in the next, and in
        each that is `apart`. A PDF says in lines what the page of its name says in cells."""
        if not self.sought.withheld.by_word:
            return
        read = [*running, *apart]
        spoken = [
            words(piece.text)
            if _GOES_ON.search(piece.place)
            else [_BREAK, *words(piece.text), _BREAK]
            for piece in running
        ]
        spoken += [[_BREAK, *words(piece.text)] for piece in apart]
        starts = list(accumulate(map(len, spoken), initial=0))
        every = [word for part in spoken for word in part]
        for begin, ids in self.sought.withheld.find(every):
            self._add(
                Kind(
                    f"words that only {ids} says, of which nothing may be published",
                    "say it in other words in the memo, matrix, note, codebook or page it comes from",
                ),
                read[bisect_right(starts, begin) - 1].place,
            )

    def _identifiers(self, piece: Piece) -> None:
        """Look for telephone numbers, addresses and the like."""
        if APART in piece.text:
            piece = Piece(piece.place, piece.text.replace(APART, ""))
        shown = _SHOWN.search(piece.place) or piece.text.startswith(_DIALLED)
        if not (shown and _PERHAPS.search(piece.text)):
            return
        for found in find_identifiers(piece.text):
            text = piece.text[found.start : found.end]
            if _MASKED.fullmatch(text) or self.sought.authors.typed(self.name, found.kind, text):
                continue
            self._add(
                Kind(
                    f"what looks like a {found.kind.replace('_', ' ')}",
                    "clean the source again, or take it out of where it was written",
                ),
                piece.place,
            )


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


def _named(entry: Entry) -> Kind:
    return Kind(
        f"a name of the pseudonym key (its line {entry.line}; {entry.kind})",
        "take it out of the register, memo, codebook, file name or page it comes from; "
        "in a source's text, clean that source again",
    )


def _parted(piece: Piece) -> str:
    """The words of the piece; in running text a stroke parts alternatives, elsewhere it joins."""
    return piece.text if _RUNNING.search(piece.place) else piece.text.replace("/", " ")


def _hits(piece: Piece, key: PseudonymKey) -> Iterator[Entry]:
    """The names in one piece, as written or run together."""
    least = _SHORTEST_IN_LOOKS if piece.place.startswith(_LOOKS) else 0
    text = _parted(piece)
    for hit in key.find_names(text):
        inside_a_word = (
            text[hit.start - 1 : hit.start].isalpha() or text[hit.end : hit.end + 1].isalpha()
        )
        if hit.end - hit.start >= least and not (inside_a_word and _CODE.search(piece.place)):
            yield hit.entry


def _across(key: PseudonymKey, running: Sequence[Piece]) -> Iterator[tuple[Entry, str]]:
    """Names of several words that begin in one piece and go on in the next, and where.

    With their capitals: 'open' and 'gate' in two cells are nobody's name.
    """
    several = [one for one in key.entries if not one.common_word and len(words(one.find)) > 1]
    if not several:
        return
    text = "\n".join(piece.text for piece in running)
    starts = list(accumulate((len(piece.text) + 1 for piece in running), initial=0))
    for hit in PseudonymKey(tuple(several)).find_names(text):
        first, last = (bisect_right(starts, at) for at in (hit.start, hit.end - 1))
        written = cased(text[hit.start : hit.end])
        if first < last and written in (cased(hit.entry.find), written.upper()):
            yield hit.entry, running[first - 1].place
