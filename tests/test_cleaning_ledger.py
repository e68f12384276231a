"""The words ledger: what a file holds is the clean text and what each rule took, to the character."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cleaning import clean, passages
from analysis.cleaning.edits import CleanText, Edit, Layer
from analysis.cleaning.ledger import CLEAN, IN_FILE, ledger
from analysis.reading import ENDINGS, Reading, read

CASES = Path(__file__).parent / "fixtures" / "cases"
TEXTS = sorted(
    path.relative_to(CASES).as_posix()
    for path in (*CASES.iterdir(), *(CASES / "kin").iterdir())
    if path.suffix in set(ENDINGS) - {".md", ".tsv", ".json"}
)

NAMES = st.sampled_from(
    [
        ("Interviewer", "Orrin"),
        ("Hester Quill", "Orrin Vale"),
        ("INT", "P1"),
        ("Befragerin", "Befragte"),
        ("ENTREVISTADORA", "ENTREVISTADO"),
        ("Dr. Hester Quill", "Mrs Orrin Vale"),
        ("Anne-Marie", "D’Arcy"),
        ("Hester van der Quill", "Orrin al-Vale"),
        ("Anna Petrova", "Анна Петрова"),
        ("राम", "सीता"),
        ("田中", "佐藤"),
        ("Interviewer 1", "Participant #12"),
        ("Zoë & Ève", "Unknown speaker"),
        ("Hester (she/her)", "Orrin (he/him)"),
        ("SPEAKER_00", "SPEAKER_01"),
    ]
)
# How a turn is written: {n} a name, {t} a time, {q} what is said.
TURNS = st.sampled_from(
    [
        "{n}: {q}",
        "{n} : {q}",
        "{n}?: {q}",
        "{n} (?): {q}",
        "{n} said: {q}",
        "At {t} {n}: {q}",
        ">> {n}: {q}",
        "> {n}: {q}",
        "- {n}: {q}",
        "#{n}: {q}",
        "@{n}: {q}",
        "{{{n}}} {q}",
        "[{n}] {q}",
        "[{n}]: {q}",
        "<{n}> {q}",
        "={n}= {q}",
        "{n} – {q}",
        "{n}—{q}",
        "{n}\n{q}\n",
        "{n}\t{q}",
        "{t}\t{n}\t{q}",
        "{n}\t{t}\t{q}",
        "{n}\t12\t{q}",
        "12\t{t} – {t}\t{q}\t{n}",
        "{q}\t{n}",
        "{t} | {n} | {q}",
        "[{t}] {n}: {q}",
        "[{t} AM] {n}: {q}",
        "[03/05/2024, {t}] {n}: {q}",
        "03/05/2024, {t} - {n}: {q}",
        "{t} From {n} to Everyone: {q}",
        "({t} - {t}) {n}: {q}",
        "({t}–{t})\n{n}: {q}",
        "{t} --> {t}\n{n}:\n{q}\n",
        "{t} → {t}\n{n}: {q}\n",
        "{t}.500{n}: {q}",
        "¤<1200>{n}: {q}",
        "{n}: {q} #{t}-5#",
        "{n}: {q} [{t} ‐ {t}]",
        "[{t}.450] - {n}\n{q}\n",
        "{n}   {t}\n{q}\n",
        "{n} / {t}\n{q}\n",
        "{n}: {t}\n{q}\n",
        "{n}\n{t}\n{q}\n",
        "{n}\n0 minutes 3 seconds\n{q}\n",
        "{n}\n\n1 minute 12 seconds\n\n{q}\n",
    ]
)
WORDS = st.lists(
    st.sampled_from(
        [
            "kettle",
            "tea",
            "hall",
            "mud",
            "nobody",
            "minded",
            "warm",
            "families",
            "chairs",
            "rain",
            "so",
            "bus",
        ]
    ),
    min_size=2,
    max_size=7,
)
SAID = st.lists(WORDS, min_size=4, max_size=8)


@given(NAMES, TURNS, SAID, st.sampled_from(["\n", "\r\n"]))
def test_every_habit_gives_its_turns_and_a_ledger_that_adds_up(
    names: tuple[str, str], habit: str, said: list[list[str]], end: str
) -> None:
    spoken = [" ".join(words).capitalize() + "." for words in said]
    text = "\n".join(
        habit.format(n=names[n % 2], q=words, t=f"00:0{n}:1{n}") for n, words in enumerate(spoken)
    ).replace("\n", end)
    found = Reading(text, "txt", "utf-8")
    cleaned = clean(found, "interview")
    table = passages("s", cleaned, "interview")
    expected = [(names[n % 2], words) for n, words in enumerate(spoken)]
    assert list(zip(table["speaker"], table["text"], strict=True)) == expected
    entries, problems = ledger("s", text.encode(), found, cleaned)
    assert not problems
    assert sum(entry.characters for entry in entries[:-1]) == len(cleaned.text)
    assert sum(entry.words for entry in entries[:-1]) == entries[-1].words


@pytest.mark.parametrize("name", TEXTS)
def test_the_ledger_of_every_case_adds_up(name: str) -> None:
    found = read(CASES / name)
    for kind in ("interview", "document"):
        cleaned = clean(found, kind)
        entries, problems = ledger(name, (CASES / name).read_bytes(), found, cleaned)
        assert not problems
        assert (entries[0].rule, entries[-1].rule) == (IN_FILE, CLEAN)
        assert sum(entry.characters for entry in entries[:-1]) == len(cleaned.text)
        assert sum(entry.words for entry in entries[:-1]) == entries[-1].words


FORMS = {
    "a.json": '{"language": "en", "text": "Hello there. So.", "segments": [{"id": "abc", "start": 0.0,'
    ' "end": 1.5, "text": "Hello there."}, {"start": 1.5, "end": 2, "text": "So."}]}',
    "a.tsv": "start\tend\ttext\n0\t1500\tHello there.\n1500\t3250\tSo.\n",
    "a.sbv": "0:00:00.000,0:00:01.500\nHello\nthere.\n\n0:00:01.500,0:00:03.250\nSo.\n",
    "a.rtf": r"{\rtf1\ansi{\fonttbl{\f0 Font;}}{\header top}{\*\generator x}Hello \b there\b0 .\par"
    r" So, caf\'e9 \u8211? yes.}",
    "a.html": "<html><body><nav>Home</nav><p>Hello <b>there</b>.</p></body></html>",
}


@pytest.mark.parametrize("name", FORMS)
def test_the_ledger_of_every_form_adds_up(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FORMS[name].encode("utf-8"))
    found = read(path)
    cleaned = clean(found, "interview")
    entries, problems = ledger(name, path.read_bytes(), found, cleaned)
    assert not problems
    assert sum(entry.words for entry in entries[:-1]) == entries[-1].words


def test_the_ledger_of_a_document_with_a_head_and_a_box_within_a_paragraph(tmp_path: Path) -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Running head"
    document.add_paragraph("Hello there.")
    document.add_paragraph("0:0:1.123456789 --> 0:0:2.5")
    path = tmp_path / "a.docx"
    document.save(str(path))
    found = read(path)
    assert found.notes == ("left out: headers",)
    assert not ledger("s", path.read_bytes(), found, clean(found, "document"))[1]
    lost = dataclasses.replace(found, text=found.text.replace("there", ""))
    _, problems = ledger("s", path.read_bytes(), lost, clean(lost, "document"))
    assert ["Hello there" in str(problem.where) for problem in problems] == [True]


def test_the_ledger_of_what_teams_writes(tmp_path: Path) -> None:
    document = docx.Document()
    for line in (
        "0:0:1.123456789 --> 0:0:2.5\nHester Quill\nHow did it begin?",
        "0:0:2.5 --> 0:0:4.0\nOrrin Vale\nSo.",
    ):
        document.add_paragraph(line)
    path = tmp_path / "a.docx"
    document.save(str(path))
    found = read(path)
    assert found.format == "vtt"
    assert not ledger("s", path.read_bytes(), found, clean(found, "interview"))[1]


def test_words_that_a_reader_lost_are_told_with_their_place() -> None:
    found = Reading("one line\nthe last", "txt", "utf-8")
    _, problems = ledger("s", b"one line\nhalf of this\nthe last", found, CleanText(found.text))
    assert ["half of this" in str(problem.where) for problem in problems] == [True]


def test_a_rule_that_takes_what_is_not_its_own_is_told() -> None:
    layer = Layer("white_space", (Edit(3, 8, " ", "white space"),))
    cleaned = CleanText("one two three", (layer,))
    _, problems = ledger("s", None, Reading(cleaned.original, "txt", ""), cleaned)
    assert ["white_space" in str(problem.where) for problem in problems] == [True]
