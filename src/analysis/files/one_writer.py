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
# So much of a lock is read, and so much said of each thing that stands in it.
_LONGEST, _SAID = 4_096, 60


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
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise StudyError(_no_folder()) from None
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
    opened = os.fstat(number)
    # What has another name too is another file, which would be written over.
    if not stat.S_ISREG(opened.st_mode) or opened.st_nlink > 1:
        os.close(number)
        raise StudyError(_no_lock())
    return os.fdopen(number, "r+b")


def _no_lock() -> Problem:
    return Problem(
        str(LOCK),
        "a link, a folder, a pipe or a file with another name too",
        "no file, or the one that a command of ours keeps there while it works",
        "take it away",
    )


def _no_folder() -> Problem:
    return Problem(
        LOCK.parent.as_posix(),
        "a file, or a link to nothing",
        "a folder, where the key and what must not go out lie",
        "take it away; where the folder lies on another disk, see that this is there",
    )


def _is_still(file: BinaryIO, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), path.stat())
    except FileNotFoundError:
        return False


def _holder(file: BinaryIO) -> dict[str, str]:
    """Who stands in the lock, as it can be said; nobody where something else does."""
    file.seek(0)
    try:
        found = json.loads(file.read(_LONGEST))
    except (ValueError, RecursionError):
        return {}
    match found:
        case {"work": str(work), "process": int(process), "host": str(host)}:
            told = {"work": work, "process": str(process), "host": host}
            return {name: _as_said(value) for name, value in told.items()}
        case _:
            return {}


def _as_said(value: str) -> str:
    """What a file says, without signs that a terminal takes for orders."""
    return "".join(sign for sign in value[:_SAID] if sign.isprintable())


def _said(holder: dict[str, str]) -> str:
    if not holder:
        return "another process"
    return f"{holder['work']} (process {holder['process']} on {holder['host']})"


def _held_by(holder: str) -> Problem:
    return Problem(
        str(LOCK),
        f"{holder} works in this study",
        "one writer at a time",
        "do this once more when it has ended; nothing was written",
    )


def _refuse_other_machines(file: BinaryIO) -> None:
    holder = _holder(file)
    if holder and holder["host"] != _as_said(os.uname().nodename):
        raise StudyError(
            Problem(
                str(LOCK),
                f"{_said(holder)} works in this study, or was stopped there",
                "one writer at a time",
                "let it end; if it runs no longer, delete this file",
            )
        )
