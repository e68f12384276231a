"""The workers themselves: one thread, processes on the cores of this machine, or a cluster."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial
from typing import Literal, TypeVar

from analysis.workers import CORES, ONE, VARIABLE, checked, cores
from analysis.workers.cluster import Cluster, cluster

# Seconds without a result, after which a cluster is asked whether anybody works there still.
_PATIENCE = 300
# So many tasks at least has each who works: the last ones are not waited for alone.
_TASKS_OF_ONE = 4

_given: ContextVar[Executor | None] = ContextVar("_given", default=None)
_T = TypeVar("_T")
_R = TypeVar("_R")


class Died:
    """What stands for the result of what ended its worker, and then a process of its own."""


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
        # A collection in a fork would write to, and so copy, all that it shares with this process.
        gc.freeze()
        try:
            with ProcessPoolExecutor(number, multiprocessing.get_context(start)) as processes:
                yield processes
        finally:
            gc.unfreeze()


def each(
    work: Callable[[_T], _R], given: Sequence[_T], *, worth: int, at_a_time: int
) -> list[_R | Died]:
    """`work` done for each of `given`, in their order, in tasks of at most `at_a_time` of them, and of
    so few that everybody here has several.

    `work`: a function of a module, or a `partial` of one. A task whose worker died is done again
    here, one at a time, each in a process; what ends that too is `Died`, and the rest is done all
    the same. An error that `work` raises is raised here.
    """
    some = max(1, min(at_a_time, len(given) // (_TASKS_OF_ONE * cores())))
    parts = [range(at, min(at + some, len(given))) for at in range(0, len(given), some)]
    done: dict[int, _R | Died] = {}
    with workers(len(given), worth) as executor:
        tasks = [_submitted(executor, work, [given[at] for at in part]) for part in parts]
        _wait_for(executor, [task for task in tasks if task])
        for part, task in zip(parts, tasks, strict=True):
            with suppress(BrokenExecutor):
                done |= zip(part, task.result(), strict=True) if task else ()
    left = [at for at in range(len(given)) if at not in done]
    if left:
        done |= zip(left, _one_by_one(work, [given[at] for at in left]), strict=True)
    return [done[at] for at in range(len(given))]


def threads() -> ThreadPoolExecutor:
    """Threads for work that other programs do meanwhile: one a core, and at least two."""
    return ThreadPoolExecutor(max(2, cores()))


def _wait_for(executor: Executor, tasks: Sequence[Future[list[_R]]]) -> None:
    """Wait until all tasks end. Raises `StudyError` when a cluster has lost all its workers."""
    waiting = set(tasks)
    while waiting:
        ended, waiting = wait(waiting, _PATIENCE, FIRST_COMPLETED)
        if not ended and isinstance(executor, Cluster):
            executor.refuse_without_workers(VARIABLE)


def _one_by_one(work: Callable[[_T], _R], given: Sequence[_T]) -> list[_R | Died]:
    """What was in a batch whose worker died: one at a time in processes here, so that the one that
    ends its process is known. They are no workers of a cluster, which would start them anew."""
    shares = [given[at :: cores()] for at in range(cores())]
    with ThreadPoolExecutor(len(shares)) as meanwhile:
        results = list(meanwhile.map(partial(_share_one_by_one, work), shares))
    return [results[at % len(shares)][at // len(shares)] for at in range(len(given))]


def _share_one_by_one(work: Callable[[_T], _R], given: Sequence[_T]) -> list[_R | Died]:
    done: list[_R | Died] = []
    while len(done) < len(given):
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as alone:
            try:
                for one in given[len(done) :]:
                    done.append(alone.submit(work, one).result())
            except BrokenExecutor:
                done.append(Died())
    return done


def _submitted(
    executor: Executor, work: Callable[[_T], _R], part: Sequence[_T]
) -> Future[list[_R]] | None:
    try:
        return executor.submit(_all, work, part)
    except BrokenExecutor:
        return None


def _all(work: Callable[[_T], _R], part: Sequence[_T]) -> list[_R]:
    return [work(one) for one in part]
