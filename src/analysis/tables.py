"""The tables that pass between stages: their columns, their keys, and how they are stored.

Tables are stored as CSV (UTF-8, LF), text kept as text: an empty cell is the empty string,
never a missing value. Figures that can be undefined are floats and may be empty.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pandera.pandas as pa

from analysis.problems import Problem, StudyError

KINDS = ("interview", "document", "observation", "unknown")
STATUSES = ("active", "embargoed", "withdrawn")
PUBLISH = ("none", "extracts", "full", "unknown")
PROVENANCE = ("collected", "constructed")
VOICES = (
    "participant",
    "interviewer",
    "document",
    "observed_speech",
    "observer_description",
    "observer_reflection",
)


def _text(**options: object) -> pa.Column:
    return pa.Column(str, nullable=False, **options)  # type: ignore[arg-type]


def _filled() -> pa.Column:
    return _text(checks=pa.Check.str_length(min_value=1, error="a value, or the word unknown"))


def _one_of(values: tuple[str, ...]) -> pa.Column:
    return _text(checks=pa.Check.isin(values, error="one of " + ", ".join(values)))


def _whole(at_least: int = 0) -> pa.Column:
    return pa.Column(
        int, pa.Check.ge(at_least, error=f"a whole number of at least {at_least}"), nullable=False
    )


def _schema(
    name: str, columns: dict[str, pa.Column], key: list[str], *, open_columns: bool = False
) -> pa.DataFrameSchema:
    return pa.DataFrameSchema(
        columns,
        name=name,
        strict=not open_columns,
        unique=key or None,
        coerce=False,
        index=pa.Index(int),
    )


SOURCES = _schema(
    "sources",
    {
        "source_id": _filled(),
        "case_id": _filled(),
        "kind": _one_of(KINDS),
        "role": _filled(),
        "site": _filled(),
        "date": _filled(),
        "title": _filled(),
        "file": _text(),
        "coded_as": _text(),
        "status": _one_of(STATUSES),
        "publish": _one_of(PUBLISH),
        "provenance": _one_of(PROVENANCE),
    },
    ["source_id"],
    open_columns=True,
)

PASSAGES = _schema(
    "passages",
    {
        "source_id": _filled(),
        "passage": _whole(),
        "start": _whole(),
        "end": _whole(),
        "speaker": _text(),
        "voice": _one_of(VOICES),
        "words": _whole(),
        "text": _text(),
    },
    ["source_id", "passage"],
)

CLEANING_LOG = _schema(
    "cleaning_log",
    {"source_id": _filled(), "rule": _filled(), "count": _whole(1), "characters": _whole()},
    ["source_id", "rule"],
)

CODES = _schema(
    "codes",
    {
        "code": _filled(),
        "parent": _text(),
        "name": _filled(),
        "depth": _whole(),
        "usable": pa.Column(bool),
        "definition": _text(),
        "include": _text(),
        "exclude": _text(),
        "example": _text(),
        "origin": _text(),
    },
    ["code"],
)

CODINGS = _schema(
    "codings",
    {
        "source_id": _filled(),
        "start": _whole(),
        "end": _whole(1),
        "code": _filled(),
        "coder": _filled(),
        "origin": _text(),
        "memo": _text(),
    },
    ["source_id", "start", "end", "code", "coder"],
)

VALUES = _schema(
    "values",
    {"name": _filled(), "value": pa.Column(object), "unit": _text()},
    ["name"],
)


def validate(
    table: pd.DataFrame,
    schema: pa.DataFrameSchema,
    where: str,
    lines: Sequence[int] | None = None,
) -> pd.DataFrame:
    """Return `table` unchanged if it fits `schema`, else raise a `StudyError`.

    The error lists every misfit with column and line of the file: `lines` holds the line of each
    row; without it each row has one, below the heading in line 1.
    """
    lines = range(2, len(table) + 2) if lines is None else lines
    try:
        return schema.validate(table.reset_index(drop=True), lazy=True)
    except pa.errors.SchemaErrors as error:
        problems = _problems(error.failure_cases, schema, where, lines)
        raise StudyError(_duplicates(table, schema, where, lines) + problems) from error


def _duplicates(
    table: pd.DataFrame, schema: pa.DataFrameSchema, where: str, lines: Sequence[int]
) -> list[Problem]:
    """One problem for every key that stands in several lines: the key, and in which lines."""
    key = [str(name) for name in schema.unique or []]
    if not key or not set(key) <= set(table.columns):
        return []
    places = (
        pd.Series(list(lines), index=table.index).groupby([table[name] for name in key]).agg(list)
    )
    return [
        Problem(
            f"{where}, column {' + '.join(key)}",
            f"{found!r} in lines {', '.join(map(str, told))}",
            "each " + " + ".join(key) + " once",
            "keep one of these lines, or correct its key",
        )
        for found, told in places.items()
        if len(told) > 1
    ]


def _problems(
    failures: pd.DataFrame, schema: pa.DataFrameSchema, where: str, lines: Sequence[int]
) -> list[Problem]:
    problems = []
    for failure in failures.itertuples(index=False):
        check, column, found = str(failure.check), failure.column, failure.failure_case
        if check == "column_in_dataframe":
            expected, column = f"the column {found}", found
            problem = Problem(where, f"no column {found}", expected, "add it to the heading line")
        elif check == "column_in_schema":
            problem = Problem(
                where,
                f"a column {found}",
                "only " + ", ".join(schema.columns),
                "take the column out or correct its name",
            )
        else:
            if check == "multiple_fields_uniqueness":
                continue  # told by `_duplicates`, which names the key
            row = "" if pd.isna(failure.index) else f", line {lines[int(failure.index)]}"
            expected = check
            if check.startswith("dtype"):
                expected = "values of type " + check[len("dtype('") : -len("')")]
            problem = Problem(
                f"{where}{row}, column {column}", repr(found), expected, "correct this cell"
            )
        if problem not in problems:
            problems.append(problem)
    return problems


def read_table(path: Path, schema: pa.DataFrameSchema | None = None) -> pd.DataFrame:
    """Read a stored table; with a `schema`, check it too.

    Columns that the schema types as whole numbers or true/false are read as such,
    all others of a schema as text. Without a schema pandas decides for numbers; an empty cell
    among numbers, where there was too little to compute one, is NaN.
    """
    if schema is None:
        return pd.read_csv(path, keep_default_na=False, na_values={}).apply(_numbers_if_all_are)
    dtypes = {
        name: (column.dtype.type if str(column.dtype) in ("int64", "bool") else str)
        for name, column in schema.columns.items()
    }
    every_column = pd.read_csv(path, nrows=0).columns
    table = pd.read_csv(
        path,
        dtype={name: dtypes.get(name, str) for name in every_column},
        keep_default_na=False,
        na_values={},
    )
    return validate(table, schema, path.name)


def _numbers_if_all_are(column: pd.Series) -> pd.Series:
    """The column as numbers when every filled cell is one, and one is filled; else as it is."""
    if not pd.api.types.is_string_dtype(column):
        return column
    filled = column[column != ""]
    if filled.empty or pd.to_numeric(filled, errors="coerce").isna().any():
        return column
    return pd.to_numeric(column.where(column != ""))


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write `table` whole or not at all: to a temporary name, then renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.unfinished")
    table.to_csv(unfinished, index=False, lineterminator="\n", encoding="utf-8")
    unfinished.replace(path)
