"""Groups of cases compared, as the frequencies notebook shows them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures import contrasts

_SHOWN = [
    "code",
    "group_a",
    "group_b",
    "cases_a",
    "n_cases_a",
    "cases_b",
    "n_cases_b",
    "share_difference",
    "share_lower",
    "share_upper",
    "p_share",
    "q_share",
    "rate_difference",
    "lower",
    "upper",
    "p",
    "q",
    "log_odds_z",
    "note",
]


def between_roles(
    codings: pd.DataFrame,
    interviews: pd.DataFrame,
    passages: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    seed: int,
    n: int,
    minimum_group: int,
    voices: Sequence[str],
) -> pd.DataFrame:
    """Every two roles compared, code by code, those furthest apart first (`contrasts.contrast`).

    Columns: code, group_a, group_b, cases_a, n_cases_a, cases_b, n_cases_b, share_difference,
    share_lower, share_upper, p_share, q_share, rate_difference, lower, upper, p, q, log_odds_z,
    note. Without rows where the register tells fewer than two roles; pairs that are not compared
    come last. Raises ValueError as there.
    """
    if interviews["role"].nunique() < 2:
        return pd.DataFrame(columns=_SHOWN)
    compared = contrasts.contrast(
        codings,
        interviews,
        passages,
        "role",
        codes,
        seed=seed,
        n=n,
        minimum_group=minimum_group,
        voices=voices,
    )[_SHOWN]
    apart = compared["share_difference"].abs().fillna(-1)
    order = compared.assign(apart=-apart).sort_values(["apart", "code", "group_a", "group_b"])
    return order.drop(columns="apart").reset_index(drop=True)
