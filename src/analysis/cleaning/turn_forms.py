"""The form in which a text opens its turns: marks, times and numbers around a name, always the same.

Transcribers invent more habits than can be listed: '<<Hester>> ', 'T=0:03 Hester: ', 'Hester.- ',
'Hester/0:03/'. What they share is a grammar: something before the name, the name, something after
it, the same on line after line but for the name, the time and a running number.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from analysis.cleaning.speakers import (
    SIGNS,
    Speakers,
    is_conventional,
    is_heading,
    is_like_a_name,
    key_of,
)
from analysis.cleaning.times import ANY_TIME, BRACKETED, DATE, HALF, RANGE, SPELLED

_BARE_TIME = (
    rf"(?<!\d){DATE}?{RANGE}(?:[.,]\d{{1,3}})?{HALF}?(?![^\W_]|:\d)|(?<!\d)\d{{1,2}}(?:\.\d{{2}}){{2}}(?![\w]|\.\d)"
    r"|(?<!\w)\d{1,3}(?:h[ ]?\d{1,2}(?:m(?:in)?)?|m(?:in)?)[ ]?(?:\d{1,2}s?)?(?!\w)"
    r"|\d{1,3}['′]\d{2}(?:[\"″]|''|′′)?"
)
_TIME = rf"(?:{BRACKETED}|{ANY_TIME}|{_BARE_TIME}|(?<!\w){SPELLED})"
_NUMBER = r"(?<![\w.,:])\d{1,6}(?:[.,]\d{1,3})?(?![^\W_]|[:.,]\d)"
_VARYING = re.compile(rf"(?P<time>{_TIME})|(?P<number>{_NUMBER})")
_LETTER = r"[^\W\d_]"
_IN_A_WORD = rf"(?:[^\W_]|[{SIGNS}]|['’](?![^\W\d_]{{1,4}}=))"
_WORD = rf"(?:[A-Z]\.|{_LETTER}(?:{_IN_A_WORD}|-(?={_LETTER})){{0,30}}(?<!['’]))"
_ABBREVIATED = r"(?:Dr|Dra|Prof|Mr|Mrs|Ms|Mx|Rev|Fr|Sr|Sra|Hr|St)\."
# 'T=0:03', 'Time: 0:03' after a name are none of it.
_NO_TIME = r"(?![^\W\d_]{1,2}=\d|(?:[Tt]|[Tt]ime|at|At)[ ]?[=:@]?[ ]?[\[(<]?\d{1,3}:)"
_ANY_NAME = (
    rf"(?:{_ABBREVIATED}[ ])?{_WORD}(?![^\W_])(?:,?[ ]{_NO_TIME}{_WORD}(?![^\W_])){{0,3}}"
    rf"(?:[ _-]?\#?\d{{1,4}}(?![\w:.,]*\d|[:.,]\d|h|m))?"
)
_NAME = re.compile(_ANY_NAME)
_MARK = r"[^\w\s]"
# What may stand between a name and speech; 't=0:03' and 'at 0:03' are times with a word.
_AFTER = re.compile(
    rf"(?:[ \t]*+(?:(?:[^\W\d_]{{1,9}}[ ]?[=:@]?[ ]?)?{_TIME}|{_NUMBER}|{_MARK}|_))*+[ \t]*+"
)
# A cheap look for what those below and above need: a mark, a digit, or the end of the line.
_MAY_GO_ON = re.compile(
    r"[ \t]*+(?:[^\w\s]|_|\d|\Z)|[^\n]{1,14}\d|(?:[ \t]*+[(\[]?\w[\w'’]*+[)\]]?){1,3}[ ]?[:>»|–—-]"
)
_SAYS = re.compile(r"[ \t]*+[(\[]?(?:[^\W\d_A-Z][\w'’]{0,14}[ ]?){1,3}[)\]]?[ ]?[:>»|–—-]+[ \t]*+")
_LETTERS = re.compile(r"[^\W\d_]+")
_BLANKS = re.compile(r"[ \t]+")
# Marks that stand in any sentence, and tell nothing by themselves.
_OF_SENTENCES = frozenset(",.…!?'’\"“”()[]")
_HEAD, _BEFORE_AT_MOST, _WORDS_BEFORE, _NAMES_TRIED = 90, 40, 3, 4
_LINES_LOOKED_AT = 120
_SPEAKERS_AT_MOST = 12
_TIME_SIGN, _NUMBER_SIGN = "\x01", "\x02"


@dataclass(frozen=True)
class TurnForm:
    """What stands before and after the names that open the turns of a text, and the names' keys.

    In `before` and `after` every time is '\\x01', every number '\\x02'; `after` ends in '\\n' where
    speech begins on the next line.
    """

    before: str
    after: str
    names: frozenset[str]

    def openings(self, text: str) -> Iterator[re.Match[str]]:
        """Yield where it opens turns of `text` by one of its names; group `tag` is the name."""
        for match in _compiled(self.before, self.after).finditer(text):
            if key_of(match["tag"]) in self.names:
                yield match


def turn_form(text: str, speakers: Speakers) -> TurnForm | None:
    """Return the form in which most turns of `text` (LF line ends) open; None where there is none.

    Two names at least return in it, and few do not; a quarter of the lines open so where a time
    or marks on both sides tell it, half of them otherwise. A comma or a stop alone is no form.
    """
    lines = [line for line in text.split("\n") if line.strip() and not is_heading(line)]
    looked_at = lines[:_LINES_LOOKED_AT]
    names: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for line in looked_at:
        for before, after, name in _ways(line, speakers):
            names[before, after][name] += 1
    best = max(
        (form for form in names if _is_form(*form, names[form], len(looked_at))),
        key=lambda form: (_returning(names[form]), len(form[0]) + len(form[1])),
        default=None,
    )
    if best is None:
        return None
    seen = Counter(
        key_of(match["tag"])
        for match in _compiled(*best).finditer(text)
        if _may_speak(match["tag"], speakers)
    )
    everywhere = 5 * seen.total() >= 4 * len(lines)
    return TurnForm(*best, frozenset(name for name in seen if everywhere or seen[name] >= 2))


def _ways(line: str, speakers: Speakers) -> Iterator[tuple[str, str, str]]:
    """Yield each way in which `line` may open: before, after, key of the name."""
    for found in islice(_NAME.finditer(line[:_HEAD]), _NAMES_TRIED):
        if found.start() > _BEFORE_AT_MOST:
            return
        name, lead = found[0], line[: found.start()].lstrip()
        afters = _afters(line, found.end(), alone=not lead.strip())
        if not afters or lead[-1:].isalpha() or not _may_speak(name, speakers):
            continue
        before = _form_of(lead)
        if len(_LETTERS.findall(before)) > _WORDS_BEFORE or before[-1:].isalnum():
            continue
        for after in afters:
            yield before, after, key_of(name)


def _afters(line: str, place: int, *, alone: bool) -> list[str]:
    """Return the forms of what may stand after a name that ends at `place`.

    That is marks and times, or a word or three and a mark, as in ' writes: '; nothing, at the end
    of a line, unless the name stands `alone` on it.
    """
    if not _MAY_GO_ON.match(line, place):
        return []
    marks = _AFTER.match(line, place)
    if marks is None or marks[0].strip(" "):
        found = [marks, _SAYS.match(line, place)]
        return [_form_of(one[0], ends=one.end() == len(line)) for one in found if one]
    if marks.end() == len(line):
        return [] if alone else ["\n"]
    says = _SAYS.match(line, place)
    return [_form_of(says[0], ends=says.end() == len(line))] if says else []


def _form_of(part: str, *, ends: bool = False) -> str:
    """`part` of an opening with its times and numbers as signs and its blanks as one or none."""
    signs = _VARYING.sub(lambda one: _TIME_SIGN if one["time"] else _NUMBER_SIGN, part)
    form = _BLANKS.sub(lambda blanks: "\t" if "\t" in blanks[0] else " ", signs)
    return f"{form.rstrip(' ')}\n" if ends else form.rstrip(" ") if form.strip(" ") else form


def _returning(seen: Counter[str]) -> int:
    return sum(count for count in seen.values() if count >= 2)


def _is_form(before: str, after: str, seen: Counter[str], lines: int) -> bool:
    several = [name for name, count in seen.items() if count >= 2]
    if not 2 <= len(several) <= _SPEAKERS_AT_MOST or 5 * _returning(seen) < 4 * seen.total():
        return False
    timed = _TIME_SIGN in before + after
    marked_before = any(not mark.isspace() and not mark.isalnum() for mark in before)
    marks_after = {mark for mark in after if not mark.isspace() and not mark.isalnum()}
    if not timed and not marked_before and marks_after <= _OF_SENTENCES:
        return False
    sure = timed or (marked_before and bool(marks_after))
    return (4 if sure else 2) * seen.total() >= lines


def _may_speak(name: str, speakers: Speakers) -> bool:
    return is_conventional(name) or is_like_a_name(name) or speakers.is_registered(name)


@lru_cache(maxsize=32)
def _compiled(before: str, after: str) -> re.Pattern[str]:
    lead = _pattern(before.removesuffix(_TIME_SIGN))
    # A name may follow a time without a blank.
    time = rf"(?:{_TIME}|(?<!\d){RANGE})" if before.endswith(_TIME_SIGN) else ""
    return re.compile(
        rf"^[ \t]*+{lead}{time}[ \t]*+(?P<tag>{_ANY_NAME}){_pattern(after)}", re.MULTILINE
    )


def _pattern(form: str) -> str:
    signs = {
        _TIME_SIGN: _TIME,
        _NUMBER_SIGN: _NUMBER,
        " ": r"[ \t]*+",
        "\t": r"[ ]*+\t[ \t]*+",
        "\n": r"[ \t\r]*+(?:\n|\Z)",
    }
    written = "".join(signs.get(sign) or re.escape(sign) for sign in form)
    return written if form.endswith("\n") else rf"{written}[ \t]*+"
