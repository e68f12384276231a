"""Who speaks: the tags of speakers in a transcript, the turns they open, and the voices."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from itertools import dropwhile, pairwise

from analysis.cleaning.roles import SOMEBODY, asks
from analysis.reading.captions import speakers_in_identifiers
from analysis.text.lines import LINE_WITH_WORDS

INTERVIEWER, PARTICIPANT = "interviewer", "participant"

# 'Reeve', 'Alison Reeve', 'Reeve, Alison', 'Ann & Ben', 'P #12', 'Reeve - North', 'DOE, Jane (ICB - 15F)'.
# Vowel signs of Hebrew, Arabic, the scripts of India and South-East Asia stand in names too.
SIGNS = (
    r"\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0900-\u0963\u0966-\u109f\u1a00-\u1cff"
)
_IN_NAMES = rf"\w{SIGNS}.'’&/#–-"
NAME = (
    rf"[^\W\d_][{_IN_NAMES}]{{0,30}}(?:,? (?:[-–&] )?[\w(#][(){_IN_NAMES}]{{0,30}}){{0,4}}"
    r"(?: \((?!\?)[^():\n]{1,60}\))?"
)
#: An e-mail address, by which programs name who writes or speaks.
ADDRESS = r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
_BRACKETED_NAME = r"\[[^\[\]\n]{1,40}\]"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_ANY_CLOCK = rf"(?:[\[(]{_CLOCK}[\])]|{_CLOCK})"
_ONLY_A_CLOCK = re.compile(rf"[ \t]{{0,9}}[*_]?{_ANY_CLOCK}[*_]?[ \t]*(?:\n|\Z)")
_BRACKETED_CLOCK = re.compile(rf"[ \t]{{0,9}}[#\[(<]{{1,2}}{_CLOCK}(?:-\d)?[#\])>]{{1,2}}")
_UNDER_A_CLOCK = re.compile(rf"^{_BRACKETED_CLOCK.pattern}", re.MULTILINE)
# What follows a colon without a space in 'https://', 'S:\\notes' and '10:15'.
_NO_SPEECH = r"[/\\:]|(?<=\d:)\d"
# The habits of tagging a turn, tried in this order; each is anchored at the start of a line.
_HABITS = (
    rf"^[ \t]*(?:{_ANY_CLOCK}[ \t]*)?(?:\*{{2,3}}|_{{2,3}})(?P<tag>NAME) ?:?(?:\*{{2,3}}|_{{2,3}}) ?:?[ \t]*",
    r"^[ \t]*[(\[](?P<tag>NAME)[)\]] ?:?[ \t\r]*(?:\n|\Z)",
    rf"^[ \t]*(?P<tag>NAME)[ \t]+{_ANY_CLOCK}(?P<alone> ?:?[ \t\r]*(?:\n|\Z))",
    # '[Hester]: ' is Hester; '[participant 1]: ' keeps the brackets of a replaced name.
    rf"^[ \t]*(?:{_ANY_CLOCK}[ \t]*)?(?P<open>\[(?=[^\W\d_a-z]))?(?P<tag>NAME|{_BRACKETED_NAME})"
    rf"(?(open)\]) ?(?:{_ANY_CLOCK})? ?:(?:(?=\s|\Z)[ \t]*|(?P<close>(?!{_NO_SPEECH})))",
    # A row of a table; between speaker and text may stand its number.
    r"^[ \t]*(?P<tag>NAME) *\t(?:[ ]*\d{1,5}[.)]?[ ]*\t)?[ \t]*(?=\S)",
)
_LINE = re.compile(r"[^\n]+")
# Anything short before a colon, where it is a system to open lines so.
_OPENS_SO = re.compile(
    rf"^[ \t]*(?:{_ANY_CLOCK}[ \t]*)?(?P<tag>{ADDRESS}|[^\W_][^:：\n?!.,;'’\"“”]{{0,39}}?) ?[:：](?=\s|\Z)",
    re.MULTILINE,
)
# 'Hester said: ', 'From Hester to Everyone: ' are habits of their own (`habits`).
_MORE_THAN_A_TAG = re.compile(
    r"From .*|.* (?:said|says|asked|asks|replied|replies|answered|answers)"
)
_WORDS_OF_A_TAG, _OPENINGS_AT_LEAST = 4, 4
_COLUMNS = """
speaker,speakers,speaker name,name,who,person,participant,role,voice,text,content,transcript,transcription,
utterance,speech,said,what was said,dialogue,turn,turns,time,times,timestamp,timestamps,time stamp,timecode,
time code,timespan,time span,start,end,start time,end time,begin,from,to,duration,line,lines,line no,line number,
no,nr,number,row,id,comment,comments,note,notes,code,codes,coding,sprecher,sprecherin,text,zeit,zeile,inhalt,
locuteur,locutrice,temps,texte,ligne,hablante,tiempo,texto,línea,interlocutor,parlante,tempo,testo,spreker,tijd,tekst
"""
_COLUMN_NAMES = frozenset(name.strip() for name in _COLUMNS.split(","))
# 'van der Quill', 'al-Vale': what stands in names without a capital.
_IN_NAMES_SMALL = """
van von der den de del della di da do dos das du la le ten ter zu zur bin ibn bint al el and y e
"""
_PARTICLES = frozenset(_IN_NAMES_SMALL.split())
_NO_ENDS_OF_NAMES = ("", *"-–—=~/|&*,;:_'#")
VOICE_SPAN = re.compile(r"<v(?:\.[^\s>]{1,60})?[ \t]{1,9}(?P<tag>[^>\n]{0,119}[^>\s])[ \t]*>")
_CAPTION_OPENING = re.compile(
    r"(?>^[^\n]*?-->)[^\n]*+\n[ \t]*+([^\s:<{>&-][^:<\n]{0,80}?)[ \t]*:(?=\s)", re.MULTILINE
)
# How captions are to look: '<i>', '{\\an8}'.
_STYLES = re.compile(
    r"(?:</?(?:i|b|u|s|c|font|lang|ruby|rt)(?:[.\s][^<>\n]{0,120})?>|\{\\[^{}\n]{1,80}\})++"
    r"(?P<colon>[ \t]{0,3}:)?",
    re.IGNORECASE,
)
# Line openings that recur without being anybody's name.
_OPENINGS = """
so and but yes no well note notes question answer example now then because okay ok right
also however therefore first second third finally anyway or if when date time place venue
location duration length recorded recording transcribed transcriber transcription
transcript project study title source subject present apologies format version page id
file role organisation organization age gender ethnicity laughs laughter laughing pause
pauses silence inaudible unclear crosstalk crying sighs coughs overlapping interruption
monday tuesday wednesday thursday friday saturday sunday break session interview meeting tape
applause music noise end start description heard reflection observed observation
"""
NO_SPEAKER = frozenset(_OPENINGS.split())


@dataclass(frozen=True)
class Speakers:
    """What the register says of the tags in one source; both lists may be empty."""

    participant_tags: tuple[str, ...] = ()
    interviewer_tags: tuple[str, ...] = ()

    @classmethod
    def of(cls, source: Mapping[str, str]) -> Speakers:
        """Read the register columns `participant_tags`, `interviewer_tags` (`I; AR; Dr Reeve`)."""
        return cls(
            _listed(source.get("participant_tags", "")), _listed(source.get("interviewer_tags", ""))
        )

    @property
    def registered(self) -> frozenset[str]:
        return frozenset(map(key_of, (*self.participant_tags, *self.interviewer_tags)))

    def is_registered(self, tag: str) -> bool:
        """Whether the register lists this tag."""
        return key_of(tag) in self.registered

    def voices(self, tags: Iterable[str]) -> dict[str, str]:
        """Return the voice of each of a source's `tags`.

        The register decides; then convention (I, INT, Interviewer, Q, Facilitator, MOD ask; R, P,
        Participant, Speaker answer). When that leaves participants but nobody who asks, the tags
        that are left are the interviewers' names; otherwise they are participants' names.
        """
        asking = frozenset(map(key_of, self.interviewer_tags))
        answering = frozenset(map(key_of, self.participant_tags))
        decided: dict[str, str] = {}
        undecided: list[str] = []
        tags = list(dict.fromkeys(tags))
        # 'A' answers a 'Q'; beside a 'B' it is the first of two letters for two persons.
        of_letters = {"A", "B"} if {"A", "B"} <= set(tags) else set[str]()
        for tag in tags:
            if key_of(tag) in asking:
                decided[tag] = INTERVIEWER
            elif key_of(tag) in answering:
                decided[tag] = PARTICIPANT
            elif tag in of_letters or asks(tag.strip("[]")) is None:
                undecided.append(tag)
            elif asks(tag.strip("[]")):
                decided[tag] = INTERVIEWER
            else:
                decided[tag] = PARTICIPANT
        only_answers = bool(decided) and INTERVIEWER not in decided.values()
        left = INTERVIEWER if only_answers and not asking else PARTICIPANT
        return decided | dict.fromkeys(undecided, left)

    def unheard(self, tags: Iterable[str]) -> tuple[str, ...]:
        """Return a note for each register column that lists others than a source's `tags`.

        Tags may be names: a note says how many there are, and not which.
        """
        heard = frozenset(map(key_of, tags))
        columns = {
            "participant_tags": self.participant_tags,
            "interviewer_tags": self.interviewer_tags,
        }
        counted = {
            column: (sum(key_of(tag) not in heard for tag in listed), len(listed))
            for column, listed in columns.items()
        }
        return tuple(
            f"{column}: {missing} of {listed} never found at the beginning of a turn"
            for column, (missing, listed) in counted.items()
            if missing
        )


@dataclass(frozen=True)
class Turn:
    """A turn: its tag lies at `tag_start` to `tag_end`, its speech at `start` to `end`.

    `opening` is where the habit begins, with brackets, stars and times.
    """

    opening: int
    tag_start: int
    tag_end: int
    start: int
    end: int
    tag: str


def find_turns(text: str, tags: frozenset[str]) -> list[Turn]:
    """Return the turns that `tags` (as `known_tags` gives them) open in `text` (LF line ends).

    A turn goes on to the next tag, over as many lines as it has.
    """
    found = [match for match in _openings(text, tags) if key_of(match["tag"]) in tags]
    turns = []
    for number, match in enumerate(found):
        limit = found[number + 1].start() if number + 1 < len(found) else len(text)
        speech = text[match.end() : limit]
        start = match.end() + len(speech) - len(speech.lstrip())
        end = max(start, match.end() + len(speech.rstrip()))
        turns.append(
            Turn(
                match.start(), *match.span("tag"), min(start, limit), min(end, limit), match["tag"]
            )
        )
    return turns


@lru_cache(maxsize=4)
def known_tags(text: str, speakers: Speakers) -> frozenset[str]:
    """Return the speakers' tags in `text`, in lower case.

    A colon inside speech makes no speaker: a tag is one that the register lists, that convention
    knows, that captions name (`_named_in_captions`), or a name that opens lines at least twice,
    with a space after its colon. One that occurs once is a speaker too where those who return
    stand as it does: with a clock on lines of their own or after the name, after the clock on
    every line that has one there, or with two names each (`_in_full`).
    """
    text = re.sub(r"\r\n?|[\u2028\u2029]", "\n", text).replace("\u00a0", " ")
    in_captions = _named_in_captions(text)
    sure = in_captions | speakers.registered
    seen: Counter[str] = Counter()
    found: set[str] = set()
    names: dict[str, str] = {}
    with_clock: list[str] = []
    under_clock: list[str] = []
    alone: list[str] = []
    for match in _openings(text, sure):
        tag = key_of(match["tag"])
        if tag not in sure and _MORE_THAN_A_TAG.fullmatch(match["tag"]):
            continue
        groups = match.groupdict()
        if is_conventional(match["tag"]) or tag in sure:
            found.add(tag)
        if groups.get("close") is not None:
            continue
        seen[tag] += 1
        if is_like_a_name(match["tag"]):
            names[tag] = match["tag"]
            if (
                groups.get("alone") is not None
                or _ONLY_A_CLOCK.match(text, match.end())
                or _BRACKETED_CLOCK.match(text, match.end())
                or _BRACKETED_CLOCK.search(text, match.end("tag"), match.end())
            ):
                with_clock.append(tag)
            elif _BRACKETED_CLOCK.match(text, match.start()):
                under_clock.append(tag)
            elif text[match.end() : match.end() + 1] in ("\n", ""):
                alone.append(tag)
    found.update(name for name in names if seen[name] >= 2)
    if len(with_clock) >= 2:
        found.update(with_clock)
    found |= _in_full(names, found)
    if len(under_clock) == sum(1 for _ in _UNDER_A_CLOCK.finditer(text)) >= 2:
        shapes = {_shape(names[tag]) for tag in found & names.keys()}
        found.update(tag for tag in under_clock if _shape(names[tag]) in shapes)
    # Where a colon ends the lines of those who return, whoever stands so once speaks too.
    if 2 * sum(tag in found for tag in alone) >= len(alone):
        found.update(tag for tag in alone if tag in names)
    return in_captions | found | _by_system(text, found, names)


def _in_full(names: Mapping[str, str], found: Set[str]) -> frozenset[str]:
    """Return the names of at least two words, if such names are speakers, from the first of these on.

    `names` are in the order of the text. Speech begins with 'First: ', seldom with 'Cara Low: '.
    """
    full = [tag for tag, name in names.items() if _is_full(name)]
    known = [tag for tag in full if tag in found]
    return frozenset(full[full.index(known[0]) :]) if len(known) >= 2 else frozenset()


def _is_full(name: str) -> bool:
    """Tell whether `name` has two or three words, each written as one in a name is."""
    words = name.split()
    return len(words) in (2, 3) and all(
        word in _PARTICLES or (word[0].isupper() and not word.isupper()) for word in words
    )


def _by_system(text: str, found: Set[str], names: Mapping[str, str]) -> frozenset[str]:
    """Return the tags besides those `found` in a text where nearly every paragraph opens with one.

    There whatever returns is a tag ('nurse', '2', 'Young person'); and a name that occurs once
    is one if it is written like a tag that was found, and not before those: on a cover sheet.
    """
    if "-->" in text:
        return frozenset()
    lines = list(LINE_WITH_WORDS.finditer(text))
    opened = [
        match
        for line in lines
        if _has_colon(text, line.start())
        and (match := _OPENS_SO.match(text, line.start()))
        and NO_SPEAKER.isdisjoint(match["tag"].lower().split())
        and len(match["tag"].split()) <= _WORDS_OF_A_TAG
        and not _MORE_THAN_A_TAG.fullmatch(match["tag"])
    ]
    blocks = 1 + sum("\n" in text[a.end() : b.start()].strip(" \t")[1:] for a, b in pairwise(lines))
    if 5 * len(opened) < 4 * min(len(lines), blocks if blocks > 1 else len(lines)):
        return frozenset()
    seen = Counter(key_of(match["tag"]) for match in opened)
    returns = {tag for tag, count in seen.items() if count >= 2}
    further: set[str] = set()
    if len(opened) >= _OPENINGS_AT_LEAST and 5 * sum(seen[tag] for tag in returns) >= 4 * len(
        opened
    ):
        further |= returns
    known = found | further
    sure = (known & returns) or known
    spoken = [*dropwhile(lambda match: key_of(match["tag"]) not in sure, opened)]
    shapes = {_shape(match["tag"]) for match in spoken if key_of(match["tag"]) in known}
    once = {key_of(match["tag"]) for match in spoken if seen[key_of(match["tag"])] == 1}
    return frozenset(further | {tag for tag in once & names.keys() if _shape(names[tag]) in shapes})


def _has_colon(text: str, start: int) -> bool:
    head = text[start : start + 80]
    return ":" in head or "：" in head


def _shape(tag: str) -> str:
    """How a tag is written: a letter or code ('P12'), capitals, a name, or how convention names."""
    letters = "".join(filter(str.isalpha, tag))
    if len(letters) <= 3 and tag.isupper():
        return "code"
    if is_conventional(tag):
        return "role"
    return "capitals" if tag.isupper() else "name"


def unstyled(text: str) -> str:
    """`text` with blanks for the styles of captions, in the same places: a colon after one comes
    before it, so that it follows the name."""

    def blank(style: re.Match[str]) -> str:
        length = len(style[0])
        return f":{' ' * (length - 1)}" if style["colon"] else " " * length

    return _STYLES.sub(blank, text) if "<" in text or "{\\" in text else text


def _named_in_captions(text: str) -> frozenset[str]:
    """Return whom captions name: `<v Name>`, and 'name: ' where it opens at least half of them.

    There a name may be any words ('jdoe') that open captions twice; once is enough for what is
    written as a name, and for all where every caption opens so.
    """
    opened = [
        opening
        for opening in _CAPTION_OPENING.findall(text)
        if not NO_SPEAKER.issuperset(opening.lower().split())
    ]
    captions = text.count("-->")
    named = speakers_in_identifiers(text) if captions else []
    seen = Counter(map(key_of, opened)) if 2 * len(opened) >= captions else Counter[str]()
    named += [html.unescape(tag) for tag in VOICE_SPAN.findall(text) if not is_nobody(tag)]
    return frozenset(map(key_of, named)) | {
        key_of(opening)
        for opening in opened
        if (seen[key_of(opening)] >= 2 and (" " not in opening or is_like_a_name(opening)))
        or (key_of(opening) in seen and (len(opened) == captions or is_like_a_name(opening)))
    }


def is_nobody(tag: str) -> bool:
    """Tell whether `tag` names nobody, as in '<v ->'."""
    return not any(map(str.isalnum, tag))


def is_conventional(tag: str) -> bool:
    """Tell whether `tag` is one that convention knows (I, R1, Interviewer), and so no name."""
    bare = tag.strip("[]")
    return asks(bare) is not None or SOMEBODY.fullmatch(bare) is not None


def _openings(text: str, tags: frozenset[str]) -> Iterator[re.Match[str]]:
    """Yield for each line the first habit of tagging that it shows, by a name or one of `tags`."""
    habits = _habits(tags)
    for line in _LINE.finditer(text):
        written = line[0]
        if ("\t" in written or "|" in written) and is_heading(written):
            continue
        for habit in habits:
            match = habit.match(text, line.start())
            if match:
                yield match
                break


def is_heading(line: str) -> bool:
    """Tell whether `line` is the heading of a table of turns ('Time <tab> Speaker <tab> Text')."""
    if "\t" not in line and "|" not in line:
        return False
    cells = [cell.strip(" *_.:#").casefold() for cell in re.split(r"[\t|]", line)]
    named = [cell for cell in cells if cell]
    return len(named) >= 2 and _COLUMN_NAMES.issuperset(named)


@lru_cache(maxsize=64)
def _habits(tags: frozenset[str]) -> tuple[re.Pattern[str], ...]:
    """Return the habits for names, and for those of `tags` that are no names by themselves."""
    unusual = [tag for tag in tags if not re.fullmatch(NAME, tag)]
    spelled = [
        r"[ \t\u00a0]+".join(map(re.escape, tag.split()))
        for tag in sorted(unusual, key=lambda tag: (-len(tag), tag))
    ]
    name = "(?:" + "|".join([*(f"(?i:{tag})" for tag in spelled), NAME]) + ")"
    return tuple(re.compile(habit.replace("NAME", name), re.MULTILINE) for habit in _HABITS)


def is_like_a_name(tag: str) -> bool:
    """Tell whether all words of `tag` have capitals and none of them opens lines of speech.

    What follows in round brackets may be anything, and so may what belongs to somebody: 'Jane Doe
    (she/her)', 'Jane's iPhone'.
    """
    name, _, described = tag.strip("[]").partition(" (")
    words = re.sub(r"(['’]s) (?:i?[Pp]hone|i?[Pp]ad|[A-Z]\w*)", r"\1", name).split()
    first, *others = words or [""]
    return (
        0 < len(words) <= 6
        # A mark at its end is none of a name.
        and words[-1].rstrip(".")[-1:] not in _NO_ENDS_OF_NAMES
        and (not described or described.endswith(")"))
        and tag.count("(") == tag.count(")")
        and name.count(",") <= 1
        # The hour of 'Hester, 0:03: ' is none of it.
        and not (words[-1].isdigit() and words[-2:][0].endswith(","))
        # Scripts without capitals have names too.
        and not first.islower()
        and all(not word.islower() or word in _PARTICLES for word in others)
        and not any(
            word.lower().strip(".,()") in NO_SPEAKER for word in (*words, *described.split())
        )
    )


def key_of(tag: str) -> str:
    """The form in which tags are compared: without case, brackets and odd spaces."""
    return " ".join(tag.strip("[]").casefold().split())


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(tag.strip() for tag in cell.split(";") if tag.strip())
