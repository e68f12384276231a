"""The ways in which one name is written: with and without marks, taken apart, turned round, spelt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Literal

from analysis.text.folding import cased, fold

# How a form stands to the name: as it is written there, its plural, one that the name's own letters
# do not tell from other words, or with vowels in two letters that have a mark otherwise.
Way = Literal["as written", "plural", "with its capitals", "with its vowels"]

_WORD = re.compile(r"[^\W\d_]+|\d+")
_INITIALS = re.compile(r"(?<![^\W_])([^\W\d_]) (?=[^\W\d_](?:\s|\Z))")
# An acronym of two or three letters is too often a word when its case is not looked at.
_SHORT = 3
# Shorter names run together are other words: 'Jo Hn'.
_SHORTEST_RUN_TOGETHER = 7
_SHORTEST_WITHOUT_APOSTROPHE = 5
# 'Annemarie' is 'Anne-Marie'; of shorter parts hardly a name is made.
_SHORTEST_PART = 3
# A name spelt letter by letter has so many different ones, or it is a row of initials.
_SHORTEST_SPELT = 4
# 'Jos' is another name sooner than more than one Jo, and so are these; or they are other words.
_SHORTEST_WITH_PLURAL = 3
_NO_PLURALS = """
abrahams adams alexis andrews barclays bills carlos clements collins daniels davids edwards evans
franks geralds gilberts griffiths harris humphreys isaacs jacks jacobs jeffreys johns lamberts lewis
lloyds lucas marcos marks matthews michaels morrisons nicholas nichols nicolas owens pats peters
phillips richards roberts robins rogers samuels sanders simons stephens stevens sues walters watkins
williams wills
banks bells brooks cooks fields hills mills parks stones waters wells woods
"""
_ARE_NO_PLURALS = frozenset(_NO_PLURALS.split())
# "D'Arcy" may stand in the key as 'Darcy'.
_ELIDED = re.compile(r"\b([dlmnot])(?=[^\W\d_]{4})")
_PREFIXED = re.compile(r"\b(mc|mac|fitz|de|di|du|la|le|van|von|o)(?=[^\W\d_]{3})")
_HUMP = re.compile(r"(?<=[^\W\d_])(?=[A-ZÀ-ÖØ-Þ][^\WA-ZÀ-ÖØ-Þ_])|(?<=[a-zß-öø-ÿ])(?=[A-ZÀ-ÖØ-Þ]\b)")
_INITIALS_TOGETHER = re.compile(r"\b[A-Z]{2,3}\b")
_SAINT = re.compile(r"\b(st|saint)(?= )")
_TWO_LETTERS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
_SPELT_OUT = str.maketrans(
    {letter.upper(): two.title() for letter, two in _TWO_LETTERS.items()} | _TWO_LETTERS
)
_PERHAPS_ONE = re.compile(r"ae|oe|ue|aa")
_MOST_VOWELS = 3


@dataclass(frozen=True, order=True)
class Entry:
    """One line of the key: the name, what stands for it, and whether it is also a common word."""

    find: str
    replace: str
    kind: str
    common_word: bool
    line: int


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which a name is written, folded; in a plural its last letter is the s of it.

    `lead`: how many marks stand before its first word ('@janedoe': 1).
    """

    text: str
    entry: Entry
    words: tuple[str, ...]
    lead: int
    way: Way = "as written"

    @property
    def plural(self) -> bool:
        """Whether the s at the end belongs to no name."""
        return self.way == "plural"

    def is_written(self, written: str) -> bool:
        """Whether the name is `written` with the capitals and marks that tell it from a word."""
        name = self.entry.find
        if self.way == "with its capitals" and small_words(written) > small_words(name):
            return False
        if self.way == "with its vowels":
            return fold(written.translate(_SPELT_OUT)) == fold(name.translate(_SPELT_OUT))
        if is_acronym(name):
            return cased(written) == cased(name)
        if not (self.entry.common_word or self.plural):
            return True
        forms = _with_capitals(name)
        if self.plural:
            forms = {name, *forms} - {name.lower()}
        return cased(written) in set(map(cased, forms))


def forms_of(entry: Entry) -> Iterator[Form]:
    """The forms in which the name of `entry` is sought, each once.

    What is written together in the key is found apart in a text and the other way round, with a
    hyphen, an apostrophe, full stops or a blank; a saint short and long; the surname first; spelt
    letter by letter; ü as ue. Of a common word and an acronym no form but its own is sought.
    """
    own = fold(entry.find).strip()
    ways: dict[str, Way] = {own: "as written"}
    if not entry.common_word and not is_acronym(entry.find):
        ways |= dict.fromkeys(sorted(_loosely(own)), "as written")
        others: tuple[tuple[Iterator[str], Way], ...] = (
            (_spelt(own), "as written"),
            (_taken_apart(entry.find, own), "with its capitals"),
            (_turned_round(entry), "with its capitals"),
            (_otherwise_vowelled(entry.find), "with its vowels"),
        )
        for texts, way in others:
            for text in texts:
                ways.setdefault(text, way)
    if _has_plural(entry):
        ways.setdefault(f"{own}s", "plural")
    for text, way in ways.items():
        first = _WORD.search(text)
        if first:
            yield Form(text, entry, tuple(_WORD.findall(text)), first.start(), way)


def is_acronym(name: str) -> bool:
    """Whether the name is two or three capitals, which in small letters are often a word."""
    return name.isupper() and len(name) <= _SHORT


def _loosely(own: str) -> set[str]:
    """The folded name without its marks, its initials and words run together."""
    texts = {own}
    if len(own) >= _SHORTEST_WITHOUT_APOSTROPHE:
        texts |= {own.replace("'", new) for new in ("", " ", "' ")}
    texts |= {_SAINT.sub("st" if "saint" in text else "saint", text) for text in texts}
    words = own.split()
    if len(words) > 1:
        texts |= {_joined(words, at, "'") for at in range(len(words) - 1) if len(words[at]) == 1}
        texts |= {
            _joined(words, at, "")
            for at in range(len(words) - 1)
            if len(words) > 2 and len(words[at]) > 1 and len(words[at + 1]) > 1
        }
    if max(map(len, words), default=0) > 1:
        texts |= {_INITIALS.sub(r"\1", text) for text in texts}
    if len(together := "".join(words)) >= _SHORTEST_RUN_TOGETHER:
        texts.add(together)
    return texts


def _joined(words: list[str], at: int, mark: str) -> str:
    return " ".join([*words[:at], f"{words[at]}{mark}{words[at + 1]}", *words[at + 2 :]])


def _spelt(own: str) -> Iterator[str]:
    """The name letter by letter, as people spell it: 'Q-u-i-l-l'."""
    if len(set(own)) >= _SHORTEST_SPELT and own.isalpha():
        yield " ".join(own)


def _taken_apart(name: str, own: str) -> Iterator[str]:
    """The name with a border where it has none: 'Jeanluc', 'ORourke', 'JR Tarn', 'McDonald'."""
    yield fold(_HUMP.sub(" ", name)).strip()
    yield fold(_HUMP.sub("'", name)).strip()
    if " " in own:
        yield fold(_INITIALS_TOGETHER.sub(lambda found: " ".join(found[0]), name)).strip()
    for mark in ("'", "' "):
        yield _ELIDED.sub(rf"\1{mark}", own)
    yield _PREFIXED.sub(r"\1 ", own)
    for word in _WORD.finditer(own):
        for at in range(word.start() + _SHORTEST_PART, word.end() - _SHORTEST_PART + 1):
            yield f"{own[:at]} {own[at:]}"


def _turned_round(entry: Entry) -> Iterator[str]:
    """A person's name with the surname first, as lists have it, or as read aloud."""
    if re.fullmatch(r"[^,]+,[^,]+", entry.find):
        last, first = (fold(part).strip() for part in entry.find.split(","))
        yield f"{first} {last}"
        return
    words = entry.find.split() if entry.kind.casefold() in ("person", "name") else []
    for at in range(1, len(words)):
        first, last = fold(" ".join(words[:at])).strip(), fold(" ".join(words[at:])).strip()
        yield f"{last}, {first}"
        yield f"{last} {first}"


def _otherwise_vowelled(name: str) -> Iterator[str]:
    """The name with ue for ü, and with u, which is what ü is without its mark, for ue."""
    spelt_out = fold(name.translate(_SPELT_OUT)).strip()
    places = list(_PERHAPS_ONE.finditer(spelt_out))[:_MOST_VOWELS]
    for one_letter in product((False, True), repeat=len(places)):
        text, reached = "", 0
        for place, is_one in zip(places, one_letter, strict=True):
            text += spelt_out[reached : place.start() + 1 if is_one else place.end()]
            reached = place.end()
        yield text + spelt_out[reached:]


def small_words(name: str) -> int:
    """How many words of the name begin with a small letter."""
    return sum(word[0].islower() for word in re.findall(r"(?<!\S)\w\S*", name))


def _has_plural(entry: Entry) -> bool:
    """Tell whether 'the Smiths' may stand for `entry`: not for 'Grace', 'AR', 'James', 'Robert'."""
    name = entry.find
    return (
        entry.kind.casefold() == "person"
        and not entry.common_word
        and len(name) >= _SHORTEST_WITH_PLURAL
        and name[-1].isalpha()
        and name[-1] not in "sS"
        and not is_acronym(name)
        and f"{name.casefold()}s" not in _ARE_NO_PLURALS
    )


def _with_capitals(name: str) -> set[str]:
    """Return how a common word is written where it is a name: with its capital, or all in capitals.

    'the academy', several words without a capital, stays as it is written too.
    """
    if name.islower() or name.isupper():
        as_written = {name, name[0].upper() + name[1:]} if " " in name and name.islower() else set()
        return {name.title(), name.upper(), *as_written}
    return {name, name.upper()}
