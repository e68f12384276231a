"""Files that are taken for texts: told by what they are, not by what they are not."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from analysis.files.problems import StudyError
from analysis.reading import read


def packed(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as whole:
        for name in names:
            whole.writestr(name, "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "found", "remedy"),
    [
        ("~$talk.docx", b"\x05admin" + bytes(150), "lock", "close the document"),
        (".~lock.talk.odt#", b",me,here;", "lock", "close the document"),
        (".talk.docx.icloud", b"bplist00\xd1", "iCloud", "downloaded"),
        ("talk.docx", b"bplist00\xd1", "iCloud", "downloaded"),
        ("talk.gdoc", b'{"url": "x"}', "a link", ".docx"),
        ("talk.docx", bytes(4096), "zeros", "copy it again"),
        ("talk.txt", bytes(4096), "zeros", "copy it again"),
        ("talk.docx", packed("[Content_Types].xml", "xl/workbook.xml"), "Excel", ".docx"),
        ("talk.docx", packed("[Content_Types].xml", "ppt/slides.xml"), "PowerPoint", ".pdf"),
        ("talk.docx", packed("Index/Document.iwa"), "Pages", "Word"),
        ("talk.pages", packed("Index/Document.iwa"), "Pages", "Word"),
        ("talk.mp3", b"ID3\x03", "recording", "transcribed"),
        ("talk.txt", b"ID3\x03\x00\x00" * 50, "recording", "transcribed"),
        ("talk.pdf", b"\x89PNG\r\n\x1a\n", "picture", "OCR"),
        ("talk.msg", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "e-mail", ".docx"),
        ("talk.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Word file", ".docx"),
        ("talk.docx", b"<html><body><p>Hi</p></body></html>", "html file", ".html"),
        ("talk.vtt", b"WEBVTT\n\nhello there\n", "without a cue", ".txt"),
        ("talk.txt", b"", "empty", "right file"),
        *(
            (
                "light.txt",
                f"{start} - \u00a7 2 references coded [1.30% Coverage]\n\nHi.\n".encode(),
                *told,
            )
            for start in ("<Files\\\\one>", "\ufeff<Internals\\\\A b\\\\one>", "\n<Externals\\\\x>")
            for told in [("passages under a code", ".qdpx")]
        ),
    ],
)
def test_a_file_is_told_by_what_it_is(
    tmp_path: Path, name: str, content: bytes, found: str, remedy: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(StudyError) as caught:
        read(tmp_path / name)
    (problem,) = caught.value.problems
    assert found in problem.found and remedy in problem.remedy


def test_what_word_saves_as_a_page_is_read(tmp_path: Path) -> None:
    page = (
        "<html xmlns:w='urn:schemas-microsoft-com:office:word'><head><style>p.MsoNormal{margin:0}"
        "</style></head><body><p class=MsoNormal>Hello <span style='mso-hide:all'>no</span></p></body></html>"
    )
    (tmp_path / "talk.doc").write_text(page)
    assert read(tmp_path / "talk.doc").text == "Hello"


def test_a_document_with_a_sheet_in_it_is_a_document(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Hello")
    document.save(str(tmp_path / "talk.docx"))
    with zipfile.ZipFile(tmp_path / "talk.docx", "a") as whole:
        whole.writestr("word/embeddings/xl/workbook.xml", "x")
    assert read(tmp_path / "talk.docx").text == "Hello"
