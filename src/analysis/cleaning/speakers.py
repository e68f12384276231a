"""Who speaks: the tags of speakers in a transcript, the turns they open, and the voices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from analysis.cleaning.roles import asks
from analysis.reading.captions import speakers_in_identifiers

INTERVIEWER, PARTICIPANT = "interviewer", "participant"

# 'Reeve', 'Alison Reeve', 'Reeve, Alison', 'DOE, Jane (NHS LEEDS ICB - 15F)'.
NAME = r"[^\W\d_][\w.'’&/#-]{0,30}(?:,? [\w(][\w.'’&/#()-]{0,30}){0,4}(?: \([^():\n]{1,60}\))?"
_BRACKETED_NAME = r"\[[^\[\]\n]{1,40}\]"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_ANY_CLOCK = rf"(?:[\[(]{_CLOCK}[\])]|{_CLOCK})"
# What follows a colon without a space in 'https://', 'S:\\notes' and '10:15'.
_NO_SPEECH = r"[/\\:]|(?<=\d:)\d"
# The habits of tagging a turn, tried in this order; each is anchored at the start of a line.
_HABITS = (
    rf"^[ \t]*(?:{_ANY_CLOCK}[ \t]*)?(?:\*\*|__)(?P<tag>NAME) ?:?(?:\*\*|__) ?:?[ \t]*",
    r"^[ \t]*[(\[](?P<tag>NAME)[)\]] ?:?[ \t\r]*(?:\n|\Z)",
    rf"^[ \t]*(?P<tag>NAME)[ \t]+{_ANY_CLOCK}(?P<alone> ?:?[ \t\r]*(?:\n|\Z))",
    rf"^[ \t]*(?:{_ANY_CLOCK}[ \t]*)?(?P<tag>NAME|{_BRACKETED_NAME})"
    rf" ?(?:{_ANY_CLOCK})? ?:(?:(?=\s|\Z)[ \t]*|(?P<close>(?!{_NO_SPEECH})))",
    r"^[ \t]*(?P<tag>NAME) *\t[ \t]*(?=\S)",
)
_LINE = re.compile(r"[^\n]+")
VOICE_SPAN = re.compile(r"<v(?:\.[^\s>]{1,60})?[ \t]{1,9}(?P<tag>[^>\n]{0,119}[^>\s])[ \t]*>")
_CAPTION_OPENING = re.compile(
    r"(?>^[^\n]*?-->)[^\n]*+\n[ \t]*+([^\s:<{>&-][^:<\n]{0,80}?)[ \t]*:(?=\s)", re.MULTILINE
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
_NO_SPEAKER = frozenset(_OPENINGS.split())


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
            elif tag in of_letters or asks(tag) is None:
                undecided.append(tag)
            elif asks(tag):
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


def known_tags(text: str, speakers: Speakers) -> frozenset[str]:
    """Return the speakers' tags in `text`, in lower case.

    A colon inside speech makes no speaker: a tag is one that the register lists, that convention
    knows, that captions name (`_named_in_captions`), or a name that opens lines at least twice,
    with a space after its colon. Where names with a clock on lines of their own tag the turns,
    one that occurs once is a speaker too.
    """
    text = re.sub(r"\r\n?|[\u2028\u2029]", "\n", text).replace("\u00a0", " ")
    in_captions = _named_in_captions(text)
    sure = in_captions | speakers.registered
    seen: Counter[str] = Counter()
    found: set[str] = set()
    names: set[str] = set()
    with_clock: list[str] = []
    for match in _openings(text, sure):
        tag = key_of(match["tag"])
        groups = match.groupdict()
        if is_conventional(match["tag"]) or tag in sure:
            found.add(tag)
        if groups.get("close") is not None:
            continue
        seen[tag] += 1
        if is_like_a_name(match["tag"]):
            names.add(tag)
            if groups.get("alone") is not None:
                with_clock.append(tag)
    found.update(name for name in names if seen[name] >= 2)
    if len(with_clock) >= 2:
        found.update(with_clock)
    return in_captions | found


def _named_in_captions(text: str) -> frozenset[str]:
    """Return whom captions name: `<v Name>`, and 'name: ' where it opens at least half of them.

    There a name may be any words ('jdoe') that open captions twice; once is enough for what is
    written as a name, and for all where every caption opens so.
    """
    opened = [
        opening
        for opening in _CAPTION_OPENING.findall(text)
        if not _NO_SPEAKER.issuperset(opening.lower().split())
    ]
    captions = text.count("-->")
    named = speakers_in_identifiers(text) if captions else []
    seen = Counter(map(key_of, opened)) if 2 * len(opened) >= captions else Counter[str]()
    named += [tag for tag in VOICE_SPAN.findall(text) if not is_nobody(tag)]
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
    return asks(tag) is not None


def _openings(text: str, tags: frozenset[str]) -> Iterator[re.Match[str]]:
    """Yield for each line the first habit of tagging that it shows, by a name or one of `tags`."""
    habits = _habits(tags)
    for line in _LINE.finditer(text):
        for habit in habits:
            match = habit.match(text, line.start())
            if match:
                yield match
                break


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
    return (
        0 < len(words) <= 4
        and name.count(",") <= 1
        # Scripts without capitals have names too.
        and all(not word[0].islower() for word in words)
        and not any(
            word.lower().strip(".,()") in _NO_SPEAKER for word in (*words, *described.split())
        )
    )


def key_of(tag: str) -> str:
    return " ".join(tag.casefold().split())


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(tag.strip() for tag in cell.split(";") if tag.strip())
