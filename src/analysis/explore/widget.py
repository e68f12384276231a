"""The front end in the notebook: one module of JavaScript, bundled here, that loads nothing."""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from analysis.claims.bearing import BEARS
from analysis.explore import view
from analysis.explore.answers import PAGE, Answers
from analysis.explore.counts import Grid, Table
from analysis.explore.found import Passages
from analysis.explore.results import Desk, Result
from analysis.explore.search import EVERYBODY, FILTERS, Searchable

_STATIC = Path(__file__).parent / "static"


class ExploreWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """A form that asks its `Answers` for everything it shows.

    `form`: 'explorer', 'found' (the passages of a line), 'grid', or 'head' of a table.
    """

    _esm = _STATIC / "explore.js"
    _css = view.style()
    form = traitlets.Unicode().tag(sync=True)
    setup = traitlets.Dict().tag(sync=True)

    def __init__(self, form: str, setup: dict[str, Any], answers: Answers) -> None:
        super().__init__(form=form, setup=setup)
        self.answers = answers
        self.on_msg(self._asked)

    def _asked(self, _: object, message: dict[str, Any], buffers: object) -> None:
        self.send({"to": message["number"], **self.answers.answer(message)})


def explorer_widget(desk: Desk) -> ExploreWidget:
    """The code explorer: codes joined by operators, filters, and the passages they find."""
    corpus, answers = desk.corpus, Answers(desk)
    # Laid out now, so that the first change of coder is as quick as any later one.
    for coder in corpus.readings:
        corpus.carrying(coder)
        corpus.spans("", coder)
    setup = {
        "codes": [
            {"code": row.code, "name": row.name, "depth": row.depth}
            for row in corpus.codes[["code", "name", "depth"]].itertuples(index=False)
        ],
        "filters": [{"name": name, "values": _options(corpus, name)} for name in FILTERS]
        + [{"name": "coder", "values": [[one, one] for one in (*corpus.coders, EVERYBODY)]}],
        "near": corpus.near,
        "first": answers.answer({"ask": "search", "terms": [], "filters": {}}),
        **_for_notes(desk),
    }
    return ExploreWidget("explorer", setup, answers)


def passages_widget(found: Passages) -> ExploreWidget:
    """The passages of a line of code, to step through, note and judge as in the explorer."""
    answers = Answers(found.desk)
    setup = {"first": answers.show(found), **_for_notes(found.desk)}
    return ExploreWidget("found", setup, answers)


def grid_widget(grid: Grid) -> ExploreWidget:
    """A chart beside its cells as buttons, and the passages behind the chosen one."""
    desk = grid.desk
    picture = base64.b64encode(grid.picture()).decode()
    setup = {
        "title": grid.title,
        "rule": grid.rule,
        "bars": grid.bars,
        "picture": f"data:image/svg+xml;base64,{picture}" if picture else "",
        "remarks": dict(grid.remarks),
        "rows": list(grid.down.items()),
        "columns": list(grid.across.items()),
        "cells": [
            [row, column, cell.label, cell.said, cell.share]
            for (row, column), cell in grid.cells.items()
        ],
        **_of_result(grid),
        **_for_notes(desk),
    }
    return ExploreWidget("grid", setup, Answers(desk, grid, grid.behind))


def table_widget(table: Table) -> ipywidgets.VBox:
    """A table to sort, search and page through, offline; its cells are text, never markup."""
    from itables.widget import ITable

    setup = {**_of_result(table), "notice": table.desk.notice}
    head = ExploreWidget("head", setup, Answers(table.desk, table))
    shown = ITable(table.table, classes="display compact", showIndex=False, style="width:100%")
    both = ipywidgets.VBox([head, shown])
    # So that its keys are kept from JupyterLab's shortcuts.
    both.add_class("explore-table")
    return both


def shown(widget: ipywidgets.DOMWidget) -> tuple[dict[str, Any], dict[str, Any]]:
    """How a result shows as `widget`: data and metadata; its text is the result's own to say."""
    bundle = widget._repr_mimebundle_()
    data, metadata = bundle if isinstance(bundle, tuple) else (bundle, {})
    return {kind: one for kind, one in data.items() if kind != "text/plain"}, metadata


def _of_result(result: Result) -> dict[str, Any]:
    return {"line": result.line, "counted": result.counted, "warnings": result.warnings}


def _options(corpus: Searchable, name: str) -> list[list[str]]:
    """What a filter may be set to, and how it reads: sources with their titles."""
    titles = dict(zip(corpus.sources["source_id"], corpus.sources["title"], strict=True))
    return [
        [value, f"{value} · {titles[value]}" if name == "source" else value.replace("_", " ")]
        for value in corpus.values(name)
    ]


def _for_notes(desk: Desk) -> dict[str, Any]:
    return {
        "claims": list(desk.claims().items()),
        "bears": list(BEARS),
        "notice": desk.notice,
        "page": PAGE,
    }
