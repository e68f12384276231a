"""git is asked what it holds, and runs nothing that a repository names."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from analysis.files.git import files_at, git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose settings would write a file whenever git ran one of them."""
    here = tmp_path / "study"
    here.mkdir()
    own = ["git", "-C", str(here), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run([*own[:3], "init", "-q"], check=True)
    (here / "data").mkdir()
    (here / "data" / "a b.csv").write_bytes(b"x\r\n\xff")
    (here / "empty").write_bytes(b"")
    (here / "elsewhere").symlink_to("/etc/hostname")
    (here / ".gitattributes").write_text("* filter=planted diff=planted\n")
    subprocess.run([*own, "add", "-A"], check=True)
    subprocess.run([*own, "commit", "-qm", "one"], check=True)
    ran = f"touch {tmp_path / 'ran'}; cat"
    for name in ("filter.planted.smudge", "filter.planted.clean", "diff.planted.textconv"):
        subprocess.run([*own[:3], "config", name, ran], check=True)
    subprocess.run([*own[:3], "config", "core.fsmonitor", ran], check=True)
    return here


def test_what_git_holds_is_read_as_it_is_and_nothing_is_run(repository: Path) -> None:
    held = files_at(repository, "HEAD:")
    assert held["data/a b.csv"] == b"x\r\n\xff"
    assert held["empty"] == b""
    assert "elsewhere" not in held
    assert files_at(repository, "HEAD:data") == {"a b.csv": b"x\r\n\xff"}
    git(repository, "rev-parse", "HEAD")
    git(repository, "check-ignore", "--quiet", "--", "data/x")
    assert not (repository.parent / "ran").exists()


def test_settings_of_the_caller_reach_no_git(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "another"))
    assert git(repository, "rev-parse", "--verify", "HEAD").returncode == 0
