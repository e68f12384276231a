"""Unusual habits of opening a turn, brought to the usual one: 'Name: ' at the start of a line.

`speakers` knows the usual habits, in which a colon, a tab or brackets mark a name. Here are those
that are only told from speech by being a system: a mark before the name, a time above it, a name
in a line or a cell of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from functools import lru_cache

from analysis.cleaning.speakers import (
    ADDRESS,
    NAME,
    NO_SPEAKER,
    Speakers,
    Turn,
    find_turns,
    is_conventional,
    is_heading,
    is_like_a_name,
    key_of,
    known_tags,
    unstyled,
)
from analysis.cleaning.times import ANY_TIME, BRACKETED, HALF, RANGE, SETTINGS, SPELLED
from analysis.cleaning.turn_forms import TurnForm, turn_form

_TAG = rf"(?P<tag>{NAME})"
_DOUBT = r"[ ]?(?:\(\?\)|\?)?"
# Blanks are taken whole, so that no run of them is tried in parts; a tab stands among them.
_B = r"[ \t]*+"
_TAB = r"[ ]*+\t[ \t]*+"
_TITLE = r"(?:Dr|Dra|Prof|Mr|Mrs|Ms|Mx|Rev|Fr|Sr|Sra|Hr|St)\."
# Where a line begins, in Markdown perhaps as a heading.
_H = r"[ \t]*+(?:#{1,6}[ ]+)?"
_EOL = r"[ \t\r]*+(?:\n|\Z)"
_LEAD = rf"^{_B}(?:{ANY_TIME}{_B}(?:[-–—|,;•][ \t]+)?)?"
_ON_A_LINE = rf"(?:{ANY_TIME}|{SPELLED}){SETTINGS}"
_CELL = rf"(?:{ANY_TIME}|\d{{1,5}}[.)]?|{SPELLED})"
_CHEVRON = r"(?:>{2,3}|(?:&gt;){2,3}|»)"
# A '>>' says that another person speaks, in captions also within a line.
CHEVRONS = re.compile(rf"(?:^|(?<=\s)(?<![ \t][ \t])){_B}{_CHEVRON}[ \t]*", re.MULTILINE)
_NAMED_CHEVRON = re.compile(rf"{_TAG}{_DOUBT}[ ]?[:：](?=\s|\Z)[ \t]*")

_WORD_OF_A_NAME = r"[^\W\d_a-z][\w'’-]{1,29}"
# In each habit the tag is at least once in the text of a person; what a habit needs besides, to
# be believed, stands in `_accepted`. 'marked': the mark itself tells a speaker. 'timed': so
# does the time beside a name on a line of its own. 'clocked': those who return do it, and mostly
# they. 'system': only that half of the lines do it.
_HABITS = {
    "marked": (
        # '- Hester: ', '#Hester: ', '12. Hester: ', '[12] Hester: ', '[00:03] - Hester: '.
        rf"^{_B}(?:{ANY_TIME}{_B})?(?:[-–—•·▪◦#@*%~>]{{1,2}}{_B}|(?:\d{{1,5}}[.)]?|[\[(]\d{{1,5}}[\])])[ \t]+){_TAG}{_DOUBT}[ ]?[:：](?=\s|\Z)[ \t]*",
        # 'At 00:03 Hester: '.
        rf"^{_B}[Aa]t[ ]{ANY_TIME}{_B}(?:[-–—,]{_B})?{_TAG}{_DOUBT}[ ]?:(?=\s|\Z)[ \t]*",
        # Zoom's chat: '10:03 From Hester to Everyone: '.
        rf"{_LEAD}From[ ]{_TAG}[ ]to[ ][^:\n]{{1,60}}:(?=\s|\Z)[ \t]*",
        rf"{_LEAD}From[ ]{_TAG}[ ]?:(?=\s|\Z)[ \t]*",
        # 'Hester?: ', 'Hester (?): ', 'Hester：'.
        rf"{_LEAD}{_TAG}(?:[ ]?(?:\(\?\)|\?)[ ]?[:：](?=\s|\Z)|[ ]?：)[ \t]*",
        # '{Hester}', '<Hester>: ', '(Hester): ', '【Hester】'.
        rf"{_LEAD}(?:\{{{_TAG}{_DOUBT}\}}[ ]?[:：]?)[ \t]*",
        rf"{_LEAD}(?:【(?P<tag>{NAME})】[ ]?[:：]?)[ \t]*",
        rf"{_LEAD}(?:<{_TAG}{_DOUBT}>[ ]?[:：]|\((?P<tag2>{NAME}){_DOUBT}\)[ ]?[:：]"
        rf"|\[(?P<tag3>{NAME})[ ]?(?:\(\?\)|\?)\][ ]?[:：]?)[ \t]*",
        # '[00:03 Hester] ', '[Hester - 00:03]: '.
        rf"^{_B}[\[(<{{]{RANGE}{HALF}?+{_B}(?:[-–—|,;•]{_B})?{_TAG}{_DOUBT}[\])>}}][ ]?[:：]?[ \t]*",
        rf"^{_B}[\[(<{{]{_TAG}{_DOUBT}{_B}(?:[-–—|,;•@]{_B})?(?<!\d){RANGE}{HALF}?[\])>}}][ ]?[:：]?[ \t]*",
        # '00:03 <tab> Hester <tab> ', '12 <tab> Hester <tab> ', 'Hester <tab> 00:03 <tab> '.
        rf"^{_B}(?:{_CELL}{_TAB}){{1,3}}{_TAG}[ ]?:?{_TAB}(?=\S)",
        rf"^{_B}{_TAG}[ ]?:?{_TAB}(?:{_CELL}{_TAB}){{1,2}}(?=\S)",
    ),
    "timed": (
        # '[00:03] - Hester', '00:03 Hester'; in Markdown a heading.
        rf"^{_H}{ANY_TIME}{_B}(?:[-–—|•,:;]{_B})?{_TAG}{_DOUBT}[ ]?:?{_EOL}",
        # 'Hester, 0 minutes 3 seconds', 'Hester - 00:03 --> 00:05'.
        rf"^{_H}{_TAG}{_DOUBT}(?:{_B}[-–—|•,;·(/@]{_B}|[ \t]+){_ON_A_LINE}[ ]?[):]?{_EOL}",
        # 'Hester' over '0 minutes 3 seconds', an empty line between them or not.
        rf"^{_B}{_TAG}{_DOUBT}[ ]?:?[ \t\r]*+\n(?:[ \t\r]*+\n)?{_B}{_ON_A_LINE}{_EOL}",
        # '00:03' over 'Hester'.
        rf"^{_H}{_ON_A_LINE}[ \t\r]*+\n{_B}{_TAG}{_DOUBT}{_EOL}",
    ),
    # 'Hester [00:03] ' before speech.
    "clocked": (rf"^{_B}{_TAG}{_DOUBT}[ \t]+{BRACKETED}[ \t]*:?[ \t]*(?=\S)",),
    "system": (
        # '[Hester] ', '(Hester) ', '<Hester> ' before speech.
        rf"{_LEAD}(?:\[{_TAG}{_DOUBT}\]|\((?P<tag2>{NAME}){_DOUBT}\)|<(?P<tag3>{NAME}){_DOUBT}>)[ \t]*(?=\S)",
        # 'Hester – ', 'Hester> ', 'Hester | ', 'Hester:' without a space.
        rf"{_LEAD}{_TAG}{_DOUBT}(?:[ \t]+(?:[-–—]{{1,2}}|[|»>=/]|::)[ \t]+|[ ]?[>;][ \t]*|[ ]?\|[ \t]*|[—–]"
        rf"|[ ]?:{{1,2}}(?![/\\\d])[ \t]*)(?=\S)",
        # 'Hester said: '.
        rf"{_LEAD}{_TAG}[ ](?:said|says|asked|asks|replied|replies|answered|answers)[ ]?:[ \t]*(?=\S)",
        # 'Q. ', 'Hester Quill. '.
        rf"{_LEAD}(?!{_TITLE})(?P<tag>[A-Z]{{1,3}}\d{{0,3}}|{NAME}(?<=[^\W_]))\.[ \t]+(?=\S)(?![A-Z]\.{_EOL})",
        # '/Hester/ ', '“Hester”: ', '_Hester_ ', '=Hester= ', '00:03: Hester: '.
        rf"{_LEAD}[/“«\"‘'_*‹=]{_TAG}{_DOUBT}[/”»\"’'_*›=][ ]?:?[ \t]*(?=\S)",
        rf"^{_B}{ANY_TIME}[ ]?:[ \t]*{_TAG}{_DOUBT}[ ]?:[ \t]*(?=\S)",
        # 'Hester 00:03 ' before speech, '00:03 | Hester | '.
        rf"^{_B}{_TAG}{_DOUBT}[ \t]+{ANY_TIME}[ \t]*:?[ \t]*(?=\S)",
        rf"^{_B}(?:{_CELL}{_B}\|{_B}){{1,3}}{_TAG}{_B}\|[ \t]*(?=\S)",
        rf"^{_B}\|{_B}(?:(?:{_CELL})?{_B}\|{_B}){{1,3}}{_TAG}{_B}\|[ \t]*(?=\S)",
        rf"^{_B}\|{_B}{_TAG}{_B}\|{_B}(?:{_CELL}{_B}\|[ \t]*)?(?=\S)",
    ),
    # '12 <tab> 00:03 - 00:05 <tab> speech <tab> Hester': the last cell of a row says who.
    "last": (
        rf"^{_B}(?:{_CELL}{_TAB})*+(?P<speech>[^\t\n]*[^\s](?:\n[^\t\n]*[^\s]){{0,20}}?){_TAB}{_TAG}{_DOUBT}{_EOL}",
        rf"^{_B}\|{_B}(?:{_CELL}{_B}\|{_B})*+(?P<speech>[^|\n]*[^|\s]){_B}\|{_B}{_TAG}{_DOUBT}{_B}\|{_EOL}",
    ),
    # '@hester speech', '#Hester speech', 'h.quill@example.org: ', '[07] ', '1 <tab> ', '07' over speech: a
    # mark and one word, an address or a number, which only a system of those that return tells.
    "handle": (
        rf"{_LEAD}[@#*~](?P<tag>[^\W_a-z][\w.'’-]{{0,29}}[\w]|\d{{1,4}})[ ]?[:：]?[ \t]+(?=\S)",
        rf"{_LEAD}(?P<tag>@[^\W_][\w.]{{1,29}})[ ]?[:：]?[ \t]+(?=\S)",
        rf"{_LEAD}[#*~](?P<tag>[^\W_][\w.'’-]{{0,29}}\w)[ ]?[:：]?[ \t]+(?=\S)",
        rf"{_LEAD}[<(\[]?(?P<tag>{ADDRESS})[>)\]]?(?:[ ]?[:：])?[ \t]+(?=\S)",
        rf"{_LEAD}(?:\[(?P<tag>\d{{1,4}})\]|\((?P<tag2>\d{{1,4}})\)|(?P<tag3>\d{{1,4}})[ ]*\t)[ \t]*(?=\S)",
        rf"^{_B}(?P<tag>\d{{1,4}}){_EOL}",
    ),
    "alone": (rf"^{_H}{_TAG}{_DOUBT}{_EOL}",),
    # '[00:03] Hester Quill speech', '00:03 Hester speech': a time, and no mark after the name.
    "bare": tuple(
        rf"^{_B}{ANY_TIME}{_B}(?:[-–—|,;•][ \t]+)?(?P<tag>{name})[ \t]+(?=[^\s:：])"
        for name in (rf"{_WORD_OF_A_NAME}[ ]{_WORD_OF_A_NAME}", _WORD_OF_A_NAME)
    ),
}
_PATTERNS = [
    (f"{kind} {number}", re.compile(pattern, re.MULTILINE))
    for kind, patterns in _HABITS.items()
    for number, pattern in enumerate(patterns)
]
_OF_KIND = {kind: [one for one in _PATTERNS if one[0].split()[0] == kind] for kind in _HABITS}
# What parts a name from speech, where no colon does.
_BETWEEN = (" - ", "–", "—", " -- ", "> ", "»", "[", ";", "/", " = ")
# Here a time stands beside the tag, in a cell or a line of its own.
_SURE = frozenset(
    habit
    for habit, pattern in _PATTERNS
    if habit.startswith("timed")
    or (f"{_CELL}{_TAB}" in pattern.pattern and habit.startswith("marked"))
)
_FORM = "form"
_LINE = re.compile(r"[^\n]+")
_TIME_LINE = re.compile(rf"{_B}{_ON_A_LINE}[ \t\r]*+")
_STARTS_WITH_TIME = re.compile(rf"{_B}(?:{ANY_TIME}|{RANGE})")
_MARKS = frozenset("-–—•·▪◦#@*%~>{<([【|/“«\"‘'_‹=¤")
# What no speech begins with: a mark that opens no quotation or remark, a time.
_NO_SPEECH = re.compile(rf"[^\w\s\"“”'’‘«»(\[…¿¡.$£€#]|_|{RANGE}|\w{{1,5}}[ ]?[=:][ ]?{RANGE}")
_MARKS_AROUND = "-–—=~/|#&*.,;:_ "
_INITIALS = re.compile(r"(?:[^\W\d_a-z]\.[ ]?){1,4}")
_ALONE_AT_MOST = 90
_SPEAKERS_AT_MOST = 8
# So much of the text before a line is looked at.
_NEAR = 400
# Answers of a word, which a line may hold as it holds a name.
_ONE_WORD = """
right exactly absolutely sure maybe definitely totally true never always sometimes correct
perfect great good fine brilliant lovely really what why who how where which nothing everything
everyone nobody somebody indeed probably possibly certainly sorry please hello hi bye goodbye hmm
mm mmm um uh er erm oh ah aha wow amen silence background introduction conclusion summary appendix
"""
_ANSWERS = frozenset(_ONE_WORD.split())


@dataclass(frozen=True)
class Opening:
    """Where an unusual habit opens a turn: mark, tag, mark; the tag is '' where nobody is named.

    Where the tag stands behind the speech, as in a last cell, `speech` tells where that lies.
    """

    habit: str
    start: int
    tag_start: int
    tag_end: int
    end: int
    tag: str
    speech: tuple[int, int] | None = None


@dataclass(frozen=True)
class Unusual:
    """The unusual habits of one text: pairs of a habit and the key of a tag; and whether '>>' is.

    `form` is that in which all its turns open, where no habit accounts for as much of the text.
    """

    accepted: frozenset[tuple[str, str]] = frozenset()
    chevrons: bool = False
    form: TurnForm | None = None

    @property
    def names(self) -> frozenset[str]:
        of_form = self.form.names if self.form else frozenset[str]()
        return of_form | {name for _, name in self.accepted}


def habits_of(text: str, speakers: Speakers, turns: list[Turn], *, quotes: bool) -> Unusual:
    """Return the unusual habits of a `_plain` text, whose usual `turns` `find_turns` found.

    `quotes` tells that '>>' is a quotation's mark in this format.
    """
    # '« … »' are quotation marks.
    pointed = any(mark in text for mark in (">>", "&gt;&gt;")) or ("»" in text and "«" not in text)
    chevrons = pointed and not quotes and sum(1 for _ in CHEVRONS.finditer(text)) >= 2
    taken = {text.rfind("\n", 0, turn.tag_start) + 1 for turn in turns}
    found: dict[str, list[Opening]] = {}
    for opening in _candidates(text, taken):
        if text.rfind("\n", 0, opening.tag_start) + 1 not in taken:
            found.setdefault(opening.habit, []).append(opening)
    if not found and not chevrons:
        return Unusual()
    lines = [line for line in text.split("\n") if line.strip() and not _TIME_LINE.fullmatch(line)]
    usually = Counter(key_of(turn.tag) for turn in turns)
    accepted = {
        (habit, name)
        for habit, openings in found.items()
        for name in _accepted(habit.split()[0], openings, usually, len(lines), speakers)
    }
    accepted |= {
        ("chevrons", key_of(opening.tag))
        for opening in (_chevrons(text) if chevrons else ())
        if opening.tag
    }
    return Unusual(frozenset(accepted), chevrons)


def _plain(text: str) -> str:
    """`text` with one mark for the end of a line and one blank, in as many places or fewer."""
    return re.sub(r"\r\n?|[\u2028\u2029]", "\n", text).replace("\u00a0", " ")


def _accepted(
    kind: str, openings: list[Opening], usually: Counter[str], lines: int, speakers: Speakers
) -> frozenset[str]:
    """Return the keys of the tags that a habit of `kind` opens turns with, in a text of `lines`."""
    seen = Counter(key_of(opening.tag) for opening in openings)
    sure = frozenset(
        key_of(opening.tag)
        for opening in openings
        if is_conventional(opening.tag) or key_of(opening.tag) in speakers.registered
    )
    several = frozenset(name for name, count in seen.items() if count + usually[name] >= 2)
    unlike = frozenset(key_of(one.tag) for one in openings if _is_unlike(one.tag))
    if unlike and not (unlike <= several and 4 * seen.total() >= lines):
        openings = [one for one in openings if key_of(one.tag) not in unlike]
        return _accepted(kind, openings, usually, lines, speakers)
    total, distinct = seen.total(), len(seen)
    everywhere = total >= 2 and 5 * (total + usually.total()) >= 4 * lines
    if kind == "marked":
        return frozenset(seen) if everywhere else sure | several
    if kind == "timed":
        return frozenset(seen) if total >= 2 else sure
    if kind == "clocked":
        returning = sum(seen[name] for name in sure | several)
        return frozenset(seen) if several and 2 * returning >= total else sure
    if kind == "handle":
        together = total + usually.total()
        is_one = 2 * together >= lines and len(seen.keys() | usually.keys()) >= 2
        # Where others have names, numbers count what is said.
        of_numbers = frozenset(name for name in several if name.isdigit())
        return (several - of_numbers if usually else several) if is_one else frozenset()
    if kind == "bare":
        # Those who return open nearly every line, and are few.
        opened = sum(seen[name] for name in several)
        few = 2 <= len(several) <= _SPEAKERS_AT_MOST
        return several if few and 5 * opened >= 4 * lines and not usually else frozenset()
    if kind in ("system", "last"):
        is_one = 2 * total >= lines and distinct >= 2 and max(seen.values()) >= 2
        return sure | several if is_one and usually.total() < total else frozenset()
    if usually.total() >= total:
        return frozenset()
    roles = sure if sum(seen[name] for name in sure) >= 2 else frozenset()
    if distinct >= 2 and several and 4 * total >= lines:
        return roles | several
    return roles


def _is_unlike(tag: str) -> bool:
    return not is_conventional(tag) and not is_like_a_name(tag)


def unusual_turns(text: str, unusual: Unusual) -> list[Opening]:
    """Return where the habits in `unusual` open turns of `text`, in order and disjoint."""
    found: list[Opening] = []
    if unusual.form:
        found += [
            Opening(_FORM, one.start(), *one.span("tag"), one.end(), one["tag"])
            for one in unusual.form.openings(text)
        ]
    if unusual.accepted:
        found += [
            opening
            for opening in _candidates(text)
            if (opening.habit, key_of(opening.tag)) in unusual.accepted
        ]
    if unusual.chevrons:
        found += _chevrons(text)
    order = {name: place for place, (name, _) in enumerate(_PATTERNS)}
    found.sort(key=lambda opening: (opening.start, order.get(opening.habit, -1)))
    turns: list[Opening] = []
    for opening in found:
        if not turns or opening.start >= turns[-1].end:
            turns.append(opening)
    return turns


def _chevrons(text: str) -> Iterator[Opening]:
    for mark in CHEVRONS.finditer(text):
        named = _NAMED_CHEVRON.match(text, mark.end())
        if named and (is_like_a_name(named["tag"]) or is_conventional(named["tag"])):
            yield Opening("chevrons", mark.start(), *named.span("tag"), named.end(), named["tag"])
        else:
            yield Opening("chevrons", mark.start(), mark.end(), mark.end(), mark.end(), "")


def _candidates(text: str, taken: Set[int] = frozenset()) -> Iterator[Opening]:
    """Yield every unusual opening by something like a name, of every habit on every line.

    Lines that begin at one of the places in `taken` are passed over.
    """
    for line in _LINE.finditer(text):
        if line.start() in taken or is_heading(line[0]):
            continue
        written = line[0]
        for habit, pattern in _worth_trying(written):
            match = pattern.match(text, line.start())
            if match is None:
                continue
            groups = match.groupdict()
            group = next(name for name in ("tag", "tag2", "tag3") if groups.get(name))
            speech = match.span("speech") if "speech" in groups else None
            opening = Opening(
                habit, match.start(), *match.span(group), match.end(), match[group], speech
            )
            if _may_be(opening, text):
                yield opening


def _worth_trying(line: str) -> list[tuple[str, re.Pattern[str]]]:
    """Return the habits that `line` may show, by the marks without which they cannot be."""
    head = line.lstrip(" \t")[:70]
    first = head[:1]
    short = len(line) <= _ALONE_AT_MOST
    opens_with_a_mark = first in _MARKS or first.isdigit()
    cells = "\t" in head or "|" in head
    tried: list[tuple[str, re.Pattern[str]]] = []
    if (
        opens_with_a_mark
        or cells
        or "?" in head
        or "：" in head
        or head.startswith(("At ", "at "))
        or "From " in head
    ):
        tried += _OF_KIND["marked"]
    if short:
        tried += _OF_KIND["timed"]
    if ":" in head or cells or opens_with_a_mark or any(mark in head for mark in _BETWEEN):
        tried += _OF_KIND["clocked"] + _OF_KIND["system"]
    else:
        before_a_stop = head.partition(". ")[0]
        if len(before_a_stop) < len(head) and before_a_stop.count(" ") <= 2:
            tried += _OF_KIND["system"]
    if "\t" in line or "|" in line:
        tried += _OF_KIND["last"]
    if opens_with_a_mark or "@" in head:
        tried += _OF_KIND["handle"]
    if first.isdigit() or first in "[(<":
        tried += _OF_KIND["bare"]
    if short:
        tried += _OF_KIND["alone"]
    return tried


def _may_be(opening: Opening, text: str) -> bool:
    """Tell whether what stands at `opening` can be a speaker's tag, in view of what follows."""
    tag = opening.tag
    conventional = is_conventional(tag)
    kind = opening.habit.split()[0]
    if kind == "handle":
        return tag.lower() not in NO_SPEAKER
    if not conventional and not is_like_a_name(tag) and not _may_be_called(tag, opening.habit):
        return False
    if kind == "bare":
        return is_like_a_name(tag) and not _is_a_word(tag, text)
    if kind in ("marked", "clocked", "system", "last"):
        return conventional or kind == "marked" or not tag[:1].islower()
    words = [word.strip(".,()?").lower() for word in tag.split()]
    unfinished = tag[-1] in ".,;!" and not _INITIALS.fullmatch(tag)
    if not conventional and (unfinished or not _ANSWERS.isdisjoint(words)):
        return False
    following, blank = _line_after(text, opening.end)
    if not following or _STARTS_WITH_TIME.match(following):
        return False
    if kind == "timed":
        return True
    return _may_stand_alone(opening, text, conventional, blank)


def _is_a_word(tag: str, text: str) -> bool:
    """Tell 'Tea' and 'They', which `text` has in small letters too or which answer, from names."""
    words = {word.lower() for word in tag.split()}
    return not (_ANSWERS.isdisjoint(words) and _small_words(text).isdisjoint(words))


@lru_cache(maxsize=2)
def _small_words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"(?<![\w'’-])[^\W\d_A-Z][\w'’-]*+", text))


def _may_be_called(tag: str, habit: str) -> bool:
    """Tell whether `tag` may be one that is no name ('worker', 'Young person') in a sure habit."""
    words = tag.split()
    few = len(words) <= 3 and not any(mark in tag for mark in ".,;!?'’")
    return habit in _SURE and few and NO_SPEAKER.isdisjoint(word.lower() for word in words)


def _may_stand_alone(opening: Opening, text: str, conventional: bool, blank: bool) -> bool:
    if conventional:
        return len(opening.tag) > 1 or opening.tag.isupper()
    near = text[max(0, opening.start - _NEAR) : opening.start]
    before = near.rstrip("\r\n")
    last = before.rpartition("\n")[2]
    parted = near[len(before) :].count("\n") > 1 or not before
    in_capitals = opening.tag.isupper() and len(opening.tag) > 1
    if "#" in text[opening.start : opening.tag_start]:
        return True
    return not blank and (parted or in_capitals or bool(_TIME_LINE.fullmatch(last)))


def _line_after(text: str, place: int) -> tuple[str, bool]:
    """Return the next line with words from `place` on, and whether an empty one stands before it."""
    rest = text[place : place + 400]
    line = rest.lstrip(" \t\r\n").partition("\n")[0]
    return line, "\n" in rest[: len(rest) - len(rest.lstrip())]


@lru_cache(maxsize=4)
def tags_in(
    text: str, speakers: Speakers, *, quotes: bool = False
) -> tuple[frozenset[str], Unusual]:
    """Return the keys of all speakers' tags in `text`, and by which unusual habits they stand."""
    if "-->" in text:
        text = unstyled(text)
    plain = _plain(text)
    usual = known_tags(text, speakers)
    turns = find_turns(plain, usual)
    unusual = habits_of(plain, speakers, turns, quotes=quotes)
    form = None if _is_accounted_for(plain, turns) else turn_form(plain, speakers)
    if form and _accounts_for_more(form, plain, turns, unusual):
        # Outside the lines that open in the form, what else was found may still be so.
        rest = _without(plain, form)
        usual = known_tags(rest, speakers)
        others = habits_of(rest, speakers, find_turns(rest, usual), quotes=quotes)
        unusual = replace(others, form=form)
    return usual | unusual.names, unusual


def _is_accounted_for(text: str, turns: list[Turn]) -> bool:
    """Tell whether two return who open a quarter of the lines as usual, and speech follows."""
    seen = Counter(key_of(turn.tag) for turn in turns)
    if sum(count >= 2 for count in seen.values()) < 2 or 4 * len(turns) < text.count("\n"):
        return False
    marked = sum(bool(_NO_SPEECH.match(text, turn.start, turn.end)) for turn in turns)
    return 10 * marked < len(turns) and not any(tag[-1] in _MARKS_AROUND[:-2] for tag in seen)


def _accounts_for_more(form: TurnForm, text: str, turns: list[Turn], unusual: Unusual) -> bool:
    """Tell whether `form` opens no fewer turns of `text` than the habits found, and most of them
    with more of what stands around the name, which otherwise counts as speech or as the name."""
    known: dict[int, tuple[str, int]] = {}
    for turn in turns:
        known[_line_of(turn.tag_start, text)] = turn.tag, turn.start
    for one in unusual_turns(text, unusual):
        known[_line_of(one.tag_start, text)] = one.tag, one.end
    openings = list(form.openings(text))
    if len(openings) < len(known):
        return False
    more = 0
    for opening in openings:
        tag, end = known.get(_line_of(opening.start("tag"), text), ("", -1))
        between = text[min(end, opening.end()) : opening.end()].strip()
        unmarked = tag.strip(_MARKS_AROUND)
        more += end < 0 or bool(between) or (tag != opening["tag"] == unmarked)
    return 2 * more >= len(openings)


def _line_of(place: int, text: str) -> int:
    return text.rfind("\n", 0, place) + 1


def _without(text: str, form: TurnForm) -> str:
    """`text` without the lines in which `form` opens a turn."""
    opened = {_line_of(one.start("tag"), text) for one in form.openings(text)}
    return "\n".join(line[0] for line in _LINE.finditer(text) if line.start() not in opened)
