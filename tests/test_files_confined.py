"""Work in a process of its own ends in an answer or in a sentence, whatever the file does."""

from __future__ import annotations

import os
import pickle
import resource
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from analysis.files import confined, confined_stem
from analysis.files.problems import Problem, StudyError


def doubled(number: int) -> int:
    return 2 * number


def own_number() -> int:
    return os.getpid()


def number_above() -> int:
    return os.getppid()


def for_ever() -> None:
    time.sleep(600)


def greedy() -> int:
    return len(bytearray(50_000_000_000))


def long_answer() -> bytes:
    return bytes(2_000_000)


def faulty() -> None:
    words = "".join(["Z", "oe"])
    raise IndexError(f"a fault of the reader at {words}")


class Runs:
    """What unpickles by a call of `name` in `module`, as a reader taken over would answer."""

    def __init__(self, call: Callable[..., object], *arguments: object) -> None:
        self.told = call, arguments

    def __reduce__(self) -> tuple[Callable[..., object], tuple[object, ...]]:
        return self.told


def taken_over(path: str, way: str) -> object:
    confined_stem.write_answer = pickle.dumps  # type: ignore[assignment]
    ways: dict[str, object] = {
        "a class of this program": Problem("a", "b", "c", "d"),
        "a command": Runs(os.system, f"touch {path}"),
        "within a list": [1, {"text": Runs(os.mkdir, path)}],
    }
    return ways[way]


def without_bounds() -> None:
    """A reader taken over: it begins an answer of a length that it chooses, and stays silent."""
    for number in range(3, 30):
        with suppress(OSError), socket.socket(fileno=os.dup(number)) as way:
            way.send(struct.pack("!i", 1_000))
    time.sleep(600)


class Worded(str):
    """A text of a library's own kind."""


class Counted(int):
    """A number of its own kind, in which no question is left open."""


def of_other_kinds() -> object:
    return {Worded("a"): [Worded("b"), (Counted(1), True, None, 0.5, b"c")]}


def no_data() -> object:
    return [Path("a")]


def refusing() -> None:
    raise StudyError(Problem("a.txt", "nothing", "something", "write it"))


def where() -> str:
    return str(Path().resolve())


def path_of_modules() -> list[str]:
    return sys.path


def locked() -> bool:
    with LOCK:
        return True


def within() -> int:
    return confined.call("a file", own_number)


LOCK = threading.Lock()


@pytest.fixture(autouse=True)
def ended() -> Iterator[None]:
    confined.end()
    yield
    confined.end()


def sentence(work: object) -> str:
    with pytest.raises(StudyError) as caught:
        confined.call("a.txt", work)  # type: ignore[arg-type]
    (problem,) = caught.value.problems
    assert problem.where == "a.txt"
    return problem.found


def in_a_fork(work: Callable[[], int]) -> int:
    """What `work` answers in a fork of this process, to which nothing was said beforehand."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.write(writing, str(work()).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    return int(os.read(reading, 20))


def test_an_answer_comes_back_from_one_and_the_same_process() -> None:
    assert confined.call("a file", doubled, 21) == 42
    number = confined.call("a file", own_number)
    assert number == confined.call("a file", own_number) != os.getpid()
    assert confined.call("a file", within) == number


def test_what_never_ends_is_told_and_the_next_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "SECONDS", 0.2)
    assert "more than 0 seconds" in sentence(for_ever)
    monkeypatch.undo()
    assert confined.call("a file", doubled, 2) == 4


def test_what_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "MB to read" in sentence(greedy)
    monkeypatch.setattr(confined, "LARGEST_ANSWER", 1_000_000)
    confined.end()
    assert "MB to read" in sentence(long_answer)


def test_a_fault_of_the_reader_is_told_and_shown_without_words_of_the_file(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert "its reader stopped" in sentence(faulty)
    shown = capfd.readouterr().err
    assert "in faulty" in shown and "IndexError" in shown
    assert "Zoe" not in shown
    assert confined.call("a file", doubled, 2) == 4


def test_an_answer_that_names_what_could_run_is_refused(tmp_path: Path) -> None:
    for way in ("a command", "within a list", "a class of this program"):
        before = confined.call("a file", own_number)
        with pytest.raises(StudyError, match="no text, table or number") as caught:
            confined.call("a.txt", taken_over, str(tmp_path / "touched"), way)
        assert caught.value.problems[0].where == "a.txt"
        assert not list(tmp_path.iterdir())
        assert confined.call("a file", own_number) != before


def test_texts_of_a_kind_of_their_own_come_as_texts_and_no_data_is_a_fault(
    capfd: pytest.CaptureFixture[str],
) -> None:
    answer = confined.call("a file", of_other_kinds)
    assert repr(answer) == "{'a': ['b', (1, True, None, 0.5, b'c')]}"
    assert "its reader stopped" in sentence(no_data)
    assert "TypeError" in capfd.readouterr().err


def test_an_answer_that_begins_and_never_ends_or_is_too_long_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(confined, "SECONDS", 0.5)
    assert "seconds or" in sentence(without_bounds)
    monkeypatch.setattr(confined, "LARGEST_ANSWER", 500)
    monkeypatch.setattr(confined, "SECONDS", 60.0)
    assert "seconds or" in sentence(without_bounds)
    assert confined.call("a file", doubled, 2) == 4


@pytest.mark.skipif(sys.platform != "linux", reason="the system bounds no memory")
def test_an_answer_that_unfolds_costs_no_more_than_a_reader_may_take() -> None:
    # An empty text that is remembered as number 2,147,483,647, for which the library makes room.
    unfolds = b"\x80\x05\x8c\x00r\xff\xff\xff\x7f."
    before = resource.getrlimit(resource.RLIMIT_AS)
    with pytest.raises(StudyError, match="MB to read"):
        confined._made_of(unfolds, "a.txt")
    assert resource.getrlimit(resource.RLIMIT_AS) == before


PLAIN = pickle.dumps(("", ["words", 1, None, {"a": (1.5, b"", True)}]), protocol=5)


@pytest.mark.parametrize(
    "answer",
    [
        b"cos\nsystem\n(S'true'\ntR.",
        b"(S'true'\nios\nsystem\n.",
        b"\x80\x05\x82\x01.",
        b"",
        *(PLAIN[:end] for end in range(1, len(PLAIN), 7)),
        *(
            pickle.dumps(one)
            for one in (
                7,
                ("StudyError", []),
                (["StudyError"], [("a", "b", "c", "d")]),
                ("StudyError", [["a"]]),
                ("SystemExit", [("a", "b", "c", "d")]),
            )
        ),
    ],
)
def test_bytes_that_are_no_plain_answer_are_refused(answer: bytes) -> None:
    with pytest.raises(StudyError):
        confined._made_of(answer, "a.txt")


def test_a_refusal_comes_as_it_is_and_costs_no_process() -> None:
    number = confined.call("a file", own_number)
    assert sentence(refusing) == "nothing"
    assert confined.call("a file", own_number) == number


def test_a_fork_has_a_process_of_its_own() -> None:
    number = confined.call("a file", own_number)
    assert in_a_fork(lambda: confined.call("a file", own_number)) != number
    assert confined.call("a file", own_number) == number


def test_forks_share_the_stem_and_end_only_their_own_reader() -> None:
    """Of two forks at once, and of one that has ended, this process notices nothing."""
    confined.begin()
    stem = confined._Here.stem
    assert stem and stem.process

    def one_in_another() -> int:
        parent = confined.call("a file", number_above)
        return parent if in_a_fork(lambda: confined.call("a file", number_above)) == parent else 0

    number = confined.call("a file", own_number)
    assert in_a_fork(one_in_another) == stem.process.pid
    assert in_a_fork(lambda: [confined._leave(), 1][1]) == 1
    assert confined.call("a file", own_number) == number
    assert confined.call("a file", number_above) == stem.process.pid


def test_a_fork_whose_stem_was_killed_starts_another() -> None:
    confined.begin()
    stem = confined._Here.stem
    assert stem and stem.process
    stem.process.kill()
    stem.process.wait()
    assert in_a_fork(lambda: confined.call("a file", doubled, 4)) == 8
    assert confined.call("a file", doubled, 4) == 8


def test_the_process_ends_with_the_one_that_it_serves() -> None:
    served = Path(f"/proc/{in_a_fork(lambda: confined.call('a file', own_number))}")
    ends = time.monotonic() + 20
    while _runs(served) and time.monotonic() < ends:
        time.sleep(0.02)
    assert not _runs(served)


def test_a_thread_that_holds_a_lock_stops_no_reading() -> None:
    """A fork of this process would wait for ever: nobody in it gives the lock back."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        with LOCK:
            held.set()
            done.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(60)
    try:
        assert confined.call("a file", locked)
    finally:
        done.set()
        thread.join()


def test_a_killed_process_is_followed_by_one_of_the_same_stem(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parent = confined.call("a file", number_above)
    monkeypatch.setattr(confined, "SECONDS", 0.2)
    sentence(for_ever)
    monkeypatch.undo()
    assert confined.call("a file", number_above) == parent != os.getpid()


def test_a_stem_that_was_killed_is_replaced() -> None:
    parent = confined.call("a file", number_above)
    os.kill(parent, signal.SIGKILL)
    while confined._Here.stem and confined._Here.stem.process.poll() is None:  # type: ignore[union-attr]
        time.sleep(0.01)
    confined.end()
    assert confined.call("a file", number_above) != parent


def test_nothing_is_imported_from_where_one_stands_and_paths_are_told_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A study may hold a module of any name, and a path of modules may name its folder."""
    number = confined.call("a file", own_number)
    (tmp_path / "pypdfium2.py").write_text("raise SystemExit", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert confined.call("a file", where) == str(tmp_path.resolve())
    assert confined.call("a file", own_number) == number
    monkeypatch.setattr(confined._Here, "stem", None)
    monkeypatch.setattr(confined._Here, "reader", None)
    assert confined.call("a file", own_number) != number
    modules = confined.call("a file", path_of_modules)
    assert not {"", ".", str(tmp_path), str(tmp_path.resolve())} & set(modules)
    stem = confined._Here.stem
    confined.end()
    assert stem is not None
    stem.end()


def _runs(process: Path) -> bool:
    try:
        return process.joinpath("stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
