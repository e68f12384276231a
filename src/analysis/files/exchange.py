"""A finished folder takes the place of another in one step, where the system can do that."""

from __future__ import annotations

import ctypes
import os
import shutil
from pathlib import Path

_HERE = -100  # AT_FDCWD: paths as they are, from the current folder
_EXCHANGE = 2  # RENAME_EXCHANGE


def take_place(finished: Path, place: Path) -> None:
    """Put the folder `finished` where `place` is, and remove what was there.

    Whoever looks at `place` finds the old folder or the new one, whole. Where the system has no
    exchange (it is Linux's renameat2), there is a moment with neither.
    """
    if not place.exists():
        finished.rename(place)
        return
    if not _exchanged(finished, place):
        last = finished.with_name(f"{finished.name}.last")
        place.rename(last)
        finished.rename(place)
        finished = last
    shutil.rmtree(finished)


def _exchanged(one: Path, other: Path) -> bool:
    renameat2 = getattr(ctypes.CDLL(None), "renameat2", None)
    if renameat2 is None:
        return False
    return bool(renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0)
