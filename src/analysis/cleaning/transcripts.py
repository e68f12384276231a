"""Rules on transcripts: times, cover sheets, one way of naming the speaker."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from analysis.cleaning.about import About
from analysis.cleaning.birth_dates import MONTH
from analysis.cleaning.edits import NOBODY_NAMED, Edit
from analysis.cleaning.habits import unusual_turns
from analysis.cleaning.speakers import (
    INTERVIEWER,
    NAME,
    Turn,
    find_turns,
    is_heading,
    key_of,
)
from analysis.cleaning.times import (
    BRACKETED,
    LONG_CLOCK,
    RANGE,
    SETTINGS,
    SPELLED_OUT,
    TO,
    WHOLE,
)
from analysis.text.lines import LINE_WITH_WORDS
from analysis.text.words import count_words

_LONG = rf"{LONG_CLOCK}(?:{TO}{LONG_CLOCK})?"
_TIMES = re.compile(
    rf"(?<![ \t])[ \t]*{BRACKETED}"
    # '[inaudible 00:12:03]' is a mark of the transcriber, and stays as it is.
    rf"|(?<![\w:.,-])#?{_LONG}{WHOLE}(?![^\[\n]{{0,20}}\])#?"
    rf"|^[ \t]*{RANGE}{SETTINGS}[ \t]*(?=\r?$)"
    rf"|^[ \t]*{SPELLED_OUT}[ \t]*(?=\r?$)"
    rf"|(?<=\t){RANGE}(?=[ \t]*(?:\t|\r?$))|^{RANGE}(?=[ \t]*\t)",
    re.MULTILINE,
)
_BARE_TIME_FIRST = re.compile(rf"^[ \t]*{RANGE}{WHOLE}(?:[ \t]+[-–—|])?(?=[ \t]+\S)", re.MULTILINE)
_CLOCK_AFTER = rf"[\[(]?{RANGE}[\])]?"
_CLOCK_AFTER_A_NAME = re.compile(
    rf"(?P<stars>\*{{2,3}}|_{{2,3}})?(?:[ \t]*:|[ \t]+[/|])?[ \t]+{_CLOCK_AFTER} ?:?[ \t]*$",
    re.MULTILINE,
)
# The number of a caption, over its times.
_NUMBER_OF_A_TIME = re.compile(
    rf"^[ \t]*(\d{{1,5}})[ \t]*\n(?=[ \t]*{RANGE}{SETTINGS}[ \t]*$)", re.MULTILINE
)
# What a program says of its recording.
_OF_THE_RECORDING = re.compile(
    rf"^[ \t]*{NAME} (?:started|stopped) (?:transcription|(?:the )?recording)[ \t.]*$", re.MULTILINE
)
# What it says of itself, on the last line: 'Transcribed by https://otter.ai'.
_OF_THE_PROGRAM = re.compile(
    r"^[ \t*_]*transcri(?:bed|pt|ption)(?: \w{3,12}){0,2} (?:by|with)\b(?:[ \t]+\S{1,60}){1,6}\s*\Z",
    re.MULTILINE | re.IGNORECASE,
)
# '//S00: Mm.//' within what another says, as noScribe writes it.
_SAID_WITHIN = re.compile(rf"(?<![ \t])[ \t]*//[ \t]*\(?(?P<tag>{NAME})[ ]?:[^/\n]{{0,120}}//")
_HEADER = re.compile(
    r"[ \t]*+(?:interview )?(?:date|place|venue|location|duration|length|time|recorded|recording|held"
    r"|transcri\w+|transcript|project|study|interview (?:no\.?|number|id)|file(?: name)?|source|role"
    r"|organi[sz]ation|site|format|consent|setting|when and where|conducted by|with|conventions"
    r"|participant id|status|observer|present)[ \t]*+(?:no\.?|number|id|by|on|at)?[ \t]*+:",
    re.IGNORECASE,
)
_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day,? "
_ROLE = r"(?i:interviewer|interviewee|respondent|participant|moderator|facilitator|researcher)"
_NO_NAMES = r"(?!(?:Okay|Ok|Yes|Yeah|No|Thanks|Hello|Hi|Well|So|And)\b)"
# 'Dr Alison Reeve', 'AR', 'P3', 'INT-12'.
_A_NAME = re.compile(
    rf"(?:(?:Dr|Prof|Mr|Mrs|Ms|Miss|Mx)\.? )?{_NO_NAMES}(?:[A-Z](?:[a-z]?\.|[\w'’-]*) ){{1,3}}[A-Z][\w'’-]+"
    rf"|(?:Dr|Prof|Mr|Mrs|Ms|Miss|Mx)\.? [A-Z][\w'’-]+|{_NO_NAMES}[A-Z]{{2,3}}|[A-Z]{{1,4}}[ _-]?\d{{1,4}}"
)
_A_ROLE = re.compile(rf"(?:the )?{_ROLE}(?: \d{{1,3}}| [A-Z][\w'’-]+)*(?![\w'’-])")
# What may follow a name or role on its line: ', associate director (children)', never speech.
_DESCRIBED = re.compile(r"[ \t]*(?:[.,;:(\[/=–-].{0,200})?\Z")
_ASKED_FIRST = re.compile(
    r"[ \t]*(?:how|what|why|who|whom|whose|which|where|when|tell|describe|explain|could|can|would|do|does"
    r"|did|is|are|was|were|have|has|let['’]?s)\b[^:]*\Z",
    re.IGNORECASE,
)
_SPEECH = re.compile(
    r"[?!…]|\b(?:i|you|we|me|us|my|your|our|thanks?|please|yes|yeah|no|okay|hello|hi|well"
    r"|\w+['’](?:m|re|ve|ll|d|t))\b",
    re.IGNORECASE,
)
_WITH_WORDS = re.compile(r"^.*\w.*$", re.MULTILINE)
# 'I' in 'I: interviewer' is nobody's speech.
_TAGGED = re.compile(r"\bI[ ]?[:=]")
_ROW_END = re.compile(
    r"(?:[^\n| \t]++|[ \t]++(?![ \t|]))*+(?P<edge>[ \t]*+\|[ \t\r]*+)$", re.MULTILINE
)
_LAST_LINES = 500
_SAID = re.compile(r"[.!?…。！？؟।][\"'”’»)\]]*\s*\Z")
# 'Interviewer: A. Reeve', 'Note: ...', 'Chair: A. Reeve' of a cover sheet, but no name before a sentence.
_LABELLED = re.compile(
    rf"[ \t]*+(?:(?:{_ROLE}|(?i:notes?|title|conventions|participants|interviewees|interviewers))[^:\n]{{0,20}}"
    r"|[^\W\d_][^:.!?\n]{0,39}(?=:[^\n]*[^.!?…\s][ \t\r]*\Z)):"
)
# 'int-06, ...', 'Interview 3', '7 March 2024.', 'Interviewer A. Reeve', 'AR = Alison Reeve'; no
# sentence that begins so: 'Interview 3 was late.'
_OPENS_A_SHEET = re.compile(
    r"[ \t]*+(?:[A-Za-z]{1,5}[-_]?\d{1,4}|(?i:interview|transcript|session|focus group|group|tape|file) ?\d{1,4}"
    rf"|(?i:(?:{_WEEKDAY})?\d{{1,2}}(?:st|nd|rd|th)? {MONTH},? \d{{4}})|\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{1,4}}"
    rf"|(?:the )?{_ROLE}(?: \d{{1,3}})?|[^\W\d_]{{1,12}}(?= ?=))(?=[ \t]*(?:[.,;:/()=–-]|[A-Z]|\Z))"
)
_OF_A_RECORDING = re.compile(
    r"\b(?:interview\w*|recording|recorded|recorder|transcri\w+|tape|file|fiction\w*|invented|anonymi\w+"
    r"|consent\w*|pseudonyms?|demonstration|fieldworker|notes)\b",
    re.IGNORECASE,
)
# What is remarked of a recording without saying who did it.
_REMARK = re.compile(
    r"[ \t]*+(?:audio |video )?(?:recorded|transcribed|conducted|interviewed|held|checked|returned|typed"
    r"|anonymi[sz]ed|edited|translated|verified|approved|confidential|strictly)\b",
    re.IGNORECASE,
)
# Small words of titles: 'Interview with Dr. Reeve.'
_IN_TITLES = frozenset(
    ["a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)
_WORDS_OF_A_SENTENCE = 3
_HEADER_LETTERS, _HEADER_WORDS, _TITLES, _TITLE_WORDS = 5_000, 40, 3, 15
_COVER_LINE_WORDS, _COVER_WORDS = 120, 500


def timestamps(text: str, about: About) -> Iterator[Edit]:
    """Times of the recording go: '[00:12:03]', '(12:03)', '00:12:03', a time alone on a line.

    A time after a name on a line of its own leaves a colon, so that the name still opens a
    turn. '[inaudible 00:12:03]' stays as it is, and so does a bare 12:03, which may be speech.
    Only in interviews, for the times in field notes and documents are their matter.
    """
    if about.kind != "interview":
        return
    taken: set[int] = set()
    for turn in find_turns(text, about.tags):
        clock = _CLOCK_AFTER_A_NAME.match(text, turn.tag_end)
        if clock:
            taken.update(range(*clock.span()))
            # Stars end the name by themselves, and go with it.
            stars = clock.end("stars")
            start, mark = (stars, "") if stars > 0 else (clock.start(), ":")
            yield Edit(start, clock.end(), mark, "time after a name")
    found = [*_TIMES.finditer(text), *_OF_THE_RECORDING.finditer(text)]
    found += _OF_THE_PROGRAM.finditer(text, max(0, len(text) - _LAST_LINES))
    # A clock that opens a line may be speech ('10:15 was my slot'), but not on line after line.
    openings = list(_BARE_TIME_FIRST.finditer(text))
    if len(openings) >= 3 and 3 * len(openings) >= sum(1 for _ in _WITH_WORDS.finditer(text)):
        found += openings
    for match in sorted(found, key=lambda match: (match.start(), -match.end())):
        if taken.isdisjoint(range(*match.span())):
            taken.update(range(*match.span()))
            between_words = match[0][:1].isspace() and text[match.end() : match.end() + 1].isalnum()
            yield Edit(*match.span(), " " if between_words else "", "time of the recording")


def _numbers_of_times(text: str) -> list[re.Match[str]]:
    """Return the numbers over times that count up by one, as those of captions do."""
    found = list(_NUMBER_OF_A_TIME.finditer(text))
    count_up = all(int(b[1]) - int(a[1]) == 1 for a, b in pairwise(found))
    return found if count_up else []


def turn_openings(text: str, about: About) -> Iterator[Edit]:
    """Unusual habits of opening a turn ('[00:03] - Name', '>> Name:', a role on a line) become usual.

    The tag comes to the start of a line, a colon after it. Where a mark says that somebody else
    speaks, and not who, a line begins. Numbers over times, as captions have them, and
    the headings of tables go.
    """
    if about.kind == "interview":
        numbers = (Edit(*match.span(), "", "number of a time") for match in _numbers_of_times(text))
        headings = (
            Edit(*line.span(), "", "heading of a table")
            for line in LINE_WITH_WORDS.finditer(text)
            if is_heading(line[0])
        )
        yield from sorted(
            (*numbers, *headings, *_openings(text, about)), key=lambda edit: edit.start
        )


def _openings(text: str, about: About) -> Iterator[Edit]:
    turns = unusual_turns(text, about.unusual)
    for turn in turns:
        at_start = not text[: turn.start].strip() or text[turn.start - 1] == "\n"
        begin = "" if at_start else "\n"
        if turn.speech:
            yield Edit(turn.start, turn.speech[0], f"{begin}{turn.tag}: ", "mark of a turn")
            yield Edit(turn.speech[1], turn.end, "\n", "mark of a turn")
        elif turn.tag:
            yield Edit(turn.start, turn.tag_start, begin, "mark of a turn")
            yield Edit(turn.tag_end, turn.end, ": ", "mark of a turn")
        else:
            yield Edit(turn.start, turn.end, begin, NOBODY_NAMED)
        if turn.tag and not turn.speech and "|" in text[turn.tag_end : turn.end]:
            # The edge of a row of a table.
            row = _ROW_END.match(text, turn.end)
            if row:
                yield Edit(*row.span("edge"), "", "mark of a turn")


def cover_sheets(text: str, about: About) -> Iterator[Edit]:
    """What stands before the first turn goes: title, date, place, who was there."""
    if about.kind == "interview":
        end = cover_end(text, about)
        if end:
            yield Edit(0, end, "", "cover sheet")


def speaker_tags(text: str, about: About) -> Iterator[Edit]:
    """Every habit of tagging turns becomes 'Tag: ' at the start of a line.

    What who asks says at the same time, '//I: Mm.//' within another's turn, goes: it is none of that
    person's words.
    """
    turns = find_turns(text, about.tags)
    for turn in turns:
        yield Edit(turn.opening, turn.tag_start, "", "speaker's tag")
        yield Edit(
            turn.tag_end, turn.start, ": " if turn.start < turn.end else ":", "speaker's tag"
        )
        yield from _said_within(turn, text, about)


def _said_within(turn: Turn, text: str, about: About) -> Iterator[Edit]:
    for said in _SAID_WITHIN.finditer(text, turn.start, turn.end):
        tags = (turn.tag, said["tag"])
        known = key_of(tags[1]) in about.tags and key_of(tags[0]) != key_of(tags[1])
        if known and about.speakers.voices(tags)[tags[1]] == INTERVIEWER:
            yield Edit(*said.span(), "", "words of who asks, within a turn")


def turns_of(text: str, about: About) -> list[Turn]:
    """Return the turns of a transcript; what its cover sheet looks like is none."""
    cover = cover_end(text, about)
    return [turn for turn in find_turns(text, about.tags) if turn.opening >= cover]


def is_one_sided(turns: list[Turn], about: About) -> bool:
    """Tell whether only who asks is tagged, so that untagged paragraphs are the answers."""
    voices = about.speakers.voices(turn.tag for turn in turns)
    return bool(turns) and set(voices.values()) == {INTERVIEWER}


@lru_cache(maxsize=4)
def cover_end(text: str, about: About) -> int:
    """Return where the cover sheet of a transcript ends; 0 without one.

    Where both sides are tagged it is all that stands before the first turn, unless that is long
    enough to be speech; 'Interviewer: A. Reeve' names a person and is no turn yet. Otherwise it
    is the opening lines down to the last one such as 'Date: ...'.
    """
    turns = find_turns(text, about.tags)
    spoken = [turn for turn in turns if not _only_says_who(turn, text)]
    first = spoken[0] if spoken else None
    limit = first.opening if first else len(text)
    if first and not is_one_sided(spoken, about):
        lead = text[:limit]
        short = all(count_words(line) <= _COVER_LINE_WORDS for line in lead.split("\n"))
        if short and count_words(lead) <= _COVER_WORDS:
            return limit - len(_said_last(lead))
    return _header_end(text[:limit])


def _said_last(lead: str) -> str:
    """Return the end of `lead` from where speech begins and no line of a cover sheet follows.

    A first question that nobody's tag opens, or one that is not understood, is no cover sheet;
    nor is a sentence, unless a line such as 'Date: ...' stands below it.
    """
    said = len(lead)
    lines = list(LINE_WITH_WORDS.finditer(lead))
    for line in reversed(lines):
        words = _TAGGED.sub("", line[0])
        if _HEADER.match(words) or not (_SPEECH.search(words) or _ASKED_FIRST.match(words)):
            break
        said = line.start()
    return lead[min(said, _first_sentence(lead, lines)) :]


def _first_sentence(lead: str, lines: list[re.Match[str]]) -> int:
    """Return where the first sentence begins that is none of a cover sheet's.

    Below a line that only a sheet has, remarks on the recording are the sheet's too.
    """
    labelled = [bool(_HEADER.match(line[0]) or _LABELLED.match(line[0])) for line in lines]
    reached = max((number for number, one in enumerate(labelled) if one), default=-1)
    on_a_sheet = False
    for number, line in enumerate(lines):
        if labelled[number] or _OPENS_A_SHEET.match(line[0]):
            on_a_sheet = True
        elif (
            number > reached
            and _is_sentence(line[0])
            and not (on_a_sheet and _OF_A_RECORDING.search(line[0]))
        ):
            return line.start()
    return len(lead)


def _is_sentence(line: str) -> bool:
    """Tell 'The drop-in began in May.' from titles, names and remarks ('Recorded at ...')."""
    words = [word for word in re.split(r"[^\w’'-]+", line) if word]
    small = [word for word in words if word[0].isalpha() and not word[0].isupper()]
    if _REMARK.match(line):
        return False
    if not any(map(_has_cases, words)):
        return bool(_SAID.search(line))
    if len(words) < _WORDS_OF_A_SENTENCE or _IN_TITLES.issuperset(small):
        return False
    return bool(_SAID.search(line)) or "?" in line or line.lstrip()[0].islower()


def _has_cases(word: str) -> bool:
    return word.lower() != word.upper()


def _header_end(text: str) -> int:
    """Return where opening lines such as 'Date: ...' end; a few titles may stand among them."""
    end, titles = 0, 0
    for line in LINE_WITH_WORDS.finditer(text[:_HEADER_LETTERS]):
        if _HEADER.match(line[0]) and count_words(line[0]) <= _HEADER_WORDS:
            end, titles = line.end(), 0
        elif (
            titles < _TITLES and count_words(line[0]) <= _TITLE_WORDS and not _SAID.search(line[0])
        ):
            titles += 1
        else:
            break
    return end


def _only_says_who(turn: Turn, text: str) -> bool:
    """Tell 'Interviewer: A. Reeve' and 'R: respondent' of a cover sheet from turns.

    The name, code or role fills its line, but for a description without any speech in it.
    """
    line = text[turn.start : turn.end].partition("\n")[0].rstrip()
    named = re.fullmatch(rf"{_ROLE}(?: ?\d{{1,3}})?", turn.tag) and _A_NAME.match(line)
    found = named or _A_ROLE.match(line)
    if not found or _SPEECH.search(line, found.end()):
        return False
    return bool(_DESCRIBED.match(line, found.end()))
