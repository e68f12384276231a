"""Databases without one source, rewritten so that no page keeps it."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.containers import Archive, columns_of
from analysis.coding.formats.format import Matches, Without
from analysis.coding.formats.without.refi import packed
from analysis.coding.project import distinct_names
from analysis.file_text.file_words import FileWords, is_copy
from analysis.files.untrusted import sqlite_in_memory
from analysis.text.runs import quotes

# What users wrote beside the coding; a row that quotes the source goes.
_NOTES = ("journal", "annotation", "commands", "logs")
_MEMOS = {"memo", "description"}


@dataclass(frozen=True)
class Kept:
    """Where a program keeps its sources: the table, its column of the file's name, what a source
    without a name is called, the column that names a source in each other table, and in which
    columns of its own the source has its key and its name."""

    table: str
    file: str
    otherwise: str
    of_source: Mapping[str, str]
    key: str = "id"
    name: str = "name"


def rewriting(kept: Kept) -> Without:
    """How a database of these tables, or a zip with one inside, is written without a source."""

    def without(file: CodingFile, matches: Matches, sought: frozenset[str]) -> bytes:
        if file.data == file.database:
            return database_without(file.data, kept, matches, sought)
        return _zipped(file, kept, matches, sought)

    return without


def _zipped(file: CodingFile, kept: Kept, matches: Matches, sought: frozenset[str]) -> bytes:
    """A project with its database and copies of sources in one zip."""
    assert isinstance(file.members, Archive)
    before = {name: file.members.read(name) for name in file.members.names}
    after = {
        name: database_without(content, kept, matches, sought)
        if name.endswith("data.qda")
        else content
        for name, content in before.items()
        if name.endswith("data.qda")
        or not (matches(name) or is_copy(FileWords.of(content, name).text, sought))
    }
    return file.data if after == before else packed(after)


def database_without(data: bytes, kept: Kept, matches: Matches, sought: frozenset[str]) -> bytes:
    """The database `data` without the sources for which `matches(id, name, file)` holds.

    Their text, codings, notes and attributes go, and cases that they alone made up; so do entries
    of journals and histories that have a run of `sought`; a memo on anything else that has one is
    emptied. The file is written anew: deleted pages of a SQLite file keep their words. Raises
    `sqlite3.Error` when it cannot be done.
    """
    with sqlite_in_memory(data) as connection:
        before = connection.total_changes
        for identifier in _sources(connection, kept, matches):
            _delete_source(connection, kept, identifier)
        for table in _NOTES:
            _delete_quoting(connection, table, sought)
        _empty_quoting_memos(connection, sought)
        connection.commit()
        if connection.total_changes == before:
            return data
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "rewritten"
            connection.execute("VACUUM INTO ?", (str(target),))
            return target.read_bytes()


def _sources(connection: sqlite3.Connection, kept: Kept, matches: Matches) -> list[object]:
    file = f'"{kept.file}"' if kept.file in columns_of(connection, kept.table) else "''"
    rows = connection.execute(
        f'SELECT "{kept.key}", "{kept.name}", {file} FROM {kept.table} ORDER BY "{kept.key}"'
    ).fetchall()
    names = distinct_names([str(name or "") for _, name, _ in rows], kept.otherwise)
    return [
        row[0]
        for row, name in zip(rows, names, strict=True)
        if matches(name, str(row[1] or ""), str(row[2] or ""))
    ]


def _delete_source(connection: sqlite3.Connection, kept: Kept, identifier: object) -> None:
    if columns_of(connection, "highlight_tags"):
        connection.execute(
            "DELETE FROM highlight_tags WHERE highlight_id IN "
            "(SELECT id FROM highlights WHERE document_id = ?)",
            (identifier,),
        )
    for case in _cases_of_it_alone(connection, identifier):
        _delete_case(connection, case)
    for table, column in kept.of_source.items():
        if column in columns_of(connection, table):
            connection.execute(f"DELETE FROM {table} WHERE {column} = ?", (identifier,))
    if columns_of(connection, "attribute"):
        connection.execute(
            "DELETE FROM attribute WHERE attr_type = 'file' AND id = ?", (identifier,)
        )
    connection.execute(f'DELETE FROM {kept.table} WHERE "{kept.key}" = ?', (identifier,))


def _cases_of_it_alone(connection: sqlite3.Connection, identifier: object) -> list[object]:
    """The cases of QualCoder to which no other source is linked; they tell of the person who left."""
    if not {"caseid", "fid"} <= columns_of(connection, "case_text"):
        return []
    linked = connection.execute(
        "SELECT caseid FROM case_text WHERE fid = ?1 EXCEPT "
        "SELECT caseid FROM case_text JOIN source ON source.id = fid WHERE fid <> ?1",
        (identifier,),
    )
    return [case for (case,) in linked.fetchall()]


def _delete_case(connection: sqlite3.Connection, case: object) -> None:
    for table in ("case_text", "cases"):
        if "caseid" in columns_of(connection, table):
            connection.execute(f"DELETE FROM {table} WHERE caseid = ?", (case,))
    if columns_of(connection, "attribute"):
        connection.execute("DELETE FROM attribute WHERE attr_type = 'case' AND id = ?", (case,))


def _delete_quoting(connection: sqlite3.Connection, table: str, sought: frozenset[str]) -> None:
    if not columns_of(connection, table):
        return
    rows: Iterable[tuple[object, ...]] = connection.execute(
        f"SELECT rowid, * FROM {table}"
    ).fetchall()
    for rowid, *cells in rows:
        if any(isinstance(cell, str) and quotes(cell, sought) for cell in cells):
            connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))


def _empty_quoting_memos(connection: sqlite3.Connection, sought: frozenset[str]) -> None:
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for (table,) in tables:
        quoted = table.replace('"', '""')
        for column in sorted(_MEMOS & columns_of(connection, table)):
            rows = connection.execute(f'SELECT rowid, {column} FROM "{quoted}"').fetchall()
            for rowid, memo in rows:
                if isinstance(memo, str) and quotes(memo, sought):
                    connection.execute(
                        f"UPDATE \"{quoted}\" SET {column} = '' WHERE rowid = ?", (rowid,)
                    )
