from __future__ import annotations

import os
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from typing import Any

import pytest

from analysis import workers


class Cluster(Executor):
    def __init__(self) -> None:
        self.asked = 0

    def submit(self, fn: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        self.asked += 1
        future: Future[Any] = Future()
        future.set_result(fn(*arguments, **named))
        return future


@pytest.mark.parametrize(
    ("amount", "cores", "expected"),
    [
        (9, 4, ThreadPoolExecutor),
        (10, 4, ProcessPoolExecutor),
        (10, 1, ThreadPoolExecutor),
    ],
)
def test_processes_work_when_there_is_enough_to_do_and_more_than_one_core(
    amount: int, cores: int, expected: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "cores", lambda: cores)
    with workers.workers(amount, 10) as found:
        assert type(found) is expected


def test_forks_are_other_processes() -> None:
    with workers.workers(1, 1, start="fork", at_most=2) as found:
        assert found.submit(os.getpid).result() != os.getpid()


def test_what_was_given_works_until_it_is_taken_back_and_is_not_shut_down() -> None:
    cluster = Cluster()
    with workers.work_with(cluster):
        for amount in (0, 1000):
            with workers.workers(amount, 10) as found:
                assert found is cluster and found.submit(abs, -1).result() == 1
    assert cluster.asked == 2
    with workers.workers(0, 10) as found:
        assert isinstance(found, ThreadPoolExecutor)


def test_there_is_a_core() -> None:
    assert workers.cores() >= 1
