"""Matrix, memos, checklists, downloads and the count of quotations, from tables made by hand."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import claims_fixture as made
import pandas as pd
import pypandoc
import pytest
from report_fixture import small_report

from analysis.claims import quotable
from analysis.claims.model import Theme
from analysis.report.evidence_index import Index
from analysis.report.html_page import read_html
from analysis.report.links import Linker
from analysis.report.pages import (
    checklist_page,
    downloads,
    matrix_page,
    memo_pages,
    quotation_counts,
)
from analysis.report.pages.memo_words import MemoWords
from analysis.report.pages.tables import markdown_table
from analysis.report.render.render import render

CLAIM = made.bare_claim(
    "ties",
    sentence="Ties count.",
    themes=(
        Theme(name="Tie", idea="Help travels.", codes=("tie",)),
        Theme(name="Plan", idea="A plan.", codes=("plan",)),
    ),
)
SOURCES = pd.DataFrame(
    {
        "source_id": ["a1", "a2", "b1", "c1"],
        "case_id": ["a", "a", "b", "c"],
        "kind": "interview",
        "role": ["third_sector", "third_sector", "council", "council"],
        "publish": ["full", "extracts", "full", "none"],
        "title": "",
        "interviewer": "",
    }
)
MATRIX = pd.DataFrame(
    [
        ["ties", "a", "Tie", "Knows them.", "said", "a1-3;c1-2", "1", "1", False],
        ["ties", "a", "Plan", "", "silent", "", "1", "2", True],
        ["ties", "b", "Tie", "Would rather not.", "contrary", "", "1", "1", False],
    ],
    columns=[
        "claim",
        "case_id",
        "theme",
        "summary",
        "state",
        "passages",
        "digest",
        "digest_now",
        "stale",
    ],
)


def test_the_matrix_marks_stale_cells_and_links_only_what_is_shown(tmp_path: Path) -> None:
    page = tmp_path / "matrix.html"
    text = matrix_page.page(
        MATRIX,
        [CLAIM],
        SOURCES,
        frozenset({"q-a1-3"}),
        {"ties": "index.html#sec-ties"},
        constructed=False,
    )
    page.write_text(text, encoding="utf-8")
    html = read_html(page)
    assert text.count('class="stale"') == 1 and "Silent. stale" in " ".join(html.text.split())
    assert "evidence.html#q-a1-3" in html.links and "evidence.html#q-c1-2" not in html.links
    assert "Contrary. Would rather not." in " ".join(html.text.split())


def test_the_workbook_is_the_same_twice() -> None:
    first, second = (matrix_page.workbook(MATRIX, [CLAIM], SOURCES, "Invented") for _ in range(2))
    assert first == second


def memos() -> pd.DataFrame:
    return pd.DataFrame(
        [
            [
                "m1",
                "reflexive",
                "2024-01-01",
                "Ann",
                True,
                "On asking",
                "# On asking\n\nI asked.\n\nTwice.",
            ],
            ["m2", "reflexive", "2024-01-02", "Ann", False, "", "Kept."],
            ["m3", "analytic", "2024-01-03", "b1", True, "", "A *note*."],
        ],
        columns=["memo_id", "kind", "date", "about", "publish", "title", "text"],
    )


READ = MemoWords(
    pd.DataFrame({"source_id": ["a1", "a2", "c1"], "status": ["active", "active", "embargoed"]}),
    {"q-a1-3"},
)


def test_a_memo_is_quotable_and_a_private_one_is_not() -> None:
    quotable = memo_pages.quotable(memos(), READ)
    assert set(quotable) == {"m1", "m3"}
    assert quotable["m1"].startswith("> **On asking**\n>\n> I asked.\n>\n> Twice.\n")
    assert "&#42;note&#42;" in quotable["m3"]
    page = memo_pages.page(memos(), READ, constructed=False)
    assert "Kept." not in page and "Memos that stay private: 1." in page


def test_a_memo_of_an_exploration_links_what_is_shown_and_names_nothing_else(
    tmp_path: Path,
) -> None:
    """Lists stay lists, what is on the evidence page is a link, what is not published is counted."""
    text = """# A hunch

## 2024-02-01

    explore.passages("tie", source=["a1", "c1"])

**Not for release.** c1: embargoed: not to be published

Against c1, see c1-4 beside a1-3; more on a1-33.

- a1-3
- a2-7
- c1-2
- c1-12

- of one source: c1-9
- a1-3, c1-5"""
    told = pd.DataFrame(
        [["m1", "analytic", "2024-01-01", "", True, "A hunch", text]], columns=memos().columns
    )
    page = tmp_path / "memos.html"
    page.write_text(memo_pages.page(told, READ, constructed=False), encoding="utf-8")
    html = read_html(page)
    assert [link for link in html.links if "#q-" in link] == ["evidence.html#q-a1-3"] * 3
    words = re.sub(r" (?=;)", "", " ".join(html.text.split()))
    quoted = memo_pages.quotable(told, READ)["m1"]
    printed = pypandoc.convert_text(quoted, "plain", "markdown", extra_args=["--wrap=none"])
    assert not re.search("c1|embargoed", page.read_text(encoding="utf-8") + quoted)
    for shown in (words, " ".join(printed.split())):
        assert 'explore.passages("tie", source=["a1", "[a source that is not published]"])' in shown
        assert "see [a passage that is not published] beside a1-3; more on a1-33." in shown
        assert "and 2 passages that are not published" in shown
        assert "of one source: [a passage that is not published]" in shown
    source = page.read_text(encoding="utf-8")
    assert source.count('<li><a href="evidence.html#q-a1-3">a1-3</a></li>') == 2
    assert "<li>a2-7</li>" in source and "A hunch" in source
    assert "> - [a1-3](evidence.html#q-a1-3)\n> - a2-7\n> - and 2 passages" in quoted


def test_an_interviewers_box_counts_interviews_and_private_memos() -> None:
    box = memo_pages.boxes(memos(), pd.Series(["Ann", "Ann", "Bo", "", "unknown"]), READ)
    assert 'title="Ann: 2 interviews"' in box and 'title="Bo: 1 interview"' in box
    assert "**On asking.** I asked. ([the whole memo](memos.html#memo-m1))" in box
    assert "stay private: 1." in box and "No reflexive memo about this interviewer" in box


def test_quotations_are_counted_by_case_beside_the_words() -> None:
    words = pd.DataFrame({"source_id": ["a1", "a2", "b1", "c1"], "words": [100, 100, 700, 100]})
    ids = ["q-a1-3", "q-a1-4", "q-a2-1"]
    cases = quotation_counts.by_case(ids, words, SOURCES).set_index("case_id")
    assert list(cases.loc[["a", "b", "c"], "quotations"]) == [3, 0, 0]
    assert list(cases.loc[["a", "b", "c"], "share of words"]) == [0.2, 0.7, 0.1]
    assert list(cases.loc[["a", "b", "c"], "note"]) == [
        "often quoted",
        "never quoted",
        "may not be quoted",
    ]
    shown = quotation_counts.group_table(cases.reset_index(), Linker(Index((), ())))
    assert "| third sector | interview | 1 | 1 | 3 | 100% | 20% |" in markdown_table(
        shown.rows, shown.units
    )


@pytest.mark.parametrize(
    ("approach", "names"),
    [("framework", ["COREQ", "SRQR"]), ("reflexive", ["RTARG"])],
)
def test_a_checklist_gives_places_and_never_a_verdict(approach: str, names: list[str]) -> None:
    values = {
        "coding.n_coders": "2",
        "coding.n_sources_coded_twice": "12",
        "coding.programs": "the program reader 1.2",
    }
    page = checklist_page.page(
        approach,
        values,
        {"sec-coding": "Coding", "sec-methods": "Methods"},
        {"codebook.html"},
        constructed=False,
    )
    assert [name for name in ("COREQ", "SRQR", "RTARG") if name in page] == names
    items = page.count("<tr><td>")
    assert items == page.count("authors’ answer: ________________")
    of_programs = 5
    assert items == {"framework": 32 + 21, "reflexive": 12}[approach] + of_programs
    assert '<a href="index.html#sec-coding">Coding</a>' in page
    if approach == "framework":
        assert "2 people coded, 12 sources coded by more than one of them" in page
    assert "programs that coded: the program reader 1.2" in page
    assert not re.search(r"complian|☑|✓|✔|checkbox|\bmet\b(?!h)", page.split("<main")[1])


def test_every_table_and_figure_offers_what_it_shows(tmp_path: Path) -> None:
    reports = small_report(tmp_path)
    copied = reports / "_generated" / "pages" / "data"
    table = pd.DataFrame({"code": ["=cmd", "a, b"], "n": [1, 2], "rate": [0.1234567, None]})
    downloads.write_figure_data({"words": table}, copied)
    assert (copied / "words.csv").read_text() == 'code,n,rate\n\'=cmd,1,0.1234567\n"a, b",2,\n'
    site = reports / "_site"
    render(reports, site, "embedded", constructed=False)
    page = read_html(site / "index.html")
    offered = [link for link in page.links if link.startswith("data/")]
    assert {"data/words.csv", "data/words.svg", "data/words.png"} <= set(offered)
    assert any(re.fullmatch(r"data/index-tbl-.*\.csv", link) for link in offered)
    assert [link for link in offered if not (site / link).is_file()] == []
    for path in (site / "data").glob("*.csv"):
        assert len(list(csv.reader(io.StringIO(path.read_text())))) > 1


def test_a_judged_passage_without_a_code_is_shown_as_consent_allows() -> None:
    passages = pd.DataFrame(
        [
            ["a1", 0, 0, 20, "", "participant", 4, "Nobody coded this at"],
            ["a2", 0, 0, 20, "", "participant", 4, "Nobody coded this at"],
            ["c1", 0, 0, 20, "", "participant", 4, "Nobody coded this at"],
        ],
        columns=["source_id", "passage", "start", "end", "speaker", "voice", "words", "text"],
    )
    codings = pd.DataFrame(columns=["source_id", "start", "end", "code", "coder"])
    judged = pd.DataFrame({"source_id": ["a1", "a2", "c1"], "passage": 0, "start": 7, "end": 12})
    shown = quotable.gather(passages, codings, SOURCES, judged)
    assert dict(zip(shown.passages["id"], shown.passages["text"], strict=True)) == {
        "q-a1-0": "Nobody coded this at",
        "q-a2-0": "coded",
    }
