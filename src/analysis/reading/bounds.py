"""What every reader keeps to: bounded sizes, one way to refuse a file, one way to return it."""

from __future__ import annotations

from dataclasses import dataclass

FILE_LIMIT = 100_000_000
TEXT_LIMIT = 20_000_000
TAG_LIMIT = 4_000_000


class UnreadableError(Exception):
    """A file that cannot be taken as evidence; `read` says it with the name of the source."""

    def __init__(self, found: str, expected: str, remedy: str) -> None:
        super().__init__(found)
        self.found, self.expected, self.remedy = found, expected, remedy


@dataclass(frozen=True)
class Extract:
    """What one reader found in a file's bytes."""

    text: str
    encoding: str = ""
    notes: tuple[str, ...] = ()


def megabytes(size: int) -> str:
    """A number of bytes in whole megabytes (of a million), for messages."""
    return f"{size / 1_000_000:,.0f} MB"


def bounded(text: str) -> str:
    """Return `text`, or refuse one that is longer than any evidence is."""
    if len(text) > TEXT_LIMIT:
        raise UnreadableError(
            f"a text of {len(text):,} characters",
            f"at most {TEXT_LIMIT:,} characters",
            "split it into sources",
        )
    return text


def shown(name: str) -> str:
    """Return `name` on one line: control characters and lone surrogates as escapes."""
    return "".join(
        character if character.isprintable() else repr(character)[1:-1] for character in name
    )
