"""The frequencies stage: most used codes, groups compared, accumulation, words that may be shown."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus, may_be_quoted
from analysis.measures import contrasts, language
from analysis.measures.said import carriers, said
from analysis.measures.saturation import accumulation
from analysis.stages.values import Values, plain_name
from analysis.study.schemas import columns, empty


def of_frequencies(frequencies: pd.DataFrame, by_role: pd.DataFrame, codes: pd.DataFrame) -> Values:
    """Segments, sources and cases of every code; the most used ones by name; cases by role.

    `frequencies` covers all sources; `by_role` interviews only. Codes go by `plain_name` of
    their own name where that is unique, else of their path.
    """
    names = value_names(codes)
    values: Values = {
        "freq.total_words": (
            int(frequencies["total_words"].iloc[0]) if len(frequencies) else 0,
            "words",
        ),
        "freq.n_uncounted": (int(frequencies["uncounted_segments"].sum()), "count"),
    }
    leaves = frequencies[frequencies["code"].isin(codes.loc[codes["usable"], "code"])]
    ranked = leaves.sort_values(["sources", "segments", "code"], ascending=[False, False, True])
    values["freq.top1_reach"] = (_reach(ranked), "phrase")
    for place, row in enumerate(ranked.head(5).itertuples(), start=1):
        values[f"freq.top{place}_name"] = (str(row.code).rsplit("/", 1)[-1], "text")
        values[f"freq.top{place}_segments"] = (int(row.segments), "count")
        values[f"freq.top{place}_sources"] = (int(row.sources), "count")
    for row in frequencies.itertuples():
        name = names.get(str(row.code), plain_name(str(row.code)))
        values[f"freq.{name}.segments"] = (int(row.segments), "count")
        values[f"freq.{name}.sources"] = (int(row.sources), "count")
        values[f"freq.{name}.cases"] = (int(row.cases), "count")
        values[f"freq.{name}.words"] = (int(row.words), "words")
    for row in by_role.itertuples():
        name = names.get(str(row.code), plain_name(str(row.code)))
        role = plain_name(str(row.role))
        values[f"freq.{name}.cases_{role}"] = (int(row.cases), "count")
        values[f"freq.n_cases_{role}"] = (int(row.n_cases), "count")
    return values


def _reach(ranked: pd.DataFrame) -> list[Any]:
    """The most widespread code as a phrase: its name, sources and segments; or that none is used."""
    if ranked.empty or not ranked["sources"].iloc[0]:
        return ["none yet, since nothing is coded"]
    most = ranked.iloc[0]
    own_name = str(most["code"]).rsplit("/", 1)[-1]
    sources, segments = int(most["sources"]), int(most["segments"])
    return [f"‘{own_name}’, in", [sources, "sources"], "and", [segments, "segments"]]


def value_names(codes: pd.DataFrame) -> dict[str, str]:
    """How each code is called in the names of values: by its own name, or path if two share it."""
    own = codes["name"].map(plain_name)
    alone = ~own.duplicated(keep=False)
    return {
        str(code): str(name) if single else plain_name(str(code))
        for code, name, single in zip(codes["code"], own, alone, strict=True)
    }


def interviews_or_all(corpus: Corpus) -> Corpus:
    """The interviews; all sources where the register calls none of them an interview yet."""
    interviews = corpus.only(kind="interview")
    return corpus if interviews.sources.empty else interviews


def most_spread(frequencies: pd.DataFrame, codes: pd.DataFrame, count: int) -> list[str]:
    """The `count` usable codes that most sources carry, most spread first; unused ones never."""
    usable = frequencies[
        frequencies["code"].isin(codes.loc[codes["usable"], "code"]) & (frequencies["sources"] > 0)
    ]
    ranked = usable.sort_values(["sources", "segments", "code"], ascending=[False, False, True])
    return list(ranked["code"].head(count))


_SHOWN = columns("contrasts")


def between_roles(corpus: Corpus, *, seed: int, n: int, minimum_group: int) -> pd.DataFrame:
    """Every two roles compared, code by code, those furthest apart first (`contrasts.contrast`).

    Columns: code, group_a, group_b, cases_a, n_cases_a, cases_b, n_cases_b, share_difference,
    share_lower, share_upper, p_share, q_share, rate_difference, lower, upper, p, p_error, q, log_odds_z,
    note. Without rows where the register tells fewer than two roles; pairs that are not compared
    come last. Raises ValueError as there.
    """
    if corpus.sources["role"].nunique() < 2:
        return pd.DataFrame(columns=_SHOWN)
    compared = contrasts.contrast(corpus, "role", seed=seed, n=n, minimum_group=minimum_group)[
        _SHOWN
    ]
    apart = compared["share_difference"].abs().fillna(-1)
    order = compared.assign(apart=-apart).sort_values(["apart", "code", "group_a", "group_b"])
    return order.drop(columns="apart").reset_index(drop=True)


def curve_of(corpus: Corpus, *, approach: str, **how: Any) -> pd.DataFrame:
    """`measures.saturation.accumulation`, or an empty table where there is nothing to follow.

    Columns as there, in the empty table too. A reflexive analysis has no accumulation curve, nor
    has a corpus without sources or without any coding that counts. `how` is handed on; raises as there.
    """
    if approach == "reflexive" or corpus.sources.empty or corpus.counted.empty:
        return empty("accumulation")
    with warnings.catch_warnings():
        # That deductive codes are there from the start is said in the notebook and the caption.
        warnings.simplefilter("ignore", UserWarning)
        return accumulation(corpus, **how)


_APART = ["role", "word", "count", "count_elsewhere", "sources", "cases", "z"]


def words_by_role(
    corpus: Corpus,
    *,
    in_cases: int,
    most: int = 8,
) -> pd.DataFrame:
    """The `most` words that set each role apart from the others, each said by `in_cases` or more
    cases of the role.

    Columns: role, word, count, count_elsewhere, sources, cases, z as `language.distinctive_words`;
    none where fewer than two roles have words that may be quoted.
    """
    corpus = _quotable(corpus)
    roles = corpus.sources.set_index("source_id")["role"]
    heard = roles.iloc[np.unique(said(corpus).source)].unique()
    if len(heard) < 2:
        return pd.DataFrame(columns=_APART)
    apart = language.distinctive_words(corpus, roles).rename(columns={"group": "role"})
    saying = [_cases_saying(corpus, roles == role).assign(role=role) for role in heard]
    apart = apart.merge(pd.concat(saying), on=["role", "word"])
    kept = apart[(apart["cases"] >= in_cases) & (apart["z"] > 0)]
    return kept.groupby("role").head(most)[_APART].reset_index(drop=True)


def words_by_code(
    corpus: Corpus,
    codes: Sequence[str],
    *,
    in_cases: int,
    most: int = 5,
) -> pd.DataFrame:
    """The `most` words that set what lies under each of `codes` apart from all else, each said by
    `in_cases` or more cases, and under the code in as many sources.

    Columns as `language.distinctive_words_of_codes`, and cases (that say the word anywhere).
    """
    corpus = _quotable(corpus)
    apart = language.distinctive_words_of_codes(corpus, codes)
    apart = apart.merge(_cases_saying(corpus), on="word")
    enough = (apart["cases"] >= in_cases) & (apart["sources"] >= in_cases)
    ranked = apart[enough & (apart["z"] > 0)].sort_values(
        ["code", "z", "word"], ascending=[True, False, True]
    )
    return ranked.groupby("code").head(most).reset_index(drop=True)


# Asked for twice in turn: what its words are is found once.
@lru_cache(maxsize=1)
def _quotable(corpus: Corpus) -> Corpus:
    return corpus.of_sources(corpus.sources.loc[may_be_quoted(corpus.sources), "source_id"])


def _cases_saying(corpus: Corpus, among: pd.Series | bool = True) -> pd.DataFrame:
    """Of every word said in a counted voice: word, cases (of sources `among` all that say it)."""
    case, _ = pd.factorize(corpus.sources["case_id"])
    return carriers(said(corpus), np.where(among, case, -1)).rename(columns={"n": "cases"})
