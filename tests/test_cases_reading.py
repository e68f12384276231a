"""Small invented files that once lost words, speakers or secrets: what each of them must give.

What a file should give, and gave, stands beside it in `fixtures/cases/NAME.expected.md`.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.cleaning import clean, passages
from analysis.cleaning.speakers import Speakers
from analysis.reading import read
from analysis.text.words import count_words

CASES = Path(__file__).parent / "fixtures" / "cases"
BEGIN, TEAPOT, THEN, CAME = (
    "How did the drop-in begin?",
    "With two chairs and a teapot.",
    "And then?",
    "Families came.",
)
SHORT = "How did it begin?"


def turns_of(name: str) -> list[tuple[str, str]]:
    """The turns of a case, read and cleaned as an interview: speaker and words."""
    table = passages("s", clean(read(CASES / name), "interview"), "interview")
    return list(zip(table["speaker"], table["text"], strict=True))


TURNS = {
    "txt-f4-timestamps.txt": [("I", BEGIN), ("B", TEAPOT), ("I", THEN), ("B", CAME)],
    "txt-range-speaker-line.txt": [
        ("Speaker A", "How did the drop-in begin for you?"),
        ("Speaker B", "With two chairs and a teapot, honestly."),
        ("Speaker A", "And who came first?"),
    ],
    "txt-speaker-alone-in-capitals.txt": [
        ("INTERVIEWER", BEGIN),
        ("PARTICIPANT", TEAPOT),
        ("INTERVIEWER", THEN),
        ("PARTICIPANT", CAME),
    ],
    "txt-speaker-name-with-question-mark.txt": [
        ("Hester", BEGIN),
        ("Orrin", TEAPOT),
        ("Hester", THEN),
        ("Orrin", CAME),
    ],
    "txt-teams-minutes-seconds.txt": [
        ("Hester Quill", "So how did the drop-in begin for you?"),
        ("Orrin Vale", "With two chairs and a teapot, honestly."),
        ("Orrin Vale", "And then families came."),
        ("Hester Quill", "What did they ask for?"),
    ],
    "txt-time-before-speaker.txt": [
        ("Hester Quill", BEGIN),
        ("Orrin Vale", TEAPOT),
        ("Hester Quill", THEN),
        ("Orrin Vale", CAME),
    ],
    "vtt-blank-after-every-timing.vtt": [("", BEGIN), ("", TEAPOT)],
    "vtt-blank-after-timing.vtt": [("", "we kept the kettle warm and nobody minded the mud")],
    "vtt-chevrons.vtt": [
        ("", SHORT),
        ("ORRIN VALE", TEAPOT),
        ("HESTER QUILL", THEN),
        ("ORRIN VALE", CAME),
    ],
    "vtt-rolling-captions.vtt": [
        ("", "the family room was cold so we sang until the bus came"),
    ],
}


@pytest.mark.parametrize("name", TURNS)
def test_the_turns_of_a_case(name: str) -> None:
    assert turns_of(name) == TURNS[name]


@pytest.mark.parametrize("said", ["//S00: Mm.//", "// S00: Really? //", "//(S00: Mm)//"])
def test_what_who_asks_says_meanwhile_is_none_of_a_participants_words(
    said: str, tmp_path: Path
) -> None:
    path = tmp_path / "talk.txt"
    path.write_text(f"S00: {SHORT}\nS01: With two {said} chairs.\nS00: {THEN}\nS01: {CAME}\n")
    for tags, chairs in ((("S00",), "With two chairs."), ((), f"With two {said} chairs.")):
        speakers = Speakers(interviewer_tags=tags)
        table = passages(
            "s", clean(read(path), "interview", speakers=speakers), "interview", speakers
        )
        expected = [("S00", SHORT), ("S01", chairs), ("S00", THEN), ("S01", CAME)]
        assert list(zip(table["speaker"], table["text"], strict=True)) == expected


@pytest.mark.parametrize(
    "opening",
    [
        *(
            "[00:0{0}:03] {1} ",
            "(0{0}:03) {1} ",
            "0{0}:03 {1} ",
            "00:0{0}:03 - {1} ",
            "[0{0}:03]\t{1} ",
        ),
        *("[00:0{0}:03 {1}] ", "[{1} 00:0{0}:03] ", "({1} - 0{0}:03): ", "<0{0}:03 AM, {1}> "),
        *("[{0}] {1}: ", "({0}) {1}: ", "{1} @ 00:0{0}:03\n"),
    ],
)
@pytest.mark.parametrize("names", [("Hester", "Orrin"), ("Hester Quill", "Orrin Vale")])
def test_a_name_after_a_time_needs_no_mark_where_all_return(
    opening: str, names: tuple[str, str], tmp_path: Path
) -> None:
    said = [BEGIN, TEAPOT, THEN, CAME]
    path = tmp_path / "talk.txt"
    path.write_text(
        "".join(f"{opening.format(n, names[n % 2])}{words}\n" for n, words in enumerate(said))
    )
    table = passages("s", clean(read(path), "interview"), "interview")
    expected = [(names[n % 2], words) for n, words in enumerate(said)]
    assert list(zip(table["speaker"], table["text"], strict=True)) == expected


@pytest.mark.parametrize("words", [("Well", "Yeah"), ("They", "Tea"), ("So", "And")])
def test_words_that_open_speech_after_times_are_no_names(
    words: tuple[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "talk.txt"
    lines = [f"[00:0{n}:03] {words[n % 2]} they had tea with two chairs.\n" for n in range(6)]
    path.write_text("".join(lines))
    table = passages("s", clean(read(path), "interview"), "interview")
    assert set(table["speaker"]) == {""}


@pytest.mark.parametrize(
    "cues",
    [
        ("<i>HESTER:</i> How?", "{\\an8}ORRIN: With tea.", "ORRIN: And chairs."),
        ("{\\an8}<b>HESTER</b>: How?", '<font color="#fff">ORRIN:</font> With tea.', "And chairs."),
        ("<i>HESTER: How?</i>", "<i>ORRIN: With tea.</i>", "<i>And chairs.</i>"),
        (
            "<c.yellow>HESTER :</c> How?",
            "<c.blue><i>ORRIN</i>:</c> With tea.",
            "<u>And</u> chairs.",
        ),
    ],
)
def test_the_looks_of_a_caption_hide_no_speaker(cues: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "talk.srt"
    path.write_text(
        "".join(
            f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\n{words}\n\n"
            for n, words in enumerate(cues, 1)
        )
    )
    table = passages("s", clean(read(path), "interview"), "interview")
    expected = [("HESTER", "How?"), ("ORRIN", "With tea. And chairs.")]
    assert list(zip(table["speaker"], table["text"], strict=True)) == expected


KIN = json.loads((CASES / "kin" / "turns.json").read_text("utf-8"))


@pytest.mark.parametrize("name", KIN)
def test_the_turns_of_the_kin_of_the_cases(name: str) -> None:
    assert turns_of(f"kin/{name}") == [tuple(turn) for turn in KIN[name]]


def test_vowel_signs_are_parts_of_words() -> None:
    lines = (CASES / "words-scripts-with-vowel-signs.txt").read_text("utf-8").splitlines()
    assert [count_words(line) for line in lines] == [4, 4, 4, 4]
    # Arabic with vowels, pointed Hebrew, Thai without spaces, Persian with a joiner.
    assert [
        count_words(line)
        for line in ("مَرْحَبًا بِكُمْ جَمِيعًا", "שָׁלוֹם עֲלֵיכֶם חֲבֵרִים", "น้ำร้อน", "می\u200cروم خانه")
    ] == [3, 3, 1, 2]


TABLE = [("Interviewer", BEGIN), ("Orrin", TEAPOT), ("Interviewer", THEN), ("Orrin", CAME)]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("docx-table-time-speaker-text.docx", TABLE),
        (
            "docx-numbered-speakers.docx",
            [("I", SHORT), ("P", "With two chairs."), ("I", THEN), ("P", CAME)],
        ),
        ("docx-hidden-text.docx", [("Interviewer", SHORT), ("Participant", TEAPOT)]),
    ],
)
def test_tables_labels_and_hidden_text_of_word(name: str, expected: list[tuple[str, str]]) -> None:
    assert turns_of(name) == expected


def test_an_interview_in_a_table_of_a_pdf() -> None:
    turns = turns_of("pdf-interview-in-a-table.pdf")
    assert [speaker for speaker, _ in turns] == ["Interviewer", "Orrin", "Interviewer", "Orrin"]
    assert turns[0][1].startswith("How did the drop-in begin, and who was there")
    assert turns[2][1] == THEN


@pytest.mark.parametrize(
    ("name", "shown", "never", "note"),
    [
        (
            "html-hidden.html",
            "Orrin kept the kettle warm at 東京.",
            ("Hetty", "Marlon", "Briony", "toukyou"),
            "hidden text",
        ),
        (
            "rtf-hidden-and-revised.rtf",
            "We kept the big kettle warm at Café “Drop-in” by the link.",
            ("Hetty", "Marlon"),
            "hidden text",
        ),
        ("docx-hidden-text.docx", "With two chairs and a teapot.", ("Orrin",), "hidden text"),
        ("pdf-raised-note-number.pdf", "the kettle warm and the tea", ("DRAFT",), "watermarks"),
    ],
)
def test_what_is_not_seen_is_not_read(
    name: str, shown: str, never: tuple[str, ...], note: str
) -> None:
    found = read(CASES / name)
    assert shown in found.text
    assert not any(word in found.text for word in never)
    assert any(note in one for one in found.notes)
