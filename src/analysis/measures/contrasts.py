"""How groups differ in the codes their cases carry."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.corpus import Corpus
from analysis.corpus.plain import refuse_unknown, several
from analysis.measures.frequencies import Counts, counts_of, one_kind, summed
from analysis.measures.given import asked
from analysis.measures.ranges import agresti_caffo, rate_difference
from analysis.measures.resampling import benjamini_hochberg, drawn_error

TOO_FEW = "too few cases to compare"
IN_BOTH = "cases in both groups"

# Up to so many rearrangements (9 v 9 cases have 48,620) all are looked at.
_ARRANGEMENTS = 50_000
_CELLS_AT_ONCE = 4_000_000
# Ways to choose among more cases are numbers of thousands of digits.
_IN_WHOLE_NUMBERS = 2_000

_COMPARED = [
    "share_difference",
    "share_ratio",
    "share_lower",
    "share_upper",
    "p_share",
    "rate_difference",
    "rate_ratio",
    "lower",
    "upper",
    "p",
    "p_error",
]


def contrast(
    corpus: Corpus | Counts,
    by: str | Sequence[str],
    codes: Sequence[str] | None = None,
    seed: int = 0,
    n: int = 10_000,
    *,
    minimum_group: int = 6,
    level: float = 0.95,
    prior: float = 10.0,
) -> pd.DataFrame:
    """Compare every two groups of cases, code by code.

    `by`: one or more columns of the sources, such as role, or ["kind", "role"]; several make one
    group for each combination ("interview, commissioner"). Counting as in `code_frequencies`,
    parents rolled up; `codes` restricts the rows, and with them the family of q. One row per pair
    of groups and code:

    - code, group_a, group_b; n_cases_a, n_cases_b; cases_a, cases_b: cases that carry the code
      ('6 of 8, 2 of 8'); segments_a, segments_b; rate_a, rate_b: pooled, per 1,000 words
    - share_difference, share_ratio of cases_a / n_cases_a and cases_b / n_cases_b, with
      share_lower, share_upper, p_share, q_share
    - rate_difference, rate_ratio, with lower, upper, p, p_error, q
    - log_odds_z: Monroe, Colaresi & Quinn (2008), see `weighted_log_odds`; segments against the
      group's other segments (as coded, in counted voices), prior of `prior` segments spread as in
      both groups together. A ranking, not a test: it takes segments for independent.
    - note: '', or why there is no comparison

    p is the share of rearrangements of the group labels over cases, group sizes kept, with a
    difference at least as far from 0 (both tails; a randomisation test: Fisher 1935, Pitman 1937):
    for shares exact (hypergeometric: Fisher's exact test, its tails told by the difference); for
    rates over all rearrangements where there are at most 50,000 (9 v 9 cases) or `n`, else
    (1 + as far) / (1 + n) of `n` drawn from `seed` (Davison & Hinkley 1997). p_error is the
    standard error of a p that was drawn, and 0 where it is exact. q is Benjamini-Hochberg (1995)
    over all rows with that p whose code either group has. Neither p holds its level where one group
    talks much longer at the same rate: of 8 v 8 cases, one group three times as long, 8 % of rates
    and 17 % of shares lie below .05.

    Ranges hold the middle `level`: of share_difference `ranges.agresti_caffo`, of rate_difference
    `ranges.rate_difference` (Welch on linearised residuals). In simulations with 6 to 20 cases a
    group they held the true difference in 92 to 98 % of studies, but for rates that differ much
    within a group (90 to 93 %); `docs/calibration.md` has the table.

    A group of fewer than `minimum_group` cases is 'too few cases to compare', and groups that
    share a case cannot be rearranged ('cases in both groups'): counts stand, comparisons are
    NaN. Rates are NaN where the two groups' sources are not all of one kind; ratios where the
    second is 0. Raises ValueError with fewer than two groups, for `n` below 1 or a `level` outside 0
    to 1, and as `code_frequencies`. Never test the groups' own making.

    Two groups of two cases, of which those of the first alone carry the code: of six ways to choose two
    of four cases two go as far.

    >>> corpus = Corpus(
    ...     sources=pd.DataFrame({"source_id": list("stuv"), "role": ["x", "x", "y", "y"]}),
    ...     passages=pd.DataFrame({"source_id": list("stuv"), "start": 0, "end": 7, "text": "we care"}),
    ...     codings=pd.DataFrame({"source_id": ["s", "t"], "start": 0, "end": 7, "code": "care"}),
    ... )
    >>> table = contrast(corpus, "role", minimum_group=2).round(4)
    >>> table[["cases_a", "cases_b", "share_difference", "rate_difference"]].to_dict("records")
    [{'cases_a': 2, 'cases_b': 0, 'share_difference': 1.0, 'rate_difference': 500.0}]
    >>> table[["p_share", "p", "p_error"]].to_dict("records")
    [{'p_share': 0.3333, 'p': 0.3333, 'p_error': 0.0}]
    """
    asked(n, level)
    columns = [by] if isinstance(by, str) else list(by)
    for column in columns:
        refuse_unknown(corpus.sources, column)
    found = counts_of(corpus)
    label = found.sources[columns].astype(str).agg(", ".join, axis=1).to_numpy(object)
    groups = sorted(set(label))
    if len(groups) < 2:
        raise ValueError(f"nothing to contrast: {', '.join(columns)} has fewer than two values")
    tables = []
    for number, (name_a, name_b) in enumerate(itertools.combinations(groups, 2)):
        sides = [np.flatnonzero(label == name) for name in (name_a, name_b)]
        both = found.sources.iloc[np.concatenate(sides)]
        case, names = pd.factorize(both["case_id"], sort=True)
        pieces = np.split(case, [len(sides[0])])
        # Cases of a, then of b; only a case in both appears twice.
        members = [np.unique(piece) for piece in pieces]
        segments, words = (
            np.concatenate(
                [
                    summed(values[:, side], piece, len(names))[:, member]
                    for side, piece, member in zip(sides, pieces, members, strict=True)
                ],
                axis=1,
            )
            for values in (found.segments, found.total_words[None, :])
        )
        table = _counted(found.codes, segments, words[0], len(members[0]), rated=one_kind(both))
        total_a, total_b = (int(found.own[side].sum()) for side in sides)
        table = table.assign(
            group_a=name_a,
            group_b=name_b,
            log_odds_z=_log_odds_z(
                table["segments_a"].to_numpy(float),
                table["segments_b"].to_numpy(float),
                float(total_a),
                float(total_b),
                prior,
            ),
            note="",
        )
        if min(map(len, members)) < minimum_group:
            table = table.assign(note=TOO_FEW, **dict.fromkeys(_COMPARED, np.nan))
        elif len(np.intersect1d(members[0], members[1])):
            table = table.assign(note=IN_BOTH, **dict.fromkeys(_COMPARED, np.nan))
        else:
            table = table.assign(
                **_compared(segments, words[0], len(members[0]), n, (seed, number), level)
            )
            if not one_kind(both):
                table = table.assign(**dict.fromkeys(_COMPARED[5:], np.nan))
        tables.append(table)
    result = pd.concat(tables, ignore_index=True)
    if codes is not None:
        result = result[result["code"].isin(several(codes, "codes"))].reset_index(drop=True)
    # A code that neither group has is no comparison, and must not swell the family.
    used = result["segments_a"] + result["segments_b"] > 0
    result = result.assign(
        q=benjamini_hochberg(result["p"].where(used)),
        q_share=benjamini_hochberg(result["p_share"].where(used)),
    )
    counted = [
        f"{name}_{side}" for name in ("n_cases", "cases", "segments", "rate") for side in "ab"
    ]
    return result[
        [
            *("code", "group_a", "group_b", *counted, *_COMPARED[:5], "q_share"),
            *(*_COMPARED[5:], "q", "log_odds_z", "note"),
        ]
    ]


def _counted(
    codes: list[str], segments: np.ndarray, words: np.ndarray, size_a: int, *, rated: bool
) -> pd.DataFrame:
    sides = {"a": slice(None, size_a), "b": slice(size_a, None)}
    table: dict[str, object] = {"code": codes}
    for side, cases in sides.items():
        total = segments[:, cases].sum(axis=1)
        spoken = int(words[cases].sum())
        table[f"n_cases_{side}"] = segments[:, cases].shape[1]
        table[f"cases_{side}"] = (segments[:, cases] > 0).sum(axis=1)
        table[f"segments_{side}"] = total
        table[f"rate_{side}"] = 1000 * total / spoken if rated and spoken else np.nan
    return pd.DataFrame(table)


def _compared(
    segments: np.ndarray,
    words: np.ndarray,
    size_a: int,
    n: int,
    seed: tuple[int, int],
    level: float,
) -> dict[str, np.ndarray]:
    size = segments.shape[1]
    size_b = size - size_a
    carried = segments > 0
    in_a = (np.arange(size) < size_a).astype(float)
    carrying_a, carrying_b = carried[:, :size_a].sum(axis=1), carried[:, size_a:].sum(axis=1)
    share_a, share_b = carrying_a / size_a, carrying_b / size_b
    rates = [_rates(segments, words, side[None, :])[:, 0] for side in (in_a, 1 - in_a)]
    of_shares = [
        agresti_caffo(found, size_a, than, size_b, level)
        for found, than in zip(carrying_a.tolist(), carrying_b.tolist(), strict=True)
    ]
    of_rates = [
        rate_difference(row[:size_a], words[:size_a], row[size_a:], words[size_a:], level)
        for row in segments
    ]
    share_range, rate_range = (np.array(edges).reshape(-1, 2) for edges in (of_shares, of_rates))
    p, p_error = _rate_tail(segments, words, size_a, n, (*seed, 1))
    return {
        "share_difference": share_a - share_b,
        "share_ratio": _ratio(share_a, share_b),
        "share_lower": share_range[:, 0],
        "share_upper": share_range[:, 1],
        "p_share": share_tail(carried.sum(axis=1), carrying_a, size_a, size),
        "rate_difference": rates[0] - rates[1],
        "rate_ratio": _ratio(rates[0], rates[1]),
        "lower": rate_range[:, 0],
        "upper": rate_range[:, 1],
        "p": p,
        "p_error": p_error,
    }


def _rates(segments: np.ndarray, words: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return (codes, draws): segments per 1,000 words of the cases as weighted (draws, cases)."""
    spoken = weights @ words
    total = segments @ weights.T
    return np.asarray(
        np.divide(1000.0 * total, spoken, out=np.full(total.shape, np.nan), where=spoken > 0)
    )


def share_tail(carrying: np.ndarray, carrying_a: np.ndarray, size_a: int, size: int) -> np.ndarray:
    """Return for each code the exact p of its difference in case shares, both tails.

    Of `size` cases `carrying` carry the code, `carrying_a` of them among the `size_a` of group
    a: the share of all ways to choose group a whose difference of shares is as far from 0.

    Of four cases two carry the code, both among the two of group a: two of six ways go as far.

    >>> share_tail(np.array([2]), np.array([2]), 2, 4).round(4).tolist()
    [0.3333]
    """
    result = np.empty(len(carrying))
    for place, (marked, drawn) in enumerate(
        zip(carrying.tolist(), carrying_a.tolist(), strict=True)
    ):
        in_a = range(max(0, marked + size_a - size), min(marked, size_a) + 1)
        # |in_a / size_a - (marked - in_a) / size_b| in whole numbers.
        distance = [abs(one * (size - size_a) - (marked - one) * size_a) for one in in_a]
        far = [one >= distance[drawn - in_a[0]] for one in distance]
        if size <= _IN_WHOLE_NUMBERS:
            ways = sum(
                math.comb(marked, one) * math.comb(size - marked, size_a - one)
                for one, is_far in zip(in_a, far, strict=True)
                if is_far
            )
            result[place] = ways / math.comb(size, size_a)
        else:
            masses = _hypergeometric(marked, size_a, size)
            result[place] = min(masses[far].sum(), 1.0)
    return result


def _hypergeometric(marked: int, size_a: int, size: int) -> np.ndarray:
    """Return the chance of each number of the `marked` of `size` cases among `size_a` of them, from
    the least that there can be, each as its share of the one before."""
    least, most = max(0, marked + size_a - size), min(marked, size_a)
    before = np.arange(least, most, dtype=float)
    up = np.log(marked - before) + np.log(size_a - before)
    down = np.log(before + 1) + np.log(size - marked - size_a + before + 1)
    logs = np.concatenate([[0.0], np.cumsum(up - down)])
    masses = np.exp(logs - logs.max())
    return np.asarray(masses / masses.sum())


def _rate_tail(
    segments: np.ndarray, words: np.ndarray, size_a: int, n: int, seed: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each code p of its difference in rates, both tails, and its standard error."""
    size = segments.shape[1]
    every = math.comb(size, size_a) <= max(n, _ARRANGEMENTS)
    # Sums of whole numbers are exact, so that what one group has not the other has.
    counts = np.vstack([segments, words]).astype(float)
    whole = counts.sum(axis=1, keepdims=True)
    observed = _rates_apart(counts[:, :size_a].sum(axis=1, keepdims=True), whole)
    as_far, tried = np.zeros(len(segments), dtype=np.int64), 0
    for in_a in _every_group(size, size_a) if every else _drawn_groups(size, size_a, n, seed):
        drawn = _rates_apart(counts @ in_a.T.astype(float), whole)
        # Equal differences reached by other sums must not fall apart by rounding.
        as_far += (drawn >= observed * (1 - 1e-12) - 1e-12).sum(axis=1)
        tried += len(in_a)
    tail = as_far / tried if every else (1 + as_far) / (1 + tried)
    tail = np.where(np.isnan(observed[:, 0]), np.nan, tail)
    return tail, drawn_error(tail, 0 if every else tried)


def _rates_apart(of_a: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Return (codes, draws): how far the rates of a and of all others lie apart.

    `of_a` (codes + 1, draws), `whole` (codes + 1, 1): the segments of each code, then the words.
    """
    rates = [
        np.divide(
            1000.0 * own[:-1], own[-1], out=np.full(own[:-1].shape, np.nan), where=own[-1] > 0
        )
        for own in (of_a, whole - of_a)
    ]
    return np.asarray(np.abs(rates[0] - rates[1]))


def _every_group(size: int, size_a: int) -> Iterator[np.ndarray]:
    """All ways to choose `size_a` of `size` cases, (ways, `size`) of bool."""
    chosen = np.array(list(itertools.combinations(range(size), size_a)))
    in_a = np.zeros((len(chosen), size), dtype=bool)
    np.put_along_axis(in_a, chosen, True, axis=1)
    yield in_a


def _drawn_groups(size: int, size_a: int, n: int, seed: tuple[int, ...]) -> Iterator[np.ndarray]:
    """`n` draws of `size_a` of `size` cases (draws, `size`) of bool, so many at a time as memory
    holds with ease."""
    generator = np.random.default_rng(seed)
    room = max(_CELLS_AT_ONCE // size, 1)
    for at in range(0, n, room):
        drawn = generator.random((min(room, n - at), size))
        # The highest of the lowest is found in a fraction of the time in which they are ordered.
        yield drawn <= np.partition(drawn, size_a - 1, axis=1)[:, size_a - 1 : size_a]


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    return np.asarray(np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0))


def weighted_log_odds(
    counts_a: ArrayLike, counts_b: ArrayLike, prior: float | ArrayLike
) -> pd.DataFrame:
    """Rank what sets two groups apart: weighted log-odds with a Dirichlet prior.

    `counts_a`, `counts_b` (items,): how often each group has each word or code; `prior`: the
    pseudo-counts a_w, one for all or (items,), positive. With a_0 their sum and n the sum of
    counts, delta = ln((y_a + a) / (n_a + a_0 - y_a - a)) - ln((y_b + a) / (n_b + a_0 - y_b -
    a)), variance about 1 / (y_a + a) + 1 / (y_b + a) (Monroe, Colaresi & Quinn 2008). Returns
    columns delta and z = delta / sd, positive where group a has more. z is a ranking: it takes
    counts for independent draws. Raises ValueError for a prior that is not positive.

    The one word only the one group says, the other only the other: ± 2 ln 11 / √(1 / 11 + 1).

    >>> weighted_log_odds([10, 0], [0, 10], 1.0)["z"].round(3).tolist()
    [4.592, -4.592]
    """
    of_a, of_b = np.asarray(counts_a, dtype=float), np.asarray(counts_b, dtype=float)
    weight = np.broadcast_to(np.asarray(prior, dtype=float), of_a.shape)
    if not (weight > 0).all():
        raise ValueError("the prior must be positive for every item")
    total = weight.sum()
    delta, z = _log_odds(of_a, of_b, of_a.sum() + total, of_b.sum() + total, weight)
    return pd.DataFrame({"delta": delta, "z": z})


def _log_odds(
    of_a: np.ndarray, of_b: np.ndarray, all_a: float, all_b: float, prior: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    smooth_a, smooth_b = of_a + prior, of_b + prior
    with np.errstate(divide="ignore", invalid="ignore"):
        delta = np.log(smooth_a / (all_a - smooth_a)) - np.log(smooth_b / (all_b - smooth_b))
        return delta, np.asarray(delta / np.sqrt(1 / smooth_a + 1 / smooth_b))


def _log_odds_z(
    of_a: np.ndarray, of_b: np.ndarray, total_a: float, total_b: float, prior: float
) -> np.ndarray:
    """Return z by code; codes overlap (parents hold children), so totals are given apart."""
    share = (of_a + of_b) / max(total_a + total_b, 1.0)
    z = _log_odds(of_a, of_b, total_a + prior, total_b + prior, prior * share)[1]
    return np.where((of_a + of_b > 0) & np.isfinite(z), z, np.nan)
