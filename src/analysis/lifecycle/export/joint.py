"""A joint-display workbook for the second, quantitative phase of a mixed-methods study."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

import pandas as pd

from analysis.claims.joint import Joint
from analysis.claims.quotable import quotations, typical
from analysis.lifecycle.export.form import Files, Form
from analysis.lifecycle.export.material import Material
from analysis.report import look
from analysis.report.workbook import Cell, workbook

# So many quotations of a code, each of another case, are offered for writing a survey item.
_OFFERED = 3
_READ_ME = (
    ("sheet", "what it is"),
    (
        "Cases",
        "a row a case: attributes, and for each theme how many spans, what the matrix says "
        "(its state in brackets), and the id of a typical quotation",
    ),
    (
        "Groups",
        "a row a role: for each theme how many cases carry it, of how many, and how many "
        "spans; and the id of a typical quotation",
    ),
    (
        "Item bank",
        "quotations from which items of a survey may be written: the first column is "
        "yours to fill in",
    ),
    ("counts", "distinct spans of the coding that counts, in counted voices"),
    ("typical", "of the quotations that may be printed the one of the middle length"),
)


def write(material: Material) -> Files:
    """`joint_display.xlsx`: cases by theme, groups by theme, and the item bank."""
    printed = quotations(material.shown)
    quoted = printed.merge(material.sources[["source_id", "case_id", "role"]], on="source_id")
    spans = material.counted.drop_duplicates(["source_id", "start", "end", "code"])
    spans = spans.merge(material.sources[["source_id", "case_id", "role"]], on="source_id")
    sheets: dict[str, list[list[Cell]]] = {
        "Cases": list(_cases(material, printed)),
        "Groups": list(_groups(material, spans, quoted)),
        "Item bank": list(_items(material, quoted)),
        "Read me": [list(row) for row in _READ_ME],
    }
    notice = look.NOTICE if material.invented else ""
    return {"joint_display.xlsx": workbook(sheets, notice)}


def _cases(material: Material, quoted: pd.DataFrame) -> Iterator[list[Cell]]:
    cells = material.stored("matrix")
    corpus = replace(material.study.corpus, sources=material.sources)
    joint = Joint.of(
        corpus, material.themes, quoted, material.cases, pd.DataFrame() if cells is None else cells
    )
    attributes = list(material.cases.columns)
    parts = ("spans", "matrix", "typical quotation")
    yield ["case", *attributes, *(f"{theme}: {part}" for theme in joint.themes for part in parts)]
    for case, *values in joint.measured.itertuples(name=None):
        line: list[Cell] = [str(case), *map(_cell, values)]
        for theme in joint.themes:
            cell = joint.cell(str(case), theme)
            told = f"[{cell.state}] {cell.summary}".strip() if cell.state else ""
            line += [cell.spans, told, cell.quotation]
        yield line


def _groups(material: Material, spans: pd.DataFrame, quoted: pd.DataFrame) -> Iterator[list[Cell]]:
    parts = ("cases", "spans", "typical quotation")
    yield [
        "role",
        "cases",
        *(f"{theme.name}: {part}" for theme in material.themes for part in parts),
    ]
    for role, sources in material.sources.groupby("role", sort=True):
        own = spans[spans["role"] == role]
        line: list[Cell] = [str(role), int(sources["case_id"].nunique())]
        for theme in material.themes:
            codes = material.beneath(theme.codes)
            carrying = own[own["code"].isin(codes)]
            line += [
                int(carrying["case_id"].nunique()),
                _count(own, codes),
                _quotation(quoted[quoted["role"] == role], codes),
            ]
        yield line


def _items(material: Material, quoted: pd.DataFrame) -> Iterator[list[Cell]]:
    yield ["survey item", "code", "quotation", "quotation id", "case", "role"]
    for code in sorted(material.codes.loc[material.codes["usable"], "code"]):
        left = quoted
        for _ in range(_OFFERED):
            one = typical(left, [code])
            if one is None:
                break
            yield ["", code, *(str(one[name]) for name in ("text", "id", "case_id", "role"))]
            left = left[left["case_id"] != one["case_id"]]


def _count(spans: pd.DataFrame, codes: Collection[str]) -> int:
    """Distinct spans with any of the codes."""
    own = spans[spans["code"].isin(codes)]
    return len(own.drop_duplicates(["source_id", "start", "end"]))


def _quotation(quoted: pd.DataFrame, codes: Collection[str]) -> str:
    one = typical(quoted, codes)
    return "" if one is None else str(one["id"])


def _cell(value: object) -> Cell:
    if pd.isna(value):
        return None
    plain = value.item() if hasattr(value, "item") else value
    return plain if isinstance(plain, int | float) else str(plain)


FORM = Form(
    "joint",
    "joint-display workbook for the quantitative phase",
    {
        "joint_display.xlsx": "joint display: cases and groups by theme (counts, matrix, typical "
        "quotation), and a bank of quotations for survey items"
    },
    write,
)
