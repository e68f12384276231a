"""Where what a person wrote into the matrix differs from what was judged, or from what was asked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from analysis.claims.bearing import BESIDE, CONTRADICTS
from analysis.claims.expectation import akin
from analysis.claims.material import Material
from analysis.claims.matrix import CONTRARY, NOT_ASKED, SAID, SILENT
from analysis.claims.model import Claim
from analysis.study.schemas import columns

DISAGREEMENTS = columns("matrix_disagreements")


def matrix_disagreements(
    claims: Sequence[Claim],
    material: Material,
    bearings: pd.DataFrame,
    matrix: pd.DataFrame,
    unasked: Mapping[str, Collection[str]] | None = None,
) -> pd.DataFrame:
    """Where the matrix and the bearings or the guide say different things of a case, for a decision.

    Columns: claim, theme, case_id, cell (its state), judged ('2 supports, 1 contradicts'), differs
    (in words). A cell differs when it is contrary but no judged passage of the case contradicts;
    said, but all that were judged contradict (and no cell of the claim is contrary); or silent or
    not asked, but a passage under the theme was found to support, qualify or contradict. By the guide
    (`unasked`: cases by expectation that it asks about) it differs when it is silent, but nobody
    asked; or not asked, but somebody did.
    """
    case_of = dict(zip(material.sources["source_id"], material.sources["case_id"], strict=True))
    rows = []
    for claim in claims:
        own = bearings[bearings["claim"] == claim.id]
        own = own.assign(case_id=own["source_id"].map(case_of))
        cells = matrix[matrix["claim"] == claim.id]
        codes = {theme.name: theme.codes for theme in claim.themes}
        asking = {
            theme.name: [
                unasked[one.id]
                for one in claim.expectations
                if unasked and one.id in unasked and akin(one.asked_of, theme.codes)
            ]
            for theme in claim.themes
        }
        for cell in cells.sort_values(["theme", "case_id"]).to_dict("records"):
            of_case = own[(own["case_id"] == cell["case_id"]) & (own["bears"] != BESIDE)]
            states = set(cells.loc[cells["case_id"] == cell["case_id"], "state"])
            held = (
                material.coded.on_passages.get(code, frozenset()) for code in codes[cell["theme"]]
            )
            under = frozenset().union(*held)
            told = (
                _differs(cell["state"], of_case, states, under),
                _differs_from_guide(cell["state"], cell["case_id"], asking[cell["theme"]]),
            )
            differs = "; ".join(one for one in told if one)
            if differs:
                counts = of_case["bears"].value_counts().sort_index()
                judged = ", ".join(f"{count} {bears}" for bears, count in counts.items())
                rows.append(
                    [claim.id, cell["theme"], cell["case_id"], cell["state"], judged, differs]
                )
    return pd.DataFrame(rows, columns=DISAGREEMENTS)


def _differs(
    state: str, judged: pd.DataFrame, states: set[str], under: frozenset[tuple[str, int]]
) -> str:
    if judged.empty:
        return ""
    against = (judged["bears"] == CONTRADICTS).to_numpy()
    if state == CONTRARY and not against.any():
        return "the cell is contrary, and no passage contradicts"
    if state == SAID and against.all() and CONTRARY not in states:
        return "the cell is not contrary, and all judged passages contradict"
    places = set(zip(judged["source_id"], judged["passage"], strict=True))
    if state in (SILENT, NOT_ASKED) and places & under:
        return f"the cell is {state}, and a passage under the theme was judged"
    return ""


def _differs_from_guide(state: str, case: str, unasked: Sequence[Collection[str]]) -> str:
    """`unasked`: of each expectation on the theme that the guide asks about, who was not asked."""
    if not unasked:
        return ""
    nobody_asked = all(case in one for one in unasked)
    if state == SILENT and nobody_asked:
        return "the cell is silent, and by the guide nobody asked"
    if state == NOT_ASKED and not nobody_asked:
        return "the cell is not asked, and by the guide somebody asked"
    return ""
