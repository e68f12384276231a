"""Chance-corrected agreement on ratings: units x coders, missing where a coder did not rate.

Every function takes `ratings` (units, coders), a DataFrame or array of numbers or text, NaN or
None where missing, and returns a float: NaN, with an `UndefinedMeasure` warning that says why,
where the coefficient is not defined. None of them depends on the order of units or coders.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from numbers import Number
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.measures import undefined

Ratings: TypeAlias = pd.DataFrame | ArrayLike
Level = Literal["nominal", "ordinal", "interval", "ratio"]

_NO_PAIRS = "no unit was rated by two coders"
_ONE_VALUE = "only one value was used, so chance agreement is complete"


def rated(ratings: Ratings) -> tuple[np.ndarray, np.ndarray]:
    """Return (units, coders) numbers of values, -1 where missing, and the values in order.

    Ordered categories keep their order; the values are those that were used. Raises ValueError
    for what is no table of units x coders.

    >>> number, values = rated([["x", "y"], ["x", None]])
    >>> number.tolist(), values.tolist()
    ([[0, 1], [0, -1]], ['x', 'y'])
    """
    scale = _scale(ratings)
    # Lists stay objects, for among text numpy would write a missing value as the text 'nan'.
    typed = isinstance(ratings, pd.DataFrame | np.ndarray)
    table: np.ndarray[Any, Any] = np.asarray(ratings, dtype=None if typed else object)
    if table.ndim == 1 and not table.size:
        table = table.reshape(0, 0)
    if table.ndim != 2:
        raise ValueError("ratings are a table of units x coders")
    number, values = pd.factorize(table.ravel(), sort=scale is None)
    if scale is not None:
        order = np.argsort(scale.get_indexer(values))
        place = np.append(np.argsort(order), -1)
        number, values = place[number], np.asarray(values)[order]
    return np.asarray(number, dtype=np.int64).reshape(table.shape), np.asarray(values)


def _scale(ratings: Ratings) -> pd.Index | None:
    """Return the ordered categories that all coders share, or None where values are plain."""
    if not isinstance(ratings, pd.DataFrame):
        return None
    kinds = set(ratings.dtypes)
    ordered = [kind for kind in kinds if isinstance(kind, pd.CategoricalDtype) and kind.ordered]
    if ordered and len(kinds) > 1:
        raise ValueError("the coders' categories are ordered differently: give all the same dtype")
    return ordered[0].categories if ordered else None


def tallied(number: np.ndarray, n_values: int) -> np.ndarray:
    """Return (units, values): how many coders gave each unit each value.

    >>> tallied(np.array([[0, 1], [0, -1]]), 2).tolist()
    [[1, 1], [1, 0]]
    """
    unit = np.arange(len(number))[:, None] * (n_values + 1)
    # Missing is -1, so that after adding 1 it falls in a first column that is cut off.
    cells = np.bincount((unit + number + 1).ravel(), minlength=len(number) * (n_values + 1))
    return np.asarray(cells.reshape(len(number), n_values + 1)[:, 1:])


def coincidences(number: np.ndarray, n_values: int) -> np.ndarray:
    """Return (values, values): Krippendorff's coincidence matrix.

    Each ordered pair of values in a unit with m of them adds 1 / (m - 1).

    >>> coincidences(np.array([[0, 1], [0, 0], [0, -1]]), 2).tolist()
    [[2.0, 1.0], [1.0, 0.0]]
    """
    if number.shape[1] == 2:
        # With two coders a unit is one pair or none: counting pairs needs no table of units.
        # Missing is -1, so after adding 1 what is no pair falls into the first row or column.
        size = n_values + 1
        once = np.bincount(
            (number[:, 0] + 1) * size + number[:, 1] + 1, minlength=size * size
        ).reshape(size, size)
        square = once[1:, 1:].astype(float)
        return np.asarray(square + square.T)
    tally = tallied(number, n_values).astype(float)
    size = tally.sum(axis=1)
    tally, size = tally[size > 1], size[size > 1]
    weighted = tally / (size - 1)[:, None]
    return np.asarray(weighted.T @ tally - np.diag(weighted.sum(axis=0)))


def alpha_of(square: np.ndarray, distance: np.ndarray) -> float:
    """Return alpha = 1 - Do / De of a coincidence matrix under squared distances.

    A third of four values apart, and of all pairs of values 3 x 1 / (4 x 3) either way:

    >>> round(alpha_of(np.array([[2.0, 1.0], [1.0, 0.0]]), 1 - np.eye(2)), 9)
    0.0
    """
    margin = square.sum(axis=1)
    total = margin.sum()
    if total == 0:
        return undefined(f"alpha is undefined: {_NO_PAIRS}")
    expected = (margin[:, None] * margin * distance).sum() / (total * (total - 1))
    if expected == 0:
        return undefined(f"alpha is undefined: {_ONE_VALUE}")
    return float(1 - (square * distance).sum() / total / expected)


def krippendorff_alpha(ratings: Ratings, level: Level = "nominal") -> float:
    """Return Krippendorff's alpha.

    alpha = 1 - Do / De, Do = Σ o_ck d_ck / n, De = Σ n_c n_k d_ck / (n (n - 1)), from the
    coincidences o_ck, their row sums n_c and total n; units with fewer than two values are left
    out. `level` sets d: nominal 0 or 1; interval (c - k)²; ratio ((c - k) / (c + k))²; ordinal
    (Σ n_g for g from c to k - (n_c + n_k) / 2)², values in the order of numbers, or of the
    ordered categories that all columns of a DataFrame share (Krippendorff 2019, chapter 12). Any
    number of coders; missing ratings allowed. Undefined if no unit has two ratings or only one
    value is used. Raises ValueError for another `level`, for text beyond nominal (but for ordered
    categories at ordinal), for columns whose categories differ in order, and for negative values
    with ratio.

    Krippendorff's own example (2011, section C), four coders and twelve units:

    >>> nan = float("nan")
    >>> ratings = [
    ...     [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
    ...     [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
    ...     [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
    ...     [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
    ... ]
    >>> [round(krippendorff_alpha(np.transpose(ratings), level), 3)
    ...  for level in ("nominal", "ordinal", "interval")]
    [0.743, 0.815, 0.849]
    """
    if level not in ("nominal", "ordinal", "interval", "ratio"):
        raise ValueError(f"level {level!r} is not nominal, ordinal, interval or ratio")
    number, values = rated(ratings)
    square = coincidences(number, len(values))
    ranked = level == "ordinal" and _scale(ratings) is not None
    if level != "nominal" and not ranked:
        _refuse_text(level, values)
    return alpha_of(square, _distance(level, values, square.sum(axis=1)))


def _refuse_text(level: str, values: np.ndarray) -> None:
    if not all(isinstance(value, Number | np.bool_) for value in values.tolist()):
        raise ValueError(
            f"level {level!r} needs numbers"
            + (", or an ordered categorical dtype" if level == "ordinal" else "")
            + ": text has no order of its own"
        )


def _distance(level: str, values: np.ndarray, margin: np.ndarray) -> np.ndarray:
    if level == "nominal":
        return 1.0 - np.eye(len(values))
    if level == "ordinal":
        below = np.cumsum(margin) - margin / 2
        return np.asarray((below[:, None] - below) ** 2)
    scale = values.astype(float)
    gap = scale[:, None] - scale
    if level == "interval":
        return np.asarray(gap**2)
    if len(scale) and scale.min() < 0:
        raise ValueError("level 'ratio' needs values of at least 0")
    total = scale[:, None] + scale
    return np.asarray(np.divide(gap, total, out=np.zeros_like(gap), where=total > 0) ** 2)


def percent_agreement(
    ratings: Ratings, definition: Literal["units", "pairs", "values"] = "units"
) -> float:
    """Return the share of agreement, not corrected for chance.

    With missing ratings or more than two coders three definitions part: `units`, the mean over
    units of agreeing pairs / pairs (as irrCAC); `pairs`, all agreeing pairs / all pairs;
    `values`, 1 - Do of nominal alpha, each unit weighing as many as it has values (as DKPro).
    Units with fewer than two ratings are left out; undefined if that leaves none. Raises ValueError
    for another `definition`, and for ratings that are no table of units x coders.

    Fifty units that two coders call yes or no (20 both yes, 15 both no, 5 and 10 apart):

    >>> one = ["yes"] * 25 + ["no"] * 25
    >>> other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> round(percent_agreement(list(zip(one, other))), 2)
    0.7
    """
    number, values = rated(ratings)
    tally = tallied(number, len(values))
    size = tally.sum(axis=1)
    tally, size = tally[size > 1], size[size > 1]
    if not len(size):
        return undefined(f"percent agreement is undefined: {_NO_PAIRS}")
    agreeing, pairs = (tally * (tally - 1)).sum(axis=1), size * (size - 1)
    if definition == "units":
        return float((agreeing / pairs).mean())
    if definition == "pairs":
        return float(agreeing.sum() / pairs.sum())
    if definition == "values":
        return float((agreeing / (size - 1)).sum() / size.sum())
    raise ValueError(f"definition {definition!r} is not units, pairs or values")


def cohen_kappa(ratings: Ratings) -> float:
    """Return Cohen's kappa of exactly two coders, over the units both rated.

    (po - pe) / (1 - pe), pe = Σ p1k p2k from each coder's own margins (Cohen 1960). It credits
    coders whose margins differ; see `scott_pi`. Undefined if both used one and the same value
    only. Raises ValueError unless there are two coders.

    Fifty units that two coders call yes or no (20 both yes, 15 both no, 5 and 10 apart):

    >>> one = ["yes"] * 25 + ["no"] * 25
    >>> other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> round(cohen_kappa(list(zip(one, other))), 2)
    0.4
    """
    table = _cross_table(ratings, "Cohen's kappa")
    return _corrected(table, table.sum(axis=1), table.sum(axis=0), "kappa")


def scott_pi(ratings: Ratings) -> float:
    """Return Scott's pi of exactly two coders, over the units both rated.

    As kappa, with pe = Σ ((p1k + p2k) / 2)² from the margins of both together (Scott 1955).
    Undefined and errors as `cohen_kappa`.

    Fifty units that two coders call yes or no (20 both yes, 15 both no, 5 and 10 apart):

    >>> one = ["yes"] * 25 + ["no"] * 25
    >>> other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> round(scott_pi(list(zip(one, other))), 3)
    0.394
    """
    table = _cross_table(ratings, "Scott's pi")
    margin = (table.sum(axis=1) + table.sum(axis=0)) / 2
    return _corrected(table, margin, margin, "pi")


def _cross_table(ratings: Ratings, name: str) -> np.ndarray:
    number, values = rated(ratings)
    if number.shape[1] != 2:
        raise ValueError(f"{name} is for two coders, not {number.shape[1]}")
    both = number[(number >= 0).all(axis=1)]
    size = len(values)
    cells = np.bincount(both[:, 0] * size + both[:, 1], minlength=size * size)
    return np.asarray(cells.reshape(size, size))


def _corrected(table: np.ndarray, first: np.ndarray, second: np.ndarray, name: str) -> float:
    total = table.sum()
    if total == 0:
        return undefined(f"{name} is undefined: {_NO_PAIRS}")
    expected = float((first * second).sum()) / float(total) ** 2
    # By counts, for 1 - expected may be a rounding away from 0.
    if np.count_nonzero(first + second) < 2:
        return undefined(f"{name} is undefined: {_ONE_VALUE}")
    return float((np.trace(table) / total - expected) / (1 - expected))


def fleiss_kappa(ratings: Ratings) -> float:
    """Return Fleiss' kappa: every unit rated by the same number of coders, not the same ones.

    (P - Pe) / (1 - Pe), P the mean over units of (Σ_j n_ij² - n) / (n (n - 1)), Pe = Σ p_j²
    (Fleiss 1971). Units nobody rated are left out. It extends pi, not Cohen's kappa. Undefined
    if only one value is used. Raises ValueError for unequal numbers of ratings, or fewer than 2.

    Fifty units that two coders call yes or no (20 both yes, 15 both no, 5 and 10 apart):

    >>> one = ["yes"] * 25 + ["no"] * 25
    >>> other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> round(fleiss_kappa(list(zip(one, other))), 3)
    0.394
    """
    tally, _ = _fleiss_tally(ratings)
    size = tally.sum(axis=1)
    if not len(tally):
        return undefined(f"Fleiss' kappa is undefined: {_NO_PAIRS}")
    if np.count_nonzero(tally.sum(axis=0)) < 2:
        return undefined(f"Fleiss' kappa is undefined: {_ONE_VALUE}")
    agreement = ((tally * (tally - 1)).sum(axis=1) / (size * (size - 1))).mean()
    chance = ((tally.sum(axis=0) / tally.sum()) ** 2).sum()
    return float((agreement - chance) / (1 - chance))


def fleiss_kappa_by_value(ratings: Ratings) -> pd.Series:
    """Return Fleiss' kappa of each value against all others, indexed by value.

    k_j = 1 - Σ_i n_ij (n - n_ij) / (N n (n - 1) p_j (1 - p_j)); NaN for a value all ratings
    share. Errors as `fleiss_kappa`.

    Of two values each has the kappa of both:

    >>> one = ["yes"] * 25 + ["no"] * 25
    >>> other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> fleiss_kappa_by_value(list(zip(one, other))).round(3).to_dict()
    {'no': 0.394, 'yes': 0.394}
    """
    tally, values = _fleiss_tally(ratings)
    n_coders = tally.sum(axis=1).max(initial=0)
    share = tally.sum(axis=0) / max(tally.sum(), 1)
    chance = len(tally) * n_coders * (n_coders - 1) * share * (1 - share)
    apart = (tally * (n_coders - tally)).sum(axis=0)
    return pd.Series(
        1 - np.divide(apart, chance, out=np.full(len(values), np.nan), where=chance > 0), values
    )


def _fleiss_tally(ratings: Ratings) -> tuple[np.ndarray, np.ndarray]:
    number, values = rated(ratings)
    tally = tallied(number, len(values))
    tally = tally[tally.sum(axis=1) > 0]
    sizes = np.unique(tally.sum(axis=1))
    if len(sizes) > 1 or (len(sizes) == 1 and sizes[0] < 2):
        raise ValueError("Fleiss' kappa needs the same number of ratings, at least 2, in each unit")
    return tally, values


def gwet_ac1(
    ratings: Ratings, categories: int | np.integer | Sequence[object] | None = None
) -> float:
    """Return Gwet's AC1.

    (pa - pe) / (1 - pe), pa as `percent_agreement`, pe = Σ π_k (1 - π_k) / (q - 1), π_k the
    mean over units of the share of ratings that are k; units with one rating count in π_k
    (Gwet 2008). `categories`: those offered to the coders, or how many; by default those used.
    Undefined for fewer than two categories or no unit with two ratings. Raises ValueError if
    fewer categories are given than were used.

    Fifty units that two coders call yes or no (20 both yes, 15 both no, 5 and 10 apart):

    >>> one = ["yes"] * 25 + ["no"] * 25
    >>> other = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> round(gwet_ac1(list(zip(one, other))), 3)
    0.406
    """
    number, values = rated(ratings)
    offered = len(values) if categories is None else categories
    n_offered = int(offered) if isinstance(offered, int | np.integer) else len(offered)
    if n_offered < len(values):
        raise ValueError(f"{len(values)} categories were used, but {n_offered} are given")
    tally = tallied(number, len(values))
    size = tally.sum(axis=1)
    if n_offered < 2:
        return undefined("AC1 is undefined for fewer than two categories")
    if not (size > 1).any():
        return undefined(f"AC1 is undefined: {_NO_PAIRS}")
    share = (tally[size > 0] / size[size > 0, None]).mean(axis=0)
    chance = float((share * (1 - share)).sum()) / (n_offered - 1)
    agreement = percent_agreement(ratings)
    return (agreement - chance) / (1 - chance)


def masi_distance(one: AbstractSet[str], other: AbstractSet[str]) -> float:
    """Return the MASI distance 1 - J M of two sets of codes (Passonneau 2006).

    J is Jaccard's index; M is 1 for equal sets, 2/3 where one holds the other, 1/3 where they
    overlap, 0 otherwise. Two empty sets agree (0); an empty set and another do not at all (1).

    One set holds the other, and shares two of three codes with it: 1 - 2/3 * 2/3.

    >>> round(masi_distance({"tie", "trust"}, {"tie", "trust", "money"}), 4)
    0.5556
    """
    if one == other:
        return 0.0
    shared, whole = len(one & other), len(one | other)
    if not shared:
        return 1.0
    return 1 - shared / whole * (2 / 3 if one <= other or other <= one else 1 / 3)


def masi_alpha(sets: pd.DataFrame | np.ndarray | Sequence[Sequence[object]]) -> float:
    """Return alpha over sets of codes with the MASI distance.

    `sets` (units, coders): each a set, frozenset, list, tuple or array of codes, None or NaN where
    a coder did not rate. Every different set counts as a value of its own. Undefined as
    `krippendorff_alpha`. Raises TypeError for anything else in a cell, a bare text included, and
    ValueError for rows of different lengths.

    Two units, in one of which both coders put the same codes and in the other wholly different ones:

    >>> one, other = frozenset({"tie"}), frozenset({"money"})
    >>> round(masi_alpha([[one, one], [one, other]]), 9)
    0.0
    """
    rows = sets.to_numpy(dtype=object).tolist() if isinstance(sets, pd.DataFrame) else sets
    held = [[_as_set(each) for each in row] for row in rows]
    if len({len(row) for row in held}) > 1:
        raise ValueError("sets are a table of units x coders: its rows differ in length")
    present = {each for row in held for each in row if each is not None}
    if not present:
        return undefined(f"alpha is undefined: {_NO_PAIRS}")
    values = sorted(present, key=lambda each: (len(each), sorted(map(str, each))))
    place = {each: number for number, each in enumerate(values)}
    number = np.array(
        [[-1 if each is None else place[each] for each in row] for row in held], dtype=np.int64
    )
    distance = np.array([[masi_distance(one, other) for other in values] for one in values])
    return alpha_of(coincidences(number, len(values)), distance)


def _as_set(cell: Any) -> frozenset[str] | None:
    if isinstance(cell, AbstractSet | list | tuple | np.ndarray):
        return frozenset(cell)
    if cell is None or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell)):
        return None
    raise TypeError(
        f"a coder's codes on a unit are a set or list of codes, not {type(cell).__name__}"
    )
