"""Exports of coded segments as tables, from any program, in its language, as CSV or XLSX."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.columns import Columns, find_columns
from analysis.coding.formats.containers import Archive, refuse
from analysis.coding.formats.format import Format
from analysis.coding.formats.headings import DOCUMENT_NUMBER, HEADING_WITHIN
from analysis.coding.formats.without.rows import sheets_without, table_without
from analysis.coding.placing.names import codes_in
from analysis.coding.project import (
    SOURCE_COLUMNS,
    UNKNOWN_CODER,
    Code,
    CodedProject,
    Report,
    attributes_table,
    codes_table,
    codings_table,
    quotations_table,
    rows_table,
    step,
)
from analysis.coding.stances import marked
from analysis.files.csv_rows import DELIMITERS, numbered_rows

Row = list[str]
NumberedRow = tuple[int, Row]
_MOST_ROWS = 1_100_000
_PATH_MARKS = re.compile(r"\s>\s|\\+")
_SLASHES = re.compile(r"\s>\s|\\+|/|::")


def read_csv(text: str, where: str, columns: Mapping[str, str]) -> CodedProject:
    """Read a delimited table; the delimiter is the one under which the heading makes sense.

    `columns` as in `coding.read`. A table without rows below its heading gives a project without
    codings. Raises `StudyError` where no heading among the first rows has the columns of coded
    segments or of codes, where `columns` names one that is not there, or a row is not CSV.
    """
    best: tuple[int, int, list[NumberedRow]] | None = None
    for delimiter in DELIMITERS:
        rows = list(islice(numbered_rows(text, where, delimiter, strict=False), _MOST_ROWS))
        begin = [row for _, row in rows[:HEADING_WITHIN]]
        roles = max((find_columns(row, columns).known for row in begin), default=0)
        width = max(map(len, begin), default=0)
        if best is None or (roles, width) > best[:2]:
            best = (roles, width, rows)
    return _Table(where, columns, "line").read([] if best is None else best[2])


def read_workbook(data: bytes, where: str, columns: Mapping[str, str]) -> CodedProject:
    """Read the first sheet of an .xlsx whose heading is that of a table of coded segments.

    Raises `StudyError` for what is no whole workbook or declares entities, and as `read_csv`.
    """
    sheets = _sheets(data, where)
    table = _Table(where, columns, "row")
    return table.read(max(sheets, key=lambda rows: table.best_heading(rows)[1].known, default=[]))


def rows_of_table(file: CodingFile) -> list[Row]:
    """The rows of a table of whatever kind, as text: of a workbook those of its longest sheet, of a
    delimited file under the delimiter that parts its heading most. None of anything else."""
    if _knows_workbook(file):
        longest = max(_sheets(file.data, file.name), key=len, default=[])
        return [row for _, row in longest]
    tables = [
        [
            row
            for _, row in islice(
                numbered_rows(file.text, file.name, mark, strict=False), _MOST_ROWS
            )
        ]
        for mark in DELIMITERS
    ]
    return max(tables, key=lambda rows: len(rows[0]) if rows else 0)


def _sheets(data: bytes, where: str) -> list[list[NumberedRow]]:
    """The rows of every sheet of a workbook. Raises `StudyError` as `read_workbook`."""
    archive = Archive(data, where)
    for name in archive.names:
        member = archive.read(name).replace(b"\0", b"")
        if name.endswith((".xml", ".rels")) and b"<!ENTITY" in member:
            raise refuse(
                where,
                "XML with entities",
                "a workbook without",
                "do not open this file; ask where it came from",
            )
    import openpyxl
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = [list(_cells(sheet)) for sheet in book.worksheets]
    except (
        InvalidFileException,
        SyntaxError,
        LookupError,
        ValueError,
        TypeError,
        AttributeError,
    ):  # A damaged part fails wherever openpyxl first needs it.
        raise refuse(
            where,
            "a workbook that is damaged or breaks off",
            "an .xlsx workbook",
            "save it again as .xlsx or .csv",
        ) from None
    return sheets


def _cells(sheet: object) -> Iterator[NumberedRow]:
    """The rows that are not blank: sheets are padded with empty ones."""
    sheet.reset_dimensions()  # type: ignore[attr-defined]
    rows = islice(sheet.iter_rows(values_only=True), _MOST_ROWS)  # type: ignore[attr-defined]
    for number, row in enumerate(rows, start=1):
        cells = ["" if cell is None else str(cell) for cell in row]
        if any(cell.strip() for cell in cells):
            yield number, cells


class _Table:
    """One table of coded segments, or of codes."""

    def __init__(self, where: str, columns: Mapping[str, str], counted_in: str) -> None:
        self._where, self._columns, self._counted_in = where, columns, counted_in
        self._report = Report(where)

    def best_heading(self, rows: Sequence[NumberedRow]) -> tuple[int, Columns]:
        """The row among the first 20 that is most like a heading, and its columns."""
        found = [
            (place, find_columns(row, self._columns))
            for place, (_, row) in enumerate(rows[:HEADING_WITHIN])
        ]
        return max(found, key=lambda one: (one[1].known, -one[0]), default=(0, Columns({})))

    def read(self, rows: Sequence[NumberedRow]) -> CodedProject:
        """Read the rows below the heading."""
        place, columns = self.best_heading(rows)
        heading = rows[place][1] if rows else []
        body = [(number, [cell.strip("\r\n") for cell in row]) for number, row in rows[place + 1 :]]
        columns.check(heading, self._where)
        self._report.add("read", f"columns: {columns.said(heading)}")
        unused = columns.unused(heading)
        self._report.add("left out", f"columns not used: {', '.join(unused)}", len(unused))
        if columns.is_codebook:
            return self._codebook(body, columns)
        return self._segments(body, columns)

    def _codebook(self, body: list[tuple[int, Row]], columns: Columns) -> CodedProject:
        listed = [row for _, row in body if columns.of(row, "code")]
        above = {columns.of(row, "code"): columns.of(row, "parent") for row in listed}
        codes = {
            path: Code(
                path,
                definition=columns.of(row, "definition") or columns.of(row, "memo"),
                include=columns.of(row, "include"),
                exclude=columns.of(row, "exclude"),
                example=columns.of(row, "example"),
            )
            for row in listed
            for path in [self._below(self._path(row, columns), columns.of(row, "parent"), above)]
        }
        self._report.add("read", "codes", len(codes))
        given = list(codes.values())
        return self._project("table of codes", [], given, [])

    def _below(self, path: str, parent: str, above: Mapping[str, str]) -> str:
        """`path` below its parent, which is a code of the list, itself below another, or a path."""
        steps: list[str] = []
        seen: set[str] = set()
        while parent and parent not in seen:
            seen.add(parent)
            parts = [parent] if parent in above else re.split(r"/|::|\s>\s|\\+", parent)
            steps = [step(part) for part in parts if part.strip()] + steps
            parent = above.get(parent, "")
        return "/".join([*steps, path])

    def _segments(self, body: list[tuple[int, Row]], columns: Columns) -> CodedProject:
        quotations: list[tuple[object, ...]] = []
        codings: list[tuple[object, ...]] = []
        codes: dict[str, None] = {}
        single = self._single_codes(body, columns)
        identifiers: Counter[tuple[str, str]] = Counter()
        for number, row in body:
            name = DOCUMENT_NUMBER.sub("", columns.of(row, "source"))
            quote, identifier = columns.of(row, "quote"), columns.of(row, "id")
            coded, span = self._coded(row, columns), _span(row, columns)
            if lack := _lack(name, coded, quote, span):
                # Whoever has words, or a source and a code, meant a segment; a lone name did not.
                kind = "segments" if quote or span or (name and coded) else "rows"
                self._report.add("left out", f"{kind} without {lack}")
                continue
            identifiers[name, identifier] += bool(identifier)
            coder = columns.of(row, "coder") or UNKNOWN_CODER
            memo = marked(columns.of(row, "memo"), columns.of(row, "stance"))
            for code in coded:
                if span:
                    codings.append((name, *span, code, coder, memo, number, quote))
                else:
                    quotations.append((name, number, identifier, quote, code, coder, memo))
                codes |= dict.fromkeys(codes_in(code, single) if columns.several else [code])
        repeated = sum(count > 1 for count in identifiers.values())
        self._report.add("read", "quoted segments", len(quotations))
        self._report.add("read", "segments with positions", len(codings))
        self._report.add("read", "identifiers on several rows: rows of one passage", repeated)
        if columns.several:
            self._report.add(
                "codes",
                "cells that may hold several codes: told apart by the codebook",
                len(quotations) + len(codings),
            )
        unknown = sum(row[5] == UNKNOWN_CODER for row in quotations)
        unknown += sum(row[4] == UNKNOWN_CODER for row in codings)
        self._report.add("coder", "segments whose coder the table does not name", unknown)
        names = sorted({str(row[0]) for row in (*quotations, *codings)})
        paths = [Code(path) for path in codes]
        return self._project("table of segments", names, paths, quotations, codings)

    def _single_codes(self, body: list[tuple[int, Row]], columns: Columns) -> set[str]:
        """The cells that the export's own count says to hold one code, commas and all."""
        if "count" not in columns.places:
            return set()
        return {step(columns.of(row, "code")) for _, row in body if columns.of(row, "count") == "1"}

    def _coded(self, row: Row, columns: Columns) -> list[str]:
        """The codes of a row: those of its own columns for codes, else what its cell says."""
        if columns.code_columns:
            return [
                step(name)
                for name, place in columns.code_columns.items()
                if row[place : place + 1] and row[place].strip().casefold() in _YES
            ]
        cell = columns.of(row, "code")
        if not cell:
            return []
        return [cell] if columns.several else [self._path(row, columns)]

    def _path(self, row: Row, columns: Columns) -> str:
        steps = [columns.of(row, "category"), columns.of(row, "code")]
        if columns.has_paths or columns.is_codebook:
            marks = _SLASHES if columns.has_slashes else _PATH_MARKS
            steps = [part for one in steps for part in marks.split(one)]
        return "/".join(step(one) for one in steps if one.strip())

    def _project(
        self,
        kind: str,
        names: list[str],
        codes: list[Code],
        quotations: list[tuple[object, ...]],
        codings: Sequence[tuple[object, ...]] = (),
    ) -> CodedProject:
        return CodedProject(
            self._where,
            kind,
            attributes_table(
                [(name, name, "", "") for name in names], SOURCE_COLUMNS, [{} for _ in names]
            ),
            {},
            codes_table(codes, self._report),
            codings_table(codings),
            quotations_table(quotations),
            rows_table([], ("case",)),
            self._report.table(),
            counted_in=self._counted_in,
        )


def _lack(name: str, coded: list[str], quote: str, span: tuple[int, int] | None) -> str:
    """What a row lacks to be a coded segment, '' where it is one."""
    lacks = {"a source": not name, "a code": not coded, "words or positions": not (quote or span)}
    return next((what for what, lacking in lacks.items() if lacking), "")


def _span(row: Row, columns: Columns) -> tuple[int, int] | None:
    """The positions of a row, if it gives two that can be a span."""
    start, end = columns.of(row, "start"), columns.of(row, "end")
    if not (_WHOLE.fullmatch(start) and _WHOLE.fullmatch(end)):
        return None
    first, last = int(float(start)), int(float(end))
    return (first, last) if first < last else None


# R and Excel write a whole number as 8.0, too.
_WHOLE = re.compile(r"\d{1,12}(?:\.0+)?")
_YES = frozenset({"true", "yes", "1", "x", "ja", "oui", "sí", "si", "sim", "wahr", "vrai"})


def _knows_workbook(file: CodingFile) -> bool:
    return isinstance(file.members, Archive) and file.member("xl/workbook.xml") is not None


WORKBOOK = Format(
    "workbook",
    (".xlsx",),
    _knows_workbook,
    lambda file, columns: read_workbook(file.data, file.name, columns),
    sheets_without,
)
DELIMITED = Format(
    "table",
    (".csv", ".tsv"),
    lambda file: bool(file.text) and not file.is_xml,
    lambda file, columns: read_csv(file.text, file.name, columns),
    table_without,
)
