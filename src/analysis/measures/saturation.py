"""How codes accumulate over sources: what a further one still adds."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.given import asked
from analysis.measures.resampling import quantile_ranges
from analysis.measures.spans import numbered

_GIVEN = ("deductive", "a priori", "given")
_CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Met:
    """Which of `codes` the sources carry: `carried` (sources, codes) of bool, of some sources."""

    codes: list[str]
    source_ids: list[str]
    carried: np.ndarray


def met_in(corpus: Corpus) -> Met:
    """Return which codes each source of `corpus` carries, which may be some sources of a larger one.

    >>> codings = pd.DataFrame({"source_id": ["s"], "start": [0], "end": [4], "code": ["a"]})
    >>> met_in(Corpus(codings=codings)).carried.tolist()
    [[True]]
    """
    codings, ids = corpus.counted, list(corpus.sources["source_id"])
    names = sorted(codings["code"].unique())
    carried = np.zeros((len(ids), len(names)), dtype=bool)
    carried[numbered(codings["source_id"], ids), numbered(codings["code"], names)] = True
    return Met(names, ids, carried)


def accumulation(
    corpus: Corpus,
    *,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    level: float = 0.95,
    seed: int = 0,
    n: int = 2_000,
) -> pd.DataFrame:
    """Follow the number of different codes from the first source to the last.

    Sources in order of `date`, then of source_id; those of unknown date come last, and a
    UserWarning says so where no date is known at all. All sources count, coded or not; codings
    that touch no counted voice do not (`Corpus.counted`). One row per source:

    - step: 1, 2, …; source_id, date
    - new_codes, cumulative: codes first met here, and met so far
    - expected: mean over all orders, S(h) = Σ_k [1 - C(m - x_k, h) / C(m, h)], with x_k of m
      sources carrying code k (Mao Tau; Colwell, Mao & Chang 2004)
    - lower, upper: the middle `level` of `n` random orders from `seed`
    - new_in_run: codes new in the last `run` sources, once `base` + `run` are reached, else NaN
    - ratio: new_in_run / codes in the first `base` sources (Guest, Namey & Chen 2020)
    - below: whether the ratio is at most `threshold`

    Accumulation of codes is no proof of adequacy. Codes that were given in advance are there
    from the start: where the column `origin` of the codebook says deductive, a UserWarning says so.
    Raises ValueError without sources, or for base or run below 1.

    Three sources, of which the second brings the second code and the third none:

    >>> codings = pd.DataFrame(
    ...     [("s", 0, 4, "a"), ("t", 0, 4, "b"), ("u", 0, 4, "a")],
    ...     columns=["source_id", "start", "end", "code"],
    ... )
    >>> dates = ["2024-01-01", "2024-01-02", "2024-01-03"]
    >>> sources = pd.DataFrame({"source_id": ["s", "t", "u"], "date": dates})
    >>> table = accumulation(Corpus(sources=sources, codings=codings), base=1, run=1)
    >>> table["cumulative"].tolist(), table["expected"].round(3).tolist()
    ([1, 2, 2], [1.0, 1.667, 2.0])
    """
    return accumulated(
        [met_in(corpus)],
        corpus.sources,
        corpus.codes,
        base=base,
        run=run,
        threshold=threshold,
        level=level,
        seed=seed,
        n=n,
    )


def accumulated(
    parts: Sequence[Met],
    sources: pd.DataFrame,
    codes: pd.DataFrame,
    *,
    base: int = 4,
    run: int = 2,
    threshold: float = 0.05,
    level: float = 0.95,
    seed: int = 0,
    n: int = 2_000,
) -> pd.DataFrame:
    """Follow codes as `accumulation`, of those `sources` that are asked for, each in one of `parts`.

    Raises as there.

    >>> codings = pd.DataFrame(
    ...     [("s", 0, 4, "a"), ("t", 0, 4, "b")], columns=["source_id", "start", "end", "code"]
    ... )
    >>> corpus = Corpus(codings=codings)
    >>> parts = [met_in(corpus.of_sources([one])) for one in "st"]
    >>> table = accumulated(parts, corpus.sources.assign(date="2024"), corpus.codes, base=1, run=1)
    >>> table["cumulative"].tolist()
    [1, 2]
    """
    asked(n, level)
    if sources.empty:
        raise ValueError("no sources, so nothing accumulates")
    if base < 1 or run < 1:
        raise ValueError("base and run are at least one source each")
    date = sources["date"].astype(str) if "date" in sources else pd.Series("unknown", sources.index)
    dated = date.str.match(r"\d{4}").fillna(False).astype(bool)
    if not dated.any():
        warnings.warn(
            "no date of any source is known: they stand in order of source_id, not of collection",
            UserWarning,
            stacklevel=2,
        )
    ordered = sources.assign(date=date.fillna("unknown"), undated=~dated)
    ordered = ordered.sort_values(["undated", "date", "source_id"], ignore_index=True)
    names, carried = _carried(parts, list(ordered["source_id"]))
    _warn_if_given(names, codes)
    met = _first_met(carried, np.arange(len(ordered))[None, :])[0]
    new = np.bincount(met, minlength=len(ordered))
    generator = np.random.default_rng(seed)
    room = max(_CELLS_AT_ONCE // len(ordered), 1)
    first = np.concatenate(
        [
            _first_met(
                carried, np.argsort(generator.random((min(room, n - at), len(ordered))), axis=1)
            )
            for at in range(0, n, room)
        ]
    )
    band = _band(first, len(ordered), level)
    in_run = pd.Series(new).rolling(run).sum()
    in_run[: base + run - 1] = np.nan
    in_base = new[:base].sum()
    ratio = in_run / in_base if in_base else in_run * np.nan
    return pd.DataFrame(
        {
            "step": np.arange(1, len(ordered) + 1),
            "source_id": ordered["source_id"],
            "date": ordered["date"],
            "new_codes": new,
            "cumulative": new.cumsum(),
            "expected": mao_tau(carried.sum(axis=0), len(ordered)),
            "lower": band[:, 0],
            "upper": band[:, 1],
            "new_in_run": in_run,
            "ratio": ratio,
            "below": (ratio <= threshold).fillna(False).astype(bool),
        }
    )


def _carried(parts: Sequence[Met], source_ids: list[str]) -> tuple[list[str], np.ndarray]:
    """The codes that any of `source_ids` carries, and which carries which (sources, codes)."""
    places = [numbered(pd.Series(part.source_ids, dtype=str), source_ids) for part in parts]
    used = [
        np.asarray(part.carried[place >= 0].any(axis=0))
        for part, place in zip(parts, places, strict=True)
    ]
    names = sorted(
        {
            code
            for part, own in zip(parts, used, strict=True)
            for code, is_used in zip(part.codes, own, strict=True)
            if is_used
        }
    )
    carried = np.zeros((len(source_ids), len(names)), dtype=bool)
    for part, place, own in zip(parts, places, used, strict=True):
        column = numbered(pd.Series(part.codes, dtype=str), names)[own]
        carried[np.ix_(place[place >= 0], column)] = part.carried[place >= 0][:, own]
    return names, carried


def mao_tau(carriers: np.ndarray, n_sources: int) -> np.ndarray:
    """Return (n_sources,): codes expected in 1, 2, … random sources of `n_sources`.

    `carriers` (codes,): in how many sources each code is. S(h) = Σ_k [1 - C(m - x_k, h) /
    C(m, h)], with m `n_sources` and x_k the carriers of code k (Colwell, Mao & Chang 2004), the
    ratio taken step by step so that large numbers do not overflow. A code in no source adds
    nothing; without codes all are 0, without sources the result is empty.

    Of three sources one carries the first code and all carry the second: any one source shows
    1/3 + 1 codes, any two 2/3 + 1.

    >>> mao_tau(np.array([1, 3]), 3).round(3).tolist()
    [1.333, 1.667, 2.0]
    """
    absent = np.ones(len(carriers))
    expected = np.empty(n_sources)
    left = n_sources - np.asarray(carriers, dtype=float)
    for drawn in range(n_sources):
        absent = absent * np.maximum(left - drawn, 0) / (n_sources - drawn)
        expected[drawn] = (1 - absent).sum()
    return expected


def _band(first: np.ndarray, n_sources: int, level: float) -> np.ndarray:
    """Return (n_sources, 2): the middle `level` of the codes met after each step.

    `first` (orders, codes): the step at which each is first met. A stretch of steps at a time, until
    every order has met all codes.
    """
    room = min(max(_CELLS_AT_ONCE // len(first), 1), n_sources)
    order = np.arange(len(first))[:, None] * room
    bands, before = [], np.zeros(len(first), dtype=np.int64)
    changing = int(first.max(initial=0)) + 1
    for begin in range(0, changing, room):
        here = (first >= begin) & (first < begin + room)
        new = np.bincount((order + first - begin)[here], minlength=len(first) * room)
        met = before[:, None] + new.reshape(len(first), room).cumsum(axis=1)
        before = met[:, -1]
        steps = met[:, : n_sources - begin].T
        bands.append(quantile_ranges(np.ascontiguousarray(steps, dtype=float), level))
    bands.append(np.full((max(n_sources - len(np.concatenate(bands)), 0), 2), first.shape[1]))
    return np.concatenate(bands)


def _first_met(carried: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Return (orders, codes): the step at which each code is first met.

    `carried` (sources, codes), each code in some source; `place` (orders, sources): the step of
    each source in each order.
    """
    first = [place[:, sources].min(axis=1) for sources in carried.T]
    return np.column_stack(first) if first else np.zeros((len(place), 0), dtype=np.int64)


def _warn_if_given(used_codes: list[str], codes: pd.DataFrame) -> None:
    if "origin" not in codes:
        return
    given = codes["origin"].astype(str).str.lower().isin(_GIVEN)
    used = codes["code"].isin(used_codes)
    if (given & used).any():
        warnings.warn(
            f"{int((given & used).sum())} of {int(used.sum())} codes in use were given in "
            "advance (deductive): their early arrival says nothing of saturation",
            UserWarning,
            stacklevel=3,
        )
