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


def agreeing(session: Session, asked: Callable[..., Passages]) -> Grid:
    """The two coders whom the agreement stage compares, code by code.

    What counts is a unit that both read; under 'alpha' are the passages on which they part. Where
    nothing can be compared there is no cell, and `rule` says why.
    """
    compared, names = stage.compare(session.study), session.corpus.names
    cells: dict[tuple[str, str], Cell] = {}
    behind: dict[tuple[str, str], list[str]] = {}
    codes = list(compared.by_code["code"])
    for row in compared.by_code.to_dict("records"):
        code = str(row["code"])
        marked = _marked(session, code, compared.coders)
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


def _marked(session: Session, code: str, coders: tuple[str, ...]) -> dict[str, list[str]]:
    """The passages in which both coders put a code on a unit, or one of them on a unit alone."""
    study = session.study
    codings, passages = study.all_codings, study.counted_passages
    stated = read_readings(study.raw, study.register)
    used = stated["coder"].isin(coders) & stated["source_id"].isin(study.sources["source_id"])
    by_passage = study.choices.agreement_unit == "passage"
    rated = agreement.ratings(
        study.corpus_of(codings[codings["coder"].isin(coders)]),
        code,
        passages if by_passage else stage.sentence_units(passages),
        stage.stretches(stated[used], study.passages),
    ).dropna()
    one, other = (rated[coder].to_numpy() == 1.0 for coder in coders)
    first, second = coders
    wanted = {BOTH: one & other, _alone(first): one & ~other, _alone(second): other & ~one}
    return {name: _passages_at(rated.index[held], passages) for name, held in wanted.items()}


def _alone(coder: str) -> str:
    return f"{coder} alone"


def _passages_at(units: pd.MultiIndex, passages: pd.DataFrame) -> list[str]:
    """The ids of the passages in which units (source_id, start, end) lie."""
    found = []
    for source_id, own in passages.groupby("source_id", sort=False):
        starts = units[units.get_level_values(0) == source_id].get_level_values(1)
        at = np.searchsorted(own["start"].to_numpy(), starts.to_numpy(), side="right") - 1
        found += [f"{source_id}-{number}" for number in own["passage"].to_numpy()[np.unique(at)]]
    return found
