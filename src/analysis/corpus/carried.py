"""Which codings touch which passages."""

from __future__ import annotations

import numpy as np
import pandas as pd


def touching_pairs(passages: pd.DataFrame, codings: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return each pair of a passage and a coding that share a character, as two arrays (pairs,)
    of row numbers, by source, place of the passage and row of the coding.

    Both have source_id, start, end; passages of a source do not overlap. Time and memory grow with
    rows and pairs: no table of all passages by all codings of a source is made.

    >>> passages = pd.DataFrame({"source_id": ["s", "s"], "start": [0, 5], "end": [4, 9]})
    >>> codings = pd.DataFrame({"source_id": ["s", "t"], "start": [3, 0], "end": [6, 9]})
    >>> [rows.tolist() for rows in touching_pairs(passages, codings)]
    [[0, 1], [0, 0]]
    """
    names = pd.Index(passages["source_id"].unique())
    source = names.get_indexer(pd.Index(passages["source_id"]))
    of_coding = names.get_indexer(pd.Index(codings["source_id"]))
    start, end = (passages[one].to_numpy(np.int64) for one in ("start", "end"))
    begin, stop = (codings[one].to_numpy(np.int64) for one in ("start", "end"))
    # Sources are laid end to end, so that one search serves them all.
    room = int(max(end.max(initial=0), stop.max(initial=0))) + 1
    order = np.lexsort((end, start, source))
    order = order[(end > start)[order]]
    first = np.searchsorted((source * room + end)[order], of_coding * room + begin, side="right")
    beyond = np.searchsorted((source * room + start)[order], of_coding * room + stop, side="left")
    many = np.where((of_coding >= 0) & (stop > begin), np.maximum(beyond - first, 0), 0)
    coding = np.repeat(np.arange(len(codings)), many)
    within = np.arange(len(coding)) - np.repeat(np.cumsum(many) - many, many)
    place = first[coding] + within
    sorted_by_place = np.argsort(place, kind="stable")
    return order[place[sorted_by_place]], coding[sorted_by_place]
