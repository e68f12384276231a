"""What becomes of a report where Quarto fails or is stopped; with a program in Quarto's place."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from built import CLEAN, hearing
from report_fixture import small_report
from tiny import PROJECT

from analysis.files.problems import StudyError
from analysis.report import publish
from analysis.report.render.quarto import QuartoError
from analysis.study.folder import Study

# As Quarto does, it writes beside the sources while it works.
WORKING = """\
#!{python}
import os, pathlib, sys, time
if sys.argv[1] == "--version":
    print("1.11.2"); raise SystemExit
for name in ("index.html", "index.typ", ".gitignore"):
    pathlib.Path(name).write_text("words of the evidence")
pathlib.Path("index_files").mkdir()
pathlib.Path("{mark}").touch()
{then}
"""
FAILS = "print('ERROR: no Deno here', file=sys.stderr); raise SystemExit(1)"


def put(folder: Path, then: str) -> Path:
    """A `quarto` in `folder` that begins to work; return the file that says that it did."""
    folder.mkdir()
    mark = folder / "began"
    program = folder / "quarto"
    program.write_text(WORKING.format(python=sys.executable, mark=mark, then=then), "utf-8")
    program.chmod(0o755)
    return mark


def files_of(reports: Path) -> set[str]:
    return {
        path.relative_to(reports).as_posix()
        for path in reports.rglob("*")
        if path.is_file() and "_generated" not in path.parts
    }


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_stopped_leaves_nothing_beside_the_sources(
    tmp_path: Path, end: signal.Signals
) -> None:
    reports = small_report(tmp_path)
    mark = put(tmp_path / "bin", "time.sleep(5)")
    before = files_of(reports)
    words = (
        "import sys; from pathlib import Path; from analysis.report.render.render import render;"
        "render(Path(sys.argv[1]), Path(sys.argv[1]) / '_site', 'quarto', constructed=True)"
    )
    surroundings = {
        "PYTHONPATH": str(PROJECT / "src"),
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "TMPDIR": str(tmp_path),
    }
    command = [sys.executable, "-P", "-s", "-c", words, str(reports)]
    with subprocess.Popen(
        command,
        env=CLEAN | surroundings,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=hearing,
    ) as running:
        while not mark.exists():
            assert running.poll() is None
            time.sleep(0.05)
        os.killpg(running.pid, end)
        assert running.wait(timeout=60) != 0
    # What a killed run cannot take away itself is a folder that git ignores, and the next run removes.
    left = {name for name in files_of(reports) - before if not name.startswith("_site.building-")}
    assert left == set()
    assert before <= files_of(reports)


def test_a_quarto_that_fails_is_told_in_a_line_and_the_report_is_written(
    tiny_copy: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put(tmp_path / "bin", FAILS)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.delenv("RENDERER", raising=False)
    study = Study.open(tiny_copy)
    versions = tiny_copy / "reports/_generated/versions.md"
    publish._render(study, "quarto", {})
    told = capsys.readouterr().err.splitlines()
    assert told == [
        "warning: Quarto says: ERROR: no Deno here; the embedded renderer writes the report"
    ]
    assert "Typst, for PDF" in versions.read_text("utf-8")
    assert "Quarto" not in versions.read_text("utf-8")
    assert "embedded renderer" in (tiny_copy / "reports/_site/index.html").read_text("utf-8")
    assert not (tiny_copy / "reports/index.typ").exists()
    # Asked for by its name, it is an error, in Quarto's own sentence.
    monkeypatch.setenv("RENDERER", "quarto")
    with pytest.raises(QuartoError, match="no Deno here"):
        publish._render(study, "quarto", {})
    assert issubclass(QuartoError, StudyError)
