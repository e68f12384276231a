"""A rendered site is compared with its description: each thing taken away is noticed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from report_fixture import small_report
from tiny import PROJECT

from analysis.files.problems import StudyError
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


def test_a_site_without_description_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match=r"site\.json"):
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
