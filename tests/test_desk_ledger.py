"""What the desk writes: bound to words, told in a journal, whole or not at all."""

from __future__ import annotations

import multiprocessing
import os
import signal
from pathlib import Path

import desk_study
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tiny import write_tiny_study

from analysis.desk import Desk
from analysis.desk.coded import ChangedMeanwhileError
from analysis.desk.coder_file import CoderFile
from analysis.desk.journal import acts_in, replayed
from analysis.files import together
from analysis.files.one_writer import one_writer
from analysis.files.problems import StudyError
from analysis.lifecycle.purge import purge_source
from analysis.study.codebook import read_codebook
from analysis.study.folder import Study


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = write_tiny_study(tmp_path / "a study")
    for path in (folder / "data/raw/coding").iterdir():
        path.unlink()
    return folder


def placed(folder: Path, **choices: object) -> pd.DataFrame:
    """The codings of the lab as the pipeline places them."""
    found = desk_study.placed(Study.open(folder, embargoed=True, **choices))
    assert found.unplaced.empty
    return found.codings[["source_id", "start", "end", "code", "coder", "memo"]]


def coded(desk: Desk) -> pd.DataFrame:
    columns = ["source_id", "start", "end", "code", "coder", "memo"]
    return desk.codings[columns].sort_values(columns, ignore_index=True)


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(
        one.reset_index(drop=True), other.reset_index(drop=True), check_dtype=False
    )


def words(desk: Desk, source_id: str) -> list[str]:
    return [desk.texts.text(source_id)[one.start : one.end] for one in desk.own(source_id)]


def test_what_is_held_is_what_is_on_disk_after_each_act(study: Path) -> None:
    """Only the lines that an act is about are written anew: the rest must be those of the table."""
    desk = Desk(study, "A")
    folder = study / "data/raw/coding"

    def agree() -> None:
        held, read = desk.ledger.of("A"), CoderFile.read(folder, "A")
        assert (held.spans, held.bindings, held.lines) == (read.spans, read.bindings, read.lines)
        assert held.path.read_text(encoding="utf-8") == read.table()
        assert read.outside is None

    one = desk.code_words("c1", "Trust matters too", "trust", 'a "quoted",\nlong memo')
    agree()
    other = desk.code_words("c1", "We buy outcomes", "trust")
    agree()
    desk.note(desk.recode(one, "measuring"), "shorter")
    agree()
    desk.uncode(other)
    agree()
    while desk.undo():
        agree()
    assert not desk.ledger.of("A").lines
    while desk.redo():
        agree()


def test_each_act_is_on_disk_and_placed_as_it_was_coded(study: Path) -> None:
    desk = Desk(study, "A")
    one = desk.code_words("c1", "Trust matters too", "trust", "at last")
    desk.code_words("c1", "We buy outcomes", "measuring")
    desk.code_words("c1", "outcomes and we", "trust")
    other = desk.code_words("t1", "I am trained", "measuring")
    start = desk.texts.text("t1").index("No, I am")
    desk.reach(other, start, start + len("No, I am trained and I am paid"))
    desk.recode(one, "design/workshop")
    assert words(desk, "c1") == ["We buy outcomes", "outcomes and we", "Trust matters too"]
    assert words(desk, "t1") == ["No, I am trained and I am paid"]
    same(coded(desk), placed(study))
    text = (study / "data/raw/coding/lab-A.csv").read_text(encoding="utf-8")
    assert "c1,59,76,design/workshop,A,Trust matters too,at last" in text
    same(coded(Desk(study, "A")), coded(desk))


def test_undo_and_redo_take_back_one_act_at_a_time(study: Path) -> None:
    desk = Desk(study, "A")
    one = desk.code_words("c1", "Trust matters too", "trust")
    desk.note(one, "a memo")
    assert desk.undo() == "memo" and desk.own()[0].kept.memo == ""
    assert desk.undo() == "code" and not desk.own()
    assert desk.undo() == ""
    assert desk.redo() == "code" and desk.redo() == "memo" and desk.redo() == ""
    assert desk.own()[0].kept.memo == "a memo"
    desk.undo()
    desk.uncode(desk.own()[0].kept)
    assert desk.redo() == ""
    told = [act.what for _, act in desk.ledger.of("A").acts]
    assert told == [
        "code",
        "memo",
        "undo memo",
        "undo code",
        "redo code",
        "redo memo",
        "undo memo",
        "uncode",
    ]


_ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["code", "code", "code", "uncode", "recode", "reach", "note", "undo", "redo"]
        ),
        st.integers(0, 40),
        st.integers(0, 60),
        st.sampled_from(["trust", "measuring", "design/workshop"]),
    ),
    max_size=14,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=_ACTS)
def test_any_acts_are_what_the_journal_replays_and_the_pipeline_places(
    acts: list[tuple[str, int, int, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = write_tiny_study(tmp_path_factory.mktemp("acts") / "s")
    for path in (folder / "data/raw/coding").iterdir():
        path.unlink()
    desk = Desk(folder, "A")
    text = desk.texts.text("c1")
    for what, at, length, code in acts:
        own = desk.own()
        one = own[at % len(own)].kept if own else None
        begin, stop = at, min(at + 3 + length, len(text))
        if what == "code":
            desk.code("c1", begin, stop, code)
        elif what == "undo":
            desk.undo()
        elif what == "redo":
            desk.redo()
        elif one is None:
            continue
        elif what == "uncode":
            desk.uncode(one)
        elif what == "recode":
            desk.recode(one, code)
        elif what == "reach":
            desk.reach(one, begin, stop)
        else:
            desk.note(one, f"memo {at}")
    file = CoderFile.read(folder / "data/raw/coding", "A")
    assert file.outside is None
    assert replayed(act for _, act in file.acts) == file.spans
    if file.spans:
        same(coded(desk), placed(folder))


def test_another_cleaning_and_another_key_move_nothing(study: Path) -> None:
    desk = Desk(study, "A")
    desk.code_words("c1", "Trust matters too", "trust")
    desk.code_words("t2", "They trust us because we stay", "trust")
    before = {name: words(desk, name) for name in ("c1", "t2")}
    raw = study / "data/raw/interviews/c1.txt"
    key = study / "data/private/pseudonyms.csv"
    key.parent.mkdir(exist_ok=True)
    key.write_text(
        "find,replace,kind,common_word\nboard,committee,organisation,no\n", encoding="utf-8"
    )
    fewer = Study.open(study, embargoed=True, cleaning=["line_ends"])
    assert {name: words(Desk(fewer, "A"), name) for name in before} == before
    after = Desk(study, "A")
    assert {name: words(after, name) for name in before} == before
    after.code_words("c1", "The [committee] decides", "measuring")
    # Half a name is coded whole: the other half stands for it, too.
    half = after.texts.text("c1").index("mittee")
    after.code("c1", half, half + len("mittee] decides"), "trust")
    assert words(after, "c1")[1:] == ["The [committee] decides", "[committee] decides"]
    same(coded(after), placed(study))
    key.unlink()
    assert words(Desk(study, "A"), "c1")[1:] == ["The board decides", "board decides"]
    same(coded(Desk(study, "A")), placed(study))
    before["c1"] += ["The board decides", "board decides"]
    # A transcript that was edited: the words are found by what stands around them.
    raw.write_text(
        "I: Trust matters too?\n\nR: Well.\n\n" + raw.read_text(encoding="utf-8"), encoding="utf-8"
    )
    moved = Desk(study, "A")
    assert words(moved, "c1") == before["c1"]
    same(coded(moved), placed(study))


def test_words_that_stand_twice_are_bound_by_what_is_around_them(study: Path) -> None:
    raw = study / "data/raw/interviews/c1.txt"
    raw.write_text(
        "I: Yes?\n\nR: Yes, by and large.\n\nI: Sure?\n\nR: Yes, entirely.\n", encoding="utf-8"
    )
    desk = Desk(study, "A")
    desk.code("c1", start := desk.texts.text("c1").index("Yes, ent"), start + 3, "trust")
    raw.write_text(
        ("I: " + "Yes? " * 9 + "\n\nR: Yes, it is.\n\n") + raw.read_text(encoding="utf-8"),
        encoding="utf-8",
    )
    moved = Desk(study, "A")
    found = moved.own()[0]
    assert moved.texts.text("c1")[found.start :].startswith("Yes, entirely")
    same(coded(moved), placed(study))


def test_two_open_notebooks_lose_nothing(study: Path) -> None:
    one, other = Desk(study, "A"), Desk(study, "A")
    span = one.code_words("c1", "Trust matters too", "trust")
    other.code_words("c1", "We buy outcomes", "measuring")
    assert len(one.own()) == len(other.own()) == 2
    other.uncode(span)
    with pytest.raises(StudyError, match="another window may have changed it"):
        one.recode(span, "measuring")
    with pytest.raises(StudyError, match="changed meanwhile"):
        one.undo()
    assert words(one, "c1") == ["We buy outcomes"]


def test_a_hand_on_the_table_is_told_in_the_journal(study: Path) -> None:
    desk = Desk(study, "A")
    desk.code_words("c1", "Trust matters too", "trust")
    table = study / "data/raw/coding/lab-A.csv"
    table.write_text(
        table.read_text(encoding="utf-8").replace(",trust,", ",measuring,"), encoding="utf-8"
    )
    assert [one.code for one in desk.own()] == ["measuring"]
    desk.code_words("c1", "We buy outcomes", "measuring")
    text = (study / "data/raw/coding/lab-A.log.csv").read_text(encoding="utf-8")
    acts = [act for _, act in acts_in(text, "the journal")]
    assert [act.what for act in acts] == ["code", "changed outside the lab", "code"]
    assert replayed(acts) == desk.ledger.of("A").spans


def test_a_lock_that_is_held_is_told_and_nothing_is_written(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.desk.ledger._PATIENCE", 0.1)
    desk = Desk(study, "A")
    hold, held = multiprocessing.Event(), multiprocessing.Event()

    def report() -> None:
        with one_writer(study, "report"):
            held.set()
            hold.wait(20)

    process = multiprocessing.get_context("fork").Process(target=report)
    process.start()
    assert held.wait(20)
    with pytest.raises(StudyError, match=r"report \(process .*works in this study"):
        desk.code_words("c1", "Trust matters too", "trust")
    hold.set()
    process.join()
    assert not desk.own() and not list((study / "data/raw/coding").iterdir())
    desk.code_words("c1", "Trust matters too", "trust")
    assert len(desk.own()) == 1


@pytest.mark.parametrize("at", range(7))
def test_a_kill_at_any_moment_loses_at_most_the_last_act(study: Path, at: int) -> None:
    """The process dies before its `at`-th rename; whoever comes next finds all or nothing."""
    desk = Desk(study, "A")
    desk.code_words("c1", "Trust matters too", "trust")
    desk.code_words("c1", "We buy outcomes", "measuring")
    before = coded(desk)

    def die() -> None:
        renames = 0
        own = Path.replace

        def counted(path: Path, target: Path) -> Path:
            nonlocal renames
            if renames == at:
                os.kill(os.getpid(), signal.SIGKILL)
            renames += 1
            return own(path, target)

        Path.replace = counted  # type: ignore[method-assign]
        desk.codes.rename("trust", "a tie", "its name said too much")

    process = multiprocessing.get_context("fork").Process(target=die)
    process.start()
    process.join(30)
    with one_writer(study, "whoever comes next"):
        pass
    assert not (study / together.PENDING).exists()
    found = Desk(study, "A")
    codes = set(read_codebook(study / "data/raw/codebook.yml").codes["code"])
    name = "a tie" if "a tie" in codes else "trust"
    assert set(coded(found)["code"]) == {name, "measuring"}
    assert len(coded(found)) == len(before)
    same(coded(found), placed(study))
    file = found.ledger.of("A")
    assert file.outside is None and replayed(act for _, act in file.acts) == file.spans
    assert (name == "trust") == (at == 0)


def test_what_does_not_follow_is_no_journal() -> None:
    text = (
        "act,when,what,source_id,before,after,note\n"
        '1,2024-01-01,uncode,c1,"{""start"": 1, ""end"": 2, ""code"": ""x""}",,\n'
    )
    with pytest.raises(ChangedMeanwhileError):
        replayed(act for _, act in acts_in(text, "a journal"))


def test_a_purge_takes_a_source_out_of_table_and_journal(study: Path) -> None:
    desk = Desk(study, "A")
    kept = desk.code_words(
        "c1", "We buy outcomes", "measuring", "Trust is the whole of it, I thought"
    )
    left = desk.code_words("t1", "Trust is the whole of it", "trust", "her words")
    desk.note(left, "her very words")
    desk.uncode(kept)
    desk.code_words("c1", "We buy outcomes", "measuring")
    desk.read_through("t1")
    register = study / "data/raw/sources.csv"
    text = register.read_text(encoding="utf-8")
    gone = text.replace("interviews/t1.txt,,active", "interviews/t1.txt,,withdrawn")
    register.write_text(gone, encoding="utf-8")
    purge_source(study, "t1", ask=False)
    for path in (study / "data/raw").rglob("*.csv"):
        if path.name != "sources.csv":
            assert "t1" not in path.read_text(encoding="utf-8"), path.name
            assert "whole of it" not in path.read_text(encoding="utf-8"), path.name
    after = Desk(study, "A")
    assert [one.code for one in after.own()] == ["measuring"]
    after.code_words("c1", "Trust matters too", "trust")
    assert len(after.own()) == 2 and after.ledger.of("A").outside is None
