"""A name is found at every edge that the site's own templates have, however the page is built."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny import PROJECT

from analysis.cleaning.pseudonyms import Entry, PseudonymKey
from analysis.file_text import pieces_of
from analysis.report.gate.gate_search import Search, Sought

KEY = PseudonymKey(
    (
        Entry("Zoë Quill", "[p]", "person", False, 2),
        Entry("Siobhán", "[q]", "person", False, 3),
        Entry("Anne-Marie", "[r]", "person", False, 4),
        Entry("O'Rourke", "[s]", "person", False, 5),
    )
)
SPELLINGS = {
    2: ["Zoë Quill", "Zoe Quill", "ZOE QUILL", "Zo&shy;e Quill", "Zoe&nbsp;Quill", "ZoeQuill"],
    3: ["Siobhán", "Siobhan", "SIOBHÁN", "Siobha&#x301;n", "Sio&#8203;bhan"],
    4: ["Anne-Marie", "Anne Marie", "Anne‑Marie", "AnneMarie", "anne_marie"],
    5: ["O'Rourke", "O’Rourke", "OʼRourke", "O&#39;Rourke", "O′Rourke"],
}
# NAME stands at an edge of a span, tag, cell, cue, chip or attribute.
EDGES = [
    "<p>NAME</p>",
    "<p><mark>NAME</mark><sup>1</sup> came</p>",
    "<p><sup>⟨1</sup>NAME<sup>1⟩</sup></p>",
    "<p><mark>so NAME</mark>’s turn</p>",
    "<ul class='chips'><li>NAME</li><li>x</li></ul>",
    "<p><span class='chip'>trust</span><span class='chip'>NAME</span><span>x</span></p>",
    "<p>trust<a href='#x'>NAME</a>5</p>",
    "<table><tr><td>1</td><td>NAME</td><td>x</td></tr></table>",
    "<p data-codes='a|NAME|b'>x</p>",
    "<p title='NAME'>x</p>",
    '<p data-row=\'{"who": "NAME"}\'>x</p>',
    '<script type="application/json">{"who": "NAME"}</script>',
    "<p>#NAME</p>",
    "<p>(NAME)</p>",
    "<p>x<br>NAME<br>x</p>",
    "<p>00:01 NAME: yes</p>",
    "<h2>NAME</h2>",
    "<option value='NAME'>x</option>",
    "<svg><text>NAME</text></svg>",
    "<pre>a  NAME  b</pre>",
]

# Within a word, and between two: what a player, a page or an editor sets there, which no reader sees.
WITHIN = [
    "-\n\n7\n00:01:02,000 --> 00:01:04,500\n",
    "- 7 00:01.500 --> 00:02.500 align:start ",
    "<b>",
]
WITHIN += ["**", "-<br>", "<!-- x -->", "&#8203;", "</b>", "</i><i>"]
BETWEEN = ["\n\n7\n00:01:02,000 --> 00:01:04,500\n", " 00:01:02,000 --> 00:01:04,500 ", "** **"]
BETWEEN += [" *", "* ", "</b> <b>", "<br>", "</p><p>", "_", " \n "]


def found_in(html: str) -> set[int]:
    search = Search("page.html", Sought(KEY))
    whole = html.lstrip().startswith("<!DOCTYPE")
    page = (html if whole else f"<!DOCTYPE html><html><body>{html}</body></html>").encode()
    kinds = search.all_of(list(pieces_of(page, "page.html")))
    return {int(line[1]) for kind in kinds if (line := re.search(r"its line (\d+)", kind.what))}


@settings(max_examples=2 * settings().max_examples)
@given(st.data())
def test_a_name_is_found_at_every_edge_in_every_spelling(data: st.DataObject) -> None:
    line = data.draw(st.sampled_from(sorted(SPELLINGS)))
    written = data.draw(st.sampled_from(SPELLINGS[line]))
    edge = data.draw(st.sampled_from(EDGES))
    in_script = edge.startswith("<script")
    if in_script:
        written = unescape(written)
        if "_" in written or re.search("[a-z][A-Z]", written):
            return
    quote = written.replace("'", "&#39;") if "='" in edge and not in_script else written
    assert line in found_in(edge.replace("NAME", quote)), (edge, written)


def test_a_name_is_found_over_every_border_that_can_stand_in_it() -> None:
    key = [(2, "Zoë Quill"), (3, "Siobhán")]
    passed_over = [
        (written, border)
        for line, name in key
        for at in range(2, len(name) - 2)
        for border in (BETWEEN if name[at] == " " else WITHIN)
        if (name[at - 1] != " " or name[at] == " ")
        for written in [name[:at] + border + name[at + (name[at] == " ") :]]
        if line not in found_in(f"<p>asked {written} about it</p>")
    ]
    assert passed_over == []


TEMPLATES = sorted((PROJECT / "src/analysis/report/templates").glob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_name_in_any_value_of_a_template_is_found(template: Path) -> None:
    """Each `{{ value }}` of a page, in text or attribute, takes the name in its turn."""
    text = re.sub(r"\{#.*?#\}", "", template.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"\{%.*?%\}", "", text, flags=re.S)
    # The level of a heading is a number by construction: it stands in the name of a tag.
    values = list(re.finditer(r"(?<!<h)(?<!</h)\{\{(.*?)\}\}", text, re.S))
    passed_over = []
    for value in values:
        filled = text[: value.start()] + "Zoe Quill" + text[value.end() :]
        plain = re.sub(r"\{\{.*?\}\}", "1", filled, flags=re.S)
        if 2 not in found_in(plain):
            passed_over.append(value[1].strip())
    assert passed_over == []
