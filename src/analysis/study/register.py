"""The register `data/raw/sources.csv`: who, what kind, when, with what consent."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path

import pandas as pd

from analysis.corpus import KINDS, PROVENANCE, PUBLISH, STATUSES
from analysis.files import dates
from analysis.files.csv_rows import named_rows, numbered_rows
from analysis.files.csv_text import csv_text, ragged, without_blank_columns
from analysis.files.problems import (
    Problem,
    StudyError,
    problems_of,
    raise_if_any,
)
from analysis.files.regular import read_regular
from analysis.files.stray_files import is_left_by_a_program
from analysis.files.vocabulary import meant, problems_of_heading, side_by_side
from analysis.study import tables

FOLDERS = {"interview": "interviews", "document": "documents", "observation": "observations"}
REGISTER = "sources.csv"
_A_DATE = re.compile(r"(?:\A|[ _-])date(?:\Z|[ _-])", re.IGNORECASE)
_SOURCE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
# What file systems allow, in bytes.
_LONGEST_NAME = 255
_LARGEST = 20_000_000
_README = "README.md"
_UNKNOWN = "unknown"
# The words that a column may hold, however they are written; in others only `unknown` is one.
_WORDS = {
    "kind": KINDS,
    "status": STATUSES,
    "publish": PUBLISH,
    "provenance": PROVENANCE,
    **dict.fromkeys(("case_id", "role", "site", "date"), (_UNKNOWN,)),
}
# What is told apart by its name: two ways to write one would count as two.
_FURTHER = ("participant_tags", "interviewer_tags")
_NAMES = ("source_id", "case_id", "role", "site")


def read_register(raw: Path) -> pd.DataFrame:
    """Read `raw/sources.csv` and check it against the folders.

    Returns every registered source (tables.SOURCES and any further column), in the order of the
    file, withdrawn ones included. Raises one `StudyError` with all problems: a missing column,
    an id twice, a word that is not allowed, a file that is missing, lies outside `raw`, is a
    link, or stands in a folder of texts without being registered.
    """
    shown = f"data/raw/{REGISTER}"
    text = _text_of(raw / REGISTER, shown)
    numbered = without_blank_columns(list(numbered_rows(text, shown)))
    if not numbered:
        raise StudyError(Problem(shown, "an empty file", "a heading line and rows", "fill it in"))
    heading = [name.strip() for name in numbered[0][1]]
    repeated = {name for name in heading if heading.count(name) > 1}
    raise_if_any(
        problems_of_heading(heading, tables.SOURCES.columns, f"{shown}, line 1", _FURTHER)
        + [
            Problem(f"{shown}, line 1", f"two columns {one!r}", "each column once", "take one out")
            for one in sorted(repeated)
        ]
    )
    problems = ragged(numbered, shown)
    whole = [(line, row) for line, row in numbered[1:] if len(row) == len(heading)]
    table = pd.DataFrame(
        [[cell.strip() for cell in row] for _, row in whole], columns=heading, dtype=str
    )
    table = _as_on_disk(_in_our_words(table), raw)
    lines = [line for line, _ in whole]
    problems += problems_of(lambda: tables.validate(table, tables.SOURCES, shown, lines))
    there = {name for name, is_plain in _files_below(raw) if is_plain}
    cells = zip(*(table[name].to_numpy(object) for name in table), strict=True)
    for line, row in zip(lines, cells, strict=True):
        source = dict(zip(table, row, strict=True))
        problems += _problems_of(source, raw, f"{shown}, line {line}", there)
    # The file of a row that cannot be read is not unregistered.
    named = {cell.strip() for _, row in numbered[1:] for cell in row} | set(table["file"])
    problems += _files_named_twice(lines, table, shown) + _unregistered(named, raw)
    for column in _NAMES:
        problems += _written_in_two_ways(lines, table[column], f"{shown}, column {column}")
    raise_if_any(problems)
    return table


def as_written(raw: Path) -> pd.DataFrame:
    """The rows of `raw/sources.csv` as far as they can be read, unchecked.

    What one row says counts whatever is wrong with another. A cell that is not there is ''; a
    register without rows has no columns.
    """
    return _in_our_words(pd.DataFrame(named_rows(raw / REGISTER), dtype=str).fillna(""))


def _in_our_words(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with the words of closed lists as this program writes them: `Active ` is `active`."""
    known = {}
    for column, words in _WORDS.items():
        if column in table:
            # Many rows, few words.
            ours = {word: meant(word, words) or word for word in table[column].unique()}
            known[column] = table[column].map(ours)
    return table.assign(**known)


def _as_on_disk(table: pd.DataFrame, raw: Path) -> pd.DataFrame:
    """`table` with each file by the name it has on the disk, which may write 'ë' as two characters."""

    def found(file: str) -> str:
        path = raw / file
        try:
            if not file or file.isascii() or ".." in path.parts or path.exists():
                return file
            beside = path.parent.iterdir() if path.parent.is_dir() else iter(())
            alike = [one for one in beside if _composed(one.name) == _composed(path.name)]
        except (OSError, ValueError):
            return file
        return alike[0].relative_to(raw).as_posix() if len(alike) == 1 else file

    if "".join(table["file"]).isascii():
        return table
    return table.assign(file=table["file"].map(found))


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _written_in_two_ways(lines: list[int], names: pd.Series, where: str) -> list[Problem]:
    first: dict[str, str] = {}
    for line, name in zip(lines, names, strict=True):
        first.setdefault(name, f"line {line}")
    return side_by_side(
        first, where, str(names.name), "perhaps the same? write it in one way in all lines"
    )


def with_files(rows: pd.DataFrame, raw: Path) -> pd.DataFrame:
    """Of `rows` as written, those of sources in use whose file can be tried, as a register has them.

    A row may have other faults; one whose id is not its own is left out.
    """
    columns = dict.fromkeys([*rows, *tables.SOURCES.columns])
    filled = rows.reindex(columns=list(columns), fill_value="")
    to_try = [
        source["file"] != ""
        and source["kind"] in KINDS
        and source["status"] in ("active", "embargoed")
        and not _problems_of(source, raw, "")
        for source in filled.to_dict("records")
    ]
    return filled.loc[to_try].drop_duplicates("source_id", keep=False)


def _text_of(path: Path, shown: str) -> str:
    try:
        content = read_regular(path, shown, _LARGEST)
    except FileNotFoundError:
        raise StudyError(
            Problem(
                shown,
                "no such file",
                "a register with one row per source",
                "write it (data/README.md lists the columns) or begin with `make new`",
            )
        ) from None
    return csv_text(content, shown)


def _problems_of(
    source: dict[str, str], raw: Path, where: str, there: Collection[str] = ()
) -> list[Problem]:
    """What is wrong with a row; `there`: files below `raw` of which it is known that none is a link."""
    problems = []
    if not _SOURCE_ID.fullmatch(source["source_id"]):
        problems.append(
            Problem(
                f"{where}, column source_id",
                repr(source["source_id"]),
                "letters, digits, - and _ only (it names files and links)",
                "choose another id",
            )
        )
    else:
        where = f"{where}, source {source['source_id']}"
    if source["status"] == "withdrawn":
        return problems
    # Further columns of the study's own may hold dates too, such as that of consent.
    for column in filter(_A_DATE.search, source):
        fault = _fault_of_date(source[column]) if source[column] not in ("", _UNKNOWN) else None
        if fault:
            problems.append(Problem(f"{where}, column {column}", *fault))
    if not source["file"]:
        if not source["coded_as"]:
            problems.append(
                Problem(
                    f"{where}, column file",
                    "neither file nor coded_as",
                    "a file under data/raw, or the source's name in a coding project",
                    "fill in one of them, or set status to withdrawn",
                )
            )
        return problems
    if source["file"] in there:
        return problems
    path = raw / source["file"]
    if any(len(step.encode("utf-8", "surrogatepass")) > _LONGEST_NAME for step in path.parts):
        problems.append(
            Problem(
                f"{where}, column file",
                f"a name of {len(source['file'])} characters",
                "the name of a file under data/raw",
                "check commas and quotation marks",
            )
        )
    elif not is_inside(path, raw):
        problems.append(
            Problem(
                f"{where}, column file",
                "a path that leaves data/raw, or a link",
                "a file inside data/raw",
                "copy the file into data/raw and name it here",
            )
        )
    elif not path.is_file():
        problems.append(
            Problem(
                f"{where}, column file",
                f"{source['file']!r}, which is not there",
                "a file under data/raw",
                "add the file or correct the name",
            )
        )
    return problems


@lru_cache(maxsize=1000)
def _fault_of_date(text: str) -> tuple[str, str, str] | None:
    return dates.fault_of(text)


def _files_below(folder: Path, below: str = "") -> Iterator[tuple[str, bool]]:
    """Every file below `folder` by its path from there, and whether it is one itself and no link.

    No link to a folder is followed: it is told as a file that is none.
    """
    try:
        with os.scandir(folder / below) as found:
            entries = list(found)
    except OSError:
        return
    for entry in entries:
        name = f"{below}/{entry.name}" if below else entry.name
        if entry.is_dir(follow_symlinks=False):
            yield from _files_below(folder, name)
        else:
            yield name, entry.is_file(follow_symlinks=False)


def is_inside(path: Path, folder: Path) -> bool:
    """Whether `path`, written as one below `folder`, stays in it without passing through a link."""
    try:
        below = path.relative_to(folder)
    except ValueError:
        return False
    if ".." in below.parts:
        return False
    steps = [folder.joinpath(*below.parts[: depth + 1]) for depth in range(len(below.parts))]
    return not any(step.is_symlink() for step in steps)


def _files_named_twice(lines: list[int], table: pd.DataFrame, shown: str) -> list[Problem]:
    used = table[(table["file"] != "") & (table["status"] != "withdrawn")]
    used = used[used["file"].duplicated(keep=False)]
    used = used[used["file"].duplicated(keep=False)]
    by_file = used.index.to_series().groupby(used["file"]).agg(list)
    return [
        Problem(
            f"{shown}, column file",
            f"{file!r} in lines {', '.join(str(lines[row]) for row in rows)}",
            "each file once",
            "its words would count twice: take one row out or correct the name",
        )
        for file, rows in by_file.items()
        if len(rows) > 1
    ]


def _unregistered(named: set[str], raw: Path) -> list[Problem]:
    unknown = [
        raw / folder / name
        for folder in FOLDERS.values()
        for name, _ in _files_below(raw / folder)
        if f"{folder}/{name}" not in named
    ]
    # However the register writes its way there.
    listed = {str(raw / name) for name in named if name} if unknown else set()
    return [
        Problem(
            f"data/raw/{path.relative_to(raw).as_posix()!r}",
            "a file that no row of the register names",
            f"one row in data/raw/{REGISTER} for each file in this folder",
            "add a row, or move the file away",
        )
        for path in sorted(unknown)
        if path.is_file()
        and path.name != _README
        and str(path) not in listed
        and not is_left_by_a_program(path)
    ]
