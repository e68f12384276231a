"""Cases as qualitative comparative analysis (QCA) takes them: crisp sets, and truth tables of the
expectations of the kind `reach`, whose condition is one code and whose outcome another."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from analysis.claims.reach import Reach
from analysis.claims.terms import ANY_KIND
from analysis.files.spreadsheet import safe_csv
from analysis.lifecycle.export.form import Files, Form
from analysis.lifecycle.export.material import Material

SUFFICIENCY = [
    "expectation",
    "condition",
    "outcome",
    "cases",
    "with_condition",
    "with_outcome",
    "with_both",
    "consistency",
    "coverage",
]


def crisp(material: Material, codes: list[str], kind: str, group: str) -> pd.DataFrame:
    """Cases by `codes`, 1 where a coding that counts has the code or one below, else 0; index
    case_id.

    Of the sources of one `kind` (`any`: of all) and of one role (`''`: of all).
    """
    sources = material.sources
    if kind not in (ANY_KIND, ""):
        sources = sources[sources["kind"] == kind]
    if group:
        sources = sources[sources["role"] == group]
    spans = material.counted.merge(sources[["source_id", "case_id"]], on="source_id")
    cases = pd.Index(sorted(sources["case_id"].unique()), name="case_id")
    carrying = {
        code: spans.loc[spans["code"].isin(material.beneath([code])), "case_id"] for code in codes
    }
    return pd.DataFrame(
        {code: cases.isin(who).astype("int64") for code, who in carrying.items()}, index=cases
    )


def truth_table(sets: pd.DataFrame, outcome: str) -> pd.DataFrame:
    """The configurations of all columns but `outcome` that have a case, most cases first.

    Columns: the conditions, cases (their number), with_outcome, of sufficiency consistency (the
    share of these cases with the outcome) and coverage (the share of all cases with the outcome
    that are these; missing where there are none; Ragin 2006), case_ids.
    """
    conditions = [name for name in sets.columns if name != outcome]
    grouped = sets.reset_index().groupby(conditions, sort=True)
    table = grouped.agg(
        cases=("case_id", "size"),
        with_outcome=(outcome, "sum"),
        case_ids=("case_id", lambda ids: "; ".join(ids)),
    ).reset_index()
    table["consistency"] = table["with_outcome"] / table["cases"]
    table["coverage"] = table["with_outcome"] / (table["with_outcome"].sum() or float("nan"))
    table = table[[name for name in table if name != "case_ids"] + ["case_ids"]]
    order = ["cases", *conditions]
    return table.sort_values(order, ascending=False, ignore_index=True)


def sufficiency(material: Material, expectations: list[Reach]) -> pd.DataFrame:
    """How far the condition of each expectation suffices: SUFFICIENCY.

    consistency: cases with both, of those with the condition; coverage: of those with the outcome;
    missing where there are none (Ragin 2006).
    """
    rows = []
    for one in expectations:
        condition, outcome = one.codes
        sets = crisp(material, [condition, outcome], one.kind_of_source, one.group)
        with_condition, with_outcome = int(sets[condition].sum()), int(sets[outcome].sum())
        both = int((sets[condition] & sets[outcome]).sum())
        counts = (len(sets), with_condition, with_outcome, both)
        consistency = both / with_condition if with_condition else float("nan")
        coverage = both / with_outcome if with_outcome else float("nan")
        rows.append((one.id, condition, outcome, *counts, consistency, coverage))
    return pd.DataFrame(rows, columns=SUFFICIENCY)


def write(material: Material) -> Files:
    """The crisp sets of all usable codes; sufficiency and truth tables where claims reach."""
    usable = sorted(material.codes.loc[material.codes["usable"], "code"])
    sets = crisp(material, usable, ANY_KIND, "").reset_index()
    files = {"qca/cases.csv": safe_csv(sets)}
    reaching = [
        one for claim in material.claims for one in claim.expectations if isinstance(one, Reach)
    ]
    if reaching:
        files["qca/sufficiency.csv"] = safe_csv(sufficiency(material, reaching))
    together: dict[tuple[str, str, str], list[Reach]] = defaultdict(list)
    for one in reaching:
        together[one.codes[1], one.kind_of_source, one.group].append(one)
    for (outcome, kind, group), own in together.items():
        conditions = [one.codes[0] for one in own if one.codes[0] != outcome]
        named = list(dict.fromkeys([*conditions, outcome]))
        table = truth_table(crisp(material, named, kind, group), outcome)
        files[f"qca/truth_table_{own[0].id}.csv"] = safe_csv(table)
    return files


FORM = Form(
    "qca",
    "crisp sets and truth tables for QCA",
    {
        "qca/cases.csv": "QCA: one row a case, 1 where it carries a code",
        "qca/sufficiency.csv": "QCA: consistency and coverage of each claim that one code reaches "
        "another",
        "qca/truth_table_*.csv": "QCA: the truth table of each outcome, with its cases",
    },
    write,
)
