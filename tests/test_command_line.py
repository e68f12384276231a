"""The command line tells what is wrong with a study's path, and with the disk, in a sentence each."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis import __main__
from analysis.files.problems import StudyError


def a_file(folder: Path) -> Path:
    (folder / "here").write_text("x")
    return folder / "here"


def with_evidence_as_a_file(folder: Path) -> Path:
    (folder / "data").mkdir()
    (folder / "data" / "raw").write_text("x")
    (folder / "params.yml").write_text("unit: passage\n")
    return folder


def in_a_circle(folder: Path) -> Path:
    (folder / "data").symlink_to("data")
    (folder / "params.yml").symlink_to("params.yml")
    return folder


PATHS: dict[str, Callable[[Path], Path]] = {
    "no such folder": lambda folder: folder / "none",
    "a file": a_file,
    "a name longer than the system takes": lambda folder: folder / ("x" * 300),
    "a line end": lambda folder: folder / "a\nb",
    "another sign that is not seen": lambda folder: folder / "a\0b",
    "no data/raw": with_evidence_as_a_file,
    "no params.yml and no data/raw": in_a_circle,
}
COMMANDS = (
    *("report", "preview", "lab", "export", "deposit", "check", "check-site"),
    *("sign c --by A", "sample --size 3", "propose reader", "purge int-01 --yes"),
)


@pytest.mark.parametrize("found", PATHS)
def test_every_command_says_what_is_wrong_with_the_path_before_any_work(
    found: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    study = PATHS[found](tmp_path)
    for command in COMMANDS:
        assert __main__.main([*command.split(), "--study", str(study)]) == 1
        said = capsys.readouterr().err
        assert said.startswith("1 problem:\n\nSTUDY=") and found in said, command
        assert said.replace("\n", "").isprintable() and len(said.splitlines()) == 6


@pytest.mark.parametrize(
    "given",
    [
        *(f"report --jobs {many}" for many in ("0", "-3", "1001", "two", "9" * 5_000)),
        *(f"sample --size {many}" for many in ("0", "-1", "1.5", "9" * 30)),
        *(f"sample --size 3 --seed {seed}" for seed in ("-1", str(2**32))),
    ],
    ids=lambda given: given[:30],
)
def test_numbers_have_bounds(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        __main__.main(given.split())
    assert "expected a whole number from" in capsys.readouterr().err


REFUSED = {
    errno.ENOSPC: "no room left on the disk",
    errno.EDQUOT: "no room left for this user",
    errno.EROFS: "read-only",
    errno.EMFILE: "too many open files",
    errno.EACCES: "no permission",
    errno.ENAMETOOLONG: "longer than the system takes",
    errno.ENOTDIR: "a file where a folder is meant",
}


@pytest.mark.parametrize("number", REFUSED, ids=errno.errorcode.get)
def test_what_the_system_refuses_at_any_moment_has_its_own_sentence(
    number: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def refuse(study: Path) -> None:
        raise OSError(number, "whatever the system says", str(study / "data" / "raw" / "a.csv"))

    monkeypatch.setattr(__main__, "_require_folder", refuse)
    for command in COMMANDS:
        assert __main__.main([*command.split(), "--study", str(tmp_path)]) == 1
        said = capsys.readouterr().err
        assert REFUSED[number] in said and "a.csv" in said and str(tmp_path) not in said


def test_the_traceback_is_there_for_who_asks(tmp_path: Path) -> None:
    with pytest.raises(StudyError):
        __main__.main(["--debug", "check", "--study", str(tmp_path / "none")])
