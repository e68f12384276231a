"""Does p keep its word? Simulated studies, clustered and serially correlated.

Each test prints the share it found: run with -rP to read them.
"""

from __future__ import annotations

import numpy as np
import pytest

from analysis.measures.chance.passages import exact_tail, looked_back
from analysis.measures.contrasts import _rate_tail, share_tail

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
        rates.append(_rate_tail(n[None, :], words, 8, 999, (study,))[0][0] <= 0.05)
        carried = (n > 12).astype(int)
        share = share_tail(np.array([carried.sum()]), np.array([carried[:8].sum()]), 8, 18)
        shares.append(share[0] <= 0.05)
    assert said("contrast, p <= .05 of rates", np.mean(rates)) <= 0.065
    assert said("contrast, p <= .05 of shares", np.mean(shares)) <= 0.065
