"""Words in a spreadsheet: text, never a formula."""

from __future__ import annotations

import re

import pandas as pd

_FORMULA = re.compile(r"\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def csv_cell(text: str) -> str:
    """Return `text` as a cell that a spreadsheet takes for text, never for a formula.

    An apostrophe is put in front of what starts like a formula, the convention of
    https://owasp.org/www-community/attacks/CSV_Injection. Quoting is the CSV writer's task.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def safe_csv(table: pd.DataFrame) -> bytes:
    """`table` as CSV (UTF-8, LF) of which no cell, nor the heading, is taken for a formula.

    Numbers stay numbers; what is missing is an empty cell.
    """
    text = [name for name in table.columns if not pd.api.types.is_numeric_dtype(table[name])]
    told = table.assign(**{name: table[name].map(_shown) for name in text})
    told.columns = [csv_cell(str(name)) for name in told.columns]
    return str(told.to_csv(index=False, lineterminator="\n")).encode("utf-8")


def _shown(value: object) -> object:
    return csv_cell(value) if isinstance(value, str) else value
