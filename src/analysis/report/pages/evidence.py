"""The evidence: every coded passage that consent lets be shown, and the page that shows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence, Set
from typing import Any

import pandas as pd
from markupsafe import Markup

from analysis.claims.quotable import Evidence, coded_places
from analysis.report import look
from analysis.report.evidence_index import ANY, LISTS, NOT_JUDGED, Index, Passage
from analysis.report.pages import nobody_asks
from analysis.text.passage_html import STYLE, passage_html, shown_length

# A list of more values than this is no list any more: what is asked for is typed.
_OFFERED = 1_000
# How many passages stand on a page of parts before anything is loaded, as many as its script shows.
_AT_FIRST = 20


def extract_warnings(
    evidence: Evidence, passages: pd.DataFrame, sources: pd.DataFrame, share: float
) -> list[str]:
    """Name the `extracts` sources of which the page shows more than `share` of the characters."""
    limited = set(sources.loc[sources["publish"] == "extracts", "source_id"])
    shown: Counter[str] = Counter()
    for row in evidence.passages.itertuples():
        if row.source_id in limited:
            spans = evidence.spans[row.id]
            shown[row.source_id] += (
                shown_length(row.text, row.start, spans) if spans else len(row.text)
            )
    whole = passages["text"].str.len().groupby(passages["source_id"]).sum()
    return [
        f"{name}: extracts together show {length / whole[name]:.0%} of the source"
        f" (extract_share: {share:.0%})"
        for name, length in sorted(shown.items())
        if length > share * whole[name]
    ]


def page(
    evidence: Evidence,
    sources: pd.DataFrame,
    uses: pd.DataFrame,
    index: Index,
    *,
    constructed: bool,
    unknown: Set[str] = frozenset(),
    paged: Set[str] | None = None,
    in_parts: bool = False,
) -> str:
    """The evidence page. `uses` says which claim a passage bears on, and where in the paper
    that claim stands: id, claim, bears, place. Every passage of `index` stands on it, those that
    may not be shown without their words: what a number counts is all there. `unknown`:
    the interviews in which nobody is known to ask; `paged`: the sources that have a page, by default
    all that may be shown whole. With `in_parts` only the first stand on it, and it loads the others
    as they are asked for."""
    standing = index.passages[:_AT_FIRST] if in_parts else index.passages
    return look.page(
        "evidence.html",
        title="Evidence",
        constructed=constructed,
        current="evidence.html",
        script=(look.TEMPLATES / "evidence.js").read_text(encoding="utf-8"),
        loads=in_parts,
        entries=_entries(evidence, sources, uses, index, standing, unknown, paged),
        in_parts=in_parts,
        total=len(index.passages),
        held_back=sum(one.id not in evidence.spans for one in index.passages),
        passage_style=Markup(STYLE),
        choices=_choices(index),
        offered=_OFFERED,
        lists=LISTS,
        # In a script element only its own end could be read as markup.
        index=Markup("" if in_parts else index.to_json().replace("<", "\\u003c")),
    )


def _entries(
    evidence: Evidence,
    sources: pd.DataFrame,
    uses: pd.DataFrame,
    index: Index,
    passages: Sequence[Passage],
    unknown: Set[str],
    paged: Set[str] | None,
) -> list[dict[str, Any]]:
    """What the page shows of `passages` of the `index`."""
    described = {str(row["source_id"]): row for row in sources.to_dict("records")}
    bearing = dict(list(uses.groupby("id")))
    asked = {one.id for one in passages}
    rows = evidence.passages[evidence.passages["id"].isin(asked)]
    shown = {row["id"]: row for row in rows.to_dict("records")}
    entries = []
    for one in passages:
        source = described[index.sources[one.source].source]
        about = {
            "id": one.id,
            "source": source["source_id"],
            "role": source["role"].replace("_", " "),
            "voice": one.voice.replace("_", " ")
            + f", {nobody_asks.MARK}" * (source["source_id"] in unknown),
        }
        row = shown.get(one.id)
        if row is None:
            entries.append(about | {"withheld": _why_not(source["publish"])})
            continue
        own = bearing.get(one.id)
        spans = evidence.spans[one.id]
        entries.append(
            about
            | {
                "withheld": "",
                "name": one.id.removeprefix("q-"),
                "speaker": row["speaker"],
                "claims": own.to_dict("records") if own is not None else [],
                "quotations": range(1, len(coded_places(spans)) + 1),
                "place": f"source-{row['source_id']}.html#p-{row['passage']}"
                if source["publish"] == "full" and (paged is None or source["source_id"] in paged)
                else "",
                "html": Markup(
                    passage_html(
                        row["text"],
                        row["start"],
                        spans,
                        extracts=bool(spans) and source["publish"] == "extracts",
                    )
                ),
            }
        )
    return entries


def _why_not(publish: str) -> str:
    if publish == "none":
        return "Counted, and not shown: the source did not consent to being quoted."
    if publish == "unknown":
        return "Counted, and not shown: the register does not say yet whether it may be quoted."
    return "Counted, and not shown: nothing of it was coded in the sources that are shown."


def _choices(index: Index) -> list[tuple[str, str, list[str]]]:
    """What each filter offers: (field, label, values)."""
    passages, sources = index.passages, index.sources
    offered = [
        (
            "code",
            "Code",
            {part for one in passages for row in one.rows for part in _line(row.code)},
        ),
        ("coder", "Coder", {row.coder for one in passages for row in one.rows}),
        ("kind", "Kind", {one.kind for one in sources}),
        ("role", "Role", {one.role for one in sources}),
        ("case", "Case", {one.case for one in sources}),
        ("source", "Source", {one.source for one in sources}),
        ("voice", "Voice", {one.voice for one in passages}),
        ("claim", "Claim", {claim for one in passages for claim, _ in one.bears}),
        ("bears", "Judged to", {does for one in passages for _, does in one.bears}),
    ]
    listed = [(field, label, sorted(values)) for field, label, values in offered]
    field, label, does = listed[-1]
    return [*listed[:-1], (field, label, [*does, ANY, NOT_JUDGED] if does else [])]


def _line(code: str) -> list[str]:
    """A code and those above it."""
    parts = code.split("/")
    return ["/".join(parts[: depth + 1]) for depth in range(len(parts))]


def quotation(evidence: Evidence, name: str, sources: pd.DataFrame) -> tuple[str, str, str] | None:
    """The words, the attribution and the anchor of quotation `name`, or None without consent.

    `name` is `<source_id>-<passage>-<n>`: the n-th distinct coded span of that passage (from 1).
    """
    identifier, _, count = name.rpartition("-")
    spans = evidence.spans.get(f"q-{identifier}")
    if spans is None or not count.isdigit():
        return None
    row = evidence.passages.set_index("id").loc[f"q-{identifier}"]
    places = coded_places(spans)
    if not 1 <= int(count) <= len(places):
        return None
    start, end = places[int(count) - 1]
    words = row["text"][max(0, start - row["start"]) : end - row["start"]]
    role = sources.set_index("source_id").loc[row["source_id"], "role"].replace("_", " ")
    return words, f"{row['source_id']}, {role}", f"evidence.html#q-{identifier}"
