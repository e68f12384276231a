"""What the system says of a file that it would not give, in a sentence with a way out."""

from __future__ import annotations

import errno
from pathlib import Path

from analysis.files.problems import Problem

_OF_SYSTEM = {
    errno.ENOSPC: ("no room left on the disk", "make room"),
    errno.EDQUOT: ("no room left for this user on the disk", "make room"),
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
    if error.errno in _OF_SYSTEM:
        found, remedy = _OF_SYSTEM[error.errno]
        return Problem(
            Path(str(error.filename or "a file")).name,
            found,
            "a place with room, where this user may write, and files enough that may be open",
            f"{remedy}, then run this again; what was finished is kept",
        )
    return Problem(
        Path(str(error.filename or "a file")).name,
        error.strerror or type(error).__name__,
        "a file that can be read and written here",
        "put it right; if it is one that the stages make: make clean, then make report",
    )
