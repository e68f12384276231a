"""Files written whole or not at all: who reads one finds it as it was, or finished.

The content goes into a file beside it first, which is then renamed.
"""

from __future__ import annotations

from pathlib import Path


def write_bytes(path: Path, content: bytes) -> None:
    """Write `content` to `path`; the folder is made where there is none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8, its line ends as they are."""
    write_bytes(path, text.encode("utf-8"))


def write_if_other(path: Path, text: str) -> None:
    """Write `text` as `write_text`, unless `path` holds it already: reading takes less than a rename."""
    content = text.encode("utf-8")
    try:
        if path.read_bytes() == content:
            return
    except OSError:
        pass
    write_bytes(path, content)
