"""Do p and ranges keep their word? Simulated studies, clustered and serially correlated.

Each test prints the share it found: run with -rP to read them.
"""

from __future__ import annotations

import numpy as np
import pytest

from analysis.measures.agreement import _binary_alpha
from analysis.measures.chance.passages import exact_tail, looked_back
from analysis.measures.contrasts import _compared, _rate_tail, share_tail
from analysis.measures.resampling import (
    case_weights,
    quantile_ranges,
    ratio_ranges,
    sum_ranges,
)

pytestmark = pytest.mark.full("thousands of simulated studies")


def in_runs(generator: np.random.Generator, n: int, rate: float, stay: float) -> np.ndarray:
    """Return n passages of a code that comes in runs: a chain with the long-run share `rate`."""
    held = np.empty(n, dtype=bool)
    held[0] = generator.random() < rate
    begin = rate * (1 - stay) / (1 - rate)
    for place in range(1, n):
        held[place] = generator.random() < (stay if held[place - 1] else begin)
    return held


def share_below(
    null: str, window: int, stay: float, n_codes: int = 12, n_studies: int = 60
) -> float:
    """Return the share of p <= .05 over independent codes in studies of 15 sources.

    Each source has a rate of its own for each code, so that codes cluster in sources.
    """
    generator = np.random.default_rng(11)
    one, other = np.triu_indices(n_codes, 1)
    below = []
    for _ in range(n_studies):
        sources = []
        for size in generator.integers(30, 120, 15):
            rates = generator.beta(0.8, 6, n_codes).clip(0.01, 0.5)
            sources.append(
                np.column_stack(
                    [in_runs(generator, int(size), rate, max(stay, rate)) for rate in rates]
                )
            )
        observed = np.zeros(len(one), dtype=int)
        for held in sources:
            reach = looked_back(held, window)
            meets = (held[:, one] & reach[:, other]) | (reach[:, one] & held[:, other])
            observed += meets.sum(axis=0)
        below.append((exact_tail(sources, one, other, observed, null, window)[1] <= 0.05).mean())
    return said(f"p <= .05 by {null}, window {window}, stay {stay}", np.mean(below))


def said(what: str, share: np.floating | float) -> float:
    """Print a share for who wants to read it, and return it."""
    print(f"{what}: {share:.3f}")
    return float(share)


@pytest.mark.parametrize("window", [1, 3])
def test_shift_keeps_its_level_when_codes_come_in_runs(window: int) -> None:
    assert share_below("shift", window, stay=0.7) <= 0.065


@pytest.mark.parametrize("window", [1, 3])
def test_shuffle_keeps_its_level_without_runs(window: int) -> None:
    assert share_below("shuffle", window, stay=0.0) <= 0.065


def test_shuffle_is_too_easily_surprised_by_runs() -> None:
    """Said in its docstring, and the reason why shift is the default."""
    assert share_below("shuffle", 1, stay=0.7) > 0.065


def cases(generator: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return segments and words of n cases whose true rates differ from case to case."""
    words = generator.lognormal(8.5, 0.4, n).astype(int)
    return generator.poisson(words * generator.gamma(2.0, 0.0015, n)), words


def test_contrast_keeps_its_level() -> None:
    generator = np.random.default_rng(12)
    rates, shares = [], []
    for study in range(1500):
        n, words = cases(generator, 18)
        rates.append(_rate_tail(n[None, :], words, 8, 999, (study,))[0] <= 0.05)
        carried = (n > 12).astype(int)
        share = share_tail(np.array([carried.sum()]), np.array([carried[:8].sum()]), 8, 18)
        shares.append(share[0] <= 0.05)
    assert said("contrast, p <= .05 of rates", np.mean(rates)) <= 0.065
    assert said("contrast, p <= .05 of shares", np.mean(shares)) <= 0.065


@pytest.mark.parametrize(("size", "least"), [(20, 0.90), (40, 0.92), (60, 0.92)])
def test_rate_range_covers(size: int, least: float) -> None:
    """The docstring of rate_range says where it covers less than 92 %."""
    generator = np.random.default_rng(13)
    truth = 1000 * 2.0 * 0.0015
    covered = []
    for study in range(2000):
        n, words = cases(generator, size)
        weights = case_weights(np.zeros(size, dtype=int), 1000, (13, study))
        lower, upper = 1000 * ratio_ranges(weights, n[None, :], words)[0]
        covered.append(lower <= truth <= upper)
    assert least <= said(f"rate range, {size} cases, covers", np.mean(covered)) <= 0.97


@pytest.mark.parametrize("size", [20, 40])
def test_pair_count_range_covers(size: int) -> None:
    generator = np.random.default_rng(14)
    covered = []
    for study in range(2000):
        n = generator.poisson(generator.gamma(2.0, 2.0, size))
        weights = case_weights(np.zeros(size, dtype=int), 1000, (14, study))
        lower, upper = sum_ranges(weights, n[None, :])[0]
        covered.append(lower <= 4.0 * size <= upper)
    assert 0.92 <= said(f"pair count range, {size} cases, covers", np.mean(covered)) <= 0.97


@pytest.mark.parametrize(
    ("size", "least_rates", "least_shares"), [(8, 0.87, 0.62), (10, 0.88, 0.74), (20, 0.90, 0.88)]
)
def test_contrast_ranges_cover(size: int, least_rates: float, least_shares: float) -> None:
    """`size` cases a group; the docstring of contrast says where they cover less than 92 %."""
    generator = np.random.default_rng(15)
    # A case carries the code if it has a segment at all.
    true_rates = [2.0, 1.0]
    words = 3000
    chance = [1 - (1 + words * rate / 1000 / 2) ** -2.0 for rate in true_rates]
    rates, shares = [], []
    for study in range(1500):
        segments = np.concatenate(
            [
                generator.poisson(words / 1000 * generator.gamma(2.0, rate / 2, size))
                for rate in true_rates
            ]
        )
        found = _compared(
            segments[None, :], np.full(2 * size, words), size, 1000, (15, study), 0.95
        )
        rates.append(found["lower"][0] <= true_rates[0] - true_rates[1] <= found["upper"][0])
        shares.append(found["share_lower"][0] <= chance[0] - chance[1] <= found["share_upper"][0])
    assert least_rates <= said(f"contrast of rates, {size} cases a group, covers", np.mean(rates))
    assert least_shares <= said(f"contrast of shares, {size} a group, covers", np.mean(shares))


@pytest.mark.parametrize(("size", "least"), [(10, 0.85), (20, 0.88), (40, 0.90)])
def test_alpha_range_covers(size: int, least: float) -> None:
    """Two coders who err alike on passages of cases that differ in how often they have the code."""
    generator = np.random.default_rng(16)

    def study(n_cases: int) -> np.ndarray:
        # (sums, cases): what alpha is made of, from 30 passages a case.
        shares = generator.beta(1.0, 4.0, n_cases)
        there = generator.random((n_cases, 30)) < shares[:, None]
        marks = [there ^ (generator.random(there.shape) < 0.08) for _ in range(2)]
        ones = marks[0].astype(float) + marks[1]
        return np.stack(
            [ones.sum(axis=1), np.full(n_cases, 60.0), (2 * ones * (2 - ones)).sum(axis=1)]
        )

    truth = float(_binary_alpha(*study(200_000).sum(axis=1, keepdims=True))[0])
    covered = []
    for number in range(1500):
        weights = case_weights(np.zeros(size, dtype=int), 1000, (16, number))
        lower, upper = quantile_ranges(
            _binary_alpha(*(study(size) @ weights.T.astype(float)))[None, :], 0.95
        )[0]
        covered.append(lower <= truth <= upper)
    assert least <= said(f"alpha, {size} cases, covers", np.mean(covered)) <= 0.97
