"""What becomes of every file of a study when a source leaves, decided before any is touched."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis.coding.formats.format import Matches
from analysis.coding.formats.without.rows import csv_without
from analysis.file_text.file_words import FileWords, file_quotes, lines_that_quote
from analysis.files.problems import Problem
from analysis.lifecycle.purge.coding_files import cleared
from analysis.lifecycle.purge.journal import place
from analysis.lifecycle.purge.key import key_without
from analysis.lifecycle.purge.own_words import OwnWords, coding_files
from analysis.study.names import NOT_NAMES
from analysis.study.register import REGISTER, is_inside
from analysis.text.runs import quotes

KEY = "pseudonyms.csv"
# What the program writes and will write again; kept are the key and the notes to the reader.
_GENERATED = (
    "reports/_generated",
    "reports/_variables.yml",
    "reports/figures",
    "reports/notebooks",
    "reports/.quarto",
    "data/private/prepared",
    "data/private/review",
    "data/private/gate.txt",
    "exports",
    "deposit",
    ".deposit.unfinished",
    "compared",
)
_KEPT = {"README.md", KEY, ".gitkeep"}
# What stays of the row of a source that left; `unknown` stands where a word is demanded.
_STAYS = {"source_id", "case_id", "kind", "provenance"}
_DEMANDED = {
    **dict.fromkeys(("role", "site", "date", "title"), "unknown"),
    "status": "withdrawn",
    "publish": "none",
}
# A picture may show words that no search finds: a photographed page, a whiteboard.
_PICTURES = {".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff", ".heic"}


@dataclass
class Plan:
    """New contents; files and folders to delete; what forbids all of it; files that stay and
    could not be searched, and those of projects that name it still (`coding_files.Cleared`)."""

    rewrite: dict[Path, bytes] = field(default_factory=dict)
    delete: list[Path] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: list[Path] = field(default_factory=list)
    named: list[Path] = field(default_factory=list)


def make_plan(
    study: Path, register: pd.DataFrame, source: Mapping[str, str], matches: Matches, own: OwnWords
) -> Plan:
    """Plan the deletion of `source`, a row of `register`, whose words are `own`.

    Afterwards no file shows a run that is sought; one that would is among the problems.
    """
    plan, raw = Plan(), study / "data" / "raw"
    plan.delete += sorted(path for path in (study / "reports").glob("_site*"))
    plan.delete += [study / name for name in _GENERATED if (study / name).exists()]
    processed = study / "data" / "processed"
    if processed.is_dir():
        plan.delete += [one for one in sorted(processed.iterdir()) if one.name not in _KEPT]
    _plan_coding(plan, study, matches, own.sought)
    gone = _gone_case(register, source)
    handled = {raw / REGISTER, *(raw / name for name in register["file"] if name)}
    for path in _staying(plan, study, source["source_id"]):
        if not (path in handled or path.is_relative_to(raw / "coding") or path.name in _KEPT):
            _plan_other(plan, study, path, source["source_id"], gone, own.sought)
    plan.problems += _included(study, source["source_id"])
    _plan_own_file(plan, raw, register, source)
    plan.rewrite[raw / REGISTER] = register_without(register, source["source_id"])
    _plan_key(plan, study, source["source_id"], own)
    return plan


def _included(study: Path, source_id: str) -> list[Problem]:
    """The lines of the authors' pages that take in a quotation or a card of the source by its id.

    Without the source there is nothing to take in, and the report could not be made again.
    """
    named = re.compile(
        rf"_generated/quotations/{re.escape(source_id)}-\d+\.md|#q-{re.escape(source_id)}-\d+\b"
        rf"|source-{re.escape(source_id)}\.html"
    )
    return [
        Problem(
            f"{path.relative_to(study).as_posix()}, line {number}",
            "a quotation of this source, or a link to it, by its id",
            "a page that can be made without it",
            "take the line out there, then purge again",
        )
        for path in sorted((study / "reports").rglob("*.qmd"))
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1)
        if named.search(line)
    ]


def register_without(register: pd.DataFrame, source_id: str) -> bytes:
    """The register with the row of `source_id` emptied of all that tells of a person."""
    changed = register.copy()
    row = changed["source_id"] == source_id
    for column in set(changed.columns) - _STAYS:
        changed.loc[row, column] = _DEMANDED.get(column, "")
    return as_csv(changed)


def as_csv(table: pd.DataFrame) -> bytes:
    """A table of texts as CSV, as people wrote it."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows(table.to_numpy().tolist())
    return held.getvalue().encode("utf-8")


def files_of(study: Path) -> list[Path]:
    """Every file below `data` and `reports`."""
    return sorted(
        path
        for name in ("data", "reports")
        for path in (study / name).rglob("*")
        if path.is_file() and not path.is_symlink()
    )


def _staying(plan: Plan, study: Path, source_id: str) -> list[Path]:
    """The files that stay, but for the journal: it goes when all is done."""
    gone = {*plan.delete, place(study, source_id)}
    return [path for path in files_of(study) if gone.isdisjoint((path, *path.parents))]


def _plan_coding(plan: Plan, study: Path, matches: Matches, sought: frozenset[str]) -> None:
    for path in coding_files(study):
        found = cleared(path, path.relative_to(study).as_posix(), matches, sought)
        plan.problems += found.problems
        plan.named += found.named
        for file, content in found.files.items():
            if content is None:
                plan.delete.append(file)
            else:
                plan.rewrite[file] = content


def _plan_own_file(
    plan: Plan, raw: Path, register: pd.DataFrame, source: Mapping[str, str]
) -> None:
    if not source["file"]:
        return
    path, where = raw / source["file"], f"data/raw/{REGISTER}, source {source['source_id']}"
    if not is_inside(path, raw):
        plan.problems.append(
            Problem(
                f"{where}, column file",
                "a path that leaves data/raw, or a link",
                "a file inside data/raw",
                "delete that file by hand and empty this cell",
            )
        )
    elif (register["file"] == source["file"]).sum() > 1:
        plan.problems.append(
            Problem(
                f"{where}, column file",
                "a file that another source has too",
                "a file of its own for each source",
                "give each source its own file",
            )
        )
    elif path.is_file():
        plan.delete.append(path)


def _gone_case(register: pd.DataFrame, source: Mapping[str, str]) -> str:
    """The case that leaves with this source; '' when another source of it stays."""
    same = register[(register["case_id"] == source["case_id"])]
    stays = (same["source_id"] != source["source_id"]) & (same["status"] != "withdrawn")
    return "" if stays.any() else source["case_id"]


def _plan_other(
    plan: Plan, study: Path, path: Path, source_id: str, gone: str, sought: frozenset[str]
) -> None:
    """Plan for a file that is neither generated, nor coding, nor a source: tables lose rows,
    memos and private notes that quote go."""
    data = path.read_bytes()
    if path.suffix == ".csv" and path.is_relative_to(study / "data"):
        new = csv_without(
            data,
            path.relative_to(study).as_posix(),
            lambda row: (
                row.get("source_id") == source_id
                or (bool(gone) and row.get("case_id") == gone)
                or any(quotes(cell, sought) for cell in row.values())
            ),
        )
        if new != data:
            plan.rewrite[path] = data = new
    written = (study / "data" / "raw" / "memos", study / "data" / "private")
    if any(map(path.is_relative_to, written)) and file_quotes(data, path.name, sought):
        plan.rewrite.pop(path, None)
        plan.delete.append(path)


def _plan_key(plan: Plan, study: Path, source_id: str, own: OwnWords) -> None:
    """Search every file as it will be: none may quote; names that none has leave the key and the
    list of what is no name."""
    private, joined = study / "data" / "private", list[str]()
    lists = {private / KEY: "find", private / NOT_NAMES: "name"}
    for path in _staying(plan, study, source_id):
        if path not in lists:
            content = plan.rewrite.get(path)
            content = path.read_bytes() if content is None else content
            found = FileWords.of(content, path.name)
            joined.append(found.joined)
            _judge(plan, study, path, content, found, own.sought)
    for path, column in lists.items():
        if path.is_file() and path not in plan.delete:
            data = plan.rewrite.get(path) or path.read_bytes()
            content = key_without(data, own.texts, joined, column)
            if content != data:
                plan.rewrite[path] = content
            _judge(plan, study, path, content, FileWords.of(content, path.name), own.sought)


def _judge(
    plan: Plan, study: Path, path: Path, data: bytes, found: FileWords, sought: frozenset[str]
) -> None:
    shown = path.relative_to(study).as_posix()
    pictured = path.suffix.lower() in _PICTURES and path.is_relative_to(study / "data")
    if found.quotes(sought):
        refused = {problem.where for problem in plan.problems}
        if shown not in refused:
            lines = ", ".join(map(str, lines_that_quote(data, sought)))
            plan.problems.append(
                Problem(
                    f"{shown}, line {lines}",
                    "words that only this source has",
                    "a text that does not quote it",
                    "say it otherwise there, then purge again",
                )
            )
    elif pictured or not found.whole:
        plan.unread.append(path)
