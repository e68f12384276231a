"""Who is quoted in the paper, beside how much they said: who is over-quoted, who never quoted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from analysis.corpus import QUOTABLE
from analysis.report.links import Linker
from analysis.report.pages.tables import Table
from analysis.report.prose import prose
from analysis.text.escape import markdown

#: The address of a quotation in Markdown.
LINK = re.compile(r"evidence\.html#(q-[^\s)\"]+)")
# 'Often quoted': this many times the case's share of the words, in so many quotations at least.
MUCH, AT_LEAST = 2, 3
_UNITS = {"quotations": "count", "share of quotations": "share", "share of words": "share"}


def quoted(reports: Path) -> list[str]:
    """The id of every quotation in the prose pages and what they include, in order."""
    found = []
    for name in prose.page_names(reports):
        lines, _ = prose.lines_with_includes(reports, name)
        found += LINK.findall("\n".join(line.text for line in lines))
    return found


def by_case(ids: Iterable[str], passages: pd.DataFrame, sources: pd.DataFrame) -> pd.DataFrame:
    """One row for each case: role, kind, sources, quotations, shares of quotations and words, note.

    `ids` as `quoted` gives them; `passages` are those whose words count. A case with sources of
    two kinds has a row for each. The note says 'may not be quoted', 'never quoted', or 'often
    quoted' (twice its share of words, in three quotations or more).
    """
    own = Counter(name.removeprefix("q-").rpartition("-")[0] for name in ids)
    words = passages.groupby("source_id")["words"].sum()
    table = sources.assign(
        quotations=sources["source_id"].map(own).fillna(0).astype(int),
        words=sources["source_id"].map(words).fillna(0).astype(int),
        quotable=sources["publish"].isin(QUOTABLE),
        role=sources["role"].str.replace("_", " "),
    )
    grouped = table.groupby(["role", "kind", "case_id"], as_index=False).agg(
        sources=("source_id", "size"),
        quotations=("quotations", "sum"),
        words=("words", "sum"),
        quotable=("quotable", "any"),
    )
    grouped["share of quotations"] = _shares(grouped["quotations"])
    grouped["share of words"] = _shares(grouped["words"])
    grouped["note"] = [_note(row) for row in grouped.to_dict("records")]
    return grouped


def _shares(counts: pd.Series) -> pd.Series:
    return counts / max(int(counts.sum()), 1)


def _note(row: dict[str, object]) -> str:
    if not row["quotable"]:
        return "may not be quoted"
    if not row["quotations"]:
        return "never quoted"
    much = row["share of quotations"] >= MUCH * row["share of words"]  # type: ignore[operator]
    return "often quoted" if much and row["quotations"] >= AT_LEAST else ""  # type: ignore[operator]


def case_table(cases: pd.DataFrame, linker: Linker) -> Table:
    """`by_case` as it is shown; a case leads to its passages."""
    units = {"case": "text", "role": "text", "kind": "text", "sources": "count", **_UNITS}
    named = [
        linker.behind(markdown(row.case_id), {"case": row.case_id, "kind": row.kind})
        for row in cases.itertuples()
    ]
    renamed = cases.rename(columns={"case_id": "case"})
    return Table(renamed, {**units, "note": "text"}, {"case": named})


def group_table(cases: pd.DataFrame, linker: Linker) -> Table:
    """The same summed by role and kind: how many cases, and how many of them are quoted."""
    table = cases.assign(quoted=cases["quotations"] > 0)
    grouped = table.groupby(["role", "kind"], as_index=False).agg(
        {
            "case_id": "size",
            "quoted": "sum",
            "quotations": "sum",
            "share of quotations": "sum",
            "share of words": "sum",
        }
    )
    shares = ["share of quotations", "share of words"]
    grouped[shares] = grouped[shares].clip(upper=1.0)
    named = grouped.rename(columns={"case_id": "cases", "quoted": "cases quoted"})
    units = {"role": "text", "kind": "text", "cases": "count", "cases quoted": "count"}
    linked: dict[str, list[str]] = {"cases": [], "cases quoted": []}
    for key, own in table.groupby(["role", "kind"]):
        for name, which in (("cases", own), ("cases quoted", own[own["quoted"]])):
            listed = {"list": "cases", "kind": key[1], "case": list(which["case_id"])}
            linked[name].append(linker.told(len(which), listed))
    return Table(named, {**units, **_UNITS}, linked)
