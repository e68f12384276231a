"""Where a private export may lie: nowhere that git, or the paper's site, would take it in."""

from __future__ import annotations

from pathlib import Path

from analysis.files.git import git
from analysis.files.problems import Problem, StudyError

_ANY_FILE = "study.qdpx"


def refuse_public_folder(folder: Path, study: Path) -> None:
    """Raise `StudyError` where git would take in a file of `folder`, or the site hold it.

    Outside a work tree nothing is refused. Without git, a folder below one that holds `.git` is.
    """
    lies = folder.resolve()
    if lies.is_relative_to((study / "reports").resolve()):
        raise _refused(folder, "a folder of the paper, which is passed on")
    if any((above / ".git").exists() for above in (lies, *lies.parents)) and not _ignored(lies):
        raise _refused(folder, "a folder that git would take in")


def _ignored(folder: Path) -> bool:
    """Whether git leaves out what lies in `folder`, which need not exist."""
    there = next(above for above in (folder, *folder.parents) if above.is_dir())
    asked = ("check-ignore", "--quiet", "--", str(folder / _ANY_FILE))
    try:
        return git(there, *asked).returncode == 0
    except FileNotFoundError:
        return False


def _refused(folder: Path, found: str) -> StudyError:
    return StudyError(
        Problem(
            f"DIR={folder}",
            found,
            "a folder for whole texts, which nobody else is given",
            "leave DIR out (data/private/exports is taken), or name a folder outside git",
        )
    )
