"""Dates are ISO, or told with what was probably meant."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.files.dates import fault_of, is_iso, likely


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("03/05/2024", ["2024-05-03", "2024-03-05"]),
        ("31/05/2024", ["2024-05-31"]),
        ("5/31/24", ["2024-05-31"]),
        ("3.5.2024", ["2024-05-03", "2024-03-05"]),
        ("2024/05/31", ["2024-05-31"]),
        ("2024-05-31 00:00:00", ["2024-05-31"]),
        ("45415", ["2024-05-03"]),
        ("04/04/2024", ["2024-04-04"]),
        ("soon", []),
        ("", []),
        ("99/99/2024", []),
    ],
)
def test_the_likely_days(text: str, days: list[str]) -> None:
    assert [day.isoformat() for day in likely(text)] == days
    assert fault_of(text) is not None


@given(st.dates(min_value=date(1901, 1, 1)))
def test_every_day_of_the_calendar_is_one_and_is_found_again(day: date) -> None:
    assert is_iso(day.isoformat(), whole=True)
    assert day in likely(f"{day.day}/{day.month}/{day.year:04}")
    assert day in likely(f"{day.month}/{day.day}/{day.year:04}")
    serial = (day - date(1899, 12, 30)).days
    if 10_000 <= serial < 100_000:
        assert likely(str(serial)) == [date(1899, 12, 30) + timedelta(days=serial)]


@given(st.text(max_size=30))
def test_any_words_get_an_answer(text: str) -> None:
    assert (fault_of(text) is None) == is_iso(text)
    assert not is_iso(text, whole=True) or date.fromisoformat(text).isoformat() == text
