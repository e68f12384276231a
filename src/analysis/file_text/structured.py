"""Notebooks, JSON, CSV and RTF."""

from __future__ import annotations

import base64
import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from analysis.file_text.encoding import surely_text
from analysis.file_text.kinds import Piece, inside
from analysis.file_text.markup import html_pieces
from analysis.file_text.packed import MEMBER_LIMIT, png_pieces
from analysis.reading import rtf
from analysis.reading.bounds import UnreadableError


def notebook_pieces(data: bytes) -> Iterator[Piece]:
    """The cells and outputs of a notebook."""
    notebook = json.loads(surely_text(data))
    for number, cell in enumerate(notebook["cells"], start=1):
        yield from _values(f"cell {number}", cell, "")
    yield from _values("metadata", notebook.get("metadata", {}), "")


def json_pieces(data: bytes) -> Iterator[Piece]:
    """The keys and texts of JSON."""
    yield from _values("text", json.loads(surely_text(data)), "")


def _values(place: str, value: Any, name: str) -> Iterator[Piece]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield Piece(f"{place}, key", str(key))
            yield from _values(place, part, str(key))
    elif isinstance(value, list):
        if _is_one_text(value):
            yield from _values(place, "".join(value), name)
        else:
            for part in value:
                yield from _values(place, part, name)
    elif isinstance(value, str):
        if name == "image/png":
            yield from inside(place, png_pieces(base64.b64decode(value)))
        elif name in ("text/html", "image/svg+xml"):
            yield from inside(place, html_pieces(value.encode()))
        else:
            yield from (Piece(place, line) for line in re.split(r"\n| {2,}", value))


def _is_one_text(value: list[Any]) -> bool:
    """Whether the parts are the lines of one text, as notebooks keep it, and not texts by themselves."""
    lines = all(isinstance(line, str) for line in value)
    return lines and all(line.endswith("\n") for line in value[:-1])


def csv_pieces(data: bytes) -> Iterator[Piece]:
    """The cells of a CSV."""
    csv.field_size_limit(MEMBER_LIMIT)
    rows = csv.reader(io.StringIO(surely_text(data), newline=""))
    for number, row in enumerate(rows, start=1):
        yield from (Piece(f"row {number}", cell) for cell in row)


def rtf_pieces(data: bytes) -> Iterator[Piece]:
    """The words of Rich Text, freed of its control words; and as they stand, for what is beside."""
    try:
        text = rtf.extract(data).text
    except UnreadableError as error:
        raise ValueError("a broken RTF") from error
    yield from (Piece(f"line {number}", line) for number, line in enumerate(text.split("\n"), 1))
    yield Piece("source", surely_text(data))
