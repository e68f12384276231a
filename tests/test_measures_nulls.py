from __future__ import annotations

import itertools
from fractions import Fraction
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_tables import LENGTH, coded_texts, codings_of, passages_of
from numpy.testing import assert_allclose
from scipy.stats import binom, hypergeom
from test_measures_cooccurrence import pair, presence

from analysis.corpus import Corpus
from analysis.measures.chance.passages import exact_tail, looked_back, moved_code
from analysis.measures.cooccurrence import cooccurrence, cooccurrence_test
from analysis.measures.resampling import (
    benjamini_hochberg,
    case_weights,
    quantile_ranges,
)

ONE, OTHER = np.array([0]), np.array([1])


def met(one: np.ndarray, other: np.ndarray, window: int) -> int:
    """Count the passages in which two codes (…, passages) meet in a reading, each once."""

    def near(marks: np.ndarray) -> np.ndarray:
        return np.stack([looked_back(row[:, None], window)[:, 0] for row in np.atleast_2d(marks)])

    one, other = np.atleast_2d(one), np.atleast_2d(other)
    return int(((one & near(other)) | (other & near(one))).any(axis=0).sum())


def every_placing(marks: np.ndarray, null: str) -> list[np.ndarray]:
    if null == "shift":
        return [np.roll(marks, step) for step in range(len(marks))]
    placings = []
    for chosen in itertools.combinations(range(len(marks)), int(marks.sum())):
        placed = np.zeros(len(marks), dtype=bool)
        placed[list(chosen)] = True
        placings.append(placed)
    return placings


def enumerated(held: list[np.ndarray], null: str, window: int) -> dict[int, float]:
    """Return the mass of each count by going through every arrangement."""
    stays, moves = (int(code[0]) for code in moved_code(held, ONE, OTHER))
    masses = {0: 1.0}
    for source in held:
        placings = every_placing(source[:, moves], null)
        added: dict[int, float] = {}
        for placed in placings:
            count = met(source[:, stays], placed, window)
            for before, mass in masses.items():
                added[before + count] = added.get(before + count, 0) + mass / len(placings)
        masses = added
    return masses


two_codes = st.lists(
    st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=7),
    min_size=1,
    max_size=3,
)


@pytest.mark.parametrize("null", ["shift", "shuffle"])
@given(sources=two_codes, window=st.integers(1, 4))
def test_exact_p_is_that_of_every_arrangement(
    null: str, sources: list[list[tuple[bool, bool]]], window: int
) -> None:
    held = [np.array(source, dtype=bool) for source in sources]
    observed = np.array([sum(met(each[:, 0], each[:, 1], window) for each in held)])
    expected, p = exact_tail(held, ONE, OTHER, observed, null, window)
    masses = enumerated(held, null, window)
    assert expected[0] == pytest.approx(sum(count * mass for count, mass in masses.items()))
    assert p[0] == pytest.approx(
        sum(mass for count, mass in masses.items() if count >= observed[0]), rel=1e-9
    )


@pytest.mark.parametrize("null", ["shift", "shuffle"])
@pytest.mark.parametrize("sources", [500, 600])
def test_of_many_sources_p_is_that_of_as_many_coins(null: str, sources: int) -> None:
    """Each with two passages, of which each code is in one; one source more lacks one of them."""
    held = [np.array([[True, True], [False, False]])] * sources
    held.append(np.array([[True, False], [False, False]]))
    expected, p = exact_tail(held, ONE, OTHER, np.array([sources // 2 + 40]), null)
    assert expected[0] == pytest.approx(sources / 2)
    assert p[0] == pytest.approx(binom.sf(sources // 2 + 39, sources, 0.5), rel=1e-9)


@given(data=st.data(), window=st.integers(1, 4))
def test_a_code_shifts_in_all_readings_at_once(data: st.DataObject, window: int) -> None:
    """Exactly what trying every step gives, where two or three coders read a source."""
    marks = st.lists(st.booleans(), min_size=4, max_size=4)
    held = []
    for n_coders in data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=3)):
        n_passages = data.draw(st.integers(1, 6))
        cells = data.draw(st.lists(marks, min_size=3 * 6, max_size=3 * 6))
        held.append(np.array(cells).reshape(3, 6, 4)[:n_coders, :n_passages, :2])
    stays, moves = (int(code[0]) for code in moved_code(held, ONE, OTHER))
    observed = np.array([sum(met(each[..., 0], each[..., 1], window) for each in held)])
    mass = np.ones(1)
    for each in held:
        counts = [
            met(each[..., stays], np.roll(each[..., moves], step, axis=1), window)
            for step in range(each.shape[1])
        ]
        mass = np.convolve(mass, np.bincount(counts) / len(counts))
    expected, p = exact_tail(held, ONE, OTHER, observed, "shift", window)
    assert expected[0] == pytest.approx(np.arange(len(mass)) @ mass)
    assert p[0] == pytest.approx(mass[observed[0] :].sum(), rel=1e-9)


@given(data=st.data())
def test_a_code_is_shuffled_in_all_readings_at_once(data: st.DataObject) -> None:
    """Exactly what placing its passages in every order gives, with the coders they have."""
    held = []
    for n_coders in data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=2)):
        n_passages = data.draw(st.integers(1, 5))
        cells = data.draw(st.lists(st.booleans(), min_size=30, max_size=30))
        held.append(np.array(cells).reshape(3, 5, 2)[:n_coders, :n_passages])
    stays, moves = (int(code[0]) for code in moved_code(held, ONE, OTHER))
    observed = np.array([sum(met(each[..., 0], each[..., 1], 1) for each in held)])
    mass = np.ones(1)
    for each in held:
        orders = itertools.permutations(range(each.shape[1]))
        counts = [met(each[..., stays], each[:, list(order), moves], 1) for order in orders]
        mass = np.convolve(mass, np.bincount(counts) / len(counts))
    expected, p = exact_tail(held, ONE, OTHER, observed, "shuffle")
    assert expected[0] == pytest.approx(np.arange(len(mass)) @ mass)
    assert p[0] == pytest.approx(mass[observed[0] :].sum(), rel=1e-9)


def test_many_passages_of_two_coders_are_shuffled_exactly() -> None:
    """Where A and B agree throughout it is one reading, so the hypergeometric law must come out."""
    one = np.zeros((80, 2), dtype=bool)
    one[:25, 0] = one[15:45, 1] = True
    twice = np.stack([one, one])
    both, law = (exact_tail([held], ONE, OTHER, np.array([10]), "shuffle") for held in (twice, one))
    assert_allclose(both[0], law[0], rtol=1e-12)
    assert_allclose(both[1], law[1], rtol=1e-10)
    # Half of each code's passages are A's alone, the others B's: each meets its own half.
    apart = np.zeros((2, 60, 2), dtype=bool)
    apart[0, :6, 0] = apart[1, 6:12, 0] = apart[0, 3:9, 1] = apart[1, 9:15, 1] = True
    expected, p = exact_tail([apart], ONE, OTHER, np.array([6]), "shuffle")
    assert expected[0] == pytest.approx((6 * 6 + 6 * 6) / 60)
    generator = np.random.default_rng(7)
    drawn = [met(apart[..., 0], apart[:, generator.permutation(60), 1], 1) for _ in range(20_000)]
    assert p[0] == pytest.approx(np.mean(np.array(drawn) >= 6), abs=0.003)


def test_within_and_across_coders() -> None:
    """The test counts what `cooccurrence` counts, by default and either way."""
    passages = passages_of(*[("s", "xx")] * 6)
    rows = [("s", 0, "a", "A"), ("s", 0, "b", "B"), ("s", 3, "a", "A"), ("s", 3, "b", "A")]
    codings = codings_of(*((source, at, at + 2, code, who) for source, at, code, who in rows))
    for unit in ("overlap", "passage", "window", "source"):
        window = 2 if unit == "window" else None
        for null in ("shift", "shuffle"):
            for options in ({}, {"within_coder": False}):
                if null == "shuffle" and unit == "window" and not options:
                    continue
                plain = cooccurrence(
                    Corpus(passages=passages, codings=codings), unit, window, **options
                )
                tested = cooccurrence_test(
                    Corpus(passages=passages, codings=codings),
                    unit,
                    null,
                    n=40,
                    window=window,
                    **options,
                )
                pd.testing.assert_frame_equal(tested[list(plain.columns)], plain)
    within = pair(cooccurrence_test(Corpus(passages=passages, codings=codings), "passage", "shift"))
    # Of six steps one brings A's two a's onto A's one b each, so two meet it: 2 of 6.
    assert (within["n_ab"], within["expected"], within["p"]) == (1, 1 / 3, 1 / 3)
    drawn = pair(cooccurrence_test(Corpus(passages=passages, codings=codings), "overlap", "shift"))
    assert drawn["p"] == pytest.approx(1 / 3, abs=0.04)
    # A's two a's fall on any of six passages, one of which has A's b; B's b they never meet.
    shuffled = pair(
        cooccurrence_test(Corpus(passages=passages, codings=codings), "passage", "shuffle")
    )
    assert (shuffled["n_ab"], shuffled["expected"]) == (1, pytest.approx(1 / 3))
    with pytest.raises(ValueError, match="several coders read one source"):
        cooccurrence_test(Corpus(passages=passages, codings=codings), "window", "shuffle", window=2)
    with pytest.raises(ValueError, match="neither shift nor shuffle"):
        exact_tail([np.ones((2, 2), dtype=bool)], ONE, OTHER, np.array([1]), "shuffel")


def test_worked_example_of_54_arrangements() -> None:
    codings, passages = presence(
        [(1, 1), (1, 1), (0, 0), (0, 0)], [(1, 1), (0, 0), (0, 0)], [(0, 1), (0, 0), (1, 0)]
    )
    row = pair(cooccurrence_test(Corpus(passages=passages, codings=codings), "passage", "shuffle"))
    assert row["n_ab"] == 3
    assert row["expected"] == pytest.approx(5 / 3)
    assert row["p"] == pytest.approx(9 / 54)


def test_small_p_keeps_its_digits() -> None:
    """One source is a plain hypergeometric tail; 40 alike multiply to 1e-40 and below."""
    held = np.zeros((60, 2), dtype=bool)
    held[:12] = True
    _, p = exact_tail([held], ONE, OTHER, np.array([12]), "shuffle")
    assert p[0] == pytest.approx(hypergeom.sf(11, 60, 12, 12), rel=1e-10)
    assert p[0] == pytest.approx(1 / comb(60, 12), rel=1e-10)
    _, p = exact_tail([held[:20]] * 40, ONE, OTHER, np.array([480]), "shuffle")
    assert p[0] == pytest.approx((1 / comb(20, 12)) ** 40, rel=1e-9)


@pytest.mark.parametrize("window", [1, 3])
def test_small_p_of_shifts_in_fractions(window: int) -> None:
    """Blocks that coincide in every source, against whole-number arithmetic: p down to 1e-30."""
    generator = np.random.default_rng(6)
    held = [np.zeros((int(size), 2), dtype=bool) for size in generator.integers(20, 60, 18)]
    for source in held:
        begin, length = generator.integers(0, 12), generator.integers(3, 8)
        source[begin : begin + length] = True
        source[begin, 1] = False
    mass = [Fraction(1)]
    stays, moves = (int(code[0]) for code in moved_code(held, ONE, OTHER))
    for source in held:
        counts = [
            met(source[:, stays], np.roll(source[:, moves], step), window)
            for step in range(len(source))
        ]
        longer = [Fraction(0)] * (len(mass) + max(counts))
        for before, chance in enumerate(mass):
            for count in counts:
                longer[before + count] += chance / len(counts)
        mass = longer
    most = len(mass) - 1
    observed = np.arange(0, most + 1, 3)
    place = np.zeros_like(observed)
    _, p = exact_tail(held, place, place + 1, observed, "shift", window)
    oracle = [float(sum(mass[count:])) for count in observed]
    assert min(oracle) < 1e-20
    assert_allclose(p, oracle, rtol=1e-10)


def test_monte_carlo_agrees_with_exact_p() -> None:
    generator = np.random.default_rng(5)
    held = [generator.random((30, 6)) < 0.25 for _ in range(8)]
    one, other = np.triu_indices(6, 1)
    observed = sum(each.T.astype(int) @ each.astype(int) for each in held)[one, other]
    for null in ("shift", "shuffle"):
        _, p = exact_tail(held, one, other, observed, null)
        at_least = np.zeros(len(one))
        for _ in range(4000):
            count = np.zeros((6, 6), dtype=int)
            for each in held:
                order = generator.permutation(30)
                if null == "shift":
                    order = np.roll(np.arange(30), generator.integers(30))
                count += each.T.astype(int) @ each[order].astype(int)
            at_least += count[one, other] >= observed
        assert_allclose(p, at_least / 4000, atol=4 * np.sqrt(0.25 / 4000))


@pytest.mark.full("on random tables; test_measures_invariance asks it of every measure on one")
@settings(max_examples=20)
@given(drawn=coded_texts(), unit=st.sampled_from(["overlap", "passage", "window", "source"]))
def test_order_and_names_change_nothing(
    drawn: tuple[pd.DataFrame, pd.DataFrame], unit: str
) -> None:
    codings, passages = drawn
    options = {"unit": unit, "window": 2, "n": 20, "seed": 4}
    plain = cooccurrence_test(Corpus(passages=passages, codings=codings), **options)  # type: ignore[arg-type]
    mixed = cooccurrence_test(
        Corpus(passages=passages.iloc[::-1], codings=codings.sample(frac=1, random_state=1)),
        **options,
    )
    pd.testing.assert_frame_equal(plain, mixed)
    names = {"a": "z", "b": "y", "c": "x"}
    other = cooccurrence_test(
        Corpus(passages=passages, codings=codings.assign(code=codings["code"].map(names))),
        **options,
    )
    backwards = {new: old for old, new in names.items()}
    p = {frozenset((backwards[r.code_a], backwards[r.code_b])): r.p for r in other.itertuples()}
    assert p == pytest.approx(
        {frozenset((row.code_a, row.code_b)): row.p for row in plain.itertuples()}, nan_ok=True
    )


@pytest.mark.full("on random tables; test_measures_invariance asks it of every measure on one")
@settings(max_examples=20)
@given(drawn=coded_texts(), null=st.sampled_from(["shift", "shuffle"]))
@pytest.mark.parametrize("unit", ["overlap", "passage", "window"])
def test_a_source_without_codings_changes_no_p(
    unit: str, drawn: tuple[pd.DataFrame, pd.DataFrame], null: str
) -> None:
    codings, passages = drawn
    options = {"unit": unit, "null": null, "window": 2, "n": 20, "seed": 4}
    plain = cooccurrence_test(Corpus(passages=passages, codings=codings), **options)  # type: ignore[arg-type]
    # Before, between and after the others.
    silent = passages_of(*((source, "nobody coded this") for source in ("a", "s1x", "z")))
    more = pd.concat([passages, silent], ignore_index=True)
    wider = cooccurrence_test(Corpus(passages=more, codings=codings), **options)  # type: ignore[arg-type]
    assert_allclose(wider["p"], plain["p"], rtol=1e-12)
    assert_allclose(wider["expected"], plain["expected"], rtol=1e-12)


@settings(max_examples=12)
@given(drawn=coded_texts(codes="ab"))
def test_counts_by_source_add_up(drawn: tuple[pd.DataFrame, pd.DataFrame]) -> None:
    codings, passages = drawn
    for unit in ("overlap", "passage", "window", "source"):
        plain = cooccurrence(
            Corpus(passages=passages, codings=codings), unit, 2, within_coder=False
        )
        # The range is even on the logarithm, about the sum of the cases, whichever they are.
        two_cases = pd.DataFrame({"source_id": ["s1", "s2", "s3"], "case_id": ["c", "d", "d"]})
        table = cooccurrence_test(
            Corpus(sources=two_cases, passages=passages, codings=codings), unit, n=5, window=2
        )
        whole = table[
            (table["n_ab"] > 0) & ((table["upper"] < table["n_units"]) | (unit == "overlap"))
        ]
        assert_allclose(np.sqrt(whole["lower"] * whole["upper"]), whole["n_ab"], rtol=1e-9)
        assert table["n_ab"].tolist() == plain["n_ab"].tolist()


def test_overlap_of_whole_passages_is_tested_as_passages_are() -> None:
    """Spans that fill passages overlap where passages are shared, so p must agree."""
    generator = np.random.default_rng(8)
    rows, texts = [], []
    for source in "stuv":
        at = 0
        for size in generator.integers(2, 30, 25):
            texts.append((source, "x" * int(size)))
            for code in "ab":
                if generator.random() < 0.3:
                    rows.append((source, at, at + int(size), code))
            at += int(size) + 1
    codings, passages = codings_of(*rows), passages_of(*texts)
    for null in ("shift", "shuffle"):
        exact = pair(cooccurrence_test(Corpus(passages=passages, codings=codings), "passage", null))
        drawn = pair(
            cooccurrence_test(Corpus(passages=passages, codings=codings), "overlap", null, n=1500)
        )
        assert drawn["n_ab"] == exact["n_ab"]
        assert drawn["expected"] == pytest.approx(exact["expected"], abs=0.3)
        assert drawn["p"] == pytest.approx(exact["p"], abs=0.05)


def test_same_seed_same_numbers() -> None:
    rows = [("s", start, start + 12, code) for start in range(0, LENGTH, 7) for code in "ab"]
    codings, passages = codings_of(*rows), passages_of(("s", "one two"), ("s", "x " * 20))
    tables = [
        cooccurrence_test(
            Corpus(passages=passages, codings=codings), "overlap", "shuffle", n=30, seed=7
        )
        for _ in range(2)
    ]
    pd.testing.assert_frame_equal(*tables)


def test_benjamini_hochberg_1995() -> None:
    from statsmodels.stats.multitest import multipletests

    p = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240]
    p += [0.4262, 0.5719, 0.6528, 0.7590, 1.0000]
    q = benjamini_hochberg(p)
    assert (q <= 0.05).sum() == 4
    assert q[3] == pytest.approx(0.035625)
    assert q[4] == pytest.approx(0.0603)
    assert_allclose(q, multipletests(p, method="fdr_bh")[1])
    assert np.isnan(benjamini_hochberg([0.01, np.nan])).tolist() == [False, True]
    assert benjamini_hochberg([]).shape == (0,)
    with pytest.raises(ValueError, match="between 0 and 1"):
        benjamini_hochberg([1.2])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30))
def test_benjamini_hochberg_against_statsmodels(p: list[float]) -> None:
    from statsmodels.stats.multitest import multipletests

    assert_allclose(benjamini_hochberg(p), multipletests(p, method="fdr_bh")[1], atol=1e-12)


def test_redraws_keep_the_size_of_each_stratum() -> None:
    stratum = np.array([0, 1, 0, 1, 1])
    weights = case_weights(stratum, 200, 1)
    assert (weights[:, stratum == 0].sum(axis=1) == 2).all()
    assert (weights[:, stratum == 1].sum(axis=1) == 3).all()
    assert weights.mean() == pytest.approx(1.0)


def test_quantiles_of_draws_leave_out_what_is_missing() -> None:
    missing = np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, np.nan]])
    assert_allclose(quantile_ranges(missing, 0.95), [[1, 3], [np.nan, np.nan]])
    drawn = np.random.default_rng(2).normal(size=(4, 500))
    expected = np.quantile(drawn, [0.025, 0.975], axis=1, method="inverted_cdf").T
    assert_allclose(quantile_ranges(drawn, 0.95), expected)


@pytest.mark.parametrize("unit", ["overlap", "passage", "window", "source"])
@pytest.mark.parametrize("null", ["shift", "shuffle"])
def test_nothing_gives_an_empty_table_with_its_columns(unit: str, null: str) -> None:
    codings, passages = presence([(1, 1), (1, 0)])
    window = 2 if unit == "window" else None

    def test(
        codings: pd.DataFrame, passages: pd.DataFrame, codes: list[str] | None = None
    ) -> pd.DataFrame:
        corpus = Corpus(passages=passages, codings=codings)
        return cooccurrence_test(corpus, unit, null, codes, n=20, window=window)

    full = test(codings, passages)
    for found in (
        test(codings.iloc[:0], passages),
        test(codings, passages, []),
        test(codings.iloc[:0], passages.iloc[:0]),
    ):
        assert found.empty
        assert list(found.columns) == list(full.columns)
    # Codings that touch no counted passage: the pair is there, and was not used.
    unused = test(codings, passages.iloc[:0])
    assert unused[["n_ab", "expected"]].to_numpy().tolist() == [[0, 0]]
    assert unused["p"].isna().all()


@settings(max_examples=15)
@given(sources=two_codes, window=st.integers(1, 3))
def test_long_sources_give_what_trying_every_shift_gives(
    sources: list[list[tuple[bool, bool]]], window: int
) -> None:
    """Fourier transforms of long sources round; the counts must not."""
    held = [np.array((source * 150)[: 200 + 7 * len(source)], dtype=bool) for source in sources]
    held[0][37:] = False
    observed = np.array([sum(met(each[:, 0], each[:, 1], window) for each in held)])
    expected, p = exact_tail(held, ONE, OTHER, observed, "shift", window)
    stays, moves = (int(code[0]) for code in moved_code(held, ONE, OTHER))
    mass = np.ones(1)
    for each in held:
        turned = (np.roll(each[:, moves], step) for step in range(len(each)))
        counts = [met(each[:, stays], marks, window) for marks in turned]
        mass = np.convolve(mass, np.bincount(counts) / len(each))
    assert expected[0] == pytest.approx(np.arange(len(mass)) @ mass, abs=1e-9)
    assert p[0] == pytest.approx(mass[observed[0] :].sum(), rel=1e-9)


def test_a_source_of_15000_passages() -> None:
    held = np.random.default_rng(3).random((15_000, 12)) < 0.02
    held[:, 11] = False
    one, other = np.triu_indices(12, 1)
    observed = (held.T.astype(int) @ held.astype(int))[one, other]
    expected, p = exact_tail([held], one, other, observed, "shift")
    totals = held.sum(axis=0)
    assert_allclose(expected, totals[one] * totals[other] / len(held), rtol=1e-9)
    assert (p[other == 11] == 1).all()
