"""Rows of a CSV that a person wrote, each with the line of the file that an editor shows it in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from analysis.files.problems import Problem, StudyError
from analysis.files.regular import read_regular

# An unclosed quotation mark makes one cell of all that follows.
LONGEST_CELL = 10_000_000
LONGEST_FILE = 20_000_000


def numbered_rows(
    text: str, where: str, delimiter: str = ",", *, strict: bool = True
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every row that is not blank; the first line is 1.

    A cell may hold several lines: a row has the line in which it begins. Raises `StudyError` at a
    row that is not CSV; unless `strict`, only where the reader cannot go on.
    """
    csv.field_size_limit(LONGEST_CELL)
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
                f"{where}, line {line}",
                f"a row that is not CSV ({error})",
                "a delimiter between values, quotation marks doubled and closed",
                "correct this line",
            )
        ) from None


def named_rows(path: Path) -> list[dict[str, str]]:
    """Each row of a CSV by the names of its heading, as far as it can be read; no faults are told.

    White space around names and cells is off. A row has no cell that it lacks, nor one too many; a
    file that is not there has no rows.
    """
    try:
        content = read_regular(path, path.name, LONGEST_FILE)
        text = content.decode("utf-8-sig", errors="replace")
    except (OSError, StudyError):
        return []
    try:
        rows = [row for _, row in numbered_rows(text, path.name)]
    except StudyError:
        # Line by line, an unclosed quotation mark swallows nothing of what follows.
        lines = text.splitlines()
        rows = [row for line in lines for _, row in numbered_rows(line, path.name, strict=False)]
    names = [name.strip() for name in rows[0]] if rows else []
    return [dict(zip(names, map(str.strip, row), strict=False)) for row in rows[1:]]
