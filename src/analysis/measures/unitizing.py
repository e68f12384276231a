"""Agreement of coders who choose their own spans: Krippendorff's u-alpha family."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.corpus.plain import plain_codings, refuse_lack, several
from analysis.measures import NothingToCompareError, UndefinedMeasure, undefined
from analysis.measures.given import by_coder
from analysis.measures.spans import not_empty, numbered, rolled_up, union


@dataclass(frozen=True)
class UnitizingAgreement:
    """The u-alpha family of one continuum; NaN where a coefficient does not apply.

    `u_alpha`: all distinctions between codes and gaps. `bar_u_alpha` (|u-alpha): coded or not.
    `cu_alpha`: codes, where coders' spans meet; `coverage` is the share of the continuum (all
    coders' copies of it) on which it rests. `by_code`: (k)u-alpha of each code, and
    `coverage_by_code` the share of the code's length that meets any other coder's span.
    """

    u_alpha: float
    bar_u_alpha: float
    cu_alpha: float
    coverage: float
    by_code: dict[str, float]
    coverage_by_code: dict[str, float]


def u_alpha(
    segments: pd.DataFrame | Iterable[tuple[str, int, int, str]],
    length: int,
    coders: Iterable[str] | None = None,
) -> UnitizingAgreement:
    """Compare how coders cut and coded one continuum.

    `segments`: coder, start, end, code, as a table or one by one; half-open positions in 0 … `length`; a coder's segments
    do not overlap (codes that may overlap need a continuum each). Neighbours of one code stay
    two segments. `coders` names all who coded, also who found nothing; by default those in
    `segments`. Several texts are laid end to end first, never averaged afterwards.

    With m coders, gaps as a value φ, and l_ck = 1/(m-1) x the length on which one coder has c
    and another k: e_ck = l (l_c l_k - [c=k] Q_c) / (l² - Σ Q), l = m x length, Q_c the sum of
    squared lengths of segments valued c (of plain lengths for gaps). u-alpha = 1 - Σ_{c≠k} l_ck
    / Σ_{c≠k} e_ck; |u-alpha the same with all codes as one; cu-alpha and (k)u-alpha on the
    lengths where segments of two coders meet, with squares of each segment's mean meeting length
    over the other coders (Krippendorff, Mathet, Bouvry & Widlöcher 2016, with erratum;
    Krippendorff 2019, 12.6).

    Undefined, with a warning: no gap or no segment at all (|u-alpha), one value only (u-alpha),
    no meeting or one code in it (cu-alpha). (k)u-alpha is NaN without a warning for a code that
    meets nothing. Raises NothingToCompareError for fewer than two coders; ValueError for empty
    or overlapping segments, or outside the continuum, and for missing codes or places.

    Two coders who cut one text alike:

    >>> u_alpha([("A", 0, 4, "x"), ("B", 0, 4, "x")], 10).u_alpha
    1.0
    """
    if not isinstance(segments, pd.DataFrame):
        segments = pd.DataFrame(list(segments), columns=["coder", "start", "end", "code"])
    one_text = segments.assign(source_id="the continuum")
    refuse_lack(segments, "segments", ["coder"])
    segments = plain_codings(one_text)
    names = sorted({*segments["coder"].unique(), *map(str, coders or ())})
    if len(names) < 2:
        raise NothingToCompareError("the coders share no text: fewer than two coded it")
    ordered = segments.sort_values(["coder", "start", "end"], ignore_index=True)
    _check(ordered, length)
    return _compared(ordered, length, names)


def _compared(ordered: pd.DataFrame, length: int, names: Sequence[str]) -> UnitizingAgreement:
    """`u_alpha` of plain segments in order of coder and place, none of which overlap."""
    codes = sorted(ordered["code"].unique())
    borders = np.unique(np.concatenate([[0, length], ordered["start"], ordered["end"]]))
    widths = np.diff(borders).astype(float)
    first = np.searchsorted(borders, ordered["start"])
    beyond = np.searchsorted(borders, ordered["end"])
    # (stretches, coders): which code each coder has between two borders; 0 is a gap.
    value = np.zeros((len(widths), len(names)), dtype=np.int64)
    coder, code = (
        pd.Index(known).get_indexer(pd.Index(ordered[column]))
        for known, column in ((names, "coder"), (codes, "code"))
    )
    for at, until, who, what in zip(first, beyond, coder, code + 1, strict=True):
        value[at:until, who] = what
    met = _meetings(value, widths, len(codes) + 1)
    own = (ordered["end"] - ordered["start"]).to_numpy(float)
    squares = np.bincount(code + 1, weights=own**2, minlength=len(codes) + 1)
    squares[0] = widths @ (value == 0).sum(axis=1)
    # The mean over other coders of the length on which they have segments too.
    others = np.concatenate([[0.0], np.cumsum(widths * ((value > 0).sum(axis=1) - 1))])
    pairable = (others[beyond] - others[first]) / (len(names) - 1)
    paired_squares = np.bincount(code, weights=pairable**2, minlength=len(codes))
    whole = met.sum(axis=1)
    by_code, coverage_by_code = _of_codes(met[1:, 1:], paired_squares, whole[1:])
    return UnitizingAgreement(
        u_alpha=_nominal(met, squares, "u-alpha: only one value occurs"),
        bar_u_alpha=_nominal(
            _collapsed(met),
            np.array([squares[0], squares[1:].sum()]),
            "|u-alpha: there is nothing but segments, or nothing but gaps",
        ),
        cu_alpha=_paired(met[1:, 1:], paired_squares),
        coverage=float(met[1:, 1:].sum() / met.sum()),
        by_code=dict(zip(codes, by_code.tolist(), strict=True)),
        coverage_by_code=dict(zip(codes, coverage_by_code.tolist(), strict=True)),
    )


def u_alpha_by_code(corpus: Corpus, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """Compare, code by code, where coders began and ended their segments.

    The continuum is every source that all coders of `codings` coded, laid end to end, each as long
    as its last passage or coding reaches. Codes may overlap one another, so each has a continuum of its own;
    what one coder put under a code (its children included) in overlapping or touching segments of a
    source is one segment. Columns: code, u_alpha (`u_alpha`, which for one code is also |u-alpha), shared:
    characters under the code for all coders, either: for any. u_alpha is NaN where undefined, and
    one `UndefinedMeasure` warning names the codes. Raises NothingToCompareError where the coders
    share no source.

    >>> rows = [("s", 0, 4, "x", "A"), ("s", 0, 4, "x", "B"), ("s", 4, 9, "y", "B")]
    >>> columns = ["source_id", "start", "end", "code", "coder"]
    >>> corpus = Corpus(codings=pd.DataFrame(rows, columns=columns))
    >>> u_alpha_by_code(corpus, ["x"])[["code", "u_alpha", "shared", "either"]].values.tolist()
    [['x', 1.0, 4, 4]]
    """
    codings = by_coder(corpus)
    passages = [] if corpus.passages is None else [corpus.passages[["source_id", "end"]]]
    coders = sorted(codings["coder"].unique())
    coded_by = codings.groupby("source_id")["coder"].nunique()
    reach = pd.concat([*passages, codings[["source_id", "end"]]])
    reach = reach.groupby("source_id")["end"].max()
    shared = sorted(coded_by[coded_by == len(coders)].index)
    if len(coders) < 2 or not shared:
        raise NothingToCompareError("the coders share no text: no source was coded by all of them")
    length = np.array([reach[source] for source in shared], dtype=np.int64)
    offset = np.cumsum(length) - length
    rolled = not_empty(rolled_up(codings[codings["source_id"].isin(shared)], corpus.codes))
    source = numbered(rolled["source_id"], shared)
    place = offset[source]
    start, end = (place + rolled[name].to_numpy(np.int64) for name in ("start", "end"))
    coder, code = numbered(rolled["coder"], coders), rolled["code"].to_numpy()
    wanted = sorted(set(code) if codes is None else set(code) & set(several(codes, "codes")))
    rows = []
    for name in wanted:
        here = code == name
        # Within sources, so that one that ends a text is not merged with one that begins the next.
        track = coder[here] * len(shared) + source[here]
        who, begin, until = union(track, start[here], end[here])
        segments = pd.DataFrame(
            {"coder": np.array(coders)[who // len(shared)], "start": begin, "end": until}
        ).sort_values(["coder", "start", "end"], ignore_index=True)
        with warnings.catch_warnings():
            # One warning names all codes.
            warnings.simplefilter("ignore", UndefinedMeasure)
            found = _compared(segments.assign(code=name), int(length.sum()), coders)
        borders = np.unique(np.concatenate([begin, until]))
        holding = np.zeros(len(borders), dtype=np.int64)
        np.add.at(holding, np.searchsorted(borders, begin), 1)
        np.add.at(holding, np.searchsorted(borders, until), -1)
        widths, depth = np.diff(borders), np.cumsum(holding)[:-1]
        both, any_ = (int(widths[depth >= least].sum()) for least in (len(coders), 1))
        rows.append((name, found.bar_u_alpha, both, any_))
    table = pd.DataFrame(rows, columns=["code", "u_alpha", "shared", "either"])
    lacking = table.loc[table["u_alpha"].isna(), "code"]
    if len(lacking):
        warnings.warn(
            f"u-alpha is undefined for: {', '.join(lacking)}", UndefinedMeasure, stacklevel=2
        )
    return table


def _check(ordered: pd.DataFrame, length: int) -> None:
    if (ordered["end"] <= ordered["start"]).any():
        raise ValueError("a segment is empty: its end must lie after its start")
    if len(ordered) and (ordered["start"].min() < 0 or ordered["end"].max() > length):
        raise ValueError(f"a segment lies outside the continuum 0 to {length}")
    same = ordered["coder"].eq(ordered["coder"].shift())
    if (same & (ordered["start"] < ordered["end"].shift())).any():
        raise ValueError(
            "segments of one coder overlap: compare codes that may overlap one at a time"
        )


def _meetings(value: np.ndarray, widths: np.ndarray, n_values: int) -> np.ndarray:
    """Return (values, values): lengths on which one coder has the one and another the other."""
    tally = np.zeros((len(value), n_values))
    for column in value.T:
        tally[np.arange(len(value)), column] += 1
    weighted = tally * (widths / (value.shape[1] - 1))[:, None]
    return np.asarray(weighted.T @ tally - np.diag(weighted.sum(axis=0)))


def _collapsed(met: np.ndarray) -> np.ndarray:
    return np.array([[met[0, 0], met[0, 1:].sum()], [met[1:, 0].sum(), met[1:, 1:].sum()]])


def _nominal(met: np.ndarray, squares: np.ndarray, reason: str) -> float:
    margin, total = met.sum(axis=1), met.sum()
    if np.count_nonzero(margin) < 2 or total**2 <= squares.sum():
        return undefined(reason)
    expected = total * (np.outer(margin, margin) - np.diag(squares)) / (total**2 - squares.sum())
    return float(1 - (total - np.trace(met)) / (total - np.trace(expected)))


def _expected_pairs(met: np.ndarray, squares: np.ndarray) -> np.ndarray:
    margin, total = met.sum(axis=1), met.sum()
    return np.asarray(
        (np.outer(margin, margin) - np.diag(squares)) / (total - squares.sum() / total)
    )


def _paired(met: np.ndarray, squares: np.ndarray) -> float:
    total = met.sum()
    if np.count_nonzero(met.sum(axis=1)) < 2 or total**2 <= squares.sum():
        return undefined("cu-alpha: where coders' segments meet there are not two codes")
    expected = _expected_pairs(met, squares)
    return float(1 - (total - np.trace(met)) / (expected.sum() - np.trace(expected)))


def _of_codes(
    met: np.ndarray, squares: np.ndarray, whole: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    margin = met.sum(axis=1)
    nothing = np.full(len(margin), np.nan)
    coverage = np.divide(margin, whole, out=nothing.copy(), where=whole > 0)
    if np.count_nonzero(margin) < 2 or met.sum() ** 2 <= squares.sum():
        return nothing, coverage
    expected = _expected_pairs(met, squares)
    share = expected.sum(axis=0)
    chance = share - np.diag(expected)
    usable = (margin > 0) & (chance > 0)
    disagreement = np.divide(
        share * (margin - np.diag(met)), margin * chance, out=nothing.copy(), where=usable
    )
    return 1 - disagreement, coverage
