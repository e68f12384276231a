"""Workbooks (.xlsx) whose words are never formulas, and whose bytes say nothing of the day."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from analysis.text.escape import visible

Cell = str | int | float | None
_LONGEST = 32_000
_LONGEST_NAME = 31
_WIDE, _NARROW = 48, 16
# A column whose cells are longer than this on the whole is wide.
_LONG_WORDS = 30
_MODIFIED = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_NO_TIME = b"1980-01-01T00:00:00Z"


def workbook(sheets: Mapping[str, Sequence[Sequence[Cell]]], notice: str = "") -> bytes:
    """A workbook of `sheets`, the first row of each its heading; the same rows give the same bytes.

    Text is text, whatever it begins with. `notice`, unless empty, is printed above every page.
    """
    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, rows in sheets.items():
        sheet = book.create_sheet(re.sub(r"[^\w -]", "", name)[:_LONGEST_NAME])
        for line, row in enumerate(rows, start=1):
            for column, value in enumerate(row, start=1):
                cell = sheet.cell(line, column)
                if isinstance(value, str):
                    cell.value = visible(value)[:_LONGEST]
                    cell.data_type, cell.quotePrefix = "s", True
                else:
                    cell.value = value
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(bold=line == 1)
        for column in range(1, max(map(len, rows), default=0) + 1):
            cells = [str(row[column - 1]) for row in rows[1:] if len(row) >= column]
            long = sum(map(len, cells)) > _LONG_WORDS * max(1, len(cells))
            sheet.column_dimensions[get_column_letter(column)].width = _WIDE if long else _NARROW
        sheet.freeze_panes = "B2"
        header = sheet.oddHeader
        assert header is not None  # a new sheet has one
        header.center.text = notice
    held = BytesIO()
    book.save(held)
    return without_time(held.getvalue())


def without_time(content: bytes) -> bytes:
    """The same workbook with no time of saving in it."""
    result = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(result, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + _NO_TIME, data)
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            new.writestr(entry, data)
    return result.getvalue()
