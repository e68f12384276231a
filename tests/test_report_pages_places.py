"""A number that no list of evidence counts leads to where it stands beside the counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.report.links import Lead
from analysis.report.pages import places, variables_page
from analysis.report.prose.prose import with_links

THERE = {
    "tbl-claim-trust": "index.html#tbl-claim-trust",
    "tbl-choices": "index.html#tbl-choices",
    "fig-cooccurrence": "index.html#fig-cooccurrence",
    "codebook.html": "codebook.html",
    "notebooks/03-frequencies.html": "notebooks/03-frequencies.html",
}
CLAIMS = {"trust": "trust", "tie_told": "trust"}


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("find.tie_told.q", "index.html#tbl-claim-trust"),
        ("find.trust.n_cases_silent", "index.html#tbl-claim-trust"),
        ("find.other.q", ""),
        ("choice.discuss_below", "index.html#tbl-choices"),
        ("coding.n_codes_used", "codebook.html"),
        ("cooc.n_pairs_met", "index.html#fig-cooccurrence"),
        ("freq.total_words", "notebooks/03-frequencies.html"),
    ],
)
def test_a_value_stands_in_the_first_place_that_there_is(name: str, where: str) -> None:
    assert places.place_of(name, CLAIMS, THERE) == where


def test_what_says_a_number_is_one_and_words_are_none() -> None:
    for shown in ("4", "Four", "1 source", "under 1%", "6 of 8", "−0.10 to 0.50", "0.667", "1,024"):
        assert places.is_figure(shown), shown
    for shown in ("2024-03-01", "none", "A and B", "not defined", "passage", ""):
        assert not places.is_figure(shown), shown


def test_labels_of_pages_and_what_they_include_are_places(tmp_path: Path) -> None:
    (tmp_path / "_generated").mkdir()
    (tmp_path / "_generated" / "card.md").write_text(": Figures {#tbl-claim-c}\n")
    (tmp_path / "index.qmd").write_text(
        "# A {#sec-a}\n\n{{< include _generated/card.md >}}\n\n![x](f){#fig-f fig-alt='y'}\n"
    )
    assert places.labels(tmp_path) == {
        label: f"index.html#{label}" for label in ("sec-a", "tbl-claim-c", "fig-f")
    }


def test_what_leads_somewhere_stands_for_its_variable() -> None:
    leading = {
        "a": Lead("evidence.html#list=cases").markdown("a"),
        "b": Lead("evidence.html#code=tie", behind=3).markdown("b"),
        "c": Lead("index.html#tbl-x", words="Found in [4](evidence.html#list=cases).").markdown(
            "c"
        ),
    }
    text = "{{< var a >}}, {{<var b>}}: {{< var c >}} {{< var d >}}\n\n# In {{< var a >}}\n"
    assert with_links(text, leading) == (
        "[{{< var a >}}](evidence.html#list=cases), [{{< var b >}}](evidence.html#code=tie)"
        "{data-count=3}: Found in [4](evidence.html#list=cases). {{< var d >}}\n\n# In {{< var a >}}\n"
    )


def test_the_page_of_variables_says_how_many_entries_stand_behind_one(tmp_path: Path) -> None:
    (tmp_path / "index.qmd").write_text("{{< var freq.tie.words >}}\n")
    leads = {
        "freq.tie.words": Lead("evidence.html#code=tie", behind=3),
        "freq.top1_reach": Lead("", words="in [4 sources](evidence.html#list=sources)"),
    }
    values = {"freq.tie.words": "260", "freq.top1_reach": "‘tie’, in 4 sources"}
    page = variables_page.page(tmp_path, values, leads, constructed=False)
    assert '<a href="evidence.html#code=tie" data-count="3">260</a>' in page
    assert "<td>‘tie’, in 4 sources</td>" in page
