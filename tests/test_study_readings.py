"""Who read what, as `data/raw/readings.csv` states it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from analysis.study.readings import read_readings

from analysis.files.problems import StudyError

SOURCES = pd.DataFrame({"source_id": ["s1", "s2", "s3"]})


def write(folder: Path, text: str) -> Path:
    (folder / "readings.csv").write_text(text, encoding="utf-8")
    return folder


def test_without_the_file_nothing_is_stated(tmp_path: Path) -> None:
    table = read_readings(tmp_path, SOURCES)
    assert list(table) == ["coder", "source_id", "from_passage", "to_passage"]
    assert table.empty
    assert table.dtypes.astype(str).tolist()[2:] == ["Int64", "Int64"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_whole_sources_and_parts(tmp_path: Path, delimiter: str) -> None:
    rows = ["coder,source_id,from_passage,to_passage", "B,s3,,", "A, s1 ,2,5", "B,s3,,"]
    folder = write(tmp_path, "\n".join(rows).replace(",", delimiter))
    table = read_readings(folder, SOURCES)
    assert table.astype(object).where(table.notna(), None).to_numpy().tolist() == [
        ["B", "s3", None, None],
        ["A", "s1", 2, 5],
    ]


def test_every_row_that_says_nothing_usable_is_told_with_its_line(tmp_path: Path) -> None:
    rows = "coder,source_id,from_passage,to_passage\n,s1,,\nB,s9,,\nB,s1,3,\nB,s1,5,2\nB,s1,x,4\n"
    with pytest.raises(StudyError) as caught:
        read_readings(write(tmp_path, rows), SOURCES)
    assert [problem.where for problem in caught.value.problems] == [
        "data/raw/readings.csv, line 2, column coder",
        "data/raw/readings.csv, line 3, column source_id",
        "data/raw/readings.csv, line 4, columns from_passage and to_passage",
        "data/raw/readings.csv, line 5, columns from_passage and to_passage",
        "data/raw/readings.csv, line 6, columns from_passage and to_passage",
    ]


def test_a_missing_column_and_another_encoding_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="no column source_id"):
        read_readings(write(tmp_path, "coder,source\nB,s1\n"), SOURCES)
    (tmp_path / "readings.csv").write_bytes("coder,source_id\nZo\xeb,s1\n".encode("cp1252"))
    with pytest.raises(StudyError, match="UTF-8"):
        read_readings(tmp_path, SOURCES)
