"""The framework matrix as a page, as a DOCX and as a workbook: a row for each case, a column for
each theme, every cell a person's own sentences; cells whose codings changed since are marked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.claims import Claim
from analysis.report import look, pandoc
from analysis.report.pages.tables import longest_word
from analysis.report.workbook import without_time
from analysis.text.escape import markdown, visible


def page(
    matrix: pd.DataFrame,
    claims: Sequence[Claim],
    sources: pd.DataFrame,
    shown: frozenset[str],
    places: Mapping[str, str],
    *,
    constructed: bool,
) -> str:
    """`matrix.html`. `matrix` as from `claims.read_matrix`; `shown` are the ids on the evidence page.

    A passage that consent does not let be shown is named without a link. `places` says where in
    the paper each claim stands.
    """
    groups = [
        {
            "id": claim.id,
            "heading": claim.heading,
            "themes": themes,
            "rows": rows,
            "place": places[claim.id],
        }
        for claim, themes, rows in _by_claim(matrix, claims, sources)
    ]
    return look.page(
        "matrix.html",
        title="Framework matrix",
        constructed=constructed,
        current="matrix.html",
        groups=groups,
        cells=len(matrix),
        stale=int(matrix["stale"].sum()) if len(matrix) else 0,
        shown=shown,
    )


def _by_claim(
    matrix: pd.DataFrame, claims: Sequence[Claim], sources: pd.DataFrame
) -> list[tuple[Claim, list[Any], list[dict[str, Any]]]]:
    """For each claim with cells: its themes, and a row for each case (role, cells by theme)."""
    roles = sources.groupby("case_id")["role"].first().str.replace("_", " ")
    found = []
    for claim in claims:
        own = matrix[matrix["claim"] == claim.id]
        if own.empty:
            continue
        cells = {(row["case_id"], row["theme"]): _cell(row) for row in own.to_dict("records")}
        themes = [theme for theme in claim.themes if (own["theme"] == theme.name).any()]
        rows = [
            {
                "case": case,
                "role": roles.get(case, ""),
                "cells": [cells.get((case, theme.name)) for theme in themes],
            }
            for case in dict.fromkeys(own["case_id"])
        ]
        found.append((claim, themes, rows))
    return found


def _cell(row: Mapping[Any, Any]) -> dict[str, Any]:
    links = [link for link in str(row["passages"]).split(";") if link]
    return {
        "state": row["state"],
        "summary": row["summary"],
        "links": links,
        "stale": bool(row["stale"]),
    }


def write_docx(
    matrix: pd.DataFrame,
    claims: Sequence[Claim],
    sources: pd.DataFrame,
    target: Path,
    reference: Path,
) -> None:
    """Write the matrix as DOCX in the styles of `reference`: one table for each claim."""
    parts = ["---\ntitle: Framework matrix\n---\n"]
    for claim, themes, rows in _by_claim(matrix, claims, sources):
        parts.append(f"# {markdown(claim.heading)}\n")
        heading = ["Case", *(theme.name for theme in themes)]
        # Lines longer than Pandoc's measure make it take the widths from the dashes.
        body = [
            [f"{row['case']}, {row['role']}", *(_told(cell) for cell in row["cells"])]
            for row in rows
        ]
        named = max((longest_word(line[0]) for line in body), default=0)
        rule = ["-" * max(12, named + 5), *("-" * 40 for _ in themes)]
        lines = [[markdown(cell) for cell in line] for line in [heading, *body]]
        lines.insert(1, rule)
        parts.append("".join("| " + " | ".join(line) + " |\n" for line in lines))
    if len(matrix) == 0:
        parts.append("Nobody has written a cell yet.\n")
    arguments = ["--from", "markdown", "--to", "docx", "--columns", "40"]
    styled = ["--reference-doc", str(reference.resolve()), "--output", str(target.resolve())]
    pandoc.run([*arguments, *styled], "\n".join(parts), what="the framework matrix")


def _told(cell: Mapping[str, Any] | None) -> str:
    if cell is None:
        return ""
    # What a cell is, other than said, stands before its words, and alone where there are none.
    state = "" if cell["state"] == "said" else str(cell["state"]).capitalize()
    words = ": ".join(part for part in (state, str(cell["summary"])) if part)
    links = f" ({', '.join(cell['links'])})" if cell["links"] else ""
    return f"{words}{links}{' [stale]' if cell['stale'] else ''}"


def workbook(
    matrix: pd.DataFrame, claims: Sequence[Claim], sources: pd.DataFrame, notice: str
) -> bytes:
    """The matrix as XLSX: a sheet for each claim; every cell is text, never a formula.

    `notice`, unless empty, is printed at the head of every page of it. The same matrix gives the same bytes.
    """
    import openpyxl
    from openpyxl.styles import Alignment, Font

    book = openpyxl.Workbook()
    del book["Sheet"]
    for claim, themes, rows in _by_claim(matrix, claims, sources):
        sheet = book.create_sheet(re.sub(r"[^\w -]", "", claim.id)[:31])
        table = [["case", "role", *(theme.name for theme in themes)]]
        table += [[r["case"], r["role"], *(_told(cell) for cell in r["cells"])] for r in rows]
        for line, values in enumerate(table, start=1):
            for column, value in enumerate(values, start=1):
                cell = sheet.cell(line, column, visible(value)[:32_000])
                cell.data_type, cell.quotePrefix = "s", True
                cell.alignment = Alignment(wrap_text=True, vertical="top")
                cell.font = Font(bold=line == 1)
        for column in range(len(themes)):
            sheet.column_dimensions[chr(ord("C") + column)].width = 60
        sheet.freeze_panes = "C2"
    if not book.sheetnames:
        book.create_sheet("matrix")["A1"] = "Nobody has written a cell yet."
    for sheet in book.worksheets:
        header = sheet.oddHeader
        assert header is not None  # a new sheet has one
        header.center.text = notice
    written = BytesIO()
    book.save(written)
    return without_time(written.getvalue())
