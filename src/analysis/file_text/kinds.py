"""The kinds of file that can be searched: which reader a file goes to, by its name or content."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

# How the place of a piece ends when the file may hold words that are not among its pieces.
UNREAD = "bytes"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of words of a file, and where in the file it stands."""

    place: str
    text: str


Reader = Callable[[bytes], Iterator[Piece]]
BY_NAME: dict[str, Reader] = {}
BY_CONTENT: list[tuple[int, bytes, Reader]] = []
OTHERWISE: list[Reader] = []


def of_bytes(data: bytes, suffix: str) -> Iterator[Piece]:
    """The pieces of `data`, whose file's name ends in `suffix`; the content decides for others."""
    reader = BY_NAME.get(suffix)
    if reader is None:
        by_content = (read for at, mark, read in BY_CONTENT if data.startswith(mark, at))
        reader = next(by_content, OTHERWISE[0])
    yield from reader(data)


def inside(place: str, found: Iterator[Piece]) -> Iterator[Piece]:
    """The pieces of a part, each placed in the whole."""
    for piece in found:
        yield Piece(f"{place}, {piece.place}", piece.text)
