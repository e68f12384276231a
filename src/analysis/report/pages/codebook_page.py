"""The codebook as a page: the tree with definitions, counts, examples and its dated history."""

from __future__ import annotations

import pandas as pd

from analysis.claims.quotable import Evidence
from analysis.report import look
from analysis.study.codebook import Codebook


def page(
    codebook: Codebook, frequencies: pd.DataFrame, evidence: Evidence, *, constructed: bool
) -> str:
    """The codebook page; `frequencies` is `frequencies_overall`, parents with their children."""
    counted = frequencies.set_index("code")
    quoted = _first_passages(evidence)
    entries = [
        {
            **code,
            "level": min(int(code["depth"]) + 2, 5),
            "anchor": "c-" + str(code["code"]).replace(" ", "-").replace("/", "--"),
            "segments": int(counted["segments"].get(code["code"], 0)),
            "sources": int(counted["sources"].get(code["code"], 0)),
            "cases": int(counted["cases"].get(code["code"], 0)),
            "passages": quoted.get(str(code["code"]), []),
        }
        for code in codebook.codes.to_dict("records")
    ]
    return look.page(
        "codebook.html",
        title="Codebook",
        constructed=constructed,
        current="codebook.html",
        codes=entries,
        history=codebook.history.to_dict("records"),
    )


def _first_passages(evidence: Evidence, most: int = 3) -> dict[str, list[str]]:
    """For every code the ids of a few passages that may be shown, from different sources."""
    chosen: dict[str, dict[str, str]] = {}
    for row in evidence.passages.itertuples():
        for span in evidence.spans[row.id]:
            chosen.setdefault(span.code, {}).setdefault(row.source_id, row.id)
    return {code: list(by_source.values())[:most] for code, by_source in chosen.items()}
