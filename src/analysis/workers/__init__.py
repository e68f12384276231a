"""Who works: one thread, the cores of this machine, or a cluster.

This is the one place that says it; cleaning, sensitivity, the gate, rendering and the pages of
sources ask here. Results never depend on the answer. `WORKERS` in the environment
(`make report WORKERS=…`, or `workers:` in params.yml) is `one`, `cores`, or the address of a Dask
cluster, `tcp://host:port`.

To a cluster go tasks that name files of the study by their paths, on a folder that all its workers
see, the pseudonym key, and for sensitivity the coded passages. They are sealed, so that no log
shows what is in them, and a cluster whose workers write their memory to disk is refused.
"""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
)
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal, TypeVar

from analysis.files.problems import Problem, StudyError
from analysis.workers.cluster import cluster

VARIABLE = "WORKERS"
ONE, CORES = "one", "cores"
_ADDRESS = re.compile(r"(?:tcp|tls)://(?P<host>\[[0-9a-fA-F:]+\]|[\w.-]+):\d{1,5}")
_HERE = ("localhost", "127.0.0.1", "[::1]")

_given: ContextVar[Executor | None] = ContextVar("_given", default=None)
_T = TypeVar("_T")
_R = TypeVar("_R")


class Died:
    """What stands for the result of a task that ended its worker each time it was tried."""


def cores() -> int:
    """How many cores this process may use, at least 1."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def checked(who: str, where: str) -> str:
    """`who` works, as params.yml or the environment names it.

    Raises `StudyError` that names `where` for anything else than `one`, `cores` or an address.
    """
    if who in (ONE, CORES) or _ADDRESS.fullmatch(who):
        return who
    raise StudyError(
        Problem(
            where,
            repr(who[:60]),
            f"{ONE}, {CORES}, or the address of a Dask cluster such as tcp://127.0.0.1:8786",
            "correct it",
        )
    )


def is_elsewhere(who: str) -> bool:
    """Whether `who` is the address of another machine than this."""
    found = _ADDRESS.fullmatch(who)
    return bool(found and found["host"] not in _HERE)


@contextmanager
def work_with(executor: Executor) -> Iterator[None]:
    """Give all that is asked for here meanwhile to `executor`, such as that of a cluster.

    Its workers see the files of the study under the same paths. It is not shut down.
    """
    before = _given.set(executor)
    try:
        yield
    finally:
        _given.reset(before)


@contextmanager
def workers(
    amount: int,
    worth: int,
    *,
    start: Literal["spawn", "fork"] = "spawn",
    at_most: int | None = None,
) -> Iterator[Executor]:
    """Yield who does `amount` of work: what was given, else processes when it is `worth` them.

    Less than `worth`, in whatever `amount` is counted, is done by one thread sooner than processes
    have started. `start`: forks start at once, but only from a process without other threads.
    `at_most` processes; by default as many as there are cores. Raises `StudyError` for a cluster
    that cannot be used.
    """
    given = _given.get()
    number = at_most or cores()
    who = checked(os.environ.get(VARIABLE) or CORES, VARIABLE)
    if given:
        yield given
    elif who not in (ONE, CORES):
        yield cluster(who, VARIABLE)
    elif amount < worth or number < 2 or who == ONE:
        with ThreadPoolExecutor(1) as one:
            yield one
    else:
        with ProcessPoolExecutor(number, multiprocessing.get_context(start)) as processes:
            yield processes


def each(
    work: Callable[[_T], _R], given: Sequence[_T], *, worth: int, at_a_time: int
) -> list[_R | Died]:
    """`work` done for each of `given`, in their order, in tasks of `at_a_time` of them.

    `work`: a function of a module, or a `partial` of one. What ends its worker is tried again by
    another, then alone, and is `Died` in the end; the rest is done all the same. An error that
    `work` raises is raised here.
    """
    parts = [given[at : at + at_a_time] for at in range(0, len(given), at_a_time)]
    done: list[list[_R | Died] | None] = [None] * len(parts)
    with workers(len(given), worth) as executor:
        tasks = [_submitted(executor, work, part) for part in parts]
        for number, task in enumerate(tasks):
            try:
                done[number] = [*task.result()] if task else None
            except BrokenExecutor:
                pass
            except Exception as error:
                if not _is_killed(error):
                    raise
    return [
        one
        for part, result in zip(parts, done, strict=True)
        for one in (_tried_again(work, part) if result is None else result)
    ]


def threads() -> ThreadPoolExecutor:
    """Threads for work that other programs do meanwhile: one a core, and at least two."""
    return ThreadPoolExecutor(max(2, cores()))


def _tried_again(work: Callable[[_T], _R], part: Sequence[_T]) -> list[_R | Died]:
    """A part whose worker died: again by itself, then in halves, down to the one that ends it."""
    with _another() as executor:
        try:
            return list(executor.submit(_all, work, part).result())
        except BrokenExecutor:
            pass
        except Exception as error:
            if not _is_killed(error):
                raise
    if len(part) == 1:
        return [Died()]
    half = len(part) // 2
    return [*_tried_again(work, part[:half]), *_tried_again(work, part[half:])]


@contextmanager
def _another() -> Iterator[Executor]:
    """Who tries again: a process of its own, or the cluster."""
    who = os.environ.get(VARIABLE) or CORES
    given = _given.get() or (cluster(who, VARIABLE) if who not in (ONE, CORES) else None)
    if given:
        yield given
    else:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
            yield alone


def _submitted(
    executor: Executor, work: Callable[[_T], _R], part: Sequence[_T]
) -> Future[list[_R]] | None:
    try:
        return executor.submit(_all, work, part)
    except BrokenExecutor:
        return None


def _all(work: Callable[[_T], _R], part: Sequence[_T]) -> list[_R]:
    return [work(one) for one in part]


def _is_killed(error: Exception) -> bool:
    """Whether Dask gave a task up because its workers died."""
    return type(error).__name__ == "KilledWorker"
