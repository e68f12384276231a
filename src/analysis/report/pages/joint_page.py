"""Joint displays: a measured attribute of cases beside the themes, each case a row.

`joint.html` shows all of it; for the paper there is `_generated/joint-<attribute>.md`, a table of
the cases sorted by the attribute, and `_generated/joint-contrasts.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.claims import Theme
from analysis.measures.attributes import by_attribute, spans_by_case
from analysis.report import look
from analysis.report.numbers import format_value
from analysis.report.pages.evidence import Evidence
from analysis.report.pages.quotations import quotations, typical
from analysis.report.pages.tables import Table
from analysis.study.codebook import beneath
from analysis.study.folder import Study

_UP_TO, _ABOVE = "up to the middle", "above the middle"


@dataclass(frozen=True)
class Joint:
    """What the displays are made from, by case.

    - `measured`: cases (of the sources in use) by attributes of `cases.csv`.
    - `spans`: cases by themes, how many distinct spans that count. `told`: (case, theme) -> state
      and summary of the matrix. `quoted`: (case, theme) -> id of a typical quotation.
    - `roles`: case -> its role.
    """

    measured: pd.DataFrame
    spans: pd.DataFrame
    told: Mapping[tuple[str, str], tuple[str, str]]
    quoted: Mapping[tuple[str, str], str]
    roles: Mapping[str, str]

    @classmethod
    def of(
        cls,
        study: Study,
        themes: Sequence[Theme],
        shown: Evidence,
        measured: pd.DataFrame,
        matrix: pd.DataFrame,
    ) -> Joint:
        """Of the cases of the study that `measured` has; a theme is carried by its codes and those
        beneath them."""
        sources = study.sources
        kept = measured[measured.index.isin(sources["case_id"])]
        codes = {theme.name: beneath(theme.codes, study.codes["code"]) for theme in themes}
        printed = quotations(shown).merge(sources[["source_id", "case_id"]], on="source_id")
        quoted = {}
        for theme, own in codes.items():
            for case, rows in printed[printed["code"].isin(own)].groupby("case_id"):
                chosen = typical(rows, own)
                if chosen is not None:
                    quoted[str(case), theme] = str(chosen["id"])
        return cls(
            kept,
            spans_by_case(study.corpus, codes).loc[kept.index],
            {
                (row["case_id"], row["theme"]): (row["state"], row["summary"])
                for row in matrix.to_dict("records")
            },
            quoted,
            sources.drop_duplicates("case_id").set_index("case_id")["role"].to_dict(),
        )

    def ordered(self, attribute: str) -> pd.Series:
        """The values of an attribute, sorted, cases without one last; equal ones by case."""
        values = self.measured[attribute].sort_index()
        known = values[values.notna() & (values.astype(str) != "")].sort_values(kind="stable")
        return pd.concat([known, values.drop(known.index)])


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
                **{theme: _cell(joint, case, theme) for theme in joint.spans.columns},
            }
            for case, value in joint.ordered(attribute).items()
        ]
        columns = ["case", attribute, *joint.spans.columns]
        units = dict.fromkeys(columns, "text")
        if pd.api.types.is_numeric_dtype(joint.measured[attribute]):
            units[attribute] = "rate"
        printed = {attribute: [_shown(row[attribute]) for row in rows]}
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
    """`by_attribute` of every attribute, with a column attribute in front."""
    choices = study.choices
    parts = [
        by_attribute(
            joint.spans > 0,
            joint.measured[attribute],
            minimum_group=choices.minimum_group,
            seed=choices.seed,
            n=choices.resamples,
        ).assign(attribute=attribute)
        for attribute in joint.measured.columns
    ]
    table = pd.concat(parts, ignore_index=True)
    return table[["attribute", *table.columns.drop("attribute")]].astype(
        {"n_cases": str, "n_carrying": str}
    )


def crossing(joint: Joint, attribute: str, least: int) -> pd.DataFrame:
    """How many of the cases of each level carry each theme: '3 of 8', a row a theme.

    Numbers are parted at their middle. A theme of which some level has fewer than `least` cases
    that carry it, or fewer that do not, is not crossed: its cells are ''.
    """
    values = joint.ordered(attribute)
    if pd.api.types.is_numeric_dtype(joint.measured[attribute]):
        known = values.dropna().astype(float)
        levels = (known > known.median()).map({True: _ABOVE, False: _UP_TO})
    else:
        levels = values[values.fillna("") != ""].astype(str)
    carrying = (joint.spans > 0).loc[levels.index]
    with_theme, all_cases = carrying.groupby(levels).sum(), levels.value_counts()
    rows = {}
    for theme in carrying.columns:
        cells = {level: int(with_theme.loc[level, theme]) for level in with_theme.index}
        small = any(min(n, int(all_cases[level]) - n) < least for level, n in cells.items())
        rows[theme] = {
            level: "" if small else f"{n} of {int(all_cases[level])}" for level, n in cells.items()
        }
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(with_theme.index))


def page(joint: Joint, study: Study, shown: frozenset[str], *, constructed: bool) -> str:
    """`joint.html`. `shown`: the ids on the evidence page."""
    least = study.choices.minimum_cell
    compared = contrasts(joint, study)
    displays = []
    for attribute in joint.measured.columns:
        crossed = crossing(joint, attribute, least)
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
        themes=list(joint.spans.columns),
        least=least,
        shown=shown,
    )


def _row(joint: Joint, case: str, value: object) -> dict[str, object]:
    cells = []
    for theme in joint.spans.columns:
        state, summary = joint.told.get((case, theme), ("", ""))
        quotation = joint.quoted.get((case, theme), "")
        cells.append(
            {
                "spans": int(joint.spans.loc[case, theme]),
                "state": state,
                "summary": summary,
                "quotation": quotation,
                "place": f"q-{quotation.rpartition('-')[0]}",
            }
        )
    role = joint.roles.get(case, "").replace("_", " ")
    return {"case": case, "role": role, "value": _shown(value), "cells": cells}


def _cell(joint: Joint, case: str, theme: str) -> str:
    """Spans, what the matrix says in a word, and a quotation: '3; said; int-01-5-1'."""
    state = joint.told.get((case, theme), ("", ""))[0]
    spans = str(int(joint.spans.loc[case, theme]))
    return "; ".join(filter(None, [spans, state, joint.quoted.get((case, theme), "")]))


def _shown(value: object) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:g}"
    return str(value)


def _figure(value: float) -> str:
    return "" if pd.isna(value) else format_value(float(value), "coefficient")
