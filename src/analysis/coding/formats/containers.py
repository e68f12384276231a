"""Zip archives and SQLite files from strangers, opened without writing, running or following."""

from __future__ import annotations

import io
import sqlite3
import stat
import time
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from lxml import etree

from analysis.files.problems import Problem, StudyError
from analysis.files.untrusted import declares_type, sqlite_in_memory, xml_root
from analysis.reading.bounds import TAG_LIMIT

MOST_MEMBERS = 20_000
MOST_BYTES = 1 << 30
MOST_RATIO = 1_000
SMALL_ENOUGH = 1 << 20
LONGEST_QUERY = 120.0


def refuse(where: str, found: str, expected: str, remedy: str) -> StudyError:
    """The error for one unreadable input."""
    return StudyError(Problem(where, found, expected, remedy))


def read_bytes(path: Path) -> bytes:
    """The bytes of a file of bounded size; `StudyError` when absent or too large."""
    try:
        stated = path.stat()
        size = stated.st_size
        if not stat.S_ISREG(stated.st_mode):
            raise refuse(path.name, "not a file", "a file", "take it out of the folder")
        if size > MOST_BYTES:
            raise refuse(
                path.name,
                f"{size:,} bytes",
                f"at most {MOST_BYTES:,} bytes",
                "export the coding without pictures, sound and video",
            )
        return path.read_bytes()
    except OSError as error:
        raise refuse(
            path.name,
            error.strerror or "not readable",
            "a file that can be read",
            "check the name and the permissions",
        ) from None


def refuse_open_database(path: Path, where: str) -> None:
    """Raise `StudyError` when a program has changes that it has not yet written into `path`."""
    log = path.with_name(f"{path.name}-wal")
    if log.is_file() and log.stat().st_size:
        raise refuse(
            where,
            f"a database that a program holds open ({log.name} beside it)",
            "a closed project",
            "close the program, then copy the project again",
        )


class Archive:
    """A zip file whose members are read one at a time, within bounds, by name only.

    Names are compared without regard to case and are never used as paths on this machine.
    """

    def __init__(self, data: bytes, where: str) -> None:
        self.where = where
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError):
            raise refuse(
                where, "a zip file that is damaged or breaks off", "a whole one", "export it again"
            ) from None
        # A member may have lost its name; `is_dir` looks at the last sign of it.
        members = [one for one in self._zip.infolist() if one.filename and not one.is_dir()]
        unpacked = sum(one.file_size for one in members)
        if len(members) > MOST_MEMBERS or unpacked > MOST_BYTES:
            raise refuse(
                where,
                f"{len(members):,} members, {unpacked:,} bytes unpacked",
                f"at most {MOST_MEMBERS:,} members and {MOST_BYTES:,} bytes",
                "export the coding without pictures, sound and video",
            )
        self._members = {one.filename.replace("\\", "/").casefold(): one for one in members}
        self.names = [one.filename.replace("\\", "/") for one in members]

    def find(self, *suffixes: str) -> str | None:
        """The first member, shallowest first, whose name ends with one of `suffixes`."""
        fitting = [
            name
            for name in self.names
            if name.casefold().endswith(suffixes) and not name.startswith("__MACOSX/")
        ]
        return min(fitting, key=lambda name: (name.count("/"), name), default=None)

    def sibling(self, name: str, folder: str, member: str) -> str | None:
        """`member` in `folder` beside `name`, or beside `name` itself, or None."""
        base = PurePosixPath(name).parent
        for candidate in (base / folder / member, base / member):
            if str(candidate).casefold() in self._members:
                return str(candidate)
        return None

    def read(self, name: str) -> bytes:
        """The bytes of one member; `StudyError` when absent, too large or broken."""
        info = self._members.get(name.casefold())
        if info is None:
            raise refuse(self.where, f"no member {name}", "this member", "export it again")
        compressed = max(info.compress_size, 1)
        if info.file_size > SMALL_ENOUGH and info.file_size / compressed > MOST_RATIO:
            raise refuse(
                self.where,
                f"member {name} grows {info.file_size // compressed:,}-fold",
                f"at most {MOST_RATIO:,}-fold",
                "do not open this file; ask where it came from",
            )
        try:
            with self._zip.open(info) as member:
                data = member.read(info.file_size + 1)
        except (
            zipfile.BadZipFile,
            RuntimeError,
            EOFError,
            OSError,
            ValueError,
            zlib.error,
        ) as error:  # ValueError: a damaged directory points before the file.
            locked = type(error) is RuntimeError
            raise refuse(
                self.where,
                f"member {name} is {'locked' if locked else 'damaged'}, and cannot be unpacked",
                "a whole zip file without password",
                "export it again",
            ) from None
        if len(data) > info.file_size:
            raise refuse(
                self.where,
                f"member {name} is longer than stated",
                "the stated length",
                "export it again",
            )
        return data


@contextmanager
def database(data: bytes, where: str) -> Iterator[sqlite3.Connection]:
    """A SQLite file opened from its bytes for reading only, each query within bounded time.

    Raises `StudyError` when it cannot be read.
    """
    try:
        with sqlite_in_memory(data) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.row_factory = _without_blobs
            ends = time.monotonic() + LONGEST_QUERY
            connection.set_progress_handler(lambda: int(time.monotonic() > ends), 1_000_000)
            yield connection
    except (sqlite3.Error, UnicodeDecodeError) as error:  # The latter from a damaged message.
        raise _unreadable(error, where) from None


def _unreadable(error: sqlite3.Error | UnicodeDecodeError, where: str) -> StudyError:
    """What a database is refused with: the library's own words may have the file's in them."""
    kind = getattr(error, "sqlite_errorname", "")
    if kind in ("SQLITE_INTERRUPT", "SQLITE_TOOBIG"):
        return refuse(
            where,
            f"a database whose tables take more than {LONGEST_QUERY:.0f} seconds to read, or have "
            "a cell of more than 100 MB",
            "tables that a program of the field writes",
            "export the project anew; if you do not know where it came from, do not open it",
        )
    return refuse(
        where,
        "a database that is damaged or breaks off",
        "a whole SQLite file",
        "close the program that holds it, and copy it again",
    )


def _without_blobs(_: sqlite3.Cursor, row: tuple[object, ...]) -> tuple[object, ...]:
    """A row with words where a database holds bytes: any cell may hold anything."""
    return tuple(
        cell.decode("utf-8", "replace") if isinstance(cell, bytes) else cell for cell in row
    )


def columns_of(connection: sqlite3.Connection, table: str) -> set[str]:
    """The columns of a real table (not a view), or the empty set when there is none."""
    found = connection.execute(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    if not found:
        return set()
    return {row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')}


def parse_xml(data: bytes, where: str) -> etree._Element:
    """The root of an XML document; `StudyError` when it is broken or has a document type."""
    if len(data) > TAG_LIMIT and data.count(b"<") > TAG_LIMIT:
        raise refuse(
            where,
            f"XML of {data.count(b'<'):,} marks",
            f"at most {TAG_LIMIT:,}",
            "export fewer sources at a time; if you do not know where it came from, do not open it",
        )
    try:
        root = xml_root(data.lstrip(b"\xef\xbb\xbf \t\r\n"))
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", 0)
        raise refuse(
            where,
            f"XML that is damaged or breaks off{f' in line {line}' if line else ''}",
            "well-formed XML",
            "export it again",
        ) from None
    if declares_type(root):
        raise refuse(
            where,
            "XML with a document type",
            "XML without one",
            "do not open this file; ask where it came from",
        )
    return root
