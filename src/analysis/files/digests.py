"""SHA-256 of files."""

from __future__ import annotations

import hashlib
from pathlib import Path

_PIECE = 65_536


def sha256_of(path: Path) -> tuple[str, int]:
    """The SHA-256 of a file, in hexadecimal, and its size in bytes. Raises OSError.

    `hashlib.file_digest` fills a buffer with zeros first, which takes longer than a small file.
    """
    digest, size = hashlib.sha256(), 0
    with path.open("rb", buffering=0) as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size
