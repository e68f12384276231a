"""The tables that all stages rest on, and how any table between stages is checked and stored.

`analysis.study.schemas` lists them all. They are stored as CSV (UTF-8, LF), text kept as text: an empty
cell is the empty string, never a missing value. Figures that can be undefined are floats and may
be empty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd

# It says how pandas keeps text; pandera asks that once, when it is imported.
from analysis.corpus import KINDS, PROVENANCE, PUBLISH, STATUSES, VOICES

# isort: split
import pandera.pandas as pa

from analysis.files.problems import Problem, StudyError
from analysis.files.whole_file import write_text

# What pandera calls text that pandas calls str.
_STRING = str(pa.Column(str).dtype)


def _text(**options: object) -> pa.Column:
    return pa.Column(str, nullable=False, **options)


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
    table = table.reset_index(drop=True)
    if _fits_plainly(table, schema):
        return table
    try:
        return schema.validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        problems = _problems(error.failure_cases, schema, where, lines)
        raise StudyError(_duplicates(table, schema, where, lines) + problems) from error


_HOLDS: dict[str, Callable[..., bool]] = {
    "isin": lambda cells, allowed_values: cells.isin(allowed_values).all(),
    "greater_than_or_equal_to": lambda cells, min_value: (cells >= min_value).all(),
    "str_length": lambda cells, min_value, **_: (cells.str.len() >= min_value).all(),
}


def _fits_plainly(table: pd.DataFrame, schema: pa.DataFrameSchema) -> bool:
    """Whether there is nothing to convert in `table` and nothing to tell of it.

    Pandera takes fifty times as long to say so of a small table: it lists what fails, also where
    nothing does. It decides wherever this does not know.
    """
    names = list(table.columns)
    known = set(schema.columns)
    if len(set(names)) < len(names) or not (
        known == set(names) if schema.strict else known <= set(names)
    ):
        return False
    return not (schema.unique and table.duplicated(schema.unique).any()) and all(
        _column_fits(table[name], column) for name, column in schema.columns.items()
    )


def _column_fits(cells: pd.Series, column: pa.Column) -> bool:
    kind = str(column.dtype)
    return (
        str(cells.dtype) == ("str" if kind == _STRING else kind)
        and (column.nullable or not cells.hasnans)
        and all(
            check.name in _HOLDS and _HOLDS[check.name](cells, **check.statistics)
            for check in column.checks
        )
    )


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


def read_table(path: Path, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """Read a stored table as `schema` types it, and check it.

    A column that the schema does not name is text. An empty cell is missing where figures, or
    whole numbers that need not be there, stand, else the empty text. Raises `StudyError` for a
    file that does not fit.
    """
    types = _types(schema)
    try:
        table = pd.read_csv(
            path,
            dtype=defaultdict(lambda: "str", types),
            keep_default_na=False,
            na_values={name: [""] for name, kind in types.items() if kind in ("float64", "Int64")},
        )
    except ValueError:  # its words are those of the cell
        raise StudyError(
            Problem(
                path.name,
                "cells that do not fit their columns",
                "the table as its stage left it",
                "make clean, then make report",
            )
        ) from None
    return validate(table, schema, path.name)


def typed_if_empty(table: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """`table`, its columns typed by `schema` where no row has typed them."""
    if len(table):
        return table
    return table.astype({name: kind for name, kind in _types(schema).items() if name in table})


def _types(schema: pa.DataFrameSchema) -> dict[str, str]:
    """How pandas keeps each column: as numbers or true and false where the schema says so, else
    as text."""
    kinds = ("int64", "Int64", "float64", "bool")
    told = {str(name): str(kind) for name, kind in schema.dtypes.items()}
    return {name: kind if kind in kinds else "str" for name, kind in told.items()}


def write_table(table: pd.DataFrame, path: Path) -> None:
    """Write `table` as a CSV, whole or not at all."""
    write_text(path, table.to_csv(index=False, lineterminator="\n"))
