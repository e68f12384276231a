"""Cases as qualitative comparative analysis (QCA) takes them: crisp sets, and truth tables of the
expectations of the kind `reach`, whose condition is one code and whose outcome another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

import pandas as pd

from analysis.claims.expectation import akin
from analysis.claims.guide import expecting, read_guide, unasked_of_codes
from analysis.claims.material import Material as Coded
from analysis.claims.matrix import MATRIX, read_matrix
from analysis.claims.reach import Reach
from analysis.claims.stance import not_asked_of
from analysis.claims.terms import ANY_KIND
from analysis.files.spreadsheet import safe_csv
from analysis.lifecycle.export.form import Files, Form
from analysis.lifecycle.export.material import Material
from analysis.study.guide import GUIDE

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
    "not_asked",
]
LEFT_OUT = ["table", "case_id", "codes"]
Unasked = Mapping[str, Collection[str]]


def not_asked(material: Material, codes: Collection[str]) -> dict[str, frozenset[str]]:
    """The cases that nobody asked about a code, by code, as the matrix and the guide tell.

    By the matrix where each cell of theirs under a theme with the code, or one above or below, says
    so (where no theme has it, each of the claims that expect something of it); by the guide where it
    asks about the code, or such a claim, and nobody asked them.
    """
    study, claims = material.study, material.claims
    guide = read_guide(study.raw / GUIDE, claims, study.codes["code"])
    by_guide = unasked_of_codes(guide, codes, claims, study.corpus)
    matrix = read_matrix(study.raw / MATRIX, claims, Coded.of(study.corpus), study.register)
    found = {}
    for code in codes:
        themes = [
            theme for claim in claims for theme in claim.themes if akin(theme.codes, [code])
        ] or [theme for claim in expecting(code, claims) for theme in claim.themes]
        by_matrix = not_asked_of([theme.name for theme in themes], matrix)
        found[code] = by_matrix | frozenset(by_guide.get(code, ()))
    return found


def crisp(
    material: Material, codes: list[str], kind: str, group: str, unasked: Unasked
) -> pd.DataFrame:
    """Cases by `codes`, 1 where a coding that counts has the code or one below, else 0; index
    case_id. Missing where it has not, and nobody asked (`unasked`: cases by code).

    Of the sources of one `kind` (`any`: of all) and of one role (`''`: of all).
    """
    sources = material.sources
    if kind not in (ANY_KIND, ""):
        sources = sources[sources["kind"] == kind]
    if group:
        sources = sources[sources["role"] == group]
    spans = material.counted.merge(sources[["source_id", "case_id"]], on="source_id")
    cases = pd.Index(sorted(sources["case_id"].unique()), name="case_id")
    found = {}
    for code in codes:
        who = spans.loc[spans["code"].isin(material.beneath([code])), "case_id"]
        carries = pd.Series(cases.isin(who), index=cases).astype("Int64")
        nobody_asked = cases.isin(list(unasked.get(code, ())))
        found[code] = carries.mask((carries == 0) & nobody_asked)
    return pd.DataFrame(found, index=cases)


def left_out(table: str, sets: pd.DataFrame) -> list[tuple[str, str, str]]:
    """The cases of `crisp` sets of which something is missing, with what: rows of LEFT_OUT.

    >>> sets = pd.DataFrame({"a": [1, None], "b": [0, 1]}, index=["p", "q"])
    >>> left_out("cases", sets)
    [('cases', 'q', 'a')]
    """
    lacking = sets[sets.isna().any(axis=1)]
    return [
        (table, str(case), "; ".join(sets.columns[row.isna()])) for case, row in lacking.iterrows()
    ]


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


def sufficiency(material: Material, expectations: list[Reach], unasked: Unasked) -> pd.DataFrame:
    """How far the condition of each expectation suffices: SUFFICIENCY.

    consistency: cases with both, of those with the condition; coverage: of those with the outcome;
    missing where there are none (Ragin 2006). Cases of which one is not known for nobody asked are
    not_asked, and in no other count.
    """
    rows = []
    for one in expectations:
        condition, outcome = one.codes
        every = crisp(material, [condition, outcome], one.kind_of_source, one.group, unasked)
        sets = every.dropna()
        with_condition, with_outcome = int(sets[condition].sum()), int(sets[outcome].sum())
        both = int((sets[condition] & sets[outcome]).sum())
        counts = (len(sets), with_condition, with_outcome, both)
        consistency = both / with_condition if with_condition else float("nan")
        coverage = both / with_outcome if with_outcome else float("nan")
        missing = len(every) - len(sets)
        rows.append((one.id, condition, outcome, *counts, consistency, coverage, missing))
    return pd.DataFrame(rows, columns=SUFFICIENCY)


def write(material: Material) -> Files:
    """The crisp sets of all usable codes; sufficiency and truth tables where claims reach."""
    usable = sorted(material.codes.loc[material.codes["usable"], "code"])
    reaching = [
        one for claim in material.claims for one in claim.expectations if isinstance(one, Reach)
    ]
    unasked = not_asked(material, [*usable, *(code for one in reaching for code in one.codes)])
    sets = crisp(material, usable, ANY_KIND, "", unasked)
    files, missing = {"qca/cases.csv": safe_csv(sets.reset_index())}, left_out("cases", sets)
    if reaching:
        files["qca/sufficiency.csv"] = safe_csv(sufficiency(material, reaching, unasked))
    together: dict[tuple[str, str, str], list[Reach]] = defaultdict(list)
    for one in reaching:
        together[one.codes[1], one.kind_of_source, one.group].append(one)
    for (outcome, kind, group), own in together.items():
        conditions = [one.codes[0] for one in own if one.codes[0] != outcome]
        named = list(dict.fromkeys([*conditions, outcome]))
        table = crisp(material, named, kind, group, unasked)
        files[f"qca/truth_table_{own[0].id}.csv"] = safe_csv(truth_table(table.dropna(), outcome))
        missing += left_out(f"truth_table_{own[0].id}", table)
    return files | {"qca/not_asked.csv": safe_csv(pd.DataFrame(missing, columns=LEFT_OUT))}


FORM = Form(
    "qca",
    "crisp sets and truth tables for QCA",
    {
        "qca/cases.csv": "QCA: one row a case, 1 where it carries a code, 0 where it does not, empty "
        "where nobody asked it",
        "qca/sufficiency.csv": "QCA: consistency and coverage of each claim that one code reaches "
        "another; `not_asked` cases are in no other count",
        "qca/truth_table_*.csv": "QCA: the truth table of each outcome, with its cases; without those "
        "that nobody asked about a condition or the outcome",
        "qca/not_asked.csv": "QCA: which cases each table lacks, and what they were not asked about",
    },
    write,
)
