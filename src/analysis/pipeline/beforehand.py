"""What a run needs of the system, told before any work: room, open files, folders to write in."""

from __future__ import annotations

import os
import re
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

from analysis.files.problems import Problem, raise_if_any

_BYTE = re.compile("%[0-9A-Fa-f]{2}")
_ROOM = 50_000_000
_OPEN_FILES = 256
_WRITTEN = ("", "data", "data/processed", "data/private", "reports")


def check(study: Path) -> None:
    """Raise one `StudyError` for all that would stop a run in the folder `study` half-way.

    The number of files that may be open is raised where the system allows.
    """
    raise_if_any([*_path(study), *_open_files(), *_folders(study), *_room(study)])


def _path(study: Path) -> Iterator[Problem]:
    # Pandoc reads a % and two hexadecimal digits in a path as one byte, as in an address.
    found = _BYTE.search(str(study.resolve()))
    if found:
        yield Problem(
            "the path of the study",
            f"{found[0]}, which Pandoc takes for one character",
            "a path without a % before two digits or letters a to f",
            "rename the folder",
        )


def _open_files() -> Iterator[Problem]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= _OPEN_FILES:
        return
    if hard == resource.RLIM_INFINITY or hard >= _OPEN_FILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, hard))
        return
    yield Problem(
        "this terminal",
        f"a limit of {hard} open files",
        f"at least {_OPEN_FILES}",
        f"raise it (ulimit -n {_OPEN_FILES}, in a new terminal), then run this again",
    )


def _folders(study: Path) -> Iterator[Problem]:
    for name in _WRITTEN:
        folder = study / name
        if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
            yield Problem(
                f"the folder {name or '.'} of the study",
                "it cannot be written in",
                "a folder that this user may change, on a disk that is not read-only",
                "give the right to write in it, or copy the study to where you may write",
            )


def _room(study: Path) -> Iterator[Problem]:
    free = shutil.disk_usage(study).free
    if free < _ROOM:
        yield Problem(
            "the disk on which the study lies",
            f"room for {free / 1e6:.0f} MB",
            f"at least {_ROOM / 1e6:.0f} MB",
            "make room, then run this again",
        )
