"""How coding in the lab came about, as its journals tell it: who, when, blind to whom, what was settled."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from analysis.desk.coder_file import CoderFile, coders_in
from analysis.desk.settling import OPEN, Settling, settled_pairs
from analysis.report.pages.tables import Table
from analysis.study.coders import CONSENSUS
from analysis.study.folder import Study
from analysis.text.english import plural
from analysis.text.escape import markdown

BLIND = "blind to "
_PLACES = ["source_id", "code", "start_a", "end_a", "start_b", "end_b"]
_WORK = {
    "coder": "text",
    "sources": "count",
    "from": "text",
    "to": "text",
    "acts": "count",
    "taken back": "count",
    "blind to": "text",
    "spans now": "count",
}
_AGREEMENT = {"round": "text", "code": "text", "before": "coefficient", "after": "coefficient"}


def lab_history(study: Study) -> str:
    """Who coded in the lab and what was settled there, as Markdown; '' where nobody did."""
    folder = study.raw / "coding"
    rows = [_work(CoderFile.read(folder, coder)) for coder in coders_in(folder)]
    if not rows:
        return ""
    work = Table(pd.DataFrame(rows, columns=list(_WORK)), _WORK).shown(study.reports)
    told = (
        f"\n{work}\n: Coding in the lab, as its journals tell it: each coder with the days of the"
        " first and the last act, acts in all and those of them that took another back, and whose"
        " spans were out of sight. {#tbl-lab}\n"
    )
    return told + "".join(_pair(study, *pair) for pair in settled_pairs(study))


def _work(file: CoderFile) -> dict[str, object]:
    acts = [act for _, act in file.acts]
    days = [when[:10] for when, _ in file.acts]
    sources = {one.source_id for act in acts for one in (*act.before, *act.after)}
    blind = {act.note.removeprefix(BLIND) for act in acts if act.note.startswith(BLIND)}
    return {
        "coder": file.coder,
        "sources": len(sources),
        "from": min(days, default=""),
        "to": max(days, default=""),
        "acts": len(acts),
        "taken back": sum(act.what.startswith("undo ") for act in acts),
        "blind to": ", ".join(sorted(blind)) or "nobody",
        "spans now": len(file.spans),
    }


def _pair(study: Study, first: str, second: str) -> str:
    settling = Settling(study, first, second, CONSENSUS)
    decided = [found for found in settling.decided().values() if found.of == (first, second)]
    if not decided:
        return ""
    counts = Counter(one.decision for one in decided)
    listed = ", ".join(f"{markdown(name)} {count}" for name, count in sorted(counts.items()))
    days = sorted(one.day for one in decided)
    when = f"on {days[0]}" if days[0] == days[-1] else f"from {days[0]} to {days[-1]}"
    by = " and ".join(markdown(one) for one in sorted({one.by for one in decided}))
    counted = study.choices.coder
    use = "counts here" if counted == CONSENSUS else f"does not count here: {counted} does"
    said = (
        f"\n{plural(len(decided), 'difference')} between {markdown(first)} and"
        f" {markdown(second)} were decided {when} by {by}: {listed}. A coder’s name stands for what"
        f" that coder had put there, be it nothing. What came of them, with what both had coded"
        f" alike, is the coder *{CONSENSUS}*, which {use}."
    )
    if study.choices.approach == "reflexive":
        return f"{said}\n"
    table = settling.agreement()
    table = table.assign(round=table["round"].replace("", "of no round"))
    shown = Table(table, _AGREEMENT).shown(study.reports)
    return (
        f"{said}\n\n{shown}\n: Krippendorff’s alpha of {markdown(first)} and {markdown(second)},"
        " passage by passage: before anything was settled, and after, with what was settled in the"
        f" place of what differed. {{#tbl-settled-{_label(first)}-{_label(second)}}}\n"
    )


def _label(name: str) -> str:
    return "".join(one for one in name.casefold() if one.isascii() and one.isalnum()) or "x"


def with_decisions(study: Study, differences: pd.DataFrame) -> pd.DataFrame:
    """The differences of two coders, each with what it was settled to in the lab (`decision`).

    One that was left open is not settled.
    """
    if differences.empty or not (found := settled_pairs(study)):
        return differences
    decisions = {
        place: decision
        for pair in found
        for place, decision in Settling(study, *pair, CONSENSUS).decisions().items()
        if decision != OPEN
    }
    columns = (differences[name] for name in _PLACES)
    keys = [
        tuple("" if pd.isna(cell) else str(cell) for cell in row)
        for row in zip(*columns, strict=True)
    ]
    own = differences["decision"].fillna("").astype(str)
    decided = [decisions.get(key, said) for key, said in zip(keys, own, strict=True)]
    return differences.assign(decision=decided)
