from __future__ import annotations

import warnings

import krippendorff
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.measures import UndefinedMeasure
from analysis.measures.agreement import (
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

N = None
# Krippendorff, Content Analysis: p. 224, and p. 230 (2004) or 290 (2018).
TWO = [[1, 0], [1, 1], [0, 1], [0, 0], [0, 0], [0, 1], [0, 0], [0, 1], [0, 0], [0, 0]]
FOUR = pd.DataFrame(
    [
        [1, 1, N, 1],
        [2, 2, 3, 2],
        [3, 3, 3, 3],
        [3, 3, 3, 3],
        [2, 2, 2, 2],
        [1, 2, 3, 4],
        [4, 4, 4, 4],
        [1, 1, 2, 1],
        [2, 2, 2, 2],
        [N, 5, 5, 5],
        [N, N, 1, 1],
        [N, N, 3, N],
    ],
    dtype=float,
)


@pytest.fixture
def fleiss() -> list[list[int]]:
    """Return the ratings of Fleiss 1971: 30 subjects, 6 raters."""
    return [
        [int(value) for value in row]
        for row in [
            "444444",
            "222555",
            "233335",
            "555555",
            "222444",
            "113333",
            "333355",
            "113334",
            "114444",
            "555555",
            "144444",
            "124444",
            "222333",
            "144444",
            "224445",
            "333335",
            "111455",
            "111112",
            "224444",
            "133555",
            "555555",
            "244444",
            "224555",
            "114444",
            "144445",
            "222224",
            "111155",
            "224444",
            "133333",
            "555555",
        ]
    ]


def from_table(table: list[list[int]]) -> list[list[int]]:
    return [
        [first, second]
        for first, row in enumerate(table)
        for second, times in enumerate(row)
        for _ in range(times)
    ]


def test_alpha_of_two_observers() -> None:
    assert krippendorff_alpha(TWO) == pytest.approx(0.095, abs=5e-4)
    assert percent_agreement(TWO) == pytest.approx(0.6)


def test_four_observers_with_missing_values() -> None:
    published = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
    for level, value in published.items():
        assert krippendorff_alpha(FOUR, level) == pytest.approx(value, abs=5e-4)  # type: ignore[arg-type]
    assert gwet_ac1(FOUR) == pytest.approx(0.77544, abs=2e-5)
    assert percent_agreement(FOUR, "values") == pytest.approx(0.800, abs=5e-4)
    assert percent_agreement(FOUR, "units") == pytest.approx(0.818, abs=5e-4)
    assert percent_agreement(FOUR, "pairs") == pytest.approx(0.782, abs=5e-4)


def test_artstein_and_poesio() -> None:
    table = from_table([[20, 10], [20, 50]])
    assert percent_agreement(table) == pytest.approx(0.7)
    assert cohen_kappa(table) == pytest.approx(0.348, abs=1e-3)
    assert scott_pi(table) == pytest.approx(0.341, abs=1e-3)


def test_ac1_published_tables() -> None:
    assert gwet_ac1(from_table([[80, 7], [8, 5]])) == pytest.approx(0.808, abs=5e-4)
    table = from_table([[8, 1], [1, 0]])
    assert scott_pi(table) == pytest.approx(-0.1111, abs=1e-4)


def test_fleiss_1971_by_category(fleiss: list[list[int]]) -> None:
    assert fleiss_kappa(fleiss) == pytest.approx(0.430, abs=1e-3)
    by_value = fleiss_kappa_by_value(fleiss)
    assert by_value.tolist() == pytest.approx([0.248, 0.248, 0.517, 0.470, 0.565], abs=5e-3)


values = st.one_of(st.none(), st.integers(1, 4))
tables = st.integers(2, 4).flatmap(
    lambda coders: st.lists(
        st.lists(values, min_size=coders, max_size=coders), min_size=2, max_size=12
    )
)


def defined(table: list[list[int | None]]) -> bool:
    """Return whether two pairable values differ."""
    pairable = [row for row in table if sum(value is not None for value in row) > 1]
    return len({value for row in pairable for value in row} - {None}) > 1


@pytest.mark.parametrize("level", ["nominal", "ordinal", "interval", "ratio"])
@given(table=tables)
def test_alpha_against_krippendorff(level: str, table: list[list[int | None]]) -> None:
    frame = pd.DataFrame(table, dtype=float)
    if not defined(table):
        with pytest.warns(UndefinedMeasure):
            assert np.isnan(krippendorff_alpha(frame, level))  # type: ignore[arg-type]
        return
    found = krippendorff_alpha(frame, level)  # type: ignore[arg-type]
    oracle = krippendorff.alpha(reliability_data=frame.to_numpy().T, level_of_measurement=level)
    assert found == pytest.approx(oracle, abs=1e-9)
    turned = frame.sample(frac=1, random_state=1).iloc[:, ::-1]
    assert krippendorff_alpha(turned, level) == pytest.approx(found)  # type: ignore[arg-type]


@given(table=tables)
def test_alpha_by_brute_force(table: list[list[int | None]]) -> None:
    """1 - Do / De over all pairs within units, and over all pairs of pairable values."""
    units = [[value for value in row if value is not None] for row in table]
    units = [unit for unit in units if len(unit) > 1]
    if not defined(table):
        return
    pooled = [value for unit in units for value in unit]
    apart = sum(
        (a != b) / (len(unit) - 1)
        for unit in units
        for i, a in enumerate(unit)
        for j, b in enumerate(unit)
        if i != j
    ) / len(pooled)
    chance = sum(a != b for i, a in enumerate(pooled) for j, b in enumerate(pooled) if i != j)
    chance /= len(pooled) * (len(pooled) - 1)
    named = [[None if value is None else f"code {value}" for value in row] for row in table]
    frame = pd.DataFrame(named, dtype=object)
    assert krippendorff_alpha(frame) == pytest.approx(1 - apart / chance, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=2, max_size=30))
def test_kappas_against_libraries(pairs: list[tuple[int, int]]) -> None:
    from sklearn.metrics import cohen_kappa_score
    from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

    table = np.array(pairs)
    if len(set(table.ravel())) < 2:
        with pytest.warns(UndefinedMeasure):
            assert np.isnan(cohen_kappa(table))
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        oracle = cohen_kappa_score(table[:, 0], table[:, 1])
    assert cohen_kappa(table) == pytest.approx(oracle, abs=1e-9)
    tally = np.array([[(row == value).sum() for value in range(3)] for row in table])
    assert fleiss_kappa(table) == pytest.approx(statsmodels_fleiss(tally), abs=1e-9)
    # With two coders Fleiss' kappa is Scott's pi.
    assert scott_pi(table) == pytest.approx(fleiss_kappa(table), abs=1e-9)


def test_ac1_depends_on_what_was_offered() -> None:
    assert gwet_ac1(TWO, categories=3) > gwet_ac1(TWO)
    assert gwet_ac1(TWO, categories=["yes", "no"]) == gwet_ac1(TWO)
    with pytest.raises(ValueError, match="were used"):
        gwet_ac1(FOUR, categories=2)


@pytest.mark.parametrize(
    "measure", [krippendorff_alpha, cohen_kappa, scott_pi, fleiss_kappa, gwet_ac1]
)
def test_one_value_only_is_undefined(measure: object) -> None:
    with pytest.warns(UndefinedMeasure):
        assert np.isnan(measure([[1, 1], [1, 1]]))  # type: ignore[operator]


@pytest.mark.parametrize("measure", [krippendorff_alpha, percent_agreement, gwet_ac1])
def test_no_pair_is_undefined(measure: object) -> None:
    with pytest.warns(UndefinedMeasure, match="two coders|two categories"):
        assert np.isnan(measure([[1.0, np.nan], [np.nan, 1.0]]))  # type: ignore[operator]


def test_wrong_requests() -> None:
    with pytest.raises(ValueError, match="two coders"):
        cohen_kappa([[1, 2, 3]])
    with pytest.raises(ValueError, match="same number"):
        fleiss_kappa(FOUR)
    with pytest.raises(ValueError, match="not nominal"):
        krippendorff_alpha(TWO, "binary")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="needs numbers"):
        krippendorff_alpha([["x", "y"], ["x", "x"]], "interval")
    with pytest.raises(ValueError, match="units x coders"):
        krippendorff_alpha([1, 2])
    with pytest.raises(ValueError, match="not units"):
        percent_agreement(TWO, "holsti")  # type: ignore[arg-type]


def test_masi_published_distances() -> None:
    pairs = [
        ("A", "A", 0),
        ("A", "AB", 2 / 3),
        ("AB", "BC", 8 / 9),
        ("A", "B", 1),
        ("12", "1234", 2 / 3),
    ]
    for one, other, distance in pairs:
        assert masi_distance(frozenset(one), frozenset(other)) == pytest.approx(distance)
    assert masi_distance(frozenset(), frozenset()) == 0
    assert masi_distance(frozenset(), frozenset("A")) == 1


letters = st.frozensets(st.sampled_from("ABC"), min_size=1, max_size=3)


@given(st.lists(st.tuples(letters, letters), min_size=2, max_size=12))
def test_masi_alpha_against_nltk(pairs: list[tuple[frozenset[str], frozenset[str]]]) -> None:
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import masi_distance as nltk_masi

    rows = [
        (coder, str(unit), chosen)
        for unit, pair in enumerate(pairs)
        for coder, chosen in zip("xy", pair, strict=True)
    ]
    if len({each for pair in pairs for each in pair}) < 2:
        return
    task = AnnotationTask(rows, distance=nltk_masi)
    table = pd.DataFrame(pairs, dtype=object)
    assert masi_alpha(table) == pytest.approx(task.alpha(), abs=1e-9)


def test_masi_alpha_with_empty_and_missing_sets() -> None:
    agreeing = [[frozenset(), frozenset()], [frozenset("A"), frozenset("A")]]
    assert masi_alpha(agreeing) == 1
    assert masi_alpha([*agreeing, [frozenset("B"), None]]) == 1
    with pytest.warns(UndefinedMeasure):
        assert np.isnan(masi_alpha([[None, None]]))


def test_missing_among_text_ratings_is_no_category() -> None:
    listed = [["a", "a"], ["b", "b"], ["a", float("nan")], ["b", "a"]]
    assert krippendorff_alpha(listed) == krippendorff_alpha(pd.DataFrame(listed))
    assert percent_agreement(listed) == pytest.approx(2 / 3)
    with pytest.warns(UndefinedMeasure):
        assert np.isnan(krippendorff_alpha([]))


def test_masi_alpha_takes_plain_sets_and_says_when_there_are_none() -> None:
    plain = [[{"a"}, {"a", "b"}], [{"b"}, {"b"}], [set(), None]]
    frozen = [[None if each is None else frozenset(each) for each in row] for row in plain]
    assert masi_alpha(plain) == masi_alpha(frozen)
    for empty in ([], [[]], [[None, None]]):
        with pytest.warns(UndefinedMeasure):
            assert np.isnan(masi_alpha(empty))


def test_ac1_takes_a_numpy_count_of_categories() -> None:
    assert gwet_ac1(TWO, categories=np.int64(3)) == gwet_ac1(TWO, categories=3)


def test_an_ordered_scale_keeps_its_order() -> None:
    """'low', 'middle', 'high' are 1, 2, 3, though the alphabet has high, low, middle."""
    numbers = pd.DataFrame([[1, 2], [2, 2], [3, 1], [3, 3], [1, 1], [2, None]])
    scale = pd.CategoricalDtype(["never", "low", "middle", "high"], ordered=True)
    named = numbers.replace({1: "low", 2: "middle", 3: "high"}).astype(object).astype(scale)
    assert krippendorff_alpha(named, "ordinal") == pytest.approx(
        krippendorff_alpha(numbers, "ordinal")
    )
    assert krippendorff_alpha(named) == pytest.approx(krippendorff_alpha(numbers))
    assert gwet_ac1(named) == pytest.approx(gwet_ac1(numbers))
    plain = named.astype(object)
    assert krippendorff_alpha(plain) == pytest.approx(krippendorff_alpha(numbers))
    for level, table in (("ordinal", plain), ("interval", plain), ("ratio", named)):
        with pytest.raises(ValueError, match="needs numbers"):
            krippendorff_alpha(table, level)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="needs numbers"):
        krippendorff_alpha([["1", "2"], ["2", "2"]], "interval")
    other = named.assign(**{"1": named[1].cat.reorder_categories(["high", *scale.categories[:3]])})
    with pytest.raises(ValueError, match="ordered differently"):
        krippendorff_alpha(other, "ordinal")


def test_sets_may_come_as_lists_tuples_and_arrays() -> None:
    sets = [[{"a"}, {"a", "b"}], [{"b"}, {"b"}], [set(), {"c"}], [{"a"}, None]]
    expected = masi_alpha(sets)
    kinds = (list, tuple, frozenset, lambda each: np.array(sorted(each), dtype=object))
    for kind in kinds:
        for missing in (None, float("nan"), np.float64("nan"), pd.NA):
            rows = [[missing if each is None else kind(each) for each in row] for row in sets]
            assert masi_alpha(rows) == expected
            table = pd.DataFrame({"A": [row[0] for row in rows], "B": [row[1] for row in rows]})
            assert masi_alpha(table) == expected
            assert masi_alpha(table.to_numpy(dtype=object)) == expected
    for wrong in ("ab", 3, {"a": 1}):
        with pytest.raises(TypeError, match="set or list of codes"):
            masi_alpha([[{"a"}, wrong]])
    with pytest.raises(ValueError, match="differ in length"):
        masi_alpha([[{"a"}, {"b"}], [{"a"}]])
