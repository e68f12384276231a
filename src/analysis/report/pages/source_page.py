"""A source as a page, for sources whose consent is `full`: every passage, its codes, its anchor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from analysis.report import look
from analysis.report.pages import nobody_asks
from analysis.text.passage_html import STYLE, Span, passage_html


def page(
    source: Mapping[str, str],
    passages: Sequence[Mapping[str, Any]],
    spans: Sequence[Span],
    *,
    unknown: bool,
    constructed: bool,
) -> str:
    """The page of one `source` (a row of the register) with its `passages` in order and coded `spans`.

    `unknown`: whether it is an interview in which nobody is known to ask.
    """
    shown = [
        {
            "anchor": f"p-{row['passage']}",
            "speaker": row["speaker"],
            "voice": row["voice"].replace("_", " "),
            "html": Markup(
                passage_html(
                    row["text"],
                    row["start"],
                    [s for s in spans if s.start < row["end"] and s.end > row["start"]],
                )
            ),
        }
        for row in passages
    ]
    return look.page(
        "source.html",
        title=f"{source['source_id']}: {source['title']}",
        constructed=constructed,
        current=f"source-{source['source_id']}.html",
        source=source,
        passages=shown,
        unknown=nobody_asks.TOLD if unknown else "",
        passage_style=Markup(STYLE),
        profile=[
            (name, source[name]) for name in ("author", "audience", "purpose") if source.get(name)
        ],
    )
