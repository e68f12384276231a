"""Work on files from outside, in a process of its own: a hostile one costs a bounded time and memory.

A few kilobytes can unfold to more than there is memory for, and libraries that read them cannot be
told to stop. The process is a fork of this one, so that all it needs is there at once. It starts
with the first file, serves this process until it ends, and is killed and replaced when a file is
too much. It has no network where the system lets it go.
"""

from __future__ import annotations

import ctypes
import faulthandler
import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from threading import RLock
from typing import ParamSpec, TypeVar, cast

from analysis.files.problems import Problem, StudyError

SECONDS = 120.0
MEMORY = 2_000_000_000
LARGEST_ANSWER = 500_000_000
_NO_ROOM = 77
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000

_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass
class _Child:
    pid: int
    connection: Connection

    def end(self) -> int:
        """Kill the process; return how it ended: below 0 by a signal, else its own status."""
        self.connection.close()
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class _Here:
    """What this process has: its child, and whether it is one itself."""

    lock = RLock()
    child: _Child | None = None
    confined = False


def call(where: str, work: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
    """Return what `work`, a function of a module, makes of the arguments; all can be pickled.

    Raises the `StudyError` that `work` raises; and one that names `where` when it takes more than
    `SECONDS`, `MEMORY` bytes or an answer of `LARGEST_ANSWER` bytes, or stops by a fault.
    """
    if _Here.confined:
        return work(*arguments, **named)
    with _Here.lock:
        answer = _asked(where, pickle.dumps((work, arguments, named)))
    if isinstance(answer, StudyError):
        raise answer
    return cast("_T", answer[0])


def end() -> None:
    """End the process, if there is one; the next `call` starts another."""
    with _Here.lock:
        child, _Here.child = _Here.child, None
        if child is not None:
            child.end()


def _asked(where: str, request: bytes) -> tuple[object] | StudyError:
    child = _Here.child = _Here.child or _started()
    answer: bytes | None = None
    late = False
    try:
        child.connection.send_bytes(request)
        late = not child.connection.poll(SECONDS)
        answer = None if late else child.connection.recv_bytes()
    except (EOFError, OSError):
        answer = None
    finally:
        # Also when this process is interrupted: an answer that comes late belongs to nobody.
        if answer is None:
            _Here.child = None
            status = child.end()
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


def _started() -> _Child:
    ours, theirs = Pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid:
        theirs.close()
        return _Child(pid, ours)
    status = 1
    try:
        ours.close()
        _serve(theirs)
        status = 0
    except MemoryError:
        status = _NO_ROOM
    except BaseException:
        # The fault is shown to whoever can mend it; the process that asked says what it means.
        traceback.print_exc(file=sys.__stderr__)
        raise
    finally:
        os._exit(status)


def _serve(connection: Connection) -> None:
    """Answer until the other end closes."""
    _Here.confined = True
    faulthandler.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _limit_memory()
    _leave_network()
    while True:
        try:
            work, arguments, named = pickle.loads(connection.recv_bytes())
        except EOFError:
            return
        try:
            answer: object = (work(*arguments, **named),)
        except StudyError as error:
            answer = error
        content = pickle.dumps(answer, protocol=5)
        if len(content) > LARGEST_ANSWER:
            raise MemoryError
        connection.send_bytes(content)


def _limit_memory() -> None:
    """Let this process take `MEMORY` bytes more than it began with, where the system can tell."""
    import resource

    with suppress(ValueError, OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _leave_network() -> None:
    """Go where there is no network; systems that have no such place leave it as it is."""
    with suppress(OSError, AttributeError):
        unshare = ctypes.CDLL(None).unshare
        # A user who rules the machine needs no space of their own, and would lose their files.
        if unshare(_NEW_NETWORK) and os.getuid():
            unshare(_NEW_USER | _NEW_NETWORK)


def _forget() -> None:
    """In a fork of this process the child is another's."""
    _Here.lock = RLock()
    if _Here.child is not None:
        _Here.child.connection.close()
        _Here.child = None


os.register_at_fork(after_in_child=_forget)
