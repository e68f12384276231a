"""Constructs of one renderer are refused by name and line; what both know passes."""

from __future__ import annotations

import pytest

from analysis.report.prose.only_one import problems
from analysis.report.prose.prose import Line


def told(text: str) -> list[tuple[str, str]]:
    lines = [Line("index.qmd", number, line) for number, line in enumerate(text.split("\n"), 1)]
    return [(problem.where, problem.found) for problem in problems(lines)]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("$$ x $$ {#eq-x}", "{#eq-x}"),
        ("See @eq-x.", "@eq-x"),
        ("See [-@thm-line].", "-@thm-line"),
        ('::: {#thm-line name="a"}', "#thm-line"),
        ("::: {#fig-both .wide}", "#fig-both"),
        ("::: {.panel-tabset}", "panel-tabset"),
        ("::: {layout-ncol=2}", "layout-ncol"),
        ('::: {.content-visible when-format="html"}', "content-visible"),
        ("[a note]{.aside}", ".aside"),
        (":::: {.columns}", ".columns"),
        ('::: {.column width="50%"}', ".column"),
        ("::: columns", "columns"),
        ("::: {.panel-sidebar}", ".panel-sidebar"),
        ("# More {.appendix}", ".appendix"),
        (': Codes {#tbl-x tbl-colwidths="[10,90]"}', "tbl-colwidths"),
        ('::: {.callout-note collapse="true"}', "collapse"),
        ("::: {.callout-danger}", ".callout-danger"),
        ('![](b){#fig-x fig-cap="c" fig-alt="d"}', "fig-cap"),
        ("# Methods[^1]", "[^1]"),
        ("## Methods^[a note]", "heading"),
        (": Codes[^1] {#tbl-x}", "footnote in a caption"),
        (": Codes of\nmore than a line^[a note] {#tbl-x}", "footnote in a caption"),
        ("![Words[^1]](b){#fig-x fig-alt='c'}", "footnote in a caption"),
        ("![Words [a link](x.html) [^note]](b){#fig-x}", "footnote in a caption"),
        ("<table><tr><td>a</td></tr></table>", "<table>"),
        ('A <img src="a.png"> b', "<img"),
        ("<IFRAME src='x'>", "<IFRAME"),
        ("<script>", "<script>"),
        ("```{python}", "{python}"),
        ("```{mermaid}", "{mermaid}"),
        ("[-@a; also @sec-x]", "[-@a; also @sec-x]"),
        ("[@sec-x; @a, p. 3]", "[@sec-x; @a, p. 3]"),
        ("[see @fig-x]", "[see @fig-x]"),
        ("[@fig-x; and @tbl-x]", "[@fig-x; and @tbl-x]"),
    ],
)
def test_what_one_renderer_alone_knows_is_named(text: str, named: str) -> None:
    ((where, found),) = told(f"---\ntitle: A\n---\n\n{text}\n")
    assert where == "index.qmd, line 5"
    assert named in found


@pytest.mark.parametrize(
    "text",
    [
        "# Methods {#sec-x}",
        "![A](b){#fig-x fig-alt='c'}",
        ": Codes {#tbl-x}",
        "See @sec-x, [@fig-x; @tbl-x], [-@fig-x] and (see @sec-x).",
        "[see @a, p. 3; also -@b]",
        "`{#eq-x}` and `[-@a; also @sec-x]`",
        "```\n{#eq-x}\n```",
        "```{.python}\nx\n```",
        "```{=html}\n<p>x</p>\n```",
        "::: {.callout-note}\n:::",
        "::: {#refs}\n:::",
        "[write @sec-x](evidence.html)",
        "# Methods {.unnumbered}",
        "Words[^1] and more^[a note].",
        ": Codes of [a link](x.html), *emphasised*, [@a] {#tbl-x}",
        "![Words [a link](x.html) [@a]](b){#fig-x}\n\nText[^1].",
        "H<sub>2</sub>O<br>and <em>more</em>, a < b and <https://example.org>",
        "`<table>` and `::: columns`",
        "::: {.callout-tip appearance='simple' icon=false}\n:::",
        "[small]{.smallcaps}",
        "a@eq-x.org",
    ],
)
def test_what_both_know_passes(text: str) -> None:
    assert told(text) == []


def test_a_table_inside_raw_html_is_named_by_its_line() -> None:
    ((where, found),) = told("Text.\n\n```{=html}\n<p>a</p>\n<table>\n```\n")
    assert where == "index.qmd, line 5" and "<table>" in found


def test_what_the_program_wrote_is_not_the_authors_html() -> None:
    assert problems([Line("_generated/codes.md", 1, "<table><tr><td>a</td></tr></table>")]) == []
