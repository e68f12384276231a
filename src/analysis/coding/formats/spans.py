"""The project's own table of coded spans: source_id, start, end, code, coder [, quote, memo, stance].

With `before` and `after`, words around the quotation, it is found where its text was changed and
the same words stand in it more than once. `origin` says what proposed a span; nothing reads it here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.encoding import refuse_unmarked_encoding
from analysis.coding.formats.format import Format
from analysis.coding.formats.headings import span_delimiter
from analysis.coding.formats.without.rows import table_without
from analysis.coding.placing.names import code_path
from analysis.coding.project import (
    SOURCE_COLUMNS,
    UNKNOWN_CODER,
    Code,
    CodedProject,
    Report,
    attributes_table,
    codes_table,
    codings_table,
    quotations_table,
    rows_table,
)
from analysis.coding.stances import marked
from analysis.files.csv_rows import numbered_rows, without_stated_delimiter
from analysis.files.problems import Problem, raise_if_any
from analysis.files.vocabulary import problems_of_heading

NEEDED = ("source_id", "start", "end", "code", "coder")
CONTEXT = ("before", "after")
OPTIONAL = ("quote", "memo", "stance", "origin", *CONTEXT)
SAID = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def read_spans(text: str, where: str) -> CodedProject:
    """Read a span CSV, whatever separates its cells; positions are code points of the reader's text, end-exclusive.

    Whether a span lies in its text, and whether a quote repeats it, is judged by `place`, which
    has the texts. A row that is no span is left out and is one of the `problems`. Raises
    `StudyError` where a column is missing or a row is not CSV.
    """
    report = Report(where)
    delimiter = span_delimiter(text) or ","
    numbered = numbered_rows(without_stated_delimiter(text), where, delimiter)
    _, first = next(numbered)
    heading = [name.strip() for name in first]
    raise_if_any(problems_of_heading(heading, NEEDED, f"{where}, line 1", OPTIONAL))
    problems: list[Problem] = []
    rows: list[tuple[object, ...]] = []
    contexts: list[list[str]] = []
    misfits: dict[int, list[int]] = {}
    for line, cells in numbered:
        if len(cells) != len(heading):
            misfits.setdefault(len(cells), []).append(line)
            continue
        row = dict(zip(heading, cells, strict=True))
        given = {name: row.get(name, "").strip() for name in (*NEEDED, "memo", "stance")}
        wrong = _problems_of(given, f"{where}, line {line}")
        problems += wrong
        if not wrong:
            rows.append(
                (
                    given["source_id"],
                    int(given["start"]),
                    int(given["end"]),
                    code_path(given["code"]),
                    given["coder"] or UNKNOWN_CODER,
                    marked(given["memo"], given["stance"]),
                    line,
                    row.get("quote", ""),
                )
            )
            contexts.append([row.get(name, "") for name in CONTEXT])
    problems += [_misfit(where, lines, cells, len(heading)) for cells, lines in misfits.items()]
    report.add("read", f"separated by {SAID[delimiter]}", int(delimiter != ","))
    source_ids = sorted({str(row[0]) for row in rows})
    report.add("read", "coded spans", len(rows))
    report.add("read", "sources named", len(source_ids))
    report.add("offsets", "code points of the text as read, end-exclusive", len(rows))
    unused = [name for name in heading if name not in (*NEEDED, *OPTIONAL)]
    report.add("left out", f"columns not used: {', '.join(unused)}", len(unused))
    return CodedProject(
        where,
        "span table",
        attributes_table(
            [(one, one, "", "") for one in source_ids], SOURCE_COLUMNS, [{} for _ in source_ids]
        ),
        {},
        codes_table([Code(path) for path in sorted({str(row[3]) for row in rows})], report),
        _with_context(codings_table(rows), contexts),
        quotations_table([]),
        rows_table([], ("case",)),
        report.table(),
        counted_in="line",
        stated=True,
        problems=tuple(problems),
    )


def _with_context(codings: pd.DataFrame, contexts: list[list[str]]) -> pd.DataFrame:
    """The codings with the words around each quotation, where the file gives any."""
    if not any(map(any, contexts)):
        return codings
    beside = pd.DataFrame(contexts, columns=list(CONTEXT), dtype="str")
    return pd.concat([codings, beside], axis=1)


# No text is longer than a number of this length can say.
_POSITION = re.compile(r"[0-9]{1,15}")


def _misfit(where: str, lines: list[int], cells: int, wanted: int) -> Problem:
    """One problem for all rows of one wrong length: they have one cause."""
    more = f", and {len(lines) - 5} more" if len(lines) > 5 else ""
    said = "line" if len(lines) == 1 else "lines"
    return Problem(
        f"{where}, {said} {', '.join(map(str, lines[:5]))}{more}",
        f"{cells} cells",
        f"{wanted} cells as in line 1",
        "check commas and quotation marks",
    )


def _problems_of(given: dict[str, str], where: str) -> list[Problem]:
    problems = [
        Problem(f"{where}, column {name}", "an empty cell", "a value", "fill it in")
        for name in ("source_id", "code")
        if not given[name]
    ]
    numbers = [name for name in ("start", "end") if not _POSITION.fullmatch(given[name])]
    problems += [
        Problem(
            f"{where}, column {name}",
            repr(given[name][:20]),
            "a whole number, 0 or more",
            "correct this cell",
        )
        for name in numbers
    ]
    if not numbers and int(given["start"]) >= int(given["end"]):
        problems.append(
            Problem(
                f"{where}, columns start and end",
                f"{given['start']} to {given['end']}",
                "start below end",
                "correct this row",
            )
        )
    return problems


def _knows(file: CodingFile) -> bool:
    return span_delimiter(file.text) is not None


def _read(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    refuse_unmarked_encoding(file.data, file.name)
    return read_spans(file.text, file.name)


FORMAT = Format("span table", (".csv", ".tsv"), _knows, _read, table_without)
