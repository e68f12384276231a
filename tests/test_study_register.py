from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Literal

import pandas as pd
import pytest
from tiny import REGISTER, write_tiny_study

from analysis.files.problems import StudyError
from analysis.study.register import is_inside, read_register


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return write_tiny_study(tmp_path) / "data" / "raw"


def problems(raw: Path) -> list[str]:
    with pytest.raises(StudyError) as caught:
        read_register(raw)
    return [f"{problem.where}: {problem.found}" for problem in caught.value.problems]


def rewrite(raw: Path, old: str, new: str) -> None:
    text = (raw / "sources.csv").read_text()
    assert old in text
    (raw / "sources.csv").write_text(text.replace(old, new))


def test_a_register_comes_as_it_stands(raw: Path) -> None:
    table = read_register(raw)
    assert list(table["source_id"]) == [row.split(",")[0] for row in REGISTER.splitlines()[1:]]
    assert table.columns[-1] == "interviewer_tags"


def test_a_byte_order_mark_and_unknown_words_are_accepted(raw: Path) -> None:
    rewrite(raw, "interview,commissioner,north,2024-01-01", "unknown,unknown,unknown,unknown")
    (raw / "sources.csv").write_bytes(b"\xef\xbb\xbf" + (raw / "sources.csv").read_bytes())
    assert read_register(raw)["kind"][0] == "unknown"


def test_a_withdrawn_source_needs_no_file(raw: Path) -> None:
    rewrite(raw, "observations/o1.txt,,active", ",,withdrawn")
    (raw / "observations/o1.txt").unlink()
    assert read_register(raw)["status"].iloc[-1] == "withdrawn"


def test_two_sources_of_one_id(raw: Path) -> None:
    rewrite(raw, "\nc2,", "\nc1,")
    assert "data/raw/sources.csv, column source_id: 'c1' in lines 2, 3" in problems(raw)


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "interviews/../../x"])
def test_a_path_that_leaves_the_folder(raw: Path, path: str) -> None:
    rewrite(raw, "documents/d1.md", path)
    assert any("leaves data/raw" in one for one in problems(raw))


def test_a_link_is_refused(raw: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("private")
    (raw / "documents/d1.md").unlink()
    (raw / "documents/d1.md").symlink_to(outside)
    assert any("a link" in one for one in problems(raw))
    assert not is_inside(raw / "documents/d1.md", raw)


def test_all_problems_are_told_at_once(raw: Path) -> None:
    rewrite(raw, "t1,ts-1,interview", "t/1,ts-1,talk")
    (raw / "documents/d1.md").unlink()
    (raw / "documents/stray.md").write_text("stray")
    told = "\n".join(problems(raw))
    assert "'t/1'" in told and "'talk'" in told and "d1.md" in told and "stray.md" in told


def test_a_missing_column_names_it(raw: Path) -> None:
    rewrite(raw, ",publish,", ",publich,")
    assert problems(raw) == ["data/raw/sources.csv, line 1: no column publish: perhaps 'publich'?"]


def test_another_table_is_one_problem(raw: Path) -> None:
    (raw / "sources.csv").write_text("- source_id: a\n  file: b.txt\n")
    (told,) = problems(raw)
    assert "no columns source_id, case_id, kind" in told


@pytest.mark.parametrize("commas", [",", ",,,", ", , ,"])
def test_columns_in_which_nothing_stands_are_none(raw: Path, commas: str) -> None:
    register = read_register(raw)
    lines = (raw / "sources.csv").read_text().splitlines()
    (raw / "sources.csv").write_text("".join(f"{line}{commas}\n" for line in lines))
    pd.testing.assert_frame_equal(read_register(raw), register)


def test_a_line_is_what_an_editor_shows(raw: Path) -> None:
    rewrite(raw, "First,", '"First\nof two lines",')
    rewrite(raw, "\nt1,", "\n\nt1,")
    rewrite(raw, "t2,ts-2,interview", "t2,ts-2,talk")
    text = (raw / "sources.csv").read_text()
    line = next(n for n, one in enumerate(text.split("\n"), start=1) if one.startswith("t2,"))
    assert problems(raw) == [f"data/raw/sources.csv, line {line}, column kind: 'talk'"]


def test_an_unclosed_quotation_mark_and_a_name_without_end(raw: Path) -> None:
    good = (raw / "sources.csv").read_text()
    rewrite(raw, "Second,", '"Second,' + "x" * 200_000)
    assert ["line 3: a row that is not CSV" in one for one in problems(raw)] == [True]
    (raw / "sources.csv").write_text(good)
    rewrite(raw, "documents/d1.md", "documents/" + "d" * 300)
    assert any(
        "line 6, source d1, column file: a name of 310 characters" in one for one in problems(raw)
    )


def test_ragged_rows_and_other_encodings_name_their_line(raw: Path) -> None:
    rewrite(raw, "t2,ts-2,", "t2,ts-2,extra,")
    rewrite(raw, "c2,com-2,interview", "c2,com-2,talk")
    assert problems(raw) == [
        "data/raw/sources.csv, line 5: 15 cells",
        "data/raw/sources.csv, line 3, column kind: 'talk'",
    ]
    (raw / "sources.csv").write_bytes(b"source_id\ncaf\xe9\n")
    assert problems(raw) == ["data/raw/sources.csv, line 2: bytes that are not UTF-8"]


def test_a_file_in_two_rows_is_told_and_what_programs_leave_is_not(raw: Path) -> None:
    for name in ("~$c1.docx", ".~lock.c1.docx#", ".DS_Store", "Thumbs.db", "c1.txt~"):
        (raw / "interviews" / name).write_text("left by a program")
    assert len(read_register(raw)) == len(REGISTER.splitlines()) - 1
    rewrite(raw, "interviews/t2.txt", "interviews/t1.txt")
    (raw / "interviews/t2.txt").unlink()
    assert problems(raw) == ["data/raw/sources.csv, column file: 'interviews/t1.txt' in lines 4, 5"]


@pytest.mark.parametrize(("mark", "said"), [(";", "';'"), ("\t", "tabs")])
@pytest.mark.parametrize("quoted", [False, True])
def test_other_separators_than_commas_are_one_problem(
    raw: Path, mark: str, said: str, quoted: bool
) -> None:
    rows = [row.split(",") for row in REGISTER.splitlines()]
    cell = '"{}"' if quoted else "{}"
    lines = [mark.join(cell.format(one) for one in row) for row in rows]
    (raw / "sources.csv").write_text("\n".join(lines) + "\n")
    assert problems(raw) == [f"data/raw/sources.csv, line 1: columns separated by {said}"]


CASE = Path(__file__).parent / "fixtures" / "cases" / "register-dates-from-excel.csv"


def test_the_case_of_dates_that_a_spreadsheet_rewrote(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    for name in ("hall talk.txt", "yard talk.txt"):
        (tmp_path / "documents" / name).write_text("Words.\n")
    (tmp_path / "sources.csv").write_bytes(CASE.read_bytes())
    with pytest.raises(StudyError) as caught:
        read_register(tmp_path)
    first, second = caught.value.problems
    assert "line 2" in first.where
    assert first.where.endswith("column date")
    assert "2024-05-03 or 2024-03-05" in first.remedy
    assert "2024-04-12 or 2024-12-04" in second.remedy


@pytest.mark.parametrize(
    "date", ["45415", "2024-13-01", "2024-02-30", "May 2024", "1/5/24", "24-01-01"]
)
def test_what_is_no_date_is_refused(raw: Path, date: str) -> None:
    rewrite(raw, "2024-01-08", date)
    (told,) = problems(raw)
    assert told.startswith("data/raw/sources.csv, line 3, source c2, column date")


@pytest.mark.parametrize("date", ["2024", "2024-02", "2024-02-29", "Unknown", "unknown "])
def test_a_date_may_be_as_long_as_it_is_known(raw: Path, date: str) -> None:
    rewrite(raw, "2024-01-08", date)
    assert read_register(raw)["date"][1] == date.strip().lower()


def test_closed_words_are_compared_by_what_a_reader_sees(raw: Path) -> None:
    rewrite(raw, "t2,ts-2,interview,", "t2,ts-2, Interview,")
    rewrite(raw, ",active,none,constructed", ",ACTIVE ,None,Constructed\u200b")
    row = read_register(raw).loc[3]
    assert list(row[["kind", "status", "publish", "provenance"]]) == [
        "interview",
        "active",
        "none",
        "constructed",
    ]


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("\nc2,", "\nC1,", "source_id"),
        (",com-2,", ",COM-1,", "case_id"),
        ("t1,ts-1,interview,third_sector", "t1,ts-1,interview,Third_Sector", "role"),
        (
            "c1,com-1,interview,commissioner,north",
            "c1,com-1,interview,commissioner,No\u00adrth",
            "site",
        ),
    ],
)
def test_two_ways_to_write_one_name_are_told(raw: Path, old: str, new: str, column: str) -> None:
    rewrite(raw, old, new)
    (told,) = problems(raw)
    assert told.startswith(f"data/raw/sources.csv, column {column}: ")
    assert " beside " in told
    assert "line" in told


@pytest.mark.parametrize(("on_disk", "registered"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_a_decomposed_name_of_a_file_is_the_same_name(
    raw: Path, on_disk: Literal["NFC", "NFD"], registered: Literal["NFC", "NFD"]
) -> None:
    name = "interviews/Zoë.txt"
    (raw / "interviews" / "c1.txt").rename(raw / unicodedata.normalize(on_disk, name))
    rewrite(raw, "interviews/c1.txt", unicodedata.normalize(registered, name))
    assert read_register(raw)["file"][0] == unicodedata.normalize(on_disk, name)
