"""The words under spans, for digests that survive a shift of positions."""

from __future__ import annotations

import hashlib

import pandas as pd

from analysis.coding.folding import fold_text


def words_of_spans(spans: pd.DataFrame, passages: pd.DataFrame) -> list[str]:
    """A digest of the words under each span (source_id, start, end), in the order of `spans`.

    White space and the look of quotation marks do not count, nor where in the source they stand.
    """
    by_source = dict(list(passages.groupby("source_id")))
    result = []
    for source, start, end in zip(spans["source_id"], spans["start"], spans["end"], strict=True):
        own = by_source[source]
        touched = own[(own["start"] < end) & (own["end"] > start)].sort_values("start")
        words = "\n".join(
            fold_text(text[max(start - begin, 0) : end - begin])
            for text, begin in zip(touched["text"], touched["start"], strict=True)
        )
        result.append(hashlib.sha256(words.encode("utf-8", "surrogatepass")).hexdigest()[:16])
    return result
