"""The project's own table of coded spans: source_id, start, end, code, coder [, quote, memo]."""

from __future__ import annotations

import csv
import io

from analysis.coding.names import code_path
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
from analysis.problems import Problem, StudyError, raise_if_any

NEEDED = ("source_id", "start", "end", "code", "coder")
OPTIONAL = ("quote", "memo")


def is_span_table(heading: list[str]) -> bool:
    """Whether the heading is that of a span table."""
    return {"source_id", "start", "end", "code"} <= {name.strip() for name in heading}


def read_spans(text: str, where: str) -> CodedProject:
    """Read a span CSV; positions are code points of the reader's text, end-exclusive.

    Whether a span lies in its text, and whether a quote repeats it, is judged by `place`, which
    has the texts. Raises `StudyError` for every row that is not a span.
    """
    report = Report(where)
    lines = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    heading = [name.strip() for name in lines.fieldnames or []]
    lines.fieldnames = heading
    problems = [
        Problem(f"{where}, line 1", f"no column {name}", ", ".join(NEEDED), "add the column")
        for name in NEEDED
        if name not in heading
    ]
    raise_if_any(problems)
    rows: list[tuple[object, ...]] = []
    try:
        for row, line in enumerate(lines, start=2):
            given = {name: (line.get(name) or "").strip() for name in (*NEEDED, "memo")}
            problems += _problems_of(given, f"{where}, row {row}")
            if not problems:
                rows.append(
                    (given["source_id"], int(given["start"]), int(given["end"]),
                     code_path(given["code"]), given["coder"] or UNKNOWN_CODER, given["memo"],
                     row, line.get("quote") or "")
                )  # fmt: skip
    except csv.Error as error:
        raise StudyError(
            Problem(f"{where}, line {lines.line_num}", f"a row that is not CSV ({error})",
                    "commas between values, quotes doubled", "correct this line")
        ) from None  # fmt: skip
    raise_if_any(problems)
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
        codings_table(rows),
        quotations_table([]),
        rows_table([], ("case",)),
        report.table(),
    )


def _problems_of(given: dict[str, str], where: str) -> list[Problem]:
    problems = [
        Problem(f"{where}, column {name}", "an empty cell", "a value", "fill it in")
        for name in ("source_id", "code")
        if not given[name]
    ]
    numbers = [name for name in ("start", "end") if not given[name].isdecimal()]
    problems += [
        Problem(f"{where}, column {name}", repr(given[name][:20]), "a whole number, 0 or more",
                "correct this cell")
        for name in numbers
    ]  # fmt: skip
    if not numbers and int(given["start"]) >= int(given["end"]):
        problems.append(
            Problem(f"{where}, columns start and end", f"{given['start']} to {given['end']}",
                    "start below end", "correct this row")
        )  # fmt: skip
    return problems
