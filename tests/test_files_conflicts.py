"""Two people's edits, merged by git itself: files of two coders flow together, one place is asked."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from desk_study import begin

from analysis.desk import Desk
from analysis.files.conflicts import refuse_conflict
from analysis.files.csv_rows import numbered_rows
from analysis.files.problems import StudyError


def git(folder: Path, *words: str) -> int:
    named = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-C", str(folder)]
    return subprocess.run(["git", *named, *words], capture_output=True, check=False).returncode


def kept(folder: Path, why: str) -> None:
    assert git(folder, "add", "-A", "data/raw") == 0 and git(folder, "commit", "-qm", why) == 0


@pytest.fixture
def branches(tmp_path: Path) -> Path:
    """A on main and B on a branch of her own coded one source, from one beginning."""
    folder = begin(tmp_path / "s").folder
    git(folder, "init", "-q", "-b", "main")
    kept(folder, "begun")
    git(folder, "switch", "-qc", "b")
    Desk(folder, "B").code_words("c1", "We buy outcomes", "measuring")
    kept(folder, "B")
    git(folder, "switch", "-q", "main")
    Desk(folder, "A").code_words("c1", "Trust matters too", "trust")
    kept(folder, "A")
    return folder


def test_files_of_two_coders_merge_without_a_conflict(branches: Path) -> None:
    assert git(branches, "merge", "-q", "b", "-m", "both") == 0
    seen = {(one.coder, one.code) for one in Desk(branches, "A").spans("c1")}
    assert seen == {("A", "trust"), ("B", "measuring")}


def test_two_edits_of_the_codebook_are_told_as_two_versions(branches: Path) -> None:
    Desk(branches, "A").codes.new("by A", "", "what A saw")
    kept(branches, "a code of A")
    git(branches, "switch", "-q", "b")
    Desk(branches, "B").codes.new("by B", "", "what B saw")
    kept(branches, "a code of B")
    git(branches, "switch", "-q", "main")
    assert git(branches, "merge", "-q", "b", "-m", "both") == 1
    book = branches / "data/raw/codebook.yml"
    lines = book.read_text(encoding="utf-8").split("\n")
    begun = next(at for at, line in enumerate(lines, start=1) if line.startswith("<<<<<<<"))
    with pytest.raises(StudyError) as told:
        assert Desk(branches, "A").codebook
    (problem,) = told.value.problems
    assert problem.where == f"data/raw/codebook.yml, line {begun}"
    assert "'HEAD' above ======= and 'b' below it" in problem.found
    # Both kept, the marks out: the codebook has both codes.
    marks = ("<<<<<<<", "=======", ">>>>>>>")
    book.write_text("\n".join(one for one in lines if not one.startswith(marks)), encoding="utf-8")
    assert {"by A", "by B"} <= set(Desk(branches, "A").codebook.codes["code"])


def test_what_only_looks_like_marks_is_text() -> None:
    for text in ("a\n=======\nb\n", "<<<<<<< a\n", "> >>>>>>> x\n<<<<<<< y\n=======\n"):
        refuse_conflict(text, "a file")
    assert len(list(numbered_rows('a,b\n"<<<<<<< x",1\n', "a file"))) == 2
    with pytest.raises(StudyError, match=r"rounds\.csv, line 2"):
        list(numbered_rows("a\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> b\n", "rounds.csv"))
