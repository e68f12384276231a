"""The words under spans, for digests that survive a shift of positions."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.coding.placing.folding import fold_text


@dataclass(frozen=True)
class Words:
    """The passages of each source in order of the text: where they begin and end, and their text."""

    by_source: dict[str, tuple[np.ndarray, np.ndarray, list[str]]]

    @classmethod
    def of(cls, passages: pd.DataFrame) -> Words:
        """Take them from a table with source_id, start, end and text, in any order."""
        ordered = passages.sort_values(["source_id", "start"])
        return cls(
            {
                str(source): (own["start"].to_numpy(), own["end"].to_numpy(), list(own["text"]))
                for source, own in ordered.groupby("source_id")
            }
        )

    def digests(self, spans: pd.DataFrame) -> list[str]:
        """A digest of the words under each span (source_id, start, end), in the order of `spans`.

        White space and the look of quotation marks do not count, nor where in the source they
        stand.
        """
        columns = (spans[name] for name in ("source_id", "start", "end"))
        return [
            self._digest(str(one), start, end) for one, start, end in zip(*columns, strict=True)
        ]

    def _digest(self, source: str, start: int, end: int) -> str:
        begins, ends, texts = self.by_source[source]
        touched = np.flatnonzero((begins < end) & (ends > start))
        words = "\n".join(
            fold_text(texts[one][max(start - begins[one], 0) : end - begins[one]])
            for one in touched
        )
        return hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16]
