"""Every case of `fixtures/cases` that concerns coding, with what it should give."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis import coding
from analysis.cleaning.edits import CleanText
from analysis.coding.formats import NoCodingError
from analysis.lifecycle.begin import begin_study
from analysis.lifecycle.begin.tried import placed
from analysis.study.folder import Study

CASES = Path(__file__).parent / "fixtures" / "cases"
HALL = CASES / "hall talk.txt"

Words = list[tuple[str, str, str]]


def words(project: coding.CodedProject) -> Words:
    """(words, code, coder) of every coding of a project that has its texts."""
    return [
        (project.texts[one.source_id][one.start : one.end], one.code, one.coder)
        for one in project.codings.itertuples()
    ]


def on_hall_talk(name: str, columns: dict[str, str] | None = None) -> list[tuple[object, ...]]:
    """Where a table of codings of the talk in the hall is placed."""
    codes = ["comfort", "purpose"]
    placement = coding.place(
        [coding.read(CASES / name, columns)],
        pd.DataFrame(
            {"source_id": ["source-01"], "coded_as": [""], "file": [HALL.name], "title": [""]}
        ),
        {"source-01": CleanText(HALL.read_text(encoding="utf-8"))},
        pd.DataFrame({"code": codes, "usable": [True, True]}),
        anchor_score=92,
        coders={},
        code_names={},
    )
    assert placement.unplaced.empty
    return list(
        placement.codings[["start", "end", "code", "coder"]].itertuples(index=False, name=None)
    )


def spans_from_excel() -> None:
    expected = [(79, 82, "comfort", "A"), (110, 113, "purpose", "A")]
    assert on_hall_talk("spans-semicolon-from-excel.csv") == expected


def requal() -> None:
    expected = [(79, 82, "comfort", "Ada"), (110, 113, "purpose", "Ada")]
    assert on_hall_talk("csv-requal-export.csv") == expected
    stated = {
        "source": "doc_name",
        "code": "code_name",
        "quote": "segment_text",
        "coder": "user_name",
        "start": "segment_start",
        "end": "segment_end",
    }
    assert on_hall_talk("csv-requal-export.csv", stated) == expected


def comment_replies() -> None:
    project = coding.read(CASES / "docx-comment-replies.docx")
    assert [(code, coder) for _, code, coder in words(project)] == [
        ("warmth", "Ada"),
        ("mess", "Ada"),
    ]
    report = project.report.set_index("detail")["count"]
    assert report["replies to comments"] == 1


def qualcoder() -> None:
    project = coding.read(CASES / "qualcoder-crlf-bom.sqlite")
    assert [(said, coder) for said, _, coder in words(project)] == [
        ("the kettle warm", "Ada"),
        ("Nobody minded", "Ada"),
        ("hall was cold", "Bea"),
    ]


def one_past_the_end() -> None:
    project = coding.read(CASES / "refi-selection-one-past-the-end.qdpx")
    assert words(project)[-1][0] == "Nobody minded the mud."
    report = project.report.set_index("detail")["count"]
    assert report["ends one past the end of their text, cut back to it"] == 1


def rqda() -> None:
    project = coding.read(CASES / "rqda-project.rqda")
    assert words(project) == [("the kettle", "tea", "master")]


def webanno() -> None:
    project = coding.read(CASES / "inception-webanno3.tsv")
    assert words(project) == [("the kettle", "tea", "unknown")]


def label_studio() -> None:
    project = coding.read(CASES / "labelstudio-export.json")
    assert words(project) == [("the kettle", "tea", "4")]


@pytest.mark.parametrize(
    "case",
    [
        spans_from_excel,
        requal,
        comment_replies,
        qualcoder,
        one_past_the_end,
        rqda,
        webanno,
        label_studio,
    ],
)
def test_a_case_gives_what_it_should(case: Callable[[], None]) -> None:
    case()


# What `make new` should place of each export: its words, code and coder.
NOON, CAT = "The lamp blinked at noon.", "Nobody fed the grey cat."
EXPORTS: dict[str, Words] = {
    "slash": [
        ("The kettle sang twice.", "hot∕cold", "unknown"),
        ("The kettle sang twice.", "noise", "unknown"),
        ("Nobody heard the lamp.", "noise", "unknown"),
    ],
    "casev": [(NOON, "Light", "unknown"), (NOON, "noise", "unknown"), (CAT, "Light", "unknown")],
    "wordc": [
        (NOON, "hot∕cold", "Ann"),
        (NOON, "light", "Ann"),
        (CAT, "hot∕cold", "Ann"),
        (CAT, "light", "Ann"),
    ],
    "same1": [("Yes.", "agree", "unknown")] * 3 + [("No lamp today.", "refuse", "unknown")],
    "nested": [
        ("The lamp blinked and the kettle sang all night.", "lamp", "unknown"),
        ("the kettle sang all night.", "kettle", "unknown"),
        ("Nobody slept, for the kettle sang all night.", "night", "unknown"),
    ],
    "twocoders": [
        ("The kettle sang all night long.", "noise", "Ann"),
        (NOON, "light", "Ann"),
        (NOON, "light", "Bob"),
        ("Nobody ever fed the grey cat.", "animals", "Bob"),
    ],
    "long": [
        (NOON, "Attitudes of the kitchen staff towards kettles", "unknown"),
        (CAT, "Attitudes of the kitchen staff towards lamps", "unknown"),
    ],
    "gate": [("I slept badly", "kettle sang all", "Ann"), (CAT, "night long", "Ann")],
    "stray": [],
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_begins_a_study_with_every_segment(name: str, tmp_path: Path) -> None:
    begin_study(tmp_path / "new", CASES / "exports" / name)
    study = Study.open(tmp_path / "new")
    placement = placed(study)
    found = [
        (_cleaned(study, one.source_id)[one.start : one.end], one.code, one.coder)
        for one in placement.codings.itertuples()
    ]
    assert sorted(found) == sorted(EXPORTS[name])
    assert placement.unplaced.empty


def _cleaned(study: Study, source_id: str) -> str:
    from analysis.stages import texts

    return texts.cleaned_texts(study)[source_id].text


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("cb1", {"light": "what shines", "noise": "what sounds"}),
        ("cb2", {"light": "what shines", "light/lamp": "a lamp"}),
        (
            "cb3",
            {
                "light": "what shines",
                "light/lamp": "a lamp",
                "T2. Security": "",
                "T2. Security/keys": "keys",
            },
        ),
    ],
)
def test_a_codebook_export_is_a_codebook(name: str, codes: dict[str, str], tmp_path: Path) -> None:
    begin_study(tmp_path / "new", CASES / "exports" / name)
    table = Study.open(tmp_path / "new").codebook.codes
    assert dict(zip(table["code"], table["definition"], strict=True)) == codes


def test_a_foreign_table_is_set_aside_and_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    begin_study(tmp_path / "new", CASES / "exports" / "stray")
    assert "participants.csv: set aside" in capsys.readouterr().err
    with pytest.raises(NoCodingError):
        coding.read(CASES / "exports" / "stray" / "participants.csv")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("one;;noise", "1: segments without words or positions"),
        ("Total;;2", "1: segments without words or positions"),
        ("one;It sang.;", "1: segments without a code"),
        (";It sang.;noise", "1: segments without a source"),
        ("Sums;;", ""),
    ],
)
def test_a_row_that_is_no_coding_is_counted_and_blocks_nothing(
    row: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    origin = tmp_path / "given"
    origin.mkdir()
    (origin / "one.txt").write_text("I: What then?\nR: The lamp blinked. It sang.\n")
    rows = f"Document;Segment;Code\none;The lamp blinked.;light\n{row}\n"
    (origin / "codes.csv").write_text(rows)
    begin_study(tmp_path / "new", origin)
    said = capsys.readouterr().err
    assert f"{1 + bool(told)} codings read, 1 placed{told and f'; {told}'}\n" in said
    assert Study.open(tmp_path / "new").codebook.codes["code"].tolist() == ["light"]


def test_what_is_about_a_folder_or_dresses_it_is_set_aside(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    origin = tmp_path / "given"
    origin.mkdir()
    (origin / "one.txt").write_text("I: What then?\nR: The lamp blinked.\n")
    (origin / "codes.csv").write_text("Document;Segment;Code\none.txt;The lamp blinked.;light\n")
    for name in ("README.md", "style.css", "other.json"):
        (origin / name).write_text("{}")
    begin_study(tmp_path / "new", origin)
    said = capsys.readouterr().err
    assert all(f"{name}: set aside" in said for name in ("README.md", "style.css", "other.json"))
    assert "codes.csv: 1 codings read, 1 placed" in said
    assert len(Study.open(tmp_path / "new").sources) == 1


def test_codes_cost_nothing_in_qualcoder(tmp_path: Path) -> None:
    path = tmp_path / "many.sqlite"
    subprocess.run(
        [sys.executable, str(CASES / "exports" / "mkqda.py"), str(path), "3000"], check=True
    )
    project = coding.read(path)
    assert len(project.codes) == 3000
    assert words(project) == [("The kettle sang.", "code 1", "a")]


def test_a_column_may_be_stated_for_one_file(tmp_path: Path) -> None:
    for name in ("one.csv", "two.csv"):
        (tmp_path / name).write_text("Who,What,Where,Kind\nAnn,A lamp blinks.,D1,light\n")
    roles = {"coder": "Who", "quote": "What", "source": "Where", "code": "Kind"}
    columns = {"one.csv": roles}
    project = coding.read(tmp_path / "one.csv", columns)
    assert project.quotations["coder"].tolist() == ["Ann"]
    with pytest.raises(NoCodingError):
        coding.read(tmp_path / "two.csv", columns)


def test_the_fixture_of_the_coder_who_found_nothing_has_a_place_to_say_so(tmp_path: Path) -> None:
    from analysis.coding.readings import read_readings

    (tmp_path / "readings.csv").write_text("coder;source_id\nB;s3\n", encoding="utf-8")
    with (CASES / "agreement-coder-found-nothing.csv").open(encoding="utf-8") as stream:
        sources = pd.DataFrame(
            {"source_id": sorted({row["source_id"] for row in csv.DictReader(stream)})}
        )
    assert read_readings(tmp_path, sources)[["coder", "source_id"]].values.tolist() == [["B", "s3"]]
