"""A table of one row a response: what its columns are is guessed, shown and agreed to."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from analysis import coding
from analysis.files.problems import StudyError
from analysis.lifecycle.begin import begin_study
from analysis.lifecycle.begin.responses import (
    Layout,
    coded_rows,
    guessed,
    responses_in,
    stated,
)

LONG = ["We could not get through to anybody at all.", "It was fine, thank you, and friendly."]
NUMBERED = [
    ["ID", "Response", "Age", "Code 1", "Code 2"],
    ["P01", LONG[0], "34", "Access, waiting", "Staff"],
    ["P02", LONG[1], "51", "Staff", ""],
]
PRESENCE = [
    ["Respondent", "Answer", "Access", "Staff", "Site"],
    ["1", LONG[0], "1", "1", "north"],
    ["2", LONG[1], "0", "1", "south"],
]
RATERS = [
    ["Answer", "R1", "R2"],
    [LONG[0], "Access; Staff", "Access"],
    [LONG[1], "Staff", "Staff"],
]


def written(folder: Path, rows: list[list[str]], name: str = "table.csv") -> Path:
    path = folder / name
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(row)
        book.save(path)
    else:
        pd.DataFrame(rows[1:], columns=rows[0]).to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    ("rows", "layout"),
    [
        (
            NUMBERED,
            Layout("Response", "ID", codes=("Code 1", "Code 2"), attributes=("Age",)),
        ),
        (
            PRESENCE,
            Layout("Answer", "Respondent", present=("Access", "Staff"), attributes=("Site",)),
        ),
        (RATERS, Layout("Answer", raters=("R1", "R2"))),
    ],
)
@pytest.mark.parametrize("name", ["table.csv", "table.xlsx"])
def test_the_guess(rows: list[list[str]], layout: Layout, name: str, tmp_path: Path) -> None:
    table = responses_in(written(tmp_path, rows, name))
    assert table is not None and guessed(table) == layout
    assert stated(layout.stated(), table) == layout


def test_numbered_columns_hold_one_code_each(tmp_path: Path) -> None:
    table = responses_in(written(tmp_path, NUMBERED))
    assert table is not None
    layout = guessed(table)
    assert layout is not None
    first, second = coded_rows(table, layout)
    assert first.name == "P01" and first.codes == (("", "Access, waiting"), ("", "Staff"))
    assert second.codes == (("", "Staff"),) and second.attributes == {"Age": "51"}


def test_nothing_is_written_before_somebody_agrees(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, RATERS)
    with pytest.raises(StudyError, match="nothing is written yet") as told:
        begin_study(tmp_path / "study", path)
    assert "COLUMNS='text=Answer; raters=R1, R2'" in str(told.value)
    shown = capsys.readouterr().err
    assert "row 1" in shown and "Access (R1)" in shown
    assert not (tmp_path / "study").exists()


def test_a_study_of_responses(tmp_path: Path) -> None:
    begin_study(tmp_path / "study", written(tmp_path, RATERS), "text=Answer; raters=R1, R2")
    raw = tmp_path / "study" / "data" / "raw"
    texts = sorted((raw / "documents").glob("*.txt"))
    assert [path.read_text().strip() for path in texts] == LONG
    (spans,) = (raw / "coding").glob("*.csv")
    codings = coding.read(spans).codings
    assert codings.groupby("coder")["code"].agg(sorted).to_dict() == {
        "R1": ["Access", "Staff", "Staff"],
        "R2": ["Access", "Staff"],
    }


def test_attributes_go_into_the_register_and_a_corpus_needs_no_codes(tmp_path: Path) -> None:
    rows = [["id", "text", "Site"], ["a1", LONG[0], "north"], ["a2", LONG[1], "south"]]
    begin_study(tmp_path / "study", written(tmp_path, rows), "text=text; id=id; attributes=Site")
    register = pd.read_csv(tmp_path / "study" / "data" / "raw" / "sources.csv", dtype=str)
    assert register["file"].tolist() == ["documents/a1.txt", "documents/a2.txt"]
    assert register["site"].tolist() == ["north", "south"]


def test_a_mistyped_heading_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, NUMBERED)
    with pytest.raises(StudyError, match=r"Respons(.|\n)*perhaps(.|\n)*Response"):
        begin_study(tmp_path / "study", path, "text=Respons")
    with pytest.raises(StudyError, match="say which it is"):
        begin_study(tmp_path / "study", path, "id=ID")


def test_names_of_people_are_no_names_of_files(tmp_path: Path) -> None:
    rows = [["Participant", "Answer"], ["Ann Smith", LONG[0]], ["Ben Jones", LONG[1]]]
    table = responses_in(written(tmp_path, rows))
    assert table is not None
    layout = guessed(table)
    assert layout is not None and layout.id == "Participant"
    assert [row.name for row in coded_rows(table, layout)] == ["response-001", "response-002"]
