"""A cell of the matrix says what it is, in the Word file and the workbook as on the page."""

from __future__ import annotations

import pytest

from analysis.report.pages.matrix_page import _told


@pytest.mark.parametrize(
    ("state", "summary", "shown"),
    [
        ("said", "She says so.", "She says so."),
        ("silent", "Nothing on it.", "Silent: Nothing on it."),
        ("silent", "", "Silent"),
        ("not asked", "", "Not asked"),
        ("contrary", "The reverse.", "Contrary: The reverse."),
    ],
)
def test_the_state_of_a_cell_is_told(state: str, summary: str, shown: str) -> None:
    assert _told({"state": state, "summary": summary, "links": [], "stale": False}) == shown
