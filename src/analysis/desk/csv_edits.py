"""One row of a CSV that people write, changed or added; every other line stays as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from analysis.files.csv_rows import numbered_rows

Row = tuple[int, dict[str, str]]


def rows_of(text: str, shown: str) -> tuple[list[str], list[Row]]:
    """The heading, and each row by its names with the line that it begins in."""
    numbered = list(numbered_rows(text.removeprefix("\ufeff"), shown))
    heading = [name.strip() for name in numbered[0][1]] if numbered else []
    rows = [(line, dict(zip(heading, cells, strict=False))) for line, cells in numbered[1:]]
    return heading, rows


def with_row(text: str, shown: str, line: int, cells: Mapping[str, str]) -> str:
    """`text` with other cells in the row that begins in `line`."""
    heading, rows = rows_of(text, shown)
    lines = text.split("\n")
    later = [one for one, _ in rows if one > line]
    stop = (min(later) if later else len(lines) + 1) - 1
    old = next(row for one, row in rows if one == line)
    tail = [one for one in lines[line - 1 : stop] if not one.strip()]
    return "\n".join([*lines[: line - 1], _line(heading, old | dict(cells)), *tail, *lines[stop:]])


def with_new_row(text: str, names: Sequence[str], shown: str, cells: Mapping[str, str]) -> str:
    """`text` with one more row; a file that is not begun gets the heading `names`."""
    begun = text if text.strip() else _line(list(names), dict(zip(names, names, strict=True)))
    heading, _ = rows_of(begun, shown)
    return begun.rstrip("\r\n") + "\n" + _line(heading, cells) + "\n"


def _line(heading: Sequence[str], cells: Mapping[str, str]) -> str:
    held = io.StringIO(newline="")
    csv.writer(held, lineterminator="").writerow([cells.get(name, "") for name in heading])
    return held.getvalue()
