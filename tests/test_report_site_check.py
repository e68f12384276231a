"""A rendered site is compared with its description: each thing taken away is noticed."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest
from report_fixture import small_report
from tiny import PROJECT

from analysis.files.problems import StudyError
from analysis.report.numbers import load
from analysis.report.prose.page import open_page
from analysis.report.render import embedded
from analysis.report.render.render import render
from analysis.report.site.site_check import check_site


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    reports = small_report(tmp_path_factory.mktemp("checked"))
    render(reports, reports / "_site", "embedded", constructed=True)
    return reports


def told(rendered: Path, folder: Path) -> list[str]:
    problems = check_site(folder, rendered / "_generated/site.json")
    return [f"{problem.where}: {problem.found}" for problem in problems]


def test_the_site_as_rendered_is_whole(rendered: Path) -> None:
    assert told(rendered, rendered / "_site") == []


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("What the gardeners said", "Something else", "the title is missing"),
        ("12,345 words", "12,346 words", "a number is missing: 12,345"),
        ("Interviews are longer", "Documents are longer", "figure is missing: 1 Words"),
        ("The corpus, one row", "Another, one row", "table is missing: 1 The corpus"),
        ('id="sec-methods"', 'id="elsewhere"', "the anchor is missing: sec-methods"),
        ('id="ref-berry1977"', 'id="x"', "the reference is missing: berry1977"),
        ("evidence.html#q-int-02-7", "evidence.html", "a quotation is missing: q-int-02-7"),
        ('href="#fig-words"', 'href="#tbl-corpus"', "a cross-reference is missing: fig-words"),
        ("Bars of the words", "Picture", "an alternative text is missing"),
        ("gardener.", "gardener. ?var:freq.n", "1 unresolved mark(s)"),
        ("gardener.", "gardener. ?@fig-x", "1 unresolved mark(s)"),
        ("gardener.", "gardener. {{&lt; var x >}}", "1 unresolved mark(s)"),
        ("gardener.", "<img src='https://e.org/a.png' alt='x'>", "something loaded from elsewhere"),
        ("gardener.", "<script src='//e.org/a.js'></script>", "something loaded from elsewhere"),
        ("gardener.", "<link rel=stylesheet href=a.css>", "something loaded from elsewhere"),
        (
            "gardener.",
            "<p style=\"background:url('http://e.org')\">",
            "something loaded from elsewhere",
        ),
        (
            "gardener.",
            "<style>@import 'https://e.org/f.css';</style>",
            "something loaded from elsewhere",
        ),
        ("gardener.", "<p onclick='x()'>", "an inline event handler: p onclick"),
        ("gardener.", "<a href='none.html'>x</a>", "a link to nothing: none.html"),
        (
            "gardener.",
            "<a href='evidence.html#q-none'>x</a>",
            "a link to nothing: evidence.html#q-none",
        ),
        ("gardener.", "<a href='../../x'>x</a>", "a link to nothing: ../../x"),
        ("gardener.", "<a href='javascript:x()'>x</a>", "a link that is no address: javascript:"),
    ],
)
def test_what_is_missing_or_too_much_is_told(
    rendered: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(rendered / "_site", folder)
    text = (folder / "index.html").read_text(encoding="utf-8")
    assert old in text
    (folder / "index.html").write_text(text.replace(old, new), encoding="utf-8")
    assert any(line.startswith(f"index.html: {message}") for line in told(rendered, folder))


def test_missing_and_changed_files_are_told(rendered: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(rendered / "_site", folder)
    (folder / "index.pdf").write_bytes(b"")
    (folder / "reproducibility.html").unlink()
    with (folder / "evidence.html").open("a", encoding="utf-8") as stream:
        stream.write("<!-- more -->")
    lines = told(rendered, folder)
    assert "index.html: no index.pdf" in lines
    assert "reproducibility.html: no reproducibility.html" in lines
    assert "evidence.html: other bytes" in lines


def test_another_paper_as_pdf_or_docx_is_told(rendered: Path, tmp_path: Path) -> None:
    other = small_report(tmp_path, freq__n_words=54321)
    render(other, other / "_site", "embedded", constructed=True)
    folder = tmp_path / "site"
    shutil.copytree(rendered / "_site", folder)
    for ending in ("pdf", "docx"):
        shutil.copy(other / "_site" / f"index.{ending}", folder / f"index.{ending}")
    assert told(rendered, folder) == ["index.pdf: missing: 12,345", "index.docx: missing: 12,345"]


@pytest.fixture(scope="module")
def source(rendered: Path) -> str:
    """The paper as Typst is given it."""
    kept: list[bytes] = []
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(embedded, "_set", lambda source, *_, **__: kept.append(source) or b"")
        page = open_page(rendered, "index.qmd", load(rendered), {})
        embedded.to_pdf(page, rendered, constructed=True)
    return kept[0].decode()


REFERENCES = "#heading(level: 1, numbering: none)[References]"
ENTRY = "Carson, Rachel. 1962. #emph[Silent Spring]. Houghton Mifflin."
BROKEN_PDF = [
    ("What the gardeners said", "What others said", "missing: What the gardeners said"),
    ("A. Gardener", "A. Digger", "missing: A. Gardener"),
    ("12,345 words", "12,346 words", "missing: 12,345"),
    ("Interviews are longer", "Documents are longer", "missing: Words per source. Interviews"),
    ("== 2.1 Counting", "== 2.1 Telling", "a heading is missing: 2.1 Counting"),
    ("== 2.1 Counting", "== 2.1 Telling", "a heading too many: 2.1 Telling"),
    (REFERENCES, f"{REFERENCES}\n{REFERENCES}", "a heading too many: References"),
    ("== 2.1 Counting", "*2.1 Counting*", "a heading is missing: 2.1 Counting"),
    ("[Berry 1977]", "[1]", "a citation is missing: (Berry 1977; Carson 1962"),
    (ENTRY, "", "a reference stands 0 times: Carson, Rachel. 1962."),
    (ENTRY, f"{ENTRY}\n\n{ENTRY}", "a reference stands 2 times: Carson, Rachel. 1962."),
    ("Bars of the words", "A picture", "an alternative text is missing: Bars of the words"),
    ("That last number", "#place(dx: 150mm)[out of the page]That last", "outside the margin"),
    ("That last number", "#place(dx: -20mm)[out of it]That last", "outside the margin"),
    ("That last number", "#place[printed over all of it]That last", "printed over other words"),
]


@pytest.mark.parametrize(("old", "new", "message"), BROKEN_PDF)
def test_what_is_wrong_with_a_pdf_is_told(
    rendered: Path, source: str, tmp_path: Path, old: str, new: str, message: str
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(rendered / "_site", folder)
    assert old in source
    pdf = embedded._set(source.replace(old, new).encode(), rendered, standards=["ua-1"])
    (folder / "index.pdf").write_bytes(pdf)
    lines = told(rendered, folder)
    assert any(line.startswith("index.pdf: ") and message in line for line in lines), lines
    assert all(line.startswith("index.pdf: ") for line in lines)


def test_a_pdf_that_cannot_be_read_aloud_is_told(
    rendered: Path, source: str, tmp_path: Path
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(rendered / "_site", folder)
    (folder / "index.pdf").write_bytes(embedded._set(source.encode(), rendered, standards=[]))
    (line,) = told(rendered, folder)
    assert line.startswith("index.pdf: no PDF/UA")


def test_what_typst_finds_against_pdf_ua_is_told_and_the_page_is_set_all_the_same(
    rendered: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded, "_formula_typst", lambda node: None)
    page = open_page(rendered, "index.qmd", load(rendered), {})
    assert embedded.to_pdf(page, rendered, constructed=True).startswith(b"%PDF")
    assert "missing alt text" in capsys.readouterr().err


BROKEN_DOCX = [
    ("What the gardeners said", "What others said", "missing: What the gardeners said"),
    ("A. Gardener", "A. Digger", "missing: A. Gardener"),
    ("12,345", "12,346", "missing: 12,345"),
    (">2.1<", ">2.2<", "a heading is missing: 2.1 Counting"),
    (
        'w:val="Heading2" />',
        'w:val="BodyText" />',
        "a heading is missing: 2.1 Counting",
    ),
    ("Berry 1977", "1", "a citation is missing: (Berry 1977"),
    ("Carson, Rachel. 1962.", "Carson.", "a reference stands 0 times: Carson, Rachel. 1962."),
    ("Bars of the words", "A picture", "an alternative text is missing: Bars of the words"),
    (r'<w:gridCol w:w="\d+"', '<w:gridCol w:w="9000"', "table 1 is 1350 points wide"),
    (r'<wp:extent cx="\d+"', '<wp:extent cx="9144000"', "picture 1 is 720 points wide"),
]


@pytest.mark.parametrize(("old", "new", "message"), BROKEN_DOCX)
def test_what_is_wrong_with_a_docx_is_told(
    rendered: Path, tmp_path: Path, old: str, new: str, message: str
) -> None:
    folder = tmp_path / "site"
    shutil.copytree(rendered / "_site", folder)
    file = folder / "index.docx"
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "word/document.xml"
    text, count = re.subn(old, new, parts[name].decode())
    assert count
    with zipfile.ZipFile(file, "w") as archive:
        for other, content in (parts | {name: text.encode()}).items():
            archive.writestr(other, content)
    lines = told(rendered, folder)
    assert any(line.startswith("index.docx: ") and message in line for line in lines), lines
    assert all(line.startswith("index.docx: ") for line in lines)


def test_a_site_without_description_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"site\.json"):
        check_site(tmp_path, tmp_path / "site.json")


def test_a_description_by_an_earlier_version_is_an_error(tmp_path: Path) -> None:
    page = {"title": "T", "outputs": ["index.html"]}
    (tmp_path / "site.json").write_text(json.dumps({"pages": {"index.html": page}, "files": []}))
    with pytest.raises(StudyError, match="an earlier version"):
        check_site(tmp_path, tmp_path / "site.json")


def test_messages_name_only_targets_and_variables_of_make() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.M))
    variables = set(re.findall(r"\$\(([A-Z]+)\)", makefile))
    code = "\n".join(
        file.read_text(encoding="utf-8")
        for file in sorted((PROJECT / "src" / "analysis").rglob("*.py"))
    )
    assert set(re.findall(r"(?:(?<!dry )\brun |\bthen |: |`)make ([a-z-]+)", code)) <= targets
    assert set(re.findall(r"[ :`]([A-Z]{2,})=(?![=\s])", code)) <= variables


def test_a_file_that_nothing_describes_is_told(rendered: Path, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    shutil.copytree(rendered / "_site", folder)
    (folder / "left.typ").write_text("left by an interrupted run", encoding="utf-8")
    assert told(rendered, folder) == ["left.typ: a file that nothing describes"]
