"""One file of the site, searched for names, identifiers and words that must not go out."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate

from analysis.cleaning.identifiers import find_identifiers
from analysis.cleaning.pseudonyms import Entry, PseudonymKey
from analysis.file_text import Piece
from analysis.report.gate.authors import NOBODY, Authors
from analysis.report.gate.withheld import NOTHING, Withheld
from analysis.text.runs import WORD, words

_HIDDEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_ANY_HIDDEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_HUMP = re.compile(r"(?<=[a-zß-ÿ])(?=[A-ZÀ-Þ])")
# Words run together, as in file names, addresses and identifiers.
_RUN_TOGETHER = re.compile(r"[^\W_][-_+./]{1,3}[^\W_]|[a-zß-ÿ][A-ZÀ-Þ]")
# A DOI may hold an author's name, and packed data anything.
_NO_WORDS = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+|[A-Za-z0-9+/]{60,}={0,2}")
# What every direct identifier has in it: cheaper to look for than for each of them.
_PERHAPS = re.compile(
    r"@|[(\[{] ?at ?[)\]}]|://|www\.|\.\w{2,7}/|\w\.(?:com|co\.uk|io)\b|(?<![A-Za-z])[A-Za-z]{1,2}-?\d"
    r"|[A-Z]{3} ?\d|GIR|\d(?:[\s().–/-]{0,4}\d){5}|(?i:\bborn|\bbirth|\bb\.|\bd\.?\s?o\.?\s?b\b)"
)
# Where words of sources can stand; programs sign their files elsewhere, with addresses.
_SHOWN = re.compile(
    r"(?:^|, )(?:text|row|page|line|cell|attribute (?:alt|title|aria-label|content|value|data-))"
)
_RUNNING = re.compile(r"(?:^|, )(?:text|row|page|line|cell \d+$|cell \d+, text)")
_CODE = re.compile(r"(?:^|, )(?:script|style)\b")
_DIALLED = ("mailto:", "tel:")
# A sample whose letters were masked keeps the shape of what it hides (`cleaning.samples`).
_MASKED = re.compile(r"[xX0\W_]*")
# Style sheets abbreviate: a class may well be called `mo` or `fin`.
_LOOKS = ("attribute class", "attribute style", "style")
_BREAK = ""
_SHORTEST_IN_LOOKS = _SHORTEST_IN_HUMPS = 4


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
        spoken = set(WORD.findall("\n".join(piece.text for piece in searched)))
        parts = {part for word in spoken if not word.islower() for part in _HUMP.split(word)}
        known = {word.casefold() for word in spoken | parts}
        # The key has the singular of 'the Smiths'.
        known |= {word[:-1] for word in known if word.endswith("s")}
        possible = [
            entry for entry in self.sought.key.entries if known.issuperset(words(entry.find))
        ]
        if not possible:
            return
        firsts = {words(entry.find)[0] for entry in possible}
        key = PseudonymKey(tuple(possible))
        for piece in searched:
            lower = piece.text.casefold()
            if any(first in lower for first in firsts):
                for entry in _hits(piece, key):
                    self._add(_named(entry), piece.place)
        for entry, place in _across(possible, running):
            self._add(_named(entry), place)

    def _withheld(self, running: Sequence[Piece], apart: Sequence[Piece]) -> None:
        """Look for withheld words, in `running` text across pieces, and in each that is `apart`."""
        if not self.sought.withheld.by_word:
            return
        read = [*running, *apart]
        spoken = [words(piece.text) for piece in running]
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


def masked(where: str, key: PseudonymKey) -> str:
    """`where` without the names that an id or a file name may hold."""
    spoken = {
        part.casefold() for word in WORD.findall(where) for part in (word, *_HUMP.split(word))
    }
    for entry in key.entries:
        own = words(entry.find)
        if spoken.issuperset(own):
            name = r"[\W_]*".join(map(re.escape, own))
            where = re.sub(name, lambda found: "*" * len(found[0]), where, flags=re.IGNORECASE)
    return where


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


def _hits(piece: Piece, key: PseudonymKey) -> Iterator[Entry]:
    """The names in one piece, as written or run together."""
    least = _SHORTEST_IN_LOOKS if piece.place.startswith(_LOOKS) else 0
    for hit in key.find_names(piece.text):
        if hit.end - hit.start >= least:
            yield hit.entry
    if _RUN_TOGETHER.search(piece.text) and not _CODE.search(piece.place):
        # In running text a stroke parts alternatives.
        joints = "-_+." if _RUNNING.search(piece.place) else "-_+./"
        for entry in key.entries:
            if not entry.common_word:
                yield from (entry for _ in _together(entry, joints).finditer(piece.text))


@cache
def _together(entry: Entry, joints: str) -> re.Pattern[str]:
    """The name as file names and identifiers have it: `orla-quennell`, `OrlaQuennell`, and a
    single name beside other words, `notesQuennell`."""
    own = WORD.findall(entry.find)
    capital = "".join(re.escape(word[0].upper() + word[1:]) for word in own)
    if len(own) > 1:
        joined = f"[{joints}]{{1,3}}".join(map(re.escape, own))
        return re.compile(rf"(?i:(?<![^\W_]){joined}(?![^\W_]))|(?<![A-ZÀ-Þ]){capital}(?![a-zß-ÿ])")
    if len(capital) < _SHORTEST_IN_HUMPS or capital.isupper():
        return re.compile(r"(?!)")
    return re.compile(
        rf"(?<=[a-zß-ÿ]){capital}(?![a-zß-ÿ])|(?<![^\W_]){capital}(?=[A-ZÀ-Þ][a-zß-ÿ])"
    )


def _across(entries: Sequence[Entry], running: Sequence[Piece]) -> Iterator[tuple[Entry, str]]:
    """Names of several words that begin in one piece and go on in the next, and where."""
    several = [(entry, own) for entry in entries if len(own := words(entry.find)) > 1]
    several = [(entry, own) for entry, own in several if not entry.common_word]
    if not several:
        return
    text = "\n".join(piece.text for piece in running)
    spoken = f" {' '.join(words(text))} "
    starts = list(accumulate((len(piece.text) + 1 for piece in running), initial=0))
    for entry, own in several:
        if f" {' '.join(own)} " in spoken:
            name = r"\s+".join(map(re.escape, own))
            for found in re.finditer(rf"(?<![^\W_]){name}(?![^\W_])", text, re.IGNORECASE):
                first, last = (bisect_right(starts, at) for at in (found.start(), found.end() - 1))
                if first < last:
                    yield entry, running[first - 1].place
