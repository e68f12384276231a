"""Rows of a CSV that a person wrote, each with the line of the file that an editor shows it in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from analysis.files.conflicts import refuse_conflict
from analysis.files.problems import Problem, StudyError
from analysis.files.regular import read_regular
from analysis.files.vocabulary import has_columns

DELIMITERS = (",", ";", "\t", "|")
# Excel writes its delimiter so, and reads it.
_STATED = re.compile(r"\A\ufeff?sep=(.)\r?\n", re.IGNORECASE)
# An unclosed quotation mark makes one cell of all that follows.
LONGEST_CELL = 10_000_000
LONGEST_FILE = 20_000_000


def delimiter_of(text: str, names: set[str]) -> str | None:
    """The delimiter under which the heading of `text` has all `names`, however they are written
    (`vocabulary.has_columns`); None where none does.

    The heading is the first line that is not blank, below a line `sep=;` that Excel put there.
    """
    lines = list(islice((line for line in io.StringIO(text) if line.strip()), 2))
    heading = lines[-1:] if _STATED.match(text) else lines[:1]
    for delimiter in DELIMITERS:
        try:
            row = next(csv.reader(heading, delimiter=delimiter), [])
        except csv.Error:
            continue
        if has_columns((name.removeprefix("\ufeff") for name in row), names):
            return delimiter
    return None


def without_stated_delimiter(text: str) -> str:
    """`text` with the line `sep=;` emptied, if it begins with one: lines keep their numbers."""
    return _STATED.sub("\n", text)


def numbered_rows(
    text: str, where: str, delimiter: str = ",", *, strict: bool = True
) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) of every row that is not blank; the first line is 1.

    A cell may hold several lines: a row has the line in which it begins. Raises `StudyError` at a
    row that is not CSV; unless `strict`, only where the reader cannot go on.
    """
    if "<<<<<<< " in text:
        refuse_conflict(text, where)
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
        text = without_stated_delimiter(content.decode("utf-8-sig", errors="replace"))
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
