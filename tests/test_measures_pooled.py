"""Kappa over codes, against tables counted by hand."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis.measures.pooled import kappa_over_codes


def row(both: int, only_a: int, only_b: int, neither: int) -> dict[str, float]:
    """Observed agreement, Cohen's kappa and prevalence of a two by two table."""
    n = both + only_a + only_b + neither
    a, b = both + only_a, both + only_b
    observed = (both + neither) / n
    expected = (a * b + (n - a) * (n - b)) / n**2
    return {
        "percent_agreement": observed,
        "kappa": (observed - expected) / (1 - expected) if expected < 1 else math.nan,
        "prevalence": (a + b) / (2 * n),
    }


def test_observed_and_expected_are_averaged_before_they_are_compared() -> None:
    # Observed 0.7 and 0.9; expected 0.5 and 0.82: (0.8 - 0.66) / (1 - 0.66).
    found = kappa_over_codes(pd.DataFrame([row(35, 15, 15, 35), row(5, 5, 5, 85)]))
    assert found.pooled == pytest.approx(0.14 / 0.34)
    assert found.macro == pytest.approx((0.4 + 0.08 / 0.18) / 2)
    assert found.n_codes == 2


def test_a_code_on_which_both_agree_throughout_has_its_expected_agreement_from_its_prevalence() -> (
    None
):
    found = kappa_over_codes(pd.DataFrame([row(50, 0, 0, 50), row(35, 15, 15, 35)]))
    assert found.pooled == pytest.approx((0.85 - 0.5) / 0.5)
    assert found.macro == pytest.approx(0.7)


def test_codes_without_a_kappa_are_left_out() -> None:
    found = kappa_over_codes(pd.DataFrame([row(0, 0, 0, 9), row(35, 15, 15, 35)]))
    assert (found.pooled, found.n_codes) == (pytest.approx(0.4), 1)
    assert math.isnan(kappa_over_codes(pd.DataFrame([row(0, 0, 0, 9)])).pooled)
