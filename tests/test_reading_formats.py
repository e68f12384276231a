"""Every format, written by another program and read back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pypandoc
import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from odf import table as odf_table
from odf import text as odf_text
from odf.opendocument import OpenDocumentText
from odf.style import Style

from analysis.files.problems import StudyError
from analysis.reading import ENDINGS, read

LINES = ["I: Héllo – “what” is it?", "R: It’s 😀 & <fine>;\tso.", "", "co-production: £5"]


def written(folder: Path, name: str, content: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# --- plain text ---------------------------------------------------------------------------------


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("encoding", "reported"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32"),
    ],
)
def test_encodings_are_decided_and_line_ends_kept(
    tmp_path: Path, encoding: str, reported: str, ends: str
) -> None:
    text = ends.join(LINES)
    found = read(written(tmp_path, "a.txt", text.encode(encoding)))
    assert (found.text, found.format, found.encoding) == (text, "txt", reported)


def test_utf_16_big_endian_with_its_mark(tmp_path: Path) -> None:
    content = b"\xfe\xff" + "Grüße".encode("utf-16-be")
    assert read(written(tmp_path, "a.txt", content)).text == "Grüße"


def test_cp1252_with_its_quotation_marks(tmp_path: Path) -> None:
    text = "“It’s a café” – £5…"
    found = read(written(tmp_path, "a.txt", text.encode("cp1252")))
    assert (found.text, found.encoding, found.notes) == (text, "cp1252", ())


def test_a_mixture_of_encodings_is_noted(tmp_path: Path) -> None:
    content = "café ‘yes".encode() + b" \x93no\x94"
    assert "mixture" in read(written(tmp_path, "a.txt", content)).notes[0]


@given(st.text(min_size=1))
def test_any_utf_8_text_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("plain") / "a.txt"
    path.write_bytes(("words of speech: " * 20 + text).encode())
    try:
        assert read(path).text == "words of speech: " * 20 + text
    except StudyError as error:
        assert "no text in" in str(error) and any(
            c < " " or c == "\x7f" or c > "\ufffd" for c in text
        )


# --- Word ---------------------------------------------------------------------------------------


def docx_bytes(document: object) -> bytes:
    stream = io.BytesIO()
    document.save(stream)  # type: ignore[attr-defined]
    return stream.getvalue()


def test_docx_paragraphs_tables_and_marks(tmp_path: Path) -> None:
    document = docx.Document()
    for line in LINES:
        document.add_paragraph(line)
    table = document.add_table(2, 2)
    for cell, words in zip(table._cells, ("I", "How?", "R", "So."), strict=True):
        cell.text = words
    table.cell(1, 1).add_paragraph("Twice.")
    run = document.add_paragraph("bro").add_run("ken")
    run.add_break()
    run.add_text("line")
    document.add_paragraph("").add_run().add_break(docx.enum.text.WD_BREAK.PAGE)
    document.sections[0].header.paragraphs[0].text = "HEADER"
    document.sections[0].footer.paragraphs[0].text = "FOOTER"
    document.add_comment(run, text="COMMENT", author="Reviewer Name")
    found = read(written(tmp_path, "a.docx", docx_bytes(document)))
    assert found.text == "\n".join([*LINES, "I\tHow?", "R\tSo.\nTwice.", "broken\nline", ""])
    assert found.format == "docx"
    assert found.notes == ("left out: comments, footers, headers",)


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx_of(body: str, extra: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(
            "word/document.xml",
            f'<?xml version="1.0"?>{extra}<w:document xmlns:w="{W}" '
            'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            f"<w:body>{body}</w:body></w:document>",
        )
    return stream.getvalue()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del></w:p>",
            "new",
        ),
        (
            "<w:p><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom></w:p><w:p><w:moveTo><w:r><w:t>moved</w:t></w:r></w:moveTo></w:p>",
            "\nmoved",
        ),
        (
            "<w:p><w:pPr><w:tabs><w:tab/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t></w:r></w:p>",
            "a\tb",
        ),
        (
            "<w:p><w:r><w:t>co</w:t><w:softHyphen/><w:t>pro</w:t><w:noBreakHyphen/><w:t>x</w:t></w:r></w:p>",
            "co\u00adpro\u2011x",
        ),
        (
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>in a control</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            "in a control",
        ),
        ("<w:p><w:r><w:fldChar/><w:instrText>PAGE</w:instrText><w:t>7</w:t></w:r></w:p>", "7"),
        (
            "<w:p><w:r><mc:AlternateContent><mc:Choice><w:t>once</w:t></mc:Choice><mc:Fallback><w:t>twice</w:t></mc:Fallback></mc:AlternateContent></w:r></w:p>",
            "once",
        ),
        (
            "<w:tbl><w:tr><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>in</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc><w:tc><w:p><w:r><w:t>out</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
            "in\tout",
        ),
        (
            "<w:tbl><w:tr><w:sdt><w:sdtPr/><w:sdtContent><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:sdtContent></w:sdt><w:tc><w:sdt><w:sdtContent><w:p><w:r><w:t>b</w:t></w:r></w:p></w:sdtContent></w:sdt></w:tc></w:tr></w:tbl>",
            "a\tb",
        ),
        (
            "<w:tbl><w:sdt><w:sdtContent><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc></w:tr><w:tr><w:customXml><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:customXml></w:tr></w:sdtContent></w:sdt></w:tbl>",
            "a\nb",
        ),
        (
            "<w:tbl><w:tr><w:sdt><w:sdtContent><w:tc><w:tbl><w:tr><w:tc><w:p><w:r><w:t>in</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>",
            "in",
        ),
        (
            "<w:sdt><w:sdtContent><w:tbl><w:tr><w:tc><w:p><w:sdt><w:sdtContent><w:r><w:t>a</w:t></w:r></w:sdtContent></w:sdt></w:p></w:tc></w:tr></w:tbl></w:sdtContent></w:sdt>",
            "a",
        ),
    ],
)
def test_docx_of_changes_fields_and_boxes(tmp_path: Path, body: str, expected: str) -> None:
    tail = "<w:p><w:r><w:t>end</w:t></w:r></w:p>"
    assert read(written(tmp_path, "a.docx", docx_of(body + tail))).text == f"{expected}\nend"


# --- OpenDocument, RTF --------------------------------------------------------------------------


def test_odt_paragraphs_spaces_tables_and_notes(tmp_path: Path) -> None:
    document = OpenDocumentText()
    document.automaticstyles.addElement(Style(name="P", family="paragraph"))
    document.text.addElement(odf_text.H(outlinelevel=1, text="Title"))
    paragraph = odf_text.P(text="I:")
    paragraph.addElement(odf_text.Tab())
    paragraph.addElement(odf_text.Span(text="How\n   is"))
    paragraph.addElement(odf_text.S(c=3))
    paragraph.addText("it?")
    paragraph.addElement(odf_text.LineBreak())
    paragraph.addText("So")
    note = odf_text.Note(noteclass="footnote")
    note.addElement(odf_text.NoteCitation(text="1"))
    body = odf_text.NoteBody()
    body.addElement(odf_text.P(text="NOTE"))
    note.addElement(body)
    paragraph.addElement(note)
    paragraph.addText(".")
    document.text.addElement(paragraph)
    table = odf_table.Table()
    row = odf_table.TableRow()
    for words in ("a", "b"):
        cell = odf_table.TableCell()
        cell.addElement(odf_text.P(text=words))
        row.addElement(cell)
    table.addElement(row)
    document.text.addElement(table)
    stream = io.BytesIO()
    document.save(stream)
    found = read(written(tmp_path, "a.odt", stream.getvalue()))
    assert found.text == "Title\nI:\tHow is   it?\nSo.\na\tb"
    assert found.notes == ("left out: notes",)


@pytest.mark.parametrize("format", ["rtf", "odt", "docx", "html"])
def test_what_pandoc_writes_is_read_back_to_the_word(tmp_path: Path, format: str) -> None:
    paragraphs = [" ".join(f"wörd{n}’s “x{m}” 中 😀" for m in range(9)) for n in range(20)]
    path = tmp_path / f"a.{format}"
    pypandoc.convert_text(
        "\n\n".join(paragraphs),
        format,
        format="markdown-smart",
        outputfile=str(path),
        extra_args=["-s", "--metadata", "title= "],
    )
    lines = [line for line in read(path).text.split("\n") if line.strip()]
    assert lines == paragraphs


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (r"plain\par second \b bold\b0  one\par", "plain\nsecond bold one"),
        (r"caf\'e9 \'93quoted\'94\emdash x\endash y\lquote z\rquote", "café “quoted”—x–y‘z’"),
        (r"\u8217?s and \u-10179?\u-8704? and \uc2\u233 ab\uc0\u233 c", "’s and 😀 and éé" + "c"),
        (r"{\fonttbl{\f0\fcharset0 Arial;}{\f1\fcharset204 Times;}}\f1 \'cf\'f0\f0 \'e9", "Прé"),
        (
            r"{\*\generator Word;}{\info{\author SECRET}}{\header HEAD}{\footer FOOT}text{\footnote NOTE}",
            "text",
        ),
        (
            r"{\pict\pngblip 89504e47}{\stylesheet{\s0 Normal;}}a\~b\-c\_d \{x\} \\",
            "a\u00a0b\u00adc\u2011d {x} \\",
        ),
        (r"\trowd a\cell b\cell\row c\par", "a\tb\nc"),
        (r"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}} {\deleted gone}kept", "link kept"),
        ("a\r\nb\\\r\nc", "ab\nc"),
        (r"\bin4 {}{}x", "x"),
    ],
)
def test_rtf_words(tmp_path: Path, body: str, expected: str) -> None:
    content = r"{\rtf1\ansi\ansicpg1252\deff0 " + body + "}"
    assert read(written(tmp_path, "a.rtf", content.encode("latin-1"))).text == expected


def test_rtf_of_a_page_with_letters_of_two_bytes(tmp_path: Path) -> None:
    content = rb"{\rtf1\ansi\ansicpg932 \'82\'a0\'82\'a2}"
    found = read(written(tmp_path, "a.rtf", content))
    assert (found.text, found.encoding) == ("あい", "cp932")


# --- web pages, captions ------------------------------------------------------------------------

PAGE = """<!DOCTYPE html><html><head><title>T</title><script>var x=1</script><style>p{}</style></head>
<body><header><p>Logo</p></header><nav><a href="/">Home</a></nav>%s<footer>Imprint</footer>
<div hidden>unseen</div><div role="navigation">Menu</div><form>Search</form></body></html>"""


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>Head</h1><p>One\n  two <b>three</b>, four.</p>", "Head\nOne two three, four."),
        ("<main><header><h1>Kept</h1></header><p>a<br>b</p></main><p>outside</p>", "Kept\na\nb"),
        ("<article><p>a</p></article><p>outside</p>", "a"),
        ("<ul><li>a</li><li>b &amp; c&nbsp;d</li></ul>", "a\nb & c\u00a0d"),
        ("<table><tr><th>H</th><td>1</td></tr><tr><th>I</th><td>2</td></tr></table>", "H\t1\nI\t2"),
        ("<pre>a\n  b</pre>", "a\nb"),
        ("<p>a<!-- no --><script>no</script>b</p>c", "ab\nc"),
    ],
)
def test_html_is_what_is_read_on_the_page(tmp_path: Path, body: str, expected: str) -> None:
    found = read(written(tmp_path, "a.html", PAGE % body))
    assert found.text == expected
    assert "Logo" not in found.text and "Imprint" not in found.text


def test_old_pages_that_close_nothing_are_read_whole(tmp_path: Path) -> None:
    lines = [f"Line {number} was said." for number in range(600)]
    page = PAGE % "".join(f"<p><font size=2>{line}" for line in lines)
    assert read(written(tmp_path, "a.html", page)).text.split("\n")[:600] == lines
    nested = "<div>" * 1_500 + "deep <b>down</b><br>still" + "</div>" * 1_500 + "up"
    assert read(written(tmp_path, "b.html", PAGE % nested)).text == "deep down\nstill\nup"


@pytest.mark.parametrize(
    ("encoding", "declaration"),
    [
        ("cp1252", '<meta charset="iso-8859-1">'),
        ("utf-8", ""),
        ("cp1251", "<meta charset=windows-1251>"),
        ("utf-16", ""),
        ("utf-8", '<meta charset="no-such-thing">'),
        ("utf-8", '<meta charset="base64">'),
    ],
)
def test_html_encodings(tmp_path: Path, encoding: str, declaration: str) -> None:
    words = "Привет" if encoding == "cp1251" else "café"
    page = f"<!doctype html><html><head>{declaration}</head><body><p>{words}</p></body></html>"
    assert read(written(tmp_path, "a.html", page.encode(encoding))).text == words


VTT = "WEBVTT\r\n\r\n00:01.000 --> 00:02.000\r\n<v Ann>Hi\r\n"
SRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\nHi\r\n"


@pytest.mark.parametrize(
    ("name", "text"), [("a.vtt", VTT), ("a.srt", SRT), ("a.txt", VTT), ("a.txt", SRT)]
)
def test_captions_are_kept_as_they_are(tmp_path: Path, name: str, text: str) -> None:
    found = read(written(tmp_path, name, b"\xef\xbb\xbf" + text.encode()))
    assert found.text == text
    assert found.format == ("vtt" if text == VTT else "srt")
    assert bool(found.notes) == name.endswith(".txt")


# --- PDF ----------------------------------------------------------------------------------------

LEFT = "The first column tells of commissioners and their contracts. " * 14
RIGHT = "The second column tells of counsellors with their children. " * 14


def pdf(folder: Path, source: str) -> Path:
    return written(folder, "a.pdf", typst.compile(source.encode()))


def test_pdf_columns_stay_apart_and_pages_are_parted(tmp_path: Path) -> None:
    source = f"#set page(columns: 2, height: 14cm)\n{LEFT}\n#colbreak()\n{RIGHT}\n#pagebreak()\nLast page."
    text = read(pdf(tmp_path, source)).text
    first, last = text.split("\f")
    words = " ".join(first.replace("-\n", "").split())
    assert words == " ".join((LEFT + RIGHT).split())
    assert last == "Last page."


def test_pdf_paragraphs_are_parted_by_an_empty_line(tmp_path: Path) -> None:
    text = read(pdf(tmp_path, f"= Title\n\n{LEFT}\n\n{RIGHT}")).text
    assert [part[:9].replace("\n", " ") for part in text.split("\n\n")] == [
        "Title",
        "The first",
        "The secon",
    ]


def test_pdf_pages_without_text_are_named(tmp_path: Path) -> None:
    found = read(pdf(tmp_path, "One.\n#pagebreak()\n#rect(fill: red)\n#pagebreak()\nThree."))
    assert found.notes == ("no text, needs OCR: page 2",)
    assert found.text == "One.\f\fThree."


# --- by content as well as by ending ------------------------------------------------------------


def test_content_decides_between_formats_and_says_so(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("words")
    found = read(written(tmp_path, "a.odt", docx_bytes(document)))
    assert (found.format, found.text) == ("docx", "words")
    assert found.notes == ("read as .docx, which its content is",)
    found = read(written(tmp_path, "b.txt", r"{\rtf1 words}"))
    assert (found.format, found.text) == ("rtf", "words")
    found = read(written(tmp_path, "noending", r"{\rtf1 words}"))
    assert found.format == "rtf"


def test_every_ending_of_the_contract_is_known() -> None:
    assert {".txt", ".md", ".docx", ".odt", ".rtf", ".html", ".pdf", ".vtt", ".srt"} <= set(ENDINGS)


def test_case_of_the_ending_does_not_matter(tmp_path: Path) -> None:
    assert read(written(tmp_path, "A.TXT", "words")).format == "txt"
