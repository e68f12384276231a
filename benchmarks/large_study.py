"""Coded passages by the ten thousand, and the evidence page of them."""

from __future__ import annotations

import pandas as pd

from analysis.claims import quotable
from analysis.corpus import COUNTED_VOICES
from analysis.report import evidence_index
from analysis.report.pages import evidence

ROLES = ("commissioner", "third_sector")
WORDS = "the worker knows the family and the family knows the worker before anybody writes a plan "


def tables(passages: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Sources of a hundred passages each, every passage coded twice."""
    text = (WORDS * 4)[:330]
    rows, codings = [], []
    for number in range(passages):
        source, place = f"int-{number // 100:03d}", number % 100
        start = place * 340
        rows.append(
            [
                source,
                place,
                start,
                start + len(text),
                "R",
                "participant",
                60,
                text[:-6] + f"{number:06d}",
            ]
        )
        for offset in (0, 7):
            code = f"theme {(number + offset) % 40 // 8}/code {(number + offset) % 40}"
            codings.append([source, start + 10 * offset, start + 150, code, "AB"[offset > 0]])
    names = sorted({row[0] for row in rows})
    sources = pd.DataFrame(
        {
            "source_id": names,
            "case_id": names,
            "title": names,
            "kind": "interview",
            "publish": "full",
            "role": [ROLES[number % 2] for number in range(len(names))],
        }
    )
    return (
        pd.DataFrame(
            rows,
            columns=["source_id", "passage", "start", "end", "speaker", "voice", "words", "text"],
        ),
        pd.DataFrame(codings, columns=["source_id", "start", "end", "code", "coder"]),
        sources,
    )


def evidence_page(passages: pd.DataFrame, codings: pd.DataFrame, sources: pd.DataFrame) -> str:
    """The page of all of them, none judged for a claim; coder A counts."""
    judged = pd.DataFrame(columns=["claim", "source_id", "passage", "bears"])
    headline = codings[codings["coder"] == "A"]
    index = evidence_index.build(sources, passages, codings, headline, COUNTED_VOICES, judged, ())
    uses = pd.DataFrame(columns=["id", "claim", "bears", "place"])
    shown = quotable.gather(passages, codings, sources)
    return evidence.page(shown, sources, uses, index, constructed=False)
