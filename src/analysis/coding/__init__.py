"""Coded projects of any program, read, placed on the clean texts, merged and written."""

from __future__ import annotations

from analysis.coding.file_numbers import by_number, file_numbers
from analysis.coding.formats import (
    NoCodingError,
    coded_in,
    columns_of_no_file,
    problems_of_columns,
    read,
)
from analysis.coding.placing.coders import coders_of
from analysis.coding.placing.merge import clashes, merged_codes
from analysis.coding.placing.place import Placement, place, texts_of
from analysis.coding.project import FOLDER, CodedProject

__all__ = [
    "FOLDER",
    "CodedProject",
    "NoCodingError",
    "Placement",
    "by_number",
    "clashes",
    "coded_in",
    "coders_of",
    "columns_of_no_file",
    "file_numbers",
    "merged_codes",
    "place",
    "problems_of_columns",
    "read",
    "texts_of",
]
