"""The stem: an interpreter without threads from which those who read files are forked (`confined`).

It starts afresh, imports what reads, and forks a reader for everyone who comes in at its door. A
reader has bounds of memory and no network where the system lets it go, and answers until who asks
has ended or lets it be killed.
"""

from __future__ import annotations

import ctypes
import faulthandler
import importlib
import os
import pickle
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import astuple
from multiprocessing.connection import Connection, wait

from analysis.files import memory
from analysis.files.confined import LONGEST, NO_ROOM, Bounds, be_confined
from analysis.files.plain_answer import write_answer
from analysis.files.problems import StudyError

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


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
        request, descriptors, _, _ = socket.recv_fds(asked, LONGEST, 2)
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
        status = NO_ROOM
    except BaseException as fault:
        # Where it stands and its kind are shown to whoever can mend it; the process that asked says
        # what it means. Not the message, which may have people's words in it.
        traceback.print_tb(fault.__traceback__, file=sys.__stderr__)
        print(type(fault).__name__, file=sys.__stderr__, flush=True)
        raise
    finally:
        os._exit(status)


def _serve(connection: Connection, bounds: Bounds) -> None:
    """Answer until the other end closes."""
    be_confined()
    faulthandler.disable()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    memory.limit(bounds.memory)
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
        content = write_answer(answer)
        if len(content) > bounds.answer:
            raise MemoryError
        connection.send_bytes(content)


def _leave_network() -> None:
    """Go where there is no network; systems that have no such place leave it as it is."""
    with suppress(OSError, AttributeError):
        unshare = ctypes.CDLL(None).unshare
        # A user who rules the machine needs no space of their own, and would lose their files.
        if unshare(_NEW_NETWORK) and os.getuid():
            unshare(_NEW_USER | _NEW_NETWORK)
