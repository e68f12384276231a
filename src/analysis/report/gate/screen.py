"""Which pieces of a page are worth a closer look: each different word is judged once for all pages.

To fold a page costs many times what it costs to read it, and hardly a page names anybody. A name is
found by its first word, and an identifier has a digit or a mark in it that other words have not. So
a page is divided at blanks, which are the only places where folding cannot join what stands beside
them but for a few that are known here; of the different words that result, few are new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from analysis.cleaning.locations import STREETS
from analysis.cleaning.papers_and_accounts import PASSPORT
from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.text.folding import APART, HUMP, LINE_END_HYPHENS, fold, readings

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
_HIDDEN = dict.fromkeys(map(ord, f"{APART}\u00ad\u200b\u200c\u200d\u2060\ufeff"))


class Worth(NamedTuple):
    """The places, among the texts of a page, where names may begin, and identifiers stand."""

    names: list[int]
    identifiers: list[int]


@dataclass
class Screen:
    """Judges the words of pages for names of `key` and for identifiers; remembers each word.

    `_named`: words that are, or have in them, words of the key, with these in folded form.
    `_marked` are words with marks of identifiers, `_parts` such as have them together with others,
    `_joining` those that may go on in the next.
    """

    key: PseudonymKey
    _known: set[str] = field(default_factory=set)
    _named: dict[str, frozenset[str]] = field(default_factory=dict)
    _marked: set[str] = field(default_factory=set)
    _parts: set[str] = field(default_factory=set)
    _joining: set[str] = field(default_factory=set)

    def worth(self, texts: Sequence[str]) -> Worth:
        """The places of those among `texts` (of one page, in order) that must be looked at.

        No name and no identifier begins anywhere else (`tests/test_report_gate_screen.py`).
        """
        words = [text.split() for text in texts]
        different = set(chain.from_iterable(words))
        for word in different.difference(self._known):
            self._judge(word)
        marked, parts = self._marked, self._parts
        identifiers = [
            at
            for at, own in enumerate(words)
            if not marked.isdisjoint(own)
            or (
                len(own) > 1 and not parts.isdisjoint(own) and sum(map(parts.__contains__, own)) > 1
            )
        ]
        if any(_CUE in text for text in texts):
            return Worth(list(range(len(texts))), identifiers)
        named = {word: self._named[word] for word in different.intersection(self._named)}
        if not different.isdisjoint(self._joining):
            for first, joined in self._joined(list(chain.from_iterable(words))):
                named[first] = named.get(first, frozenset()) | self._words_of_key(joined)
        begins = self.key.first_words(frozenset(chain.from_iterable(named.values())))
        names = {word for word, own in named.items() if not own.isdisjoint(begins)}
        return Worth(
            [at for at, own in enumerate(words) if not names.isdisjoint(own)] if names else [],
            identifiers,
        )

    def _judge(self, word: str) -> None:
        self._known.add(word)
        if own := self._words_of_key(word):
            self._named[word] = own
        shown = word.translate(_HIDDEN) if not word.isascii() else word
        if _MARK.search(shown):
            self._marked.add(word)
        elif _PART.search(shown):
            self._parts.add(word)
        if shown[-1:] in LINE_END_HYPHENS or word[-1] in LINE_END_HYPHENS or _is_open(word):
            self._joining.add(word)

    def _words_of_key(self, word: str) -> frozenset[str]:
        core = word.strip(_EDGES)
        if _folds_plainly(core):
            return self.key.words.intersection(_WORD.findall(core.lower()))
        return self.key.words.intersection(
            part for apart in readings(word) for part in _WORD.findall(fold(word, apart=apart))
        )

    def _joined(self, spoken: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Words that folding may join with those that follow: the first, and all of them."""
        for at, first in enumerate(spoken):
            if first in self._joining:
                end, most = at + 1, min(len(spoken), at + self.key.longest)
                while end < most and (
                    spoken[end - 1] in self._joining or not any(map(str.isalnum, spoken[end - 1]))
                ):
                    end += 1
                yield first, "\n".join(spoken[at:end])


def _is_open(word: str) -> bool:
    """Whether a mark begins in the word that does not end in it: `Mar<b >garet`."""
    return word.rfind("<") > word.rfind(">")


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
