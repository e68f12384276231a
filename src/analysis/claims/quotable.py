"""What may be printed of the coded passages: those that consent lets be shown, and quotations of
them by the ids under which the paper quotes them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import pandas as pd

from analysis.corpus import QUOTABLE
from analysis.corpus.carried import touching_pairs
from analysis.text.passage_html import Span

COLUMNS = ["id", "source_id", "passage", "start", "end", "text", "speaker", "voice"]
QUOTED = ["id", "source_id", "passage", "start", "end", "text", "code", "coder"]


@dataclass(frozen=True)
class Evidence:
    """`passages` that may be shown (COLUMNS), their spans by id, and what consent holds back."""

    passages: pd.DataFrame
    spans: Mapping[str, tuple[Span, ...]]
    held_back: dict[str, int]


def gather(
    passages: pd.DataFrame,
    codings: pd.DataFrame,
    sources: pd.DataFrame,
    judged: pd.DataFrame | None = None,
) -> Evidence:
    """Collect the coded passages of `sources` (active ones only), with every coder's spans, and
    those that nobody coded but that were `judged` to bear on a claim (source_id, passage, start,
    end of the judged words).

    A source whose `publish` is `none` or `unknown` shows nothing; `held_back` counts its coded
    passages, by that word. Of a source that allows extracts only the stretch from the first coded word to
    the last is shown, without longer uncoded stretches. An id is permanent: `q-<source_id>-<passage>`.
    """
    of_passage, of_coding = touching_pairs(passages, codings)
    where = passages.rename(columns={"start": "start_passage", "end": "end_passage"})
    merged = pd.concat(
        [
            codings[["source_id", "start", "end", "code", "coder"]]
            .iloc[of_coding]
            .reset_index(drop=True),
            where.drop(columns="source_id").iloc[of_passage].reset_index(drop=True),
        ],
        axis=1,
    )
    consent = sources.set_index("source_id")["publish"]
    allowed = merged["source_id"].map(consent).isin(QUOTABLE)
    kept = merged.loc[~allowed, ["source_id", "passage"]].drop_duplicates()
    held_back = {
        str(word): int(count)
        for word, count in kept["source_id"].map(consent).value_counts().sort_index().items()
    }
    rows, spans = [], {}
    shown = merged[allowed].sort_values(["source_id", "passage", "start", "end", "code", "coder"])
    for name, group in groupby(shown.itertuples(index=False), _anchor):
        coded = list(group)
        whole = coded[0]
        begin, stop = whole.start_passage, whole.end_passage
        if consent[whole.source_id] == "extracts":
            begin = max(begin, min(one.start for one in coded))
            stop = min(stop, max(one.end for one in coded))
        text = whole.text[begin - whole.start_passage : stop - whole.start_passage]
        rows.append(
            [name, whole.source_id, whole.passage, begin, stop, text, whole.speaker, whole.voice]
        )
        spans[name] = tuple(Span(one.start, one.end, one.code, one.coder) for one in coded)
    if judged is not None and len(judged):
        rows += _uncoded(judged, passages, consent, spans)
    table = pd.DataFrame(rows, columns=COLUMNS).sort_values(["source_id", "passage"])
    return Evidence(table.reset_index(drop=True), spans, held_back)


def _anchor(row: Any) -> str:
    return f"q-{row.source_id}-{row.passage}"


def _uncoded(
    judged: pd.DataFrame,
    passages: pd.DataFrame,
    consent: pd.Series,
    spans: dict[str, tuple[Span, ...]],
) -> list[list[object]]:
    """Rows for judged passages without a code, which get no spans; of extracts the judged words."""
    rows: list[list[object]] = []
    own = judged[["source_id", "passage", "start", "end"]]
    placed = own.merge(passages, on=["source_id", "passage"], suffixes=("", "_passage"))
    for (source_id, passage), group in placed.groupby(["source_id", "passage"], sort=True):
        name = f"q-{source_id}-{passage}"
        if name in spans or consent.get(source_id) not in QUOTABLE:
            continue
        whole = group.iloc[0]
        begin, stop = int(whole["start_passage"]), int(whole["end_passage"])
        offset = begin
        if consent[source_id] == "extracts":
            begin = max(begin, int(group["start"].min()))
            stop = min(stop, int(group["end"].max()))
        text = str(whole["text"])[begin - offset : stop - offset]
        rows.append(
            [
                name,
                source_id,
                int(str(passage)),
                begin,
                stop,
                text,
                whole["speaker"],
                whole["voice"],
            ]
        )
        spans[name] = ()
    return rows


def coded_places(spans: Sequence[Span]) -> list[tuple[int, int]]:
    """The distinct coded stretches of a passage, in order: what quotations count."""
    return list(dict.fromkeys((span.start, span.end) for span in spans))


def quotations(shown: Evidence) -> pd.DataFrame:
    """Every coded span whose words may be printed: QUOTED, a row a span, code and coder.

    `id` is `<source_id>-<passage>-<n>`, n counting the distinct spans of the passage from 1. A span
    that goes on beyond its passage is cut there.
    """
    rows = []
    for passage in shown.passages.itertuples():
        spans = shown.spans[passage.id]
        places = coded_places(spans)
        for span in spans:
            number = places.index((span.start, span.end)) + 1
            start = max(span.start, passage.start)
            end = min(span.end, passage.start + len(passage.text))
            words = passage.text[start - passage.start : end - passage.start]
            name = f"{passage.source_id}-{passage.passage}-{number}"
            place = [name, passage.source_id, passage.passage, start, end, words]
            rows.append([*place, span.code, span.coder])
    return pd.DataFrame(rows, columns=QUOTED)


def typical(table: pd.DataFrame, codes: Collection[str]) -> pd.Series | None:
    """Of the quotations in `table` the one of any of `codes` whose length is the middle one.

    Of two in the middle the shorter; of equal length the first by id. None where there is none.
    """
    own = table[table["code"].isin(codes)].drop_duplicates("id")
    if own.empty:
        return None
    ordered = own.assign(length=own["text"].str.len()).sort_values(["length", "id"])
    return ordered.iloc[(len(ordered) - 1) // 2]
