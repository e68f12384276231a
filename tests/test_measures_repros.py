"""What an independent check found wrong, each with its right value.

Kept elsewhere: an uncoded source, a span on half of every passage, and all arrangements of 8 v 8
in `test_measures_overlaps` too; ids of sources and u-alpha in `test_measures_unitizing`; words that are
no number and coverage beyond a text in `test_measures_given`; names that are numbers, and places
that no text has, in `test_corpus`; who read and found nothing in `test_measures_agreement`; levels
and coverage in `test_calibration`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from measures_tables import codings_of
from scipy.stats import binom, boschloo_exact, hypergeom, permutation_test

from analysis.claims.rates import rate_tails
from analysis.corpus import Corpus
from analysis.measures.agreement import agreement_by_code
from analysis.measures.attainable import (
    adjusted_both_ways,
    binomial_mid_tail,
    mid_tail,
    visible,
)
from analysis.measures.chance.overlaps import SIZE, masses
from analysis.measures.cooccurrence import cooccurrence_test
from analysis.measures.ranges import agresti_caffo, wilson

CASES = 8
EVERY = range(CASES + 1)


def law(share: float) -> np.ndarray:
    """The chances of 0 to 8 of 8 cases that each carry with chance `share`."""
    return np.asarray(binom.pmf(np.arange(CASES + 1), CASES, share))


def chance_of(outcomes: np.ndarray, share: float, than: float) -> float:
    """The chance of the `outcomes` (9, 9), of 8 v 8 cases that carry with these shares."""
    return float(law(share) @ outcomes @ law(than))


FISHER = np.array([[hypergeom.sf(one - 1, 16, one + other, 8) for other in EVERY] for one in EVERY])
MID_P = np.array([[mid_tail(one, one + other, 8, 16) for other in EVERY] for one in EVERY])


@pytest.mark.parametrize("uncoded", [0, 1, 40, 400])
def test_two_segments_that_meet_at_one_of_three_shifts(uncoded: int) -> None:
    """a = (18, 22), b = (12, 22) in three turns: p was 1, and is 1/3."""
    turns = [("s", 10 * at, 10 * at + 10) for at in range(3)]
    turns += [("t", 40 * at, 40 * at + 40) for at in range(uncoded)]
    corpus = Corpus(
        passages=pd.DataFrame(turns, columns=["source_id", "start", "end"]),
        codings=codings_of(("s", 18, 22, "a"), ("s", 12, 22, "b")),
    )
    row = cooccurrence_test(corpus, "overlap", "shift").iloc[0]
    assert row["p"] == pytest.approx(1 / 3)
    assert row["p_error"] == 0


def test_a_segment_that_goes_round_meets_a_long_one_once() -> None:
    """Two of two passages long, and one of one: expected was 1.5, and is 1."""
    found = masses(
        np.array([[0, 2 * SIZE]]), np.array([[SIZE // 2, SIZE + SIZE // 2]]), 2, "shift", 1, 0
    )
    assert np.arange(len(found)) @ np.array(found) == 1


def test_mid_p_holds_its_level_and_fishers_lies_far_below() -> None:
    """By enumeration of all 81 outcomes, over all true shares, one direction."""
    shares = np.arange(0.005, 1, 0.005)
    for allowed, of_fisher, of_mid_p in ((0.05, 0.014, 0.042), (0.025, 0.011, 0.014)):
        fisher, mid_p = (
            max(chance_of(p <= allowed, share, share) for share in shares) for p in (FISHER, MID_P)
        )
        assert fisher == pytest.approx(of_fisher, abs=5e-4)
        assert mid_p == pytest.approx(of_mid_p, abs=1e-3)
        assert mid_p <= allowed


def test_mid_p_sees_what_boschloo_sees() -> None:
    """Power at .8 v .2: 61 % by Fisher's, 80 % by mid-p as by Boschloo's (1970)."""
    boschloo = np.array(
        [
            [
                boschloo_exact([[one, other], [8 - one, 8 - other]], "greater").pvalue
                for other in EVERY
            ]
            for one in EVERY
        ]
    )
    powers = [chance_of(p <= 0.05, 0.8, 0.2) for p in (FISHER, MID_P, boschloo)]
    assert powers == pytest.approx([0.6135, 0.8013, 0.8013], abs=5e-5)


def test_at_8_v_8_a_family_of_six_sees_these_alone() -> None:
    assert visible(8, 8, 0.05 / 12) == [(6, 0), (7, 1), (8, 2)]


@pytest.mark.parametrize("seed", [0, 1])
def test_rates_of_8_v_8_are_tried_in_all_ways(seed: int) -> None:
    """p wandered from .0168 to .0217 about .0193. What was coded is not told; 3 to 10 segments v 0 to
    7, of a thousand words each, have that p in one direction, as scipy's exact test of sums says."""
    segments = np.array([*range(3, 11), *range(8)], dtype=float)
    p, *_ = rate_tails(segments, np.full(16, 1000.0), 8, 10, (seed,))
    oracle = permutation_test(
        (segments[:8], segments[8:]),
        lambda one, other: one.sum() - other.sum(),
        n_resamples=12_870,
        alternative="greater",
    )
    assert p == pytest.approx(oracle.pvalue) == pytest.approx(248 / 12_870)
    assert round(p, 4) == 0.0193


def test_with_8_cases_a_group_nothing_lies_within_a_difference_of_a_fifth() -> None:
    """7 of 8 v 6 of 8 was 'about equally' with a range from -.25 to .5; no outcome is any more."""
    ranges = np.array([agresti_caffo(one, 8, other, 8) for one in EVERY for other in EVERY])
    assert not ((ranges[:, 0] >= -0.2) & (ranges[:, 1] <= 0.2)).any()


def test_8_of_8_do_not_show_a_reach_of_four_fifths() -> None:
    """Its range had no width. Just below .8 so many come in 16.8 % of studies, half of it mid-p."""
    low, high = wilson(8, 8)
    assert low < 0.8 < high
    assert (
        binomial_mid_tail(8, 8, 0.8) == pytest.approx(0.8**8 / 2) == pytest.approx(0.0839, abs=1e-4)
    )


def test_3_of_7_against_three_quarters_hangs_on_no_seed() -> None:
    # By hand: (3 / 7 + 1.92073 / 7 ± 1.95996 √(12 / 343 + 0.96036 / 49)) / (1 + 3.84146 / 7).
    assert wilson(3, 7) == pytest.approx((0.1582, 0.7495), abs=1e-4)


def test_a_family_counts_each_test_that_could_show_anything_once_in_either_direction() -> None:
    """Benjamini and Hochberg's p_i m / i over the four p that stay, in both directions together."""
    p, other = [0.004, 0.02, 0.5], [0.996, 0.98, 0.5]
    least = [0.001, 0.001, 0.3]
    q, q_other, stayed = adjusted_both_ways(p, other, least, least, 0.05)
    assert q[:2].tolist() == pytest.approx([0.004 * 4, 0.02 * 4 / 2])
    assert q_other[:2].tolist() == pytest.approx([0.996, 0.996])
    assert stayed.tolist() == [True, True, False]


def test_200_short_answers_are_200_once_it_is_said_who_read_them() -> None:
    """Alpha was 1.000 of the 65 where both put a code, and is .786 over all that both read.

    By hand: 64 answers carry the code of both and 20 of one, so that of 400 values 148 are ones and
    20 pairs of them part: 1 - 399 · 20 / (148 · 252).
    """
    names = [f"s{number:03}" for number in range(200)]
    both = [
        (name, 0, 9, "x" if at < 64 else "y", coder)
        for at, name in enumerate(names[:65])
        for coder in "AB"
    ]
    alone = [(name, 0, 9, "x", "AB"[at % 2]) for at, name in enumerate(names[65:85])]
    corpus = Corpus(
        sources=pd.DataFrame({"source_id": names}),
        codings=pd.DataFrame(
            [*both, *alone], columns=["source_id", "start", "end", "code", "coder"]
        ),
    )
    units = pd.DataFrame({"source_id": names, "start": 0, "end": 9})
    read = pd.DataFrame([(c, name) for c in "AB" for name in names], columns=["coder", "source_id"])
    unsaid, said = (
        agreement_by_code(corpus, units, readings=each).set_index("code").loc["x"]
        for each in (None, read)
    )
    assert (unsaid["n_units"], unsaid["alpha"]) == (65, 1.0)
    assert (said["n_units"], round(said["alpha"], 3)) == (200, 0.786)
    assert said["alpha"] == pytest.approx(1 - 399 * 20 / (148 * 252))
