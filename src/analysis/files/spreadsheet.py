"""Words in a spreadsheet: text, never a formula."""

from __future__ import annotations

import csv
import io
import re

import pandas as pd

_FORMULA = re.compile(r"\s*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")


def csv_cell(text: str) -> str:
    """Return `text` as a cell that a spreadsheet takes for text, never for a formula.

    An apostrophe is put in front of what starts like a formula, the convention of
    https://owasp.org/www-community/attacks/CSV_Injection. Quoting is the CSV writer's task.
    """
    return f"'{text}" if _FORMULA.match(text) else text


def csv_of(table: pd.DataFrame) -> str:
    """`table` as CSV: words guarded by `csv_cell`, numbers so that they read back as they are.

    A missing value is an empty cell; a true or false is True or False.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([csv_cell(str(name)) for name in table.columns])
    writer.writerows([_cell(value) for value in row] for row in table.itertuples(index=False))
    return text.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, str):
        return csv_cell(value)
    return "" if pd.isna(value) else str(value)
