from __future__ import annotations

import os
import resource
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.files.problems import StudyError
from analysis.pipeline import beforehand


def told(study: Path) -> str:
    with pytest.raises(StudyError) as error:
        beforehand.check(study)
    assert len(error.value.problems) == 1
    return str(error.value)


def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3_000_000))
    assert "room for 3 MB" in told(tmp_path)


def test_a_folder_that_may_not_be_written_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "reports").mkdir()
    monkeypatch.setattr(os, "access", lambda path, _: Path(path).name != "reports")
    assert "the folder reports of the study" in told(tmp_path)


def test_few_descriptors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = {"now": (64, 64)}
    monkeypatch.setattr(resource, "getrlimit", lambda _: limits["now"])
    monkeypatch.setattr(resource, "setrlimit", lambda _, new: limits.update(now=new))
    assert "64 open files" in told(tmp_path)
    limits["now"] = (64, 4096)
    beforehand.check(tmp_path)
    assert limits["now"] == (256, 4096)


def test_a_path_that_pandoc_would_read_otherwise(tmp_path: Path) -> None:
    (tmp_path / "per%cent").mkdir()
    (tmp_path / "100 % sure").mkdir()
    assert "%ce, which Pandoc takes" in told(tmp_path / "per%cent")
    beforehand.check(tmp_path / "100 % sure")


def test_nothing_is_said_of_what_is_as_it_should_be(tmp_path: Path) -> None:
    beforehand.check(tmp_path)
