"""Databases without one source, rewritten so that no page keeps it."""

from __future__ import annotations

import re
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

# What users wrote beside the coding, and what a program keeps to draw, to ask or to plan by: a row
# that quotes the source goes.
_NOTES = ("journal", "annotation", "commands", "logs", "stored_sql", "ris")
_STATISTICS = ("sqlite_stat3", "sqlite_stat4")
_DRAWN = "gr_"
_MEMOS = {"memo", "description"}
_INDEX_OF_WORDS = re.compile(r"\busing\s+fts[345]\b", re.IGNORECASE)
_ENCODINGS = {2: "utf-16-le", 3: "utf-16-be"}


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
    of journals, histories, drawings and searches that have a run of `sought`; a memo on anything
    else that has one is emptied, and indexes of words are made anew. The file is written anew, even
    if only its deleted pages have such a run: they keep their words. Raises `sqlite3.Error` when it
    cannot be done.
    """
    with sqlite_in_memory(data) as connection:
        before = connection.total_changes
        for identifier in _sources(connection, kept, matches):
            _delete_source(connection, kept, identifier)
        tables, indexes = _tables(connection)
        for table in tables:
            if table in _NOTES or table.startswith(_DRAWN):
                _delete_quoting(connection, table, sought)
        _empty_quoting_memos(connection, tables, sought)
        if connection.total_changes == before and not _remain(data, sought):
            return data
        for table in _STATISTICS:
            if columns_of(connection, table):
                connection.execute(f"DELETE FROM {table}")
        for table in indexes:
            _index_anew(connection, table, sought)
        connection.commit()
        return _written_anew(connection)


def vacuumed(data: bytes) -> bytes:
    """The database `data` without its deleted pages. Raises `sqlite3.Error` for what is none."""
    with sqlite_in_memory(data) as connection:
        return _written_anew(connection)


def _written_anew(connection: sqlite3.Connection) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "rewritten"
        connection.execute("VACUUM INTO ?", (str(target),))
        return target.read_bytes()


def _remain(data: bytes, sought: frozenset[str]) -> bool:
    """Whether the bytes, tables or deleted pages, show a run of `sought`."""
    wide = _ENCODINGS.get(int.from_bytes(data[56:60], "big"))
    read = [data.decode("utf-8", "ignore")] if wide is None else []
    read += [data[at:].decode(wide, "ignore") for at in (0, 1) if wide]
    return any(quotes(text, sought) for text in read)


def _tables(connection: sqlite3.Connection) -> tuple[list[str], list[str]]:
    """The tables, and the indexes of words (FTS), which are asked like tables; neither the tables
    that such an index keeps for itself."""
    found = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name"
    ).fetchall()
    indexes = [name for name, sql in found if _INDEX_OF_WORDS.search(sql or "")]
    own = tuple(f"{name}_" for name in indexes)
    tables = [name for name, _ in found if name not in indexes and not name.startswith(own)]
    return tables, indexes


def _index_anew(connection: sqlite3.Connection, table: str, sought: frozenset[str]) -> None:
    """Make an index of words anew from the rows that stay; one without rows of its own is emptied."""
    _delete_quoting(connection, table, sought)
    quoted = _quoted(table)
    try:
        connection.execute(f"INSERT INTO {quoted}({quoted}) VALUES ('rebuild')")
    except sqlite3.OperationalError:
        connection.execute(f"INSERT INTO {quoted}({quoted}) VALUES ('delete-all')")


def _quoted(table: str) -> str:
    doubled = table.replace('"', '""')
    return f'"{doubled}"'


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
    quoted = _quoted(table)
    rows: Iterable[tuple[object, ...]] = connection.execute(
        f"SELECT rowid, * FROM {quoted}"
    ).fetchall()
    for rowid, *cells in rows:
        if any(isinstance(cell, str) and quotes(cell, sought) for cell in cells):
            connection.execute(f"DELETE FROM {quoted} WHERE rowid = ?", (rowid,))


def _empty_quoting_memos(
    connection: sqlite3.Connection, tables: Iterable[str], sought: frozenset[str]
) -> None:
    for table in tables:
        for column in sorted(_MEMOS & columns_of(connection, table)):
            rows = connection.execute(f"SELECT rowid, {column} FROM {_quoted(table)}").fetchall()
            for rowid, memo in rows:
                if isinstance(memo, str) and quotes(memo, sought):
                    connection.execute(
                        f"UPDATE {_quoted(table)} SET {column} = '' WHERE rowid = ?", (rowid,)
                    )
