"""Turns, voices, paragraphs: every habit of tagging, and what only looks like one."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.cleaning import (
    RULES,
    PseudonymKey,
    Speakers,
    clean,
    passages,
)
from analysis.cleaning.pseudonyms import Entry
from analysis.reading import Reading
from analysis.study import tables


def passages_of(
    text: str,
    kind: str = "interview",
    *,
    format: str = "txt",
    participant: str = "",
    interviewer: str = "",
    names: dict[str, str] | None = None,
    rules: tuple[str, ...] = RULES,
) -> pd.DataFrame:
    speakers = Speakers.of({"participant_tags": participant, "interviewer_tags": interviewer})
    entries = (
        Entry(find, f"[{new}]", "person", False, line)
        for line, (find, new) in enumerate((names or {}).items(), 2)
    )
    key = PseudonymKey(tuple(entries)) if names else None
    cleaned = clean(Reading(text, format, "utf-8"), kind, rules, key, speakers)
    table = passages("s-1", cleaned, kind, speakers)
    tables.validate(table, tables.PASSAGES, "passages")
    assert [
        cleaned.text[start:end] for start, end in zip(table.start, table.end, strict=True)
    ] == list(table.text)
    assert table.start.is_monotonic_increasing and (table.start < table.end).all()
    return table


def voices(table: pd.DataFrame) -> list[tuple[str, str, str]]:
    return list(zip(table.speaker, table.voice, table.text, strict=True))


ASKED, SAID = "What is it?", "It is this: a thing, at 10:15."
HABITS = {
    "colon": "{a}: What is it?\n{b}: It is this: a thing, at 10:15.\n",
    "colon and blank lines": "{a}: What is it?\n\n{b}: It is this: a thing, at 10:15.\n\n",
    "tab": "{a}\tWhat is it?\n{b}\tIt is this: a thing, at 10:15.\n",
    "colon and tab": "{a}:\tWhat is it?\n{b}:\tIt is this: a thing, at 10:15.\n",
    "colon alone": "{a}:\nWhat is it?\n{b}:\nIt is this: a thing, at 10:15.\n",
    "brackets": "({a})\nWhat is it?\n\n({b})\nIt is this: a thing, at 10:15.\n\n",
    "stars": "**{a}**\nWhat is it?\n\n**{b}**\nIt is this: a thing, at 10:15.\n\n",
    "stars and colon": "**{a}:** What is it?\n\n**{b}:** It is this: a thing, at 10:15.\n\n",
    "colon without a space": "{a}:What is it?\n{b}:It is this: a thing, at 10:15.\n",
    "clock": "{a}   0:03\nWhat is it?\n\n{b}   0:12\nIt is this: a thing, at 10:15.\n\n",
    "long clock": "{a} 00:00\nWhat is it?\n{b} 01:00:12\nIt is this: a thing, at 10:15.\n",
    "clock first": "[00:00:09] {a}: What is it?\n\n[00:00:12] {b}: It is this: a thing, at 10:15.\n\n",
}
NAMES = [
    ("I", "R"),
    ("INT", "P1"),
    ("Interviewer", "Respondent"),
    ("Q", "A"),
    ("AR", "Aisha"),
    ("Tomasz Wieczorek", "Tom Haverigg"),
    ("BSR00", "BSR01"),
    ("Facilitator", "F1"),
    ("MOD", "Anne-Marie O’Neill"),
]


@pytest.mark.parametrize("habit", HABITS)
@pytest.mark.parametrize("names", NAMES)
def test_every_habit_of_tagging(habit: str, names: tuple[str, str]) -> None:
    text = HABITS[habit].format(a=names[0], b=names[1]) * 3
    found = passages_of(text, participant=names[1], interviewer=names[0])
    assert (
        voices(found)
        == [
            (names[0], "interviewer", ASKED),
            (names[1], "participant", SAID),
        ]
        * 3
    )


def test_convention_decides_where_the_register_is_silent() -> None:
    text = "Interviewer: One?\nPeter: Two.\nInterviewer: Three?\nPeter: Four.\n"
    assert set(passages_of(text).groupby("speaker")["voice"].first().items()) == {
        ("Interviewer", "interviewer"),
        ("Peter", "participant"),
    }
    text = "Dan: One?\nParticipant: Two.\nDan: Three?\nParticipant: Four.\n"
    assert set(passages_of(text).groupby("speaker")["voice"].first().items()) == {
        ("Dan", "interviewer"),
        ("Participant", "participant"),
    }


def test_the_register_beats_convention_and_any_case_will_do() -> None:
    text = "A: One?\nb: Two.\nA: Three?\nb: Four.\n"
    table = passages_of(text, participant="B", interviewer="x; a")
    assert table.voice.tolist() == ["interviewer", "participant"] * 2


def test_a_colon_in_speech_is_no_speaker() -> None:
    text = "I: Go on.\nR: There are two.\nFirst: money.\nNote this: time.\nI: And?\nR: No.\n"
    table = passages_of(text)
    assert len(table) == 4
    assert table.text[1] == "There are two.\nFirst: money.\nNote this: time."
    twice = "I: Sum up.\n\nThat's right: you left.\n\nThat's right: you came.\n\nP1: Yes.\n"
    assert passages_of(twice).speaker.tolist() == ["I", "P1"]


def test_speech_that_opens_captions_twice_is_no_speaker() -> None:
    said = [
        "P1: I went there",
        "and I said: this is wrong",
        "P1: they laughed",
        "I: Really?",
        "P1: yes",
        "and I said: not again",
        "in the end",
        "P1: so I left",
    ]
    cues = [f"{n}\n00:0{n}.000 --> 00:0{n}.900\n{words}\n\n" for n, words in enumerate(said, 1)]
    table = passages_of("WEBVTT\n\n" + "".join(cues), format="vtt")
    assert table.speaker.tolist() == ["P1", "I", "P1"]
    assert table.text[0] == "I went there and I said: this is wrong they laughed"


@pytest.mark.parametrize(
    "line",
    [
        "Peter:is that it?\nPeter:is it?",
        "https://x.org/a\nhttps://x.org/b",
        "S:\\notes\\one.txt",
        "A://b",
        "Q3:15 it was",
        "P1::2",
    ],
)
def test_a_colon_without_a_space_opens_turns_of_known_speakers_only(line: str) -> None:
    table = passages_of(f"I:Go on.\nR:{line}\nI:And?\nR:2 more.")
    assert table.text.tolist() == ["Go on.", line, "And?", "2 more."]
    table = passages_of(f"I: Go on.\nR: See:\n{line}\nI: And?\nR: 2 more.")
    assert table.text.tolist() == ["Go on.", f"See:\n{line}", "And?", "2 more."]


def test_a_mark_in_brackets_on_its_line_is_no_speaker() -> None:
    text = "(Kofi)\nYes.\n(Laughs)\nNo.\n\n(Tomasz)\nSo?\n\n(Kofi)\nRight.\n(Laughs)\nHm.\n(Tomasz)\nAnd?"
    table = passages_of(text, interviewer="Tomasz")
    assert table.speaker.tolist() == ["Kofi", "Tomasz", "Kofi", "Tomasz"]


def test_a_turn_goes_on_over_paragraphs() -> None:
    table = passages_of("I: One?\n\nR: Two.\n\nThree.\n\nI: Four?\n\nR: Five.")
    assert table.text.tolist() == ["One?", "Two.\nThree.", "Four?", "Five."]


def test_only_the_moderator_is_tagged() -> None:
    text = (
        "I log in.\nMODERATOR: Please read aloud.\nI read it.\nIt is fine.\nMODERATOR: And?\nGood."
    )
    assert [row[1:] for row in voices(passages_of(text))] == [
        ("participant", "I log in."),
        ("interviewer", "Please read aloud."),
        ("participant", "I read it."),
        ("participant", "It is fine."),
        ("interviewer", "And?"),
        ("participant", "Good."),
    ]


def test_a_cover_sheet_is_in_no_passage_even_when_it_stays_in_the_text() -> None:
    text = "Interview 3\nDate: 3 May\nInterviewer: Ann Lee\n\nI: One?\nR: Two.\nI: Three?\nR: Four."
    kept = passages_of(text, rules=("white_space",))
    assert kept.text.tolist() == ["One?", "Two.", "Three?", "Four."]
    assert passages_of(text).text.tolist() == kept.text.tolist()


def test_without_speakers_paragraphs_are_the_participants() -> None:
    assert voices(passages_of("One thing.\n\nAnother thing.")) == [
        ("", "participant", "One thing."),
        ("", "participant", "Another thing."),
    ]


def test_marks_are_in_the_text_but_are_no_words() -> None:
    table = passages_of(
        "I: Go [inaudible 00:12:03] on (.) then (pause)\nR: [laughs]\nI: So?\nR: No."
    )
    assert table.words.tolist() == [3, 0, 1, 1]
    assert "[inaudible 00:12:03]" in table.text[0]


def test_speakers_are_shown_under_their_pseudonyms_and_keep_their_voices() -> None:
    text = "(Kofi)\nAsk Tomasz.\n(Tomasz)\nMe?\n(Kofi)\nYes.\n(Tomasz)\nFine, Kofi."
    table = passages_of(
        text, interviewer="Tomasz", names={"Kofi": "Worker", "Tomasz": "Researcher"}
    )
    assert voices(table) == [
        ("[Worker]", "participant", "Ask [Researcher]."),
        ("[Researcher]", "interviewer", "Me?"),
        ("[Worker]", "participant", "Yes."),
        ("[Researcher]", "interviewer", "Fine, [Worker]."),
    ]


def test_captions_with_one_turn_each() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Ann Lee>Yes?\n\n00:02.000 --> 00:03.000\n<v Bo Ek>No.\n"
    table = passages_of(text, format="vtt", interviewer="Ann Lee")
    assert voices(table) == [("Ann Lee", "interviewer", "Yes?"), ("Bo Ek", "participant", "No.")]


def test_a_name_with_a_clock_on_its_line_speaks_even_once() -> None:
    text = "Alison R  0:03\nOne?\n\nKofi B  0:05\nTwo.\n\nBryony C  0:09\nThree.\n\nAlison R  0:12\nFour?"
    assert passages_of(text).speaker.tolist() == ["Alison R", "Kofi B", "Bryony C", "Alison R"]
    # One such line among tags of another habit is a line of speech.
    text = "I: When?\nR: On\nMonday 10:30\nFriday 10:45\nBus 10:50\nI: So?\nR: Yes."
    assert passages_of(text).speaker.tolist() == ["I", "R", "I", "R"]


# Who speaks is named once for all paragraphs of a turn; the third speaks once.
SPOKEN = [
    ("Ann Lee", ["How was it then?"]),
    ("Ben Orr", ["It was good.", "We went on for hours.", "And then home."]),
    ("Ann Lee", ["I see.", "Who came with you?"]),
    ("Ben Orr", ["My sister did. Dawn: she is the elder.", "And the dog."]),
    ("Cara Low", ["Sorry, may I come in?", "It is only a minute."]),
    ("Ben Orr", ["Yes, do.", "We are done."]),
]
# Program and form -> the first paragraph of a turn, the others, and who the three are called.
IN_FULL, AS_F4, AS_NOSCRIBE = (
    ("Ann Lee", "Ben Orr", "Cara Low"),
    ("I", "B", "B2"),
    ("S00", "S01", "S02"),
)
PROGRAMS = {
    "Otter": ("{who}  {short}  \n{said}", "{said}", IN_FULL),
    "Otter in Markdown": ("**{who}** *{short}*\n\n{said}", "{said}", IN_FULL),
    "Descript": ("{who}: {said}", "{said}", IN_FULL),
    "Descript with times": ("[{long}] {who}: {said}", "[{long}] {said}", IN_FULL),
    "Descript in Markdown": ("**{who}:** [{long}] {said}", "[{long}] {said}", IN_FULL),
    "Sonix": ("{who}: [{long}] {said}", "{said}", IN_FULL),
    "Sonix on lines": ("{who} [{long}]\n{said}", "{said}", IN_FULL),
    "Trint": ("{who} [{long}] {said}", "[{long}] {said}", IN_FULL),
    "Trint on lines": ("[{long}] {who}\n{said}", "{said}", IN_FULL),
    "Happy Scribe": ("[{long}.120] - {who}\n\n{said}", "{said}", IN_FULL),
    "f4": ("{who}: {said} #{long}-2#", "{said} #{long}-3#", AS_F4),
    "f4, times first": ("#{long}-2# {who}: {said}", "#{long}-3# {said}", AS_F4),
    "noScribe": ("{who}: [{long}] {said}", "{said}", AS_NOSCRIBE),
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_who_is_named_once_for_several_paragraphs(program: str) -> None:
    first, further, called = PROGRAMS[program]
    who = dict(zip(IN_FULL, called, strict=True))
    written = []
    for name, paragraphs in SPOKEN:
        for number, said in enumerate(paragraphs):
            time = f"1:{len(written):02}"
            form = further if number else first
            written.append(form.format(who=who[name], said=said, short=time, long=f"00:0{time}"))
    text = "\n\n".join([*written, "Transcribed by https://otter.ai\n"])
    table = passages_of(text, format="md" if "Markdown" in program else "txt")
    assert list(zip(table.speaker, table.text, strict=True)) == [
        (who[name], "\n".join(paragraphs)) for name, paragraphs in SPOKEN
    ]


def test_what_stands_behind_a_time_once_is_speech() -> None:
    text = (
        "[00:00:01] I: Go on.\n[00:00:05] R: There are two.\n[00:00:09] Remember: money.\n"
        "[00:00:12] I: And?\n[00:00:15] R: Transcribed by hand, and then\n\nAll done by me.\n"
    )
    assert passages_of(text).text.tolist() == [
        "Go on.",
        "There are two.\nRemember: money.",
        "And?",
        "Transcribed by hand, and then\nAll done by me.",
    ]


def test_a_name_in_captions_speaks_even_once() -> None:
    said = [
        "Ann Lee: One?",
        "Bo Ek: Two.",
        "Ann Lee: Three?",
        "Cy Orr: Four: so.",
        "Ann Lee: Five.",
    ]
    cues = [f"{n}\n00:0{n}.000 --> 00:0{n}.900\n{words}\n\n" for n, words in enumerate(said)]
    table = passages_of("WEBVTT\n\n" + "".join(cues), format="vtt")
    assert table.speaker.tolist() == ["Ann Lee", "Bo Ek", "Ann Lee", "Cy Orr", "Ann Lee"]
    # Captions that otherwise name nobody: a colon inside speech is none.
    cues = [
        f"{n}\n00:0{n}.000 --> 00:0{n}.900\n{words}\n\n"
        for n, words in enumerate(["There are two.", "Money: we lack it.", "And time.", "So."])
    ]
    table = passages_of("WEBVTT\n\n" + "".join(cues), format="vtt")
    assert table.text.tolist() == ["There are two. Money: we lack it. And time. So."]


UNUSUAL = [
    "Reeve, Alison",
    "DOE, Jane (NHS LEEDS ICB - 15F)",
    "Participant 1 – Commissioner",
    "jdoe",
    "van der Berg, A. | Lead",
    "Jane’s iPhone (2)",
    "+44 ***12",
]


@pytest.mark.parametrize("habit", HABITS)
@pytest.mark.parametrize("tag", UNUSUAL)
def test_a_listed_tag_may_be_written_in_any_way(habit: str, tag: str) -> None:
    text = HABITS[habit].format(a=tag, b="P1")
    table = passages_of(text, interviewer=tag.upper().replace(" ", "  "), participant="P1")
    assert voices(table) == [(tag, "interviewer", ASKED), ("P1", "participant", SAID)]


@pytest.mark.parametrize(
    "tag", [*UNUSUAL, "SMITH, Mary-Anne (SOUTH WEST YORKSHIRE PARTNERSHIP NHS FOUNDATION TRUST)"]
)
@pytest.mark.parametrize("listed", [True, False])
def test_a_voice_of_captions_may_have_any_name(tag: str, listed: bool) -> None:
    said = [(tag, "What is"), (tag, "it?"), ("R1", SAID), (tag, "And: so?")]
    cues = [
        f"a-{n}\n00:0{n}.000 --> 00:0{n}.900\n<v {name}>{words}</v>\n\n"
        for n, (name, words) in enumerate(said)
    ]
    text = "WEBVTT\n\n" + "".join(cues)
    table = passages_of(text, format="vtt", interviewer=tag if listed else "", participant="R1")
    assert table.speaker.tolist() == [tag, "R1", tag]
    assert table.text.tolist() == [ASKED, SAID, "And: so?"]
    assert table.voice.tolist() == ["interviewer", "participant", "interviewer"]


def test_surname_first_is_a_name() -> None:
    text = "{a}   0:03\nOne.\n{b}   0:09\nTwo.\n{a}   0:12\nThree.".format(
        a="Reeve, Alison", b="DOE, Jane (NHS LEEDS ICB - 15F)"
    )
    assert passages_of(text).text.tolist() == ["One.", "Two.", "Three."]
    text = "Reeve, Alison: One.\nDoe, Jane: Two.\nReeve, Alison: Three.\nDoe, Jane: Four."
    assert passages_of(text).speaker.tolist() == ["Reeve, Alison", "Doe, Jane"] * 2
    text = "I: One.\nR: Two.\nSo, then: Three.\nSo, then: Four.\nI: Five."
    assert passages_of(text).speaker.tolist() == ["I", "R", "I"]


def test_any_name_that_opens_captions_again_speaks() -> None:
    said = ["alison: so", "jdoe: hi", "alison: how", "and: then", "jdoe: ok", "jdoe: ok", "bye"]
    cues = [f"{n}\n00:0{n}.000 --> 00:0{n}.900\n{words}\n\n" for n, words in enumerate(said, 1)]
    table = passages_of("WEBVTT\n\n" + "".join(cues), format="vtt", interviewer="alison")
    assert voices(table) == [
        ("alison", "interviewer", "so"),
        ("jdoe", "participant", "hi"),
        ("alison", "interviewer", "how and: then"),
        ("jdoe", "participant", "ok ok bye"),
    ]
    # Once is enough where every caption opens with a name, and for somebody's device.
    cues = [cue for cue in cues if ":" in cue.split("\n")[2] and "and:" not in cue][:2]
    cues.append("9\n00:09.000 --> 00:09.900\nJane's iPhone: yes\n\n")
    table = passages_of("WEBVTT\n\n" + "".join(cues), format="vtt")
    assert table.speaker.tolist() == ["alison", "jdoe", "Jane's iPhone"]


def test_listed_tags_that_open_no_turn_are_told_without_their_names() -> None:
    speakers = Speakers(("P1", "Doe, Jane"), ("I", "AR"))
    assert speakers.unheard(["I", "p1"]) == (
        "participant_tags: 1 of 2 never found at the beginning of a turn",
        "interviewer_tags: 1 of 2 never found at the beginning of a turn",
    )
    assert speakers.unheard(["AR", "P1", "I", "doe,  jane"]) == ()
    assert Speakers().unheard(["I"]) == ()


def test_field_notes_in_three_voices() -> None:
    text = (
        "DESCRIPTION: The room.\n\nheard (Dev, at the urn): 'Tea?'\n\nReflection: I doubt it.\n\n"
        "Observed: Chairs.\n\nNo mark here.\n\n**Reflexive note:** Mine.\n\n[Heard] 'Go.'\n"
    )
    assert voices(passages_of(text, "observation")) == [
        ("", "observer_description", "The room."),
        ("Dev, at the urn", "observed_speech", "'Tea?'"),
        ("", "observer_reflection", "I doubt it."),
        ("", "observer_description", "Chairs."),
        ("", "observer_description", "No mark here."),
        ("", "observer_reflection", "Mine."),
        ("", "observed_speech", "'Go.'"),
    ]


def test_a_mark_alone_on_its_line_holds_until_the_next() -> None:
    text = "Reflection:\nOne.\nTwo.\nDescription:\nThree."
    assert passages_of(text, "observation").voice.tolist() == [
        "observer_reflection",
        "observer_reflection",
        "observer_description",
    ]


@pytest.mark.parametrize(
    ("format", "mark"),
    [
        ("md", "## {}"),
        ("md", "### {}:"),
        ("md", "**{}**"),
        ("txt", "{}"),
        ("txt", "  {}  "),
        ("docx", "{} (P2)"),
    ],
)
def test_a_heading_is_a_mark(format: str, mark: str) -> None:
    text = (
        f"{mark.format('Description')}\n\nOne.\n\n{mark.format('Reflection')}\n\nTwo.\n\nThree.\n\n"
        f"{mark.format('HEARD')}\nFour.\n\nObservation of the room.\n\n{mark.format('Observation')}\nSix."
    )
    table = passages_of(text, "observation", format=format)
    assert list(zip(table.voice, table.text, strict=True)) == [
        ("observer_description", "One."),
        ("observer_reflection", "Two."),
        ("observer_reflection", "Three."),
        ("observed_speech", "Four."),
        ("observed_speech", "Observation of the room."),
        ("observer_description", "Six."),
    ]


@pytest.mark.parametrize("kind", ["document", "unknown"])
def test_documents_are_paragraphs(kind: str) -> None:
    table = passages_of("Title\n\nI: looks like a tag.\n\nReflection: too.", kind)
    assert set(table.voice) == {"document"}
    assert len(table) == 3 and table.speaker.tolist() == ["", "", ""]


def test_nothing_gives_an_empty_table_of_the_right_types() -> None:
    table = passages_of("", "document")
    assert table.empty
