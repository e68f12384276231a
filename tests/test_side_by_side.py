"""A run in several processes says what a run in one says, and of one that died at which test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CONFTEST = """\
import side_by_side

def pytest_runtestloop(session):
    side_by_side.run(session, 2)
    return True
"""

TESTS = {
    "test_told": """\
import os, warnings, pytest

@pytest.fixture(scope="session", autouse=True)
def opened():
    yield
    open("closed", "a").write("once ")

def test_said():
    print("what it printed")
    os.write(1, b"what a program printed")
    assert 1 == 2

@pytest.mark.skip(reason="not here")
def test_skipped(): ...

def test_warned(): warnings.warn("be careful")
""",
    "test_killed": """\
import os
def test_before(tmp_path): ...
def test_killed(): os.kill(os.getpid(), 9)
def test_after(): ...
""",
    "test_last": "def test_quiet(tmp_path): (tmp_path / 'a').write_text('')\n",
}


def test_all_is_told_as_by_one_process(tmp_path: Path) -> None:
    (tmp_path / "pytest.ini").write_text(f"[pytest]\npythonpath = {Path(__file__).parent}\n")
    (tmp_path / "conftest.py").write_text(CONFTEST)
    for name, text in TESTS.items():
        (tmp_path / f"{name}.py").write_text(text)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rfs", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_ADDOPTS": ""},
    )
    assert done.returncode == 1
    assert "2 failed, 3 passed, 1 skipped, 1 warning in" in done.stdout
    for words in (
        "assert 1 == 2",
        "what it printed",
        "what a program printed",
        "not here",
        "be careful",
        "test_killed.py::test_killed",
        "The process that ran it ended (-9)",
    ):
        assert words in done.stdout
    # By whoever took a file and was not killed; the fixture of a session is closed at its end.
    assert set((tmp_path / "closed").read_text().split()) == {"once"}
