"""Each kind of analysis has a paper of its own, without words that belong to another."""

from __future__ import annotations

import itertools
import re
import shutil
from pathlib import Path

import pytest
import yaml

from analysis.files.project import SKELETON
from analysis.lifecycle.begin.written import paper
from analysis.report import publish
from analysis.report.html_page import read_html
from analysis.report.pages.coders_table import WHY_NONE
from analysis.study.folder import Study

# Words that must not stand in the paper of a kind, and some that must.
WITHOUT = {
    "reflexive": (
        "independently",
        "alpha",
        "coder B",
        "saturation",
        "kappa",
        "agreed",
        "inter-coder",
    ),
    "codebook": ("reflexive", "saturation", "framework matrix", "content analysis"),
    "content": ("reflexive", "saturation", "framework matrix", "framework analysis"),
    "framework": ("reflexive", "saturation", "content analysis"),
}
LISTS = {
    "reflexive": ["programs", "rtarg"],
    **{one: ["coreq", "srqr", "programs"] for one in ("codebook", "content", "framework")},
}
# This study has no program that codes, and a shorter page on how it can be made again.
NO_PLACE = {
    "Software",
    "How its coding was held against people&#39;s, in whose language it was worse",
    "Which numbers rest on it, and how they were corrected",
}
WITH = {
    "reflexive": ("reflexive thematic analysis", "Agreement between coders is not computed"),
    "codebook": ("thematic analysis with a codebook", "alpha"),
    "content": ("qualitative content analysis", "alpha", "kappa"),
    "framework": ("framework analysis", "matrix of cases by themes"),
}


@pytest.mark.parametrize(
    "approach",
    [
        *("reflexive", "content"),
        *(
            pytest.param(name, marks=pytest.mark.full("a paper is made of each approach"))
            for name in ("codebook", "framework")
        ),
    ],
)
def test_the_paper_of_an_approach(
    tiny_copy: Path, monkeypatch: pytest.MonkeyPatch, approach: str
) -> None:
    monkeypatch.setenv("RENDERER", "embedded")
    params = tiny_copy / "params.yml"
    text = params.read_text(encoding="utf-8")
    params.write_text(re.sub("(?m)^approach: .*$", f"approach: {approach}", text), encoding="utf-8")
    # The paper as `make new` leaves it.
    shutil.copy(SKELETON / "reports" / "references.bib", tiny_copy / "reports" / "references.bib")
    page = tiny_copy / "reports" / "index.qmd"
    html_only = paper(approach).replace("  typst: default\n  docx: default\n", "")
    # What the authors put into it: the cards of their claims.
    claims = yaml.safe_load((tiny_copy / "data/raw/claims.yml").read_text("utf-8"))["claims"]
    cards = "".join(f"{{{{< include _generated/claim-{one['id']}.md >}}}}\n\n" for one in claims)
    html_only = html_only.replace("# Discussion", f"{cards}# Discussion")
    page.write_text(html_only, encoding="utf-8")
    publish.publish(Study.open(tiny_copy))
    words = read_html(tiny_copy / "reports" / "_site" / "index.html").main
    # How a file of coding is called is its sender's word.
    words = re.sub(r"coder [AB]\.csv", "", words)
    assert [word for word in WITHOUT[approach] if word.lower() in words.lower()] == []
    assert [word for word in WITH[approach] if word not in words] == []
    # What the checklist of this kind of analysis asks has a place in its paper.
    asked = (tiny_copy / "reports" / "_site" / "checklist.html").read_text(encoding="utf-8")
    assert re.findall(r"<h2 id=\"(\w+)\"", asked) == LISTS[approach]
    without = set(re.findall(r'<th scope="row">([^<]*)</th>\s*<td>no place', asked))
    assert without <= NO_PLACE


def test_each_kind_has_sections_of_its_own() -> None:
    sections = {one: set(re.findall(r"(?m)^#+ (.*?)(?: \{.*)?$", paper(one))) for one in WITHOUT}
    shared = set.intersection(*sections.values())
    assert {name: own - shared != set() for name, own in sections.items()} == dict.fromkeys(
        WITHOUT, True
    )
    for one, other in itertools.combinations(WITHOUT, 2):
        assert sections[one] - sections[other] and sections[other] - sections[one]


def test_a_reflexive_paper_says_why_there_is_no_agreement() -> None:
    assert "no mark of a good reading" in WHY_NONE
