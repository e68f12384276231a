"""Numbers that a person typed into a note or memo are marked as that person's own."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.report.pages import memo_pages
from analysis.report.pages.memo_words import MemoWords
from analysis.report.pages.own_numbers import TITLE, marked, numbers_in


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("14 of 16 said so", ["14", "16"]),
        ("93 % of them, or 93%.", ["93 %", "93%"]),
        ("1,204 words; 3.5 a day", ["1,204", "3.5"]),
        ("in int-06-12 and COVID19", []),
        ("So I thought (21 May 2024), on 2024-05-21 and in May 2024.", []),
        ("ninety", []),
        ("", []),
    ],
)
def test_typed_numbers_are_told_from_names_and_days(text: str, own: list[str]) -> None:
    assert [words for words, number in numbers_in(text) if number] == own


@given(st.text(max_size=60))
def test_no_word_is_lost(text: str) -> None:
    assert "".join(words for words, _ in numbers_in(text)) == text


def test_a_number_has_a_class_and_a_title_and_markup_stays_words() -> None:
    assert (
        marked("*All* 14 of them") == f'&#42;All&#42; [14]{{.own-number title="{TITLE}"}} of them'
    )
    assert marked("") == ""


def test_the_page_of_memos_marks_them() -> None:
    memo = {
        "memo_id": "m",
        "title": "",
        "kind": "analytic",
        "date": "2024-01-02",
        "publish": True,
        "text": "Only 14 of them <b>said</b> so.",
    }
    register = pd.DataFrame({"source_id": ["s"], "status": ["active"]})
    page = memo_pages.page(pd.DataFrame([memo]), MemoWords(register, set()), constructed=False)
    assert f'Only <span class="own-number" title="{TITLE}">14</span> of them &lt;b&gt;' in page
    assert "<blockquote" in page
