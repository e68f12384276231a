"""The numbers and sentences of the findings, named for the prose: prefix `find`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import pandas as pd

from analysis.claims import first_computed
from analysis.claims.bearing import BEARINGS
from analysis.claims.coded_stance import read_judgements
from analysis.claims.codes_cell import codes_in
from analysis.claims.examples import AGAINST, NOT_ASKED_CASE, SILENT, cases_in
from analysis.claims.guide import check_words, read_guide, unasked
from analysis.claims.material import Material
from analysis.claims.matrix import MATRIX, read_matrix
from analysis.claims.memos import MEMOS, read_memos
from analysis.claims.model import Claim
from analysis.claims.rule import CODED_PATTERNS, RULE
from analysis.claims.sensitivity import distinct, notice
from analysis.claims.signing import MUST_REREAD, SIGNED
from analysis.claims.stance import Stances
from analysis.claims.terms import (
    ABSENT,
    OPEN,
    OPPOSITE,
    PRESENT,
    TOO_FEW,
    UNTOLD,
    VARIES,
)
from analysis.files.whole_file import write_text
from analysis.stages.values import Values, plain_name
from analysis.study.folder import Study
from analysis.study.guide import GUIDE

#: The figures that this stage drew, in `reports/figures`.
LISTED = ".expectations.list"
_COUNTED = {
    "n": "n_group",
    "n_of": "of_group",
    "than_n": "n_than",
    "than_of": "of_than",
    "n_least": "n_least",
    "n_most": "n_most",
    "cases_not_asked": "n_not_asked",
    "n_passages": "n_passages",
    "n_unjudged": "n_unjudged",
}


def of_findings(
    patterns: pd.DataFrame,
    claim_patterns: pd.DataFrame,
    decisions: pd.DataFrame,
    negative: pd.DataFrame,
    variants: pd.DataFrame,
    matrix: pd.DataFrame,
) -> Values:
    """What the prose quotes of the claims, their expectations, and what would turn them.

    find.n_*: over all claims. find.<claim>.pattern, reason, judgements, decision, state, n_cases_against,
    _silent, _not_asked. find.<expectation>.pattern, sentence, against, effect, lower, upper, p, q,
    expected, marked_codes, n_group of of_group, n_than of of_than, n_least, n_most, n_not_asked,
    n_passages, n_unjudged, and of its variants n_variants,
    n_distinct_variants, n_same_pattern. Ids by `plain_name`. Without claims all counts are 0.
    """
    values: Values = {
        "find.rule": (RULE, "text"),
        "find.sensitivity_notice": (notice(variants), "text"),
        "find.n_claims": (len(claim_patterns), "count"),
        "find.n_expectations": (len(patterns), "count"),
        "find.n_must_reread": (int((decisions["state"] == MUST_REREAD).sum()), "count"),
        "find.n_signed": (int((decisions["state"] == SIGNED).sum()), "count"),
        "find.n_matrix_cells": (len(matrix), "count"),
        "find.n_matrix_stale": (int(matrix["stale"].sum()), "count"),
    }
    for pattern, name in (
        (PRESENT, "present"),
        (ABSENT, "absent"),
        (OPPOSITE, "opposite"),
        (VARIES, "varies"),
        (UNTOLD, "untold"),
        (OPEN, "open"),
        (TOO_FEW, "too_few"),
    ):
        values[f"find.n_{name}"] = (int((patterns["pattern"] == pattern).sum()), "count")
    for pattern in CODED_PATTERNS:
        count = int((claim_patterns["coded_pattern"] == pattern).sum())
        values[f"find.n_claims_{plain_name(pattern)}"] = (count, "count")
    values |= _of_claims(claim_patterns, decisions, negative)
    for row in patterns.to_dict("records"):
        values |= _of_expectation(row)
    return values | _of_variants(variants)


class Written(NamedTuple):
    """What people wrote of the claims: judgements, cells of the matrix, memos."""

    bearings: pd.DataFrame
    matrix: pd.DataFrame
    memos: pd.DataFrame
    stances: Stances
    unasked: dict[str, list[str]]


def what_people_wrote(study: Study, claims: Sequence[Claim], material: Material) -> Written:
    """Read it all; where a file is not there, nothing was written.

    `Written.stances`: what was judged, by hand or by a coded stance, and who was not asked;
    `unasked`: of these whom the guide tells, by expectation.
    """
    raw, register = study.raw, study.register
    path, listed = raw / BEARINGS, register["source_id"]
    bearings = read_judgements(path, claims, study.corpus, listed, study.stances)
    matrix = read_matrix(raw / MATRIX, claims, material, register)
    guide = read_guide(raw / GUIDE, claims, study.codes["code"])
    check_words(guide, study.corpus)
    by_guide = unasked(guide, claims, study.corpus)
    stances = Stances.of(claims, bearings, matrix, by_guide)
    return Written(bearings, matrix, read_memos(raw / MEMOS), stances, by_guide)


def draw_stances(study: Study, by_case: pd.DataFrame) -> list[str]:
    """Draw how every case stands to every expectation, a figure for each claim; return their names.

    `by_case` as from `claims.stance_table`. What was drawn is listed in `.expectations.list`, and
    what was drawn of claims that are gone is removed.
    """
    from analysis import figures

    folder = study.reports / "figures"
    listed = folder / LISTED
    before = listed.read_text(encoding="utf-8").splitlines() if listed.is_file() else []
    names = []
    for claim, own in by_case.groupby("claim", sort=False):
        name = figure_of(str(claim))
        rows = own["expectation"].nunique()
        study.save_figure(
            figures.cases_by_expectation(own), name, width=6.5, height=2.2 + 0.3 * rows
        )
        names += [f"{name}.png", f"{name}.svg"]
    for gone in set(before) - set(names):
        (folder / gone).unlink(missing_ok=True)
    write_text(listed, "".join(f"{name}\n" for name in names))
    return names


def figure_of(claim: str) -> str:
    """The name of the figure of a claim's cases and expectations."""
    return f"expectations-{claim}"


def remember(study: Study) -> None:
    """Keep with which claims patterns are computed today (`claims.first_computed`)."""
    today = date.today().isoformat()
    first_computed.remember(study.folder, today, computed=not study.all_codings.empty)


def also_judging(study: Study) -> tuple[list[str], list[str]]:
    """Who coded, and who interviewed: a judge of passages may be either, and it is to be said."""
    told = study.register.get("interviewer", pd.Series(dtype=str)).astype(str)
    interviewers = {name.strip() for cell in told for name in cell.split(";")} - {"", "unknown"}
    return sorted(set(study.all_codings["coder"])), sorted(interviewers)


def _of_claims(
    claim_patterns: pd.DataFrame, decisions: pd.DataFrame, negative: pd.DataFrame
) -> Values:
    states = decisions.set_index("claim")
    values: Values = {}
    for row in claim_patterns.to_dict("records"):
        name = f"find.{plain_name(row['claim'])}"
        own = negative[negative["claim"] == row["claim"]]
        values[f"{name}.pattern"] = (row["coded_pattern"], "text")
        values[f"{name}.reason"] = (row["reason"], "text")
        values[f"{name}.judgements"] = (row["judgements"] or "none against it", "text")
        values[f"{name}.decision"] = (states.loc[row["claim"], "status"], "text")
        values[f"{name}.state"] = (states.loc[row["claim"], "state"], "text")
        for state, count in (
            (AGAINST, "against"),
            (SILENT, "silent"),
            (NOT_ASKED_CASE, "not_asked"),
        ):
            values[f"{name}.n_cases_{count}"] = (cases_in(own[own["state"] == state]), "count")
    return values


def _of_expectation(row: dict[Any, Any]) -> Values:
    name = f"find.{plain_name(row['expectation'])}"
    values: Values = {
        f"{name}.pattern": (row["pattern"], "text"),
        f"{name}.sentence": (row["sentence"], "text"),
        f"{name}.against": (row["against"], "text"),
        f"{name}.effect": (row["effect"], "coefficient"),
        f"{name}.lower": (row["lower"], "coefficient"),
        f"{name}.upper": (row["upper"], "coefficient"),
        f"{name}.p": (row["p"], "p"),
        f"{name}.q": (row["q"], "p"),
        f"{name}.expected": (row["expected"], "rate"),
        f"{name}.marked_codes": ("; ".join(codes_in(row["marked_codes"])) or "none", "text"),
    }
    return values | {f"{name}.{said}": (row[column], "count") for column, said in _COUNTED.items()}


def _of_variants(variants: pd.DataFrame) -> Values:
    counts = distinct(variants)
    values: Values = {
        "find.n_settings": (int(variants["variant"].nunique()), "count"),
        "find.n_variants": (len(variants), "count"),
        "find.n_distinct_variants": (int(counts["n_distinct"].sum()), "count"),
        "find.n_distinct_results": (int(counts["n_results"].sum()), "count"),
    }
    for row in counts.to_dict("records"):
        name = f"find.{plain_name(row['expectation'])}"
        values[f"{name}.n_variants"] = (row["n_variants"], "count")
        values[f"{name}.n_distinct_variants"] = (row["n_distinct"], "count")
        values[f"{name}.n_same_pattern"] = (row["n_same"], "count")
    return values
