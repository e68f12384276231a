"""PDFs (.pdf), read in a process of their own: a hostile one costs a bounded time and memory.

A few kilobytes of PDF can hold forms within forms that unfold to more letters than there is
memory for, and the library that reads them cannot be told to stop. The process starts with the
first PDF, serves this one until it ends, and is killed and replaced when a file is too much.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Lock, Timer
from typing import Any, BinaryIO, cast

from analysis.reading.bounds import Extract, UnreadableError, megabytes

SECONDS = 120.0
MEMORY = 2_000_000_000
_PACKAGES = str(Path(__file__).resolve().parents[2])
_PROGRAM = (
    "import sys; sys.path.insert(0, sys.argv[1]); from analysis.reading.confined import serve; "
    "serve(int(sys.argv[2]))"
)
_lock = Lock()
# One to a process: a fork of this one must not share its pipes.
_children: dict[int, subprocess.Popen[bytes]] = {}


def extract(data: bytes) -> Extract:
    """Return what `pdf.extract` finds in `data`; refuse a file that takes too much of it."""
    with _lock:
        answer = _asked(data)
    if "refused" in answer:
        raise UnreadableError(*answer["refused"])
    return Extract(answer["text"], notes=tuple(answer["notes"]))


def _asked(data: bytes) -> dict[str, Any]:
    child = _children.get(os.getpid())
    if child is None or child.poll() is not None:
        child = _children[os.getpid()] = _started()
    timer = Timer(SECONDS, child.kill)
    timer.start()
    try:
        _send(cast("BinaryIO", child.stdin), data)
        answer = _received(cast("BinaryIO", child.stdout))
    except BrokenPipeError:
        answer = None
    finally:
        timer.cancel()
    if answer is not None:
        return cast("dict[str, Any]", json.loads(answer))
    if child.wait() > 0:
        raise RuntimeError("the process that reads PDFs failed; its error stands above")
    raise UnreadableError(
        f"a PDF that takes more than {SECONDS:.0f} seconds or {megabytes(MEMORY)} to read",
        "a PDF of text",
        "print it to a new PDF, or save its text",
    )


def _started() -> subprocess.Popen[bytes]:
    # -P: no module of the folder that happens to be the current one.
    command = [sys.executable, "-P", "-c", _PROGRAM, _PACKAGES, str(MEMORY)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def serve(memory: int) -> None:
    """Answer PDFs from standard input, each after its length, until it ends, in `memory` bytes."""
    import resource

    from analysis.reading import pdf

    # Systems that set no such limit refuse; the time is bounded there all the same.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    while (data := _received(sys.stdin.buffer)) is not None:
        try:
            found = pdf.extract(data)
            answer: dict[str, Any] = {"text": found.text, "notes": found.notes}
        except UnreadableError as error:
            answer = {"refused": [error.found, error.expected, error.remedy]}
        except MemoryError:
            os.abort()
        _send(sys.stdout.buffer, json.dumps(answer).encode())


def _send(stream: BinaryIO, content: bytes) -> None:
    stream.write(len(content).to_bytes(8, "big"))
    stream.write(content)
    stream.flush()


def _received(stream: BinaryIO) -> bytes | None:
    """Return what `_send` wrote, None at the end of the stream."""
    length = stream.read(8)
    content = stream.read(int.from_bytes(length, "big")) if len(length) == 8 else b""
    return content if len(length) == 8 and len(content) == int.from_bytes(length, "big") else None
