"""Studies that were built, for every test that looks at a report or changes one.

To look at the tiny study's report, take the fixture `tiny_report`; to change it, `tiny_copy`. A
study of your own is built once for all tests, over all processes, by `once`; `report` runs
`make report` in a quarter of its time. Only what the Makefile itself does needs `make_report`.
"""

from __future__ import annotations

import atexit
import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import IO

import pytest
from tiny import PROJECT
from warm_program import UNDRAWN

CLEAN = {
    name: value
    for name, value in os.environ.items()
    if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "PYTHONPATH", "CONDA_DEFAULT_ENV")
}

# Names the socket of the process that is forked, where workers share one.
_DOOR = "WARM_PROGRAM_DOOR"

# Other than those of the builds that it is compared with (`test_pipeline.built`).
SURROUNDINGS = {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1"}


def make_report(
    study: Path, *words: str, project: Path = PROJECT, **environment: str
) -> tuple[int, str]:
    """Run `make report` on `study`; return the exit status and all it said."""
    done = subprocess.run(
        ["make", "-C", str(project), "report", f"STUDY={study}", *words],
        capture_output=True,
        text=True,
        check=False,
        env=CLEAN | environment,
    )
    return done.returncode, done.stdout + done.stderr


def report(
    study: Path, *, final: bool = False, debug: bool = False, jobs: int = 2, drawn: bool = True
) -> tuple[int, str]:
    """Run what `make report` runs; return the exit status and all it said."""
    return program(
        *(["--debug"] if debug else []),
        *("report", "--study", study, "--jobs", jobs),
        *(["--final"] if final else []),
        drawn=drawn,
    )


def program(*words: object, drawn: bool = True) -> tuple[int, str]:
    """Run `qualan` with these words; return the exit status and all it said.

    Without `drawn` every figure is the same small picture, and the cells of notebooks run without
    a kernel, to which they show nothing: that saves half of the time of a report.
    """
    return _forked([*([] if drawn else [UNDRAWN]), *map(str, words)], {})


def run_stages(study: Path, *names: str) -> tuple[int, str]:
    """Run these stages alone, as `report` does without `drawn`; return exit status and words."""
    return _forked(["stages", str(study), *names], {})


def run_notebook(notebook: Path, run: Path, folder: Path, **environment: str) -> tuple[int, str]:
    """Run a notebook in `folder`, as papermill does, and leave what it shows in `run`."""
    return _forked(["papermill", *map(str, (notebook, run, folder))], environment)


def _forked(command: list[str], environment: Mapping[str, str]) -> tuple[int, str]:
    """Run in a fork of a process that has its imports behind it."""
    asked, told = _warm()
    asked.write(json.dumps({"command": command, "environment": environment}) + "\n")
    asked.flush()
    status, said = json.loads(told.readline())
    return int(status), str(said)


@cache
def _warm() -> tuple[IO[str], IO[str]]:
    """Where a run is asked for, and where its answer comes."""
    if _DOOR in os.environ:
        way = socket.socket(socket.AF_UNIX)
        way.connect(os.environ[_DOOR])
        return way.makefile("w"), way.makefile("r")
    process = _started()
    assert process.stdin and process.stdout
    return process.stdin, process.stdout


def share_with_workers() -> None:
    """Start the process that is forked once for all workers, which are not there yet."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder)
    os.environ[_DOOR] = f"{folder}/door"
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(os.environ[_DOOR])
        door.listen()
        _started(str(door.fileno()), pass_fds=[door.fileno()])


def hearing() -> None:
    """What a process does before it begins, to end at an interrupt or when its terminal is closed:
    started in the background, or by nohup, it would be deaf to them."""
    for one in (signal.SIGINT, signal.SIGHUP):
        signal.signal(one, signal.SIG_DFL)


def _started(*words: str, pass_fds: Sequence[int] = ()) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-P", "-s", str(Path(__file__).with_name("warm_program.py")), *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=CLEAN | {"PYTHONPATH": str(PROJECT / "src")} | SURROUNDINGS,
        pass_fds=pass_fds,
    )
    # Not only its input is closed: forks of this process hold the same pipe.
    atexit.register(process.terminate)
    return process


def once(temporary: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name` as `make` left it, made once in a run of the tests, by whoever is first.

    `make` is handed the folder, which is not there yet. A test that would change something in it
    copies it first.
    """
    folder = temporary.getbasetemp() / "once" / name
    folder.parent.mkdir(exist_ok=True)
    made = folder.with_name(f"{name}.made")
    with folder.with_name(f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            # Of one that failed nothing is kept: every test that asks for it tells why.
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            made.touch()
    return folder
