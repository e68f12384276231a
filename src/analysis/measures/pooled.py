"""One kappa for many codes: pooled, and the plain mean."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd


class OverCodes(NamedTuple):
    """Kappa over `n_codes` codes; NaN where none has one."""

    pooled: float
    macro: float
    n_codes: int


def kappa_over_codes(by_code: pd.DataFrame) -> OverCodes:
    """Return kappa of two coders over several codes, each put to the same units or not.

    `by_code` as from `agreement_by_code` (percent_agreement, kappa, prevalence). Codes without a
    kappa are left out. Pooled: observed and expected agreement are averaged over codes before they
    are compared, so that a rare code weighs as much as a common one in both and a kappa near
    nought of a rare code does not weigh more than it tells (De Vries, Elliott, Kanouse and Teleki
    2008). Macro: the mean of the kappas. Expected agreement is that of Cohen (1960): it follows
    from kappa, and where kappa is 1 from the prevalence, which both coders then share.

    One code on which they agree wholly, at even prevalence, and one on which they agree by chance:
    observed 1 and .5, expected .5 and .5.

    >>> by_code = {"kappa": [1.0, 0.0], "percent_agreement": [1.0, 0.5], "prevalence": [0.5, 0.5]}
    >>> kappa_over_codes(pd.DataFrame(by_code))
    OverCodes(pooled=0.5, macro=0.5, n_codes=2)
    """
    defined = by_code[by_code["kappa"].notna()]
    if defined.empty:
        return OverCodes(np.nan, np.nan, 0)
    kappa, observed, share = (
        defined[name].to_numpy(float) for name in ("kappa", "percent_agreement", "prevalence")
    )
    complete = kappa >= 1
    expected = np.where(
        complete,
        share**2 + (1 - share) ** 2,
        (observed - kappa) / np.where(complete, 1, 1 - kappa),
    )
    by_chance = expected.mean()
    pooled = (observed.mean() - by_chance) / (1 - by_chance) if by_chance < 1 else np.nan
    return OverCodes(float(pooled), float(kappa.mean()), len(defined))
