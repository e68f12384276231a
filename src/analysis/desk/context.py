"""Words where they stand, with their neighbours, as they are decided on."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from analysis.text.passage_html import Span, passage_html


def in_context(
    passages: pd.DataFrame, start: int, end: int, spans: Sequence[Span], around: int = 1
) -> str:
    """The passages from `start` to `end` and `around` more on each side, as HTML.

    `passages`: those of one source. Spans are marked; what is decided on is pointed out.
    """
    rows = passages.reset_index(drop=True)
    own = rows.index[(rows["start"] < end) & (rows["end"] > start)]
    if own.empty:
        return "<p>these words are not in the text any more</p>"
    first, last = max(own[0] - around, 0), own[-1] + around
    parts = []
    for at, row in rows.loc[first:last].iterrows():
        here = ' aria-current="true"' if at in own else ""
        said = passage_html(row["text"], int(row["start"]), _touching(spans, row))
        speaker = f"{row['source_id']}-{row['passage']} {row['speaker']}"
        parts.append(f'<li{here}><span class="speaker">{escape(speaker)}</span>{said}</li>')
    return f'<ol class="whole">{"".join(parts)}</ol>'


def _touching(spans: Sequence[Span], row: pd.Series) -> list[Span]:
    return [one for one in spans if one.start < row["end"] and one.end > row["start"]]
