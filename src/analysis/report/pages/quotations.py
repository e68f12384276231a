"""The quotations that may be printed, by the ids under which the paper quotes them."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from analysis.report.pages.evidence import Evidence

COLUMNS = ["id", "source_id", "passage", "start", "end", "text", "code", "coder"]


def quotations(shown: Evidence) -> pd.DataFrame:
    """Every coded span whose words may be printed: COLUMNS, a row a span, code and coder.

    `id` is `<source_id>-<passage>-<n>`, n counting the distinct spans of the passage from 1. A span
    that goes on beyond its passage is cut there.
    """
    rows = []
    for passage in shown.passages.itertuples():
        spans = shown.spans[passage.id]
        places = list(dict.fromkeys((span.start, span.end) for span in spans))
        for span in spans:
            number = places.index((span.start, span.end)) + 1
            start = max(span.start, passage.start)
            end = min(span.end, passage.start + len(passage.text))
            words = passage.text[start - passage.start : end - passage.start]
            name = f"{passage.source_id}-{passage.passage}-{number}"
            place = [name, passage.source_id, passage.passage, start, end, words]
            rows.append([*place, span.code, span.coder])
    return pd.DataFrame(rows, columns=COLUMNS)


def typical(table: pd.DataFrame, codes: Collection[str]) -> pd.Series | None:
    """Of the quotations in `table` the one of any of `codes` whose length is the middle one.

    Of two in the middle the shorter; of equal length the first by id. None where there is none.
    """
    own = table[table["code"].isin(codes)].drop_duplicates("id")
    if own.empty:
        return None
    ordered = own.assign(length=own["text"].str.len()).sort_values(["length", "id"])
    return ordered.iloc[(len(ordered) - 1) // 2]
