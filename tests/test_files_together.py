"""Files that change together: all or none, whenever the writer is stopped."""

from __future__ import annotations

import json
import resource
from pathlib import Path

import pytest

from analysis.files.of_system import of_file
from analysis.files.one_writer import one_writer
from analysis.files.together import PENDING, finish, write_together
from analysis.files.whole_file import write_text


def test_all_are_written_and_nothing_is_left(tmp_path: Path) -> None:
    write_together(tmp_path, {tmp_path / "a/one.txt": "1\r\n", tmp_path / "two.txt": "²"})
    assert (tmp_path / "a/one.txt").read_bytes() == b"1\r\n"
    assert (tmp_path / "two.txt").read_text(encoding="utf-8") == "²"
    assert not (tmp_path / PENDING).exists()


def test_what_was_stopped_is_finished_by_the_next_writer(tmp_path: Path) -> None:
    """One of two files stands already; of a third, half of what it was to grow by."""
    pending = tmp_path / PENDING
    pending.parent.mkdir(parents=True)
    listed = {"whole": ["one.txt", "two.txt"], "grown": {"three.txt": [3, "²de"]}}
    pending.write_text(json.dumps(listed), encoding="utf-8")
    (tmp_path / "one.txt").write_text("new", encoding="utf-8")
    (tmp_path / "two.txt").write_text("old", encoding="utf-8")
    (tmp_path / ".two.txt.changing").write_text("new", encoding="utf-8")
    (tmp_path / "three.txt").write_bytes("abc²".encode()[:-1])
    with one_writer(tmp_path, "report"):
        assert (tmp_path / "one.txt").read_text(encoding="utf-8") == "new"
        assert (tmp_path / "two.txt").read_text(encoding="utf-8") == "new"
        assert (tmp_path / "three.txt").read_text(encoding="utf-8") == "abc²de"
    assert not pending.exists() and not list(tmp_path.glob(".*.changing"))


def test_what_finds_no_room_changes_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("old", encoding="utf-8")
    contents = {tmp_path / "one.txt": "new", tmp_path / "a/two.txt": 5_000 * "x"}
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, before[1]))
    try:
        with pytest.raises(OSError) as stopped:
            write_together(tmp_path, contents)
        with pytest.raises(OSError):
            write_text(tmp_path / "three.txt", 5_000 * "x")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "larger than this user may write" in str(of_file(stopped.value))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [tmp_path / "one.txt"]
    assert (tmp_path / "one.txt").read_text(encoding="utf-8") == "old"
    write_together(tmp_path, contents)
    assert (tmp_path / "one.txt").read_text(encoding="utf-8") == "new"


def test_a_file_grows_by_what_is_added(tmp_path: Path) -> None:
    log = tmp_path / "a/log.csv"
    write_together(tmp_path, {}, {log: (0, "é\n")})
    write_together(tmp_path, {tmp_path / "one.txt": "1"}, {log: (3, "b\n")})
    assert log.read_text(encoding="utf-8") == "é\nb\n"


@pytest.mark.parametrize("name", ["../out.txt", "a/../../out.txt", "/tmp/out.txt"])
@pytest.mark.parametrize("way", ["whole", "grown"])
def test_no_path_leads_out_of_the_study(tmp_path: Path, name: str, way: str) -> None:
    study = tmp_path / "study"
    pending = study / PENDING
    pending.parent.mkdir(parents=True)
    listed = {"whole": [], "grown": {}} | {way: [name] if way == "whole" else {name: [0, "x"]}}
    pending.write_text(json.dumps(listed), encoding="utf-8")
    with pytest.raises(ValueError, match="out of the study"):
        finish(study)
    with pytest.raises(ValueError):
        write_together(study, {tmp_path / "out.txt": "x"})
    assert not (tmp_path / "out.txt").exists()
