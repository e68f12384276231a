"""The frequencies stage: most used codes, groups compared, accumulation, words that may be shown."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus, may_be_quoted
from analysis.measures import contrasts, language
from analysis.measures.frequencies import BySource, Counts, counted, coverage, gathered
from analysis.measures.language import Tally
from analysis.measures.said import Sayers, carriers, sayers
from analysis.measures.saturation import Met, accumulated, met_in
from analysis.stages.sums import FOLDER, Batch, sums
from analysis.stages.values import Values, plain_name
from analysis.study.folder import Study
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


@dataclass(frozen=True)
class Stretches:
    """`frequencies.coverage` in numbers: `source`, `code` into `source_ids`, `codes`."""

    source_ids: list[str]
    codes: list[str]
    source: np.ndarray
    code: np.ndarray
    begins: np.ndarray
    ends: np.ndarray


@dataclass(frozen=True)
class Batched:
    """What this stage counts in one batch of sources; words are those that may be quoted."""

    counted: BySource
    met: Met
    stretches: Stretches
    words_by_role: Tally
    words_by_code: Tally
    saying: dict[str, Sayers]
    saying_anywhere: dict[str, Sayers]


@dataclass(frozen=True)
class Frequencies:
    """What all batches of a study come to."""

    sources: pd.DataFrame
    interviews: pd.DataFrame
    codes: pd.DataFrame
    batches: list[Batched]

    @classmethod
    def of(cls, study: Study) -> Frequencies:
        """Count what is coded in `study`, batch by batch."""
        sources, kept = Corpus(study.sources).sources, study.processed / FOLDER
        return cls.of_batches(list(study.parts()), sources, study.codes, kept)

    @classmethod
    def of_batches(
        cls,
        batches: Sequence[Batch],
        sources: pd.DataFrame,
        codes: pd.DataFrame,
        kept: Path,
    ) -> Frequencies:
        """As `of`, of these batches of `sources`, sorted."""
        interviews = interviews_or_all(sources)
        many = interviews["case_id"].value_counts()
        several = sorted(many[many > 1].index)
        kinds = ["interview"] if len(interviews) < len(sources) else []
        count = partial(batched, kinds, set(several))
        found = sums(batches, count, Batched, kept / "frequencies", [kinds, several])
        return cls(sources, interviews, codes, found)

    @cached_property
    def counts(self) -> Counts:
        """The counts of all sources."""
        return gathered([one.counted for one in self.batches], self.sources, self.codes)

    @cached_property
    def of_interviews(self) -> Counts:
        """The counts of the interviews alone."""
        return gathered([one.counted for one in self.batches], self.interviews, self.codes)

    @property
    def coverage(self) -> pd.DataFrame:
        """`frequencies.coverage`, the columns that are drawn: source_id, code, begins, ends."""
        tables = []
        for one in (batch.stretches for batch in self.batches):
            names = np.array(one.source_ids, dtype=object), np.array(one.codes, dtype=object)
            table = {"source_id": names[0][one.source], "code": names[1][one.code]}
            tables.append(pd.DataFrame({**table, "begins": one.begins, "ends": one.ends}))
        return pd.concat(tables, ignore_index=True).astype({"source_id": str, "code": str})


def interviews_or_all(sources: pd.DataFrame) -> pd.DataFrame:
    """The interviews; all sources where the register calls none of them an interview yet."""
    interviews = sources[sources["kind"] == "interview"]
    return sources if interviews.empty else interviews.reset_index(drop=True)


def batched(kinds: list[str], several: set[str], corpus: Corpus) -> Batched:
    """Count in one batch; words in sources of these `kinds` (any kind without), which may be quoted.

    `several`: the cases that may have sources in more than one batch.
    """
    sources = corpus.sources
    among = sources["kind"].isin(kinds) if kinds else np.ones(len(sources), dtype=bool)
    quoted = corpus.of_sources(sources.loc[may_be_quoted(sources) & among, "source_id"])
    roles = quoted.sources["role"]
    anywhere = sayers(quoted, np.ones(len(roles), dtype=bool), several)
    return Batched(
        counted(corpus),
        met_in(corpus),
        _stretches(coverage(corpus)),
        language.tallied(quoted, quoted.sources.set_index("source_id")["role"]),
        language.tallied_of_codes(quoted),
        {role: sayers(quoted, roles == role, several) for role in roles.unique()},
        {"": anywhere},
    )


def _stretches(table: pd.DataFrame) -> Stretches:
    source, source_ids = pd.factorize(table["source_id"])
    code, codes = pd.factorize(table["code"])
    places = (table[side].to_numpy(float) for side in ("begins", "ends"))
    return Stretches(list(source_ids), list(codes), source, code, *places)


def most_spread(frequencies: pd.DataFrame, codes: pd.DataFrame, count: int) -> list[str]:
    """The `count` usable codes that most sources carry, most spread first; unused ones never."""
    usable = frequencies[
        frequencies["code"].isin(codes.loc[codes["usable"], "code"]) & (frequencies["sources"] > 0)
    ]
    ranked = usable.sort_values(["sources", "segments", "code"], ascending=[False, False, True])
    return list(ranked["code"].head(count))


_SHOWN = columns("contrasts")


def between_roles(found: Counts, *, seed: int, n: int, minimum_group: int) -> pd.DataFrame:
    """Every two roles compared, code by code, those furthest apart first (`contrasts.contrast`).

    Columns: code, group_a, group_b, cases_a, n_cases_a, cases_b, n_cases_b, share_difference,
    share_lower, share_upper, p_share, q_share, rate_difference, lower, upper, p, p_error, q, log_odds_z,
    note. Without rows where the register tells fewer than two roles; pairs that are not compared
    come last. Raises ValueError as there.
    """
    if found.sources["role"].nunique() < 2:
        return pd.DataFrame(columns=_SHOWN)
    compared = contrasts.contrast(found, "role", seed=seed, n=n, minimum_group=minimum_group)[
        _SHOWN
    ]
    apart = compared["share_difference"].abs().fillna(-1)
    order = compared.assign(apart=-apart).sort_values(["apart", "code", "group_a", "group_b"])
    return order.drop(columns="apart").reset_index(drop=True)


def curve_of(found: Frequencies, *, approach: str, **how: Any) -> pd.DataFrame:
    """`measures.saturation.accumulation` of the interviews, or an empty table where there is nothing
    to follow.

    Columns as there, in the empty table too. A reflexive analysis has no accumulation curve, nor
    has a corpus without sources or without any coding that counts. `how` is handed on; raises as there.
    """
    if approach == "reflexive" or not found.of_interviews.segments.any():
        return empty("accumulation")
    with warnings.catch_warnings():
        # That deductive codes are there from the start is said in the notebook and the caption.
        warnings.simplefilter("ignore", UserWarning)
        met = [one.met for one in found.batches]
        return accumulated(met, found.interviews, found.codes, **how)


_APART = ["role", "word", "count", "count_elsewhere", "sources", "cases", "z"]


def words_by_role(
    found: Frequencies,
    *,
    in_cases: int,
    most: int = 8,
) -> pd.DataFrame:
    """The `most` words that set each role apart from the others, each said by `in_cases` or more
    cases of the role.

    Columns: role, word, count, count_elsewhere, sources, cases, z as `language.distinctive_words`;
    none where fewer than two roles have words that may be quoted.
    """
    tallies = [one.words_by_role for one in found.batches]
    heard = sorted({role for tally in tallies for role in tally.groups})
    if len(heard) < 2:
        return pd.DataFrame(columns=_APART)
    apart = language.apart(tallies).rename(columns={"group": "role"})
    saying = [_cases_saying([b.saying for b in found.batches], role) for role in heard]
    apart = apart.merge(pd.concat(saying), on=["role", "word"])
    kept = apart[(apart["cases"] >= in_cases) & (apart["z"] > 0)]
    return kept.groupby("role").head(most)[_APART].reset_index(drop=True)


def words_by_code(
    found: Frequencies,
    codes: Sequence[str],
    *,
    in_cases: int,
    most: int = 5,
) -> pd.DataFrame:
    """The `most` words that set what lies under each of `codes` apart from all else, each said by
    `in_cases` or more cases, and under the code in as many sources.

    Columns as `language.distinctive_words_of_codes`, and cases (that say the word anywhere).
    """
    apart = language.of_codes_apart([one.words_by_code for one in found.batches], codes)
    cases = _cases_saying([one.saying_anywhere for one in found.batches], "")
    apart = apart.merge(cases.drop(columns="role"), on="word")
    enough = (apart["cases"] >= in_cases) & (apart["sources"] >= in_cases)
    ranked = apart[enough & (apart["z"] > 0)].sort_values(
        ["code", "z", "word"], ascending=[True, False, True]
    )
    return ranked.groupby("code").head(most).reset_index(drop=True)


def _cases_saying(batches: Sequence[dict[str, Sayers]], role: str) -> pd.DataFrame:
    """Of every word that cases of `role` say in a counted voice: role, word, cases."""
    own = [saying[role] for saying in batches if role in saying]
    return carriers(own).rename(columns={"n": "cases"}).assign(role=role)
