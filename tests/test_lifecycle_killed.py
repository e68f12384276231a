"""Whoever is killed at any change of a file leaves nothing half written, and can be run again."""

from __future__ import annotations

import os
import re
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from desk_study import begin
from placed import write_placed_study

from analysis.desk import Desk
from analysis.files.one_writer import one_writer
from analysis.files.problems import StudyError
from analysis.lifecycle import deposit
from analysis.lifecycle.begin import begin_study
from analysis.lifecycle.export import export_study
from analysis.lifecycle.propose import propose_codings
from analysis.stages import clean
from analysis.stages.texts import prepare_kind
from analysis.study.folder import Study

CHANGES = ("os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate")
MOMENT = re.compile(rb"\d{4}-\d\d-\d\d[T ][\d:.+Z-]+")
Work = Callable[[Path], object]


def killed(work: Work, folder: Path, at: int) -> bool:
    """Do `work` in a fork that is killed before its `at`-th change below `folder`; whether it was."""
    child = os.fork()
    if child:
        return os.WIFSIGNALED(os.waitpid(child, 0)[1])
    count = 0

    def count_and_die(event: str, given: tuple[object, ...]) -> None:
        nonlocal count
        writes = event == "open" and bool(int(str(given[2] or 0)) & (os.O_WRONLY | os.O_RDWR))
        path = given[0] if given else None
        if (writes or event in CHANGES) and isinstance(path, str | bytes):
            count += Path(os.fsdecode(path)).is_relative_to(folder)
            if count == at:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count_and_die)
    try:
        work(folder)
    finally:
        os._exit(0)


def state(folder: Path) -> dict[str, bytes]:
    """What the files hold, but for the hour in a log and what the next writer writes anew."""
    return {
        path.relative_to(folder).as_posix(): MOMENT.sub(b"", path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "prepared" not in path.parts
        if not any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix != ".xlsx"
    }


def put(folder: Path) -> None:
    files = {f"open/{name}": b"new" for name in ("a", "b/c", "ro-crate-metadata.json")}
    deposit._put(folder / "deposit", files)


def put_over_another(folder: Path) -> Path:
    for name in ("a", "old", "ro-crate-metadata.json"):
        (folder / "deposit" / "open").mkdir(parents=True, exist_ok=True)
        (folder / "deposit" / "open" / name).write_bytes(b"earlier")
    return folder


def code(folder: Path) -> None:
    Desk(Study.open(folder, embargoed=True), "A").code_words("c1", "We buy outcomes", "measuring")


def coded(folder: Path) -> Path:
    return begin(folder).folder


def learn(folder: Path) -> None:
    with one_writer(folder, "propose"):
        propose_codings(Study.open(folder), "first-reader", "2024-05-03")


def taught(folder: Path) -> Path:
    from test_stages_programs import study_of

    study, _ = study_of(folder, 100, 70)
    study.write_table(clean.passages_of(prepare_kind(study, "document")), "passages")
    return folder


def exported(folder: Path) -> Path:
    write_placed_study(folder)
    export_study(folder, folder / "exports", "csv")
    return folder


def export(folder: Path) -> None:
    (folder / "params.yml").read_bytes()
    export_study(folder, folder / "exports", "csv")


def texts(folder: Path) -> Path:
    (folder / "texts").mkdir(parents=True)
    (folder / "texts" / "one.txt").write_text("R: So we stayed, all of us.\n")
    return folder


def start(folder: Path) -> None:
    begin_study(folder / "new", folder / "texts")


SLOW = pytest.mark.full("each is done again for each of its writes")


@pytest.mark.parametrize(
    ("make", "work", "every"),
    [
        (put_over_another, put, 1),
        pytest.param(coded, code, 1, marks=SLOW),
        pytest.param(taught, learn, 1, marks=SLOW),
        pytest.param(exported, export, 3, marks=SLOW),
        pytest.param(texts, start, 7, marks=SLOW),
    ],
    ids=["deposit", "code", "propose", "export", "new"],
)
def test_what_is_killed_is_as_before_or_done_and_can_be_run_again(
    make: Callable[[Path], Path],
    work: Work,
    every: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("WORKERS", "one")
    before = make(tmp_path / "before")
    after = shutil.copytree(before, tmp_path / "after")
    work(after)
    wanted, at = state(after), 1 - every
    while True:
        at += every
        study = shutil.copytree(before, tmp_path / "study")
        if not killed(work, study, at):
            break
        with one_writer(study, "the next"):
            pass
        assert state(study) in (state(before), wanted) or work in (export, put), at
        if state(study) != wanted or work in (put, start):
            try:
                work(study)
            except StudyError as error:
                # It says that all is there.
                assert "already" in str(error)
        assert state(study) == wanted, at
        left, there = ({one.name for one in folder.glob(".*")} for folder in (study, after))
        assert left <= there, at
        shutil.rmtree(study)
    assert at > 3
