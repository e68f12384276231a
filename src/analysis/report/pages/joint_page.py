"""Joint displays: a measured attribute of cases beside the themes, each case a row.

`joint.html` shows all of it; for the paper there is `_generated/joint-<attribute>.md`, a table of
the cases sorted by the attribute, and `_generated/joint-contrasts.md`.
"""

from __future__ import annotations

import re

import pandas as pd

from analysis.claims.joint import COMPARED, Joint, crossed_how
from analysis.claims.joint import shown as value_shown
from analysis.report import look
from analysis.report.numbers import format_value
from analysis.report.pages.tables import Table
from analysis.study.folder import Study


def file_name(attribute: str) -> str:
    """What the table of an attribute is called in `_generated`, without its ending."""
    return "joint-" + (re.sub(r"[^a-z0-9]+", "-", attribute.lower()).strip("-") or "attribute")


def tables_of(joint: Joint, study: Study) -> dict[str, Table]:
    """The tables for the paper, by the name of the file."""
    tables = {}
    for attribute in joint.measured.columns:
        rows = [
            {
                "case": f"{case}, {joint.roles.get(case, '').replace('_', ' ')}",
                attribute: value,
                **{theme: _cell(joint, case, theme) for theme in joint.themes},
            }
            for case, value in joint.ordered(attribute).items()
        ]
        columns = ["case", attribute, *joint.themes]
        units = dict.fromkeys(columns, "text")
        if pd.api.types.is_numeric_dtype(joint.measured[attribute]):
            units[attribute] = "rate"
        printed = {attribute: [value_shown(row[attribute]) for row in rows]}
        table = pd.DataFrame(rows, columns=columns)
        tables[file_name(attribute)] = Table(table, units, printed)
    compared = contrasts(joint, study)
    figures = {"effect": "coefficient", "p": "p", "q": "p"}
    columns = ["attribute", "theme", "n_carrying", "n_cases", "effect", "p", "q", "note"]
    tables["joint-contrasts"] = Table(
        compared.rename(columns={"n_carrying": "carrying", "n_cases": "cases"}),
        dict.fromkeys((*columns[:2], "carrying", "cases", *columns[4:]), "text") | figures,
        {name: [_figure(value) for value in compared[name]] for name in figures},
    )
    return tables


def contrasts(joint: Joint, study: Study) -> pd.DataFrame:
    """`Joint.contrasts` of every attribute, with a column attribute in front."""
    parts = [
        joint.contrasts(attribute, study.choices).assign(attribute=attribute)
        for attribute in joint.measured.columns
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["attribute", *table.columns.drop("attribute")]].astype(
        {"n_cases": str, "n_carrying": str}
    )


def page(joint: Joint, study: Study, shown: frozenset[str], *, constructed: bool) -> str:
    """`joint.html`. `shown`: the ids on the evidence page."""
    least = study.choices.minimum_cell
    compared = contrasts(joint, study)
    displays = []
    for attribute in joint.measured.columns:
        crossed = joint.crossing(attribute, least)
        displays.append(
            {
                "id": file_name(attribute),
                "attribute": attribute,
                "rows": [
                    _row(joint, str(case), value)
                    for case, value in joint.ordered(attribute).items()
                ],
                "compared": [
                    {**row, **{name: _figure(row[name]) for name in ("effect", "p", "q")}}
                    for row in compared[compared["attribute"] == attribute].to_dict("records")
                ],
                "levels": list(crossed.columns),
                "crossed": [
                    (theme, list(cells)) for theme, *cells in crossed.itertuples(name=None)
                ],
            }
        )
    return look.page(
        "joint.html",
        title="Joint displays",
        constructed=constructed,
        current="joint.html",
        displays=displays,
        themes=joint.themes,
        compared_how=COMPARED,
        crossed_how=crossed_how(least),
        shown=shown,
    )


def _row(joint: Joint, case: str, value: object) -> dict[str, object]:
    cells = []
    for theme in joint.themes:
        cell = joint.cell(case, theme)
        cells.append(vars(cell) | {"place": f"q-{cell.quotation.rpartition('-')[0]}"})
    role = joint.roles.get(case, "").replace("_", " ")
    return {"case": case, "role": role, "value": value_shown(value), "cells": cells}


def _cell(joint: Joint, case: str, theme: str) -> str:
    """Spans, what the matrix says in a word, and a quotation: '3; said; int-01-5-1'."""
    cell = joint.cell(case, theme)
    return "; ".join(filter(None, [str(cell.spans), cell.state, cell.quotation]))


def _figure(value: float) -> str:
    return "" if pd.isna(value) else format_value(float(value), "coefficient")
