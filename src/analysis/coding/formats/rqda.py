"""RQDA's project database (`.rqda`): rows live where coding, code and source do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.format import Format
from analysis.coding.formats.gathered import Gathered, Said, whole
from analysis.coding.formats.rows_of import count_of, rows_of
from analysis.coding.formats.without.databases import Kept, rewriting
from analysis.coding.project import CodedProject, Report, distinct_names, step

_TABLES = {
    "source": ("id", "name", "file", "status"),
    "freecode": ("id", "name", "memo", "status"),
    "coding": ("cid", "fid", "seltext", "selfirst", "selend", "owner", "memo", "status"),
    "codecat": ("catid", "name", "status"),
    "treecode": ("cid", "catid", "status"),
    "cases": ("id", "name", "status"),
    "caselinkage": ("caseid", "fid", "status"),
    "caseAttr": ("variable", "value", "caseID", "status"),
    "fileAttr": ("variable", "value", "fileID", "status"),
}
_NOT_TAKEN = {"annotation": "annotations", "journal": "journal entries", "imageCoding": "pictures"}


def is_rqda(file: CodingFile) -> bool:
    """Whether the file is a database with RQDA's tables."""
    return {"freecode", "coding", "source"} <= file.tables.keys()


def read_rqda(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read an RQDA project; a row that was deleted, or whose code or source was, is counted.

    Positions are code points from 0, but some rows are shifted: each is judged by its own words.
    A category of codes is the code's parent where the code has one category only; of several
    none is taken, and that is told. Raises `StudyError` for what is no whole database.
    """
    report = Report(file.name)
    with file.opened() as connection:
        rows = {table: rows_of(connection, table, names) for table, names in _TABLES.items()}
        for table, detail in _NOT_TAKEN.items():
            report.add("left out", detail, count_of(connection, table))
    live = {table: [one for one in there if _lives(one)] for table, there in rows.items()}
    report.add("left out", "codings deleted in RQDA", len(rows["coding"]) - len(live["coding"]))
    gathered = Gathered(file.name, "RQDA project", report)
    names = {one["id"]: _said(one["name"]) for one in live["cases"]}
    attributes = _by_owner(live["caseAttr"], "caseID")
    linked: dict[Any, list[str]] = defaultdict(list)
    for one in live["caselinkage"]:
        if one["caseid"] in names and names[one["caseid"]] not in linked[one["fid"]]:
            linked[one["fid"]].append(names[one["caseid"]])
    for key, name in names.items():
        gathered.cases[name] = attributes[key]
    own = _by_owner(live["fileAttr"], "fileID")
    for one in live["source"]:
        gathered.source(
            one["id"],
            _said(one["name"]),
            _said(one["file"]),
            case="; ".join(linked[one["id"]]),
            attributes=own[one["id"]],
        )
    paths = _paths(live, gathered, report)
    sources = {one["id"] for one in live["source"]}
    for number, one in enumerate(live["coding"], 1):
        if one["cid"] not in paths:
            report.add("left out", "codings whose code was deleted")
        elif one["fid"] not in sources:
            report.add("left out", "codings whose source was deleted")
        else:
            words, owner, memo = (_said(one[name]) for name in ("seltext", "owner", "memo"))
            start, end = whole(one["selfirst"]), whole(one["selend"])
            start, end = (start, end) if start is not None and end is not None else (None, None)
            gathered.coding(
                one["fid"], Said(start, end, words, paths[one["cid"]], owner, memo, number)
            )
    return gathered.project()


def _lives(row: Mapping[str, Any]) -> bool:
    return row["status"] is None or whole(row["status"]) == 1


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _by_owner(rows: list[dict[str, Any]], owner: str) -> dict[Any, dict[str, str]]:
    stated: dict[Any, dict[str, str]] = defaultdict(dict)
    for one in rows:
        stated[one[owner]][_said(one["variable"])] = _said(one["value"])
    return stated


def _paths(
    live: Mapping[str, list[dict[str, Any]]], gathered: Gathered, report: Report
) -> dict[Any, str]:
    """The path of every code, by its id."""
    categories = {one["catid"]: step(_said(one["name"])) for one in live["codecat"]}
    above: dict[Any, list[str]] = defaultdict(list)
    for one in live["treecode"]:
        if one["catid"] in categories:
            above[one["cid"]].append(categories[one["catid"]])
    given = []
    for one in live["freecode"]:
        parents = list(dict.fromkeys(above[one["id"]]))
        report.add("codes", "codes of several categories, put under none", int(len(parents) > 1))
        name = step(_said(one["name"]))
        given.append(f"{parents[0]}/{name}" if len(parents) == 1 else name)
    labels = distinct_names(given, "unnamed")
    for one, path in zip(live["freecode"], labels, strict=True):
        gathered.code(path, _said(one["memo"]))
    return {one["id"]: path for one, path in zip(live["freecode"], labels, strict=True)}


FORMAT = Format(
    "RQDA project",
    (".rqda",),
    is_rqda,
    read_rqda,
    rewriting(
        Kept(
            "source",
            "name",
            "source",
            {
                "coding": "fid",
                "coding2": "fid",
                "annotation": "fid",
                "caselinkage": "fid",
                "treefile": "fid",
                "fileAttr": "fileID",
            },
        )
    ),
)
