"""Rows of a CSV that a person wrote, each with the line of the file that an editor shows it in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from analysis.problems import Problem, StudyError

# An unclosed quotation mark makes one cell of all that follows.
_LONGEST_CELL = 10_000_000


def numbered_rows(
    text: str, where: str, delimiter: str = ",", *, strict: bool = True
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every row that is not blank; the first line is 1.

    A cell may hold several lines: a row has the line in which it begins. Raises `StudyError` at a
    row that is not CSV; unless `strict`, only where the reader cannot go on.
    """
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict)
    line = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield line, row
            line = reader.line_num + 1
    except csv.Error as error:
        raise StudyError(
            Problem(
                f"{where}, line {line}", f"a row that is not CSV ({error})",
                "a delimiter between values, quotation marks doubled and closed", "correct this line",
            )
        ) from None  # fmt: skip
