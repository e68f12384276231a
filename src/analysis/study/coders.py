"""Who coded, and whose coding counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

# The choice that counts each source as whoever coded it did.
EVERYONE = "everyone"
# The coder under whom two coders' differences are settled: nobody's own reading.
CONSENSUS = "consensus"


def most_first(coders: Iterable[str]) -> list[str]:
    """Each coder once, of one name for each coding: who coded most first, else by name."""
    counts = Counter(coders)
    return sorted(counts, key=lambda coder: (-counts[coder], coder))


def chosen_codings(
    codings: pd.DataFrame, coder: str, headline: str, ordered: Sequence[str] = ()
) -> pd.DataFrame:
    """The codings of one reading of the corpus: nobody's double coding counts twice.

    A source that `coder` coded counts as they coded it; any other source as `headline` did.
    Where neither coded a source it has no codings, even if a third coder did. `everyone` counts
    each source as one coder did: of several the one who coded most in all (`ordered` begins with
    them, where `codings` are not all that there are).
    """
    if EVERYONE in (coder, headline):
        whose = _coder_of_each(codings, ordered or most_first(codings["coder"]))
        if coder != EVERYONE:
            own = codings.loc[codings["coder"] == coder, "source_id"]
            whose |= dict.fromkeys(own, coder)
        return codings[codings["coder"] == codings["source_id"].map(whose)].reset_index(drop=True)
    coded_by_coder = set(codings.loc[codings["coder"] == coder, "source_id"])
    theirs = codings["source_id"].isin(coded_by_coder)
    chosen = (theirs & (codings["coder"] == coder)) | (~theirs & (codings["coder"] == headline))
    return codings[chosen].reset_index(drop=True)


def _coder_of_each(codings: pd.DataFrame, ordered: Sequence[str]) -> dict[str, str]:
    """For every source that one of its coders who comes first in `ordered`."""
    return {
        str(source_id): min(coders, key=ordered.index)
        for source_id, coders in codings.groupby("source_id")["coder"].unique().items()
    }


def is_divided(codings: pd.DataFrame) -> bool:
    """Whether several coders divided the sources: no source has two of them."""
    several = codings["coder"].nunique() > 1
    return bool(several and (codings.groupby("source_id")["coder"].nunique() == 1).all())


def left_uncounted(codings: pd.DataFrame, coder: str) -> list[str]:
    """The sources that were coded, of which no coding counts when `coder` is the headline."""
    counted = set(chosen_codings(codings, coder, coder)["source_id"])
    return sorted(set(codings["source_id"]) - counted)
