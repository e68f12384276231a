"""Work on files from outside, in a process of its own: a hostile one costs a bounded time and memory.

A few kilobytes can unfold to more than there is memory for, and libraries that read them cannot be
told to stop. A process with threads, such as the kernel of a notebook, must not fork: its child may
wait for ever for a lock that a thread held. So the first file starts a fresh interpreter without
threads, the stem; it takes no module from the current folder or the environment, and imports what
reads. From it is forked who reads, serves this process until it ends, and is killed and replaced
when a file is too much. It has no network where the system lets it go.

What it answers is data and nothing else: a file that took its reader over could answer what it
likes, and an answer that could name a class or a function would run here. So it is made of texts,
numbers, lists and the like, and who asks makes of them what they stand for.

Forks of this process share the stem, each with a reader of its own: `begin` before they are made
saves each a start and its imports.
"""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from struct import pack
from threading import RLock
from typing import NamedTuple, ParamSpec, TypeVar, cast

from analysis.files import memory
from analysis.files.plain_answer import NO_ANSWER, read_answer
from analysis.files.problems import Problem, StudyError

SECONDS = 120.0
MEMORY = 2_000_000_000
LARGEST_ANSWER = 500_000_000
NO_ROOM = 77
# So many bytes of a text go to and fro without a wait for who takes them, where the system lets them.
_AT_ONCE = 1_000_000
_IN, _END = b"i", b"end"
# So long a request or an answer of the stem is at most.
LONGEST = 4096

_P = ParamSpec("_P")
_T = TypeVar("_T")


# The folder of this package comes first where the interpreter would not find it by itself.
_STEM = """
import sys
root, number, *modules = sys.argv[1:]
if root not in sys.path:
    sys.path.insert(0, root)
from analysis.files.confined_stem import grow
grow(int(number), modules)
"""


class Bounds(NamedTuple):
    memory: int
    answer: int


@dataclass
class _Stem:
    """The interpreter from which who reads is forked. Only who started it can wait for its end."""

    door: socket.socket
    process: subprocess.Popen[bytes] | None

    def entered(self) -> socket.socket:
        """A way of this process's own to ask the stem. Raises OSError where the stem has ended."""
        ours, theirs = socket.socketpair()
        try:
            with theirs:
                socket.send_fds(self.door, [_IN], [theirs.fileno()])
        except OSError:
            ours.close()
            raise
        return ours

    def end(self) -> None:
        """End the stem, which ends its forks."""
        if self.process is not None:
            # Also where another process holds a copy of this end.
            with suppress(OSError):
                self.door.shutdown(socket.SHUT_RDWR)
        self.door.close()
        if self.process is not None:
            self.process.wait()


@dataclass
class _Reader:
    """The fork that reads for this process: where it is asked, and where the stem is."""

    served: Connection
    stem: socket.socket

    def ended(self) -> int:
        """Kill it; return how it ended: below 0 by a signal, else its own status."""
        self.served.close()
        try:
            with self.stem:
                self.stem.send(_END)
                return int(self.stem.recv(LONGEST))
        except (OSError, ValueError):
            return -signal.SIGKILL


class _Here:
    """What this process has: its stem, the fork that reads, and whether it is one itself."""

    lock = RLock()
    stem: _Stem | None = None
    reader: _Reader | None = None
    confined = False


def be_confined() -> None:
    """From now on this process is one that reads: what it calls, it does itself."""
    _Here.confined = True


def begin(*modules: str) -> None:
    """Start the stem, if there is none, and let it import `modules` meanwhile."""
    with _Here.lock:
        _Here.stem = _Here.stem or _grown(modules)


def call(where: str, work: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
    """Return what `work`, a function of a module, makes of the arguments, which can be pickled.

    What it makes is plain: None, texts, bytes, numbers, and lists, tuples, sets and dictionaries of
    such. Raises the `StudyError` that `work` raises; and one that names `where` when it takes more
    than `SECONDS`, `MEMORY` bytes or an answer of `LARGEST_ANSWER` bytes, stops by a fault, or
    answers with anything else.
    """
    if _Here.confined:
        return work(*arguments, **named)
    with _Here.lock:
        return cast("_T", _asked(where, work.__module__, pickle.dumps((work, arguments, named))))


def end() -> None:
    """End the process that reads, if there is one; the next `call` starts another."""
    with _Here.lock:
        _ended()


def _asked(where: str, module: str, request: bytes) -> object:
    reader = _Here.reader = _Here.reader or _started(module)
    child = reader.served
    answer: bytes | None = None
    late = False
    try:
        # In one message, so that the fork is woken once.
        child.send_bytes(pickle.dumps((root_of(module), _folder(), request)))
        late = not child.poll(SECONDS)
        answer = None if late else child.recv_bytes(LARGEST_ANSWER)
    except (EOFError, OSError):
        answer = None
    finally:
        # Also when this process is interrupted: an answer that comes late belongs to nobody.
        if answer is None:
            status = _ended()
    if answer is not None:
        return _made_of(answer, where)
    if late or status < 0 or status == NO_ROOM:
        raise _too_much(where)
    raise StudyError(
        Problem(
            where,
            "a file at which its reader stopped (the fault stands above)",
            "a whole file",
            "save it anew from its program; if it opens there, please report the fault",
        )
    )


def _too_much(where: str) -> StudyError:
    return StudyError(
        Problem(
            where,
            f"a file that takes more than {SECONDS:.0f} seconds or "
            f"{MEMORY / 1_000_000:,.0f} MB to read",
            "a file of ordinary size and build",
            "save it anew from its program, or save its text; if you do not know where it "
            "came from, do not open it",
        )
    )


def _made_of(answer: bytes, where: str) -> object:
    """What an answer holds. Raises the `StudyError` that it tells of; what is no plain answer, or
    unfolds to more than `MEMORY` bytes, is one too, and ends the process that gave it."""
    try:
        with memory.limited(MEMORY):
            refusal, made = read_answer(answer)
        told = _refusal(refusal, made) if refusal else None
    except NO_ANSWER as error:
        fault = error
    else:
        if told is not None:
            raise told
        return cast("object", made)
    _ended()
    if isinstance(fault, MemoryError):
        raise _too_much(where) from fault
    raise StudyError(
        Problem(
            where,
            "a file whose reader answered with something that is no text, table or number",
            "a file that is read and does nothing else",
            "do not open it; if you know where it came from, please report the fault",
        )
    ) from fault


def _refusal(name: str, problems: Iterable[Iterable[object]]) -> StudyError:
    """The error that was raised where the file is read: one of those that this process knows."""
    kinds: list[type[StudyError]] = [StudyError, *StudyError.__subclasses__()]
    kind = next((one for one in kinds if one.__name__ == name), StudyError)
    return kind(Problem(*map(str, problem)) for problem in problems)


def _started(module: str) -> _Reader:
    begin()
    assert _Here.stem
    try:
        asked = _Here.stem.entered()
    except OSError:  # It was killed.
        _Here.stem.end()
        _Here.stem = _grown(())
        asked = _Here.stem.entered()
    ours, theirs = Pipe()
    for one in (ours, theirs):
        with socket.socket(fileno=os.dup(one.fileno())) as way:
            way.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _AT_ONCE)
            if one is ours:
                # Who begins an answer and stays silent is waited for no longer than one who is late.
                way.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _timeval(SECONDS))
    request = pickle.dumps((module, Bounds(MEMORY, LARGEST_ANSWER)))
    # A fault of a reader is shown where this process shows its own.
    with theirs, suppress(OSError):
        socket.send_fds(asked, [request], [theirs.fileno(), 2])
        asked.recv(LONGEST)
    return _Reader(ours, asked)


def _timeval(seconds: float) -> bytes:
    """Seconds as the system takes them: whole ones, and millionths."""
    return pack("ll", int(seconds), int(seconds % 1 * 1_000_000))


def _grown(modules: Sequence[str]) -> _Stem:
    ours, theirs = socket.socketpair()
    with theirs:
        # Compiled modules are kept where they are here, or not: -I reads nothing of the environment.
        kept = ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
        kept += ["-B"] if sys.dont_write_bytecode else []
        command = [sys.executable, "-I", *kept, "-c", _STEM, root_of(__name__)]
        process = subprocess.Popen(
            [*command, str(theirs.fileno()), *modules],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            # Libraries for numbers begin threads else.
            env={**os.environ, "OMP_NUM_THREADS": "1"},
            # An interrupt from the keyboard is for this process alone.
            start_new_session=True,
        )
    return _Stem(ours, process)


def _ended() -> int:
    reader, _Here.reader = _Here.reader, None
    return reader.ended() if reader else 0


@cache
def root_of(module: str) -> str:
    """The folder in which the package of a module lies."""
    top = sys.modules[module.partition(".")[0]]
    path = Path(str(top.__file__)).resolve()
    return str(path.parents[1] if hasattr(top, "__path__") else path.parent)


def _folder() -> str:
    """The current folder, '' where it is gone."""
    try:
        return str(Path.cwd())
    except OSError:
        return ""


def _forget() -> None:
    """In a fork of this process the reader is another's, and so is the end of the stem."""
    _Here.lock = RLock()
    if _Here.reader is not None:
        _Here.reader.served.close()
        _Here.reader.stem.close()
        _Here.reader = None
    if _Here.stem is not None and _Here.stem.process is not None:
        _Here.stem.process.returncode = 0
        _Here.stem.process = None


def _leave() -> None:
    end()
    if _Here.stem is not None:
        _Here.stem.end()


os.register_at_fork(after_in_child=_forget)
atexit.register(_leave)
