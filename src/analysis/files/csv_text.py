"""The text of a CSV that a person wrote, or what else it is: workbooks, pages, other separators."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from analysis.files.csv_rows import numbered_rows, without_stated_delimiter
from analysis.files.problems import Problem, StudyError

_EXPECTED = "a table with commas, in UTF-8"
_SAVE = "open it in the spreadsheet and save it as 'CSV UTF-8 (comma delimited)'"
_STARTS = {
    b"PK\x03\x04": ("an Excel or OpenDocument workbook, whatever its ending says", _SAVE),
    b"\xd0\xcf\x11\xe0": ("an old Excel workbook, whatever its ending says", _SAVE),
    b"<": ("a web page or XML, not a table", _SAVE),
    b"{": ("JSON, not a table", "write it as a table with a heading line"),
    b"[{": ("JSON, not a table", "write it as a table with a heading line"),
}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def csv_text(content: bytes, shown: str) -> str:
    """The text of a table with commas, a line `sep=,` emptied so that lines keep their numbers.

    Raises `StudyError`, naming `shown`, for what is known to be something else: a workbook, a web
    page, JSON, UTF-16 ('Unicode text'), other separators, or bytes that are not UTF-8.
    """
    begins = content.removeprefix(codecs.BOM_UTF8).lstrip()[:200]
    for start, (found, remedy) in _STARTS.items():
        if begins.startswith(start):
            raise StudyError(Problem(shown, found, _EXPECTED, remedy))
    if begins.startswith(_UTF_16) or b"\x00" in begins:
        raise StudyError(
            Problem(shown, "UTF-16, which Excel calls 'Unicode text'", _EXPECTED, _SAVE)
        )
    try:
        text = without_stated_delimiter(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise StudyError(
            Problem(f"{shown}, line {line}", "bytes that are not UTF-8", _EXPECTED, _SAVE)
        ) from None
    _refuse_other_separators(text, shown)
    return text


def _refuse_other_separators(text: str, shown: str) -> None:
    """Raise `StudyError` when the heading is one cell, with what parts columns in other tables."""
    line, heading = next(numbered_rows(text, shown, strict=False), (1, []))
    only = "".join(heading)
    used = [said for mark, said in ((";", "';'"), ("\t", "tabs"), ("|", "'|'")) if mark in only]
    if len(heading) == 1 and used:
        raise StudyError(
            Problem(
                f"{shown}, line {line}",
                f"columns separated by {used[0]}",
                "commas",
                "save it as CSV with commas",
            )
        )
    if len(heading) == 1 and "," in only:
        raise StudyError(
            Problem(
                f"{shown}, line {line}",
                "a whole line between quotation marks",
                "quotation marks around single cells only",
                "save it as CSV again, or take the outer quotation marks away",
            )
        )


def without_blank_columns(
    numbered: Sequence[tuple[int, list[str]]],
) -> list[tuple[int, list[str]]]:
    """`numbered` without the last columns, as far as neither a heading nor a cell stands in them."""
    of_heading = len(numbered[0][1]) if numbered else 0
    filled = (place for _, row in numbered for place, cell in enumerate(row, 1) if cell.strip())
    width = min(max(filled, default=0), of_heading)
    return [(line, row[:width] if len(row) == of_heading else row) for line, row in numbered]


def ragged(numbered: Sequence[tuple[int, list[str]]], shown: str) -> list[Problem]:
    """One problem for each number of cells that rows have and the heading has not.

    `numbered`: rows with their lines, the heading first. A comma too many in every row is so told
    once.
    """
    (top, heading), *rows = numbered
    by_count: dict[int, list[tuple[int, list[str]]]] = {}
    for line, row in rows:
        if len(row) != len(heading):
            by_count.setdefault(len(row), []).append((line, row))
    problems = []
    for count, odd in by_count.items():
        lines = [str(line) for line, _ in odd]
        several = f"s {', '.join(lines[:5])}" + (f" and {len(lines) - 5} more" if lines[5:] else "")
        too_many = count > len(heading) and all(
            not cell.strip() for _, row in odd for cell in row[len(heading) :]
        )
        problems.append(
            Problem(
                f"{shown}, line{several if len(lines) > 1 else f' {lines[0]}'}",
                f"{count} cell{'' if count == 1 else 's'}"
                + (", the last of them empty" if too_many else ""),
                f"{len(heading)} cells as in line {top}",
                "take the comma too many away, or put a cell with a comma in quotation marks"
                if count > len(heading)
                else "check commas and quotation marks",
            )
        )
    return problems
