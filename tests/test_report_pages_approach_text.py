"""Each kind of analysis has a paper of its own, without words that belong to another."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from tiny import PROJECT

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
WITH = {
    "reflexive": ("reflexive thematic analysis", "Agreement between coders is not computed"),
    "codebook": ("thematic analysis with a codebook", "alpha"),
    "content": ("qualitative content analysis", "alpha", "kappa"),
    "framework": ("framework analysis", "matrix of cases by themes"),
}


@pytest.mark.parametrize("approach", WITHOUT)
def test_the_paper_of_an_approach(
    tiny_copy: Path, monkeypatch: pytest.MonkeyPatch, approach: str
) -> None:
    monkeypatch.setenv("RENDERER", "embedded")
    params = tiny_copy / "params.yml"
    text = params.read_text(encoding="utf-8")
    params.write_text(re.sub("(?m)^approach: .*$", f"approach: {approach}", text), encoding="utf-8")
    # The paper as `make new` leaves it.
    skeleton = PROJECT / "src" / "analysis" / "skeleton" / "reports"
    for name in ("index.qmd", "references.bib"):
        shutil.copy(skeleton / name, tiny_copy / "reports" / name)
    page = tiny_copy / "reports" / "index.qmd"
    html_only = page.read_text(encoding="utf-8").replace("  typst: default\n  docx: default\n", "")
    page.write_text(html_only, encoding="utf-8")
    publish.publish(Study.open(tiny_copy))
    words = read_html(tiny_copy / "reports" / "_site" / "index.html").main
    # How a file of coding is called is its sender's word.
    words = re.sub(r"coder [AB]\.csv", "", words)
    assert [word for word in WITHOUT[approach] if word.lower() in words.lower()] == []
    assert [word for word in WITH[approach] if word not in words] == []


def test_a_reflexive_paper_says_why_there_is_no_agreement() -> None:
    assert "no mark of a good reading" in WHY_NONE
