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
from analysis.explore.counts import Grid, Lines, Table
from analysis.explore.mapping import CodeMap
from analysis.explore.passages import Passages, SourcePage
from analysis.explore.results import Result, Session, display, figures
from analysis.explore.search import EVERYBODY, FILTERS, Searchable
from analysis.files.problems import StudyError

_STATIC = Path(__file__).parent / "static"

Shown = tuple[dict[str, Any], dict[str, Any]]


class ExploreWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """A form that asks its `Answers` for everything it shows.

    `form`: 'explorer', 'found' (the passages of a line), 'grid', 'lines' (a
    concordance), 'map' (of codes), or 'head' of a table.
    """

    _esm = view.script(_STATIC / "explore.js")
    _css = view.style()
    form = traitlets.Unicode().tag(sync=True)
    setup = traitlets.Dict().tag(sync=True)

    def __init__(self, form: str, setup: dict[str, Any], answers: Answers) -> None:
        super().__init__(form=form, setup=setup)
        self.answers = answers
        self.on_msg(self._asked)

    def _asked(self, _: object, message: dict[str, Any], buffers: object) -> None:
        reply = self.answers.answer(message)
        buffers = reply.pop("buffers", None)
        self.send({"to": message["number"], **reply}, buffers)


def explorer_widget(session: Session) -> ExploreWidget:
    """The code explorer: codes joined by operators, filters, and the passages they find."""
    corpus, answers = session.corpus, Answers(session)
    # Laid out now, so that the first change of coder is as quick as any later one.
    for coder in corpus.readings:
        corpus.carrying(coder)
        corpus.spans("", coder)
    setup = {
        "codes": [
            {"code": row.code, "name": row.name, "depth": row.depth}
            for row in corpus.codes[["code", "name", "depth"]].itertuples(index=False)
        ],
        "filters": [
            {"name": name, "values": _options(corpus, name)}
            for name in (*FILTERS, *corpus.telling_columns)
        ]
        + [{"name": "words", "values": [], "typed": "search"}]
        + [{"name": name, "values": [], "typed": "date"} for name in ("since", "until")]
        + [{"name": "claim", "values": [[one, one] for one in session.claims()]}]
        + [{"name": "coder", "values": [[one, one] for one in (*corpus.coders, EVERYBODY)]}],
        "near": corpus.near,
        "first": answers.answer({"ask": "search", "terms": [], "filters": {}}),
        **_for_notes(session),
    }
    return ExploreWidget("explorer", setup, answers)


@display.register
def show_passages(passages: Passages) -> Shown | None:
    """The passages of a line of code, to step through, note and judge as in the explorer."""
    answers = Answers(passages.session)
    try:
        setup = {"first": answers.show(passages), **_for_notes(passages.session)}
    except StudyError:
        # Claims that are half written: they are read without the reader's form for bearings.
        return None
    return _shown(ExploreWidget("found", setup, answers))


@display.register
def show_source(page: SourcePage) -> None:
    """A source is a page to be read: its HTML is all."""


@display.register
def show_grid(grid: Grid) -> Shown:
    """A chart beside its cells as buttons, and the passages behind the chosen one."""
    session = grid.session
    picture = base64.b64encode(grid.picture()).decode()
    setup = {
        "title": grid.title,
        "rule": grid.rule,
        "bars": grid.bars,
        "picture": f"data:image/svg+xml;base64,{picture}" if picture else "",
        "remarks": dict(grid.remarks),
        "written": [[*cell, words] for cell, words in grid.written.items()],
        "beneath": [
            [one.title, one.rule, list(one.table.columns), figures(one.table)]
            for one in grid.beneath
        ],
        "rows": list(grid.down.items()),
        "columns": list(grid.across.items()),
        "cells": [
            [row, column, cell.label, cell.said, cell.share]
            for (row, column), cell in grid.cells.items()
        ],
        **_of_result(grid),
        **_for_notes(session),
    }
    return _shown(ExploreWidget("grid", setup, Answers(session, grid, grid.behind)))


@display.register
def show_lines(lines: Lines) -> Shown:
    """A concordance, right-aligned before its words; each line leads to its passage."""
    session = lines.session
    setup = {
        "rows": lines.table[["id", "left", "word", "right"]].astype(str).to_numpy().tolist(),
        **_of_result(lines),
        **_for_notes(session),
    }
    return _shown(ExploreWidget("lines", setup, Answers(session, lines)))


@display.register
def show_map(found: CodeMap) -> Shown:
    """Codes and their meetings as a drawing, whose parts are buttons."""
    setup = {
        "title": found.title,
        "rule": found.rule,
        "nodes": [[code, *node] for code, node in found.nodes.items()],
        "edges": [list(edge) for edge in found.edges],
        **_of_result(found),
        **_for_notes(found.session),
    }
    return _shown(ExploreWidget("map", setup, Answers(found.session, found, found.behind)))


@display.register
def show_table(table: Table) -> Shown:
    """A table to sort, search and page through, offline; its cells are text, never markup."""
    from itables.widget import ITable

    setup = {**_of_result(table), "notice": table.session.notice}
    head = ExploreWidget("head", setup, Answers(table.session, table))
    rows = ITable(table.table, classes="display compact", showIndex=False, style="width:100%")
    both = ipywidgets.VBox([head, rows])
    # So that its keys are kept from JupyterLab's shortcuts.
    both.add_class("explore-table")
    return _shown(both)


def _shown(widget: ipywidgets.DOMWidget) -> Shown:
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


def _for_notes(session: Session) -> dict[str, Any]:
    return {
        "claims": list(session.claims().items()),
        "bears": list(BEARS),
        "notice": session.notice,
        "page": PAGE,
    }
