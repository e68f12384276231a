"""Arithmetic on spans: where words lie, which codings touch counted text, unions of spans.

A span is half-open, in code points of its source's clean text. To handle all sources at once,
texts are laid end to end: a position becomes offset of its source + position.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd

Codes: TypeAlias = pd.DataFrame | Iterable[str] | None


def ancestors(names: Iterable[str], codes: Codes = None) -> dict[str, tuple[str, ...]]:
    """Return for each code its parent, grandparent and so on.

    Parents come from the column `parent` of a codes table where that lists the code (a missing
    parent is none), else from the path: the parent of `support/peer` is `support`.

    >>> ancestors(["support/peer/group"])
    {'support/peer/group': ('support/peer', 'support')}
    """
    listed: dict[str, str] = {}
    if isinstance(codes, pd.DataFrame) and "parent" in codes:
        above = codes["parent"].astype(object).where(codes["parent"].notna(), "")
        listed = dict(zip(map(str, codes["code"]), map(str, above), strict=True))

    def line(code: str) -> tuple[str, ...]:
        found: list[str] = []
        parent = listed.get(code, code.rpartition("/")[0])
        while parent and parent not in found:
            found.append(parent)
            parent = listed.get(parent, parent.rpartition("/")[0])
        return tuple(found)

    return {code: line(code) for code in names}


def not_empty(codings: pd.DataFrame) -> pd.DataFrame:
    """Return the codings that hold a character: an empty span is no segment and meets nothing.

    >>> not_empty(pd.DataFrame({"start": [0, 3], "end": [2, 3]})).index.tolist()
    [0]
    """
    return codings[codings["end"] > codings["start"]]


def numbered(column: pd.Series, names: Sequence[str]) -> np.ndarray:
    """Return for each value (n,) its place in `names`, which has each name once, or -1.

    >>> numbered(pd.Series(["b", "a", "z"]), ["a", "b"]).tolist()
    [1, 0, -1]
    """
    return np.asarray(pd.Index(names).get_indexer(pd.Index(column)), dtype=np.int64)


def rolled_up(codings: pd.DataFrame, codes: Codes) -> pd.DataFrame:
    """Repeat each coding under every ancestor of its code, a span once per code and coder.

    Columns as in `codings`, rows in its order, a code before those above it; parents as `ancestors`
    tells them. Other columns than span, code and coder are those of the first row of its kind.

    >>> row = {"source_id": ["s"], "start": [0], "end": [4], "code": ["support/peer"]}
    >>> rolled_up(pd.DataFrame(row), None)["code"].tolist()
    ['support/peer', 'support']
    """
    lines = ancestors(map(str, codings["code"].unique()), codes)
    borne_by = [(code, *lines[code]) for code in codings["code"]]
    return each_once(codings.assign(code=borne_by).explode("code").astype({"code": str}))


def each_once(codings: pd.DataFrame) -> pd.DataFrame:
    """Return each span once per code and coder.

    >>> twice = {"source_id": ["s"] * 2, "start": [0] * 2, "end": [4] * 2, "code": ["a"] * 2}
    >>> len(each_once(pd.DataFrame(twice)))
    1
    """
    key = [name for name in ("source_id", "start", "end", "code", "coder") if name in codings]
    return codings.drop_duplicates(key, ignore_index=True)


@dataclass(frozen=True)
class Text:
    """Counted text of several sources, laid end to end.

    `sources` sorted; `offset[i]` is where source i begins; `start`, `end` (n passages) are the
    bounds of counted passages and `words` (n words) the first characters of counted words, both
    in laid-out positions and sorted. `has_words`: whether the passages came with their text.
    """

    sources: list[str]
    offset: np.ndarray
    start: np.ndarray
    end: np.ndarray
    words: np.ndarray
    has_words: bool

    @classmethod
    def of(
        cls,
        passages: pd.DataFrame,
        codings: pd.DataFrame,
        words: tuple[np.ndarray, np.ndarray] | None = None,
    ) -> Text:
        """Lay out counted `passages`, leaving room for every position in `codings`.

        `words`, if they are asked for (`said.text_of`): of each (n words,) the row of its passage, and
        its first character from the beginning of that. Raises ValueError where passages of a source
        overlap.
        """
        ends = pd.concat([passages[["source_id", "end"]], codings[["source_id", "end"]]])
        length = ends.groupby("source_id")["end"].max().sort_index()
        offset = np.concatenate([[0], np.cumsum(length.to_numpy(np.int64) + 1)])[:-1]
        place = offset[numbered(passages["source_id"], list(length.index))]
        start = place + passages["start"].to_numpy(np.int64)
        row, within = words or (np.zeros(0, dtype=np.int64),) * 2
        starts = np.sort(start[row] + within)
        end = place + passages["end"].to_numpy(np.int64)
        order = np.lexsort((end, start))
        start, end = start[order], end[order]
        meeting = np.flatnonzero(start[1:] < end[:-1])
        if len(meeting):
            source = passages["source_id"].iloc[order[meeting[0]]]
            raise ValueError(
                f"passages or units overlap in source {source}: cut them so that no character "
                "is in two"
            )
        return cls(
            list(length.index),
            offset,
            start,
            end,
            starts,
            words is not None,
        )

    @property
    def filled(self) -> np.ndarray:
        """Which passages (n passages,) hold a character: no coding touches an empty one."""
        return self.end > self.start

    def laid_out(self, codings: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return start and end of each coding as laid-out positions."""
        place = self.offset[numbered(codings["source_id"], self.sources)]
        return place + codings["start"].to_numpy(np.int64), place + codings["end"].to_numpy(
            np.int64
        )

    def touched(self, codings: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return for each coding first and last + 1 of the counted passages it touches.

        Places in the order of the text; first >= last + 1 where it touches none. Empty passages
        between are within the bounds; `filled` tells them.
        """
        start, end = self.laid_out(codings)
        return (
            np.searchsorted(self.end, start, side="right"),
            np.searchsorted(self.start, end, side="left"),
        )

    def words_of(self, codings: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Return for each coding first and last + 1 of its counted words.

        A word belongs to the span that holds its first character.
        """
        start, end = self.laid_out(codings)
        return np.searchsorted(self.words, start), np.searchsorted(self.words, end)


def in_counted_text(codings: pd.DataFrame, text: Text) -> np.ndarray:
    """Return which codings touch at least one character of a counted passage.

    >>> passages = pd.DataFrame({"source_id": ["s"], "start": [0], "end": [4]})
    >>> codings = pd.DataFrame({"source_id": ["s", "s"], "start": [3, 4], "end": [6, 6]})
    >>> in_counted_text(codings, Text.of(passages, codings)).tolist()
    [True, False]
    """
    first, beyond = text.touched(codings)
    up_to = np.concatenate([[0], np.cumsum(text.filled)])
    return np.asarray(up_to[first] < up_to[beyond])


def union(
    group: np.ndarray, start: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Merge overlapping or touching half-open intervals within each group.

    Returns group, start, end of the merged intervals, sorted by group and start. Empty
    intervals vanish.

    >>> [each.tolist() for each in union(np.array([0, 0, 1]), np.array([0, 2, 0]), np.array([3, 5, 1]))]
    [[0, 1], [0, 0], [5, 1]]
    """
    real = end > start
    group, start, end = group[real], start[real], end[real]
    if not len(group):
        return group, start, end
    order = np.lexsort((start, group))
    group, start, end = group[order], start[order], end[order]
    room = int(end.max()) + 1
    # Groups laid end to end, so that one running maximum serves them all.
    reach = np.maximum.accumulate(group * room + end)
    opens = np.ones(len(start), dtype=bool)
    opens[1:] = group[1:] * room + start[1:] > reach[:-1]
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(start)) - 1
    return group[first], start[first], reach[last] - group[first] * room


def union_length(
    group: np.ndarray, start: np.ndarray, end: np.ndarray, n_groups: int
) -> np.ndarray:
    """Return for each of `n_groups` groups the length of the union of its intervals.

    >>> union_length(np.array([0, 0, 1]), np.array([0, 2, 0]), np.array([3, 5, 1]), 3).tolist()
    [5, 1, 0]
    """
    of, begin, finish = union(group, start, end)
    return np.bincount(of, weights=finish - begin, minlength=n_groups).astype(np.int64)
