"""Files that programs leave beside a person's own: locks, notes of file systems, backups."""

from __future__ import annotations

from pathlib import Path

_NAMES = {"Thumbs.db", "desktop.ini"}


def is_left_by_a_program(path: Path) -> bool:
    """Whether no person wrote the file: hidden, the lock of an open document, or a backup."""
    name = path.name
    return name.startswith((".", "~$")) or name.endswith("~") or name in _NAMES
