"""The text of a file of coding, from its bytes: by its mark, else UTF-8, else cp1252."""

from __future__ import annotations

from analysis.coding.formats.containers import refuse

_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def decode(data: bytes, where: str) -> str:
    """The text; `StudyError` for bytes that are none."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    if b"\0" in data[:4096]:
        raise refuse(
            where,
            "bytes that are no text",
            "a coded project or a table",
            "export the project as REFI-QDA (.qdpx)",
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def refuse_unmarked_encoding(data: bytes, where: str) -> None:
    """Raise `StudyError`, with the line, for a table that neither says its encoding nor is UTF-8.

    A table of quotations may be guessed at; one whose positions count characters may not.
    """
    if data.startswith(tuple(_MARKS)):
        return
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise refuse(
            f"{where}, line {line}", "bytes that are not UTF-8", "UTF-8", "save as UTF-8"
        ) from None
