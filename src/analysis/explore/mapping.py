"""The codes of a study as a map: who meets whom, each code and each line with its passages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus import Unit
from analysis.explore.counting import counted_rows
from analysis.explore.counts import Counts
from analysis.explore.passages import Passages
from analysis.explore.results import Session
from analysis.explore.view import plural
from analysis.measures import cooccurrence
from analysis.stages.cooccurrence import most_met

MAPPED = 20
_STEPS = 300


@dataclass(frozen=True)
class CodeMap(Counts):
    """Codes as places and their meetings as lines.

    `table`: every pair that meets (code_a, code_b, n_ab); `nodes`: code -> name, x, y (0 to 1) and
    how many passages carry it; `edges`: two codes and how often they meet.
    """

    session: Session
    line: str
    title: str
    rule: str
    table: pd.DataFrame
    rows: pd.DataFrame
    nodes: dict[str, tuple[str, float, float, int]]
    edges: list[tuple[str, str, int]]
    behind: Callable[[str, str], Passages]

    def __repr__(self) -> str:
        return f"{self.line}: {plural(len(self.nodes), 'code')}, {plural(len(self.edges), 'line')}"


def code_map(
    session: Session,
    unit: Unit,
    most: int,
    meeting: Callable[[str, str, str], Passages],
    passages: Callable[..., Passages],
) -> CodeMap:
    """The `most` codes that meet most, those that meet often near each other."""
    study, names = session.study, session.corpus.names
    pairs = cooccurrence.cooccurrence(study.corpus, unit, study.choices.window)
    met = pairs[pairs["n_ab"] > 0][["code_a", "code_b", "n_ab"]].reset_index(drop=True)
    codes = [code for code in most_met(pairs, most) if code in {*met["code_a"], *met["code_b"]}]
    weights = np.zeros((len(codes), len(codes)))
    edges = []
    for row in met.itertuples(index=False):
        if row.code_a in codes and row.code_b in codes:
            one, other = codes.index(row.code_a), codes.index(row.code_b)
            weights[one, other] = weights[other, one] = row.n_ab
            edges.append((str(row.code_a), str(row.code_b), int(row.n_ab)))
    places = _placed(weights)
    corpus = session.corpus
    counted = corpus.passages["voice"].isin(corpus.voices).to_numpy()
    carried = corpus.carrying(alone=True)[counted].sum(axis=0)
    nodes = {
        code: (names.name(code), float(x), float(y), int(carried[corpus.paths.index(code)]))
        for code, (x, y) in zip(codes, places, strict=True)
    }

    def behind(one: str, other: str) -> Passages:
        if one == other:
            return passages(f"={names.written(one)}")
        return meeting(names.name(one), names.name(other), unit)

    return CodeMap(
        session,
        session.line("code_map", unit=unit, most=None if most == MAPPED else most),
        f"Codes that meet, by {unit}",
        "A code counts alone, without those beneath it. Where a code stands says only that it is"
        " near those that it meets often.",
        met,
        counted_rows(corpus),
        nodes,
        edges,
        behind,
    )


def _placed(weights: np.ndarray) -> np.ndarray:
    """(n, 2) in 0 to 1: springs between those that meet, all others apart; always the same.

    Fruchterman and Reingold (1991), from a circle, without chance.
    """
    n = len(weights)
    angle = 2 * np.pi * np.arange(n) / max(n, 1)
    places = np.column_stack([np.cos(angle), np.sin(angle)])
    if n < 3:
        return (places + 1) / 2
    pull, ideal = weights / weights.max(), 1.6 / np.sqrt(n)
    for step in range(_STEPS):
        apart = places[:, None] - places[None]
        length = np.maximum(np.hypot(apart[..., 0], apart[..., 1]), 1e-3)
        force = ideal**2 / length**2 - pull * length / ideal
        np.fill_diagonal(force, 0)
        move = (apart * force[..., None]).sum(axis=1) - 0.05 * places
        far = np.maximum(np.hypot(move[:, 0], move[:, 1]), 1e-9)
        places = places + move / far[:, None] * np.minimum(far, 0.15 * (1 - step / _STEPS))[:, None]
    low, high = places.min(axis=0), places.max(axis=0)
    return np.asarray((places - low) / np.maximum(high - low, 1e-9))
