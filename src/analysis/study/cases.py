"""Measured attributes of cases: `data/raw/cases.csv`, one row a case."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from analysis.files.csv_rows import numbered_rows
from analysis.files.csv_text import csv_text
from analysis.files.problems import Problem, raise_if_any
from analysis.files.regular import read_regular
from analysis.files.vocabulary import problems_of_heading

CASES = "cases.csv"
_KEY = "case_id"
_LARGEST = 20_000_000


def read_cases(path: Path, case_ids: Collection[str]) -> pd.DataFrame:
    """Read the attributes of cases: index case_id, a column an attribute, in the file's order.

    A column whose every filled cell is a number is one of float64, its empty cells missing; any
    other is text. Without the file there is no row and no column. `case_ids` are those of the
    register. Raises one `StudyError` for all of a missing column case_id, an attribute or case
    twice, a case that the register does not have, and a row with more cells than the heading.
    """
    shown = f"data/raw/{path.name}"
    try:
        content = read_regular(path, shown, _LARGEST)
    except FileNotFoundError:
        return pd.DataFrame(index=pd.Index([], name=_KEY, dtype="str"))
    numbered = list(numbered_rows(csv_text(content, shown), shown))
    heading = [name.strip() for name in numbered[0][1]] if numbered else []
    raise_if_any(_of_heading(heading, f"{shown}, line 1"))
    rows: dict[str, list[str]] = {}
    problems: list[Problem] = []
    for line, cells in numbered[1:]:
        told = dict(zip(heading, [cell.strip() for cell in cells], strict=False))
        case = told.pop(_KEY, "")
        where = f"{shown}, line {line}"
        if len(cells) > len(heading):
            problems.append(
                Problem(where, "more cells than columns", "quoted commas", "quote the cell")
            )
        elif case not in case_ids:
            problems.append(
                Problem(
                    f"{where}, column {_KEY}",
                    repr(case[:60]),
                    "a case_id of data/raw/sources.csv",
                    "correct it, or take the row out",
                )
            )
        elif case in rows:
            problems.append(
                Problem(where, f"{case!r} a second time", "one row a case", "join them")
            )
        else:
            rows[case] = [told.get(name, "") for name in heading if name != _KEY]
    raise_if_any(problems)
    names = [name for name in heading if name != _KEY]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=names, dtype="str")
    return table.apply(_measured).rename_axis(_KEY)


def _of_heading(heading: list[str], where: str) -> list[Problem]:
    problems = problems_of_heading(heading, [_KEY], where)
    for name in dict.fromkeys(heading):
        if not name or heading.count(name) > 1:
            found = f"a column {name[:60]!r} twice" if name else "a column without a name"
            problems.append(Problem(where, found, "each attribute by a name of its own", "name it"))
    return problems


def _measured(column: pd.Series) -> pd.Series:
    """The column as numbers where all that is filled in is one."""
    filled = column != ""
    numbers = pd.to_numeric(column.where(filled), errors="coerce").astype("float64")
    finite = numbers.abs() < float("inf")
    return numbers if filled.any() and bool((finite == filled).all()) else column
