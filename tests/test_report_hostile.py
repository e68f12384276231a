"""Words of the evidence full of markup print literally, in every format, and nothing runs."""

from __future__ import annotations

import csv
import io
import string
import unicodedata
import zipfile
from pathlib import Path

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from report_fixture import small_report

from analysis.files.spreadsheet import csv_cell
from analysis.report import look, pandoc
from analysis.report.html_page import read_html
from analysis.report.prose.crossrefs import Labels
from analysis.report.prose.document import text_of
from analysis.report.prose.page import Page
from analysis.report.prose.title_block import TitleBlock
from analysis.report.render import embedded
from analysis.report.render.render import render
from analysis.text import escape

HOSTILE = (
    "<script>window.canary=1</script> <img src=x onerror=window.canary=1> "
    "{{< include ../../../etc/passwd >}} {{< var freq.n_words >}} [x](javascript:window.canary=1) "
    "![y](file:///etc/passwd) `r system('id')` `x`{=html} \\input{/etc/passwd} $\\frac{1}{2}$ "
    '#read("/etc/passwd") #emph[z] @fig-words @berry1977 [^note] ^[foot] *em* _em_ ~~st~~ '
    "**b** | cell | =cmd|' /C calc'!A0 -- ... \"quoted\" 'single' ::: {#x .y} 4. item "
    "&lt;b&gt; &amp; :smile: https://example.org/a?b=c a_b_c"
)
OVERRIDE = "safe \u202egnp.exe\u202c end"


def numbered(text: str) -> str:
    """`text` with each control, separator, override and broken character by its number, as the
    Unicode tables tell them; tab and newline stand, and a Windows line end is a newline."""
    acting = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    return "".join(
        f"⟨U+{ord(letter):04X}⟩"
        if letter not in "\t\n"
        and (
            unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")
            or unicodedata.bidirectional(letter) in acting
            or letter in "\ufffe\uffff"
        )
        else letter
        for letter in text.replace("\r\n", "\n")
    )


def squeezed(text: str) -> str:
    """Drop white space: lines of a PDF break anywhere, and hyphens may be soft."""
    return "".join(text.split()).replace("\u00ad", "")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    reports = small_report(folder, find__top_code=HOSTILE, freq__longest=HOSTILE)
    cell = escape.markdown(HOSTILE)
    (reports / "_generated" / "corpus.md").write_text(
        f"> {cell}\n\n| Source | Kind |\n|:--|:--|\n| {cell} | {escape.markdown(OVERRIDE)} |\n\n"
        f": The corpus of {cell} {{#tbl-corpus}}\n\n{cell}\n",
        encoding="utf-8",
    )
    render(reports, reports / "_site", "embedded", constructed=False)
    return reports / "_site"


def test_html_shows_the_words_and_nothing_else(site: Path) -> None:
    page = read_html(site / "index.html")
    assert page.main.count(" ".join(HOSTILE.split())) == 5  # value, quotation, cell, caption, line
    assert HOSTILE in page.alternatives[0]
    assert page.handlers == ()
    assert all(address.startswith("data:") for address in page.loads)
    assert not [link for link in page.links if link.startswith(("javascript:", "file:"))]
    assert "root:" not in page.text
    assert "safe ⟨U+202E⟩gnp.exe⟨U+202C⟩ end" in page.main


def test_docx_shows_the_words_and_nothing_else(site: Path) -> None:
    with zipfile.ZipFile(site / "index.docx") as archive:
        tree = etree.fromstring(archive.read("word/document.xml"))
        relations = archive.read("word/_rels/document.xml.rels").decode()
    text = squeezed("".join(str(part) for part in tree.xpath("//*[local-name()='t']/text()")))
    assert text.count(squeezed(HOSTILE)) == 5
    assert "root:" not in text
    assert "javascript:" not in relations and "file:" not in relations
    assert "instrText" not in {etree.QName(e).localname for e in tree.iter(etree.Element)}


def test_pdf_shows_the_words_and_nothing_else(site: Path) -> None:
    reader = pypdf.PdfReader(site / "index.pdf")
    text = squeezed("".join(page.extract_text() for page in reader.pages))
    for words in HOSTILE.split():
        assert words in text, words
    assert "root:" not in text
    assert "⟨U+202E⟩" in text
    assert "/JavaScript" not in str(reader.trailer["/Root"])


@given(
    st.lists(st.text(alphabet=st.characters(codec="utf-8"), min_size=1), min_size=1, max_size=30)
)
def test_any_text_survives_pandoc_literally(texts: list[str]) -> None:
    paragraphs = "\n\n".join(f"x{escape.markdown(text)}x" for text in texts)
    tree = pandoc.read_markdown(paragraphs)
    assert [block["t"] for block in tree["blocks"]] == ["Para"] * len(texts)
    for block, text in zip(tree["blocks"], texts, strict=True):
        kinds = {node["t"] for node in block["c"]}
        assert kinds <= {"Str", "Space"}
        assert text_of(block).split() == f"x{numbered(text).strip()}x".split()


@settings(max_examples=settings().max_examples // 4)
@given(st.lists(st.text(alphabet=st.sampled_from(string.printable), min_size=1), min_size=40))
def test_any_text_survives_typst_literally(texts: list[str]) -> None:
    page = Page(
        name="x.qmd",
        source="",
        meta={},
        blocks=pandoc.read_markdown("\n\n".join(f"x{escape.markdown(t)}x" for t in texts))[
            "blocks"
        ],
        labels=Labels(),
        formats=("typst",),
        bibliography=(),
        csl="",
        head=TitleBlock(),
    )
    pdf = pypdf.PdfReader(io.BytesIO(embedded.to_pdf(page, Path(), constructed=False)))
    shown = squeezed("".join(part.extract_text() for part in pdf.pages))
    for text in texts:
        assert squeezed(f"x{numbered(text)}x").replace("-", "") in shown.replace("-", "")


@settings(max_examples=2 * settings().max_examples)
@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_any_text_survives_an_html_attribute_and_element(text: str) -> None:
    tree = html.fragment_fromstring(f'<p title="{escape.html(text)}">{escape.html(text)}</p>')
    assert len(tree) == 0
    assert list(tree.attrib) == ["title"]
    assert tree.get("title") == numbered(text)
    assert (tree.text or "") == numbered(text)


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\uff1d1", "|x", "%x"]
)
def test_no_cell_of_a_csv_is_a_formula(text: str) -> None:
    assert csv_cell(text) == "'" + text


def test_a_harmless_cell_is_left_alone() -> None:
    written = io.StringIO()
    csv.writer(written).writerow([csv_cell(text) for text in ("a, b", "4", "it's", "")])
    assert next(csv.reader([written.getvalue()])) == ["a, b", "4", "it's", ""]


def test_a_typst_string_holds_any_text() -> None:
    import typst

    text = 'a "b" \\n #read("/etc/passwd") [c] \u202e'
    source = f"#set page(width: auto)\n#{escape.typst(text)}"
    pdf = typst.compile(source.encode(), format="pdf")
    extracted = pypdf.PdfReader(io.BytesIO(bytes(pdf))).pages[0].extract_text()
    assert squeezed(extracted) == squeezed(numbered(text))


def test_templates_escape_what_they_print() -> None:
    page = look.page(
        "prose.html", title=HOSTILE, constructed=False, body=HOSTILE + OVERRIDE, navigation=[]
    )
    tree = html.document_fromstring(page)
    assert tree.xpath("//script | //img | //a[starts-with(@href, 'javascript')]") == []
    assert HOSTILE in tree.xpath("string(//article)")
    assert tree.findtext(".//title") == HOSTILE
    assert "⟨U+202E⟩" in page and "\u202e" not in page
