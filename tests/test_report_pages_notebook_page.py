"""An executed notebook as a page: what it shows, and what it must not do."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lxml import html
from test_report_hostile import HOSTILE, OVERRIDE

from analysis.files.problems import StudyError
from analysis.report import look
from analysis.report.html_page import read_html
from analysis.report.pages.notebook_page import render_notebook
from analysis.report.pages.safe_html import safe_html

PIXEL = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
).decode()


def markdown(text: str, **more: object) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(True), **more}


def code(source: str, *bundles: dict[str, Any], tags: tuple[str, ...] = ()) -> dict[str, Any]:
    outputs = [{"output_type": "display_data", "metadata": {}, "data": b} for b in bundles]
    return {
        "cell_type": "code",
        "metadata": {"tags": list(tags)},
        "execution_count": 3,
        "source": source,
        "outputs": outputs,
    }


def page_of(folder: Path, *cells: dict[str, Any], constructed: bool = False) -> html.HtmlElement:
    """Render a notebook of `cells` and return the page as a tree."""
    notebook = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "03-frequencies.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    out = folder / "pages" / "03-frequencies.html"
    render_notebook(folder / "03-frequencies.ipynb", out, constructed)
    return html.document_fromstring(out.read_bytes())


def test_markdown_code_text_and_tables_are_shown(tmp_path: Path) -> None:
    table = pd.DataFrame({"code": ["trust"], "sources": [3]})
    tree = page_of(
        tmp_path,
        markdown("# How *often*?\n\nA **table**:\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"),
        code("unit: str = 'overlap'", tags=("parameters",)),
        code("table", {"text/html": table._repr_html_(), "text/plain": str(table)}),
        code("print(4)", {"text/plain": "4"}),
    )
    assert tree.findtext(".//title") == "How often?"
    assert [h.text_content() for h in tree.xpath("//h1")] == ["How often?"]
    tables = tree.xpath("//article//table")
    assert [cell.text_content() for cell in tables[1].xpath(".//td | .//th")] == [
        "",
        "code",
        "sources",
        "0",
        "trust",
        "3",
    ]
    assert tables[1].getparent().get("tabindex") == "0"
    assert [s.text_content() for s in tree.xpath("//details/summary")] == [
        "Parameters and their defaults",
        "Code [3]",
        "Code [3]",
    ]
    assert (
        tree.xpath("//details")[0].xpath(".//code")[0].text_content() == "unit: str = 'overlap'\n"
    )
    assert tree.xpath("//pre[@class='output']")[0].text_content() == "4"


def test_pictures_are_carried_and_described(tmp_path: Path) -> None:
    described = code("plot", {"image/png": PIXEL, "text/plain": "<Figure>"})
    described["outputs"][0]["metadata"] = {"image/png": {"alt": "Bars of codes"}}
    tree = page_of(
        tmp_path, described, code("plot", {"image/svg+xml": "<svg onload='window.canary=1'/>"})
    )
    first, second = tree.xpath("//img")
    assert first.get("src") == f"data:image/png;base64,{PIXEL}"
    assert first.get("alt") == "Bars of codes"
    assert second.get("src").startswith("data:image/svg+xml;base64,")
    assert second.get("alt") == "Figure drawn by code [3]; the text around it says what it shows."
    assert [h.text_content() for h in tree.xpath("//h1")] == ["03-frequencies"]


def test_long_sentences_are_broken_and_tables_are_not(tmp_path: Path) -> None:
    cell = code("show")
    said, table = "a rule in words " * 20, "a   b" + " " * 200 + "c"
    cell["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": [words]} for words in (said, table)
    ]
    tree = page_of(tmp_path, cell)
    kinds = [one.get("class") for one in tree.xpath("//pre[contains(@class, 'output')]")]
    assert kinds == ["output sentences", "output"]


def test_what_needs_a_script_is_shown_as_plain_text(tmp_path: Path) -> None:
    widget = {
        "text/html": "<div id=x></div><script>require(['x'])</script>",
        "text/plain": "22 rows",
    }
    tree = page_of(tmp_path, code("show", widget))
    assert tree.xpath("//script") == []
    assert tree.xpath("//pre[@class='output']")[0].text_content() == "22 rows"


def test_terminal_colours_and_tracebacks_become_plain_text(tmp_path: Path) -> None:
    cell = code("fail")
    cell["outputs"] = [
        {"output_type": "stream", "name": "stdout", "text": ["\x1b[31mred\x1b[0m\n"]},
        {"output_type": "error", "ename": "E", "evalue": "", "traceback": ["\x1b[1mE: no"]},
    ]
    tree = page_of(tmp_path, cell)
    assert [p.text_content() for p in tree.xpath("//pre[@class='output']")] == ["red", "E: no"]


def test_hostile_words_are_text_wherever_they_stand(tmp_path: Path) -> None:
    frame = pd.DataFrame({"text": [HOSTILE]})
    with pd.option_context("display.max_colwidth", None):
        rendered = frame._repr_html_()
    page_of(
        tmp_path,
        markdown(f"# Samples\n\n{HOSTILE} {OVERRIDE}\n\n<img src=x onerror=alert(1)>\n"),
        code(f"x = {HOSTILE!r}", {"text/html": rendered}, {"text/plain": HOSTILE}),
        code(
            "bad",
            {
                "text/html": f"<p onclick='x()' style='background:url(//e)'>{'word'}"
                "<a href='javascript:x()'>go</a><iframe src=//e></iframe></p>"
            },
        ),
        code("md", {"text/markdown": HOSTILE}),
    )
    page = read_html(tmp_path / "pages" / "03-frequencies.html")
    assert page.handlers == ()
    assert [load for load in page.loads if not load.startswith("data:")] == []
    assert not [link for link in page.links if link.startswith(("javascript:", "file:", "data:"))]
    assert page.text.count("<script>window.canary=1</script>") >= 4
    assert "root:" not in page.text
    assert "\u202e" not in page.text


def test_pictures_in_markdown_come_from_the_notebook_alone(tmp_path: Path) -> None:
    cell = markdown(
        "![inside](attachment:a.png) ![far](https://example.org/a.png) ![disk](../secret.png)",
        attachments={"a.png": {"image/png": PIXEL}},
    )
    tree = page_of(tmp_path, cell)
    assert [(i.get("alt"), i.get("src")[:10]) for i in tree.xpath("//img")] == [
        ("inside", "data:image")
    ]
    assert "[far]" in tree.text_content() and "[disk]" in tree.text_content()


def test_the_notice_stands_above_invented_data_only(tmp_path: Path) -> None:
    assert look.NOTICE in page_of(tmp_path, markdown("# x"), constructed=True).text_content()
    assert look.NOTICE not in page_of(tmp_path, markdown("# x")).text_content()


def test_links_lead_one_folder_up(tmp_path: Path) -> None:
    tree = page_of(tmp_path, markdown("# x\n\n[paper](../index.html#sec-a)"))
    assert tree.xpath("//nav//a/@href")[0] == "../index.html"
    assert tree.xpath("//article//a/@href") == ["../index.html#sec-a"]


def test_a_file_that_is_no_notebook_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.ipynb").write_text("[]", encoding="utf-8")
    with pytest.raises(StudyError, match=r"x\.ipynb"):
        render_notebook(tmp_path / "x.ipynb", tmp_path / "x.html", constructed=False)
    assert not (tmp_path / "x.html").exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("", ""),
        ("a < b", "a &lt; b"),
        ("<b class=x>a</b>", "<b>a</b>"),
        ("<font>a</font><style>p{}</style>b", "ab"),
        (
            "<table><tr><th> <td colspan=2 style='x'>a</table>",
            '<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table><tbody>'
            '<tr><td> </td><td colspan="2">a</td></tr></tbody></table></div>',
        ),
        ("<svg><script>alert(1)</script></svg>a", "a"),
        ("<p onclick=x()>&#x202e;a <a href='javascript:x()'>go</a></p>", "<p>⟨U+202E⟩a go</p>"),
        ("<th colspan='2\"x'></th>", ""),
        ("<ul><li>a<!-- c --></li></ul>", "<ul><li>a</li></ul>"),
    ],
)
def test_html_is_reduced_to_plain_elements(given: str, kept: str) -> None:
    assert safe_html(given) == kept
