"""Codings as numbers, and the units in which their codes may meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus import UNITS, Corpus, Unit
from analysis.corpus.plain import several
from analysis.measures.said import text_of
from analysis.measures.spans import Text, ancestors, numbered


@dataclass(frozen=True)
class Frame:
    """Codings as numbers, and the units in which their codes may meet.

    `source` (into `source_names`), `coder`, `start`, `end` and `code` (into `names`) are (n
    segments,); all coders are 0 unless codes meet within coder only. `first`, `beyond` bound
    the units that a segment touches (passages, in order of the text, or sources);
    `unit_source` gives the source of each unit and `unit_filled` whether it holds a character at
    all. `word_first`, `word_beyond` bound its words.
    For overlap with passages, units are passages too, though pairs are counted in segments.
    """

    names: list[str]
    lines: dict[str, tuple[str, ...]]
    source_names: list[str]
    source: np.ndarray
    coder: np.ndarray
    start: np.ndarray
    end: np.ndarray
    code: np.ndarray
    first: np.ndarray
    beyond: np.ndarray
    unit_source: np.ndarray
    unit_start: np.ndarray
    unit_end: np.ndarray
    unit_filled: np.ndarray
    n_units: int
    window: int
    word_first: np.ndarray
    word_beyond: np.ndarray
    has_words: bool

    @classmethod
    def of(
        cls,
        corpus: Corpus,
        unit: Unit,
        window: int | None,
        within_coder: bool,
        codes: Sequence[str] | None,
    ) -> Frame:
        """Check the request and turn the codings that count into numbers."""
        _check(unit, corpus, window)
        codings = corpus.counted
        names = sorted(
            corpus.codings["code"].unique() if codes is None else several(codes, "codes")
        )
        if codes is not None:
            codings = codings[codings["code"].isin(names)]
        first = beyond = unit_source = unit_start = unit_end = np.zeros(0, dtype=np.int64)
        unit_filled = word_first = word_beyond = first
        n_units = len(codings)
        if corpus.passages is None:
            source, source_names = _factor(codings["source_id"])
        else:
            passages = corpus.counted_passages
            # Words are looked for only where they are counted.
            text = text_of(corpus, codings) if unit == "overlap" else Text.of(passages, codings)
            source_names = sorted(passages["source_id"].unique())
            source = numbered(codings["source_id"], source_names)
            unit_source = numbered(passages["source_id"], source_names)
            unit_start, unit_end = (passages[side].to_numpy(np.int64) for side in ("start", "end"))
            unit_filled = text.filled
            first, beyond = text.touched(codings)
            n_units = len(codings) if unit == "overlap" else len(passages)
            if unit == "overlap":
                word_first, word_beyond = text.words_of(codings)
        if unit == "source":
            first, beyond = source, source + 1
            n_units = len(source_names)
            unit_source = np.arange(n_units)
            unit_filled = np.ones(n_units, dtype=bool)
        coder = np.zeros(len(codings), dtype=np.int64)
        if within_coder and "coder" in codings:
            coder, _ = _factor(codings["coder"])
        return cls(
            names,
            ancestors(names, corpus.codes),
            source_names,
            source,
            coder,
            codings["start"].to_numpy(np.int64),
            codings["end"].to_numpy(np.int64),
            numbered(codings["code"], names),
            first,
            beyond,
            unit_source,
            unit_start,
            unit_end,
            unit_filled,
            n_units,
            window if unit == "window" and window else 1,
            word_first,
            word_beyond,
            unit == "overlap" and corpus.passages is not None and "text" in corpus.passages,
        )

    def presence_by_source(self) -> list[np.ndarray]:
        """Return for each source (coders, units, codes) of bool, in order of the text.

        Coders are those with a code in the source, at least one.
        """
        unit, code, coder = self.presence()
        borders = self.borders
        # Units are in order of the sources, and what is present in order of the units.
        places = np.searchsorted(unit, borders)
        held = []
        for place in range(len(self.source_names)):
            begin, beyond = borders[place], borders[place + 1]
            own = slice(places[place], places[place + 1])
            who, row = np.unique(coder[own], return_inverse=True)
            table = np.zeros((max(len(who), 1), beyond - begin, len(self.names)), dtype=bool)
            table[row, unit[own] - begin, code[own]] = True
            held.append(table)
        return held

    @property
    def borders(self) -> np.ndarray:
        """The first unit of each source, in their order, and after them the number of all units."""
        length = np.bincount(self.unit_source, minlength=len(self.source_names))
        return np.concatenate([[0], np.cumsum(length)])

    def pairs(self, own_parent: bool) -> tuple[np.ndarray, np.ndarray]:
        """Return the indices of both codes of every pair, a code with its parent only if asked."""
        return _pairs(self.names, self.lines, own_parent)

    def presence(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return unit, code and coder of every presence of a code in a unit, each once."""
        times = np.maximum(self.beyond - self.first, 0)
        row = np.repeat(np.arange(len(times)), times)
        within = np.arange(len(row)) - np.repeat(np.cumsum(times) - times, times)
        unit, code, coder = self.first[row] + within, self.code[row], self.coder[row]
        seen = np.unique(np.stack([unit, code, coder])[:, self.unit_filled[unit]], axis=1)
        return seen[0], seen[1], seen[2]

    def carried(
        self, unit: np.ndarray, code: np.ndarray, coder: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Carry each presence on into the later windows that look back on it.

        Returns unit, code, coder, and whether the presence is the unit's own; each (unit, code,
        coder) once.
        """
        rows = [np.stack([unit, code, coder, np.zeros_like(unit)])]
        for later in range(1, self.window):
            inside = unit + later < self.n_units
            moved = np.stack([unit + later, code, coder, np.ones_like(unit)])[:, inside]
            rows.append(moved[:, self.unit_source[moved[0]] == self.unit_source[unit[inside]]])
        every = np.concatenate(rows, axis=1)
        every = every[:, np.lexsort(every[::-1])]
        # Own presences sort before carried ones of the same unit, code and coder.
        kept = np.ones(every.shape[1], dtype=bool)
        kept[1:] = (every[:3, 1:] != every[:3, :-1]).any(axis=0)
        every = every[:, kept]
        return every[0], every[1], every[2], every[3] == 0


def pairs_of(
    names: list[str], codes: pd.DataFrame, own_parent: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Return as `Frame.pairs`, of codes that are sorted, with the codebook that tells their parents.

    >>> [each.tolist() for each in pairs_of(["a", "a/b", "c"], pd.DataFrame(columns=["code"]), False)]
    [[0, 1], [2, 2]]
    """
    return _pairs(names, ancestors(names, codes), own_parent)


def _pairs(
    names: list[str], lines: dict[str, tuple[str, ...]], own_parent: bool
) -> tuple[np.ndarray, np.ndarray]:
    a, b = np.triu_indices(len(names), 1)
    if own_parent:
        return a, b
    parent = np.full(len(names), -1)
    place = {code: index for index, code in enumerate(names)}
    for code, line in lines.items():
        parent[place[code]] = place.get(line[0], -1) if line else -1
    kept = (parent[a] != b) & (parent[b] != a)
    return a[kept], b[kept]


def _factor(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    number, values = pd.factorize(column, sort=True)
    return np.asarray(number, dtype=np.int64), list(map(str, values))


def _check(unit: str, corpus: Corpus, window: int | None) -> None:
    if unit not in UNITS:
        raise ValueError(f"unit {unit!r} is not one of {', '.join(UNITS)}")
    if unit in ("passage", "window") and corpus.passages is None:
        raise ValueError(f"unit {unit!r} needs the passages")
    if unit == "window" and (window is None or window < 1 or window != int(window)):
        raise ValueError("unit 'window' needs a window of at least 1 passage, a whole number")
