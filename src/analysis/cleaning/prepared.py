"""A source that was read and cleaned: its passages, what may be a name in it, its ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from analysis.cleaning.edits import CleanText
from analysis.cleaning.ledger import Entry
from analysis.cleaning.passages import DE_IDENTIFYING, Columns, passage_table
from analysis.files.problems import Problem

CANDIDATES = ("source_id", "start", "end", "cue", "found", "context")
OF_CANDIDATES = CANDIDATES[1:]
REPLACED = ("source_id", "rule", "kind", "found", "replacement", "count")


@dataclass(frozen=True)
class Prepared:
    """One source, read and cleaned. It holds the original words: private matter.

    `said` are its passages, `possible` what may be a name in it, as columns: `passages` (as in
    `tables.PASSAGES`) and `candidates` (`CANDIDATES`) are the tables of them. `accounted` is its
    words ledger (`cleaning.ledger`), `unexplained` what that does not explain.
    """

    source_id: str
    format: str
    encoding: str
    notes: tuple[str, ...]
    clean: CleanText
    said: Columns
    possible: Columns
    accounted: tuple[Entry, ...]
    unexplained: tuple[Problem, ...] = ()

    @cached_property
    def passages(self) -> pd.DataFrame:
        return passages_of([self])

    @cached_property
    def candidates(self) -> pd.DataFrame:
        return candidates_of([self])

    def log(self) -> pd.DataFrame:
        """The cleaning log of this source, as in `tables.CLEANING_LOG`."""
        log = self.clean.log()
        log.insert(0, "source_id", pd.Series([self.source_id] * len(log), dtype="str"))
        return log

    def replacements(self) -> list[tuple[str, str, str, str, str, int]]:
        """What was replaced by what, a row of `REPLACED` each, sorted. Private."""
        counts = Counter(
            (self.source_id, rule, kind, found, replacement)
            for rule in DE_IDENTIFYING
            for found, replacement, kind in self.clean.replaced(rule)
        )
        return [(*row, counts[row]) for row in sorted(counts)]


def passages_of(sources: Iterable[Prepared]) -> pd.DataFrame:
    """The passages of all `sources`, below one another (`tables.PASSAGES`)."""
    return passage_table((one.source_id, one.clean.text, one.said) for one in sources)


def candidates_of(sources: Iterable[Prepared]) -> pd.DataFrame:
    """What may be a name in all `sources`, below one another (`CANDIDATES`)."""
    every: dict[str, list[Any]] = {name: [] for name in CANDIDATES}
    for one in sources:
        every["source_id"] += [one.source_id] * len(one.possible["start"])
        for name in OF_CANDIDATES:
            every[name] += one.possible[name]
    types = dict.fromkeys(CANDIDATES, "str") | {"start": "int64", "end": "int64"}
    return pd.DataFrame({name: pd.array(every[name], dtype=types[name]) for name in CANDIDATES})
