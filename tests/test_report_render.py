"""The site as a whole: what each page holds, the notice, the bytes, and the swap.

Real Quarto is not run here: a stub records how it was called. It is run elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest
import yaml
from lxml import html
from report_fixture import small_report

from analysis.files.problems import StudyError
from analysis.report import look, pandoc
from analysis.report.html_page import read_html
from analysis.report.render import embedded
from analysis.report.render.render import choose_renderer, render
from analysis.report.site.site_check import check_site


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rendered report with the notice; not to be changed by a test."""
    reports = small_report(tmp_path_factory.mktemp("rendered"))
    render(reports, reports / "_site", "embedded", constructed=True)
    return reports


def tree_of(reports: Path) -> html.HtmlElement:
    return html.document_fromstring((reports / "_site/index.html").read_bytes())


def words(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_the_site_holds_every_page_in_every_format_and_the_copied_ones(reports: Path) -> None:
    there = {file.name for file in (reports / "_site").iterdir()}
    assert there == {
        "index.html",
        "index.pdf",
        "index.docx",
        "reproducibility.html",
        "evidence.html",
        "data",
    }


def test_html_sections_figures_and_tables_are_numbered_and_linked(reports: Path) -> None:
    tree = tree_of(reports)
    headings = [words(heading) for heading in tree.xpath("//article//*[self::h2 or self::h3]")]
    assert headings == [
        "1 Background",
        "2 Methods",
        "2.1 Counting",
        "3 Findings",
        "3.1 A smaller point",
        "References",
    ]
    assert [words(c) for c in tree.xpath("//figcaption | //caption")] == [
        "Table 1: The corpus, one row a source.",
        "Figure 1: Words per source. Interviews are longer than documents.",
    ]
    links = {a.get("href"): words(a) for a in tree.xpath("//p//a[contains(@class,'quarto-xref')]")}
    assert links["#sec-counting"] == "Section 2.1"
    bare = tree.xpath("//p//a[@href='#tbl-corpus']")
    assert [words(link) for link in bare] == ["Table 1", "1"]
    assert [words(link) for link in tree.xpath("//p//a[@href='#fig-words']")] == ["Figure 1", "1"]


def test_html_values_citations_footnote_mathematics_and_boxes(reports: Path) -> None:
    tree = tree_of(reports)
    text = words(tree.xpath("//article")[0])
    assert "There were 4 interviews and 12,345 words, of which 61% were spoken" in text
    assert "In four interviews they spoke of worms" in text
    assert "4. That last number opens no list." in text
    assert "(Berry 1977; Carson 1962, 12)" in text
    assert tree.xpath("//*[@id='ref-carson1962']")
    assert tree.xpath("//*[local-name()='math']")
    assert [words(title) for title in tree.xpath("//*[contains(@class,'callout-title')]")] == [
        "How to read this",
        "Authors must re-read",
    ]
    assert tree.xpath("//img/@alt") == [
        "Bars of the words in each source; the longest is interview int-01."
    ]


def test_html_offers_the_other_formats_at_its_head(reports: Path) -> None:
    head = tree_of(reports).xpath("//*[contains(@class,'title-block')]")[0]
    offered = head.xpath(".//*[contains(@class,'formats')]//a")
    assert [(words(a), a.get("href")) for a in offered] == [
        ("PDF", "index.pdf"),
        ("Word", "index.docx"),
    ]
    alone = html.parse(reports / "_site/reproducibility.html")
    assert alone.xpath("//*[contains(@class,'formats')]") == []


def test_a_page_that_does_not_offer_its_pdf_is_told(reports: Path, tmp_path: Path) -> None:
    shutil.copytree(reports, tmp_path / "copy")
    page = tmp_path / "copy/_site/index.html"
    page.write_text(page.read_text("utf-8").replace("index.pdf", "index.docx"), "utf-8")
    found = check_site(tmp_path / "copy/_site", tmp_path / "copy/_generated/site.json")
    assert [problem.found for problem in found] == [
        "a link to another format is missing: index.pdf"
    ]


def test_html_is_one_file_with_a_policy_and_says_what_rendered_it(reports: Path) -> None:
    for file in (reports / "_site").glob("*.html"):
        page = read_html(file)
        assert [load for load in page.loads if not load.startswith("data:")] == []
    page = tree_of(reports)
    assert "default-src 'none'" in page.xpath("//meta[@http-equiv]/@content")[0]
    assert page.xpath("//script") == []
    assert "Rendered by the embedded renderer (Pandoc " in words(page.xpath("//footer")[0])
    assert [words(a) for a in page.xpath("//nav[@class='site']//a")] == [
        "Paper",
        "Evidence",
        "Reproducibility",
    ]


def alternatives(element: object) -> list[str]:
    """The alternative texts in the structure tree of a PDF, from `element` down."""
    found: list[str] = []
    if isinstance(element, pypdf.generic.IndirectObject):
        element = element.get_object()
    if isinstance(element, list):
        for child in element:
            found += alternatives(child)
    elif isinstance(element, dict):
        found += [str(element["/Alt"])] if "/Alt" in element else []
        found += alternatives(element.get("/K"))
    return found


def test_pdf_has_numbers_alternative_texts_outline_and_pages(reports: Path) -> None:
    reader = pypdf.PdfReader(reports / "_site/index.pdf")
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Section 2.1" in text and "Table 1: The corpus" in text and "Figure 1: Words" in text
    assert "12,345 words" in text and "(Berry 1977; Carson 1962, 12)" in text
    assert f"Page 1 of {len(reader.pages)}" in text
    assert reader.metadata is not None and reader.metadata.title == "What the gardeners said"
    # A formula says what was written of it.
    assert alternatives(reader.trailer["/Root"]["/StructTreeRoot"]) == [
        "alpha",
        "Bars of the words in each source; the longest is interview int-01.",
    ]
    assert "/StructTreeRoot" in reader.trailer["/Root"]
    assert [item.title for item in reader.outline if not isinstance(item, list)][:2] == [
        "1 Background",
        "2 Methods",
    ]


def test_docx_opens_and_holds_picture_styles_and_links(reports: Path) -> None:
    document = docx.Document(str(reports / "_site/index.docx"))
    paragraphs = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs}
    assert paragraphs["2.1 Counting"] == "Heading 2"
    assert paragraphs["What the gardeners said"] == "Title"
    assert paragraphs["How to read this"] == "Callout Title"
    assert paragraphs["Table\N{NO-BREAK SPACE}1: The corpus, one row a source."] == "Table Caption"
    assert any("12,345 words" in text for text in paragraphs)
    assert document.tables[0].cell(1, 2).text == "1,204"
    (picture,) = document.inline_shapes
    assert picture._inline.docPr.get("descr").startswith("Bars of the words in each source")
    with zipfile.ZipFile(reports / "_site/index.docx") as archive:
        assert next(name for name in archive.namelist() if "media/" in name).endswith(".png")


def notices(reports: Path) -> list[bool]:
    """Tell for each HTML page, PDF page and the DOCX header whether the notice is there."""
    site = reports / "_site"
    there = [
        look.NOTICE in read_html(site / name).text
        for name in ("index.html", "reproducibility.html")
    ]
    flat = "".join(look.NOTICE.split())
    there += [
        flat in "".join(page.extract_text().split())
        for page in pypdf.PdfReader(site / "index.pdf").pages
    ]
    header = docx.Document(str(site / "index.docx")).sections[0].header
    return [*there, look.NOTICE in "".join(p.text for p in header.paragraphs)]


def test_the_notice_stands_on_every_page_while_data_are_invented(reports: Path) -> None:
    assert all(notices(reports))


def test_without_invented_data_nothing_says_so(tmp_path: Path) -> None:
    reports = small_report(tmp_path)
    render(reports, reports / "_site", "embedded", constructed=False)
    assert not any(notices(reports))
    assert b"nvented data" not in (reports / "_site/index.html").read_bytes()


def digests(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def test_two_renderings_give_the_same_bytes(reports: Path, tmp_path: Path) -> None:
    """In another folder, with another locale, time zone and hash seed."""
    other = small_report(tmp_path / "with a space")
    program = (
        "import sys; from pathlib import Path; from analysis.report.render.render import render\n"
        "r = Path(sys.argv[1]); render(r, r / '_site', 'embedded', constructed=True)"
    )
    source = Path(__file__).resolve().parents[1] / "src"
    subprocess.run(
        [sys.executable, "-c", program, str(other)],
        check=True,
        env={
            **os.environ,
            "PYTHONPATH": str(source),
            "PYTHONHASHSEED": "7",
            "TZ": "Asia/Tokyo",
            "LC_ALL": "C",
        },
    )
    assert digests(reports / "_site") == digests(other / "_site")
    assert digests(reports / "_generated") == digests(other / "_generated")


@pytest.fixture
def rendered(reports: Path, tmp_path: Path) -> Path:
    """A copy of the rendered report, to change."""
    return Path(shutil.copytree(reports, tmp_path / "reports"))


def test_a_page_that_fails_leaves_the_last_site_alone(rendered: Path) -> None:
    reports = rendered
    before = digests(reports / "_site")
    text = (reports / "index.qmd").read_text(encoding="utf-8")
    (reports / "index.qmd").write_text(text + "\n{{< var no.such >}}\n", encoding="utf-8")
    with pytest.raises(StudyError, match="unresolved mark"):
        render(reports, reports / "_site", "embedded", constructed=True)
    (reports / "index.qmd").write_text(text + "\nSee @fig-none.\n", encoding="utf-8")
    with pytest.raises(StudyError, match="fig-none"):
        render(reports, reports / "_site", "embedded", constructed=True)
    (reports / "figures" / "words.svg").unlink()
    (reports / "index.qmd").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=r"words\.svg"):
        render(reports, reports / "_site", "embedded", constructed=True)
    assert digests(reports / "_site") == before


def test_a_page_that_is_gone_from_the_source_is_gone_from_the_site(rendered: Path) -> None:
    reports = rendered
    (reports / "_site/notebooks").mkdir(exist_ok=True)
    (reports / "_site/notebooks/x.html").write_text("<p>x</p>", encoding="utf-8")
    # As a killed run leaves what it was building.
    (reports / "_site.building-1").mkdir()
    (reports / "_site.building-1/index.html").write_text("<p>x</p>", encoding="utf-8")
    render(reports, reports / "_site", "embedded", constructed=True)
    assert not (reports / "_site/notebooks/x.html").exists()
    assert [p.name for p in reports.iterdir() if p.name.startswith("_site")] == ["_site"]


def test_a_picture_from_outside_the_reports_folder_is_refused(tmp_path: Path) -> None:
    reports = small_report(tmp_path)
    (tmp_path / "secret.svg").write_text("<svg/>", encoding="utf-8")
    text = (reports / "index.qmd").read_text(encoding="utf-8")
    (reports / "index.qmd").write_text(text.replace("figures/words", "../secret.svg"), "utf-8")
    with pytest.raises(StudyError, match="secret"):
        render(reports, reports / "_site", "embedded", constructed=True)


STUB = """#!{python}
import json, os, pathlib, sys, yaml
if sys.argv[1:] == ["--version"]:
    print("1.11.2"); raise SystemExit
pathlib.Path(os.environ["STUB_RECORD"]).write_text(json.dumps(
    {{"arguments": sys.argv[1:], "epoch": os.environ["SOURCE_DATE_EPOCH"], "formats": sorted(
        (forms := yaml.safe_load(pathlib.Path("index.qmd").read_text().split("---")[1])["format"])),
    "links": forms["html"]["format-links"]}}))
if os.environ.get("STUB_FAILS"):
    print("ERROR: no such thing", file=sys.stderr); raise SystemExit(3)
target = pathlib.Path(sys.argv[sys.argv.index("--output-dir") + 1])
target.mkdir()
for name in ("index.html", "index.docx", "reproducibility.html"):
    (target / name).write_text("<main>" + os.environ.get("STUB_BODY", "the paper") + "</main>")
if os.environ.get("STUB_FORGETS"):
    (target / os.environ["STUB_FORGETS"]).unlink()
"""


@pytest.fixture
def stub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a stub `quarto` first on the PATH; return where it records its call."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "quarto"
    program.write_text(STUB.format(python=sys.executable), encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("STUB_RECORD", str(tmp_path / "call.json"))
    return tmp_path / "call.json"


def test_quarto_is_chosen_and_called_when_it_is_there(tmp_path: Path, stub: Path) -> None:
    reports = small_report(tmp_path)
    assert choose_renderer() == "quarto"
    render(reports, reports / "_site", constructed=True)
    call = json.loads(stub.read_text(encoding="utf-8"))
    assert call == {
        "arguments": ["render", ".", "--output-dir", "_site", "--no-execute"],
        "formats": ["docx", "html"],
        "links": [
            "html",
            {"text": "PDF", "href": "index.pdf"},
            {"text": "Word", "href": "index.docx"},
        ],
        "epoch": "0",
    }
    assert not (reports / "index.html").exists()
    pdf = pypdf.PdfReader(reports / "_site/index.pdf")
    assert "embedded renderer" in pdf.pages[0].extract_text()
    assert (reports / "_site/index.html").is_file() and (reports / "_site/evidence.html").is_file()
    generated = reports / "_generated"
    assert look.NOTICE in (generated / "before-body.html").read_text(encoding="utf-8")
    assert "Quarto 1.11.2" in (generated / "after-body.html").read_text(encoding="utf-8")
    assert (generated / "reference.docx").is_file()


def test_every_file_that_the_quarto_settings_name_is_written(tmp_path: Path, stub: Path) -> None:
    reports = small_report(tmp_path)
    render(reports, reports / "_site", "quarto", constructed=False)
    settings = yaml.safe_load((reports / "_quarto.yml").read_text(encoding="utf-8"))
    named = [
        value
        for options in settings["format"].values()
        for value in options.values()
        if isinstance(value, str) and value.startswith("_generated/")
    ]
    assert len(named) == 3
    for name in named:
        assert (reports / name).is_file()


def test_the_words_of_quarto_are_told_when_it_fails(
    tmp_path: Path, stub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = small_report(tmp_path)
    monkeypatch.setenv("STUB_FAILS", "1")
    with pytest.raises(StudyError, match="no such thing"):
        render(reports, reports / "_site", "quarto", constructed=True)
    assert not (reports / "_site").exists()


def test_a_file_that_quarto_did_not_write_is_noticed(
    tmp_path: Path, stub: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reports = small_report(tmp_path)
    monkeypatch.setenv("STUB_FORGETS", "index.docx")
    with pytest.raises(StudyError, match=r"no index\.docx was written"):
        render(reports, reports / "_site", "quarto", constructed=True)


@pytest.mark.parametrize("mark", ["?var:freq.n", "?@fig-x", "{{< var freq.n >}}"])
def test_a_silent_failure_of_quarto_is_noticed(
    tmp_path: Path, stub: Path, monkeypatch: pytest.MonkeyPatch, mark: str
) -> None:
    reports = small_report(tmp_path)
    monkeypatch.setenv("STUB_BODY", mark.replace("<", "&lt;"))
    with pytest.raises(StudyError, match="unresolved mark"):
        render(reports, reports / "_site", "quarto", constructed=True)


def test_the_rendered_site_holds_what_is_described(reports: Path) -> None:
    assert check_site(reports / "_site", reports / "_generated/site.json") == []


def test_a_table_that_fills_part_of_a_page_floats_in_the_pdf() -> None:
    def floats(rows: int) -> bool:
        lines = ["| code | what it means |", "| :--- | :----------- |"]
        lines += ["| help | what was said of it in the end |"] * rows
        (table,) = pandoc.read_markdown("\n".join(lines))["blocks"]
        return embedded._floating(table) is not None

    # A row takes some seven millimetres: a few stand where they are, a hundred need more pages.
    assert [floats(rows) for rows in (3, 20, 100)] == [False, True, False]
