"""A coded project as plain data, in which it goes from the process that reads to the one that asks."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import Any

import pandas as pd

from analysis.coding.project import CodedProject
from analysis.files.problems import Problem

Plain = dict[str, Any]
_TABLES = ("sources", "codes", "codings", "quotations", "cases", "report")
_TYPES = frozenset({"str", "int64", "bool"})


def as_plain(project: CodedProject) -> Plain:
    """The project as texts, numbers, lists and dictionaries; of a table its columns, by name."""
    plain = {field.name: getattr(project, field.name) for field in fields(project)}
    return plain | {
        "texts": dict(project.texts),
        "problems": [astuple(problem) for problem in project.problems],
        **{name: _columns(plain[name]) for name in _TABLES},
    }


def from_plain(plain: Plain) -> CodedProject:
    """The project that `as_plain` told. Raises ValueError for columns of another type."""
    return CodedProject(
        **plain
        | {
            "problems": tuple(Problem(*problem) for problem in plain["problems"]),
            **{name: _table(plain[name]) for name in _TABLES},
        }
    )


def _columns(table: pd.DataFrame) -> dict[str, tuple[str, list[object]]]:
    return {str(name): (str(column.dtype), column.tolist()) for name, column in table.items()}


def _table(columns: dict[str, tuple[str, list[object]]]) -> pd.DataFrame:
    unknown = {dtype for dtype, _ in columns.values()} - _TYPES
    if unknown:
        raise ValueError(f"a table of a coded project with columns of type {sorted(unknown)}")
    return pd.DataFrame(
        {name: pd.Series(values, dtype=dtype) for name, (dtype, values) in columns.items()}
    )
