"""One file of the site, searched for names, identifiers and words that must not go out."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate

from analysis.cleaning.identifiers import CALLED, Identifier, find_identifiers
from analysis.cleaning.locations import STREETS
from analysis.cleaning.name_forms import small_words
from analysis.cleaning.papers_and_accounts import PASSPORT
from analysis.cleaning.pseudonyms import Entry, Hit, PseudonymKey
from analysis.file_text import Piece
from analysis.report.gate.authors import NOBODY, Authors
from analysis.report.gate.screen import Screen, Spoken
from analysis.report.gate.way_out import NO_WAY_OUT, WayOut, is_ours
from analysis.report.gate.withheld import NOTHING, Withheld
from analysis.text.folding import APART, LINE_END_HYPHENS
from analysis.text.runs import LENGTH, words

_HIDDEN = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_ANY_HIDDEN = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
# After a soft hyphen a word goes on; at the end of a piece, in the next.
_DIVIDED = re.compile(r"\u00ad\s*(?=\S)")
# A DOI may hold an author's name, and packed data anything.
_NO_WORDS = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+|(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{60,}={0,2}")
# What every direct identifier has in it: cheaper to look for than for each of them.
_PERHAPS = re.compile(
    r"[@＠]|///|\bu/|\d\.\d{4}|[A-Z]{2} ?\d{4}|(?i:[(\[{<] ?at ?[)\]}>]|[_-]at[_-]|%40|&#64|&commat)| AT |\d-[A-Z]{1,2}-\d|[A-Z]-[A-Z]{1,2} ?\d|://|www\.|\.\w{2,7}/|\w\.(?:com|co\.uk|io|social)\b|(?<![A-Za-z])[A-Za-z]{1,2}-?\d"
    r"|\.(?<=\w\.)\w+\.\w|:[^\s:]*:|[A-Z]{3} ?\d|GIR|\+\d|(?<!\d)\d(?:[\s().–/-]{0,4}\d){6}|[A-Za-z]{2}\s\d(?:[ -]?\d){5}"
    r"|(?i:\bborn|\bbirth|\bb\.|\bd\.?\s?o\.?\s?b\b)"
)
# A share, an effect or a p: most of what stands in tables.
_DECIMAL = re.compile(r"-?\d{1,2}\.\d+(?:e-\d+)?")
_PERHAPS_IN_SMALL = re.compile(
    rf" dot |{PASSPORT}|sort|s/c|account|geb|née?|nacid|nat[oa] il|what3words|h&c|post code|insta|snap"
    r"|tiktok|twitter|facebook|discord|telegram|xbox|psn|skype|handle|user ?name"
)
_PERHAPS_WORDS = frozenset(
    f"""acc acct no nos num number nr ref reference id pin zip zipcode postal post postcode
    postleitzahl plz mrn upn uln utr brp nie dni nif pesel bsn cpf ssn sin pps ppsn vin imei gmc nmc
    hcpc orcid nir cpr chi hcn aadhaar personnummer fiscale steuer steuerid security permit medicare
    {STREETS.replace("|", " ").lower()}""".split()
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
# So many words of one letter, and what stands between them.
_SHORTEST_RUN = 2 * LENGTH - 1
# Over so many pieces a name goes on at most, and what stands between such as are far apart.
_GOES_ON_OVER = 12
_BORDER = Piece("", "¶")
_WORD = re.compile(r"[^\W\d_]+")
_LETTER = re.compile(r"[^\W\d_]")
_HYPHENATED = re.compile(rf"[{re.escape(''.join(sorted(LINE_END_HYPHENS)))}]\s+")
_CUE_LINE = re.compile(r"\n[^\n>]{0,60}-->[^\n]*\n")
_LONG = 40
# Data pages that hold people's own prose.
_OF_PEOPLE = ("memos.html", "matrix.html", "codebook.html", "matrix.xlsx")
_SHORTEST_IN_LOOKS = 4
_OF_DIGITS = ("phone", "nhs_number", "bank_account")
_DIGIT_BEFORE, _DIGIT_AFTER = re.compile(r"\d \Z"), re.compile(r" \d")


@dataclass(frozen=True)
class Sought:
    """What is looked for: names of the key, words that are withheld, and identifiers other than
    those that the authors typed."""

    key: PseudonymKey
    withheld: Withheld = NOTHING
    authors: Authors = NOBODY
    way_out: WayOut = NO_WAY_OUT

    @cached_property
    def screen(self) -> Screen:
        """What tells where it is worth to look for names and identifiers."""
        return Screen(self.key, self.withheld)


@dataclass(frozen=True, order=True)
class Kind:
    """One kind of find: what it is, what to do about it, and how params.yml may exempt it."""

    what: str
    remedy: str
    label: str


@dataclass
class Finds:
    """What one file holds of one kind: where first, and how often."""

    place: str
    count: int = 0


@dataclass
class Search:
    """Searches one file; remembers what it found by kind.

    A PDF has lines where the page of its name has cells: which words run on `is_told_elsewhere`.
    """

    name: str
    sought: Sought
    is_told_elsewhere: bool = False
    found: dict[Kind, Finds] = field(default_factory=dict)

    def all_of(self, pieces: Sequence[Piece]) -> dict[Kind, Finds]:
        """Search `pieces`, and the name of the file before them."""
        searched = [Piece("name of the file", self.name), *_once(pieces)]
        spoken = Spoken.of(piece.text for piece in searched)
        names, identifiers = self.sought.screen.worth_of(spoken)
        self._names([_plain(piece) for piece in _about(searched, names)])
        if self.sought.withheld.by_word and not self.is_told_elsewhere:
            # What a reader reads in one go, whatever marks stand between.
            running, apart = _as_read(searched)
            if self.sought.screen.may_quote(spoken.texts[at] for at in (*running, *apart)):
                self._withheld(
                    [_plain(searched[at]) for at in running], [_plain(searched[at]) for at in apart]
                )
        for at in identifiers:
            self._identifiers(searched[at])
        return self.found

    def _add(self, kind: Kind, place: str) -> None:
        way_out, mask = self.sought.way_out, self.sought.key.mask
        if way_out.exempt and way_out.is_exempt(mask(self.name), mask(place), kind.label):
            return
        self.found.setdefault(kind, Finds(place)).count += 1

    def _names(self, searched: Sequence[Piece]) -> None:
        """Look for names of the key, in all pieces at once: a name may go on in the next."""
        if not searched:
            return
        texts = [_parted(piece) for piece in searched]
        starts = list(accumulate((len(text) + 1 for text in texts), initial=0))
        whole = "\n".join(texts)
        for hit in self.sought.key.find_names(whole):
            first, last = (bisect_right(starts, at) - 1 for at in (hit.start, hit.end - 1))
            piece, start = searched[first], hit.start - starts[first]
            if first < last:
                if self._goes_on(searched[first : last + 1], hit, whole):
                    self._add(_named(hit.entry), piece.place)
            elif self._stands(piece, texts[first], start, start + hit.end - hit.start):
                in_small = whole[hit.start : hit.end].islower() and _is_running(piece.place)
                self._add(_named(hit.entry, in_small=in_small), piece.place)

    def _stands(self, piece: Piece, text: str, start: int, end: int) -> bool:
        """Whether the name at `start` to `end` of the `text` of the piece must not stand there."""
        least = _SHORTEST_IN_LOOKS if piece.place.startswith(_LOOKS) else 0
        inside_a_word = text[start - 1 : start].isalpha() or text[end : end + 1].isalpha()
        if end - start < least or (inside_a_word and _CODE.search(piece.place)):
            return False
        return not self.sought.way_out.passes(self.name, Piece(piece.place, text), start, end)

    def _goes_on(self, over: Sequence[Piece], hit: Hit, whole: str) -> bool:
        """Whether a name of several words goes on from piece to piece of shown text.

        With its capitals: 'open' and 'gate' in two cells are nobody's name.
        """
        written = _HYPHENATED.sub("", _CUE_LINE.sub("\n", whole[hit.start : hit.end]))
        return (
            not hit.entry.common_word
            and all(_is_running(piece.place) for piece in over)
            and small_words(written) <= small_words(hit.entry.find)
        )

    def _withheld(self, running: Sequence[Piece], apart: Sequence[Piece]) -> None:
        """Look for withheld words: in `running` text across pieces that go on in the next, and in
        each that is `apart`."""
        apart = [piece for piece in apart if _may_hold_a_run(piece.text)]
        read = [*running, *apart]
        spoken = [
            words(piece.text)
            if _goes_on_there(piece.place)
            else (_BREAK, *words(piece.text), _BREAK)
            if _may_hold_a_run(piece.text)
            else (_BREAK,)
            for piece in running
        ]
        spoken += [(_BREAK, *words(piece.text)) for piece in apart]
        starts = list(accumulate(map(len, spoken), initial=0))
        every = [word for part in spoken for word in part]
        for begin, ids in self.sought.withheld.find(every):
            self._add(
                Kind(
                    f"words that only {ids} says, of which nothing may be published",
                    self._remedy_for_words(),
                    f"words of {ids}",
                ),
                read[bisect_right(starts, begin) - 1].place,
            )

    def _remedy_for_words(self) -> str:
        if self.name in self.sought.authors.pages:
            return "say it in other words on that page, or in the memo or note it comes from"
        if self.name in _OF_PEOPLE:
            return "say it in other words in the memo, matrix, note or codebook it comes from"
        return (
            "the program made this of names and numbers: call the code, role or claim otherwise "
            "where it is named, or exempt the place with a reason"
        )

    def _identifiers(self, piece: Piece) -> None:
        """Look for telephone numbers, addresses and the like."""
        shown = _is_shown(piece.place) or piece.text.startswith(_DIALLED)
        if not shown:
            return
        plain, identifiers = _identifiers_in(piece.text)
        piece = Piece(piece.place, plain)
        for found in identifiers:
            text = plain[found.start : found.end]
            if _MASKED.fullmatch(text) or self.sought.authors.typed(self.name, found.kind, text):
                continue
            if is_ours(piece, found.start, found.end):
                continue
            if self.is_told_elsewhere and _is_joined_in_print(
                found.kind, plain, found.start, found.end
            ):
                continue
            self._add(
                Kind(
                    f"what looks like {_with_article(CALLED[found.kind])}",
                    "clean the source again, or take it out of where it was written",
                    found.kind.replace("_", " "),
                ),
                piece.place,
            )


def _as_read(searched: Sequence[Piece]) -> tuple[list[int], list[int]]:
    """The places of pieces of running text, and of all others."""
    running, apart = list[int](), list[int]()
    for at, piece in enumerate(searched):
        (running if _is_running(piece.place) else apart).append(at)
    return running, apart


def _is_joined_in_print(kind: str, text: str, start: int, end: int) -> bool:
    """Whether a PDF may have made this of what stands apart on the page of its name, where it is
    sought too: cells of a row ('0101 0102 0103'), or '@fig-cases' divided at a line's end.

    A row goes on with numbers before or after, or has no letters at all.
    """
    if kind not in _OF_DIGITS:
        return kind == "social_media_name"
    if " " not in text[start:end] or not text[start:end].replace(" ", "").isdecimal():
        return False
    line = text[text.rfind("\n", 0, start) + 1 :].partition("\n")[0]
    goes_on = _DIGIT_BEFORE.search(text, max(0, start - 2), start) or _DIGIT_AFTER.match(text, end)
    return bool(goes_on) or not _LETTER.search(line)


def _about(searched: Sequence[Piece], begins: Sequence[int]) -> list[Piece]:
    """The pieces in which names may begin, with those before and after them that have letters.

    What was left out between two of them nothing goes over.
    """
    if not begins:
        return []
    lettered = [at for at, piece in enumerate(searched) if _LETTER.search(piece.text)]
    chosen: dict[int, None] = {}
    for at in begins:
        place = bisect_left(lettered, at)
        for near in range(max(0, place - 1), min(len(lettered), place + _GOES_ON_OVER)):
            chosen[near] = None
    found: list[Piece] = []
    last = -1
    for near in sorted(chosen):
        if near > last + 1:
            found.append(_BORDER)
        found.append(searched[lettered[near]])
        last = near
    return found


def _plain(piece: Piece) -> Piece:
    """The piece in composed letters, without hidden marks, packed data and DOIs."""
    text = _plain_text(piece.text)
    return piece if text is piece.text else Piece(piece.place, text)


def _plain_text(text: str) -> str:
    """The same of a text; itself where nothing of this is in it."""
    if len(text) < 60 and text.isascii() and "10." not in text:
        return text
    if not text.isascii():
        if _ANY_HIDDEN.search(text):
            text = _DIVIDED.sub("", text).translate(_HIDDEN)
        text = unicodedata.normalize("NFC", text)
    if len(text) >= 60 or "10." in text:
        text = _NO_WORDS.sub(" ", text)
    return text


def _named(entry: Entry, *, in_small: bool = False) -> Kind:
    """What is told of a name; one that stands there `in_small` letters may be a word."""
    as_a_word = (
        "; it stands there in small letters: if it is a word there, set common_word: yes in that "
        "line of the key"
    )
    return Kind(
        f"a name of the pseudonym key (its line {entry.line}; {entry.kind})",
        "take it out of the register, memo, codebook, file name or page it comes from; "
        "in a source's text, clean that source again" + as_a_word * in_small,
        f"key line {entry.line}",
    )


def _with_article(words: str) -> str:
    """'a postcode', 'an e-mail address', 'an NHS number': by how it is spoken."""
    vowel = words.startswith(("N", "a", "e", "i", "o"))
    return f"{'an' if vowel else 'a'} {words}"


def _once(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces, but of long ones that say the same the first: a notice stands in every row."""
    told: set[str] = set()
    for piece in pieces:
        if len(piece.text) > _LONG:
            if piece.text in told:
                continue
            told.add(piece.text)
        yield piece


def _parted(piece: Piece) -> str:
    """The words of the piece; in running text a stroke parts alternatives, elsewhere it joins."""
    return piece.text if _is_running(piece.place) else piece.text.replace("/", " ")


def _perhaps(text: str) -> bool:
    """Whether an identifier may be in `text`: a quick look that passes over none."""
    if _DECIMAL.fullmatch(text):
        return False
    if _PERHAPS.search(text):
        return True
    small = text.lower()
    return bool(
        _PERHAPS_IN_SMALL.search(small) or not _PERHAPS_WORDS.isdisjoint(_WORD.findall(small))
    )


# The same cells, labels and attributes stand on many pages.
@lru_cache(maxsize=100_000)
def _identifiers_in(text: str) -> tuple[str, tuple[Identifier, ...]]:
    """The text plain, without what sets things apart, and the identifiers in that."""
    plain = _plain_text(text).replace(APART, "")
    return plain, tuple(find_identifiers(plain)) if _perhaps(plain) else ()


def _may_hold_a_run(text: str) -> bool:
    """Whether a text is long enough for the run of words that shows that one is quoted."""
    return len(text) >= _SHORTEST_RUN or not text.isascii()


@lru_cache(maxsize=100_000)
def _is_running(place: str) -> bool:
    return bool(_RUNNING.search(place))


@lru_cache(maxsize=100_000)
def _goes_on_there(place: str) -> bool:
    return bool(_GOES_ON.search(place))


@lru_cache(maxsize=100_000)
def _is_shown(place: str) -> bool:
    return bool(_SHOWN.search(place))
