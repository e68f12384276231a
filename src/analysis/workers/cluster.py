"""A Dask cluster as an executor: what goes to it is sealed, and no worker may write it to disk."""

from __future__ import annotations

import socket
from concurrent.futures import BrokenExecutor, Executor, Future
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit

from analysis.files.problems import Problem, StudyError

_T = TypeVar("_T")


@dataclass(frozen=True, repr=False)
class Sealed(Generic[_T]):
    """Something whose words stand in no log: Dask prints the arguments of a task that fails."""

    held: _T

    def __repr__(self) -> str:
        return "<sealed>"


class Cluster(Executor):
    """An executor that hands sealed tasks to a Dask client.

    Dask's own executor loses the result of a worker that dies before it was fetched.
    """

    def __init__(self, client: Any) -> None:
        self._client = client

    def submit(self, fn: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        answer: Future[Any] = Future()
        inner = self._client.submit(_opened, Sealed((fn, arguments, named)), pure=False, retries=0)
        inner.add_done_callback(partial(_hand_on, answer=answer))
        answer.add_done_callback(lambda _: inner.release())
        return answer

    def refuse_without_workers(self, where: str) -> None:
        """Raise `StudyError` when nobody works here any more: its tasks would wait for ever."""
        if not self._client.run_on_scheduler(_number_of_workers):
            raise _refused(
                where, "a cluster whose workers all left", "start workers, then run this again"
            )


def _number_of_workers(dask_scheduler: Any) -> int:
    return len(dask_scheduler.workers)


def _opened(task: Sealed[Any]) -> Sealed[Any]:
    function, arguments, named = task.held
    return Sealed(function(*arguments, **named))


def _hand_on(done: Any, answer: Future[Any]) -> None:
    from distributed import CancelledError, KilledWorker

    try:
        answer.set_result(done.result().held)
    except (CancelledError, KilledWorker):
        answer.set_exception(BrokenExecutor("its workers died, or left"))
    except Exception as error:
        answer.set_exception(error)


@cache
def cluster(address: str, where: str) -> Executor:
    """The cluster at `address`, once for this process.

    Raises `StudyError` where `distributed` is not installed, nobody answers, or its workers may
    write what they hold to disk or cannot see the current folder.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise _refused(
            where, "no `distributed` in this environment", "pip install qualan[cluster]"
        ) from None
    try:
        # Whoever is not there is told at once; whoever is may take long to answer.
        named = urlsplit(address)
        socket.create_connection((named.hostname or "", named.port or 0), timeout=10).close()
        client = Client(address, timeout=60, set_as_default=False)
    except (OSError, TimeoutError, ValueError):
        raise _refused(where, f"nobody at {address}", "start it, or correct the address") from None
    told = client.run(_of_worker, str(Path.cwd()))
    if not told:
        raise _refused(where, "a cluster without workers", "start workers, then run this again")
    if any(spills for spills, _ in told.values()):
        raise _refused(
            where,
            "workers that write what they hold to disk when memory is short",
            "start them with DASK_DISTRIBUTED__WORKER__MEMORY__SPILL=False and "
            "DASK_DISTRIBUTED__WORKER__MEMORY__TARGET=False",
        )
    if not all(sees for _, sees in told.values()):
        raise _refused(
            where, "workers that do not see this folder", "put the study on a shared folder"
        )
    return Cluster(client)


def _of_worker(folder: str) -> tuple[bool, bool]:
    """Whether this worker spills its memory to disk, and whether it sees `folder`."""
    import dask

    memory = [dask.config.get(f"distributed.worker.memory.{one}") for one in ("spill", "target")]
    return any(memory), Path(folder).is_dir()


def _refused(where: str, found: str, remedy: str) -> StudyError:
    return StudyError(Problem(where, found, "a Dask cluster that may hold transcripts", remedy))
