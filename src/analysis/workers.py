"""Who works: one thread, the cores of this machine, or an executor that somebody gives.

This is the one place that says it; cleaning, sensitivity, the gate and rendering ask here. Results never
depend on the answer.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Literal

_given: ContextVar[Executor | None] = ContextVar("_given", default=None)


def cores() -> int:
    """How many cores this process may use, at least 1."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed else os.cpu_count() or 1


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
    `at_most` processes; by default as many as there are cores.
    """
    given = _given.get()
    number = at_most or cores()
    if given:
        yield given
    elif amount < worth or number < 2:
        with ThreadPoolExecutor(1) as one:
            yield one
    else:
        with ProcessPoolExecutor(number, multiprocessing.get_context(start)) as processes:
            yield processes


def threads() -> ThreadPoolExecutor:
    """Threads for work that other programs do meanwhile: one a core, and at least two."""
    return ThreadPoolExecutor(max(2, cores()))
