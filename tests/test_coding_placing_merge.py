"""Two coders' projects as one: the same codes by GUID, then by path."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from test_coding_formats_refi import CODES, guid, qdpx, selection, text_source

from analysis import coding
from analysis.cleaning.edits import CleanText
from analysis.files.problems import StudyError
from analysis.study.tables import CODES as CODES_SCHEMA


def user(name: str) -> str:
    return f'<Users><User guid="{guid(2)}" name="{name}"/></Users>'


@pytest.fixture
def two(tmp_path: Path) -> list[coding.CodedProject]:
    return [
        coding.read(
            qdpx(
                tmp_path / f"{name}.qdpx",
                text_source(30, "P1", selection(0, 2, 10) + selection(3, 8, 13), inline="We trust"),
                users=user(name),
            )
        )
        for name in ("Ann", "Bea")
    ]


def place(projects: list[coding.CodedProject], **options: object) -> coding.Placement:
    sources = pd.DataFrame({"source_id": ["P1"], "coded_as": [""], "file": [""], "title": [""]})
    given = {"coders": {}, "code_names": {}, **options}
    return coding.place(
        projects,
        sources,
        {"P1": CleanText("We trust")},
        coding.merged_codes(projects),
        anchor_score=90,
        **given,
    )  # type: ignore[arg-type]


def test_two_coders_are_merged(two: list[coding.CodedProject]) -> None:
    codes = coding.merged_codes(two)
    CODES_SCHEMA.validate(codes)
    assert codes["code"].tolist() == ["role", "role/unheard", "voice", "voice/unheard"]
    assert set(codes["origin"]) == {"Ann.qdpx"}
    codings = place(two).codings
    assert codings.groupby("coder")["code"].agg(list).to_dict() == {
        "Ann": ["voice", "role/unheard"],
        "Bea": ["voice", "role/unheard"],
    }


def test_one_guid_under_two_paths_is_an_error_that_names_both(
    tmp_path: Path, two: list[coding.CodedProject]
) -> None:
    renamed = qdpx(tmp_path / "C.qdpx", codes=CODES.replace('name="voice"', 'name="Stimme"'))
    projects = [two[0], coding.read(renamed)]
    with pytest.raises(StudyError) as raised:
        place(projects)
    first, *_ = raised.value.problems
    assert first.where == "Ann.qdpx and C.qdpx"
    assert "'Stimme'" in first.found and "'voice'" in first.found
    mapped = {"Stimme": "voice", "Stimme/unheard": "voice/unheard"}
    assert len(place(projects, code_names=mapped).codings) == 2


def test_the_same_path_under_another_guid_is_the_same_code(
    tmp_path: Path, two: list[coding.CodedProject]
) -> None:
    source = text_source(30, "P1", selection(0, 2, 70), inline="We trust")
    other = coding.read(
        qdpx(
            tmp_path / "C.qdpx", source, codes=CODES.replace(guid(10), guid(70)), users=user("Cay")
        )
    )
    codings = place([two[0], other]).codings
    assert set(codings.query("start == 0")["coder"]) == {"Ann", "Cay"}
    assert set(codings.query("start == 0")["code"]) == {"voice"}
