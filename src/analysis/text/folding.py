"""One form in which names are compared: key, candidates, gate, purge and pages all use it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property

# What a page sets between two things that it shows apart though no blank stands between them.
APART = "\u2063"
_HYPHENS = r"\-‐‑‒–−⁃﹣－"
# After one of these a word may go on in the next line.
LINE_END_HYPHENS = frozenset(_HYPHENS.replace("\\", "") + "\u00ad")
_APOSTROPHES = "'’‘ʼʻ‛′‵`´ˈˊˋʹʾʿˮꞋꞌ՚׳΄᾽᾿`´῾ߴߵ＇｀"
# Letters that Unicode does not take apart, though people without them on the keyboard do.
_LETTERS = {
    "ß": "ss",
    "ẞ": "ss",
    "ø": "o",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
    "ħ": "h",
    "ŧ": "t",
    "ı": "i",
    # Letters of other scripts that look like these: keyboards are mixed up, and so are readings of
    # pictures. Greek ones by their capitals.
    **dict(zip("авекмнорстухіјѕԛԝһ", "abekmhopctyxijsqwh", strict=True)),
    **dict(zip("αβεζηικμνορτυχ", "abezhikmnoptyx", strict=True)),
}
_FILLERS = "\u0640\u034f\u115f\u1160\u3164\uffa0\u2800"
# Voicing marks and viramas tell words apart; of other marks people leave out any.
_TELLING = (0, 7, 8, 9)
# A single letter is an initial; these are written with and without their full stop.
_ABBREVIATED = frozenset({"st", "ste", "dr", "mr", "mrs", "ms", "mx", "prof", "rev", "fr", "jr"})
_LONGEST_ABBREVIATION = 4
_CLOCK = r"\d{1,3}(?::\d{2}){1,2}(?:[.,]\d{1,3})?"
# The number and clock of a cue, in lines of their own, or in the one line that a page makes of them.
_SETTINGS = r"(?:[ \t]{1,9}(?:align|line|position|size|vertical|region):[^\s<]{1,40}){0,6}+"
_CUE = (
    rf"(?:\d{{1,9}}\s{{1,9}})?{_CLOCK}[ \t]{{0,9}}-->"
    rf"(?:[ \t]{{0,9}}{_CLOCK}{_SETTINGS}(?=\s)|[^\n]{{0,200}}\n)\s*"
)
_MARKS = (
    r"/?(?:b|i|u|s|em|strong|mark|sup|sub|small|span|c(?:\.[\w.]{1,60})?)\s?/?>|\d[\d:.]{1,15}>"
)
_GAP = rf"[^\S ]|[_+{_HYPHENS}]"
_CAPITALS = "A-ZÀ-ÖØ-Þ"
_BEFORE_A_HUMP = rf"(?<=[a-zß-öø-ÿ][{_CAPITALS}])"
_CUE_IN_A_LINE = re.compile(rf"-->[ \t]{{0,9}}+{_CLOCK}{_SETTINGS}[ \t]+\S")
# Marks of emphasis about a word or within it.
_STARS = r"(?<=[^\W_]\*)(?P<stars>\*{0,2}(?:\s{1,3}\*{0,3})?)(?=[^\W_])|(?<=\s\*)(?P<opens>\*{0,2})(?=[^\W_])"
# One class of first characters, so that what is not special is passed over fast.
_FIRST = rf"\t\x0b-\r_+.<*`{_HYPHENS}\x00-\x08\x0e-\x1f\x7f-\U0010ffff"
_THEN = (
    rf"(?:(?<=\u00ad)(?P<soft>\s+(?:{_CUE})?)"
    rf"|(?:(?<=[_+{_HYPHENS}])|(?<=[^\S ]))(?P<gap>(?:{_GAP}|[ ])*(?:{_CUE})?)"
    r"|(?<=[^\W\d_]\.)(?P<stop>)"
    rf"|(?<=<)(?P<marks>{_MARKS})"
    rf"|(?<={APART})(?P<apart>)|{_STARS}"
    r"|(?<=[^\x20-\x7e]|`)(?P<other>))"
)
# 'McDonald' and 'DeLuca' are one word.
_PREFIX = re.compile(r"(?:\A|[^A-Za-z])(?:Mc|Mac|Fitz|De|Di|Du|La|Le|Van|Von|O)\Z")
_PREFIX_WITHIN = 5
_LINE_END_HYPHEN = re.compile(rf"[{_HYPHENS}\u00ad]\s")
# A capital within a word.
HUMP = re.compile(rf"[{_CAPITALS}]{_BEFORE_A_HUMP}")


@cache
def _special(apart: bool, blanks: bool, cues: bool) -> re.Pattern[str]:
    """What is special in a text that has humps to part, blanks beside one another, and cues."""
    humps = rf"{_BEFORE_A_HUMP}(?P<hump>)|" if apart else ""
    first = _FIRST + (_CAPITALS if apart else "") + (" " if blanks or cues else "")
    double = "(?<=[ ][ ])(?P<double>)|" if blanks else ""
    double += rf"(?<=[ ])(?P<cue>{_CUE})|" if cues else ""
    # A line's end alone becomes a blank with the plain text about it, but for one behind a blank.
    ends = rf"\n(?=[\s_+{_HYPHENS}\d])|(?<= )\n"
    return re.compile(rf"(?:[{first}]|{ends})(?:{humps}{double}{_THEN})")


@dataclass(frozen=True)
class Folded:
    """A text in folded form, with a map back.

    `text` has small letters without accents, one blank for any white space, hyphen or underscore,
    one kind of apostrophe, and nothing that cannot be seen. `_changed` are start and end, in the
    text before, of the places where lengths differ, and how long each is in `text`.
    """

    text: str
    _changed: list[tuple[int, int, int]]

    @cached_property
    def _places(self) -> tuple[list[int], list[int], list[int], list[int]]:
        """Where such places begin and end in `text`, and in the text before."""
        at, until, starts, ends = list[int](), list[int](), list[int](), list[int]()
        shift = 0
        for start, end, length in self._changed:
            at.append(start + shift)
            until.append(start + shift + length)
            starts.append(start)
            ends.append(end)
            shift += length - (end - start)
        return at, until, starts, ends

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where the non-empty `start` to `end` of the folded text stands in the text before."""
        return self._start(start), self._end(end)

    def _start(self, position: int) -> int:
        """The place of the character at `position`; what was dropped before it stays outside."""
        at, until, starts, ends = self._places
        last = bisect_right(at, position) - 1
        if last < 0:
            return position
        if position < until[last]:
            return starts[last]
        return ends[last] + position - until[last]

    def _end(self, position: int) -> int:
        """Where the character before `position` ends."""
        at, until, _, ends = self._places
        last = bisect_right(at, position - 1) - 1
        if last < 0:
            return position
        if position - 1 < until[last]:
            return ends[last]
        return ends[last] + position - until[last]


def fold(text: str, *, apart: bool = False) -> str:
    """Return `text` in folded form.

    Some borders can be read in two ways: a hyphen at a line's end, a capital within a word, two
    things that a page sets apart. They join what stands beside them, or part it if `apart`.
    """
    return _fold(text, apart)[0]


def folded(text: str, *, apart: bool = False) -> Folded:
    """Return `fold(text)` with the map back to positions of `text`."""
    return Folded(*_fold(text, apart))


def readings(text: str) -> Iterator[bool]:
    """Yield the values of `apart` under which `text` folds in different ways: one, or both."""
    yield False
    if APART in text or HUMP.search(text) or _LINE_END_HYPHEN.search(text):
        yield True


def cased(text: str) -> str:
    """Return the short `text` folded but for its capitals: to tell 'Grace' from 'grace'."""
    parts = [
        letter.upper() if upper else letter
        for character in text
        for letter, upper in [(fold(character), character.isupper() or character.istitle())]
    ]
    return " ".join("".join(parts).split())


def _fold(text: str, apart: bool) -> tuple[str, list[tuple[int, int, int]]]:
    """The folded text, and (start, end, length after) of each place that changed its length."""
    pieces: list[str] = []
    changed: list[tuple[int, int, int]] = []
    reached = 0
    is_in_a_line = "-->" in text and _CUE_IN_A_LINE.search(text) is not None
    for match in _special(apart, "  " in text, is_in_a_line).finditer(text):
        start, end = match.span()
        old = match[0]
        new = _FOLDS[match.lastgroup or ""](match, text, apart)
        if new == old:
            continue
        pieces += (text[reached:start].lower().replace("\n", " "), new)
        if len(new) != end - start:
            changed.append((start, end, len(new)))
        reached = end
    pieces.append(text[reached:].lower().replace("\n", " "))
    return "".join(pieces), changed


def _gap(match: re.Match[str], text: str, apart: bool) -> str:
    inside = match[0]
    if not apart and _LINE_END_HYPHEN.match(inside):
        start, end = match.span()
        if text[start - 1 : start].isalpha() and text[end : end + 1].isalpha():
            return ""
    return "" if text[match.start() - 1 : match.start()] == " " else " "


def _stop(match: re.Match[str], text: str, apart: bool) -> str:
    at = match.start()
    if text[at + 1 : at + 2].isalpha() and text[at - 1 : at].isalpha():
        return " "
    before = at
    while before and at - before <= _LONGEST_ABBREVIATION and text[before - 1].isalpha():
        before -= 1
    word = text[before:at]
    return "" if len(word) == 1 or word.lower() in _ABBREVIATED else "."


def _hump(match: re.Match[str], text: str, apart: bool) -> str:
    at = match.start()
    letter = _TABLE[match[0]]
    return letter if _PREFIX.search(text[max(0, at - _PREFIX_WITHIN) : at]) else f" {letter}"


class _Table(dict[str, str]):
    """Characters in folded form, each worked out once."""

    def __missing__(self, character: str) -> str:
        self[character] = new = _folded_character(character)
        return new


def _folded_character(character: str) -> str:
    if character in _APOSTROPHES:
        return "'"
    category = unicodedata.category(character)
    if category in ("Cf", "Cc") or character in _FILLERS or "\ufe00" <= character <= "\ufe0f":
        return ""
    if category in ("So", "No") and len(unicodedata.normalize("NFKD", character)) != 1:
        return " "
    if category == "No":
        return " "
    small = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    return "".join(
        _LETTERS.get(part, part) for part in small if unicodedata.combining(part) in _TELLING
    )


_TABLE = _Table()
_FOLDS: dict[str, Callable[[re.Match[str], str, bool], str]] = {
    "double": lambda match, text, apart: "",
    "cue": lambda match, text, apart: " ",
    "stars": lambda match, text, apart: (
        " " if len(match[0].split()) > 1 or match[0][-1].isspace() else ""
    ),
    "opens": lambda match, text, apart: "",
    "soft": _gap,
    "gap": _gap,
    "stop": _stop,
    "marks": lambda match, text, apart: "",
    "apart": lambda match, text, apart: " " if apart else "",
    "hump": _hump,
    "other": lambda match, text, apart: _TABLE[match[0]],
}
