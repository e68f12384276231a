"""A source as a page, for sources whose consent is `full`: every passage, its codes, its anchor."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from analysis.report import look
from analysis.report.pages import nobody_asks
from analysis.text.passage_html import STYLE, Span, passage_html


def page(
    source: pd.Series, passages: pd.DataFrame, codings: pd.DataFrame, *, constructed: bool
) -> str:
    """The page of one `source` (a row of the register) with its `passages` and `codings`."""
    spans = [Span(int(r.start), int(r.end), r.code, r.coder) for r in codings.itertuples()]
    shown = [
        {
            "anchor": f"p-{row.passage}",
            "speaker": row.speaker,
            "voice": row.voice.replace("_", " "),
            "html": Markup(
                passage_html(
                    row.text,
                    row.start,
                    [s for s in spans if s.start < row.end and s.end > row.start],
                )
            ),
        }
        for row in passages.sort_values("passage").itertuples()
    ]
    return look.page(
        "source.html",
        title=f"{source['source_id']}: {source['title']}",
        constructed=constructed,
        current=f"source-{source['source_id']}.html",
        source=source.to_dict(),
        passages=shown,
        unknown=nobody_asks.TOLD if nobody_asks.nobody_asks(passages) else "",
        passage_style=Markup(STYLE),
        profile=[
            (name, source[name]) for name in ("author", "audience", "purpose") if source.get(name)
        ],
    )
