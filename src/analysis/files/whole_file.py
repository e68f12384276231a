"""Files written whole or not at all: who reads one finds it as it was, or finished.

The content goes into a file beside it first, which is then renamed.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`; the folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = _beside(path)
    _fill(unfinished, content)
    unfinished.replace(path)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8, its line ends as they are."""
    write_bytes(path, text.encode("utf-8"))


class Growing:
    """A file that is written piece by piece, and takes its place when it is `finish`ed."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._path = path
        self._file = _beside(path).open("wb")

    def add(self, text: str) -> None:
        """Let `text` follow, as UTF-8, its line ends as they are."""
        self._file.write(text.encode("utf-8"))

    def finish(self) -> None:
        self._file.close()
        _beside(self._path).replace(self._path)


def lay_beside(path: Path, text: str) -> bool:
    """Whether `path` holds something else than `text`, which then lies beside it until `lift`."""
    content = text.encode("utf-8")
    try:
        if path.read_bytes() == content:
            return False
    except OSError:
        path.parent.mkdir(parents=True, exist_ok=True)
    _fill(_beside(path), content)
    return True


def lift(path: Path) -> None:
    """Let `path` be what was laid beside it."""
    _beside(path).replace(path)


def _fill(path: Path, content: bytes) -> None:
    """Write the content; what finds no room does not stay there either."""
    with ExitStack() as not_done:
        not_done.callback(path.unlink, missing_ok=True)
        path.write_bytes(content)
        not_done.pop_all()


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.unfinished")
