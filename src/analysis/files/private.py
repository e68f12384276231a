"""The private folder of a study: for its owner alone."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

_FOLDER, _FILE = 0o700, 0o600


def keep_private(folder: Path) -> None:
    """Let nobody but their owner read `folder`, the folders in it (700) and the files (600).

    What is no file or folder, a link for one, stays as it is; so does what belongs to somebody
    else. Without the folder nothing is done.
    """
    if not folder.is_dir() or folder.is_symlink():
        return
    _close(folder, _FOLDER)
    for place, folders, files in os.walk(folder):
        for names, mode in ((folders, _FOLDER), (files, _FILE)):
            for name in names:
                _close(Path(place) / name, mode)


def _close(path: Path, mode: int) -> None:
    with suppress(PermissionError):
        found = path.lstat().st_mode
        # One call a file where all is as it should be: there may be one for each source.
        if (stat.S_ISREG(found) or stat.S_ISDIR(found)) and stat.S_IMODE(found) != mode:
            path.chmod(mode)
