"""What is given as a table and is something else is told by what it is, once."""

from __future__ import annotations

import io
import zipfile

import pytest

from analysis.files.csv_rows import numbered_rows
from analysis.files.csv_text import csv_text, ragged
from analysis.files.problems import StudyError

TABLE = "source_id,kind,title\ns1,document,Tea\ns2,interview,Kettle\n"


def _workbook() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("xl/workbook.xml", "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (_workbook(), "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel"),
        (TABLE.encode("utf-16"), "UTF-16"),
        (TABLE.encode("utf-16-le"), "UTF-16"),
        (b'\xef\xbb\xbf  [{"source_id": "s1"}]', "JSON"),
        (b'{"sources": []}', "JSON"),
        (b"<html><table></table></html>", "web page"),
        (TABLE.replace(",", ";").encode(), "';'"),
        (b"sep=;\n" + TABLE.replace(",", ";").encode(), "';'"),
        (TABLE.replace(",", "\t").encode(), "tabs"),
        (TABLE.replace(",", "|").encode(), "'|'"),
        (TABLE.replace("Tea", "Thé").encode("cp1252"), "not UTF-8"),
        (b'"source_id,kind,title"\n"s1,document,Tea"\n', "quotation marks"),
    ],
)
def test_what_is_no_table_with_commas_is_one_problem(content: bytes, found: str) -> None:
    with pytest.raises(StudyError) as caught:
        csv_text(content, "data/raw/sources.csv")
    (problem,) = caught.value.problems
    assert found in problem.found and problem.where.startswith("data/raw/sources.csv")


@pytest.mark.parametrize("content", [TABLE, "\ufeff" + TABLE, TABLE.replace("\n", "\r\n")])
def test_a_table_is_its_rows(content: str) -> None:
    rows = list(numbered_rows(csv_text(content.encode(), "t"), "t"))
    assert rows[0] == (1, ["source_id", "kind", "title"]) and rows[2][1][2] == "Kettle"


def test_a_stated_separator_keeps_the_lines() -> None:
    rows = list(numbered_rows(csv_text(f"sep=,\n{TABLE}".encode(), "t"), "t"))
    assert [line for line, _ in rows] == [2, 3, 4]


def test_a_comma_too_many_in_every_row_is_told_once() -> None:
    rows = [(1, ["a", "b"]), *((line, ["1", "2", ""]) for line in range(2, 14))]
    (problem,) = ragged(rows, "t")
    assert problem.where == "t, lines 2, 3, 4, 5, 6 and 7 more"
    assert "the last of them empty" in problem.found and "comma too many" in problem.remedy
    (one,) = ragged([(1, ["a", "b"]), (2, ["1"])], "t")
    assert (one.where, one.found) == ("t, line 2", "1 cell")
