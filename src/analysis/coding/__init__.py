"""Coded projects of any program, read, placed on the clean texts, merged and written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from analysis.coding.formats.containers import (
    Archive,
    database,
    read_bytes,
    refuse,
    refuse_open_database,
)
from analysis.coding.placing.merge import clashes, merged_codes
from analysis.coding.placing.place import Placement, coders_of, place, texts_of
from analysis.coding.project import FOLDER, CodedProject
from analysis.files import confined
from analysis.files.csv_rows import numbered_rows

__all__ = [
    "FOLDER",
    "CodedProject",
    "Placement",
    "clashes",
    "coders_of",
    "merged_codes",
    "place",
    "read",
    "texts_of",
]


def read(path: str | Path, columns: Mapping[str, str] | None = None) -> CodedProject:
    """Read one coded project or export; its format is told from its content.

    `columns` overrules the detection of columns in a table: `quote`, `code`, `source`, `coder`,
    `memo` and `row` -> the heading of that column. Nothing is written, run or fetched.
    Raises `StudyError` naming the file, and the row or member where there is one; also for a file
    that takes more time or memory than any project does (`files.confined`).
    """
    path = Path(path)
    return confined.call(path.name, _read, path, columns)


def _read(path: Path, columns: Mapping[str, str] | None) -> CodedProject:
    file = path / "data.qda" if path.is_dir() else path
    data = read_bytes(file)
    if data.startswith(b"SQLite format 3\0"):
        refuse_open_database(file, path.name)
        return _read_database(data, path.name)
    if data.startswith(b"PK\x03\x04"):
        return _read_archive(data, path.name, columns)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise refuse(
            path.name,
            "a file of an old Office program or a QDA program's own",
            "a REFI-QDA project, .xlsx or .csv",
            "save or export it as one of them",
        )
    if data.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"<"):
        from analysis.coding.formats.refi import read_xml

        return read_xml(data, path.name)
    return _read_text(data, path.name, columns)


def _read_database(data: bytes, where: str) -> CodedProject:
    from analysis.coding.formats.qualcoder import is_qualcoder, read_qualcoder
    from analysis.coding.formats.taguette import is_taguette, read_taguette

    with database(data, where) as connection:
        taguette, qualcoder = is_taguette(connection), is_qualcoder(connection)
    if taguette:
        return read_taguette(data, where)
    if qualcoder:
        return read_qualcoder(data, where)
    raise refuse(
        where,
        "a database of another program",
        "a project of Taguette or QualCoder",
        "export the project as REFI-QDA (.qdpx)",
    )


def _read_archive(data: bytes, where: str, columns: Mapping[str, str] | None) -> CodedProject:
    archive = Archive(data, where)
    if archive.find(".qde"):
        from analysis.coding.formats.refi import read_project

        return read_project(archive, where)
    member = archive.find("/data.qda", "data.qda")
    if member:
        return _read_database(archive.read(member), where)
    if archive.find("word/document.xml"):
        from analysis.coding.formats.comments import read_comments

        return read_comments(archive, where)
    if archive.find("xl/workbook.xml"):
        from analysis.coding.formats.tables import read_workbook

        return read_workbook(data, where, columns or {})
    raise refuse(
        where,
        "a zip file of another kind",
        "a REFI-QDA or QualCoder project, a Word document or an Excel sheet",
        "export the project as REFI-QDA (.qdpx)",
    )


def _read_text(data: bytes, where: str, columns: Mapping[str, str] | None) -> CodedProject:
    from analysis.coding.formats.spans import is_span_table, read_spans
    from analysis.coding.formats.tables import decode, read_csv, refuse_unmarked_encoding

    text = decode(data, where)
    _, first = next(numbered_rows(text, where, strict=False), (1, []))
    if not columns and is_span_table(first):
        refuse_unmarked_encoding(data, where)
        return read_spans(text, where)
    return read_csv(text, where, columns or {})
