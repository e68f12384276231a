"""One writer a study: whoever else wants to write waits, and is told for whom."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from analysis.files.problems import Problem, StudyError
from analysis.files.together import finish

LOCK = Path("data/private/.writing")


@contextmanager
def one_writer(study: Path, work: str, patience: float | None = None) -> Iterator[None]:
    """Hold the study in the folder `study` for `work` ('report'), once nobody else does.

    With `patience`, in seconds, a `StudyError` names whoever still holds it then. A change of
    several files that was stopped half-way (`files.together`) is finished first.

    The lock is the system's: it ends with the process that holds it and with its forks, so that one
    that was killed leaves none behind. What stands in the file says who holds it. Raises
    `StudyError` when a process of another machine is named there, of which this one cannot know
    whether it still works.
    """
    file = _locked(study / LOCK, patience)
    try:
        _refuse_other_machines(file)
        holder = {"work": work, "process": os.getpid(), "host": os.uname().nodename}
        file.seek(0)
        file.truncate(0)
        file.write(json.dumps(holder).encode())
        file.flush()
        try:
            finish(study)
            yield
        finally:
            (study / LOCK).unlink(missing_ok=True)
    finally:
        file.close()


@contextmanager
def no_writer(study: Path, work: str) -> Iterator[None]:
    """Hold the study for `work` that only reads it, so that nobody changes it meanwhile.

    Where this user may not write, the study is read as it is: it has no lock to be held.
    """
    if os.access(_nearest(study / LOCK.parent), os.W_OK):
        with one_writer(study, work):
            yield
    else:
        yield


def _nearest(folder: Path) -> Path:
    """The folder, or the one above it that is there."""
    return next(one for one in (folder, *folder.resolve().parents) if one.is_dir())


def _locked(path: Path, patience: float | None) -> BinaryIO:
    path.parent.mkdir(parents=True, exist_ok=True)
    end = None if patience is None else time.monotonic() + patience
    while True:
        file = _opened(path)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if end is None:
                print(f"waiting: {_said(_holder(file))} works in this study", file=sys.stderr)
                fcntl.flock(file, fcntl.LOCK_EX)
            else:
                held = _said(_holder(file))
                file.close()
                if time.monotonic() > end:
                    raise StudyError(_held_by(held)) from None
                time.sleep(0.01)
                continue
        # Whoever held it has removed the file that was waited for: another may have made a new one.
        if _is_still(file, path):
            return file
        file.close()


def _opened(path: Path) -> BinaryIO:
    """The lock, opened without following a link or waiting for a pipe: it lies in a folder of data."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        number = os.open(path, flags, 0o600)
    except OSError as error:
        if error.errno not in (errno.ELOOP, errno.EISDIR, errno.ENXIO):
            raise
        raise StudyError(_no_lock()) from None
    if not stat.S_ISREG(os.fstat(number).st_mode):
        os.close(number)
        raise StudyError(_no_lock())
    return os.fdopen(number, "r+b")


def _no_lock() -> Problem:
    return Problem(
        str(LOCK),
        "a link, a folder or a pipe",
        "no file, or the one that a command of ours keeps there while it works",
        "take it away",
    )


def _is_still(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _holder(file: BinaryIO) -> dict[str, object]:
    file.seek(0)
    try:
        found = json.loads(file.read())
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _said(holder: dict[str, object]) -> str:
    if not holder:
        return "another process"
    return f"{holder.get('work')} (process {holder.get('process')} on {holder.get('host')})"


def _held_by(holder: str) -> Problem:
    return Problem(
        str(LOCK),
        f"{holder} works in this study",
        "one writer at a time",
        "do this once more when it has ended; nothing was written",
    )


def _refuse_other_machines(file: BinaryIO) -> None:
    holder = _holder(file)
    if holder and holder.get("host") != os.uname().nodename:
        raise StudyError(
            Problem(
                str(LOCK),
                f"{_said(holder)} works in this study, or was stopped there",
                "one writer at a time",
                "let it end; if it runs no longer, delete this file",
            )
        )
