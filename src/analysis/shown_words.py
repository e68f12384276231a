"""Single words that a published notebook may show: only of sources that may be quoted, and only
where enough cases have said the word for it to point to nobody."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.measures import language

_APART = ["role", "word", "count", "count_elsewhere", "sources", "cases", "z"]


def words_by_role(
    passages: pd.DataFrame,
    sources: pd.DataFrame,
    *,
    in_cases: int,
    voices: Sequence[str],
    most: int = 8,
) -> pd.DataFrame:
    """The `most` words that set each role apart from the others, each said by `in_cases` or more
    cases of the role.

    Columns: role, word, count, count_elsewhere, sources, cases, z as `language.distinctive_words`;
    none where fewer than two roles have words that may be quoted.
    """
    quotable = _quotable(sources)
    said = _said(passages, quotable, voices)
    if said["role"].nunique() < 2:
        return pd.DataFrame(columns=_APART)
    roles = quotable.set_index("source_id")["role"]
    apart = language.distinctive_words(passages, roles, voices=voices)
    cases = said.groupby(["role", "word"], as_index=False).agg(cases=("case_id", "nunique"))
    apart = apart.rename(columns={"group": "role"}).merge(cases, on=["role", "word"])
    kept = apart[(apart["cases"] >= in_cases) & (apart["z"] > 0)]
    return kept.groupby("role").head(most)[_APART].reset_index(drop=True)


def words_by_code(
    codings: pd.DataFrame,
    passages: pd.DataFrame,
    sources: pd.DataFrame,
    codes: Sequence[str],
    *,
    in_cases: int,
    voices: Sequence[str],
    most: int = 5,
) -> pd.DataFrame:
    """The `most` words that set what lies under each of `codes` apart from all else, each said by
    `in_cases` or more cases, and under the code in as many sources.

    Columns as `language.distinctive_words_of_codes`, and cases (that say the word anywhere).
    """
    quotable = _quotable(sources)
    cases = _said(passages, quotable, voices).groupby("word", as_index=False)
    said, coded = (
        table[table["source_id"].isin(quotable["source_id"])] for table in (passages, codings)
    )
    apart = language.distinctive_words_of_codes(coded, said, codes, voices=voices)
    apart = apart.merge(cases.agg(cases=("case_id", "nunique")), on="word")
    enough = (apart["cases"] >= in_cases) & (apart["sources"] >= in_cases)
    ranked = apart[enough & (apart["z"] > 0)].sort_values(
        ["code", "z", "word"], ascending=[True, False, True]
    )
    return ranked.groupby("code").head(most).reset_index(drop=True)


def _quotable(sources: pd.DataFrame) -> pd.DataFrame:
    return sources[sources["publish"].isin(["extracts", "full"]) & (sources["status"] == "active")]


def _said(passages: pd.DataFrame, sources: pd.DataFrame, voices: Sequence[str]) -> pd.DataFrame:
    """Every word that is said in `sources` in a counted voice, with its case and role."""
    counted = passages.loc[passages["voice"].isin(voices), ["source_id", "text"]]
    words = counted["text"].map(language.words_of)
    said = counted.assign(word=words).explode("word").dropna(subset=["word"])
    who = sources[["source_id", "case_id", "role"]]
    return said[["source_id", "word"]].drop_duplicates().merge(who, on="source_id")
