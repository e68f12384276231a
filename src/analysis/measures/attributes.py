"""How cases that carry a theme differ in an attribute from those that do not."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.corpus import Corpus
from analysis.measures.resampling import benjamini_hochberg

COLUMNS = ["theme", "n_cases", "n_carrying", "effect", "p", "q", "note"]
TOO_FEW = "too few cases to compare"
# Up to so many choices of the carrying cases all are looked at.
_ARRANGEMENTS = 50_000


def by_attribute(
    carrying: pd.DataFrame,
    values: pd.Series,
    *,
    minimum_group: int,
    seed: int = 0,
    n: int = 10_000,
) -> pd.DataFrame:
    """Compare the cases that carry each theme with those that do not, in one attribute.

    `carrying` (cases, themes): whether a case carries a theme. `values`, by case: numbers, which are
    ordered, or levels as text (two or more); a case without a value ('' or missing) is left out.
    One row a theme, COLUMNS:

    - n_cases with a value; n_carrying of them.
    - effect. Of numbers: the share of pairs of a carrying and another case in which the carrying
      one has more, ties half (Mann & Whitney 1947; Vargha & Delaney's A, 2000): .5 is no
      difference. Of levels: the largest share of carrying cases in a level less the smallest.
    - p: the share of choices of as many carrying cases among all with an effect at least as far:
      of numbers |A - .5|, of levels the sum over levels of size x (share - overall share)². All
      choices where there are at most 50,000, else (1 + as far) / (1 + n) of `n` drawn from `seed`.
    - q: Benjamini-Hochberg (1995) over the themes with a p.
    - note: '' or why there is no comparison: fewer than `minimum_group` cases on either side (of
      numbers), or in fewer than two levels (of levels).

    Raises ValueError for cases of `values` that `carrying` does not have.

    The two who carry the theme have more than the two who do not: one of six choices goes so far,
    and another as far the other way.

    >>> carrying = pd.DataFrame({"trust": [True, True, False, False]}, index=list("abcd"))
    >>> values = pd.Series([9.0, 8.0, 2.0, 1.0], index=list("abcd"))
    >>> by_attribute(carrying, values, minimum_group=2)[["effect", "p"]].round(4).values.tolist()
    [[1.0, 0.3333]]
    """
    unknown = sorted(set(values.index) - set(carrying.index))
    if unknown:
        raise ValueError(f"values of cases that are not there: {', '.join(map(str, unknown))}")
    is_number = pd.api.types.is_numeric_dtype(values)
    known = values[values.notna()] if is_number else values[values.fillna("") != ""]
    own = carrying.loc[known.index]
    rows = []
    for theme in own.columns:
        held = own[theme].to_numpy(bool)
        rng = np.random.default_rng(seed)
        compared = _of_numbers if is_number else _of_levels
        effect, p, note = compared(known, held, minimum_group, rng, n)
        rows.append([theme, len(held), int(held.sum()), effect, p, math.nan, note])
    table = pd.DataFrame(rows, columns=COLUMNS)
    compared_rows = table["p"].notna()
    table.loc[compared_rows, "q"] = benjamini_hochberg(table.loc[compared_rows, "p"].to_numpy())
    return table


def spans_by_case(corpus: Corpus, themes: Mapping[str, Collection[str]]) -> pd.DataFrame:
    """Count the distinct counted spans of each case under each theme: cases (sorted) by themes.

    `themes`: name -> its codes, those beneath them among them. A case without any has 0.

    >>> codings = pd.DataFrame({"source_id": ["s"], "start": [0], "end": [4], "code": ["trust"]})
    >>> spans_by_case(Corpus(codings=codings), {"ties": ["trust"]}).values.tolist()
    [[1]]
    """
    cases = sorted(corpus.sources["case_id"].unique())
    spans = corpus.counted.merge(corpus.sources[["source_id", "case_id"]], on="source_id")
    counts = {
        name: spans[spans["code"].isin(list(codes))]
        .drop_duplicates(["source_id", "start", "end"])
        .groupby("case_id")
        .size()
        for name, codes in themes.items()
    }
    table = pd.DataFrame(counts, index=pd.Index(cases, name="case_id"), columns=list(themes))
    return table.fillna(0).astype("int64")


_Answer = tuple[float, float, str]


def _of_numbers(
    values: pd.Series, held: np.ndarray, least: int, rng: np.random.Generator, n: int
) -> _Answer:
    many, few = int(held.sum()), int((~held).sum())
    if not many or not few:
        return math.nan, math.nan, TOO_FEW
    ranks = values.astype(float).rank().to_numpy()
    lowest = many * (many + 1) / 2
    effect = float((ranks[held].sum() - lowest) / (many * few))
    if min(many, few) < least:
        return effect, math.nan, TOO_FEW
    chosen = _choices(len(held), many, rng, n)
    sums = ranks[chosen].sum(axis=1)
    far = np.abs((sums - lowest) / (many * few) - 0.5) >= abs(effect - 0.5) - 1e-12
    return effect, _share(far, len(held), many), ""


def _of_levels(
    values: pd.Series, held: np.ndarray, least: int, rng: np.random.Generator, n: int
) -> _Answer:
    levels = np.unique(values.to_numpy(str), return_inverse=True)[1]
    sizes = np.bincount(levels)
    shares = np.bincount(levels, weights=held) / sizes
    if len(sizes) < 2:
        return math.nan, math.nan, TOO_FEW
    effect = float(shares.max() - shares.min())
    many = int(held.sum())
    if int((sizes >= least).sum()) < 2 or many in (0, len(held)):
        return effect, math.nan, TOO_FEW
    overall = many / len(held)
    observed = float((sizes * (shares - overall) ** 2).sum())
    chosen = levels[_choices(len(held), many, rng, n)]
    counts = np.stack([(chosen == level).sum(axis=1) for level in range(len(sizes))], axis=1)
    found = (sizes * (counts / sizes - overall) ** 2).sum(axis=1)
    return effect, _share(found >= observed - 1e-12, len(held), many), ""


def _choices(cases: int, many: int, rng: np.random.Generator, n: int) -> np.ndarray:
    """Choices of `many` of the cases (choices, many): all, where they are not too many."""
    if math.comb(cases, many) <= _ARRANGEMENTS:
        return np.array(list(combinations(range(cases), many)), dtype=np.int64)
    return np.argsort(rng.random((n, cases)), axis=1)[:, :many]


def _share(far: np.ndarray, cases: int, many: int) -> float:
    if math.comb(cases, many) <= _ARRANGEMENTS:
        return float(far.mean())
    return float((1 + far.sum()) / (1 + len(far)))
