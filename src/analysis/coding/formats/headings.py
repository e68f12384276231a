"""How a table of coding begins: its heading, and whether that is our own."""

from __future__ import annotations

import re

from analysis.files.csv_rows import delimiter_of
from analysis.files.vocabulary import has_columns

HEADING_WITHIN = 20
_OF_A_SPAN = {"source_id", "start", "end"}
# ATLAS.ti puts a number before the name of a document.
DOCUMENT_NUMBER = re.compile(r"^[PD]\s?\d+\s?:\s*")


def is_span_table(heading: list[str]) -> bool:
    """Whether the heading is that of a span table, perhaps with a misspelt column."""
    return has_columns(heading, _OF_A_SPAN)


def span_delimiter(text: str) -> str | None:
    """The delimiter under which `text` begins as a span table; None where it is none."""
    return delimiter_of(text, _OF_A_SPAN)
