"""Each file of coding without one source: rewritten, deleted, or refused by name."""

from __future__ import annotations

import csv
import sqlite3
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from analysis import coding
from analysis.coding.formats import NoCodingError, format_of
from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.format import Matches
from analysis.coding.formats.without.databases import vacuumed
from analysis.file_text import pieces_of
from analysis.file_text.file_words import FileWords, file_quotes, is_copy
from analysis.files.problems import Problem, StudyError
from analysis.text.runs import quotes

_DATABASE = b"SQLite format 3\0"
_REMEDY = "take the source out in the program it comes from and export again, or delete this file; then purge again"


@dataclass(frozen=True)
class Cleared:
    """What becomes of files: their new content, or None for those that are deleted; `named` are
    those that keep the name or the places of what left, and none of its words."""

    files: Mapping[Path, bytes | None]
    problems: tuple[Problem, ...] = ()
    named: tuple[Path, ...] = ()


def cleared(path: Path, shown: str, matches: Matches, sought: frozenset[str]) -> Cleared:
    """What becomes of one entry of `data/raw/coding`; unchanged files are not among it.

    A file that cannot be rewritten is deleted where it holds this source alone, or is its text.
    Where words of it would be left, the file is refused by name.
    """
    if path.is_dir():
        return _folder(path, shown, matches, sought)
    log = [path.with_name(path.name + end) for end in ("-wal", "-journal")]
    if any(beside.exists() for beside in log):
        return _refused(
            shown, "a database that a program holds open", "close the program, then purge again"
        )
    data = path.read_bytes()
    can_be_rewritten, new = False, data
    try:
        without = format_of(CodingFile(path, shown)).without
        if without:
            new = without(CodingFile(path, shown), matches, sought)
            can_be_rewritten = True
        elif _holds_only(path, shown, matches):
            return Cleared({path: None})
    except (StudyError, sqlite3.Error, etree.LxmlError, zipfile.BadZipFile, csv.Error, ValueError):
        can_be_rewritten = False
    if file_quotes(new, path.name, sought):
        new = _without_deleted_pages(new)
    if file_quotes(new, path.name, sought):
        alone = not can_be_rewritten and _holds_only(path, shown, matches)
        if alone or _is_its_text(path, shown, data, sought):
            return Cleared({path: None})
        return _refused(shown, f"words of the source in {_where(new, path.name, sought)}", _REMEDY)
    return Cleared({path: new} if new != data else {})


def _without_deleted_pages(data: bytes) -> bytes:
    """A database written anew, whichever program's it is; any other file as it is."""
    try:
        return vacuumed(data) if data.startswith(_DATABASE) else data
    except sqlite3.Error:
        return data


def _where(data: bytes, name: str, sought: frozenset[str]) -> str:
    """The tables of a database that quote; they are for a person to look at."""
    if data.startswith(_DATABASE):
        with suppress(StudyError):
            found = {piece.place for piece in pieces_of(data, name) if quotes(piece.text, sought)}
            if found:
                return f"what cannot be rewritten: {', '.join(sorted(found))}"
    return "a format that cannot be rewritten"


def _folder(path: Path, shown: str, matches: Matches, sought: frozenset[str]) -> Cleared:
    """A project of several files: a database, the copies of sources beside it, and whatever else."""
    every = sorted(one for one in path.rglob("*") if one.is_file())
    if _holds_only(path, shown, matches):
        return Cleared(dict.fromkeys(every))
    files: dict[Path, bytes | None] = {}
    problems: list[Problem] = []
    for file in every:
        content = file.read_bytes()
        if matches(file.name) or is_copy(FileWords.of(content, file.name).text, sought):
            files[file] = None
            if _has_a_folder(file, path):
                files |= dict.fromkeys(one for one in every if one.parent == file.parent)
        elif file in files:
            continue
        elif file.name == "data.qda" or file_quotes(content, file.name, sought):
            found = cleared(file, f"{shown}/{file.relative_to(path).as_posix()}", matches, sought)
            files |= found.files
            problems += found.problems
    gone = {name.encode() for file in files if files[file] is None for name in _called(file, path)}
    named = [
        one for one in every if one not in files and any(map(one.read_bytes().__contains__, gone))
    ]
    return Cleared(files, tuple(problems), tuple(named))


def _has_a_folder(file: Path, project: Path) -> bool:
    """Whether what lies beside the text is only about it, as in CATMA's `documents/D_1/D_1.txt`."""
    return file.parent != project and file.parent.name == file.stem


def _called(file: Path, project: Path) -> set[str]:
    """By what other files of a project name a text of its: its name, or its folder's."""
    return {file.name, *([file.stem] if _has_a_folder(file, project) else [])}


def _refused(shown: str, found: str, remedy: str) -> Cleared:
    return Cleared({}, (Problem(shown, found, "a file that holds nothing of the source", remedy),))


def _is_its_text(path: Path, shown: str, data: bytes, sought: frozenset[str]) -> bool:
    """Whether a file without any coding is the text of the source, as brat keeps it beside."""
    try:
        coding.read(path, name=shown.removeprefix(f"{coding.FOLDER}/"))
    except NoCodingError:
        return is_copy(FileWords.of(data, path.name).text, sought)
    except StudyError:
        pass
    return False


def _holds_only(path: Path, shown: str, matches: Matches) -> bool:
    """Whether every source of the file is one that leaves."""
    try:
        project = coding.read(path, name=shown.removeprefix(f"{coding.FOLDER}/"))
    except StudyError:
        return False
    told = project.sources[["source_id", "name", "file"]].itertuples(index=False, name=None)
    return len(project.sources) > 0 and all(matches(*names) for names in told)
