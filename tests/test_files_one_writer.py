from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tiny import PROJECT

from analysis.files.one_writer import LOCK, no_writer, one_writer
from analysis.files.problems import StudyError

_WRITER = """
import sys, time
from pathlib import Path
from analysis.files.one_writer import one_writer
with one_writer(Path(sys.argv[1]), sys.argv[2]):
    log = Path(sys.argv[1]) / "log"
    log.open("a").write(f"{sys.argv[2]} begins\\n")
    print("holds", flush=True)
    time.sleep(float(sys.argv[3]))
    log.open("a").write(f"{sys.argv[2]} ends\\n")
"""


def writer(study: Path, work: str, seconds: float) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(study), work, str(seconds)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(PROJECT / "src")},
    )


def holding(study: Path, work: str, seconds: float) -> subprocess.Popen[str]:
    running = writer(study, work, seconds)
    assert running.stdout is not None and running.stdout.readline() == "holds\n"
    return running


def test_four_that_start_at_once_work_one_after_another(tmp_path: Path) -> None:
    running = [writer(tmp_path, f"work {number}", 0.05) for number in range(4)]
    assert [one.wait() for one in running] == [0] * 4
    lines = (tmp_path / "log").read_text().splitlines()
    assert [line.partition(" begins")[0] for line in lines[::2]] == [
        line.partition(" ends")[0] for line in lines[1::2]
    ]
    assert len(lines) == 8 and not (tmp_path / LOCK).exists()


def test_who_waits_is_told_for_whom(tmp_path: Path) -> None:
    first = holding(tmp_path, "purge", 1)
    second = holding(tmp_path, "report", 0)
    assert first.wait() == 0
    _, said = second.communicate()
    assert f"waiting: purge (process {first.pid} on " in said


def test_one_that_was_killed_holds_nothing(tmp_path: Path) -> None:
    first = holding(tmp_path, "report", 60)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert json.loads((tmp_path / LOCK).read_text())["process"] == first.pid
    with one_writer(tmp_path, "report"):
        assert json.loads((tmp_path / LOCK).read_text())["process"] == os.getpid()
    assert not (tmp_path / LOCK).exists()


def test_a_fork_holds_it_as_long_as_it_works(tmp_path: Path) -> None:
    read, written = os.pipe()
    child = os.fork()
    if child == 0:
        with one_writer(tmp_path, "report"):
            if os.fork() == 0:
                os.write(written, b"x")
                time.sleep(1)
                (tmp_path / "fork").write_text("ended")
            os._exit(0)
    os.read(read, 1)
    os.waitpid(child, 0)
    with one_writer(tmp_path, "report"):
        assert (tmp_path / "fork").exists()


@pytest.mark.parametrize(
    "left",
    ["", "no JSON", "[]", "[" * 100_000, '{"work": ["x"], "process": {}, "host": null}', "\udcff"],
    ids=["empty", "no JSON", "a list", "lists", "other kinds", "no UTF-8"],
)
def test_what_stands_in_a_file_that_nobody_holds_does_not_matter(tmp_path: Path, left: str) -> None:
    (tmp_path / LOCK).parent.mkdir(parents=True)
    (tmp_path / LOCK).write_text(left, errors="surrogateescape")
    with one_writer(tmp_path, "report"):
        pass


def test_another_machine_is_named_and_nothing_is_done(tmp_path: Path) -> None:
    (tmp_path / LOCK).parent.mkdir(parents=True)
    (tmp_path / LOCK).write_text('{"work": "purge", "process": 7, "host": "elsewhere"}')
    elsewhere = pytest.raises(StudyError, match=r"purge \(process 7 on elsewhere\)")
    with elsewhere, one_writer(tmp_path, "report"):
        raise AssertionError
    assert (tmp_path / LOCK).exists()


def test_what_a_lock_says_gives_a_terminal_no_orders(tmp_path: Path) -> None:
    (tmp_path / LOCK).parent.mkdir(parents=True)
    said = {"work": "\x1b[2Jpurge\n", "process": 7, "host": "else\u202ewhere" + 99 * "e"}
    (tmp_path / LOCK).write_text(json.dumps(said))
    with pytest.raises(StudyError) as told, one_writer(tmp_path, "report"):
        raise AssertionError
    found = told.value.problems[0].found
    assert found.isprintable() and "purge (process 7 on elsewhere" in found and len(found) < 150


@pytest.mark.parametrize("other", ["a file", "a link to nothing"])
def test_a_private_folder_that_is_none_is_told(other: str, tmp_path: Path) -> None:
    folder = (tmp_path / LOCK).parent
    folder.parent.mkdir()
    folder.write_text("x") if other == "a file" else folder.symlink_to("nowhere")
    told = pytest.raises(StudyError, match="a file, or a link to nothing")
    with told, one_writer(tmp_path, "report"):
        raise AssertionError


@pytest.mark.parametrize("kind", ["link", "dangling", "folder", "pipe", "second name"])
def test_a_lock_that_is_no_file_is_refused_and_what_it_leads_to_stays(
    kind: str, tmp_path: Path
) -> None:
    lock, other = tmp_path / LOCK, tmp_path / "other"
    lock.parent.mkdir(parents=True)
    other.write_text("words")
    if kind == "folder":
        lock.mkdir()
    elif kind == "pipe":
        os.mkfifo(lock)
    elif kind == "second name":
        lock.hardlink_to(other)
    else:
        lock.symlink_to(other if kind == "link" else tmp_path / "nowhere")
    with (
        pytest.raises(StudyError, match="a link, a folder, a pipe or"),
        one_writer(tmp_path, "report"),
    ):
        pass
    assert other.read_text() == "words" and not (tmp_path / "nowhere").exists()


def test_what_is_only_read_is_held_still_where_it_can_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with no_writer(tmp_path, "export"):
        assert (tmp_path / LOCK).exists()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with no_writer(tmp_path, "export"):
        assert not (tmp_path / LOCK).exists()
