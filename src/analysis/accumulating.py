"""How codes accumulated over the interviews, where the approach has a use for it."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd

from analysis.measures.saturation import accumulation

COLUMNS = [
    "step",
    "source_id",
    "date",
    "new_codes",
    "cumulative",
    "expected",
    "lower",
    "upper",
    "new_in_run",
    "ratio",
    "below",
]


def curve_of(
    codings: pd.DataFrame, sources: pd.DataFrame, codes: pd.DataFrame, *, approach: str, **how: Any
) -> pd.DataFrame:
    """`measures.saturation.accumulation`, or an empty table where there is nothing to follow.

    Columns as there, in the empty table too. A reflexive analysis has no accumulation curve, nor
    have `sources` without rows or without any coding. `how` is handed on; raises as there.
    """
    if approach == "reflexive" or sources.empty or codings.empty:
        return pd.DataFrame(columns=COLUMNS)
    with warnings.catch_warnings():
        # That deductive codes are there from the start is said in the notebook and the caption.
        warnings.simplefilter("ignore", UserWarning)
        return accumulation(codings, sources, codes, **how)
