"""Who speaks: the tags of speakers in a transcript, the turns they open, and the voices."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

INTERVIEWER, PARTICIPANT = "interviewer", "participant"

_NAME = r"[^\W\d_][\w.'’&/#-]{0,30}(?: [\w(][\w.'’&/#()-]{0,30}){0,4}"
_BRACKETED_NAME = r"\[[^\[\]\n]{1,40}\]"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_ANY_CLOCK = rf"(?:[\[(]{_CLOCK}[\])]|{_CLOCK})"
# What follows a colon without a space in 'https://', 'S:\\notes' and '10:15'.
_NO_SPEECH = r"[/\\:]|(?<=\d:)\d"
# The habits of tagging a turn, tried in this order; each is anchored at the start of a line.
_HABITS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"^[ \t]*(?:{_ANY_CLOCK}[ \t]*)?(?:\*\*|__)(?P<tag>{_NAME}) ?:?(?:\*\*|__) ?:?[ \t]*",
        rf"^[ \t]*[(\[](?P<tag>{_NAME})[)\]] ?:?[ \t\r]*(?:\n|\Z)",
        rf"^[ \t]*(?P<tag>{_NAME})[ \t]+{_ANY_CLOCK} ?:?[ \t\r]*(?:\n|\Z)",
        rf"^[ \t]*(?:{_ANY_CLOCK}[ \t]*)?(?P<tag>{_NAME}|{_BRACKETED_NAME})"
        rf" ?(?:{_ANY_CLOCK})? ?:(?:(?=\s|\Z)[ \t]*|(?P<close>(?!{_NO_SPEECH})))",
        rf"^[ \t]*(?P<tag>{_NAME}) *\t[ \t]*(?=\S)",
    )
)
_CLOCK_ALONE = _HABITS[2]
_LINE = re.compile(r"[^\n]+")
_VOICE_SPAN = re.compile(r"<v(?:\.[^\s>]{1,60})?[ \t]{1,9}([^>\n]{1,60})>")
_ASKING = re.compile(
    r"(?:I\d?|IV\d?|INT\d?|INTER|Q\d?|MOD\d?|Interviewer.{0,4}|Moderator.{0,4}|Facilitator.{0,4}"
    r"|Researcher.{0,4})",
    re.IGNORECASE,
)
_ANSWERING = re.compile(
    r"(?:[RPAMFS]\d{0,3}|FP\d*|MP\d*|IE|RES\d*|PAR\d*|Respondent.{0,4}|Participant.{0,4}"
    r"|Interviewee.{0,4}|Speaker.{0,4}|Answer)",
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
        return frozenset(map(_key, (*self.participant_tags, *self.interviewer_tags)))

    def voices(self, tags: Iterable[str]) -> dict[str, str]:
        """Return the voice of each of a source's `tags`.

        The register decides; then convention (I, INT, Interviewer, Q, Facilitator, MOD ask; R, P,
        Participant, Speaker answer). When that leaves participants but nobody who asks, the tags
        that are left are the interviewers' names; otherwise they are participants' names.
        """
        asking = frozenset(map(_key, self.interviewer_tags))
        answering = frozenset(map(_key, self.participant_tags))
        decided: dict[str, str] = {}
        undecided: list[str] = []
        for tag in dict.fromkeys(tags):
            if _key(tag) in asking:
                decided[tag] = INTERVIEWER
            elif _key(tag) in answering:
                decided[tag] = PARTICIPANT
            elif _ASKING.fullmatch(tag):
                decided[tag] = INTERVIEWER
            elif _ANSWERING.fullmatch(tag):
                decided[tag] = PARTICIPANT
            else:
                undecided.append(tag)
        only_answers = bool(decided) and INTERVIEWER not in decided.values()
        left = INTERVIEWER if only_answers and not asking else PARTICIPANT
        return decided | dict.fromkeys(undecided, left)


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
    found = [match for match in _candidates(text) if _key(match["tag"]) in tags]
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
    knows, that a caption names as a voice, or a name that opens lines at least twice, with a
    space after its colon. Where names with a clock on lines of their own tag the turns, or names
    with a colon the captions, one that occurs once is a speaker too.
    """
    text = re.sub(r"\r\n?|[\u2028\u2029]", "\n", text).replace("\u00a0", " ")
    seen: Counter[str] = Counter()
    named: set[str] = {_key(name) for name in _VOICE_SPAN.findall(text)}
    names: set[str] = set()
    with_clock: list[str] = []
    in_captions: list[str] = []
    for match in _candidates(text):
        tag = match["tag"]
        spaced = match.groupdict().get("close") is None
        if is_conventional(tag) or _key(tag) in speakers.registered:
            named.add(_key(tag))
        if not spaced:
            continue
        seen[_key(tag)] += 1
        if not _is_like_a_name(tag):
            continue
        names.add(_key(tag))
        if match.re is _CLOCK_ALONE:
            with_clock.append(_key(tag))
        elif _opens_a_caption(text, match.start()):
            in_captions.append(_key(tag))
    named.update(name for name in names if seen[name] >= 2)
    if len(with_clock) >= 2:
        named.update(with_clock)
    if 2 * len(in_captions) >= text.count("-->"):
        named.update(in_captions)
    return frozenset(named)


def _opens_a_caption(text: str, place: int) -> bool:
    return "-->" in text[text.rfind("\n", 0, max(0, place - 1)) + 1 : place]


def is_conventional(tag: str) -> bool:
    """Tell whether `tag` is one that convention knows (I, R1, Interviewer), and so no name."""
    return bool(_ASKING.fullmatch(tag) or _ANSWERING.fullmatch(tag))


def _candidates(text: str) -> Iterator[re.Match[str]]:
    """Yield for each line the first habit of tagging that it shows."""
    for line in _LINE.finditer(text):
        for habit in _HABITS:
            match = habit.match(text, line.start())
            if match:
                yield match
                break


def _is_like_a_name(tag: str) -> bool:
    words = tag.strip("[]").split()
    return (
        0 < len(words) <= 4
        and all(word[0].isupper() or word[0].isdigit() or word[0] == "(" for word in words)
        and not any(word.lower().strip(".,()") in _NO_SPEAKER for word in words)
    )


def _key(tag: str) -> str:
    return " ".join(tag.casefold().split())


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(tag.strip() for tag in cell.split(";") if tag.strip())
