"""Who codes: each a person or a program, and a program never counted among people."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from analysis.files.problems import StudyError
from analysis.pipeline.made_from import KINDS
from analysis.pipeline.own_stages import stages_of
from analysis.pipeline.stages import PROGRAMS, STAGES
from analysis.study.declared import (
    declares_program,
    problems_of_choice,
    problems_of_names,
    read_coders,
)

PROMPT = "Put the code on each passage that speaks of waiting.\n"
DIGEST = hashlib.sha256(PROMPT.encode()).hexdigest()
PROGRAM = f"""\
  - name: reader
    kind: program
    version: "1.2"
    settings: prompt.txt
    sha256: {DIGEST}
    date: 2024-05-02
    on: all responses
"""
BOTH = f"coders:\n  - name: A\n    kind: person\n{PROGRAM}"


def raw(folder: Path, coders: str) -> Path:
    (folder / "programs").mkdir()
    (folder / "programs" / "prompt.txt").write_text(PROMPT)
    (folder / "coders.yml").write_text(coders)
    return folder


def test_people_and_programs_are_told_apart(tmp_path: Path) -> None:
    coders = read_coders(raw(tmp_path, BOTH))
    assert [one.is_program for one in coders.values()] == [False, True]
    assert coders["A"].told == "A"
    assert coders["reader"].told == f"the program reader 1.2 (settings {DIGEST[:8]}, 2024-05-02)"
    assert declares_program(tmp_path)


def test_without_the_file_all_are_people(tmp_path: Path) -> None:
    assert read_coders(tmp_path) == {}
    assert not declares_program(tmp_path)
    assert problems_of_names({}, ["A", "B"]) == []


@pytest.mark.parametrize(
    ("before", "after", "line", "found"),
    [
        ("kind: program", "kind: robot", 5, "'robot'"),
        ("kind: program", "kind: person", 6, "said of a person"),
        ('    version: "1.2"\n', "", 4, "no words"),
        ("    date: 2024-05-02\n", "", 4, "no words"),
        ("    on: all responses\n", "", 4, "no words"),
        ("date: 2024-05-02", "date: 2024-02-31", 9, "2024-02-31"),
        ("prompt.txt", "../prompt.txt", 7, "'../prompt.txt'"),
        ("prompt.txt", "other.txt", 7, "no file 'other.txt'"),
        (DIGEST, "abc", 8, "'abc'"),
        (DIGEST, "0" * 64, 8, "00000000…, and the file's is"),
        ("name: reader", "name: A", 4, "'A' a second time"),
        ("name: reader", "name: everyone", 4, "'everyone'"),
        ("on: all", "by: me\n    on: all", 10, "a field of this name"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    tmp_path: Path, before: str, after: str, line: int, found: str
) -> None:
    assert before in BOTH
    with pytest.raises(StudyError) as told:
        read_coders(raw(tmp_path, BOTH.replace(before, after)))
    assert f"data/raw/coders.yml, line {line}" in str(told.value)
    assert found in str(told.value)


def test_whoever_codes_is_declared(tmp_path: Path) -> None:
    coders = read_coders(raw(tmp_path, BOTH))
    [problem] = problems_of_names(coders, ["A", "reader", "raeder"])
    assert "'raeder'" in problem.found and "reader" in problem.found


def test_a_program_is_never_the_one_whose_codings_count(tmp_path: Path) -> None:
    coders = read_coders(raw(tmp_path, BOTH))
    assert problems_of_choice(coders, ["A", "everyone", "nobody"], "params.yml, coder") == []
    [problem] = problems_of_choice(coders, ["reader"], "params.yml, coder")
    assert problem.where == "params.yml, coder"
    assert problem.expected == "a person who codes: A, everyone"


def test_the_stage_of_programs_is_there_only_where_one_is_declared(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "raw"
    folder.mkdir(parents=True)
    assert stages_of(tmp_path) == STAGES
    raw(folder, BOTH.replace(PROGRAM, ""))
    assert stages_of(tmp_path) == STAGES
    (folder / "coders.yml").write_text(BOTH)
    assert stages_of(tmp_path) == (*STAGES, PROGRAMS)
    assert all("data/raw/coders.yml" in stage.reads for stage in STAGES[len(KINDS) :])
