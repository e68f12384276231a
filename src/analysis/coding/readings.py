"""Who read what: `data/raw/readings.csv`, the statement that silence is a reading."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.files.csv_rows import delimiter_of, numbered_rows, without_stated_delimiter
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.vocabulary import problems_of_heading

READINGS = "readings.csv"
_NEEDED = ("coder", "source_id")
_PASSAGES = ("from_passage", "to_passage")


def read_readings(raw: Path, sources: pd.DataFrame) -> pd.DataFrame:
    """The readings that the study states: coder, source_id, from_passage, to_passage.

    A row says that this coder read this source, and coded in it whatever they found, were it
    nothing. Passages are numbers of `tables.PASSAGES`, both included; a source without them (<NA>
    in both) was read whole. Without the file there are no rows, and who read what is not stated.
    `sources` is the register. Raises one `StudyError` for every row that says nothing usable.
    """
    path = raw / READINGS
    rows: list[tuple[str, str, int | None, int | None]] = []
    if path.is_file():
        rows = _rows(_text(path), set(sources["source_id"]))
    table = pd.DataFrame(rows, columns=[*_NEEDED, *_PASSAGES])
    return table.astype(
        {**dict.fromkeys(_NEEDED, "str"), **dict.fromkeys(_PASSAGES, "Int64")}
    ).drop_duplicates(ignore_index=True)


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise StudyError(
            Problem(
                f"data/raw/{READINGS}, byte {error.start}",
                "bytes that are not UTF-8",
                "a CSV file in UTF-8",
                "save it as UTF-8",
            )
        ) from None


def _rows(text: str, known: set[str]) -> list[tuple[str, str, int | None, int | None]]:
    where = f"data/raw/{READINGS}"
    delimiter = delimiter_of(text, set(_NEEDED)) or ","
    numbered = numbered_rows(without_stated_delimiter(text), where, delimiter)
    line, heading = next(numbered, (1, []))
    names = [name.strip() for name in heading]
    problems = problems_of_heading(names, _NEEDED, f"{where}, line {line}", _PASSAGES)
    raise_if_any(problems)
    rows = []
    for line, cells in numbered:
        row = dict(zip(names, (cell.strip() for cell in cells), strict=False))
        wrong = _problems_of(row, f"{where}, line {line}", known)
        problems += wrong
        if not wrong:
            first, last = (int(row[name]) if row.get(name) else None for name in _PASSAGES)
            rows.append((row["coder"], row["source_id"], first, last))
    raise_if_any(problems)
    return rows


def _problems_of(row: dict[str, str], where: str, known: set[str]) -> list[Problem]:
    problems = []
    if not row.get("coder"):
        problems.append(
            Problem(f"{where}, column coder", "an empty cell", "who read it", "fill it in")
        )
    if row.get("source_id") not in known:
        problems.append(
            Problem(
                f"{where}, column source_id",
                repr(row.get("source_id", "")),
                "the source_id of a row of sources.csv",
                "correct it",
            )
        )
    stated = [row.get(name, "") for name in _PASSAGES]
    if any(stated):
        if not all(one.isdecimal() and len(one) < 10 for one in stated):
            found = " to ".join(map(repr, stated))
            problems.append(
                Problem(
                    f"{where}, columns from_passage and to_passage",
                    found,
                    "two numbers of passages, or two empty cells for the whole source",
                    "correct this row",
                )
            )
        elif int(stated[0]) > int(stated[1]):
            problems.append(
                Problem(
                    f"{where}, columns from_passage and to_passage",
                    f"{stated[0]} to {stated[1]}",
                    "the first not above the last",
                    "correct this row",
                )
            )
    return problems
