"""How a table of coding begins: its delimiter, its heading, and whether that is our own."""

from __future__ import annotations

import csv
import re
from itertools import islice

DELIMITERS = (",", ";", "\t", "|")
HEADING_WITHIN = 20
# ATLAS.ti puts a number before the name of a document.
DOCUMENT_NUMBER = re.compile(r"^[PD]\s?\d+\s?:\s*")
# Excel writes its delimiter so, and reads it.
_STATED = re.compile(r"\A\ufeff?sep=(.)\r?\n", re.IGNORECASE)


def is_span_table(heading: list[str]) -> bool:
    """Whether the heading is that of a span table, perhaps with a misspelt column."""
    return {"source_id", "start", "end"} <= {name.strip() for name in heading}


def span_delimiter(text: str) -> str | None:
    """The delimiter under which `text` begins as a span table; None where it is none."""
    return delimiter_of(text, {"source_id", "start", "end"})


def delimiter_of(text: str, names: set[str]) -> str | None:
    """The delimiter under which the heading of `text` has all `names`; None where none does."""
    lines = list(islice((line for line in text.splitlines() if line.strip()), 2))
    heading = lines[-1:] if _STATED.match(text) else lines[:1]
    for delimiter in DELIMITERS:
        row = next(csv.reader(heading, delimiter=delimiter), [])
        if names <= {name.strip() for name in row}:
            return delimiter
    return None


def without_stated_delimiter(text: str) -> str:
    """`text` with the line `sep=;` emptied, if it begins with one: lines keep their numbers."""
    return _STATED.sub("\n", text)
