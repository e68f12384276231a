"""What the system says of a file that it would not give, in a sentence with a way out."""

from __future__ import annotations

import errno
import os
import re
import shutil
from pathlib import Path

from analysis.files.problems import Problem

# A write that fails in the middle does not say of which file.
_UNNAMED = "a file that was being written"
_OF_SYSTEM = {
    errno.ENOSPC: ("no room left on the disk", "make room"),
    errno.EDQUOT: ("no room left for this user on the disk", "make room"),
    errno.EFBIG: (
        "a file larger than this user may write",
        "raise the limit (ulimit -f unlimited)",
    ),
    errno.EIO: ("a disk that cannot be read or written", "look whether the disk is whole"),
    errno.ETXTBSY: ("a program that is running", "end it"),
    errno.EROFS: ("a disk that is read-only", "copy the study to where you may write"),
    errno.EMFILE: ("too many open files", "raise the limit (ulimit -n 1024)"),
    errno.ENFILE: ("too many open files on this machine", "end other programs"),
    errno.EACCES: ("no permission", "let this user read and write there"),
    errno.EPERM: ("no permission", "let this user read and write there"),
    errno.ENAMETOOLONG: ("a name longer than the system takes", "give it a shorter name"),
    errno.ENOTDIR: ("a file where a folder is meant", "take the file away"),
    errno.EISDIR: ("a folder where a file is meant", "take the folder away"),
    errno.ELOOP: ("a link that leads back to itself", "take the link away"),
}


def of_file(error: OSError) -> Problem:
    """A file that the system would not give: missing, a folder, no permission, no room."""
    if isinstance(error, shutil.Error):
        error = _first_of(error)
    if error.errno in _OF_SYSTEM:
        found, remedy = _OF_SYSTEM[error.errno]
        return Problem(
            Path(str(error.filename or _UNNAMED)).name,
            found,
            "a place with room, where this user may write, and files enough that may be open",
            f"{remedy}, then run this again; what was finished is kept",
        )
    return Problem(
        Path(str(error.filename or _UNNAMED)).name,
        error.strerror or type(error).__name__,
        "a file that can be read and written here",
        "put it right; if it is one that the stages make: make clean, then make report",
    )


def _first_of(error: shutil.Error) -> OSError:
    """The first of several files that could not be copied: only its words are left of its error."""
    number = re.search(r"\[Errno (\d{1,6})\]", str(error))
    return OSError(int(number[1]), os.strerror(int(number[1]))) if number else OSError(str(error))
