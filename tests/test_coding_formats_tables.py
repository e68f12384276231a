"""Tables of coded segments from many programs, told by their headings."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis import coding
from analysis.cleaning.edits import CleanText
from analysis.files.problems import StudyError

TEXT = "I: How was it?\nP: We were not asked, we were told; nobody listened to us at all.\n"
NAMES = ["T2. Security, Privacy & Trust: access", "told, not asked", "voice", "Power/voice"]


def codebook(*paths: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "code": paths,
            "name": [path.rpartition("/")[2] for path in paths],
            "usable": [True] * len(paths),
        }
    )


def placed(project: coding.CodedProject, *codes: str) -> list[tuple[str, str, str, str]]:
    sources = pd.DataFrame(
        {"source_id": ["S1"], "coded_as": [""], "file": ["interviews/P1.docx"], "title": [""]}
    )
    placement = coding.place(
        [project],
        sources,
        {"S1": CleanText(TEXT)},
        codebook(*codes),
        anchor_score=90,
        coders={},
        code_names={},
    )
    assert placement.unplaced.empty
    return sorted(
        (TEXT[row.start : row.end], row.code, row.coder, row.memo)
        for row in placement.codings.itertuples()
    )


def written(
    path: Path, rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        book.active.append(["About this export"])
        sheet = book.create_sheet("Segments")
        for row in [*rows, *[[""] * len(rows[0])] * 5]:
            sheet.append(row)
        book.save(path)
        return path
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(buffer.getvalue().encode(encoding))
    return path


DIALECTS = {
    "taguette": (
        [
            ["id", "document", "tag", "content"],
            ["7", "P1.docx", "voice", "we were told"],
            ["7", "P1.docx", "told, not asked", "we were told"],
        ],
        [
            ("we were told", "told, not asked", "unknown", ""),
            ("we were told", "voice", "unknown", ""),
        ],
    ),
    "old taguette": (
        [["document", "tag", "content"], ["P1.docx", "voice", "we were told"]],
        [("we were told", "voice", "unknown", "")],
    ),
    "atlas": (
        [
            [
                "ID",
                "Document",
                "Quotation Name",
                "Quotation Content",
                "Codes",
                "Comment",
                "Created by",
            ],
            [
                "1:3",
                "D 1: P1",
                "We w…",
                "We were  not asked",
                "● T2. Security, Privacy & Trust: access\n● told, not asked",
                "so",
                "Ann",
            ],
        ],
        [
            ("We were not asked", "T2. Security, Privacy & Trust: access", "Ann", "so"),
            ("We were not asked", "told, not asked", "Ann", "so"),
        ],
    ),
    "atlas, comma": (
        [
            ["Document", "Quotation Content", "Codes"],
            [
                "P1",
                "We were not asked",
                "T2. Security, Privacy & Trust: access, told, not asked, voice",
            ],
        ],
        [
            ("We were not asked", "T2. Security, Privacy & Trust: access", "unknown", ""),
            ("We were not asked", "told, not asked", "unknown", ""),
            ("We were not asked", "voice", "unknown", ""),
        ],
    ),
    "maxqda": (
        [
            [
                "Color",
                "Document group",
                "Document name",
                "Code",
                "Begin",
                "End",
                "Weight score",
                "Segment",
                "Modified by",
                "Comment",
            ],
            [
                "●",
                "Interviews",
                "P1",
                "Power > voice",
                "2",
                "2",
                "0",
                "nobody listened to us at all",
                "Bea",
                "",
            ],
        ],
        [("nobody listened to us at all", "Power/voice", "Bea", "")],
    ),
    "maxqda, german": (
        [
            [
                "Dokumentgruppe",
                "Dokumentname",
                "Code",
                "Anfang",
                "Ende",
                "Segment",
                "Autor",
                "Kommentar",
            ],
            [
                "G",
                "P1",
                "Power\\voice",
                "¶\u20094",
                "¶\u20094",
                "nobody listened to us at all",
                "Bea",
                "",
            ],
        ],
        [("nobody listened to us at all", "Power/voice", "Bea", "")],
    ),
    "nvivo": (
        [
            ["Hierarchical Name", "File Name", "Coded Text", "Coverage", "Coded By Initials"],
            ["Power\\voice", "P1", "we were told", "1,3%", "AB"],
        ],
        [("we were told", "Power/voice", "AB", "")],
    ),
    "dedoose": (
        [
            [
                "Media Title",
                "Excerpt Range",
                "Excerpt Creator",
                "Excerpt Copy",
                "Codes Applied Combined",
                "Code: told, not asked Applied",
                "Code: voice Applied",
            ],
            ["P1.docx", "1-2", "ann", "we were told", "told, not asked, voice", "True", "True"],
            ["P1.docx", "3-4", "ann", "nobody listened", "voice", "False", "True"],
        ],
        [
            ("nobody listened", "voice", "ann", ""),
            ("we were told", "told, not asked", "ann", ""),
            ("we were told", "voice", "ann", ""),
        ],
    ),
    "qda miner": (
        [
            ["Category", "Code", "Case", "Text", "Coder", "Date", "Comment"],
            ["Power", "voice", "P1", "we were told", "ann", "2024", "x"],
        ],
        [("we were told", "Power/voice", "ann", "x")],
    ),
    "qualcoder": (
        [
            ["File", "Coder", "Coded", "Id", "Codename", "Coded_Memo", "Category"],
            ["P1.docx", "ann", "How was it?\u2029P: We were", "1", "voice", "m", "Power"],
            ["P1.docx", "ann", "we were\ntold", "1", "voice", "", "Power"],
        ],
        [
            ("How was it?\nP: We were", "Power/voice", "ann", "m"),
            ("we were told", "Power/voice", "ann", ""),
        ],
    ),
    "portuguese": (
        [
            ["ID", "Documento", "Conteúdo da citação", "Códigos", "Comentário", "Criado por"],
            ["1", "P1", "we were told", "voice", "", "Ana"],
        ],
        [("we were told", "voice", "Ana", "")],
    ),
}


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("ending", "delimiter", "encoding"),
    [
        (".csv", ",", "utf-8-sig"),
        (".csv", ";", "utf-8"),
        (".txt", "\t", "utf-16"),
        (".xlsx", "", ""),
    ],
)
def test_exports_of_many_programs(
    tmp_path: Path, dialect: str, ending: str, delimiter: str, encoding: str
) -> None:
    rows, expected = DIALECTS[dialect]
    path = written(tmp_path / f"export{ending}", rows, delimiter, encoding)
    assert placed(
        coding.read(path), *NAMES[:2], "Power/voice" if "Power" in str(rows) else "voice"
    ) == [(words, code, coder, memo) for words, code, coder, memo in expected]


def test_columns_stated_overrule_what_is_detected(tmp_path: Path) -> None:
    path = written(
        tmp_path / "own.csv",
        [
            ["text", "snippet", "what", "who", "where"],
            ["not this", "we were told", "voice", "Ann", "P1"],
        ],
    )
    with pytest.raises(StudyError, match="columns in params"):
        coding.read(path)
    stated = {"quote": "snippet", "code": "what", "coder": "who", "source": "where"}
    assert placed(coding.read(path, stated), "voice") == [("we were told", "voice", "Ann", "")]


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("R: my name is Mary Smith and I was afraid, as a child.", "2 headings"),
        ("Mary Smith", "1 heading"),
        ("Mary, yes", "2 headings"),
        ("Well, text, that is what Mary sent me then", "3 headings"),
        ("Snippet,Code,Mary", "3 headings: 'Snippet', 'Code', 'Mary'"),
    ],
)
def test_only_headings_are_quoted_in_an_error(tmp_path: Path, line: str, shown: str) -> None:
    (tmp_path / "c1.txt").write_text(f"{line}\nmore\n")
    with pytest.raises(StudyError) as caught:
        coding.read(tmp_path / "c1.txt")
    assert caught.value.problems[0].found.endswith(f" among {shown}")


def test_a_code_outside_the_codebook_is_an_error_with_its_row(tmp_path: Path) -> None:
    path = written(
        tmp_path / "atlas.csv",
        [
            ["Document", "Quotation Content", "Codes"],
            ["P1", "We were not asked", "voice"],
            ["P1", "we were told", "voice, novelty"],
        ],
    )
    with pytest.raises(StudyError, match=r"data/raw/coding/atlas\.csv, line 3\n.*'novelty'"):
        placed(coding.read(path), "voice")


def test_a_table_of_codes(tmp_path: Path) -> None:
    path = written(
        tmp_path / "codes.csv",
        [["tag", "description", "number of highlights"], ["voice", "who is heard", "3"]],
    )
    project = coding.read(path)
    assert project.codes[["code", "definition"]].to_numpy().tolist() == [["voice", "who is heard"]]
    assert project.codings.empty and project.quotations.empty


def test_repeated_identifiers_and_rows_without_code_are_said(tmp_path: Path) -> None:
    path = written(
        tmp_path / "x.csv",
        [
            ["id", "document", "tag", "content"],
            ["1", "P1", "voice", "told"],
            ["1", "P1", "role", "told"],
            ["2", "P1", "", "told"],
        ],
    )
    said = coding.read(path).report.set_index("detail")["count"]
    assert said["identifiers on several rows: rows of one passage"] == 1
    assert said["segments without a code"] == 1


def test_a_cell_of_an_old_code_page(tmp_path: Path) -> None:
    path = written(
        tmp_path / "x.csv",
        [["document", "tag", "content"], ["P1", "Extensão", "told"]],
        encoding="cp1252",
    )
    assert coding.read(path).codes["code"].tolist() == ["Extensão"]


def test_a_workbook_with_entities_is_refused(tmp_path: Path) -> None:
    import zipfile

    path = tmp_path / "x.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "xl/workbook.xml", '<!DOCTYPE w [<!ENTITY a "aaaa">]><workbook>&a;</workbook>'
        )
    with pytest.raises(StudyError, match="entities"):
        coding.read(path)


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"quote": "Was", "a.csv": {"coder": "Wer"}, "b.csv": {"coder": "Wer"}}, []),
        ({"A.CSV": {"coder": "Wer"}, "Sub/B.csv": {"coder": "Wer"}}, []),
        # A file that was taken away.
        ({"elsewhere.xlsx": {"coder": "Wer"}}, []),
        ({"quotes": "Was"}, ["perhaps 'quote'?"]),
        ({"a.csv": {"Coder ": "Wer", "begin": "Von"}}, ["perhaps 'coder'?", "can be"]),
        ({"a.cvs": {"coder": "Wer"}}, ["perhaps 'a.csv'?"]),
    ],
)
def test_stated_columns_that_would_be_passed_over_are_told(
    columns: dict[str, str | dict[str, str]], told: list[str]
) -> None:
    found = coding.problems_of_columns(columns, ["a.csv", "sub/b.csv"])
    assert len(found) == len(told)
    assert all(one.found.endswith(end) for one, end in zip(found, told, strict=True))


def test_columns_stated_for_a_file_that_is_not_there_are_told() -> None:
    columns: dict[str, str | dict[str, str]]
    columns = {"quote": "Was", "A.CSV": {"coder": "Wer"}, "elsewhere.xlsx": {"coder": "Wer"}}
    assert coding.columns_of_no_file(columns, ["a.csv", "sub/b.csv"]) == ["elsewhere.xlsx"]


def test_positions_by_stated_columns_need_no_quotation(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Wo;Von;Bis;Art\none;4;9;light\n")
    stated = {"source": "Wo", "start": "Von", "end": "Bis", "code": "Art"}
    (row,) = coding.read(tmp_path / "a.csv", {"A.csv": stated}).codings.itertuples()
    assert (row.source_id, row.start, row.end, row.code) == ("one", 4, 9, "light")
