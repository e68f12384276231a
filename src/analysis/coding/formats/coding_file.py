"""One file of coding, or the folder in which a program keeps a project, looked at once."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from analysis.coding.formats.containers import (
    MOST_BYTES,
    MOST_MEMBERS,
    Archive,
    columns_of,
    database,
    read_bytes,
    refuse,
    refuse_open_database,
)
from analysis.coding.formats.encoding import decode
from analysis.files.problems import StudyError

_ZIP, _SQLITE = b"PK\x03\x04", b"SQLite format 3\0"
_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"


class CodingFile:
    """What every reader is given: bytes, members, tables, text or JSON, each read when asked for.

    `name` is what the file is called to people, and in `CodedProject.origin`: its path below the
    folder of coding. Reading is bounded; nothing is written, run or followed. The properties are
    empty where the file is of another nature, and raise `StudyError` where it is broken.
    """

    def __init__(self, path: Path, name: str = "") -> None:
        self.path = path
        self.name = name or path.name

    @cached_property
    def data(self) -> bytes:
        """The bytes of the file; none for a folder."""
        return b"" if self.path.is_dir() else read_bytes(self.path)

    @cached_property
    def members(self) -> Archive | Folder | None:
        """The files inside it, where it is a zip or a folder."""
        if self.path.is_dir():
            return Folder(self.path, self.name)
        return Archive(self.data, self.name) if self.data.startswith(_ZIP) else None

    def member(self, *suffixes: str) -> str | None:
        """The first file inside it, shallowest first, whose name ends with one of `suffixes`."""
        return self.members.find(*suffixes) if self.members else None

    @property
    def ending(self) -> str:
        """The ending of its name in lower case, with the dot."""
        return self.path.suffix.lower()

    @cached_property
    def database(self) -> bytes:
        """The SQLite database that it is, or that QualCoder packs into it; empty without one."""
        if self.data.startswith(_SQLITE):
            refuse_open_database(self.path, self.name)
            return self.data
        member = self.member("/data.qda", "data.qda")
        if member is None or self.members is None:
            return b""
        if self.path.is_dir():
            refuse_open_database(self.path / member, self.name)
        return self.members.read(member)

    @cached_property
    def tables(self) -> Mapping[str, set[str]]:
        """The columns of each table of its database."""
        if not self.database.startswith(_SQLITE):
            return {}
        with self.opened() as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            names = [str(name) for (name,) in found.fetchall()[:MOST_MEMBERS]]
            return {name: columns_of(connection, name) for name in names}

    def beside(self, ending: str) -> bytes | None:
        """The bytes of the file of the same name and this ending beside it, if there is one."""
        path = self.path.with_suffix(ending)
        return read_bytes(path) if path.is_file() and not path.is_symlink() else None

    @contextmanager
    def opened(self) -> Iterator[Connection]:
        """Its database, for reading only."""
        with database(self.database, self.name) as connection:
            yield connection

    @cached_property
    def is_xml(self) -> bool:
        """Whether it looks like XML or HTML."""
        return self.data.lstrip(_BEFORE_XML).startswith(b"<")

    @cached_property
    def text(self) -> str:
        """Its text; none where it is no text."""
        try:
            return decode(self.data, self.name) if self.data else ""
        except StudyError:
            return ""

    @cached_property
    def json(self) -> Any:
        """What it says in JSON; None where it is none."""
        if self.text.lstrip()[:1] not in ("{", "["):
            return None
        try:
            return json.loads(self.text)
        except (ValueError, RecursionError):
            return None


class Folder:
    """The files of a folder by name, as `Archive` has those of a zip; links are not followed."""

    def __init__(self, path: Path, where: str) -> None:
        self.where, self._path = where, path
        self._files = {
            file.relative_to(path).as_posix(): file
            for file in _files_of(path, where)
            if not any(part.startswith(".") for part in file.relative_to(path).parts)
        }
        self.names = list(self._files)

    def find(self, *suffixes: str) -> str | None:
        """The first file, shallowest first, whose name ends with one of `suffixes`."""
        fitting = [name for name in self.names if name.casefold().endswith(suffixes)]
        return min(fitting, key=lambda name: (name.count("/"), name), default=None)

    def read(self, name: str) -> bytes:
        """The bytes of one file; `StudyError` when absent or too large."""
        if name not in self._files:
            raise refuse(self.where, f"no file {name}", "this file", "copy the project again")
        return read_bytes(self._files[name])


def _files_of(path: Path, where: str) -> list[Path]:
    found: list[Path] = []
    size = 0
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for file in (Path(folder) / name for name in sorted(files)):
            if file.is_file() and not file.is_symlink():
                found.append(file)
                size += file.stat().st_size
        if len(found) > MOST_MEMBERS or size > MOST_BYTES:
            raise refuse(
                where,
                f"more than {MOST_MEMBERS:,} files or {MOST_BYTES:,} bytes",
                "the folder of one project",
                "name the folder of the coding itself",
            )
    return found
