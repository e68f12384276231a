"""Interviews in which nobody asks: told, with a register entry to paste."""

from __future__ import annotations

from pathlib import Path

from analysis.cleaning.prepared import Prepared
from analysis.cleaning.preparing import prepare_text
from analysis.lifecycle.begin.found import NewSource
from analysis.lifecycle.begin.heard import propose_speakers
from analysis.stages import speakers

ANSWERED = "Hester: What is it?\nOrrin: A hall.\nHester: And then?\nOrrin: Tea.\n"


def prepared(**texts: str) -> tuple[list[speakers.Heard], dict[str, Prepared]]:
    rows = [{"source_id": name, "kind": "interview", "file": ""} for name in texts]
    made = {row["source_id"]: prepare_text(row, texts[row["source_id"]]) for row in rows}
    return [speakers.heard(row, made[row["source_id"]]) for row in rows], made


def test_who_recurs_across_interviews_is_proposed_as_interviewer() -> None:
    other = "Hester: Why?\nMara: Rain.\nHester: Who came?\nMara: All.\n"
    heard, _ = prepared(a=ANSWERED, b=other)
    found = speakers.proposals(heard)
    assert list(found["found"]) == [speakers.NO_INTERVIEWER] * 2
    assert list(found["interviewer_tags"]) == ["Hester", "Hester"]
    assert list(found["participant_tags"]) == ["Orrin", "Mara"]


def test_who_mostly_asks_is_proposed_in_a_single_interview() -> None:
    heard, _ = prepared(a=ANSWERED)
    assert list(speakers.proposals(heard)["interviewer_tags"]) == ["Hester"]


def test_marks_that_recur_are_told_where_nobody_is_found(tmp_path: Path) -> None:
    text = "so then> what\nwe sang\nso then> why\nit rained\n"
    heard, made = prepared(a=text)
    found = speakers.proposals(heard)
    assert list(found["found"]) == [speakers.NO_SPEAKER]
    assert "'so then>' 2 times" in found["marks"][0]
    assert "no speaker found" in "; ".join(made["a"].notes)
    folder = tmp_path / "review"
    folder.mkdir()
    found.to_csv(folder / f"{speakers.REVIEW}.csv", index=False)
    (line,) = speakers.told(tmp_path)
    assert "a: no speaker found" in line and "so then>" in line and "interviewer_tags" in line


def test_an_interview_with_an_interviewer_is_not_told() -> None:
    heard, _ = prepared(a="I: What?\nR: That.\nI: So?\nR: Yes.\n")
    assert speakers.proposals(heard).empty


def test_a_new_study_fills_kind_and_tags_of_transcripts(tmp_path: Path) -> None:
    def source(name: str, text: str) -> NewSource:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return NewSource(name, tmp_path / name, f"documents/{name}")

    initials = source("i.txt", "I: What?\nR: That is it.\nI: So?\nR: Yes it is.\n")
    named = source("n.txt", ANSWERED)
    captions = source("c.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nwe sang\n")
    plan = source("p.txt", "The plan has three parts.\n\nNone is new.\n")
    propose_speakers([initials, named, captions, plan])
    assert (initials.kind, initials.interviewer_tags, initials.participant_tags) == (
        "interview",
        "I",
        "R",
    )
    assert (named.place, named.interviewer_tags) == ("interviews/n.txt", "Hester")
    assert (captions.kind, captions.participant_tags) == ("interview", "")
    assert (plan.kind, plan.place) == ("", "documents/p.txt")
