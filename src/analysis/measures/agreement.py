"""Where two or more coders read the same text alike, and where they part."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.corpus.plain import several
from analysis.measures import NothingToCompareError, UndefinedMeasure, ranges
from analysis.measures.coefficients import (
    cohen_kappa,
    fleiss_kappa,
    fleiss_kappa_by_value,
    gwet_ac1,
    krippendorff_alpha,
    masi_alpha,
    masi_distance,
    percent_agreement,
    scott_pi,
)
from analysis.measures.given import by_coder, cases_of, refuse_level
from analysis.measures.ratings import (
    code_sets,
    fixed_windows,
    rated_units,
    ratings,
    ratings_by_code,
    refuse_if_nothing_shared,
    stated,
)
from analysis.measures.resampling import warn_of_one_case
from analysis.measures.spans import rolled_up
from analysis.measures.unitizing import UnitizingAgreement, u_alpha, u_alpha_by_code

__all__ = [
    "UnitizingAgreement",
    "agreement_by_code",
    "code_sets",
    "cohen_kappa",
    "disagreements",
    "fixed_windows",
    "fleiss_kappa",
    "fleiss_kappa_by_value",
    "gwet_ac1",
    "krippendorff_alpha",
    "masi_alpha",
    "masi_distance",
    "percent_agreement",
    "ratings",
    "ratings_by_code",
    "scott_pi",
    "u_alpha",
    "u_alpha_by_code",
]

_BY_CODE = [
    *("code", "n_units", "n_coders", "applied", "agreed", "prevalence", "percent_agreement"),
    *("kappa", "alpha", "ac1", "lower", "upper", "diagnosis"),
]


def agreement_by_code(
    corpus: Corpus,
    units: pd.DataFrame | None = None,
    codes: Sequence[str] | None = None,
    readings: pd.DataFrame | None = None,
    *,
    level: float = 0.95,
) -> pd.DataFrame:
    """Compare all coders code by code, over the units that at least two of them rated.

    `units` and `readings` as in `ratings`; parents hold their children's spans. One row per code, or per code of
    `codes`:

    - code, n_units (rated by two or more), n_coders (who rated any of them)
    - applied: units to which at least one coder put the code; agreed: to which all did
    - prevalence: share of the ratings of those units that say 'present'
    - percent_agreement (mean of units), kappa (two coders, else NaN), alpha (Krippendorff,
      nominal), ac1 (two categories offered)
    - lower, upper: the range of alpha, cases being drawn whole (`ranges.alpha`)
    - diagnosis: 'not used', 'no variation' (all present or all absent: alpha undefined),
      'paradox: high agreement, low alpha, rare code' (or 'common code') where agreement is at
      least 0.8, alpha below 0.667 and prevalence below 0.1 or above 0.9; else ''

    Alpha and kappa are NaN where undefined; one `UndefinedMeasure` warning names the codes.
    In simulations with 6 to 20 cases the 95 % range held the true alpha in 93 to 98 % of studies
    (`docs/calibration.md`); with one case there is none (NaN, and an `UndefinedMeasure` warning).
    Raises
    `NothingToCompareError` (a ValueError) if the coders share no text or no code (a parent of both
    will do), or no unit was rated by two; ValueError as `ratings`.

    Both put `trust` on the first of two passages and none on the other:

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 4, "they"), ("s", 5, 9, "said")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 4, "trust", "A"), ("s", 0, 2, "trust", "B"), ("s", 5, 9, "tie", "B")],
    ...         columns=["source_id", "start", "end", "code", "coder"],
    ...     ),
    ... )
    >>> with warnings.catch_warnings():
    ...     warnings.simplefilter("ignore")  # one case has no range
    ...     table = agreement_by_code(corpus, codes=["trust"])
    >>> table[["n_units", "applied", "agreed", "alpha"]].to_dict("records")
    [{'n_units': 2, 'applied': 1, 'agreed': 1, 'alpha': 1.0}]
    """
    refuse_level(level)
    rolled = rolled_up(by_coder(corpus), corpus.codes)
    refuse_if_nothing_shared(rolled, stated(readings))
    held = rated_units(corpus, units, readings)
    size = held.rated.sum(axis=1)
    kept = size >= 2
    if not kept.any():
        raise NothingToCompareError(
            f"no unit was rated by two coders: none of the {len(kept)} units lies in a source that "
            "two of them coded"
        )
    names = sorted(rolled["code"].unique() if codes is None else several(codes, "codes"))
    cases = cases_of(held.units["source_id"][kept], corpus)
    case = np.asarray(pd.factorize(cases, sort=True)[0], dtype=np.int64)
    rows = []
    for code in names:
        present = held.present.get(code, np.zeros(held.rated.shape, dtype=bool))
        table = np.where(held.rated, present, np.nan)[kept]
        rows.append({"code": code} | _of_code(table, case, level))
    result = pd.DataFrame(rows, columns=_BY_CODE)
    warn_of_one_case(len(np.unique(case)), "alpha")
    lacking = result.loc[result["alpha"].isna(), "code"]
    if len(lacking):
        warnings.warn(
            f"alpha is undefined, for want of variation, for: {', '.join(lacking)}",
            UndefinedMeasure,
            stacklevel=2,
        )
    return result


def _of_code(table: np.ndarray, case: np.ndarray, level: float) -> dict[str, object]:
    ones, size = np.nansum(table, axis=1), (~np.isnan(table)).sum(axis=1)
    rating_coders = (~np.isnan(table)).any(axis=0)
    # Per unit: pairable values that say 1, all pairable values, and disagreeing coincidences.
    apart = 2 * ones * (size - ones) / (size - 1)
    sums = np.stack([np.bincount(case, weights=each) for each in (ones, size, apart)])
    lower, upper = ranges.alpha(sums, level)
    alpha = float(_binary_alpha(*sums.sum(axis=1, keepdims=True))[0])
    prevalence = ones.sum() / size.sum()
    pairs = size * (size - 1)
    agreement = ((ones * (ones - 1) + (size - ones) * (size - ones - 1)) / pairs).mean()
    with warnings.catch_warnings():
        # The caller names all codes without variation in one warning.
        warnings.simplefilter("ignore", UndefinedMeasure)
        two = rating_coders.sum() == 2
        kappa = cohen_kappa(table[:, rating_coders]) if two else np.nan
        ac1 = gwet_ac1(table, categories=2)
    return {
        "n_units": len(table),
        "n_coders": int(rating_coders.sum()),
        "applied": int((ones > 0).sum()),
        "agreed": int((ones == size).sum()),
        "prevalence": prevalence,
        "percent_agreement": agreement,
        "kappa": kappa,
        "alpha": alpha,
        "ac1": ac1,
        "lower": lower,
        "upper": upper,
        "diagnosis": _diagnosis(float(agreement), alpha, float(prevalence)),
    }


def _binary_alpha(ones: np.ndarray, total: np.ndarray, apart: np.ndarray) -> np.ndarray:
    """Return nominal alpha of present/absent ratings from sums over units, NaN if undefined.

    Do = apart / n and De = 2 n_1 n_0 / (n (n - 1)), so alpha = 1 - apart (n - 1) / (2 n_1 n_0).
    """
    chance = 2 * ones * (total - ones)
    share = np.divide(
        apart * (total - 1), chance, out=np.full(len(chance), np.nan), where=chance > 0
    )
    return np.asarray(1 - share)


def _diagnosis(agreement: float, alpha: float, prevalence: float) -> str:
    if prevalence == 0:
        return "not used"
    if np.isnan(alpha):
        return "no variation"
    if agreement >= 0.8 and alpha < 0.667 and not 0.1 <= prevalence <= 0.9:
        return (
            f"paradox: high agreement, low alpha, {'rare' if prevalence < 0.1 else 'common'} code"
        )
    return ""


def disagreements(
    corpus: Corpus,
    coder_a: str,
    coder_b: str,
    codes: Sequence[str] | None = None,
    readings: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Lay two coders' differing spans side by side: a sheet for settling them.

    Only sources that both coded or, by `readings` (as in `ratings`), read. Spans of one code that are the same for both are left out; of the
    rest every overlapping pair is a row, and every span that meets none. Columns: source_id,
    code, difference ('boundaries differ', or 'only <coder>'), start_a, end_a, start_b, end_b
    (Int64, empty where there is none), where passages have their text text_a, text_b (the words
    in question: private), then decision and reason, empty to be filled in. Sorted by source and
    place. Raises `NothingToCompareError` if the two share no text, or no code nor parent of one.

    >>> corpus = Corpus(
    ...     passages=pd.DataFrame(
    ...         [("s", 0, 4, "they"), ("s", 5, 9, "said")],
    ...         columns=["source_id", "start", "end", "text"],
    ...     ),
    ...     codings=pd.DataFrame(
    ...         [("s", 0, 4, "trust", "A"), ("s", 0, 2, "trust", "B"), ("s", 5, 9, "tie", "B")],
    ...         columns=["source_id", "start", "end", "code", "coder"],
    ...     ),
    ... )
    >>> disagreements(corpus, "A", "B")[["code", "difference", "start_b", "end_b"]].values.tolist()
    [['trust', 'boundaries differ', 0, 2], ['tie', 'only B', 5, 9]]
    """
    codings = by_coder(corpus)
    coder_a, coder_b = str(coder_a), str(coder_b)
    both = codings[codings["coder"].isin([coder_a, coder_b])]
    read = stated(readings)
    refuse_if_nothing_shared(rolled_up(both, corpus.codes), read)
    key = ["source_id", "code", "start", "end"]
    sides = [
        both.loc[both["coder"] == coder, key].drop_duplicates() for coder in (coder_a, coder_b)
    ]
    known = [
        {*side["source_id"], *read.loc[read["coder"] == coder, "source_id"]}
        for side, coder in zip(sides, (coder_a, coder_b), strict=True)
    ]
    shared = known[0] & known[1]
    sides = [side[side["source_id"].isin(shared)] for side in sides]
    if codes is not None:
        sides = [side[side["code"].isin(several(codes, "codes"))] for side in sides]
    same = sides[0].merge(sides[1], on=key)
    only_a, only_b = (_without(side, same) for side in sides)
    pairs = only_a.merge(only_b, on=key[:2], suffixes=("_a", "_b"))
    pairs = pairs[
        np.maximum(pairs["start_a"], pairs["start_b"]) < pairs[["end_a", "end_b"]].min(axis=1)
    ]
    rows = [pairs.assign(difference="boundaries differ")]
    for side, coder, spans in (("a", coder_a, only_a), ("b", coder_b, only_b)):
        named = spans.rename(columns={"start": f"start_{side}", "end": f"end_{side}"})
        paired = pairs[list(named.columns)].drop_duplicates()
        rows.append(_without(named, paired).assign(difference=f"only {coder}"))
    places = ["start_a", "end_a", "start_b", "end_b"]
    sheet = pd.concat(rows, ignore_index=True).reindex(
        columns=["source_id", "code", "difference", *places]
    )
    sheet = sheet.astype(dict.fromkeys(places, "Int64"))
    sheet["at"] = sheet[["start_a", "start_b"]].min(axis=1)
    sheet = sheet.sort_values(["source_id", "at", "code", *places], ignore_index=True)
    sheet = sheet.drop(columns="at")
    if corpus.passages is not None and "text" in corpus.passages:
        spoken = corpus.counted_passages
        for side in "ab":
            sheet[f"text_{side}"] = _texts(sheet, f"start_{side}", f"end_{side}", spoken)
    return sheet.assign(decision="", reason="")


def _without(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are not among `others`, which has the same columns."""
    marked = rows.merge(others, how="left", on=list(rows.columns), indicator="found")
    return marked[marked["found"] == "left_only"].drop(columns="found")


def _texts(sheet: pd.DataFrame, start: str, end: str, passages: pd.DataFrame) -> list[str]:
    by_source = {
        str(source): [rows[name].to_numpy() for name in ("start", "end", "text")]
        for source, rows in passages.groupby("source_id")
    }
    texts = []
    for source, begin, finish in zip(sheet["source_id"], sheet[start], sheet[end], strict=True):
        parts: list[str] = []
        if not pd.isna(begin) and source in by_source:
            starts, ends, spoken = by_source[source]
            parts = [
                spoken[row][max(begin - starts[row], 0) : finish - starts[row]]
                for row in np.flatnonzero((starts < finish) & (ends > begin))
            ]
        texts.append("\n".join(parts))
    return texts
