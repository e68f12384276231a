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
        "a@eq-x.org",
    ],
)
def test_what_both_know_passes(text: str) -> None:
    assert told(text) == []
