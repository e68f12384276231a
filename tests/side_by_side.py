"""Runs the tests in several processes, forked when every test is collected.

`pytest-xdist` starts its workers anew: each imports all that is tested and collects all tests, and
in a fresh clone each compiles them too. Here that is done once, and a fork has it for nothing. A
file's tests stay together, in the order of collection, and go to whoever is free.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import warnings
from collections.abc import Mapping
from itertools import groupby
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from side_by_side_work import work

# One who was killed is noticed within so many seconds, also when what it forked lives on.
_LOOK_AFTER = 2.0


def run(session: pytest.Session, number: int) -> None:
    """Run the collected tests in `number` processes, and report them as if they ran here.

    Raises UsageError where there are threads: what one of them held, a fork would wait for for ever.
    """
    if _threads() > 1:
        raise pytest.UsageError(
            "threads run when the tests are collected: let modules of tests start none when they "
            "are imported, and set OMP_NUM_THREADS=1, as make does"
        )
    files = [list(tests) for _, tests in groupby(session.items, lambda item: item.path)]
    heap = _heap(len(files))
    # Made before the fork, so that all share it.
    session.config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    # No collection there looks at what is here, and so copies it; and what tests leave is small.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
    context = multiprocessing.get_context("fork")
    working: dict[Connection, BaseProcess] = {}
    for _ in range(number):
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(session, files, heap, theirs))
        process.start()
        theirs.close()
        working[ours] = process
    try:
        _listen(session, working)
    finally:
        for process in working.values():
            process.terminate()


def _threads() -> int:
    """How many threads have the name of the process, where the system tells: all that nobody named,
    as those of typst and numpy. One with a name of its own, as of pyarrow's memory, stands forks."""
    tasks = Path("/proc/self/task")
    names = [(task / "comm").read_text() for task in tasks.glob("*")]
    return names.count(Path("/proc/self/comm").read_text()) if names else 1


def _heap(files: int) -> int:
    """A pipe with the number of every file in it: who reads one has it, and nobody else."""
    heap, fill = os.pipe()
    for number in range(files):
        os.write(fill, number.to_bytes(4))
    os.close(fill)
    return heap


def _listen(
    session: pytest.Session,
    working: dict[Connection, BaseProcess],
) -> None:
    running: dict[Connection, Mapping[str, Any]] = {}
    while working:
        for way in wait(list(working), _LOOK_AFTER) or list(working):
            assert isinstance(way, Connection)
            process = working[way]
            try:
                what, told = way.recv() if way.poll() else _nothing(process)
            except EOFError:
                working.pop(way)
                process.join()
                _tell_of_the_dead(session, process.exitcode, running.get(way))
                continue
            if what == "end":
                working.pop(way)
                process.join()
            elif what == "start":
                running[way] = told
            _tell(session.config, what, told)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)


def _nothing(process: BaseProcess) -> tuple[str, Mapping[str, Any]]:
    if process.is_alive():
        return "nothing", {}
    raise EOFError


def _tell_of_the_dead(
    session: pytest.Session, exit_code: int | None, running: Mapping[str, Any] | None
) -> None:
    """Fail the test at which a process ended, and with it the run."""
    said = f"The process that ran it ended ({exit_code}); what follows in its file was not run."
    if running is None:
        raise session.Failed(said)
    report = pytest.TestReport(
        running["nodeid"], running["location"], {}, outcome="failed", longrepr=said, when="call"
    )
    session.config.hook.pytest_runtest_logreport(report=report)


def _tell(config: pytest.Config, what: str, told: Mapping[str, Any]) -> None:
    """Say here what was said there."""
    if what == "start":
        config.hook.pytest_runtest_logstart(**told)
    elif what == "finish":
        config.hook.pytest_runtest_logfinish(**told)
    elif what == "report":
        report = config.hook.pytest_report_from_serializable(config=config, data=told)
        config.hook.pytest_runtest_logreport(report=report)
    elif what == "warning":
        said = warnings.WarningMessage(*told["said"])
        where = {name: told[name] for name in ("when", "nodeid", "location")}
        config.hook.pytest_warning_recorded.call_historic(kwargs={"warning_message": said, **where})
