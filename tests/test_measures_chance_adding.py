"""Sums of many independent counts: held against binomial distributions, and against each other."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from analysis.measures.chance.adding import added


@pytest.mark.parametrize(("n", "share"), [(400, 0.2), (3_000, 0.2), (3_000, 0.001), (3_000, 0.999)])
def test_equal_counts_are_binomial(n: int, share: float) -> None:
    least, chances = added([np.array([1 - share, share])] * n)
    counts = np.arange(least, least + len(chances))
    expected = stats.binom.pmf(counts, n, share)
    told = expected > 1e-280
    np.testing.assert_allclose(chances[told], expected[told], rtol=1e-9)
    assert chances.sum() == pytest.approx(1, abs=1e-12)


def test_of_thousands_only_what_can_be_told_is_kept() -> None:
    least, chances = added([np.array([0.5, 0.5])] * 20_000)
    assert least > 5_000 and len(chances) < 10_000
    assert least + np.arange(len(chances)) @ chances == pytest.approx(10_000)


def test_counts_that_are_certain_add_up() -> None:
    least, chances = added([np.array([0.0, 0.0, 1.0])] * 1_000)
    assert (least, chances.tolist()) == (2_000, [1.0])
