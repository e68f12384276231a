"""Files that are made to harm end in a sentence for a person: none crashes, hangs or fills the memory."""

from __future__ import annotations

import csv
import io
import os
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tiny import write_tiny_study

from analysis import coding
from analysis.claims import read_memos
from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.file_text import pieces_of
from analysis.files import confined
from analysis.files.problems import StudyError
from analysis.reading import read
from analysis.stages.texts import read_projects
from analysis.study.codebook import read_codebook
from analysis.study.folder import Study
from analysis.study.register import read_register


@pytest.fixture(autouse=True)
def less(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Smaller bounds, so that a bomb need be no large one."""
    confined.end()
    monkeypatch.setattr(confined, "SECONDS", 10.0)
    monkeypatch.setattr(confined, "MEMORY", 250_000_000)
    yield
    confined.end()


def told(work: Callable[[], object]) -> str:
    with pytest.raises(StudyError) as caught:
        work()
    problem = caught.value.problems[0]
    assert all((problem.where, problem.found, problem.expected, problem.remedy))
    return problem.found


def zipped(**members: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


def file(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def test_a_project_of_millions_of_elements(tmp_path: Path) -> None:
    # The elements differ, so that the packing stays below the ratio at which it is refused.
    many = b"".join(b'<Code guid="%x" name="%x"/>' % (n, n * 7) for n in range(600_000))
    project = b"<Project><CodeBook><Codes>" + many + b"</Codes></CodeBook></Project>"
    path = file(tmp_path, "a.qdpx", zipped(**{"project.qde": project}))
    assert "read" in told(lambda: coding.read(path))


def test_a_coded_document_of_millions_of_elements(tmp_path: Path) -> None:
    word = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    many = b"".join(b"<w:p><w:r><w:t>%x</w:t></w:r></w:p>" % n for n in range(700_000))
    document = b'<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (word, many)
    path = file(tmp_path, "a.docx", zipped(word__document=b"") + b"")
    path.write_bytes(
        zipped(
            **{
                "word/document.xml": document,
                "word/comments.xml": b"<w:comments xmlns:w='%s'/>" % word,
            }
        )
    )
    assert told(lambda: coding.read(path))


def database(path: Path, *statements: str) -> Path:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path


TAGUETTE = (
    "CREATE TABLE documents (id INTEGER, name TEXT, filename TEXT, contents TEXT{})",
    "CREATE TABLE tags (id INTEGER, path TEXT, description TEXT)",
    "CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER, "
    "end_offset INTEGER, snippet TEXT)",
    "CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER)",
)


@pytest.mark.full
def test_a_database_whose_column_is_computed(tmp_path: Path) -> None:
    first = (
        "CREATE TABLE documents (id INTEGER, name TEXT, filename TEXT, "
        "contents TEXT AS (replace(hex(zeroblob(30000000)), '0', 'aaaaaaaaaa')))"
    )
    path = database(
        tmp_path / "a.sqlite3",
        first,
        *TAGUETTE[1:],
        *["INSERT INTO documents (id, name, filename) VALUES (1, 'a', 'a')"] * 20,
    )
    assert told(lambda: coding.read(path))
    assert told(lambda: pieces_of(path.read_bytes(), path.name))


def test_bytes_in_the_place_of_a_name(tmp_path: Path) -> None:
    path = database(
        tmp_path / "a.sqlite3",
        TAGUETTE[0].format(""),
        *TAGUETTE[1:],
        "INSERT INTO documents VALUES (1, x'ff00', x'61', '<p>words here</p>')",
        "INSERT INTO tags VALUES (1, x'636f6465', x'ff')",
        "INSERT INTO highlights VALUES (1, 1, 0, 5, 'words')",
        "INSERT INTO highlight_tags VALUES (1, 1)",
    )
    assert list(coding.read(path).codings["code"]) == ["code"]


@pytest.mark.parametrize("depth", [2_100, 50_000])
def test_elements_within_elements(tmp_path: Path, depth: int) -> None:
    page = b"<!doctype html><p>first</p>" + b"<div>" * depth + b"last"
    assert "nested" in told(lambda: read(file(tmp_path, "a.html", page)))
    pieces_of(page, "a.html")  # searched as far as there is something, in bounded time


def test_comments_before_a_page(tmp_path: Path) -> None:
    page = b"<!-- a -->" * 20_000 + b"words"
    assert read(file(tmp_path, "a.txt", page)).format in ("txt", "html")


@pytest.mark.full
def test_archives_within_archives() -> None:
    packed = bytes(20_000_000)
    for _ in range(3):
        packed = zipped(**{f"{n}.zip": packed for n in range(8)})
    assert told(lambda: pieces_of(packed, "a.zip"))


def test_an_interview_for_ever(tmp_path: Path) -> None:
    pipe = tmp_path / "x.txt"
    os.mkfifo(pipe)
    assert told(lambda: read(pipe)) == "not a file"
    assert told(lambda: coding.read(pipe)) == "not a file"


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_memos_and_lists_that_are_no_files(tmp_path: Path, make: Callable[[Path], None]) -> None:
    study = write_tiny_study(tmp_path)
    memos = study / "data/raw/memos"
    memos.mkdir()
    make(memos / "x.md")
    assert "file" in told(lambda: read_memos(memos)) or "folder" in told(lambda: read_memos(memos))
    for name, reader in (("sources.csv", read_register), ("codebook.yml", read_codebook)):
        path = study / "data/raw" / name
        path.unlink()
        make(path)
        target = path.parent if name == "sources.csv" else path
        assert told(lambda reader=reader, target=target: reader(target))
        path.rmdir() if path.is_dir() else path.unlink()
    opened = Study.open(study)
    before = len(read_projects(opened))
    make(study / "data/raw/coding/x.md")
    assert len(read_projects(opened)) == before  # notes beside the coding are not opened


@pytest.mark.parametrize("digits", [20, 5_000])
def test_positions_without_end(tmp_path: Path, digits: int) -> None:
    rows = f"source_id,start,end,code,coder\nP1,0,{'9' * digits},a,A\nP1,{'1' * digits},2,a,A\n"
    project = coding.read(file(tmp_path, "a.csv", rows.encode()))
    assert [one.expected for one in project.problems] == ["a whole number, 0 or more"] * 2


def test_a_first_line_longer_than_a_reader_of_csv_takes(tmp_path: Path) -> None:
    assert told(lambda: coding.read(file(tmp_path, "a.csv", b"a" * 200_000)))
    assert told(lambda: coding.read(file(tmp_path, "b.csv", b'"' + b"a," * 200_000)))


def test_a_cell_that_names_a_word_which_is_not_there(tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Document", "Code", "Segment"])
    whole = io.BytesIO()
    book.save(whole)
    changed = io.BytesIO()
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, re.sub(rb't="inlineStr"><is>.*?</is>', b't="s"><v>999</v>', content))
    found = told(lambda: coding.read(file(tmp_path, "a.xlsx", changed.getvalue())))
    assert found == "a workbook that is damaged or breaks off"


def test_a_codebook_of_very_many_codes(tmp_path: Path) -> None:
    path = file(
        tmp_path,
        "codebook.yml",
        b"codes:\n" + b"".join(b"- name: c%d\n" % n for n in range(30_000)),
    )
    assert told(lambda: read_codebook(path))


def test_a_key_of_very_many_names(tmp_path: Path) -> None:
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(["find", "replace", "kind", "common_word"])
    table.writerows([f"Name{n}", f"[N{n}]", "person", "no"] for n in range(100_000))
    path = file(tmp_path, "pseudonyms.csv", written.getvalue().encode())
    assert "100,001" in told(lambda: PseudonymKey.read(path))
