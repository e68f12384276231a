"""Who wrote a page: one contract, read with its lines, and shown in all three formats."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import docx
import pypdf
import pytest
import yaml
from lxml import html
from report_fixture import small_report

from analysis.files.problems import Problem
from analysis.lifecycle.deposit.about import About
from analysis.report.gate.authors import Authors
from analysis.report.gate.gate import leaks
from analysis.report.prose.check import check
from analysis.report.prose.title_block import Author, read
from analysis.report.render.quarto import _as_quarto_writes
from analysis.report.render.render import render
from analysis.study.folder import Study

FULL = """\
author:
  - name: {given: Josiah, family: Carberry}
    orcid: https://orcid.org/0000-0002-1825-0097
    email: j.carberry@example.org
    corresponding: true
    affiliations:
      - Brown University
      - {department: Psychoceramics, name: Wesleyan University, city: Middletown}
  - Ann O'Neill
keywords: [cracked pots, "mortar, pestle"]
license: CC BY 4.0
"""


def page(front: str) -> str:
    return f"---\ntitle: A page\n{front}---\n\nWords.\n"


def faults(front: str) -> list[Problem]:
    return read(page(front), "index.qmd")[1]


def test_every_field_is_read() -> None:
    block, problems = read(page(FULL), "index.qmd")
    assert problems == []
    assert block.authors == (
        Author(
            "Josiah Carberry",
            ("Brown University", "Wesleyan University, Psychoceramics, Middletown"),
            "0000-0002-1825-0097",
            "j.carberry@example.org",
            True,
        ),
        Author("Ann O’Neill"),
    )
    assert block.keywords == ("cracked pots", "mortar, pestle")


def test_one_name_alone_is_an_author() -> None:
    assert read(page("author: Ann\n"), "x")[0].authors == (Author("Ann"),)
    assert read(page("author: {name: Ann}\nkeywords: a, b\n"), "x")[0].keywords == ("a", "b")
    assert read("No front matter.\n", "x")[0].authors == ()


# ORCID's own examples, the second of which ends with an X.
@pytest.mark.parametrize("orcid", ["0000-0002-1825-0097", "0000-0002-1694-233X"])
def test_an_orcid_is_checked_by_its_last_digit(orcid: str) -> None:
    front = "author: {{name: Ann, orcid: {}}}\n"
    assert faults(front.format(orcid)) == []
    for wrong in (orcid[:-1] + "1", orcid.replace("0002", "0020"), orcid[:-2]):
        assert len(faults(front.format(wrong))) == 1


@pytest.mark.parametrize(
    ("front", "line", "named"),
    [
        ("author:\n  - name: Ann\n    orchid: 1\n", 5, "orchid"),
        ("author:\n  - name: Ann\n    affiliation:\n      nom: X\n      name: Y\n", 6, "nom"),
        ("author:\n  - orcid: 0000-0002-1825-0097\n", 4, "name"),
        ("author: {name: Ann, email: ann at example}\n", 3, "email"),
        ("author: {name: Ann, corresponding: true}\n", 3, "corresponding"),
        ("author: {name: Ann, corresponding: perhaps}\n", 3, "corresponding"),
        ("subtitel: x\n", 3, "subtitel"),
        ("authors: Ann\n", 3, "authors"),
        ("institute: X\n", 3, "institute"),
        ('date: "Spring"\n', 3, "date"),
        ("date: today\n", 3, "date"),
        ("date: 20/05/2024\n", 3, "date"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(front: str, line: int, named: str) -> None:
    (problem,) = faults(front)
    assert problem.where.startswith(f"index.qmd, line {line}")
    assert named in problem.where


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with authors; its pages passed the gate, as the authors typed all addresses."""
    reports = small_report(tmp_path_factory.mktemp("authors"))
    index = reports / "index.qmd"
    text = index.read_text("utf-8")
    head = text[: text.index("author:")] + FULL
    index.write_text(head + text[text.index("abstract:") :], "utf-8")
    assert check(reports).problems == []
    authors = Authors.of(reports)
    site = reports / "_site"
    render(
        reports,
        site,
        "embedded",
        constructed=True,
        gate=lambda folder: leaks(folder, None, authors=authors),
    )
    return reports


def shown(reports: Path) -> dict[str, str]:
    site = reports / "_site"
    head = html.parse(site / "index.html").xpath("//*[contains(@class,'title-block')]")[0]
    document = docx.Document(str(site / "index.docx"))
    return {
        "html": head.text_content(),
        "pdf": pypdf.PdfReader(site / "index.pdf").pages[0].extract_text(),
        "docx": "\n".join(
            "".join(node.text or "" for node in paragraph._p.iter() if node.tag.endswith("}t"))
            for paragraph in document.paragraphs
        ),
    }


def test_authors_and_keywords_stand_in_all_formats(reports: Path) -> None:
    wanted = (
        "Josiah Carberry",
        "Brown University",
        "Wesleyan University, Psychoceramics, Middletown",
        "0000-0002-1825-0097",
        "Corresponding author",
        "j.carberry@example.org",
        "Ann O’Neill",
        "Keywords: cracked pots; mortar, pestle",
        "Licence: CC BY 4.0",
    )
    missing = {
        form: [words for words in wanted if words not in " ".join(text.split())]
        for form, text in shown(reports).items()
    }
    assert missing == {"html": [], "pdf": [], "docx": []}


def test_the_files_name_their_authors_and_no_more(reports: Path) -> None:
    site = reports / "_site"
    properties = docx.Document(str(site / "index.docx")).core_properties
    assert properties.author == "Josiah Carberry; Ann O’Neill"
    assert properties.keywords == "cracked pots, mortar, pestle"
    told = pypdf.PdfReader(site / "index.pdf").metadata
    assert told is not None and told.author == "Josiah Carberry, Ann O’Neill"
    links = html.parse(site / "index.html").xpath("//*[@class='author']//a/@href")
    assert links == ["https://orcid.org/0000-0002-1825-0097", "mailto:j.carberry@example.org"]


def test_quarto_gets_its_own_fields(reports: Path, tmp_path: Path) -> None:
    (tmp_path / "index.qmd").write_text((reports / "index.qmd").read_text("utf-8"), "utf-8")
    _as_quarto_writes(tmp_path)
    front = yaml.safe_load((tmp_path / "index.qmd").read_text("utf-8").split("---\n")[1])
    assert front["author"] == [
        {
            "name": "Josiah Carberry",
            "orcid": "0000-0002-1825-0097",
            "email": "j.carberry@example.org",
            "corresponding": True,
            "affiliations": [
                {"name": "Brown University"},
                {"name": "Wesleyan University, Psychoceramics, Middletown"},
            ],
        },
        {"name": "Ann O’Neill"},
    ]
    assert front["keywords"] == ["cracked pots", "mortar, pestle"]
    # Quarto prints a licence in HTML alone; in the text it stands once, and in both formats.
    text = (tmp_path / "index.qmd").read_text("utf-8")
    assert "license" not in front and unescape(text).count("Licence: CC BY 4.0") == 1


def test_a_licence_is_words_or_the_text_of_a_mapping() -> None:
    for stated in ("CC BY 4.0", "{text: CC BY 4.0}", "{type: CC  BY 4.0}"):
        assert read(page(f"license: {stated}\n"), "x")[0].licence == "CC BY 4.0"
    (problem,) = faults("license: {text: CC BY 4.0, link: here}\n")
    assert "link" in problem.where


def test_a_deposit_reads_the_same_title_block(tiny_report: Path, tmp_path: Path) -> None:
    (tmp_path / "data").symlink_to(tiny_report / "data")
    (tmp_path / "params.yml").symlink_to(tiny_report / "params.yml")
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports/index.qmd").write_text(page(FULL), "utf-8")
    about = About.of(Study.open(tmp_path), "2024-06-03", {})
    block, _ = read(page(FULL), "index.qmd")
    assert (about.authors, about.keywords) == (block.authors, block.keywords)
    assert about.licence == "CC BY 4.0" and about.cited_as[0].orcid == "0000-0002-1825-0097"
