"""How often and where codes are used: segments, words, sources and cases, never mixed."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.corpus.plain import refuse_unknown
from analysis.measures import UndefinedMeasure
from analysis.measures.given import refuse_level, words_in
from analysis.measures.ranges import ratios
from analysis.measures.resampling import warn_of_one_case
from analysis.measures.said import text_of
from analysis.measures.spans import (
    each_once,
    in_counted_text,
    not_empty,
    numbered,
    rolled_up,
    union,
    union_length,
)


@dataclass(frozen=True)
class BySource:
    """What `counted` finds in some of the sources; `gathered` puts such parts together.

    `codes` that were put there, or are above one that was; `put`, `segments`, `words`, `uncounted`
    are codes x `source_ids`; `own`, `total_words` (sources,).
    """

    codes: list[str]
    source_ids: list[str]
    put: np.ndarray
    segments: np.ndarray
    words: np.ndarray
    own: np.ndarray
    uncounted: np.ndarray
    total_words: np.ndarray


@dataclass(frozen=True)
class Counts:
    """Counts by code and source: `segments`, `words`, `uncounted` are codes x sources.

    `total_words` counts the words of counted voices in each source. A parent has its children's
    segments and words as well as its own, each once; `own` (sources,) counts the segments of each
    source as they were coded. `uncounted` are segments that touch no counted voice and are in no
    other count. `words` are NaN where passages came without their text.
    """

    codes: list[str]
    sources: pd.DataFrame
    segments: np.ndarray
    words: np.ndarray
    own: np.ndarray
    uncounted: np.ndarray
    total_words: np.ndarray


# Several tables are made of one corpus in turn.
@lru_cache(maxsize=2)
def counts(
    corpus: Corpus,
) -> Counts:
    """Count segments and words by code (parents rolled up) and source.

    Codes (those of the codebook, and all that were put or are above one that was) and sources are
    sorted. Empty spans are left out. Raises ValueError as `code_frequencies`.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 11, "we trust it"), ("t", 0, 4, "they")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 3, 8, "trust"), ("s", 0, 11, "trust")],
    ...         columns=["source_id", "start", "end", "code"],
    ...     ),
    ... )
    >>> found = counts(corpus)
    >>> found.segments.tolist(), found.words.tolist(), found.total_words.tolist()
    ([[2, 0]], [[3, 0]], [3, 1])
    """
    return gathered([counted(corpus)], corpus.sources, corpus.codes)


def counted(corpus: Corpus) -> BySource:
    """Count in `corpus`, which may be some sources of a larger one; errors as `counts`.

    >>> passages = pd.DataFrame({"source_id": ["s"], "start": [0], "end": [4], "text": ["they"]})
    >>> codings = pd.DataFrame({"source_id": ["s"], "start": [0], "end": [4], "code": ["a/b"]})
    >>> found = counted(Corpus(passages=passages, codings=codings))
    >>> found.codes, found.segments.tolist(), found.own.tolist()
    (['a', 'a/b'], [[1], [1]], [1])
    """
    ids, passages = list(corpus.sources["source_id"]), corpus.counted_passages
    codings = each_once(corpus.codings)
    rolled = rolled_up(codings, corpus.codes)
    names = sorted(rolled["code"].unique())
    shape, size = (len(names), len(ids)), len(names) * len(ids)

    def cells(rows: pd.DataFrame) -> np.ndarray:
        return np.asarray(
            numbered(rows["code"], names) * len(ids) + numbered(rows["source_id"], ids)
        )

    put = np.zeros(size, dtype=bool)
    put[cells(rolled)] = True
    codings, rolled = not_empty(codings), not_empty(rolled)
    text = text_of(corpus, codings)
    touching = in_counted_text(rolled, text)
    first, beyond = text.words_of(rolled)
    cell = cells(rolled)
    words = union_length(cell, first, beyond, size) if text.has_words else np.full(size, np.nan)
    own = numbered(codings["source_id"], ids)[in_counted_text(codings, text)]
    spoken = np.bincount(
        numbered(passages["source_id"], ids), weights=words_in(passages), minlength=len(ids)
    )
    return BySource(
        names,
        ids,
        put.reshape(shape),
        np.bincount(cell[touching], minlength=size).reshape(shape),
        words.reshape(shape),
        np.bincount(own, minlength=len(ids)),
        np.bincount(cell[~touching], minlength=size).reshape(shape),
        spoken.astype(np.int64),
    )


def gathered(parts: Sequence[BySource], sources: pd.DataFrame, codes: pd.DataFrame) -> Counts:
    """Sum what was counted in parts of a corpus (`counted`), for those `sources` that are asked for.

    Each source is in one part; `codes` is the codebook. Nothing hangs on how the corpus was cut.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 4, "they"), ("t", 0, 4, "they")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame({"source_id": ["t"], "start": [0], "end": [4], "code": ["a"]}),
    ... )
    >>> parts = [counted(corpus.of_sources([one])) for one in "st"]
    >>> gathered(parts, corpus.sources, corpus.codes).segments.tolist()
    [[0, 1]]
    """
    ids = list(sources["source_id"])
    places = [numbered(pd.Series(part.source_ids, dtype=str), ids) for part in parts]
    here = [place >= 0 for place in places]
    used = [
        [part.codes[row] for row in np.flatnonzero(part.put[:, own].any(axis=1))]
        for part, own in zip(parts, here, strict=True)
    ]
    names = sorted({*codes["code"], *itertools.chain.from_iterable(used)})
    untold = any(part.words.dtype == float for part in parts)
    kinds = (np.int64, np.float64 if untold else np.int64, np.int64)
    shape = (len(names), len(ids))
    segments, words, uncounted = (np.zeros(shape, dtype=kind) for kind in kinds)
    own, total_words = (np.zeros(len(ids), dtype=np.int64) for _ in range(2))
    if untold:
        words[:] = np.nan
    for part, place, kept in zip(parts, places, here, strict=True):
        row = numbered(pd.Series(part.codes, dtype=str), names)
        cells = np.ix_(row[row >= 0], place[kept])
        for whole, found in (
            (segments, part.segments),
            (words, part.words),
            (uncounted, part.uncounted),
        ):
            whole[cells] = found[row >= 0][:, kept]
        own[place[kept]], total_words[place[kept]] = part.own[kept], part.total_words[kept]
    return Counts(names, sources, segments, words, own, uncounted, total_words)


def counts_of(of: Corpus | Counts) -> Counts:
    """Return the counts of a corpus, or those that were gathered of its parts.

    >>> counts_of(Corpus(passages=pd.DataFrame({"source_id": ["s"], "start": 0, "end": 1, "text": "I"}))).codes
    []
    """
    return counts(of) if isinstance(of, Corpus) else of


def code_frequencies(
    corpus: Corpus | Counts,
    by: str | Sequence[str] | None = None,
) -> pd.DataFrame:
    """Count each code, in each group of sources.

    `by` names one or more columns of `sources` (kind, role, …). One row per group and code, the
    codes of the codebook that nobody used included; columns, after those of `by`:

    - code
    - segments: coded segments that touch a counted voice
    - words: counted words under the code, each once however often it is coded; NaN where the
      passages have no column text
    - cases, sources: those with at least one such segment
    - n_cases, n_sources, total_words: what the group has in all, coded or not
    - rate_pooled: 1,000 x segments / total_words
    - rate_mean_of_cases: the mean over cases with any counted words of the same rate in each
    - uncounted_segments: segments that touch no counted voice; in no other column

    A parent carries its children's segments and words, each once. total_words is the sum of the
    column words of the passages, or counted in their text. Both rates are NaN, with an
    `UndefinedMeasure` warning, where a group has no counted words, or mixes kinds of source:
    an interview and a document do not yield words at the same rate.

    Raises ValueError where a source has no value in a column of `by`, naming the sources; where
    `by` names a column of the result; and where there are no passages, or they overlap, have
    neither words nor text, or words that are no number of at least 0.

    Two segments over three of four words, in one of two sources:

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 11, "we trust it"), ("t", 0, 4, "they")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 3, 8, "trust"), ("s", 0, 11, "trust")],
    ...         columns=["source_id", "start", "end", "code"],
    ...     ),
    ... )
    >>> table = code_frequencies(corpus).round(1)
    >>> table[["segments", "words", "sources", "n_sources", "total_words"]].to_dict("records")
    [{'segments': 2, 'words': 3, 'sources': 1, 'n_sources': 2, 'total_words': 4}]
    >>> table[["rate_pooled", "rate_mean_of_cases"]].to_dict("records")
    [{'rate_pooled': 500.0, 'rate_mean_of_cases': 333.3}]
    """
    found = counts_of(corpus)
    tables = [
        _of_group(found, np.asarray(places, dtype=np.int64)).assign(**labels)
        for labels, places in _groups(found.sources, by)
    ]
    columns = [by] if isinstance(by, str) else list(by or [])
    if tables:
        table = pd.concat(tables, ignore_index=True)
    else:
        none = _of_group(found, np.zeros(0, dtype=np.int64)).iloc[:0]
        table = none.assign(**dict.fromkeys(columns, "")).reset_index(drop=True)
    if by is not None:
        table = table[columns + [name for name in table.columns if name not in columns]]
    return table


_COUNTED = (
    "code",
    "segments",
    "words",
    "cases",
    "sources",
    "n_cases",
    "n_sources",
    "total_words",
    "rate_pooled",
    "rate_mean_of_cases",
    "uncounted_segments",
)


def _groups(
    sources: pd.DataFrame, by: str | Sequence[str] | None
) -> list[tuple[dict[str, Any], list[int]]]:
    if by is None:
        return [({}, list(range(len(sources))))]
    columns = [by] if isinstance(by, str) else list(by)
    taken = [column for column in columns if column in _COUNTED]
    if taken:
        raise ValueError(f"by {', '.join(taken)}: so is a column of the result called; rename it")
    for column in columns:
        refuse_unknown(sources, column)
    return [
        (dict(zip(columns, values, strict=True)), list(rows.index))
        for values, rows in sources.groupby(columns, sort=True)
    ]


def one_kind(sources: pd.DataFrame) -> bool:
    """Return whether `sources` are all of one kind, so that a word rate makes sense.

    True where there is no column `kind`, and where there are no sources.

    >>> one_kind(pd.DataFrame({"kind": ["interview", "document"]}))
    False
    """
    return "kind" not in sources or sources["kind"].nunique() <= 1


def _of_group(found: Counts, places: np.ndarray) -> pd.DataFrame:
    sources = found.sources.iloc[places]
    case, case_names = pd.factorize(sources["case_id"], sort=True)
    segments, words = found.segments[:, places], found.words[:, places]
    by_case = summed(segments, case, len(case_names))
    case_words = summed(found.total_words[None, places], case, len(case_names))[0]
    total = int(case_words.sum())
    pooled = mean = np.full(len(found.codes), np.nan)
    if not one_kind(sources):
        warnings.warn(
            "no word rates: the group mixes kinds of source; compare within a kind, by='kind'",
            UndefinedMeasure,
            stacklevel=3,
        )
    elif total == 0:
        warnings.warn("no word rates: a group has no counted words", UndefinedMeasure, stacklevel=3)
    else:
        pooled = 1000 * segments.sum(axis=1) / total
        speaking = case_words > 0
        mean = (1000 * by_case[:, speaking] / case_words[speaking]).mean(axis=1)
    return pd.DataFrame(
        {
            "code": found.codes,
            "segments": segments.sum(axis=1),
            "words": words.sum(axis=1),
            "cases": (by_case > 0).sum(axis=1),
            "sources": (segments > 0).sum(axis=1),
            "n_cases": len(case_names),
            "n_sources": len(sources),
            "total_words": total,
            "rate_pooled": pooled,
            "rate_mean_of_cases": mean,
            "uncounted_segments": found.uncounted[:, places].sum(axis=1),
        }
    )


def summed(by_source: np.ndarray, case: np.ndarray, n_cases: int) -> np.ndarray:
    """Sum columns of `by_source` (rows, sources) into cases: (rows, `n_cases`) of the same type.

    `case` (sources,): the number of each source's case, 0 to `n_cases` - 1; a case that no source
    has is 0 in every row. Raises IndexError for a number beyond.

    >>> summed(np.array([[1, 2, 4]]), np.array([0, 1, 0]), 2).tolist()
    [[5, 2]]
    """
    by_case = np.zeros((n_cases, by_source.shape[0]), dtype=by_source.dtype)
    np.add.at(by_case, case, by_source.T)
    return by_case.T


def code_by_source(
    corpus: Corpus | Counts,
) -> pd.DataFrame:
    """Count each code in each source, whether it occurs there or not.

    Columns: code, source_id, case_id, segments, words, total_words (of counted voices in the
    source), rate (1,000 x segments / total_words; NaN where the source has no counted words).
    Counting and errors as in `code_frequencies`; rows by code, then source.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 11, "we trust it"), ("t", 0, 4, "they")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 3, 8, "trust"), ("s", 0, 11, "trust")],
    ...         columns=["source_id", "start", "end", "code"],
    ...     ),
    ... )
    >>> code_by_source(corpus)[["source_id", "segments", "words", "rate"]].values.tolist()
    [['s', 2, 3, 666.6666666666666], ['t', 0, 0, 0.0]]
    """
    found = counts_of(corpus)
    n_codes, n_sources = found.segments.shape
    total = np.tile(found.total_words, n_codes)
    segments = found.segments.ravel()
    return pd.DataFrame(
        {
            "code": np.repeat(np.array(found.codes, dtype=object), n_sources).astype(str),
            "source_id": np.tile(found.sources["source_id"].to_numpy(object), n_codes).astype(str),
            "case_id": np.tile(found.sources["case_id"].to_numpy(object), n_codes).astype(str),
            "segments": segments,
            "words": found.words.ravel(),
            "total_words": total,
            "rate": np.divide(
                1000.0 * segments, total, out=np.full(len(total), np.nan), where=total > 0
            ),
        }
    )


def coverage(
    corpus: Corpus,
) -> pd.DataFrame:
    """Return the stretches of each source that lie under each code, for stripes along it.

    Segments of one code (its children included) that overlap or touch are one stretch; those
    that touch no counted voice are left out. Columns: source_id, code, start, end (clean text),
    begins, ends (the same as shares of the source's length, 0 to 1), words (counted words in
    the stretch; NaN where the passages have no column text). A source's length is the end of its
    last passage, in whatever voice; what is coded beyond it is cut off. Rows by source, code and
    start; none where nothing is coded. Raises ValueError where there are no passages, or those of
    counted voices overlap.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 11, "we trust it"), ("t", 0, 4, "they")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 3, 8, "trust"), ("s", 0, 11, "trust")],
    ...         columns=["source_id", "start", "end", "code"],
    ...     ),
    ... )
    >>> coverage(corpus)[["code", "source_id", "begins", "ends", "words"]].values.tolist()
    [['trust', 's', 0.0, 1.0, 3]]
    """
    length = {} if corpus.passages is None else corpus.passages.groupby("source_id")["end"].max()
    codings = rolled_up(corpus.counted, corpus.codes)
    # A coding may run on past its text; nothing there can be covered.
    codings["end"] = np.minimum(codings["end"], codings["source_id"].map(length))
    text = text_of(corpus, codings)
    names, ids = sorted(codings["code"].unique()), sorted(codings["source_id"].unique())
    group = numbered(codings["source_id"], ids) * len(names) + numbered(codings["code"], names)
    cell, start, end = union(
        group, codings["start"].to_numpy(np.int64), codings["end"].to_numpy(np.int64)
    )
    table = pd.DataFrame(
        {
            "source_id": np.array(ids, dtype=object)[cell // max(len(names), 1)],
            "code": np.array(names, dtype=object)[cell % max(len(names), 1)],
            "start": start,
            "end": end,
        }
    ).astype({"source_id": str, "code": str})
    whole = table["source_id"].map(length).to_numpy(float)
    first, beyond = text.words_of(table)
    words = beyond - first if text.has_words else np.nan
    return table.assign(begins=start / whole, ends=end / whole, words=words)


def rate_range(
    corpus: Corpus | Counts,
    by: str | Sequence[str] | None = None,
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    """Return how far each rate could move with other cases like these.

    Columns: those of `by`, code, rate_pooled, pooled_lower, pooled_upper, rate_mean_of_cases,
    mean_lower, mean_upper, n_cases. The ranges hold the middle `level`, all sources of a case
    being one draw (`ranges.ratios`, of segments to words, and of the cases' own rates to 1). NaN
    where `code_frequencies` gives NaN, and, with an `UndefinedMeasure` warning, in a group of one
    case. They describe how much hangs on single cases, and are no inference to a population. In
    simulations with 6 to 20 cases, whose rates differ much, the 95 % range held the true rate in
    92 to 98 % of studies, and in 98 to 99 % of a code that few cases have (`docs/calibration.md`).
    Raises ValueError for a `level` outside 0 to 1, and as `code_frequencies`.

    Two segments to four words of two cases, who differ much: 500 / exp(12.71 √(2² + (2/3)²) / 2).

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 11, "we trust it"), ("t", 0, 4, "they")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 3, 8, "trust"), ("s", 0, 11, "trust")],
    ...         columns=["source_id", "start", "end", "code"],
    ...     ),
    ... )
    >>> rate_range(corpus)[["rate_pooled", "pooled_lower", "n_cases"]].round(4).to_dict("records")
    [{'rate_pooled': 500.0, 'pooled_lower': 0.0008, 'n_cases': 2}]
    """
    refuse_level(level)
    found = counts_of(corpus)
    rates = code_frequencies(corpus, by)
    rates = rates.drop(
        columns=["segments", "words", "cases", "sources", "n_sources", "uncounted_segments"]
    )
    ranges = [
        _range_of_group(found, np.asarray(places, dtype=np.int64), level)
        for _, places in _groups(found.sources, by)
    ]
    edges = ["pooled_lower", "pooled_upper", "mean_lower", "mean_upper"]
    stacked = np.vstack([np.zeros((0, len(edges))), *ranges])
    table = rates.join(pd.DataFrame(stacked, columns=edges))
    listed = [by] if isinstance(by, str) else list(by or [])
    return table[
        [*listed, "code", "rate_pooled", *edges[:2], "rate_mean_of_cases", *edges[2:], "n_cases"]
    ]


def _range_of_group(found: Counts, places: np.ndarray, level: float) -> np.ndarray:
    """Return (codes, 4): both edges of the pooled rate, and of the mean of the cases' own."""
    group = found.sources.iloc[places]
    case, case_names = pd.factorize(group["case_id"], sort=True)
    segments = summed(found.segments[:, places], case, len(case_names))
    words = summed(found.total_words[None, places], case, len(case_names))[0]
    if not one_kind(group) or not words.sum():
        return np.full((len(segments), 4), np.nan)
    warn_of_one_case(int((words > 0).sum()), "rates")
    own = np.divide(segments, words, out=np.zeros(segments.shape), where=words > 0)
    pooled, mean = ratios(segments, words, level), ratios(own, words > 0, level)
    # Of no segment at all either rate says the same.
    mean = np.where(np.asarray(segments.any(axis=1))[:, None], mean, pooled)
    return 1000 * np.column_stack([pooled, mean])
