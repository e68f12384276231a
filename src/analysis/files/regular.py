"""Files that people give, opened only when they are files."""

from __future__ import annotations

import stat
from pathlib import Path

from analysis.files.problems import Problem, StudyError


def read_regular(path: Path, shown: str, most: int) -> bytes:
    """The bytes of a file of at most `most` bytes, called `shown` in messages.

    Raises `FileNotFoundError`, and `StudyError` for what is no file (a folder, a pipe, which would
    wait for ever) or larger.
    """
    stated = path.stat()
    if not stat.S_ISREG(stated.st_mode):
        kind = "a folder" if stat.S_ISDIR(stated.st_mode) else "neither file nor folder"
        raise StudyError(Problem(shown, kind, "a file", "take it away, or put the file there"))
    if stated.st_size > most:
        raise StudyError(
            Problem(
                shown, f"{stated.st_size:,} bytes", f"at most {most:,} bytes", "shorten or split it"
            )
        )
    return path.read_bytes()
