"""The private folder of a study: for its owner alone."""

from __future__ import annotations

from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600


def keep_private(folder: Path) -> None:
    """Let nobody but their owner read `folder`, the folders in it (700) and the files (600).

    What is no file or folder, a link for one, stays as it is; so does what belongs to somebody
    else. Without the folder nothing is done.
    """
    if not folder.is_dir() or folder.is_symlink():
        return
    for path in [folder, *folder.rglob("*")]:
        try:
            if path.is_symlink():
                continue
            if path.is_dir():
                path.chmod(_FOLDER)
            elif path.is_file():
                path.chmod(_FILE)
        except PermissionError:
            continue
