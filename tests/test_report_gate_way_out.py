"""The gate has a way out: the program's own words, the bibliography, the authors, and reasons."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.oxml import OxmlElement

from analysis.cleaning.pseudonyms import Entry, PseudonymKey
from analysis.files.problems import Problem
from analysis.report.gate.authors import Authors
from analysis.report.gate.gate import leaks
from analysis.report.gate.way_out import WayOut
from analysis.report.gate.withheld import Withheld

BIBLIOGRAPHY = """@article{quennell2010,
  author = {Quennell, Ann and Tarn, Bo},
  title = {Counting {Thornby} people},
  year = {2010}
}
"""
FRONT = '---\ntitle: "A paper"\nauthor: Ida Reeve\nbibliography: references.bib\n---\n'


def key_of(*names: str) -> PseudonymKey:
    return PseudonymKey(
        tuple(Entry(name, "[N]", "person", False, at) for at, name in enumerate(names, start=2))
    )


def searched(
    tmp_path: Path, page: str, html: str, *names: str, exempt: dict[str, str] | None = None
) -> list[Problem]:
    """What the gate says of the page `page` with the body `html`, in a study with references."""
    reports, site = tmp_path / "reports", tmp_path / "site"
    for folder in (reports, site):
        folder.mkdir(exist_ok=True)
    (reports / "_quarto.yml").write_text("project:\n  type: default\n")
    (reports / "index.qmd").write_text(FRONT)
    (reports / "references.bib").write_text(BIBLIOGRAPHY)
    (site / page).write_text(f"<html><body>{html}</body></html>")
    authors = Authors.of(reports)
    way_out = WayOut.of(reports, authors.pages, exempt or {})
    return leaks(site, key_of(*names), authors=authors, way_out=way_out)


CITED = [
    "<p>as counted before (Quennell and Tarn 2010)</p>",
    "<p>as Quennell (2010) counted</p>",
    '<p>as <a href="#ref-quennell2010">Quennell 2010</a> counted</p>',
    '<div id="ref-quennell2010"><p>Quennell, Ann, and Bo Tarn. 2010. “Counting Thornby People.”</p></div>',
    '<span data-cites="quennell2010">(Quennell and Tarn 2010)</span>',
]


@pytest.mark.parametrize("html", CITED)
def test_a_cited_author_who_shares_a_name_with_a_participant(html: str, tmp_path: Path) -> None:
    assert searched(tmp_path, "index.html", html, "Quennell", "Thornby") == []


@pytest.mark.parametrize("html", ["<p>Quennell told us so</p>", "<p>in Thornby, in 2010</p>"])
def test_the_same_name_elsewhere_is_a_leak(html: str, tmp_path: Path) -> None:
    assert len(searched(tmp_path, "index.html", html, "Quennell", "Thornby")) == 1


def test_on_a_data_page_no_citation_excuses_a_name(tmp_path: Path) -> None:
    assert len(searched(tmp_path, "evidence.html", CITED[0], "Quennell")) == 1


def test_an_interviewer_who_is_the_papers_author_stands_in_the_authors_line(tmp_path: Path) -> None:
    line = '<meta name="author" content="Ida Reeve"><p class="author">Ida Reeve</p>'
    assert searched(tmp_path, "index.html", line, "Ida Reeve", "Reeve") == []
    assert len(searched(tmp_path, "index.html", "<p>then Reeve asked</p>", "Reeve")) == 1
    assert len(searched(tmp_path, "evidence.html", line, "Ida Reeve")) == 1


def test_a_participant_called_page_and_a_field_of_the_document(tmp_path: Path) -> None:
    document, held = docx.Document(), io.BytesIO()
    run = document.sections[0].footer.paragraphs[0].add_run()
    field = OxmlElement("w:instrText")
    field.text = " PAGE "
    run._r.append(field)
    document.save(held)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.docx").write_bytes(held.getvalue())
    assert (
        searched(tmp_path, "index.html", "<p>see Page 3 and Figure 2</p>", "Page", "Figure") == []
    )
    told = searched(tmp_path, "index.html", "<p>I told Mr Page of it</p>", "Page")
    assert [problem.where for problem in told] == ["index.html, text"]


def test_a_reason_exempts_a_place_and_the_message_says_how(tmp_path: Path) -> None:
    html = "<p>a mill called Quennell’s</p>"
    (told,) = searched(tmp_path, "index.html", html, "Quennell")
    assert 'exempt: {"index.html, key line 2": "reason"}' in str(told)
    for place in ("index.html, key line 2", "index.html, text, key line 2"):
        assert searched(tmp_path, "index.html", html, "Quennell", exempt={place: "a mill"}) == []
    other = {"index.html, key line 3": "a mill"}
    assert len(searched(tmp_path, "index.html", html, "Quennell", exempt=other)) == 1


HIDDEN = {"s1": "Well, the kettle sang all night long, and I slept badly."}
LABELS = [
    "<table><tr><td>the kettle sang</td><td>all night long</td></tr></table>",
    "<ul><li>the kettle sang</li><li>all night long</li></ul>",
    "<svg><text>the kettle sang</text><text>all night long</text></svg>",
    "<table><tr><td>the kettle sang</td></tr><tr><td>all night long</td></tr></table>",
]


@pytest.mark.parametrize("html", LABELS)
def test_words_of_two_cells_labels_or_rows_are_no_running_text(html: str, tmp_path: Path) -> None:
    (tmp_path / "codes.html").write_text(f"<html><body>{html}</body></html>")
    assert leaks(tmp_path, None, withheld=Withheld.of(HIDDEN, [])) == []


def test_text_that_the_program_made_is_not_to_be_said_in_other_words(tmp_path: Path) -> None:
    for name in ("figure.svg", "memos.html"):
        (tmp_path / name).write_text("<svg><text>the kettle sang all night long</text></svg>")
    of_figure, of_memo = leaks(tmp_path, None, withheld=Withheld.of(HIDDEN, []))
    assert "other words" not in str(of_figure) and "the program made this" in str(of_figure)
    assert "say it in other words" in str(of_memo)


WORDS = """
Page May Will Mark Grace Hope Price Rose Case Table Figure English Young Law King Field Long Short
April June August Summer Dawn Faith Joy Charity Prudence Ivy Holly Heather Hazel Olive Iris Ruby
Amber Jade Sky Star Storm River Brook Reed Wood Hill Dale Rock Stone Sandy Clay Marsh Lake Pool
Wells Bridge Ford Park Lane Street Way Church Temple Bishop Dean Pope Prior Knight Duke Earl Baron
Prince Noble Judge Major Marshall Page Porter Butler Cook Baker Miller Mason Carpenter Taylor Potter
Cooper Fisher Hunter Archer Shepherd Gardener Driver Carter Turner Walker Weaver Barber Clerk Reader
Speaker Singer Piper Bell Horn Sharp Strong Swift Quick Wise Good Best Moody Savage Wild Rich Poor
Small Little Grant Bond Cash Penny Banks Bill Buck Jack Rob Sue Pat Gene Frank Guy Victor Miles
Chase Drew Art Ray Norm Rusty Christian Angel Precious Chance Justice Liberty Freedom Mercy Unity
True Friend Love Hart Head Hand Back Key Lock Chain Cross Battle Winter Frost Snow Rain Day Week
Fox Wolf Lamb Bird Robin Wren Fish Rice Bean Pepper Berry Cherry Branch Root Bush Green Brown Black
White Gray Read View Open Close Source Code Claim Note Method Paper Study Evidence Section Author
Chapter Filter Index List Data Date Time Number Count Person Role Group Site Kind Text Word Line
Passage Quote Matrix Memo Chart Map Range Share Rate Half
"""


@pytest.mark.parametrize("marked", [False, True], ids=["not marked", "marked as a word"])
def test_names_that_are_words_stand_in_our_texts_and_are_found_in_peoples(
    marked: bool, tmp_path: Path
) -> None:
    names = sorted(set(WORDS.split()))
    key = PseudonymKey(
        tuple(Entry(name, "[N]", "person", marked, at) for at, name in enumerate(names, start=2))
    )
    site = tmp_path / "site"
    site.mkdir()
    (site / "table.csv").write_text("found,kind\nTrue,a\nFalse,b\n")
    (site / "checklist.html").write_text(
        "<ul><li><a href='evidence.html#a'>Evidence</a>, <a href='matrix.html'>Matrix</a></li></ul>"
    )
    (site / "page.html").write_text(
        "<p>See page 3, table 2 and figure 1 of the study; will it matter?</p>"
        "<p>Each source, case, code, claim and passage of the matrix, by role, group and kind.</p>"
    )
    assert leaks(site, key) == []
    for name in names:
        (site / f"p{names.index(name)}.html").write_text(
            f"<p>and then {name} said that it was {name}'s own, and we told Mrs {name} so</p>"
        )
    found = {problem.where.partition(".")[0] for problem in leaks(site, key)}
    assert found == {f"p{at}" for at in range(len(names))}


def test_where_a_name_of_our_code_stands_alone_it_is_somebodys(tmp_path: Path) -> None:
    """What is imported, or is the name of a class, no page says."""
    names = ("Piece", "Chain", "Hit", "Spot", "Screen", "Partial")
    cells = "".join(f"<td>{name}</td>" for name in names)
    found = searched(tmp_path, "evidence.html", f"<table><tr>{cells}</tr></table>", *names)
    assert len(found) == len(names)


def test_what_data_call_somebody_is_not_the_programs_own_word(tmp_path: Path) -> None:
    html = "<table><tr><td>Evidence</td></tr></table>"
    assert searched(tmp_path, "evidence.html", html, "Evidence") == []
    way_out = WayOut.of(tmp_path / "reports", frozenset(), {}, ["EVIDENCE", "c1"])
    assert len(leaks(tmp_path / "site", key_of("Evidence"), way_out=way_out)) == 1


def test_where_a_cited_work_came_out_is_the_bibliography_s(tmp_path: Path) -> None:
    html = "<p>Quennell, Ann, and Bo Tarn. 2010. Counting Thornby people. Journal of Kettles.</p>"
    assert len(searched(tmp_path, "index.html", html, "Kettles")) == 1
    references = tmp_path / "reports" / "references.bib"
    references.write_text(BIBLIOGRAPHY.replace("year =", "journal = {Journal of Kettles}, year ="))
    way_out = WayOut.of(tmp_path / "reports", frozenset({"index.html"}), {})
    assert leaks(tmp_path / "site", key_of("Kettles"), way_out=way_out) == []


def test_a_heading_of_the_authors_and_a_title_divided_in_print(tmp_path: Path) -> None:
    html = "<ul><li><a href='index.html#m'>Quennell and us</a>, <a href='x.html'>Evidence</a></li></ul>"
    assert searched(tmp_path, "checklist.html", html, "Quennell")
    (tmp_path / "reports" / "index.qmd").write_text(f"{FRONT}\n# Quennell and us {{#sec-q}}\n")
    site = tmp_path / "site"
    way_out = WayOut.of(tmp_path / "reports", frozenset({"index.html"}), {})
    assert leaks(site, key_of("Quennell"), way_out=way_out) == []
    (site / "index.html").write_text("<p>Tarn. Count-ing Thorn-by people.</p>")
    assert leaks(site, key_of("Counting"), way_out=way_out) == []


def test_topics_of_the_checklists_are_the_programs_own_words(tmp_path: Path) -> None:
    entry = "<table><tr><td>31</td><td>Major themes</td></tr></table>"
    assert searched(tmp_path, "checklist.html", entry, "Major") == []
    told = searched(tmp_path, "checklist.html", "<p>Major and I spoke</p>", "Major")
    assert len(told) == 1


@pytest.mark.parametrize("shown", ["<pre>embargoed=True,</pre>", "<pre>kind publish True 1</pre>"])
def test_a_truth_value_in_a_notebook_is_no_name(tmp_path: Path, shown: str) -> None:
    (tmp_path / "site" / "notebooks").mkdir(parents=True)
    assert searched(tmp_path, "notebooks/02-coding.html", shown, "True") == []
    assert len(searched(tmp_path, "index.html", "<p>It was True who asked</p>", "True")) == 1


@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("index.html", "<p>Table 1: Codes by the number of sources and cases that carry them</p>"),
        ("index.html", "<p>Codes that never met in this corpus show a dot.</p>"),
        ("index.html", "<p>[The question that this study asks.]</p>"),
        ("notebooks/06-findings.html", "<pre>study = Study.open(</pre>"),
        ("index.html", "<h1><span>4</span> Findings</h1><p>Findings</p>"),
        ("index.html", "<p><b>Judge’s note, AR, 2024-05-21.</b> “As plain as that.”</p>"),
        ("index.html", "<p>Section, page 28</p>"),
        ("_variables.yml", 'n_codes_Word": "Three'),
    ],
)
def test_what_a_study_is_begun_with_is_the_programs_own(
    page: str, shown: str, tmp_path: Path
) -> None:
    (tmp_path / "site" / "notebooks").mkdir(parents=True)
    assert (
        searched(
            tmp_path, page, shown, "Codes", "Question", "Study", "Findings", "Judge", "Section"
        )
        == []
    )


@pytest.mark.parametrize(
    "shown",
    [
        "<p>we told Judge’s note, a long one, to him</p>",
        "<p>Findings said so</p>",
        "<p>Findings: I never did</p>",
        "<p>then Section, pages in hand</p>",
    ],
)
def test_the_same_words_elsewhere_are_somebodys(shown: str, tmp_path: Path) -> None:
    assert len(searched(tmp_path, "index.html", shown, "Findings", "Judge", "Section")) == 1


def test_a_name_that_a_text_has_as_a_word_is_told_to_be_one(tmp_path: Path) -> None:
    (told,) = searched(tmp_path, "index.html", "<p>he asked the quennell for it</p>", "Quennell")
    assert "common_word: yes" in str(told)
    (told,) = searched(tmp_path, "index.html", "<p>he asked Quennell for it</p>", "Quennell")
    assert "common_word" not in str(told)
