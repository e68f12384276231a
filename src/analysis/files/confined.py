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
import ctypes
import faulthandler
import importlib
import io
import os
import pickle
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import astuple, dataclass
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from threading import RLock
from typing import Any, NamedTuple, Never, ParamSpec, TypeVar, cast

from analysis.files.problems import Problem, StudyError

SECONDS = 120.0
MEMORY = 2_000_000_000
LARGEST_ANSWER = 500_000_000
_NO_ROOM = 77
# So many bytes of a text go to and fro without a wait for who takes them, where the system lets them.
_AT_ONCE = 1_000_000
# What bytes that are no plain answer make the library stop with.
_NO_ANSWER = (
    pickle.UnpicklingError,
    *(ArithmeticError, AttributeError, EOFError, LookupError),
    *(MemoryError, RecursionError, TypeError, ValueError),
)
_IN, _END, _LONGEST = b"i", b"end", 4096
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000

_P = ParamSpec("_P")
_T = TypeVar("_T")


# The folder of this package comes first where the interpreter would not find it by itself.
_STEM = """
import sys
root, number, *modules = sys.argv[1:]
if root not in sys.path:
    sys.path.insert(0, root)
from analysis.files.confined import grow
grow(int(number), modules)
"""


class _Bounds(NamedTuple):
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
                return int(self.stem.recv(_LONGEST))
        except (OSError, ValueError):
            return -signal.SIGKILL


class _Here:
    """What this process has: its stem, the fork that reads, and whether it is one itself."""

    lock = RLock()
    stem: _Stem | None = None
    reader: _Reader | None = None
    confined = False


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
        child.send_bytes(pickle.dumps((_root(module), _folder(), request)))
        late = not child.poll(SECONDS)
        answer = None if late else child.recv_bytes()
    except (EOFError, OSError):
        answer = None
    finally:
        # Also when this process is interrupted: an answer that comes late belongs to nobody.
        if answer is None:
            status = _ended()
    if answer is not None:
        return _made_of(answer, where)
    if late or status < 0 or status == _NO_ROOM:
        raise StudyError(
            Problem(
                where,
                f"a file that takes more than {SECONDS:.0f} seconds or "
                f"{MEMORY / 1_000_000:,.0f} MB to read",
                "a file of ordinary size and build",
                "save it anew from its program, or save its text; if you do not know where it "
                "came from, do not open it",
            )
        )
    raise StudyError(
        Problem(
            where,
            "a file at which its reader stopped (the fault stands above)",
            "a whole file",
            "save it anew from its program; if it opens there, please report the fault",
        )
    )


class _PlainReader(pickle.Unpickler):
    """Reads data alone: what names a class or a function is refused before it is looked for."""

    def find_class(self, module: str, name: str, /) -> Never:
        raise pickle.UnpicklingError


def _made_of(answer: bytes, where: str) -> object:
    """What an answer holds. Raises the `StudyError` that it tells of; what is no plain answer is
    one too, and ends the process that gave it."""
    try:
        refusal, made = _PlainReader(io.BytesIO(answer)).load()
        told = _refusal(refusal, made) if refusal else None
    except _NO_ANSWER as error:
        fault = error
    else:
        if told is not None:
            raise told
        return cast("object", made)
    _ended()
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
    request = pickle.dumps((module, _Bounds(MEMORY, LARGEST_ANSWER)))
    # A fault of a reader is shown where this process shows its own.
    with theirs, suppress(OSError):
        socket.send_fds(asked, [request], [theirs.fileno(), 2])
        asked.recv(_LONGEST)
    return _Reader(ours, asked)


def _grown(modules: Sequence[str]) -> _Stem:
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-I", "-c", _STEM, _root(__name__), str(theirs.fileno())]
        process = subprocess.Popen(
            [*command, *modules],
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
def _root(module: str) -> str:
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


# --- in the stem ----------------------------------------------------------------


def grow(number: int, modules: Sequence[str]) -> None:
    """Be the stem: fork who reads for everyone who comes in at the socket `number`, till it closes."""
    for module in modules:
        _import(module)
    door = socket.socket(fileno=number)
    # The number of the fork that reads for whom, 0 before the first and after the last.
    readers: dict[socket.socket, int] = {}
    while True:
        for one in wait([door, *readers]):
            if one is door:
                _, descriptors, _, _ = socket.recv_fds(door, 1, 1)
                if not descriptors:
                    for pid in readers.values():
                        _killed(pid)
                    return
                readers[socket.socket(fileno=descriptors[0])] = 0
            elif isinstance(one, socket.socket):
                _answer(one, readers, door)


def _answer(asked: socket.socket, readers: dict[socket.socket, int], door: socket.socket) -> None:
    request, descriptors = b"", list[int]()
    with suppress(OSError):
        request, descriptors, _, _ = socket.recv_fds(asked, _LONGEST, 2)
    if descriptors:
        readers[asked] = _forked(request, descriptors, [door, *readers])
        answer = readers[asked]
    else:
        answer = _killed(readers.pop(asked))
    # Who ends without asking waits for no answer.
    with suppress(OSError):
        asked.send(str(answer).encode())
    if asked not in readers:
        asked.close()


def _import(module: str) -> None:
    # What this package brings is here once for all that are forked, and before the bounds.
    with suppress(ImportError):
        importlib.import_module(module)


def _killed(pid: int) -> int:
    if not pid:
        return 0
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _forked(request: bytes, descriptors: list[int], ours: list[socket.socket]) -> int:
    module, bounds = pickle.loads(request)
    _import(module)
    pid = os.fork()
    served, shown = descriptors
    if pid:
        os.close(served)
        os.close(shown)
        return pid
    status = 1
    try:
        for one in ours:
            one.close()
        os.dup2(shown, 2)
        _serve(Connection(served), bounds)
        status = 0
    except MemoryError:
        status = _NO_ROOM
    except BaseException as fault:
        # Where it stands and its kind are shown to whoever can mend it; the process that asked says
        # what it means. Not the message, which may have people's words in it.
        traceback.print_tb(fault.__traceback__, file=sys.__stderr__)
        print(type(fault).__name__, file=sys.__stderr__, flush=True)
        raise
    finally:
        os._exit(status)


def _serve(connection: Connection, bounds: _Bounds) -> None:
    """Answer until the other end closes."""
    _Here.confined = True
    faulthandler.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit_memory(bounds.memory)
    _leave_network()
    while True:
        try:
            root, folder, request = pickle.loads(connection.recv_bytes())
        except EOFError:
            return
        if root not in sys.path:
            sys.path.append(root)
        # Paths are told as they are from where the process that asks stands.
        with suppress(OSError):
            os.chdir(folder)
        work, arguments, named = pickle.loads(request)
        try:
            answer = "", work(*arguments, **named)
        except StudyError as error:
            answer = type(error).__name__, [astuple(problem) for problem in error.problems]
        content = _written(answer)
        if len(content) > bounds.answer:
            raise MemoryError
        connection.send_bytes(content)


class _OtherKindError(Exception):
    """Something in an answer is not of a plain kind itself."""


class _PlainWriter(pickle.Pickler):
    """Writes data alone; asked only of what is not exactly a text, a number, a list and the like."""

    def reducer_override(self, value: object, /) -> Never:
        raise _OtherKindError


def _written(answer: object) -> bytes:
    """The answer as bytes. Libraries give texts of kinds of their own, which are texts here.

    Raises TypeError for what is no plain data.
    """
    with suppress(_OtherKindError):
        stream = io.BytesIO()
        _PlainWriter(stream, protocol=5).dump(answer)
        return stream.getvalue()
    return pickle.dumps(_plain(answer), protocol=5)


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {_plain(key): _plain(one) for key, one in value.items()}
    for kind in (list, tuple, set, frozenset):
        if isinstance(value, kind):
            return kind(map(_plain, value))
    # True is a number too, and stays what it is.
    singles: tuple[Callable[[Any], object], ...] = (bool, int, float, str, bytes)
    for single in singles:
        if isinstance(value, cast("type", single)):
            return single(value)
    if value is None:
        return None
    raise TypeError


def _limit_memory(memory: int) -> None:
    """Let this process take `memory` bytes more than it began with, where the system can tell."""
    import resource

    with suppress(ValueError, OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _leave_network() -> None:
    """Go where there is no network; systems that have no such place leave it as it is."""
    with suppress(OSError, AttributeError):
        unshare = ctypes.CDLL(None).unshare
        # A user who rules the machine needs no space of their own, and would lose their files.
        if unshare(_NEW_NETWORK) and os.getuid():
            unshare(_NEW_USER | _NEW_NETWORK)


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
