"""The register `data/raw/sources.csv`: who, what kind, when, with what consent."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pandas as pd

from analysis import tables
from analysis.problems import Problem, StudyError, raise_if_any

FOLDERS = {"interview": "interviews", "document": "documents", "observation": "observations"}
REGISTER = "sources.csv"
_SOURCE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_NOTES = {"README.md", ".gitkeep", ".DS_Store", "Thumbs.db"}


def read_register(raw: Path) -> pd.DataFrame:
    """Read `raw/sources.csv` and check it against the folders.

    Returns every registered source (tables.SOURCES and any further column), in the order of the
    file, withdrawn ones included. Raises one `StudyError` with all problems: a missing column,
    an id twice, a word that is not allowed, a file that is missing, lies outside `raw`, is a
    link, or stands in a folder of texts without being registered.
    """
    path = raw / REGISTER
    table = _read_rows(path)
    shown = f"data/raw/{REGISTER}"
    missing = [name for name in tables.SOURCES.columns if name not in table.columns]
    if missing:
        raise StudyError(
            [
                Problem(f"{shown}, line 1", f"no column {name}", f"the column {name}", "add it")
                for name in missing
            ]
        )
    problems: list[Problem] = []
    try:
        tables.validate(table, tables.SOURCES, shown)
    except StudyError as error:
        problems.extend(error.problems)
    for row, source in enumerate(table.to_dict("records")):
        problems.extend(_problems_of(source, raw, f"{shown}, line {row + 2}"))
    problems.extend(_unregistered(table, raw))
    raise_if_any(problems)
    return table


def _read_rows(path: Path) -> pd.DataFrame:
    shown = f"data/raw/{path.name}"
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise StudyError(
            Problem(
                shown, "no such file", "a register with one row per source",
                "write it (data/README.md lists the columns) or begin with `make new`",
            )
        ) from None  # fmt: skip
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise StudyError(
            Problem(f"{shown}, line {line}", "bytes that are not UTF-8", "UTF-8", "save as UTF-8")
        ) from None
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if any(row)]
    if not rows:
        raise StudyError(Problem(shown, "an empty file", "a heading line and rows", "fill it in"))
    heading, body = [name.strip() for name in rows[0]], rows[1:]
    ragged = [
        Problem(
            f"{shown}, line {number}", f"{len(row)} cells", f"{len(heading)} cells as in line 1",
            "check commas and quotation marks",
        )
        for number, row in enumerate(body, start=2) if len(row) != len(heading)
    ]  # fmt: skip
    raise_if_any(ragged)
    return pd.DataFrame(
        [[cell.strip() for cell in row] for row in body], columns=heading, dtype=str
    )


def _problems_of(source: dict[str, str], raw: Path, where: str) -> list[Problem]:
    problems = []
    if not _SOURCE_ID.fullmatch(source["source_id"]):
        problems.append(
            Problem(
                f"{where}, column source_id", repr(source["source_id"]),
                "letters, digits, - and _ only (it names files and links)", "choose another id",
            )
        )  # fmt: skip
    if source["status"] == "withdrawn":
        return problems
    if not source["file"]:
        if not source["coded_as"]:
            problems.append(
                Problem(
                    f"{where}, column file", "neither file nor coded_as",
                    "a file under data/raw, or the source's name in a coding project",
                    "fill in one of them, or set status to withdrawn",
                )
            )  # fmt: skip
        return problems
    path = raw / source["file"]
    if not is_inside(path, raw):
        problems.append(
            Problem(
                f"{where}, column file", "a path that leaves data/raw, or a link",
                "a file inside data/raw", "copy the file into data/raw and name it here",
            )
        )  # fmt: skip
    elif not path.is_file():
        problems.append(
            Problem(
                f"{where}, column file", f"{source['file']!r}, which is not there",
                "a file under data/raw", "add the file or correct the name",
            )
        )  # fmt: skip
    return problems


def is_inside(path: Path, folder: Path) -> bool:
    """Whether `path` stays in `folder` without passing through a link."""
    if ".." in path.parts:
        return False
    try:
        below = path.relative_to(folder)
    except ValueError:
        return False
    steps = [folder.joinpath(*below.parts[: depth + 1]) for depth in range(len(below.parts))]
    return not any(step.is_symlink() for step in steps)


def _unregistered(table: pd.DataFrame, raw: Path) -> list[Problem]:
    listed = {str(raw / name) for name in table["file"] if name}
    return [
        Problem(
            f"data/raw/{path.relative_to(raw).as_posix()!r}", "a file that no row of the register names",
            f"one row in data/raw/{REGISTER} for each file in this folder",
            "add a row, or move the file away",
        )
        for folder in FOLDERS.values()
        for path in sorted((raw / folder).rglob("*"))
        if path.is_file() and path.name not in _NOTES and str(path) not in listed
    ]  # fmt: skip
