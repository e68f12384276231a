"""A program's counts corrected by a designed sample: by hand, by ppi-python, and by simulation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from analysis.corpus import Corpus
from analysis.measures.carried import Carried
from analysis.measures.confusion import confusion, found_less
from analysis.measures.corrected import Sampled, corrected_difference, corrected_share
from analysis.measures.ranges import agresti_caffo, wilson


def sampled(read: list[int], n: int, stratum: list[int] | None = None) -> Sampled:
    which = np.isin(np.arange(n), read)
    return Sampled([f"c{at}" for at in range(n)], np.array(stratum or [0] * n), which)


def test_by_hand() -> None:
    # Ten cases, four read. The program says 6 of 10; people part from it once, upwards.
    people = [1, 1, 0, 1, 0, 0, 0, 0, 0, 0]
    program = [1, 1, 0, 0, 1, 1, 1, 1, 0, 0]
    found = corrected_share(sampled([0, 1, 2, 3], 10), people, program, tuning=1.0)
    assert found.uncorrected == 0.6
    assert found.corrected == pytest.approx(0.6 + 1 / 4)
    alone = corrected_share(sampled([0, 1, 2, 3], 10), people, program, tuning=0.0)
    assert alone.corrected == 3 / 4
    assert (found.read, found.cases) == (4, 10)


def test_strata_weigh_as_they_were_drawn() -> None:
    # Two of 2 and two of 8 read; without the program: 2/10 * 1/2 + 8/10 * 1.
    people = [1, 0, 1, 1, 0, 0, 0, 0, 0, 0]
    design = sampled([0, 1, 2, 3], 10, [0, 0, 1, 1, 1, 1, 1, 1, 1, 1])
    found = corrected_share(design, people, [0] * 10, tuning=0.0)
    assert found.corrected == pytest.approx(0.9)


def test_the_order_and_the_names_of_cases_say_nothing() -> None:
    generator = np.random.default_rng(3)
    stratum, read = np.repeat([0, 1], [30, 20]), np.tile([True, False], 25)
    people, program = (generator.random((2, 50)) < 0.4).astype(int)
    young = generator.random(50) < 0.5
    turned = generator.permutation(50)
    shares, differences = [], []
    for order, name in ((np.arange(50), "c"), (turned, "z")):
        design = Sampled([f"{name}{at}" for at in order], stratum[order], read[order])
        one, other, is_young = people[order], program[order], young[order]
        shares.append(corrected_share(design, one, other))
        differences.append(corrected_difference(design, one, other, is_young, ~is_young))
    for first, second in (shares, differences):
        for column in ("uncorrected", "corrected", "lower", "upper"):
            assert getattr(first, column) == pytest.approx(getattr(second, column))


def test_all_read_is_what_people_found() -> None:
    people, program = [1, 0, 0, 1, 1], [0, 1, 0, 0, 1]
    found = corrected_share(sampled([0, 1, 2, 3, 4], 5), people, program)
    assert (found.lower, found.corrected, found.upper) == pytest.approx((0.6, 0.6, 0.6))
    assert found.to_halve == 0


def _as_ppi() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A sample of 40 of 400 by arithmetic alone: people, the program there, the program everywhere."""
    at = np.arange(400)
    program = ((at * 37) % 100 < 31).astype(float)
    people = np.where((at * 53) % 10 < 8, program, 1 - program)
    return people[:40], program[:40], program


def test_the_estimate_and_its_parts_are_those_of_ppi_python() -> None:
    # ppi-python 0.2.3, with numpy 2.4.6, on `_as_ppi`:
    #   ppi_mean_pointestimate(Y, Yhat, Yhat_all, lam=1)           -> MEAN
    #   ppi_mean_pointestimate(Y, Yhat, Yhat_all, lam=0.5)         -> MEAN_HALF
    #   ppi_mean_ci(Y, Yhat, Yhat_all, alpha=0.05, lam=1)          -> CI
    mean, mean_half, (low, high) = PPI
    people, _, program = _as_ppi()
    design = sampled(list(range(40)), 400)
    y = np.concatenate([people, np.zeros(360)])
    assert corrected_share(design, y, program, tuning=1.0).corrected == pytest.approx(mean)
    assert corrected_share(design, y, program, tuning=0.5).corrected == pytest.approx(mean_half)
    # Their range is of cases not in this corpus too: the program's figure varies, and the sample is
    # not taken for a part of it. Its variance is var(f) / N + var(y - f) / n.
    differ = people - program[:40]
    theirs = program.var() / 400 + differ.var() / 40
    assert (high - low) / 2 == pytest.approx(1.959964 * math.sqrt(theirs), rel=1e-6)


PPI = (0.36, 0.355, (0.21501233489864244, 0.5049876651013575))


def test_the_range_by_its_formula() -> None:
    from scipy import stats

    people, _, program = _as_ppi()
    design = sampled(list(range(40)), 400)
    found = corrected_share(design, np.concatenate([people, np.zeros(360)]), program, tuning=1.0)
    differ = people - program[:40]
    variance = (1 - 0.1) * (differ.var(ddof=1) / 40 + 2 / 40**2)
    half = stats.t.ppf(0.975, 38) * math.sqrt(variance)
    assert found.upper - found.corrected == pytest.approx(half)


def test_a_case_is_one_however_many_passages_it_has() -> None:
    # Each case's passages are alike: as many as there are of them must not narrow the range.
    rng = np.random.default_rng(5)
    people, program = (rng.random((2, 200)) < 0.3).astype(int)
    design = sampled(list(range(50)), 200)
    once = corrected_share(design, people, program)
    often = corrected_share(design, people * 9, program * 9, np.full(200, 9))
    assert often.corrected == pytest.approx(once.corrected)
    assert often.upper - often.lower == pytest.approx(once.upper - once.lower)


def test_too_little_read_is_told() -> None:
    with pytest.raises(ValueError, match="1 strata have fewer than 2"):
        sampled([0, 1, 2], 6, [0, 0, 0, 1, 1, 1])
    found = corrected_share(sampled([0, 1, 2], 6), [1] * 6, [1] * 6, among=[1, 0, 0, 0, 0, 1])
    assert math.isnan(found.corrected) and found.read == 1


def _covered(draws: int, seed: int, **how: float) -> tuple[float, float]:
    """How often the range, and that of the program's count taken for people's, hold the truth."""
    rng, held, naive = np.random.default_rng(seed), 0, 0
    n, size, worse = 2000, int(how["read"]), how.get("worse", 0.0)
    young = np.arange(n) % 4 == 0
    for _ in range(draws):
        people = rng.random(n) < how["share"] * np.where(young, 0.7, 1.1)
        finds = np.where(young, how["finds"] - worse, how["finds"])
        program = np.where(people, rng.random(n) < finds, rng.random(n) < how["false"])
        read = np.isin(np.arange(n), rng.choice(n, size, replace=False))
        design = Sampled([""] * n, np.zeros(n, dtype=int), read)
        if worse:
            truth = people[young].mean() - people[~young].mean()
            found = corrected_difference(design, people, program, young, ~young)
            told = [int(v) for v in (program[young].sum(), 500, program[~young].sum(), 1500)]
            low, high = agresti_caffo(*told)
        else:
            truth = people.mean()
            found = corrected_share(design, people, program)
            low, high = wilson(int(program.sum()), n)
        held += found.lower <= truth <= found.upper
        naive += low <= truth <= high
    return held / draws, naive / draws


def test_the_range_holds_the_truth_where_the_count_does_not() -> None:
    held, naive = _covered(150, 1, read=200, share=0.2, finds=0.6, false=0.15)
    assert held >= 0.9 and naive < 0.5


@pytest.mark.full(
    "2,000 simulated studies for each row of the table in docs/calibration-programs.md"
)
@pytest.mark.parametrize(
    "how",
    [
        {"read": 200, "share": 0.2, "finds": 0.6, "false": 0.15},
        {"read": 100, "share": 0.2, "finds": 0.6, "false": 0.15},
        {"read": 200, "share": 0.4, "finds": 0.8, "false": 0.02},
        {"read": 200, "share": 0.1, "finds": 0.7, "false": 0.06},
        {"read": 300, "share": 0.4, "finds": 0.9, "false": 0.1, "worse": 0.4},
    ],
)
def test_coverage(how: dict[str, float]) -> None:
    held, naive = _covered(2000, 2, **how)
    print(how, held, naive)
    assert 0.92 <= held <= 0.98
    assert naive < 0.5


# --- a corpus, and where people and program part ---------------------------------

PASSAGES = pd.DataFrame(
    [("s1", 0, 10), ("s1", 10, 20), ("s2", 0, 10), ("s3", 0, 10)],
    columns=["source_id", "start", "end"],
)
SOURCES = pd.DataFrame({"source_id": ["s1", "s2", "s3", "s4"], "case_id": ["x", "x", "y", "z"]})
CODINGS = pd.DataFrame(
    [("s1", 5, 12, "a/b"), ("s1", 12, 14, "c"), ("s3", 1, 2, "c")],
    columns=["source_id", "start", "end", "code"],
)


def test_passages_and_cases_that_carry() -> None:
    carried = Carried.of(Corpus(SOURCES, PASSAGES, codings=CODINGS), ["a", "a/b", "c"])
    assert carried.case_ids == ["x", "y", "z"]
    assert carried.size.tolist() == [3, 1, 0]
    assert carried.passages("a/b").tolist() == carried.passages("a").tolist() == [2, 0, 0]
    assert carried.passages("c").tolist() == [1, 1, 0]
    assert carried.passages("a", "c").tolist() == [1, 0, 0]
    assert carried.cases("c").tolist() == [1, 1, 0]


def test_confusion_counts_read_cases_alone() -> None:
    design = sampled([0, 1, 2, 3], 6)
    told = confusion(design, [1, 1, 0, 0, 1, 1], [1, 0, 1, 0, 1, 1], [1] * 6)
    assert told == {
        "both": 1,
        "people_only": 1,
        "program_only": 1,
        "neither": 1,
        "found": 0.5,
        "right": 0.5,
    }


def test_a_group_whose_words_the_program_knows_less_is_told() -> None:
    def of(both: int, missed: int) -> dict[str, float]:
        return {"both": both, "people_only": missed}

    assert found_less(of(5, 25), of(50, 10))
    assert not found_less(of(2, 2), of(50, 10))
    assert not found_less(of(0, 0), of(50, 10))
