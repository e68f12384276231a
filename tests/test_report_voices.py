"""Words by voice: what authors wrote, participants said, judges noted, and the data gave."""

from __future__ import annotations

from pathlib import Path

import docx
import pypdfium2
import pytest

from analysis.files.project import SKELETON
from analysis.report import voices
from analysis.report.docx_reference import STYLES
from analysis.report.prose import page as pages
from analysis.report.render import embedded

PAGE = """\
---
title: "Nothing here counts"
abstract: "Four words are these."
---

# A heading

Five {{< var freq.x.sources >}} words [with](a.html#b) @tbl-x citation [@key].

{{< include interpretations/one.qmd >}}

{{< include _generated/claim-one.md >}}

{{< include _generated/quotations/a-1-1.md >}}

{{< include _generated/codes.md >}}

: Two words {#tbl-x}
"""
FILES = {
    "interpretations/one.qmd": "---\ninterpretation:\n  status: undecided\n---\n\nOne reading.\n",
    "_generated/claim-one.md": "::: {.generated}\n\nMade from data.\n\n> said so\n>\n> [int](e.html)\n\n"
    "::: {.judges-note}\n[**Judge, A.**]{.note-label} “Doubtful indeed.”\n:::\n\nMade again.\n\n:::\n",
    "_generated/quotations/a-1-1.md": "> They spoke\n",
    "_generated/codes.md": "| code | cases |\n| :--- | ---: |\n| tie | 4 |\n",
}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    for name, text in {"index.qmd": PAGE, **FILES}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_each_word_is_counted_once_and_is_somebodys(reports: Path) -> None:
    counts = voices.by_voice(reports)
    assert counts == {
        "authors": 4 + 2 + 4 + 2 + 2,
        "memos": 0,
        "participants": 3 + 2,
        "judges' notes": 4,
        "generated sentences": 3 + 2,
        "generated tables": 3,
    }
    assert voices.told(counts).startswith("Words of the paper by voice: authors 14, participants 5")


def test_a_card_and_a_judges_note_have_their_look_without_colour(
    reports: Path, tmp_path: Path
) -> None:
    card = FILES["_generated/claim-one.md"]
    (reports / "index.qmd").write_text(f'---\ntitle: "T"\n---\n\n{card}', encoding="utf-8")
    page = pages.open_page(reports, "index.qmd", {})
    html = embedded.to_html(page, reports, constructed=False, navigation=())
    assert '<div class="generated">' in html and '<div class="judges-note">' in html
    assert html.count("<strong>Judge, A.</strong>") == 1
    embedded.to_docx(page, reports, SKELETON / "reports" / STYLES, tmp_path / "one.docx")
    styled = {
        one.text: one.style.name for one in docx.Document(str(tmp_path / "one.docx")).paragraphs
    }
    assert styled["Made from data."] == styled["Made again."] == "Generated"
    assert styled["Judge, A. “Doubtful indeed.”"] == "Judges Note"
    assert styled["said so"] == "Block Text"
    # In the PDF a note is set in italics, which needs no colour.
    drawn = pypdfium2.PdfDocument(embedded.to_pdf(page, reports, constructed=False))
    assert "Doubtful indeed" in drawn[0].get_textpage().get_text_range()
