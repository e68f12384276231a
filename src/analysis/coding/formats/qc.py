"""Projects of qualitative-coding (`qc`): a folder with settings, texts, and lines coded in SQLite."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.containers import database
from analysis.coding.formats.encoding import decode
from analysis.coding.formats.format import Format
from analysis.coding.formats.gathered import Gathered, Said, whole
from analysis.coding.formats.rows_of import rows_of
from analysis.coding.project import CodedProject, Report, step
from analysis.files import safe_yaml
from analysis.files.problems import StudyError

_SETTINGS = "settings.yaml"
_DEFAULTS = {
    "database": "qualitative_coding.sqlite3",
    "corpus_dir": "corpus",
    "codebook": "codebook.yaml",
}
_TABLES = {
    "document": ("file_path", "file_hash"),
    "document_index": ("id", "document_id"),
    "location": ("id", "document_index_id"),
    "coded_line": ("id", "line", "coder_id", "code_id"),
    "coded_line_location_association": ("coded_line_id", "location_id"),
}
_DEEPEST = 20


def is_qc(file: CodingFile) -> bool:
    """Whether the folder or zip has qc's settings and the database that they name."""
    return file.member(f"/{_SETTINGS}", _SETTINGS) is not None and bool(_database(file))


def read_qc(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read the project: what is coded is one line of a text, counted from 0.

    A text that was changed since it was imported is told: its lines may no longer be those that
    were coded. Raises `StudyError` for what is no whole database.
    """
    assert file.members is not None
    report = Report(file.name)
    gathered = Gathered(file.name, "qc project", report, counted_in="coded line")
    with database(_database(file), file.name) as connection:
        rows = {table: rows_of(connection, table, names) for table, names in _TABLES.items()}
    paths = _codebook(file, gathered)
    lines: dict[str, list[tuple[int, int, str]]] = {}
    for one in rows["document"]:
        name = str(one["file_path"])
        member = _beside(file, f"{_settings(file)['corpus_dir']}/{name}")
        data = file.members.read(member) if member else b""
        text = decode(data, name) if data else ""
        if text and hashlib.sha1(data, usedforsecurity=False).hexdigest() != one["file_hash"]:
            report.add("read", "texts changed since they were imported: look at their lines")
        gathered.source(name, name.rpartition("/")[2], text, file=name)
        lines[name] = list(_lines(text))
    documents = {one["id"]: str(one["document_id"]) for one in rows["document_index"]}
    places = {one["id"]: documents.get(one["document_index_id"]) for one in rows["location"]}
    located = {
        one["coded_line_id"]: places.get(one["location_id"])
        for one in rows["coded_line_location_association"]
    }
    for one in rows["coded_line"]:
        document, number = located.get(one["id"]), whole(one["line"])
        spans = lines.get(document or "", [])
        if number is None or not 0 <= number < len(spans):
            report.add("left out", "codings of a line that its text does not have")
            continue
        name = step(str(one["code_id"]))
        code, coder = paths.get(name, name), str(one["coder_id"] or "")
        gathered.coding(document, Said(*spans[number], code, coder))
    return gathered.project()


def _settings(file: CodingFile) -> dict[str, str]:
    """Where the parts of the project are, as its settings or else the program say."""
    member = file.member(f"/{_SETTINGS}", _SETTINGS)
    stated = _yaml(file, member) if member else None
    given = stated if isinstance(stated, dict) else {}
    return {
        name: str(given.get(name) or given.get(f"{name}_file") or otherwise)
        for name, otherwise in _DEFAULTS.items()
    }


def _beside(file: CodingFile, name: str) -> str | None:
    """The member of this name in the folder of the settings."""
    settings = file.member(f"/{_SETTINGS}", _SETTINGS) or ""
    folder = settings.rpartition("/")[0]
    path = f"{folder}/{name}" if folder else name
    return path if file.members and path in file.members.names else None


def _database(file: CodingFile) -> bytes:
    member = _beside(file, _settings(file)["database"])
    data = file.members.read(member) if file.members and member else b""
    return data if data.startswith(b"SQLite format 3\0") else b""


def _yaml(file: CodingFile, member: str) -> Any:
    assert file.members is not None
    try:
        document = safe_yaml.compose(decode(file.members.read(member), member), member)
        return safe_yaml.as_written(document)
    except (StudyError, yaml.YAMLError):
        return None


def _codebook(file: CodingFile, gathered: Gathered) -> dict[str, str]:
    """The path of every code of the codebook, by its name; of one name the first."""
    member = _beside(file, _settings(file)["codebook"])
    paths: dict[str, str] = {}
    for path in _tree(_yaml(file, member), "", 0) if member else ():
        gathered.code(path)
        paths.setdefault(path.rpartition("/")[2], path)
    return paths


def _tree(value: Any, above: str, depth: int) -> Iterator[str]:
    """Paths of a tree in which a code is a text, or a key with the codes below it."""
    if depth > _DEEPEST or value is None:
        return
    if isinstance(value, list):
        for one in value:
            yield from _tree(one, above, depth + 1)
        return
    for name, below in value.items() if isinstance(value, dict) else [(value, None)]:
        path = f"{above}/{step(str(name))}" if above else step(str(name))
        yield path
        yield from _tree(below, path, depth + 1)


def _lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each line of the text stands, and its words, without its end."""
    start = 0
    for line in text.removeprefix("\ufeff").split("\n"):
        words = line.rstrip("\r")
        yield start, start + len(words), words
        start += len(line) + 1


FORMAT = Format("qc project", (), is_qc, read_qc)
