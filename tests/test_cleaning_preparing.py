"""Whole registers: the executor, the cache, all problems at once, paths that leave the folder."""

from __future__ import annotations

import dataclasses
import json
import os
import pickle
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.cleaning import PseudonymKey, kept, preparing
from analysis.cleaning.prepared import Prepared
from analysis.cleaning.preparing import prepare, prepare_all, prepare_text, source_path
from analysis.cleaning.pseudonyms import Entry
from analysis.files.problems import StudyError
from analysis.stages import clean
from analysis.study import tables
from analysis.workers.pools import work_with

KEY = PseudonymKey((Entry("Margaret", "[Nurse]", "person", False, 2),))
INTERVIEW = "I: Margaret, is it 07700 900456?\r\nR: It is. I'm Priya.\r\nI: So?\r\nR: Yes.\r\n"


class Inline(Executor):
    """Does each task at once, and counts."""

    def __init__(self) -> None:
        self.tasks = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.tasks += 1
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future


def register(*rows: tuple[str, str], kind: str = "interview") -> pd.DataFrame:
    return pd.DataFrame(
        [{"source_id": source_id, "file": file, "kind": kind} for source_id, file in rows]
    )


def corpus(folder: Path, count: int) -> pd.DataFrame:
    folder.mkdir(exist_ok=True)
    for number in range(count):
        (folder / f"s{number}.txt").write_bytes(INTERVIEW.encode() + b"I: %d?\r\nR: Hm." % number)
    return register(*((f"s{number}", f"s{number}.txt") for number in range(count)))


def test_prepared_holds_what_the_stage_writes(tmp_path: Path) -> None:
    found = prepare_all(corpus(tmp_path / "raw", 2), tmp_path / "raw", key=KEY)
    assert list(found) == ["s0", "s1"]
    one = found["s0"]
    assert (one.format, one.encoding) == ("txt", "utf-8")
    assert one.clean.text.startswith("I: [Nurse], is it [telephone number]?\nR: It is.")
    tables.validate(one.passages, tables.PASSAGES, "passages")
    tables.validate(one.log(), tables.CLEANING_LOG, "log")
    assert one.passages["voice"].tolist() == ["interviewer", "participant"] * 3
    assert [(row[1], *row[3:]) for row in one.replacements()] == [
        ("identifiers", "07700 900456", "[telephone number]", 1),
        ("pseudonyms", "Margaret", "[Nurse]", 1),
    ]
    assert one.candidates[["cue", "found"]].values.tolist() == [["I'm", "Priya"]]


@pytest.mark.parametrize(
    "make", [lambda: ThreadPoolExecutor(2), lambda: ProcessPoolExecutor(2), Inline]
)
def test_any_executor_gives_the_same(tmp_path: Path, make: Any) -> None:
    sources = corpus(tmp_path / "raw", 3)
    expected = prepare_all(sources, tmp_path / "raw", key=KEY)
    with make() as executor, work_with(executor):
        found = prepare_all(sources, tmp_path / "raw", key=KEY)
    assert list(found) == list(expected)
    for source_id, one in found.items():
        assert one.clean == expected[source_id].clean
        pd.testing.assert_frame_equal(one.passages, expected[source_id].passages)
        pd.testing.assert_frame_equal(one.candidates, expected[source_id].candidates)
    assert pickle.loads(pickle.dumps(found["s0"])).clean == found["s0"].clean


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read, as they are read."""
    seen: list[str] = []
    read = preparing.read

    def noted(path: Path, name: str | None = None) -> Any:
        seen.append(path.name)
        return read(path, name)

    monkeypatch.setattr(preparing, "read", noted)
    return seen


def test_only_what_changed_is_read_again(tmp_path: Path, readings: list[str]) -> None:
    raw, cache = tmp_path / "raw", tmp_path / "cache"
    sources = corpus(raw, 3)

    def run(**options: Any) -> list[str]:
        readings.clear()
        found = prepare_all(options.pop("sources", sources), raw, cache=cache, **options)
        assert len(found) == 3
        return list(readings)

    assert run() == ["s0.txt", "s1.txt", "s2.txt"]
    assert run() == []
    os.utime(raw / "s0.txt")
    assert run() == []
    (raw / "s1.txt").write_text("I: New?\nR: Yes.\nI: A?\nR: B.")
    assert run() == ["s1.txt"]
    assert len(run(key=KEY)) == 3
    assert len(run(rules=("line_ends", "white_space"))) == 3
    assert len(run()) == 3
    tagged = sources.assign(participant_tags=["R", "", ""])
    assert run(sources=tagged) == ["s0.txt"]


WRITTEN = {
    "interview": INTERVIEW + "I: And Margret, of Leeds?\r\nMs Okoro: \U0001f600 She left.\r\n",
    "observation": "HEARD (Margaret): come in\nREFLECTION:\nI felt [sic] at home.\n",
    "document": "Minutes\n\nMargaret opened the meeting; Dr Priya Shah sent apologies.\n",
}


def same(one: Prepared, other: Prepared) -> None:
    for field in dataclasses.fields(Prepared):
        here, there = getattr(one, field.name), getattr(other, field.name)
        if isinstance(here, pd.DataFrame):
            pd.testing.assert_frame_equal(here, there, check_exact=True)
        else:
            assert here == there
    assert one.replacements() == other.replacements()
    pd.testing.assert_frame_equal(one.log(), other.log())


@pytest.mark.parametrize("kind", WRITTEN)
@pytest.mark.parametrize("key", [None, KEY])
def test_the_cache_gives_the_same_as_no_cache(
    tmp_path: Path, readings: list[str], kind: str, key: PseudonymKey | None
) -> None:
    (tmp_path / "a.txt").write_bytes(WRITTEN[kind].encode())
    sources, cache = register(("a", "a.txt"), kind=kind), tmp_path / "cache"
    without = prepare_all(sources, tmp_path, key=key)["a"]
    for _ in range(2):
        same(prepare_all(sources, tmp_path, key=key, cache=cache)["a"], without)
    assert readings == ["a.txt"] * 2
    assert len(without.passages)


def test_a_full_cache_asks_nobody_and_keeps_the_order(tmp_path: Path) -> None:
    raw, cache = tmp_path / "raw", tmp_path / "cache"
    sources = corpus(raw, 5)
    prepare_all(sources.iloc[[3, 1]], raw, cache=cache)
    executor = Inline()
    with work_with(executor):
        assert list(prepare_all(sources, raw, cache=cache)) == list(sources["source_id"])
        asked = executor.tasks
        prepare_all(sources, raw, cache=cache)
    assert asked and executor.tasks == asked


def test_another_program_or_library_reads_again(
    tmp_path: Path, readings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, cache = tmp_path / "raw", tmp_path / "cache"
    sources = corpus(raw, 1)
    told = kept.program()
    prepare_all(sources, raw, cache=cache)
    monkeypatch.setattr(kept, "version", lambda name: "0")
    kept.program.cache_clear()
    try:
        assert kept.program() != told
        prepare_all(sources, raw, cache=cache)
    finally:
        kept.program.cache_clear()
    assert len(readings) == 2


def test_a_broken_cache_is_passed_over(tmp_path: Path) -> None:
    raw, cache = tmp_path / "raw", tmp_path / "cache"
    sources = corpus(raw, 1)
    first = prepare_all(sources, raw, key=KEY, cache=cache)["s0"]
    (stored,) = cache.iterdir()
    whole = json.loads(stored.read_text())
    passages, candidates = whole["passages"], whole["candidates"]
    broken = [
        {**whole, "passages": {**passages, "start": passages["start"][1:]}},
        {**whole, "passages": {**passages, "words": ["many"] * len(passages["words"])}},
        {**whole, "candidates": {**candidates, "start": [*candidates["start"], 1]}},
        {name: value for name, value in whole.items() if name != "passages"},
    ]
    written = [json.dumps(one).encode() for one in broken]
    for content in (b"", b"[]", b"\xff", stored.read_bytes()[:-40], *written):
        stored.write_bytes(content)
        same(prepare_all(sources, raw, key=KEY, cache=cache)["s0"], first)


def test_all_problems_of_all_sources_at_once(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    sources = corpus(raw, 2)
    (raw / "empty.txt").write_bytes(b"")
    (raw / "junk.txt").write_bytes(bytes(range(256)) * 9)
    (raw / "blank.txt").write_bytes(b"12:03\n\n")
    bad = register(
        ("e", "empty.txt"),
        ("j", "junk.txt"),
        ("m", "missing.txt"),
        ("x", "../../etc/passwd"),
        ("b", "blank.txt"),
        ("none", ""),
    )
    with pytest.raises(StudyError) as caught:
        prepare_all(pd.concat([bad, sources]), raw)
    assert [problem.where for problem in sorted(caught.value.problems)] == [
        "source b, file data/raw/blank.txt",
        "source e, file data/raw/empty.txt",
        "source j, file data/raw/junk.txt",
        "source m, file data/raw/missing.txt",
        "source x, file data/raw/../../etc/passwd",
    ]


@pytest.mark.parametrize(
    "file", ["../out.txt", "a/../../out.txt", "/etc/passwd", "link.txt", "dir/out.txt", "a\x00b"]
)
def test_paths_that_leave_the_folder_are_refused(tmp_path: Path, file: str) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    (tmp_path / "out.txt").write_text("secret words")
    (raw / "link.txt").symlink_to(tmp_path / "out.txt")
    (raw / "dir").symlink_to(tmp_path)
    with pytest.raises(StudyError, match="leaves raw"):
        source_path(raw, {"source_id": "s", "file": file})
    with pytest.raises(StudyError) as caught:
        prepare_all(register(("s", file)), raw)
    assert "secret" not in str(caught.value)


def test_a_link_loop_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(StudyError, match="source s"):
        prepare_all(register(("s", "a/c.txt")), tmp_path)


def test_names_with_quotes_and_newlines_work(tmp_path: Path) -> None:
    name = 'it\'s "odd"\nand [new] é.txt'
    (tmp_path / name).write_text(INTERVIEW)
    sources = register(("a/b \"c\"\n'd'", name))
    cache = tmp_path / "cache"
    found = prepare_all(sources, tmp_path, cache=cache)
    assert len(next(iter(found.values())).passages) == 4
    assert len(list(cache.iterdir())) == 1
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(StudyError) as caught:
        prepare_all(sources, tmp_path)
    assert "\n" not in caught.value.problems[0].where


def test_a_register_without_files_gives_nothing(tmp_path: Path) -> None:
    assert prepare_all(register(("s", "")), tmp_path) == {}


def test_an_unknown_rule_stops_before_any_source(tmp_path: Path) -> None:
    executor = Inline()
    with pytest.raises(StudyError, match="whitespace"), work_with(executor):
        prepare_all(corpus(tmp_path / "raw", 1), tmp_path / "raw", rules=["whitespace"])
    assert executor.tasks == 0


def test_a_text_that_only_a_coded_project_has() -> None:
    source = {"source_id": "s", "kind": "interview", "file": ""}
    found = prepare_text(source, INTERVIEW, key=KEY)
    assert len(found.passages) == 4 and found.notes == ("taken from a coded project",)


def test_the_log_by_source_shows_each_rule_that_did_anything(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Margaret met Margaret on 07700 900456.\n\n\n\nYes.", "utf-8")
    (tmp_path / "b.txt").write_text("Nothing here.", "utf-8")
    sources = register(("b", "b.txt"), ("a", "a.txt"), kind="document")
    prepared = prepare_all(sources, tmp_path, key=KEY)
    log = clean.log_of(prepared)
    table = clean.edits_by_source(log, list(prepared))
    assert table.index.tolist() == ["b", "a", "edits in all", "characters in all"]
    assert table.columns.tolist() == ["white space", "ident.", "names"]
    assert table.loc["b"].tolist() == [0, 0, 0]
    assert table.loc["a"].tolist() == [1, 1, 2] == table.loc["edits in all"].tolist()
    assert table.loc["characters in all", "names"] == 2 * len("Margaret")
    nothing = clean.edits_by_source(log, ["b"])
    assert nothing.shape == (3, 0)
    assert clean.edits_by_source(log, []).empty


def test_what_was_read_tells_the_interviewers_turns_from_the_others(tmp_path: Path) -> None:
    prepared = prepare_all(corpus(tmp_path, 1), tmp_path, key=KEY)
    (row,) = clean.what_was_read(prepared).to_dict("records")
    # I: '[Nurse], is it [telephone number]?', 'So?', '0?'; R: 'It is. I'm Priya.', 'Yes.', 'Hm.'
    assert (row["passages"], row["interviewer_passages"]) == (3, 3)
    assert (row["words"], row["interviewer_words"]) == (6, 4)


def test_a_listed_tag_that_opens_no_turn_is_noted(tmp_path: Path) -> None:
    sources = corpus(tmp_path, 1).assign(participant_tags="R", interviewer_tags="I; Reeve, Alison")
    (found,) = prepare_all(sources, tmp_path, cache=tmp_path / "cache").values()
    assert found.notes == ("interviewer_tags: 1 of 2 never found at the beginning of a turn",)
    (again,) = prepare_all(sources, tmp_path, cache=tmp_path / "cache").values()
    assert again.notes == found.notes


def test_one_source_by_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("One.\n\nTwo.")
    found = prepare({"source_id": "s", "kind": "document", "file": "a.txt"}, path)
    assert found.passages["text"].tolist() == ["One.", "Two."]
