"""What an author hid, in each way that a format knows: left out with a note, counted in the ledger."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.shared import Pt, RGBColor

from analysis.cleaning import clean
from analysis.cleaning.ledger import ledger
from analysis.reading import read

SECRET = "Hetty"
_NAMES = ["office", "text", "style", "table"]
_SPACES = (
    " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in _NAMES)
    + ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
)


def is_left_out(path: Path) -> None:
    found = read(path)
    assert SECRET not in found.text
    assert "kettle" in found.text and "warm" in found.text
    assert any("hidden text" in note for note in found.notes)
    cleaned = clean(found, "document")
    entries, problems = ledger("s", path.read_bytes(), found, cleaned)
    assert not problems
    assert any("hidden text" in entry.rule and entry.words < 0 for entry in entries)
    assert sum(entry.words for entry in entries[:-1]) == entries[-1].words


# --- OpenDocument ---------------------------------------------------------------------------------

SPAN = '<text:p>the kettle <text:span text:style-name="T">Hetty</text:span> warm</text:p>'
HIDDEN = '<style:text-properties text:display="none"/>'


def style(within: str, name: str = "T", family: str = "text", parent: str = "") -> str:
    rests = f'style:parent-style-name="{parent}"' if parent else ""
    return (
        f'<style:style style:name="{name}" style:family="{family}" {rests}>{within}</style:style>'
    )


def around(middle: str) -> str:
    return f"<text:p>the kettle</text:p>{middle}<text:p>warm</text:p>"


ODT: dict[str, tuple[str, str, str]] = {
    "an automatic style": (SPAN, style(HIDDEN), ""),
    "a named style": (SPAN, "", style(HIDDEN)),
    "a parent": (SPAN, style("", parent="H"), style(HIDDEN, "H")),
    "a grandparent": (SPAN, style("", parent="G"), style("", "G", parent="H") + style(HIDDEN, "H")),
    "a condition": (SPAN, style('<style:text-properties text:display="condition"/>'), ""),
    "no size": (SPAN, style('<style:text-properties fo:font-size="0pt"/>'), ""),
    "a paragraph's style": (
        around('<text:p text:style-name="P">Hetty</text:p>'),
        style(HIDDEN, "P", "paragraph"),
        "",
    ),
    "a heading's parent": (
        around('<text:h text:style-name="P">Hetty</text:h>'),
        style("", "P", "paragraph", "H"),
        style(HIDDEN, "H", "paragraph"),
    ),
    "a section": (
        around('<text:section text:display="none"><text:p>Hetty</text:p></text:section>'),
        "",
        "",
    ),
    "a section under a condition": (
        around('<text:section text:display="condition"><text:p>Hetty</text:p></text:section>'),
        "",
        "",
    ),
    "a field of hidden text": (
        '<text:p>the kettle <text:hidden-text text:is-hidden="true">Hetty</text:hidden-text> warm</text:p>',
        "",
        "",
    ),
    "a hidden paragraph": (
        around('<text:p><text:hidden-paragraph text:is-hidden="true"/>Hetty</text:p>'),
        "",
        "",
    ),
    "a variable": (
        '<text:p>the kettle <text:variable-set text:display="none">Hetty</text:variable-set> warm</text:p>',
        "",
        "",
    ),
    "a row": (
        around(
            '<table:table><table:table-row table:visibility="collapse"><table:table-cell>'
            "<text:p>Hetty</text:p></table:table-cell></table:table-row></table:table>"
        ),
        "",
        "",
    ),
    "a column": (
        around(
            '<table:table><table:table-column table:visibility="collapse"/><table:table-column/>'
            "<table:table-row><table:table-cell><text:p>Hetty</text:p></table:table-cell>"
            "<table:table-cell><text:p>tea</text:p></table:table-cell></table:table-row></table:table>"
        ),
        "",
        "",
    ),
}


@pytest.mark.parametrize("how", ODT)
def test_hidden_in_an_odt(tmp_path: Path, how: str) -> None:
    body, automatic, named = ODT[how]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        packed.writestr(
            "content.xml",
            f"<office:document-content {_SPACES}><office:automatic-styles>{automatic}"
            f"</office:automatic-styles><office:body><office:text>{body}</office:text></office:body>"
            "</office:document-content>",
        )
        packed.writestr(
            "styles.xml",
            f"<office:document-styles {_SPACES}><office:styles>{named}</office:styles>"
            "</office:document-styles>",
        )
    (tmp_path / "a.odt").write_bytes(stream.getvalue())
    is_left_out(tmp_path / "a.odt")


# --- web pages ------------------------------------------------------------------------------------

SHEETS = [
    ".x{display:none}",
    "#y { color: red; display : none ; }",
    "span.x{visibility:hidden}",
    "p .x{display:none}",
    "p>.x{display:none}",
    "b + .x, i ~ .x{display:none}",
    "span[class=x]{display:none}",
    "[class^='x']{display:none}",
    ".x:last-child{display:none}",
    "@media screen{.x{display:none}}",
    "@supports (display:grid){.x{display:none}}",
    ".x{display:none!important} .x{display:inline}",
    "span.x{display:none} span{display:inline}",
    ".x{font-size: 0px}",
    ".x{opacity:0.0}",
    ".x{color:rgba(0, 0, 0, 0)}",
    ".x{max-height:0;overflow:hidden}",
    ".x{position:absolute;left:-9999px}",
    ".x{position:absolute;clip:rect(0,0,0,0)}",
    ".x{clip-path:inset(50%)}",
    ".x{color:#FFF;background: #fff url(a.png)}",
    ".x{background-color:white;color:white}",
    ".x{filter:opacity(0)}",
    ".x{font: 0/0 a}",
    ".x{margin-left:-9999px}",
]
MARKS = [
    "hidden",
    "hidden='until-found'",
    "aria-hidden='TRUE'",
    "style='DISPLAY: NONE'",
    "style='mso-hide:all'",
    "style='visibility:hidden'",
]


@pytest.mark.parametrize("sheet", SHEETS)
def test_hidden_by_the_styles_of_a_page(tmp_path: Path, sheet: str) -> None:
    page = f"<style>{sheet}</style><p>the kettle warm <b>so</b><span class=x id=y>Hetty</span></p>"
    (tmp_path / "a.html").write_text(f"<html><body>{page}</body></html>")
    is_left_out(tmp_path / "a.html")


@pytest.mark.parametrize("mark", MARKS)
def test_hidden_by_a_mark_of_a_page(tmp_path: Path, mark: str) -> None:
    page = f"<html><body><p>the kettle <span {mark}>Hetty</span> warm</p></body></html>"
    (tmp_path / "a.html").write_text(page)
    is_left_out(tmp_path / "a.html")


@pytest.mark.parametrize(
    "sheet",
    [
        ".x{display:none} #y{display:inline}",
        "span.x{display:none} .x{color:red} span.x{display:inline}",
        "@media print{.x{display:none}}",
        "b > .x{display:none}",
        ".x{overflow:hidden;height:2em}",
        ".x{color:inherit;background-color:inherit}",
        ".x{color:#000;background:#fff}",
    ],
)
def test_shown_by_the_styles_of_a_page(tmp_path: Path, sheet: str) -> None:
    page = f"<style>{sheet}</style><p>the kettle <span class=x id=y>warm</span></p>"
    (tmp_path / "a.html").write_text(f"<html><body>{page}</body></html>")
    assert read(tmp_path / "a.html").text == "the kettle warm"


def test_styles_that_are_not_understood_are_told(tmp_path: Path) -> None:
    page = "<style>.x:not(.y){display:none}</style><p>the kettle <span class=x>warm</span></p>"
    (tmp_path / "a.html").write_text(f"<html><body>{page}</body></html>")
    assert any("may hide text" in note for note in read(tmp_path / "a.html").notes)


# --- Rich Text Format -----------------------------------------------------------------------------

RTF = {
    "a group": r"the kettle {\v Hetty} warm",
    "on and off": r"the kettle \v Hetty\v0  warm",
    "a group within": r"the kettle {\b {\v1 {\i Hetty}}} warm",
    "a letter style": r"{\stylesheet{\*\cs15 \additive \v Hidden;}}the kettle {\cs15 Hetty} warm",
    "a paragraph style": r"{\stylesheet{\s0 N;}{\s16\v H;}}the kettle\par\pard\s16 Hetty\par\pard\s0 warm",
    "a style that rests on it": (
        r"{\stylesheet{\*\cs16 \additive \sbasedon15 Sub;}{\*\cs15 \additive \v Hidden;}}"
        r"the kettle {\cs16 Hetty} warm"
    ),
    "no size": r"the kettle {\fs0 Hetty} warm",
}


@pytest.mark.parametrize("how", RTF)
def test_hidden_in_an_rtf(tmp_path: Path, how: str) -> None:
    (tmp_path / "a.rtf").write_text(r"{\rtf1\ansi " + RTF[how] + "}")
    found = read(tmp_path / "a.rtf")
    assert SECRET not in found.text and "kettle" in found.text and "warm" in found.text
    assert found.notes == ("left out: hidden text",)


# --- Word -----------------------------------------------------------------------------------------


def _hide(element: object, value: str = "") -> None:
    switch = OxmlElement("w:vanish")
    if value:
        switch.set(switch.nsmap["w"].join(("{", "}val")), value)
    element.append(switch)  # type: ignore[attr-defined]


def _style(document: docx.document.Document, name: str, kind: int, base: str = "") -> None:
    made = document.styles.add_style(name, kind)  # type: ignore[arg-type]
    if base:
        made.base_style = document.styles[base]  # type: ignore[attr-defined]
    else:
        _hide(made.element.get_or_add_rPr())


def _looking(document: docx.document.Document, colour: str = "", size: float = 0) -> None:
    paragraph = document.add_paragraph("the kettle ")
    run = paragraph.add_run(SECRET)
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)
    if size:
        run.font.size = Pt(size)
    paragraph.add_run(" warm")


def _white(document: docx.document.Document) -> None:
    _looking(document, colour="FFFFFF")


def _minute(document: docx.document.Document) -> None:
    _looking(document, size=1)


def _of_letters(document: docx.document.Document) -> None:
    _style(document, "Hidden", WD_STYLE_TYPE.CHARACTER)
    _style(document, "Sub", WD_STYLE_TYPE.CHARACTER, "Hidden")
    paragraph = document.add_paragraph("the kettle ")
    paragraph.add_run(SECRET, "Sub")
    paragraph.add_run(" warm")


def _of_paragraphs(document: docx.document.Document) -> None:
    _style(document, "Hidden", WD_STYLE_TYPE.PARAGRAPH)
    _style(document, "Sub", WD_STYLE_TYPE.PARAGRAPH, "Hidden")
    document.styles.add_style("Silent", WD_STYLE_TYPE.CHARACTER)
    document.add_paragraph("the kettle")
    document.add_paragraph("", "Sub").add_run(SECRET, "Silent")
    document.add_paragraph("warm")


def _of_all(document: docx.document.Document) -> None:
    _hide(document.styles["Normal"].element.get_or_add_rPr())
    shown = document.add_paragraph().add_run("the kettle warm")
    _hide(shown._r.get_or_add_rPr(), "0")
    document.add_paragraph(SECRET)


def _of_a_row(document: docx.document.Document) -> None:
    document.add_paragraph("the kettle warm")
    table = document.add_table(1, 1)
    table.cell(0, 0).text = SECRET
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:hidden"))


def _of_a_table(document: docx.document.Document) -> None:
    made = document.styles.add_style("Hidden", WD_STYLE_TYPE.TABLE)
    settings = OxmlElement("w:rPr")
    _hide(settings)
    made.element.append(settings)
    document.add_paragraph("the kettle warm")
    document.add_table(1, 1, "Hidden").cell(0, 0).text = SECRET


@pytest.mark.parametrize(
    "made", [_of_letters, _of_paragraphs, _of_all, _of_a_row, _of_a_table, _white, _minute]
)
def test_hidden_by_a_style_of_word(
    tmp_path: Path, made: Callable[[docx.document.Document], None]
) -> None:
    document = docx.Document()
    made(document)
    document.save(str(tmp_path / "a.docx"))
    is_left_out(tmp_path / "a.docx")


def test_white_words_in_a_table_may_stand_on_a_colour(tmp_path: Path) -> None:
    document = docx.Document()
    run = document.add_table(1, 1).cell(0, 0).paragraphs[0].add_run("white")
    run.font.color.rgb = RGBColor.from_string("FFFFFF")
    document.save(str(tmp_path / "a.docx"))
    assert read(tmp_path / "a.docx").text == "white"


# --- PDF ------------------------------------------------------------------------------------------


def pdf(content: str) -> bytes:
    """A PDF of one page with this content, written by hand."""
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Contents 4 0 R /Resources "
        "<< /Font << /F 5 0 R >> /ExtGState << /G << /ca 0 >> >> >> >>",
        f"<< /Length {len(content)} >>\nstream\n{content}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    whole = "%PDF-1.4\n"
    places = []
    for number, part in enumerate(parts, 1):
        places.append(len(whole))
        whole += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    start = len(whole)
    whole += f"xref\n0 6\n0000000000 65535 f \n{table}trailer << /Size 6 /Root 1 0 R >>\n"
    return f"{whole}startxref\n{start}\n%%EOF\n".encode()


SEEN = "BT /F 12 Tf 40 200 Td (the kettle warm) Tj ET"


@pytest.mark.parametrize(
    ("hidden", "note"),
    [
        ("BT 3 Tr /F 12 Tf 40 150 Td (Hetty) Tj ET", "invisible text"),
        ("q /G gs BT 0 Tr /F 12 Tf 40 150 Td (Hetty) Tj ET Q", "invisible text"),
        ("BT 0 Tr /F 0.5 Tf 40 150 Td (Hetty) Tj ET", "invisible text"),
        ("BT 0 Tr /F 12 Tf 900 150 Td (Hetty) Tj ET", "text off the page"),
        ("BT 0 Tr /F 12 Tf 40 -90 Td (Hetty) Tj ET", "text off the page"),
    ],
)
def test_hidden_in_a_pdf(tmp_path: Path, hidden: str, note: str) -> None:
    (tmp_path / "a.pdf").write_bytes(pdf(f"{SEEN}\n{hidden}"))
    found = read(tmp_path / "a.pdf")
    assert found.text.strip() == "the kettle warm"
    assert any(note in one for one in found.notes)
    _, problems = ledger("s", (tmp_path / "a.pdf").read_bytes(), found, clean(found, "document"))
    assert not problems
