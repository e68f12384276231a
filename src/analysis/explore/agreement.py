"""Where two coders agree: each code's alpha, and the passages on which both or one of them put it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.coding.readings import read_readings
from analysis.explore.counting import counted_rows
from analysis.explore.counts import Cell, Grid
from analysis.explore.passages import Passages
from analysis.explore.results import Session
from analysis.explore.view import plural
from analysis.measures import agreement
from analysis.stages import agreement as stage

_SHOWN = ["code", "applied", "agreed", "percent_agreement", "alpha", "lower", "upper"]
ALPHA, BOTH = "alpha", "both"


def agreement_grid(session: Session, asked: Callable[..., Passages]) -> Grid:
    """The two coders whom the agreement stage compares, code by code.

    What counts is a unit that both read; under 'alpha' are the passages on which they part. Where
    nothing can be compared there is no cell, and `rule` says why.
    """
    compared, names = stage.compare(session.study), session.corpus.names
    cells: dict[tuple[str, str], Cell] = {}
    behind: dict[tuple[str, str], list[str]] = {}
    codes = list(compared.by_code["code"])
    by_code = _marked(session, codes, compared.coders)
    for row in compared.by_code.to_dict("records"):
        code = str(row["code"])
        marked = by_code[code]
        for column, ids in marked.items():
            if ids:
                said = f"{names.name(code)}, {column}: {plural(len(ids), 'passage')}"
                share = len(ids) / max(len(own) for own in marked.values())
                cells[code, column] = Cell(str(len(ids)), said, share)
                behind[code, column] = ids
        apart = sorted({one for column, ids in marked.items() if column != BOTH for one in ids})
        if apart and not math.isnan(row["alpha"]):
            alpha = f"{row['alpha']:.2f}"
            said = (
                f"{names.name(code)}: alpha {alpha}; they part on {plural(len(apart), 'passage')}"
            )
            cells[code, ALPHA] = Cell(alpha, said, max(0.0, float(row["alpha"])))
            behind[code, ALPHA] = apart
    return Grid(
        session,
        session.line("agreement"),
        "Where two coders agree",
        compared.reason,
        compared.by_code[_SHOWN].reset_index(drop=True),
        counted_rows(session.corpus),
        {code: names.name(code) for code in codes},
        {name: name for name in (ALPHA, BOTH, *map(_alone, compared.coders)) if codes},
        cells,
        lambda code, column: asked(names.written(code), coder="everybody").only(
            *behind[code, column]
        ),
        bars=True,
        about=codes,
    )


def _marked(
    session: Session, codes: list[str], coders: tuple[str, ...]
) -> dict[str, dict[str, list[str]]]:
    """By code, the passages in which both coders put it on a unit, or one of them on a unit alone."""
    if not codes:
        return {}
    study = session.study
    codings, passages = study.all_codings, study.counted_passages
    stated = read_readings(study.raw, study.register)
    used = stated["coder"].isin(coders) & stated["source_id"].isin(study.sources["source_id"])
    by_passage = study.choices.agreement_unit == "passage"
    rated = agreement.ratings_by_code(
        study.corpus_of(codings[codings["coder"].isin(coders)]),
        codes,
        passages if by_passage else stage.sentence_units(passages),
        stage.stretches(stated[used], study.passages),
    )
    lie_in = _passages_of(rated[codes[0]].index, passages)
    first, second = coders
    found = {}
    for code in codes:
        compared = rated[code].notna().all(axis=1).to_numpy()
        one, other = (compared & (rated[code][coder].to_numpy() == 1.0) for coder in coders)
        wanted = {BOTH: one & other, _alone(first): one & ~other, _alone(second): other & ~one}
        found[code] = {name: list(dict.fromkeys(lie_in[held])) for name, held in wanted.items()}
    return found


def _alone(coder: str) -> str:
    return f"{coder} alone"


def _passages_of(units: pd.MultiIndex, passages: pd.DataFrame) -> np.ndarray:
    """The id of the passage in which each unit (source_id, start, end) begins."""
    found = np.empty(len(units), dtype=object)
    sources, starts = units.get_level_values(0), units.get_level_values(1).to_numpy()
    for source_id, own in passages.groupby("source_id", sort=False):
        here = np.flatnonzero(sources == source_id)
        at = np.searchsorted(own["start"].to_numpy(), starts[here], side="right") - 1
        found[here] = [f"{source_id}-{number}" for number in own["passage"].to_numpy()[at]]
    return found
