"""Word comments as codes, in a document written by python-docx."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from docx import Document

from analysis import coding
from analysis.cleaning.edits import CleanText
from analysis.files.problems import StudyError
from analysis.reading import read


@pytest.fixture
def commented(tmp_path: Path) -> Path:
    document = Document()
    document.add_paragraph("I: How was it?")
    answer = document.add_paragraph("P: ")
    heard = answer.add_run("We were not asked")
    answer.add_run(", ")
    told = answer.add_run("we were told. ")
    cell = document.add_table(1, 1).cell(0, 0).paragraphs[0].add_run("A plan 😀")
    document.add_comment([heard], text="voice; being told, not asked", author="Ann")
    document.add_comment([heard, told], text="being told, not asked, voice", author="Bea")
    document.add_comment([told], text="voice\nrole", author="")
    document.add_comment([cell], text="role", author="Ann")
    document.add_comment([cell], text=" ", author="Ann")
    path = tmp_path / "P1.docx"
    document.save(str(path))
    return path


def codebook(*paths: str) -> pd.DataFrame:
    return pd.DataFrame({"code": paths, "name": paths, "usable": [True] * len(paths)})


def test_comments_are_codings_on_the_readers_text(commented: Path) -> None:
    project = coding.read(commented)
    assert project.texts["P1.docx"] == read(commented).text
    sources = pd.DataFrame(
        {"source_id": ["S1"], "coded_as": [""], "file": ["interviews/P1.docx"], "title": [""]}
    )
    clean = CleanText(read(commented).text)
    codes = codebook("voice", "role", "being told, not asked")
    placement = coding.place(
        [project], sources, {"S1": clean}, codes, anchor_score=90, coders={}, code_names={}
    )
    found = [
        (clean.text[row.start : row.end], row.code, row.coder)
        for row in placement.codings.itertuples()
    ]
    assert sorted(found) == sorted(
        [
            ("We were not asked", "voice", "Ann"),
            ("We were not asked", "being told, not asked", "Ann"),
            ("We were not asked, we were told.", "voice", "Bea"),
            ("We were not asked, we were told.", "being told, not asked", "Bea"),
            ("we were told.", "voice", "unknown"),
            ("we were told.", "role", "unknown"),
            ("A plan 😀", "role", "Ann"),
        ]
    )
    left_out = project.report.query("topic == 'left out'").set_index("detail")["count"]
    assert left_out.to_dict() == {"empty comments": 1}


def test_a_comment_that_names_no_code_is_an_error_with_its_number(commented: Path) -> None:
    project = coding.read(commented)
    sources = pd.DataFrame({"source_id": ["P1"], "coded_as": [""], "file": [""], "title": [""]})
    clean = CleanText(project.texts["P1.docx"])
    with pytest.raises(StudyError, match=r"data/raw/coding/P1\.docx, comment 3\n.*'role'"):
        coding.place(
            [project],
            sources,
            {"P1": clean},
            codebook("voice", "being told, not asked"),
            anchor_score=90,
            coders={},
            code_names={},
        )
