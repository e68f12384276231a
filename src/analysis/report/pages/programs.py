"""What the paper says of programs that code: who they are, and what they counted, corrected.

Each piece names the program itself, so that none can stand in a paper without its name, and no count
of a program without the corrected one.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis.report.numbers import format_value
from analysis.report.pages.tables import Table
from analysis.stages.programs import CASES, DIFFERENCE, MEETINGS, PASSAGES
from analysis.study.declared import Coder
from analysis.study.folder import Study
from analysis.text.escape import markdown

_MOST = 40
_ALT = "A dot for the corrected share of cases with its range, a cross for the program alone."


def write_all(study: Study) -> None:
    """Write each of `tables` into `reports/_generated`."""
    folder = study.reports / "_generated"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in tables(study).items():
        (folder / f"{name}.md").write_text(content, encoding="utf-8")


def tables(study: Study) -> dict[str, str]:
    """The includes of a paper, by name: `programs`, and where a program codes also `corrected`,
    `corrected-groups`, `corrected-passages`, `corrected-figure` and `programs-apart`."""
    programs = [coder for coder in study.coders.values() if coder.is_program]
    if not programs:
        return {"programs": "No program coded: every coding that is counted is a person’s.\n"}
    estimates = study.table("corrected")
    reason = _reason(estimates)
    by = "; ".join(markdown(program.told) for program in programs)
    over_all = estimates[(estimates["measure"] == CASES) & (estimates["group"] == "all")]
    groups = estimates[
        (estimates["measure"] == DIFFERENCE)
        | ((estimates["measure"] == CASES) & (estimates["group"] != "all"))
    ]
    passages = estimates[estimates["measure"].isin([PASSAGES, MEETINGS])]
    return {
        "programs": _statement(programs, reason),
        "corrected": _table(
            over_all, f"Shares of cases, coded by {by}. {reason}", "corrected", study.reports
        ),
        "corrected-groups": _table(
            groups,
            f"Shares of cases by role, coded by {by}. {reason}",
            "corrected-groups",
            study.reports,
        ),
        "corrected-passages": _table(
            passages,
            f"Shares of passages that carry a code, or two, coded by {by}. {reason}",
            "corrected-passages",
            study.reports,
        ),
        "corrected-figure": (
            f"![Shares of cases, coded by {by}. {reason}](figures/corrected)"
            f'{{#fig-corrected fig-alt="{_ALT}"}}\n'
        ),
        "programs-apart": _apart(study.table("program_confusion"), by, study.reports),
    }


def _reason(estimates: pd.DataFrame) -> str:
    if estimates.empty:
        return "Nothing is said of the whole: see the notebook of programs."
    read, cases = int(estimates["read"].max()), int(estimates["cases"].max())
    return (
        f"Corrected by what people coded in {read:,} of {cases:,} cases, drawn by a recorded design; "
        "the range is for this corpus, as the same people would have coded all of it."
    )


def _statement(programs: list[Coder], reason: str) -> str:
    """The statement on the use of programs that journals ask for."""
    told = " ".join(
        f"The program {markdown(one.name)}, version {markdown(one.version)}, coded "
        f"{markdown(one.on)} on {one.date}, with the settings in the file "
        f"{markdown(one.settings)} (SHA-256 {one.sha256[:16]}…)."
        for one in programs
    )
    return (
        f"{told} No coding of a program counts as a person’s. {reason} What people and programs "
        "coded is compared passage by passage; no number here is a program’s alone.\n"
    )


def _table(estimates: pd.DataFrame, caption: str, label: str, reports: Path) -> str:
    shown = estimates.head(_MOST)
    edges = list(zip(shown["lower"].tolist(), shown["upper"].tolist(), strict=True))
    rows = pd.DataFrame(
        {
            "code": [_code(row) for row in shown.to_dict("records")],
            "program": shown["program"].to_list(),
            "of": [_of(row) for row in shown.to_dict("records")],
            "corrected": shown["corrected"].to_list(),
            "range": edges,
            "program alone": shown["uncorrected"].to_list(),
            "read": shown["read"].to_list(),
            "more to halve": shown["to_halve"].to_list(),
        }
    )
    units = dict.fromkeys(rows.columns, "text") | {
        "corrected": "coefficient",
        "range": "range",
        "program alone": "coefficient",
        "read": "count",
        "more to halve": "count",
    }
    # Shares are printed as such, and a difference of shares with its sign.
    printed = {
        name: [_figure(value) for value in rows[name]] for name in ("corrected", "program alone")
    }
    printed["range"] = [
        "not defined" if pd.isna(low) else f"{_figure(low)} to {_figure(high)}"
        for low, high in edges
    ]
    return f"{Table(rows, units, printed).shown(reports)}\n: {caption} {{#tbl-{label}}}\n"


def _code(row: dict[str, object]) -> str:
    return f"{row['code']} with {row['beside']}" if row["beside"] else str(row["code"])


def _of(row: dict[str, object]) -> str:
    of = "passages" if row["measure"] in (PASSAGES, MEETINGS) else str(row["group"])
    return (f"{of} less {row['than']}" if row["than"] else of).replace("_", " ")


def _figure(value: float) -> str:
    if pd.isna(value) or value >= 0:
        return format_value(value, "share")
    return f"−{format_value(-value, 'share')}"


def _apart(confusion: pd.DataFrame, by: str, reports: Path) -> str:
    shown = confusion.rename(columns={"people_only": "people only", "program_only": "program only"})
    shown = shown.assign(
        group=shown["group"].str.replace("_", " "),
        note=["finds less here" if worse else "" for worse in shown["worse"]],
    )
    units = {
        "code": "text",
        "program": "text",
        "group": "text",
        "both": "count",
        "people only": "count",
        "program only": "count",
        "neither": "count",
        "note": "text",
    }
    caption = (
        f"Cases that people read, by who found the code in them: people, or {by}. ‘Finds less here’: "
        "of what people found the program found less in this group than in the others, beyond what "
        "so few cases leave open."
    )
    table = Table(shown.head(_MOST), units).shown(reports)
    return f"{table}\n: {caption} {{#tbl-programs-apart}}\n"
