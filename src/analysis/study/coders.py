"""Who coded, and whose coding counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd


def most_first(coders: Iterable[str]) -> list[str]:
    """Each coder once, of one name for each coding: who coded most first, else by name."""
    counts = Counter(coders)
    return sorted(counts, key=lambda coder: (-counts[coder], coder))


def chosen_codings(codings: pd.DataFrame, coder: str, headline: str) -> pd.DataFrame:
    """The codings of one reading of the corpus: nobody's double coding counts twice.

    A source that `coder` coded counts as they coded it; any other source as `headline` did.
    Where neither coded a source it has no codings, even if a third coder did.
    """
    coded_by_coder = set(codings.loc[codings["coder"] == coder, "source_id"])
    theirs = codings["source_id"].isin(coded_by_coder)
    chosen = (theirs & (codings["coder"] == coder)) | (~theirs & (codings["coder"] == headline))
    return codings[chosen].reset_index(drop=True)
