"""Work on files from outside, in a process of its own: a hostile one costs a bounded time and memory.

A few kilobytes can unfold to more than there is memory for, and libraries that read them cannot be
told to stop. A process with threads, such as the kernel of a notebook, must not fork: its child may
wait for ever for a lock that a thread held. So the first file starts a fresh interpreter without
threads, the stem; it takes no module from the current folder or the environment, and imports what
reads. From it is forked who reads, serves this process until it ends, and is killed and replaced
when a file is too much. It has no network where the system lets it go.
"""

from __future__ import annotations

import atexit
import ctypes
import faulthandler
import importlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import RLock
from typing import NamedTuple, ParamSpec, TypeVar, cast

from analysis.files.problems import Problem, StudyError

SECONDS = 120.0
MEMORY = 2_000_000_000
LARGEST_ANSWER = 500_000_000
_NO_ROOM = 77
_END, _LONGEST = b"end", 4096
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000

_P = ParamSpec("_P")
_T = TypeVar("_T")


# The folder of this package comes first where the interpreter would not find it by itself.
_STEM = """
import sys
root, number = sys.argv[1:]
if root not in sys.path:
    sys.path.insert(0, root)
from analysis.files.confined import grow
grow(int(number))
"""


class _Bounds(NamedTuple):
    memory: int
    answer: int


@dataclass
class _Stem:
    """The interpreter from which who reads is forked, one at a time."""

    process: subprocess.Popen[bytes]
    connection: socket.socket

    def forked(self, module: str) -> Connection:
        """Let it import `module` and fork; return the connection to the fork."""
        ours, theirs = Pipe()
        request = pickle.dumps((module, _Bounds(MEMORY, LARGEST_ANSWER)))
        # A fault of a reader is shown where this process shows its own.
        with theirs, suppress(OSError):
            socket.send_fds(self.connection, [request], [theirs.fileno(), 2])
            self.connection.recv(_LONGEST)
        return ours

    def ended(self) -> int:
        """Kill the fork; return how it ended: below 0 by a signal, else its own status."""
        try:
            self.connection.send(_END)
            return int(self.connection.recv(_LONGEST))
        except (OSError, ValueError):
            self.end()
            return -signal.SIGKILL

    def end(self) -> None:
        """End the stem, which ends its fork."""
        # Also where another process holds a copy of this end.
        with suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        self.connection.close()
        self.process.wait()


class _Here:
    """What this process has: its stem, the fork that reads, and whether it is one itself."""

    lock = RLock()
    stem: _Stem | None = None
    child: Connection | None = None
    confined = False


def call(where: str, work: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
    """Return what `work`, a function of a module, makes of the arguments; all can be pickled.

    Raises the `StudyError` that `work` raises; and one that names `where` when it takes more than
    `SECONDS`, `MEMORY` bytes or an answer of `LARGEST_ANSWER` bytes, or stops by a fault.
    """
    if _Here.confined:
        return work(*arguments, **named)
    with _Here.lock:
        answer = _asked(where, work.__module__, pickle.dumps((work, arguments, named)))
    if isinstance(answer, StudyError):
        raise answer
    return cast("_T", answer[0])


def end() -> None:
    """End the process that reads, if there is one; the next `call` starts another."""
    with _Here.lock:
        _ended()


def _asked(where: str, module: str, request: bytes) -> tuple[object] | StudyError:
    child = _Here.child = _Here.child or _started(module)
    answer: bytes | None = None
    late = False
    try:
        child.send_bytes(pickle.dumps((_root(module), _folder())))
        child.send_bytes(request)
        late = not child.poll(SECONDS)
        answer = None if late else child.recv_bytes()
    except (EOFError, OSError):
        answer = None
    finally:
        # Also when this process is interrupted: an answer that comes late belongs to nobody.
        if answer is None:
            status = _ended()
    if answer is not None:
        return cast("tuple[object] | StudyError", pickle.loads(answer))
    if late or status < 0 or status == _NO_ROOM:
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
    return StudyError(
        Problem(
            where,
            "a file at which its reader stopped (the fault stands above)",
            "a whole file",
            "save it anew from its program; if it opens there, please report the fault",
        )
    )


def _started(module: str) -> Connection:
    if _Here.stem is None or _Here.stem.process.poll() is not None:
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-I", "-c", _STEM, _root(__name__), str(theirs.fileno())]
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                # Libraries for numbers begin threads else.
                env={**os.environ, "OMP_NUM_THREADS": "1"},
                # An interrupt from the keyboard is for this process alone.
                start_new_session=True,
            )
        _Here.stem = _Stem(process, ours)
    return _Here.stem.forked(module)


def _ended() -> int:
    child, _Here.child = _Here.child, None
    if child is None or _Here.stem is None:
        return 0
    child.close()
    return _Here.stem.ended()


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


def grow(number: int) -> None:
    """Be the stem: fork who reads when asked on the socket `number`, until its other end closes."""
    asked = socket.socket(fileno=number)
    pid = 0
    while True:
        request, descriptors, _, _ = socket.recv_fds(asked, _LONGEST, 2)
        if request and request != _END:
            pid = _forked(asked, request, descriptors)
            asked.send(str(pid).encode())
            continue
        status = _killed(pid)
        pid = 0
        if not request:
            return
        asked.send(str(status).encode())


def _killed(pid: int) -> int:
    if not pid:
        return 0
    os.kill(pid, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _forked(asked: socket.socket, request: bytes, descriptors: list[int]) -> int:
    module, bounds = pickle.loads(request)
    # What this package brings is here once for all that are forked, and before the bounds.
    with suppress(ImportError):
        importlib.import_module(module)
    pid = os.fork()
    served, shown = descriptors
    if pid:
        os.close(served)
        os.close(shown)
        return pid
    status = 1
    try:
        asked.close()
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
            root, folder = pickle.loads(connection.recv_bytes())
            request = connection.recv_bytes()
        except EOFError:
            return
        if root not in sys.path:
            sys.path.append(root)
        # Paths are told as they are from where the process that asks stands.
        with suppress(OSError):
            os.chdir(folder)
        work, arguments, named = pickle.loads(request)
        try:
            answer: object = (work(*arguments, **named),)
        except StudyError as error:
            answer = error
        content = pickle.dumps(answer, protocol=5)
        if len(content) > bounds.answer:
            raise MemoryError
        connection.send_bytes(content)


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
    """In a fork of this process the stem is another's."""
    _Here.lock = RLock()
    if _Here.child is not None:
        _Here.child.close()
    if _Here.stem is not None:
        _Here.stem.connection.close()
        _Here.stem.process.returncode = 0
    _Here.child = _Here.stem = None


def _leave() -> None:
    if _Here.stem is not None:
        _Here.stem.end()


os.register_at_fork(after_in_child=_forget)
atexit.register(_leave)
