"""Files that change together: all or none, whenever the writer is stopped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analysis.files.one_writer import one_writer
from analysis.files.together import PENDING, finish, write_together


def test_all_are_written_and_nothing_is_left(tmp_path: Path) -> None:
    write_together(tmp_path, {tmp_path / "a/one.txt": "1\r\n", tmp_path / "two.txt": "²"})
    assert (tmp_path / "a/one.txt").read_bytes() == b"1\r\n"
    assert (tmp_path / "two.txt").read_text(encoding="utf-8") == "²"
    assert not (tmp_path / PENDING).exists()


def test_what_was_stopped_is_finished_by_the_next_writer(tmp_path: Path) -> None:
    pending = tmp_path / PENDING
    pending.parent.mkdir(parents=True)
    pending.write_text(json.dumps({"one.txt": "new", "two.txt": "new"}), encoding="utf-8")
    (tmp_path / "one.txt").write_text("new", encoding="utf-8")
    (tmp_path / "two.txt").write_text("old", encoding="utf-8")
    with one_writer(tmp_path, "report"):
        assert (tmp_path / "two.txt").read_text(encoding="utf-8") == "new"
    assert not pending.exists()


@pytest.mark.parametrize("name", ["../out.txt", "a/../../out.txt", "/tmp/out.txt"])
def test_no_path_leads_out_of_the_study(tmp_path: Path, name: str) -> None:
    study = tmp_path / "study"
    pending = study / PENDING
    pending.parent.mkdir(parents=True)
    pending.write_text(json.dumps({name: "x"}), encoding="utf-8")
    with pytest.raises(ValueError, match="out of the study"):
        finish(study)
    with pytest.raises(ValueError):
        write_together(study, {tmp_path / "out.txt": "x"})
    assert not (tmp_path / "out.txt").exists()
