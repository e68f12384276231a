"""Comments go; what is shown, scripts and style sheets stay."""

from __future__ import annotations

import pytest

from analysis.text.comments import without_comments


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a<!-- Orla -->b<!---->c", "abc"),
        ("a <!-- Orla\n<p>--> b", "a  b"),
        ("never <!-- closed", "never <!-- closed"),
        ("<script>x = '<!-- y -->'</script><!-- z -->", "<script>x = '<!-- y -->'</script>"),
        ("<STYLE>/*<!-- y -->*/</STYLE><!-- z -->", "<STYLE>/*<!-- y -->*/</STYLE>"),
        ("<!-- a --><script>never closed <!-- b -->", "<script>never closed <!-- b -->"),
        ("plain", "plain"),
    ],
)
def test_comments_go(text: str, left: str) -> None:
    assert without_comments(text) == left
