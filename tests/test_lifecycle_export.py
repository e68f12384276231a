"""An export holds what consent allows, and comes back."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pandas as pd
import pytest
from placed import write_placed_study
from tiny import CODED, write_tiny_study

from analysis import coding
from analysis.files.problems import StudyError
from analysis.lifecycle.export import export_study
from analysis.study.folder import Study

FULL = {"c1", "t1", "d1", "o1"}


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, Path]:
    """The tiny study, placed, with o1 withdrawn, and its export in every form."""
    folder = tmp_path_factory.mktemp("export") / "study"
    study = write_placed_study(folder)
    (study.raw / "recordings").mkdir()
    (study.raw / "recordings" / "c1.mp3").write_bytes(b"ID3 the voice of somebody")
    export_study(folder, folder / "exports", "all")
    return study, folder / "exports"


def test_the_project_comes_back_with_every_span_coder_and_attribute(
    exported: tuple[Study, Path],
) -> None:
    study, folder = exported
    project = coding.read(folder / "study.qdpx")
    assert set(project.texts) == FULL - {"o1"}
    assert all(text == study.text(source_id) for source_id, text in project.texts.items())
    key = ["source_id", "start", "end", "code", "coder"]
    ours = study.all_codings[study.all_codings["source_id"].isin(FULL)][key]
    assert sorted(project.codings[key].itertuples(index=False, name=None)) == sorted(
        ours.itertuples(index=False, name=None)
    )
    roles = project.sources.set_index("source_id")["role"].to_dict()
    assert roles == {"c1": "commissioner", "t1": "third_sector", "d1": "commissioner"}
    assert list(coding.read(folder / "codebook.qdc").codes["code"]) == sorted(study.codes["code"])


def test_no_words_go_out_of_sources_without_full_consent(exported: tuple[Study, Path]) -> None:
    _, folder = exported
    said = b" ".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())
    for packed in ("study.qdpx", "joint_display.xlsx"):
        with zipfile.ZipFile(folder / packed) as archive:
            said += b" ".join(archive.read(name) for name in archive.namelist())
    for source_id, quote, _ in CODED["A"]:
        # Of c2, which lets extracts out, the coded words stand in what the evidence page prints.
        assert (quote.encode() in said) == (source_id in FULL - {"o1"} | {"c2"})
        assert (f"a memo on {source_id}".encode() in said) == (source_id in FULL - {"o1"})
    assert b"Hours of help" not in said and b"the voice of somebody" not in said
    assert not any(name.encode() in said for name in ("(second)", "d1.md"))


def test_codings_and_attributes_of_all_active_sources_are_there(
    exported: tuple[Study, Path],
) -> None:
    study, folder = exported
    codings = pd.read_csv(folder / "codings.csv", keep_default_na=False)
    assert len(codings) == len(study.all_codings) == 15
    assert set(pd.read_csv(folder / "sources.csv")["source_id"]) == {"c1", "c2", "t1", "t2", "d1"}
    by_case = pd.read_csv(folder / "cases_by_code.csv").set_index("case_id")
    assert by_case.loc["com-2", "design/workshop"] == 1
    assert "3 of 5 sources" in (folder / "README.md").read_text()


def test_without_placed_coding_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="run make report first"):
        export_study(write_tiny_study(tmp_path / "study"), tmp_path / "exports")
    assert not (tmp_path / "exports").exists()
