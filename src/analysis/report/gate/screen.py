"""Which pieces of a page are worth a closer look: each different word is judged once for all pages.

To fold a page costs many times what it costs to read it, and hardly a page names anybody. A name is
found by its first word, and an identifier has a digit or a mark in it that other words have not. So
a page is divided at blanks, which are the only places where folding cannot join what stands beside
them but for a few that are known here; of the different words that result, few are new.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, chain
from typing import Literal, NamedTuple

from analysis.cleaning.locations import STREETS
from analysis.cleaning.papers_and_accounts import PASSPORT
from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.report.gate.withheld import NOTHING, Withheld, is_said_by_the_program
from analysis.text.folding import APART, HUMP, LINE_END_HYPHENS, fold, readings
from analysis.text.runs import LENGTH
from analysis.text.runs import WORD as RUN_WORD

_WORD = re.compile(r"[^\W\d_]+|\d+")
# What these enclose is a word by itself: at its edges nothing is left that they could join.
_EDGES = f".,;:!?()[]{{}}\"“”‘’'…*/|&%#=–—-·{APART}"
_CUE = "-->"
# Marks of addresses, seven digits, letters that go over into digits, and words that stand beside
# dates of birth, papers and names in social media.
_MARK = re.compile(
    rf"[@＠/]|{PASSPORT}|\d-[a-z]|\A\W*[a-z]{{1,3}}-[a-z]{{1,2}}\W*\Z|%40|&#64|&commat"
    r"|\w\.\w|:[^\s:]*:|[(\[{<_-]at|\A[(\[{]\Z|\A\W*(?:dot|b)\W*\Z|(?<![a-z])[a-z]{1,2}[^a-z\d]?\d"
    r"|\+\d|(?:\d\D*){7}|born|birth|geb|née?\Z|nacid|nat[oa]\Z|d\.?o\.?b|sort|insta|snap|tiktok|twitter|facebook"
    r"|discord|telegram|xbox|psn|skype|handle|user",
    re.IGNORECASE,
)
# Of what has fewer digits, the letters of a plate and what numbers and streets are called, an
# identifier takes two or more.
_PART = re.compile(
    r"\d|\+|\A\W*(?:[A-Z]{3}|(?i:zip(?:code)?|code|post(?:code|al)?|plz|postleitzahl|nos?|num(?:ber)?|nr|ref"
    r"|reference|id|pin|orcid|nif|pesel|ppsn|imei|nmc|hcpc|h&c|aadhaar|personnummer|fiscale|steuer-?id"
    r"|security|permit|medicare|mrn|upn|ul|utr|brp|nie|dni|bsn|cpf|ssn|sin|pps|vin|gmc|nir|cpr|chi|hcn"
    rf"|{STREETS})(?:[:=#.]{{0,2}}))\W*\Z"
)
_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
_HIDDEN = {**_UNSEEN, ord(APART): None}
# A share, an effect or a p: most of what stands in tables. Of fewer digits no number is made that
# points at anybody, but together with others.
_DECIMAL = re.compile(r"-?\d{1,2}\.\d+(?:e-\d+)?")
_FEWEST_DIGITS = 7
# The same of words in plain letters, most of all words, about which stands none of what joins or marks.
_PLAIN_MARK = re.compile(
    rf"{PASSPORT}|born|birth|geb|nacid|nat[oa]\Z|dob|sort|insta|snap|tiktok|twitter|facebook|discord"
    r"|telegram|xbox|psn|skype|handle|user|\A(?:dot|b|at)\Z"
)
_PLAIN_EDGES = frozenset(f".,;!?()[]\"“”‘’'…{APART}")
# Folding drops this full stop.
_JOINS_DIGITS = re.compile(r"\.\d")
# What folding makes nothing of, or the gate leaves out, may stand between two words of a name.
_LONG = 60
_A_DOI = "10."


# A withheld run, and the place in it of the word that it is found by.
_Placed = tuple[int, tuple[str, ...]]


class Spoken(NamedTuple):
    """The words of a page, text by text, divided at blanks, and how many come before each text."""

    texts: list[list[str]]
    words: list[str]
    before: list[int]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Spoken:
        """Those of `texts`, in order."""
        own = [text.split() for text in texts]
        before = [0, *accumulate(map(len, own))]
        return cls(own, list(chain.from_iterable(own)), before)

    def places(self, at: Iterable[int]) -> list[int]:
        """In which texts the words stand whose places among all are `at`, each text once."""
        return list(dict.fromkeys(bisect_right(self.before, one) - 1 for one in at))


class Worth(NamedTuple):
    """The places, among the texts of a page, where names may begin, and identifiers stand."""

    names: list[int]
    identifiers: list[int]


@dataclass
class Screen:
    """Judges the words of pages for names of `key`, for runs that are `withheld` and for identifiers;
    remembers each word.

    `_named`: words that are, or have in them, words of the key, with these in folded form; `_run`,
    the same of words of withheld runs. `_marked` are words with marks of identifiers, `_long` decimals
    that may be part of one, `_parts` such as have marks together with others, `_joining` those that
    may go on in the next, `_lasting` those that are surely words in folded form too.
    """

    key: PseudonymKey
    withheld: Withheld = NOTHING
    _known: set[str] = field(default_factory=set)
    _named: dict[str, frozenset[str]] = field(default_factory=dict)
    _run: dict[str, frozenset[str]] = field(default_factory=dict)
    _marked: set[str] = field(default_factory=set)
    _long: set[str] = field(default_factory=set)
    _parts: set[str] = field(default_factory=set)
    _joining: set[str] = field(default_factory=set)
    _lasting: set[str] = field(default_factory=set)

    def worth(self, texts: Sequence[str]) -> Worth:
        """The places of those among `texts` (of one page, in order) that must be looked at.

        No name and no identifier begins anywhere else (`tests/test_report_gate_screen.py`).
        """
        return self.worth_of(Spoken.of(texts))

    def worth_of(self, spoken: Spoken) -> Worth:
        """The same of texts that are divided already."""
        different = self._judged(spoken.words)
        marked, parts, long = self._marked, self._parts, self._long
        identifiers = [
            at
            for at, own in enumerate(spoken.texts)
            if not marked.isdisjoint(own)
            or (
                len(own) > 1
                and (
                    not long.isdisjoint(own)
                    or (not parts.isdisjoint(own) and sum(map(parts.__contains__, own)) > 1)
                )
            )
        ]
        if any(_CUE in word for word in different):
            return Worth(list(range(len(spoken.texts))), identifiers)
        named = {word: self._named[word] for word in different.intersection(self._named)}
        if not different.isdisjoint(self._joining):
            for first, joined in self._joined(spoken.words):
                if own := self._words_of_key(joined):
                    named[first] = named.get(first, frozenset()) | own
        begins = self.key.first_words(frozenset(chain.from_iterable(named.values())))
        firsts = {word for word, own in named.items() if not own.isdisjoint(begins)}
        return Worth(
            spoken.places(
                at
                for at, word in enumerate(spoken.words)
                if word in firsts and self._goes_on(spoken.words, at, named, begins)
            )
            if firsts
            else [],
            identifiers,
        )

    def may_quote(self, texts: Iterable[list[str]]) -> bool:
        """Whether the words of a withheld run stand near each other in `texts` that a reader reads in
        this order. Where they do not, none is there."""
        words = list(chain.from_iterable(texts))
        different = self._judged(words)
        if any(_CUE in word for word in different):
            return True
        own = {word: self._run[word] for word in different.intersection(self._run)}
        if not different.isdisjoint(self._joining):
            for first, joined in self._joined(words):
                own[first] = own.get(first, frozenset()) | self._words_of_runs(joined)
        every = frozenset(chain.from_iterable(own.values()))
        runs: dict[str, list[_Placed]] = {}
        for word in every.intersection(self.withheld.by_word):
            listed = self.withheld.by_word[word]
            if possible := [(at, run) for at, run, _ in listed if every.issuperset(run)]:
                runs[word] = possible
        found = {word for word, some in own.items() if not some.isdisjoint(runs)}
        return any(
            self._is_near(words, at, own, [run for one in own[word] for run in runs.get(one, ())])
            for at, word in enumerate(words)
            if word in found
        )

    def _is_near(
        self,
        words: Sequence[str],
        at: int,
        own: Mapping[str, frozenset[str]],
        runs: Iterable[_Placed],
    ) -> bool:
        """Whether before and after the word `at` stand all words of one of the `runs` that do so there."""
        before, after = (self._next(words, at, 2, own, step) for step in (-1, 1))
        # Most have not even the next word.
        runs = [
            (place, run)
            for place, run in runs
            if before.issuperset(run[max(0, place - 1) : place])
            and after.issuperset(run[place + 1 : place + 2])
        ]
        if not runs:
            return False
        before, after = (self._next(words, at, LENGTH, own, step) for step in (-1, 1))
        return any(
            before.issuperset(run[:place])
            and after.issuperset(run[place + 1 :])
            and not is_said_by_the_program(run)
            for place, run in runs
        )

    def _goes_on(
        self,
        words: Sequence[str],
        at: int,
        own: Mapping[str, frozenset[str]],
        begins: Container[str],
    ) -> bool:
        """Whether a name begins in the word `at` whose other words follow."""
        names = [name for word in own[words[at]] if word in begins for name in self.key.names(word)]
        if min(map(len, names)) == 1:
            return True
        beside = self._next(words, at, 2, own)
        names = [name for name in names if name[1] in beside]
        longest = max(map(len, names), default=0)
        return any(map(self._next(words, at, longest, own).issuperset, names))

    def _next(
        self,
        words: Sequence[str],
        at: int,
        number: int,
        own: Mapping[str, frozenset[str]],
        step: Literal[1, -1] = 1,
    ) -> frozenset[str]:
        """What words there are in the word `at` and those next to it, until `number` of them are
        words in folded form too."""
        near: list[frozenset[str]] = []
        last = len(words)
        while number > 0 and 0 <= at < last:
            word = words[at]
            if word in own:
                near.append(own[word])
            number -= word in self._lasting
            at += step
        return frozenset(chain.from_iterable(near))

    def _judged(self, words: Iterable[str]) -> set[str]:
        """The different ones among the words, each of which is judged."""
        different = set(words)
        for word in different.difference(self._known):
            self._judge(word)
        return different

    def _judge(self, word: str) -> None:
        self._known.add(word)
        core = word.strip(_EDGES)
        is_plain = core.isalpha() and core.isascii() and (core[1:].islower() or core.isupper())
        if is_plain and _PLAIN_EDGES.issuperset(word.replace(core, "", 1)):
            self._judge_plain(word, core)
            return
        if own := self._words_of_key(word):
            self._named[word] = own
        if self._vocabulary and (own := self._words_of_runs(word)):
            self._run[word] = own
        shown = word.translate(_HIDDEN) if not word.isascii() else word
        if shown[-1:] in LINE_END_HYPHENS or word[-1] in LINE_END_HYPHENS or _is_open(word):
            self._joining.add(word)
        elif _stays_a_word(word):
            self._lasting.add(word)
        if _DECIMAL.fullmatch(word):
            (self._parts if len(word) < _FEWEST_DIGITS else self._long).add(word)
        elif _MARK.search(shown):
            self._marked.add(word)
        elif _PART.search(shown):
            self._parts.add(word)

    def _judge_plain(self, word: str, core: str) -> None:
        """Judge a word in plain letters, the `core`, and marks that change nothing about it."""
        small = core.lower()
        if small in self.key.words:
            self._named[word] = frozenset((small,))
        if small in self._vocabulary:
            self._run[word] = frozenset((small,))
        if _stays_a_word(core):
            self._lasting.add(word)
        if _PLAIN_MARK.search(small):
            self._marked.add(word)
        elif _PART.fullmatch(core):
            self._parts.add(word)

    @cached_property
    def _vocabulary(self) -> frozenset[str]:
        """The words of all runs that are withheld."""
        listed = chain.from_iterable(self.withheld.by_word.values())
        return frozenset(chain.from_iterable(run for _, run, _ in listed))

    def _words_of_key(self, word: str) -> frozenset[str]:
        # Before folding the gate leaves out what cannot be seen: a capital may then stand in a word.
        seen = {word, word.translate(_UNSEEN)} if not word.isascii() else {word}
        texts = _plainly_folded(word) or [
            fold(one, apart=apart) for one in seen for apart in readings(one)
        ]
        return self.key.words.intersection(chain.from_iterable(map(_WORD.findall, texts)))

    def _words_of_runs(self, word: str) -> frozenset[str]:
        """The words of runs in `word`, which take small letters for folding enough in plain texts."""
        texts = _plainly_folded(word)
        if not texts or _JOINS_DIGITS.search(word):
            texts = [fold(word), word.lower()]
        return self._vocabulary.intersection(chain.from_iterable(map(RUN_WORD.findall, texts)))

    def _joined(self, spoken: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Words that folding may join with those that follow: the first, and all of them."""
        for at, first in enumerate(spoken):
            if first in self._joining:
                end, most = at + 1, min(len(spoken), at + max(self.key.longest, _LONG))
                while end < most and (
                    spoken[end - 1] in self._joining or not any(map(str.isalnum, spoken[end - 1]))
                ):
                    end += 1
                yield first, "\n".join(spoken[at:end])


def _stays_a_word(word: str) -> bool:
    """Whether a word is surely one in folded form, and so one of those that a name is made of."""
    return (
        word.isascii()
        and len(word) < _LONG
        and "<" not in word
        and _A_DOI not in word
        and any(map(str.isalnum, word))
    )


def _is_open(word: str) -> bool:
    """Whether a mark begins in the word that does not end in it: `Mar<b >garet`."""
    return word.rfind("<") > word.rfind(">")


def _plainly_folded(word: str) -> list[str]:
    """The readings of a word that is folded by small letters alone; [] where that is not enough.

    A curly apostrophe is a straight one then, and what is set apart is joined, or parted.
    """
    core = word.strip(_EDGES).replace("’", "'")
    if APART not in core:
        return [core.lower()] if _folds_plainly(core) else []
    parts = core.split(APART)
    whole = "".join(parts)
    if all(map(_folds_plainly, parts)) and _folds_plainly(whole):
        return [whole.lower(), " ".join(parts).lower()]
    return []


def _folds_plainly(word: str) -> bool:
    """Whether folding neither joins nor parts letters here, so that each run of them is a word.

    In plain ASCII only what cannot be seen, what stands in `<>` and marks of emphasis are dropped, and
    only a capital within a word (`HUMP`) parts it.
    """
    return (
        word.isascii()
        and word.isprintable()
        and "<" not in word
        and "*" not in word
        and (word[1:].islower() or word.isupper() or not HUMP.search(word))
    )
