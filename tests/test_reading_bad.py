"""What is no evidence, broken or hostile: a clear error that names the source, soon."""

from __future__ import annotations

import io
import multiprocessing
import os
import time
import tracemalloc
import zipfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import docx
import pypdf
import pytest
import typst

from analysis.files import confined
from analysis.files.problems import StudyError
from analysis.reading import read

# Not a speed: what a reader that never comes to an end would pass, on any machine.
NEVER_ENDS = 60


def refused(path: Path, found: str) -> None:
    """Reading `path` fails, naming the source, with `found` in what was found, in bounded time."""
    start = time.perf_counter()
    with pytest.raises(StudyError) as caught:
        read(path, "source int-01")
    assert time.perf_counter() - start < NEVER_ENDS
    (problem,) = caught.value.problems
    assert problem.where == "source int-01"
    assert found in problem.found and problem.expected and problem.remedy


def written(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.fixture(scope="module")
def word() -> bytes:
    document, stream = docx.Document(), io.BytesIO()
    for _ in range(200):
        document.add_paragraph("Some words that were said. " * 5)
    document.save(stream)
    return stream.getvalue()


@pytest.fixture(scope="module")
def portable() -> bytes:
    return typst.compile(("Some words that were written. " * 400).encode())


def with_main_part(content: bytes, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr("word/document.xml", content)
    return stream.getvalue()


def test_no_such_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.txt", "cannot be read (No such file")
    refused(tmp_path / ("n" * 300 + ".txt"), "cannot be read (File name too long)")
    refused(tmp_path / "nul\x00.txt", "cannot be read")


def test_what_is_not_a_file(tmp_path: Path) -> None:
    refused(tmp_path, "not a file")
    os.mkfifo(tmp_path / "pipe.txt")
    refused(tmp_path / "pipe.txt", "not a file")
    refused(Path("/dev/zero"), "not a file")


@pytest.mark.parametrize("ending", ["txt", "md", "docx", "odt", "rtf", "html", "pdf", "vtt", "srt"])
def test_empty_files(tmp_path: Path, ending: str) -> None:
    refused(written(tmp_path, f"a.{ending}", b""), "an empty file")


@pytest.mark.parametrize("content", [b" \n\t\r\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_files_without_a_letter(tmp_path: Path, content: bytes) -> None:
    refused(written(tmp_path, "a.txt", content), "without text")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_truncated_word_and_pdf(tmp_path: Path, word: bytes, portable: bytes, share: float) -> None:
    refused(written(tmp_path, "a.docx", word[: int(len(word) * share)]), "broken or cut-off")
    refused(written(tmp_path, "a.pdf", portable[: int(len(portable) * share)]), "cut-off PDF")


def test_truncated_rtf(tmp_path: Path) -> None:
    refused(written(tmp_path, "a.rtf", rb"{\rtf1 {\b words} and"), "cut-off")


def test_word_with_its_xml_cut_off(tmp_path: Path) -> None:
    refused(written(tmp_path, "a.docx", with_main_part(b"<w:document><w:body>")), "broken document")


def test_a_pdf_with_a_password(tmp_path: Path, portable: bytes) -> None:
    writer, stream = pypdf.PdfWriter(clone_from=io.BytesIO(portable)), io.BytesIO()
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(stream)
    refused(written(tmp_path, "a.pdf", stream.getvalue()), "protected by a password")


def test_a_word_file_with_a_password(tmp_path: Path) -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") * 9
    refused(written(tmp_path, "a.docx", content), "protected by a password")


def test_a_packed_file_with_a_password(tmp_path: Path) -> None:
    content = bytearray(with_main_part(b"<w:document/>", method=zipfile.ZIP_STORED))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 1)
    refused(written(tmp_path, "a.docx", bytes(content)), "protected by a password")


def test_an_old_word_file(tmp_path: Path) -> None:
    refused(written(tmp_path, "a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(999)), ".doc")


def test_a_zip_bomb_in_little_memory(tmp_path: Path) -> None:
    path = written(tmp_path, "a.docx", with_main_part(b" " * 400_000_000))
    tracemalloc.start()
    try:
        refused(path, "unpacks to more than")
        assert tracemalloc.get_traced_memory()[1] < 150_000_000
    finally:
        tracemalloc.stop()


def test_a_document_of_millions_of_parts(tmp_path: Path) -> None:
    bomb = with_main_part(b"<w:p/>" * 5_000_000)
    refused(written(tmp_path, "a.docx", bomb), "millions of parts")


def test_entities_are_not_expanded_and_nothing_is_fetched(tmp_path: Path) -> None:
    secret = written(tmp_path, "secret.txt", b"SECRET")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for declared in (
        f'<!DOCTYPE d [<!ENTITY l0 "ha">{laughs}]>',
        f'<!DOCTYPE d [<!ENTITY l9 SYSTEM "file://{secret}">]>',
    ):
        xml = f'{declared}<w:document xmlns:w="w"><w:body><w:p><w:t>&l9;</w:t></w:p></w:body></w:document>'
        refused(written(tmp_path, "a.docx", with_main_part(xml.encode())), "document")


def test_a_word_file_that_is_html(tmp_path: Path) -> None:
    content = b"\xef\xbb\xbf<!DOCTYPE html><html><body>words</body></html>"
    refused(written(tmp_path, "a.docx", content), "a html file that is named .docx")


@pytest.mark.parametrize("name", ["a.docx", "a.odt", "a.pdf", "a.rtf"])
def test_plain_text_under_a_false_ending(tmp_path: Path, name: str) -> None:
    refused(written(tmp_path, name, b"words"), "whatever its ending says")


def test_other_packed_files(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("notes/one.xml", "<a/>")
    refused(written(tmp_path, "a.docx", stream.getvalue()), "neither .docx nor .odt")
    refused(written(tmp_path, "b.txt", stream.getvalue()), "neither .docx nor .odt")


@pytest.mark.parametrize(
    "content", [bytes(range(256)) * 40, b"\x89PNG\r\n\x1a\n" + bytes(500), b"\x00" * 999]
)
def test_binary_junk_named_txt(tmp_path: Path, content: bytes) -> None:
    refused(written(tmp_path, "a.txt", content), "t")


def test_a_text_of_200_mb(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as stream:
        stream.truncate(200_000_000)
    tracemalloc.start()
    try:
        refused(path, "200 MB")
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


def test_a_text_of_30_mb(tmp_path: Path) -> None:
    refused(written(tmp_path, "a.txt", b"words and " * 3_000_000), "30,000,000 characters")


@pytest.mark.parametrize("content", [b"WEBVTT\n", b"WEBVTT - Zoom\n\nNOTE nothing\n"])
def test_captions_without_a_cue(tmp_path: Path, content: bytes) -> None:
    refused(written(tmp_path, "a.vtt", content), "without a cue")
    refused(written(tmp_path, "a.srt", content), "without a cue")


def test_a_scanned_pdf(tmp_path: Path) -> None:
    scan = typst.compile(b"#rect(width: 5cm, height: 5cm, fill: gray)\n#pagebreak()\n#circle()")
    refused(written(tmp_path, "a.pdf", scan), "no text, needs OCR")


def test_pdf_junk(tmp_path: Path) -> None:
    refused(written(tmp_path, "a.pdf", b"%PDF-1.4\njunk\n%%EOF"), "broken PDF")


def unfolding(levels: int) -> bytes:
    """A PDF of a few kilobytes whose forms hold each other twice, `levels` deep."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R "
        b"/Resources << /XObject << /X 6 0 R >> >> >>",
        b"<< /Length 5 >>\nstream\n/X Do\nendstream",
    ]
    for level in range(levels):
        inner = b"/XObject << /X %d 0 R >>" % (7 + level), b"/X Do /X Do"
        deepest = b"/Font << /F1 3 0 R >>", b"BT /F1 9 Tf 50 700 Td (word) Tj ET"
        uses, content = inner if level < levels - 1 else deepest
        objects.append(
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << %s >> "
            b"/Length %d >>\nstream\n%s\nendstream" % (uses, len(content), content)
        )
    written, places = b"%PDF-1.4\n", b""
    for number, content in enumerate(objects, 1):
        places += b"%010d 00000 n \n" % len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    return (
        written
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer << /Size %d /Root 1 0 R >>\n"
        % (
            len(objects) + 1,
            places,
            len(objects) + 1,
        )
        + b"startxref\n%d\n%%%%EOF" % len(written)
    )


@pytest.mark.parametrize(
    ("bound", "value", "told"),
    [("SECONDS", 1.0, "more than 1 seconds"), ("MEMORY", 250_000_000, "or 250 MB")],
)
def test_a_small_pdf_that_unfolds_without_end(
    tmp_path: Path,
    portable: bytes,
    monkeypatch: pytest.MonkeyPatch,
    bound: str,
    value: float,
    told: str,
) -> None:
    confined.end()
    # The others are read without the bound: a busy machine may need a second to begin.
    with monkeypatch.context() as bounded:
        bounded.setattr(confined, bound, value)
        refused(written(tmp_path, "b.pdf", unfolding(30)), told)
    confined.end()
    assert "word" in read(written(tmp_path, "a.pdf", unfolding(4))).text
    assert "words" in read(written(tmp_path, "c.pdf", portable)).text


def test_a_fork_reads_pdfs_in_a_process_of_its_own(tmp_path: Path, portable: bytes) -> None:
    path = written(tmp_path, "a.pdf", portable)
    expected = read(path).text
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as forks:
        assert list(forks.map(read, [path] * 8)) == [read(path)] * 8
    assert read(path).text == expected


def test_unknown_endings(tmp_path: Path) -> None:
    refused(written(tmp_path, "a.rows", b"words"), "ends in .rows")
    refused(written(tmp_path, "noending", b"words"), "ends in nothing")


def test_html_of_scripts_only(tmp_path: Path) -> None:
    refused(
        written(tmp_path, "a.html", b"<!doctype html><html><script>x</script></html>"), "without"
    )


@pytest.mark.parametrize("depth", [2_100, 200_000])
@pytest.mark.parametrize("element", [b"<div>", b"<main><header>", b"<i>a", b"<table><tr><td>b"])
def test_pages_nested_without_end_are_refused_and_not_cut(
    tmp_path: Path, depth: int, element: bytes
) -> None:
    content = b"<!doctype html><p>first</p>" + element * depth + b"last"
    refused(written(tmp_path, "a.html", content), "nested too deeply")


def test_rtf_nested_without_end(tmp_path: Path) -> None:
    path = written(tmp_path, "a.rtf", b"{\\rtf1" + b"{" * 5_000 + b"x" + b"}" * 5_001)
    refused(path, "groups within groups")


@pytest.mark.parametrize("name", ['it\'s "odd"\n.txt', "tab\t[x].txt", "é 😀.txt", "..txt"])
def test_odd_names_are_read_and_told_on_one_line(tmp_path: Path, name: str) -> None:
    assert read(written(tmp_path, name, b"words")).text == "words"
    with pytest.raises(StudyError) as caught:
        read(written(tmp_path, name, b""))
    where = caught.value.problems[0].where
    assert where.isprintable() and where


def test_no_words_of_the_source_in_any_error(tmp_path: Path) -> None:
    with pytest.raises(StudyError) as caught:
        read(written(tmp_path, "a.docx", b"Margaret said"))
    assert "Margaret" not in str(caught.value)
