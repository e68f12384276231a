"""Which counted passages carry which code, case by case: what a corrected figure is made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.spans import rolled_up
from analysis.measures.units import Frame


@dataclass(frozen=True)
class Carried:
    """Which counted passages carry which code: `at` (passages, codes) of bool, in order of the text.

    `case` (passages,) numbers `case_ids`, which has every case of the corpus, with passages or none.
    """

    codes: list[str]
    case_ids: list[str]
    case: np.ndarray
    at: np.ndarray

    @classmethod
    def of(cls, corpus: Corpus, codes: Sequence[str]) -> Carried:
        """Those of `codes`, each with what lies below it in the tree of codes."""
        every = rolled_up(corpus.codings, corpus.codes) if len(corpus.codings) else corpus.codings
        rolled = Corpus(corpus.sources, corpus.passages, corpus.codes, every, corpus.voices)
        frame = Frame.of(rolled, "passage", None, False, sorted(codes))
        unit, code, _ = frame.presence()
        at = np.zeros((frame.n_units, len(frame.names)), dtype=bool)
        at[unit, code] = True
        case_ids = sorted(corpus.sources["case_id"].unique())
        of_source = corpus.sources.set_index("source_id")["case_id"]
        cases = pd.Index(case_ids).get_indexer(of_source.loc[frame.source_names])
        return cls(frame.names, case_ids, cases[frame.unit_source].astype(np.int64), at)

    @property
    def size(self) -> np.ndarray:
        """The passages of each case (cases,)."""
        return np.bincount(self.case, minlength=len(self.case_ids))

    def passages(self, code: str, beside: str = "") -> np.ndarray:
        """How many passages (cases,) carry `code`, and `beside` with it where that is given."""
        held = self.at[:, self.codes.index(code)]
        if beside:
            held = held & self.at[:, self.codes.index(beside)]
        return np.bincount(self.case[held], minlength=len(self.case_ids))

    def cases(self, code: str, beside: str = "") -> np.ndarray:
        """Whether each case (cases,) has such a passage, as 0 and 1."""
        return (self.passages(code, beside) > 0).astype(np.int64)
