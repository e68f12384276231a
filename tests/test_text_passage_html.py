from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from analysis.text.passage_html import Span, passage_html, shown_length

TEXT = "They knew her already, and that was the help."


def words(page: str) -> str:
    tree = html.fromstring(page)
    for mark in tree.xpath("//sup | //ul"):
        mark.drop_tree()
    return tree.text_content()


def test_overlapping_spans_have_numbered_ends_and_chips() -> None:
    page = passage_html(TEXT, 100, [Span(105, 121, "value/tie", "A"), Span(110, 144, "help", "B")])
    assert "⟨1</sup><mark>knew </mark><sup>⟨2</sup><mark>her already</mark><sup>1⟩" in page
    chips = html.fromstring(page).xpath("//li")
    assert [chip.text_content() for chip in chips] == ["1 tie A", "2 help B"]


def test_hostile_words_are_words() -> None:
    hostile = "<script>alert(1)</script> <img src=x onerror=y> \"&' \u202eevil"
    page = passage_html(hostile, 0, [Span(0, 8, "<b>code</b>", "<i>A</i>")])
    tree = html.fromstring(page)
    assert tree.xpath("//script | //img | //b[text()='code'] | //i") == []
    assert "\u202e" not in page and "⟨U+202E⟩" in page


spans = st.tuples(st.integers(0, 30), st.integers(1, 30)).map(
    lambda s: Span(s[0], s[0] + s[1], "c", "A")
)


@given(st.text("ab <&\n", max_size=40), st.lists(spans, max_size=5))
def test_marks_change_no_word(text: str, marked: list[Span]) -> None:
    expected = text.replace("\n", "")
    assert words(passage_html(text, 0, marked)) == expected


def test_extracts_leave_long_uncoded_stretches_out() -> None:
    text = "coded" + " filler" * 20 + " coded"
    coded = [Span(0, 5, "c", "A"), Span(len(text) - 5, len(text), "c", "A")]
    page = passage_html(text, 0, coded, extracts=True)
    assert "filler" not in page and "[…]" in page
    assert shown_length(text, 0, coded) == 10
    assert "filler" in passage_html(text, 0, coded)
