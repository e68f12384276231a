"""Tables without the rows of one source: CSV and XLSX, written again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.columns import find_columns
from analysis.coding.formats.encoding import decode
from analysis.coding.formats.format import Matches
from analysis.coding.formats.headings import (
    DOCUMENT_NUMBER,
    HEADING_WITHIN,
    is_span_table,
)
from analysis.files.csv_rows import DELIMITERS, LONGEST_CELL
from analysis.text.runs import quotes

# What makes a row a coding; in any other column stand remarks.
_CODING = ("source", "quote", "code", "coder", "id", "category")

Row = list[str]
Drop = Callable[[Mapping[str, str]], bool]


def table_without(file: CodingFile, matches: Matches, sought: frozenset[str]) -> bytes:
    """A delimited table of coding without the rows of these sources."""
    return csv_without(file.data, file.name, _of_source(matches), sought)


def sheets_without(file: CodingFile, matches: Matches, sought: frozenset[str]) -> bytes:
    """A workbook of coding without the rows of these sources."""
    return workbook_without(file.data, _of_source(matches), sought)


def _of_source(matches: Matches) -> Drop:
    return lambda row: matches(row.get("source_id", ""))


def csv_without(data: bytes, name: str, drop: Drop, sought: frozenset[str] = frozenset()) -> bytes:
    """The CSV `data` without the rows below its heading for which `drop` holds.

    `drop` is given a row by column names; the column that names the source is there as
    `source_id` too, whatever the program calls it. In a row that stays, memos and other remarks
    that have a run of `sought` are emptied. Unchanged bytes come back where nothing goes.
    """
    csv.field_size_limit(LONGEST_CELL)
    text = decode(data, name)
    delimiter, heading, rows = _read(text)
    if not rows:
        return data
    remarks = _remarks(rows[heading])
    kept = rows[: heading + 1]
    for row in rows[heading + 1 :]:
        if not drop(_named(rows[heading], row)):
            quoting = _quoting(row, remarks, sought)
            kept.append(["" if at in quoting else cell for at, cell in enumerate(row)])
    if kept == rows:
        return data
    held = io.StringIO(newline="")
    ending = "\r\n" if "\r\n" in text else "\n"
    csv.writer(held, delimiter=delimiter, lineterminator=ending).writerows(kept)
    marked = data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"))
    return held.getvalue().encode("utf-8-sig" if marked else "utf-8")


def _read(text: str) -> tuple[str, int, list[Row]]:
    """The delimiter under which the heading makes most sense, its row, and all rows."""
    best: tuple[tuple[int, int], str, int, list[Row]] = ((-1, 0), ",", 0, [])
    for delimiter in DELIMITERS:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        known, place = _heading(rows)
        score = (known, max(map(len, rows[:HEADING_WITHIN]), default=0))
        if score > best[0]:
            best = (score, delimiter, -place, rows)
    return best[1:]


def _heading(rows: list[Row]) -> tuple[int, int]:
    """How well the best heading among the first rows is known, and minus its place."""
    return max(
        (
            (99 if is_span_table(row) else find_columns(row, {}).known, -place)
            for place, row in enumerate(rows[:HEADING_WITHIN])
        ),
        default=(-1, 0),
    )


def _named(heading: Row, row: Row) -> dict[str, str]:
    named = {name.strip(): cell for name, cell in zip(heading, row, strict=False)}
    place = find_columns(heading, {}).places.get("source", len(row))
    if "source_id" not in named and place < len(row):
        named["source_id"] = DOCUMENT_NUMBER.sub("", row[place].strip())
    return named


def _remarks(heading: Row) -> list[int]:
    """The places of the columns that hold memos and whatever else is no part of a coding; none
    where no column names the source, as in a text that is no table."""
    columns = find_columns(heading, {})
    if "source" not in columns.places:
        return []
    coding = {columns.places.get(role) for role in _CODING} | set(columns.code_columns.values())
    return [place for place in range(len(heading)) if place not in coding]


def _quoting(row: Row, remarks: Sequence[int], sought: frozenset[str]) -> list[int]:
    return [place for place in remarks if place < len(row) and quotes(row[place], sought)]


def workbook_without(data: bytes, drop: Drop, sought: frozenset[str]) -> bytes:
    """The XLSX `data` without the rows for which `drop` holds, on every sheet, and with remarks
    that have a run of `sought` emptied, as in a CSV."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data))
    changed = False
    for sheet in book.worksheets:
        rows = [
            ["" if cell is None else str(cell) for cell in row]
            for row in sheet.iter_rows(values_only=True)
        ]
        heading = -_heading(rows)[1]
        remarks = _remarks(rows[heading]) if rows else []
        for at in range(len(rows) - 1, heading, -1):
            if drop(_named(rows[heading], rows[at])):
                sheet.delete_rows(at + 1)
                changed = True
                continue
            for place in _quoting(rows[at], remarks, sought):
                sheet.cell(at + 1, place + 1).value = None
                changed = True
    if not changed:
        return data
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()
