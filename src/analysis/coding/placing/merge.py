"""Several coded projects as one: the same codes told by GUID, then by path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.coding.placing.names import code_path
from analysis.coding.project import TOLD_OF_CODES, CodedProject, parent_of, rows_table
from analysis.files.problems import Problem


def clashes(projects: Sequence[CodedProject], code_names: Mapping[str, str]) -> list[Problem]:
    """What keeps the code systems of `projects` from being one.

    A code that two projects know by the same GUID under different paths clashes, unless
    `code_names` brings both to one path; so does a path that is a code in one project, and in
    another a heading of the same GUID. The same path under two GUIDs is the same code: two
    programs never give one GUID.
    """
    mapped = {code_path(ours): code_path(theirs) for ours, theirs in code_names.items()}
    known: dict[str, tuple[str, str, bool]] = {}
    problems = []
    for project in projects:
        for code in project.codes.to_dict("records"):
            if not code["guid"]:
                continue
            path, usable = mapped.get(code["code"], code["code"]), code["usable"]
            first_file, first_path, first_usable = known.setdefault(
                code["guid"], (project.origin, path, usable)
            )
            if (path, usable) != (first_path, first_usable):
                problems.append(
                    Problem(
                        f"{first_file} and {project.origin}",
                        f"one code called {_said(first_path, first_usable)} in the first and "
                        f"{_said(path, usable)} in the second",
                        "one name for one code",
                        "name the code of the codebook for both under code_names in params.yml",
                    )
                )
    return problems


def _said(path: str, usable: bool) -> str:
    return repr(path) if usable else f"{path!r} (a heading)"


def merged_codes(projects: Sequence[CodedProject]) -> pd.DataFrame:
    """The codes of all projects as a table of `tables.CODES`, sorted by path.

    Of several projects the first that says it counts, as for a definition, and a code usable in one of them is usable;
    `origin` names the first file that has it.
    """
    merged: dict[str, dict[str, Any]] = {}
    for project in projects:
        for code in project.codes.to_dict("records"):
            known = merged.setdefault(code["code"], {"usable": False, "origin": project.origin})
            known["usable"] = known["usable"] or code["usable"]
            known |= {name: known.get(name) or code[name] for name in TOLD_OF_CODES}
    rows = [
        (
            path,
            parent_of(path),
            path.rpartition("/")[2],
            path.count("/"),
            *(code[name] for name in TOLD_OF_CODES),
            code["origin"],
        )
        for path, code in sorted(merged.items())
    ]
    columns = ("code", "parent", "name", "depth", *TOLD_OF_CODES, "origin")
    table = rows_table(rows, columns, ("depth",))
    table.insert(4, "usable", pd.Series([merged[row[0]]["usable"] for row in rows], dtype=bool))
    return table
