"""How passages look in the lab: with speaker, source, codes and context; text is never markup."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.explore.search import Searchable
from analysis.text.english import plural as plural
from analysis.text.passage_html import STYLE, Span, passage_html

CSS = Path(__file__).parent / "static" / "explore.css"
PARTS = Path(__file__).parent / "static" / "parts.js"
NEIGHBOURS, WHOLE_SOURCE = 1, 2
# On what takes the focus in an output without code of its own: JupyterLab keeps its shortcuts off.
QUIET = 'data-lm-suppress-shortcuts="true"'


def style() -> str:
    """The style sheet of everything that the explorer shows."""
    return STYLE + CSS.read_text(encoding="utf-8")


def script(*paths: Path) -> str:
    """A widget's module, with the parts that all widgets share before it."""
    return "\n".join(path.read_text(encoding="utf-8") for path in (PARTS, *paths))


def framed(body: str) -> str:
    """`body` as an output that brings its own style."""
    return f'<style>{style()}</style><div class="explore">{body}</div>'


def counted(passages: pd.DataFrame) -> str:
    """How many passages, sources and cases these are, and whether the paper counts them all."""
    held = passages.loc[passages["status"] == "embargoed", "source_id"].nunique()
    return (
        f"{plural(len(passages), 'passage')} in {plural(passages['source_id'].nunique(), 'source')}"
        f" of {plural(passages['case_id'].nunique(), 'case')}"
    ) + (
        f"; includes {plural(held, 'embargoed source')}, the paper counts without"
        f" {'it' if held == 1 else 'them'}"
        if held
        else ""
    )


def warnings(sources: pd.DataFrame, undecided: Iterable[str]) -> list[str]:
    """What must be known of `sources` before anything of theirs leaves the lab.

    `undecided`: sources in which cleaning found possible names that nobody has decided on.
    """
    found = []
    for ids, said in (
        (sources["status"] == "embargoed", "embargoed: not to be published, quoted or shown"),
        (
            sources["publish"].isin(["none", "unknown"]) & (sources["status"] != "embargoed"),
            "no consent to publish: for reading here only",
        ),
        (
            sources["source_id"].isin(list(undecided)),
            "may still identify somebody: possible names wait for a decision (data/private/review)",
        ),
    ):
        named = sorted(sources.loc[ids, "source_id"].unique())
        if named:
            listed = ", ".join(named[:8]) + (f" and {len(named) - 8} more" if named[8:] else "")
            found.append(f"{listed}: {said}")
    return found


def banner(said: Sequence[str]) -> str:
    """Warnings as a box; nothing when there are none."""
    if not said:
        return ""
    lines = "".join(f"<li>{escape(one)}</li>" for one in said)
    return f'<div class="banner" role="note"><strong>Not for release</strong><ul>{lines}</ul></div>'


def hint(said: str) -> str:
    """A line in small print; nothing for no words."""
    return f'<p class="hint">{escape(said)}</p>' if said else ""


def heading(row: pd.Series) -> str:
    """Which passage this is, who speaks, and in what."""
    speaker = f"{row['speaker']}, " if row["speaker"] else ""
    return f'<p class="where"><strong>{escape(row["id"])}</strong> {escape(speaker)}{described(row)}</p>'


def described(row: pd.Series, columns: Sequence[str] = ("voice", "kind", "role")) -> str:
    """What the register says of a passage's source; a document's voice is said once."""
    known = dict.fromkeys(str(row[name]).replace("_", " ") for name in columns)
    return escape(" · ".join([*known, str(row["title"])]))


def reading(
    corpus: Searchable, row: pd.Series, coder: str, context: int, asked: Mapping[str, str]
) -> str:
    """A passage with its codes; `context` 1 adds its neighbours, 2 the whole source.

    Of `asked` codes, code -> how its chip goes, spans and chips stand out.
    """
    spans, own = corpus.spans(row["source_id"], coder), corpus.of_source(row["source_id"])
    current = int(row["passage"])
    if context == WHOLE_SOURCE:
        return heading(row) + _in_order(own, spans, current, asked)
    if context == NEIGHBOURS:
        near = own[abs(own["passage"] - current) <= 1]
        return heading(row) + _in_order(near, spans, current, asked)
    return heading(row) + passage_html(row["text"], row["start"], spans, asked=asked)


def _in_order(
    passages: pd.DataFrame, spans: Sequence[Span], current: int, asked: Mapping[str, str]
) -> str:
    """Passages of one source one after the other, `current` pointed out."""
    parts = []
    for row in passages.to_dict("records"):
        here = ' aria-current="true"' if row["passage"] == current else ""
        said = passage_html(row["text"], row["start"], _touching(spans, row), asked=asked)
        parts.append(
            f'<li{here}><span class="speaker">{row["passage"]} {escape(row["speaker"])}</span>{said}</li>'
        )
    return f'<ol class="whole" tabindex="0" {QUIET} aria-label="Context">{"".join(parts)}</ol>'


def striped(corpus: Searchable, source_id: str, coder: str, most: int = 12) -> str:
    """A source as a page: beside its words a column for each of its `most` widest codes.

    A column's mark says that the code touches the passage. The columns only repeat the chips.
    """
    own, spans = corpus.of_source(source_id), corpus.spans(source_id, coder)
    touching = {row["passage"]: _touching(spans, row) for row in own.to_dict("records")}
    spread = pd.Series(
        [code for found in touching.values() for code in {span.code for span in found}], dtype=str
    ).value_counts()
    columns = list(spread.sort_index().sort_values(ascending=False, kind="stable").index[:most])
    key = "".join(
        f'<li><b>{number}</b> {escape(corpus.names.name(code))} <span class="count">'
        f"{plural(int(spread[code]), 'passage')}</span></li>"
        for number, code in enumerate(columns, start=1)
    )
    if more := len(spread) - len(columns):
        key += f"<li>and {plural(more, 'more code')}, in the text only</li>"
    parts = []
    for row in own.to_dict("records"):
        held = {span.code for span in touching[row["passage"]]}
        stripes = "".join(
            f'<i class="on" title="{escape(code)}">{number}</i>' if code in held else "<i></i>"
            for number, code in enumerate(columns, start=1)
        )
        said = passage_html(row["text"], row["start"], touching[row["passage"]])
        parts.append(
            f'<li id="{escape(row["id"])}"><span class="stripes" aria-hidden="true">{stripes}</span>'
            f'<span class="speaker">{row["passage"]} {escape(row["speaker"])}</span>{said}</li>'
        )
    return (
        f'<div class="page" tabindex="0" {QUIET} role="region" aria-label="The source">'
        f'<ol class="chips key" aria-label="Codes in the columns">{key}</ol>'
        f'<ol class="whole striped" style="--columns:{len(columns)}">{"".join(parts)}</ol></div>'
    )


def _touching(spans: Sequence[Span], row: Mapping[Hashable, Any]) -> list[Span]:
    return [span for span in spans if span.start < row["end"] and span.end > row["start"]]
