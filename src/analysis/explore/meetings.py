"""The passages behind a count of co-occurrence: where two codes meet, under any unit."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.corpus import UNITS, Unit
from analysis.explore.search import Searchable
from analysis.files.problems import Problem, StudyError


def meetings(corpus: Searchable, code_a: str, code_b: str, unit: str, window: int) -> pd.DataFrame:
    """The counted passages in which two codes meet, as `measures.cooccurrence` counts them.

    As there, a code is itself alone, without the codes beneath it. By unit:

    - passage, window: just the n_ab passages of the count;
    - overlap: the passages that hold words under both codes (n_ab counts pairs of segments);
    - source: every passage with either code, in the n_ab sources that have both.
    """
    unit = known_unit(unit)
    passages = corpus.passages[corpus.passages["voice"].isin(corpus.voices)]
    codings = corpus.readings[""]
    spans = [codings[codings["code"] == code] for code in (code_a, code_b)]
    if unit == "overlap":
        return passages[_touched(passages, _shared(*spans))]
    in_a, in_b = (_touched(passages, own) for own in spans)
    if unit == "passage":
        return passages[in_a & in_b]
    source = passages["source_id"].to_numpy(object)
    if unit == "source":
        both = set(source[in_a]) & set(source[in_b])
        return passages[(in_a | in_b) & passages["source_id"].isin(both)]
    seen_a, seen_b = (_lately(held, source, window) for held in (in_a, in_b))
    return passages[(in_a | in_b) & seen_a & seen_b]


def known_unit(unit: str) -> Unit:
    """`unit`, if it is one; else a `StudyError`."""
    for known in UNITS:
        if unit == known:
            return known
    raise StudyError(Problem(f"unit={unit!r}", "no such unit", ", ".join(UNITS), "correct it"))


def _shared(of_a: pd.DataFrame, of_b: pd.DataFrame) -> pd.DataFrame:
    """The stretches that lie under a span of each table."""
    pairs = of_a.merge(of_b, on="source_id", suffixes=("", "_b"))
    start = pairs[["start", "start_b"]].max(axis=1)
    end = pairs[["end", "end_b"]].min(axis=1)
    return pairs.assign(start=start, end=end)[start < end]


def _touched(passages: pd.DataFrame, spans: pd.DataFrame) -> np.ndarray:
    """Which passages (n,) share a character with one of `spans`."""
    found = np.zeros(len(passages), dtype=bool)
    source = passages["source_id"].to_numpy(object)
    start, end = passages["start"].to_numpy(), passages["end"].to_numpy()
    columns = (spans[name] for name in ("source_id", "start", "end"))
    for name, begins, ends in zip(*columns, strict=True):
        found |= (source == name) & (start < ends) & (end > begins)
    return found


def _lately(held: np.ndarray, source: np.ndarray, window: int) -> np.ndarray:
    """Which passages hold, themselves or in the `window` - 1 before them in their source."""
    seen = held.copy()
    for back in range(1, min(window, len(held))):
        seen[back:] |= held[:-back] & (source[back:] == source[:-back])
    return seen
