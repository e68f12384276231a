"""Who works: threads, processes and a real Dask cluster, and workers that die on the way."""

from __future__ import annotations

import importlib
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import dying
import pandas as pd
import pytest
from built import make_report
from tiny import PROJECT

from analysis import coding, workers
from analysis.cleaning import RULES, PseudonymKey
from analysis.cleaning.preparing import CleanTexts, may_be_kept, prepare_all
from analysis.cleaning.pseudonyms import Entry
from analysis.files.problems import StudyError
from analysis.pipeline import who_works
from analysis.workers import pools
from analysis.workers.cluster import Sealed
from analysis.workers.cluster import cluster as joined

GENERATED = shutil.ignore_patterns(
    *("_site*", "_generated", "_variables.yml", "figures", "notebooks", "prepared", "review")
)


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
    monkeypatch.setattr(pools, "cores", lambda: cores)
    with pools.workers(amount, 10) as found:
        assert type(found) is expected


def test_forks_are_other_processes() -> None:
    with pools.workers(1, 1, start="fork", at_most=2) as found:
        assert found.submit(os.getpid).result() != os.getpid()


def test_what_was_given_works_until_it_is_taken_back_and_is_not_shut_down() -> None:
    cluster = Cluster()
    with pools.work_with(cluster):
        for amount in (0, 1000):
            with pools.workers(amount, 10) as found:
                assert found is cluster and found.submit(abs, -1).result() == 1
    assert cluster.asked == 2
    with pools.workers(0, 10) as found:
        assert isinstance(found, ThreadPoolExecutor)


def test_there_is_a_core() -> None:
    assert workers.cores() >= 1


# --- tasks of many, and workers that die ------------------------------------------


@pytest.fixture
def by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "cores", lambda: 2)
    monkeypatch.delenv("WORKERS", raising=False)


@pytest.mark.parametrize("worth", [1, 99])
def test_each_is_done_in_its_order(by_two: None, worth: int) -> None:
    found = pools.each(dying.square, range(13), worth=worth, at_a_time=4)
    assert found == [number**2 for number in range(13)]


def test_what_ends_its_worker_is_told_and_the_rest_is_done(by_two: None) -> None:
    found = pools.each(dying.square_or_die, range(13), worth=1, at_a_time=6)
    assert [number for number, one in enumerate(found) if isinstance(one, pools.Died)] == [3, 11]
    assert [one for one in found if not isinstance(one, pools.Died)] == [
        number**2 for number in range(13) if number not in (3, 11)
    ]


def test_a_worker_that_died_once_is_tried_again(by_two: None, tmp_path: Path) -> None:
    told = [(number, str(tmp_path)) for number in range(8)]
    found = pools.each(dying.die_once, told, worth=1, at_a_time=3)
    assert found == [number**2 for number in range(8)]


def test_an_error_is_raised(by_two: None) -> None:
    with pytest.raises(LookupError, match="no 0"):
        pools.each(dying.fail, range(3), worth=1, at_a_time=2)


# --- who works --------------------------------------------------------------------


def test_one_thread_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", "one")
    with pools.workers(1000, 1) as found:
        assert isinstance(found, ThreadPoolExecutor)


@pytest.mark.parametrize("who", ["two", "http://x:1", "tcp://x", "tcp://x:y", "tcp://a b:1", "ONE"])
def test_anything_else_is_refused(who: str) -> None:
    with pytest.raises(StudyError, match="the address of a Dask cluster"):
        workers.checked(who, "WORKERS")


@pytest.mark.parametrize(
    ("written", "settled"),
    [
        ("", None),
        ("workers: one\n", "one"),
        ("workers: cores\n", "cores"),
        ("workers: tcp://127.0.0.1:8786\n", "tcp://127.0.0.1:8786"),
        ("workers: many\n", "params.yml, line 1, workers"),
        ("workers: [one]\n", "params.yml, line 1, workers"),
        ("workers: tcp://10.0.0.7:8786\n", "another machine"),
        ("workers: tcp://localhost.example.org:8786\n", "another machine"),
    ],
)
def test_a_study_says_who_works_but_sends_nothing_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str, settled: str | None
) -> None:
    monkeypatch.setenv("WORKERS", "")
    (tmp_path / "params.yml").write_text(written + "seed: 1\n")
    if settled and " " in settled:
        with pytest.raises(StudyError, match=settled):
            who_works.settle(tmp_path)
        assert not os.environ["WORKERS"]
    else:
        who_works.settle(tmp_path)
        assert (os.environ["WORKERS"] or None) == settled


def test_whoever_runs_it_may_name_another_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKERS", "tcp://10.0.0.7:8786")
    (tmp_path / "params.yml").write_text("workers: one\n")
    who_works.settle(tmp_path)
    assert os.environ["WORKERS"] == "tcp://10.0.0.7:8786"


# --- a real cluster ---------------------------------------------------------------


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A Dask cluster of two worker processes that write nothing to disk."""
    distributed = importlib.import_module("distributed")
    dask = importlib.import_module("dask")
    memory = {f"distributed.worker.memory.{name}": False for name in ("spill", "target")}
    quick = {"distributed.scheduler.allowed-failures": 0}
    with (
        dask.config.set(memory | quick),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0", host="127.0.0.1"
        ) as cluster,
    ):
        yield cluster.scheduler_address


@pytest.fixture
def on_cluster(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", address)


def test_a_cluster_gives_what_one_thread_gives(on_cluster: None, tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(5):
        (raw / f"s{number}.txt").write_text(f"I: Who?\n\nR: Margaret, on 07700 90045{number}.\n")
    sources = pd.DataFrame({"source_id": [f"s{number}" for number in range(5)]})
    sources = sources.assign(kind="interview", file=sources["source_id"] + ".txt")
    key = PseudonymKey((Entry("Margaret", "[Nurse]", "person", False, 2),))
    spread = prepare_all(sources, raw, key=key)
    os.environ["WORKERS"] = "one"
    alone = prepare_all(sources, raw, key=key)
    assert list(spread) == list(alone)
    for name, one in alone.items():
        assert one.clean == spread[name].clean
        assert one.passages.to_csv() == spread[name].passages.to_csv()


def test_a_cluster_places_what_one_thread_places(
    on_cluster: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its workers read the texts themselves, where the cache has them."""
    names = [f"s{number}" for number in range(4)]
    for name in names:
        (tmp_path / f"{name}.txt").write_text(f"I: Who?\n\nR: Margaret, on {name}.\n")
    sources = pd.DataFrame({"source_id": names, "file": [f"{name}.txt" for name in names]})
    sources = sources.assign(kind="interview", coded_as="", title="")
    key = PseudonymKey((Entry("Margaret", "[Nurse]", "person", False, 2),))
    prepare_all(sources, tmp_path, key=key, cache=tmp_path / "cache")
    lying = may_be_kept(sources, tmp_path, tmp_path / "cache")
    assert list(lying) == names
    rows = [f"{name},12,20,asked,A" for name in names]
    (tmp_path / "a.csv").write_text("\n".join(["source_id,start,end,code,coder", *rows]) + "\n")
    codes = pd.DataFrame({"code": ["asked"], "name": ["asked"], "usable": [True]})
    monkeypatch.setattr("analysis.coding.placing.part._AT_A_TIME", 1)

    def placed() -> str:
        texts = CleanTexts(lying, {}, RULES, key, tmp_path / "cache")
        project = coding.read(tmp_path / "a.csv")
        found = coding.place(
            [project],
            sources,
            texts,
            codes,
            anchor_score=90,
            coders={},
            code_names={},
            key=key,
        )
        return str(found.codings.to_csv())

    spread = placed()
    monkeypatch.setenv("WORKERS", "one")
    assert placed() == spread
    assert spread.count("asked") == len(names)


@pytest.mark.full("starts workers of a cluster anew")
def test_a_worker_killed_meanwhile_changes_nothing(on_cluster: None, address: str) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        pids = list(client.run(os.getpid).values())
    killer = threading.Timer(0.3, os.kill, (pids[0], signal.SIGKILL))
    killer.start()
    found = pools.each(dying.slow_square, range(24), worth=1, at_a_time=3)
    killer.join()
    assert found == [number**2 for number in range(24)]


@pytest.mark.full("starts workers of a cluster anew")
def test_what_kills_workers_of_a_cluster_is_told(on_cluster: None) -> None:
    found = pools.each(dying.square_or_die, range(13), worth=1, at_a_time=3)
    assert [number for number, one in enumerate(found) if isinstance(one, pools.Died)] == [3, 11]
    assert [one for one in found if not isinstance(one, pools.Died)] == [
        number**2 for number in range(13) if number not in (3, 11)
    ]


@pytest.mark.full("ends a cluster's workers")
def test_a_cluster_whose_workers_all_leave_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = importlib.import_module("distributed")
    dask = importlib.import_module("dask")
    monkeypatch.setattr(pools, "_PATIENCE", 1)
    unspilled = {f"distributed.worker.memory.{name}": False for name in ("spill", "target")}
    with (
        dask.config.set(unspilled),
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=":0", host="127.0.0.1"
        ) as cluster,
    ):
        monkeypatch.setenv("WORKERS", cluster.scheduler_address)
        joined(cluster.scheduler_address, "WORKERS")
        cluster.scale(0)
        cluster.sync(cluster._correct_state)
        with pytest.raises(StudyError, match="workers all left"):
            pools.each(dying.slow_square, range(3), worth=1, at_a_time=3)


def test_what_stood_beside_it_keeps_its_place(by_two: None) -> None:
    found = pools.each(dying.square_or_die, range(3, 12), worth=1, at_a_time=9)
    assert isinstance(found[0], pools.Died) and isinstance(found[-1], pools.Died)
    assert found[1:-1] == [number**2 for number in range(4, 11)]


def test_nothing_that_a_task_holds_stands_in_a_log() -> None:
    assert "Margaret" not in repr(Sealed((len, ("Margaret",), {})))


@pytest.mark.full("starts workers of a cluster anew")
def test_a_cluster_that_spills_to_disk_is_refused() -> None:
    distributed = importlib.import_module("distributed")
    dask = importlib.import_module("dask")
    with (
        dask.config.set({"distributed.worker.memory.spill": 0.7}),
        distributed.LocalCluster(
            n_workers=1, threads_per_worker=1, dashboard_address=":0", host="127.0.0.1"
        ) as cluster,
        pytest.raises(StudyError, match="write what they hold to disk"),
    ):
        joined(cluster.scheduler_address, "WORKERS")


def test_a_cluster_that_is_not_there_is_told() -> None:
    with pytest.raises(StudyError, match="nobody at"):
        joined("tcp://127.0.0.1:1", "WORKERS")


@pytest.mark.full("builds the demonstration three times")
def test_the_demonstration_is_the_same_bytes_whoever_works(address: str, tmp_path: Path) -> None:
    made = {}
    for who in ("one", "cores", address):
        study = tmp_path / who.partition(":")[0]
        for name in ("data/raw", "data/private", "reports"):
            shutil.copytree(PROJECT / name, study / name, ignore=GENERATED)
        shutil.copy(PROJECT / "params.yml", study)
        status, said = make_report(study, f"WORKERS={who}")
        assert status == 0, said
        made[who] = {
            path.relative_to(study): path.read_bytes()
            for folder in ("data/processed", "reports/_site")
            for path in sorted((study / folder).rglob("*"))
            if path.is_file()
        }
    alone, *others = made.values()
    assert len(alone) > 50
    for other in others:
        assert [name for name in alone | other if alone.get(name) != other.get(name)] == []
