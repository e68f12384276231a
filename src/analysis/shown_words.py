"""Single words that a published notebook may show: only of sources that may be quoted, and only
where enough of them have the word for it to point to nobody."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures import language

_APART = ["role", "word", "count", "count_elsewhere", "sources", "z"]


def words_by_role(
    passages: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    in_sources: int,
    voices: Sequence[str],
    most: int = 8,
) -> pd.DataFrame:
    """The `most` words that set each role apart from the others, each said in `in_sources` or more
    sources of the role.

    Columns: role, word, count, count_elsewhere, sources, z as `language.distinctive_words`; none
    where sources that may be quoted have fewer than two roles.
    """
    quotable = _quotable(sources)
    if quotable["role"].nunique() < 2:
        return pd.DataFrame(columns=_APART)
    roles = quotable.set_index("source_id")["role"]
    apart = language.distinctive_words(passages, roles, voices=voices)
    kept = apart[(apart["sources"] >= in_sources) & (apart["z"] > 0)]
    shown = kept.groupby("group").head(most).rename(columns={"group": "role"})
    return shown[_APART].reset_index(drop=True)


def words_by_code(
    codings: pd.DataFrame,
    passages: pd.DataFrame,
    sources: pd.DataFrame,
    codes: Sequence[str],
    *,
    in_sources: int,
    voices: Sequence[str],
    most: int = 5,
) -> pd.DataFrame:
    """The `most` words that set what lies under each of `codes` apart from all else, each said
    under it in `in_sources` or more sources. Columns as `language.distinctive_words_of_codes`."""
    quotable = _quotable(sources)["source_id"]
    said, coded = (table[table["source_id"].isin(quotable)] for table in (passages, codings))
    apart = language.distinctive_words_of_codes(coded, said, codes, voices=voices)
    kept = apart[(apart["sources"] >= in_sources) & (apart["z"] > 0)]
    return kept.groupby("code").head(most).reset_index(drop=True)


def _quotable(sources: pd.DataFrame) -> pd.DataFrame:
    return sources[sources["publish"].isin(["extracts", "full"]) & (sources["status"] == "active")]
