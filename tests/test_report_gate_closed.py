"""Nothing of collected sources goes out before somebody has decided on names."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny import write_tiny_study

from analysis.files.problems import StudyError
from analysis.report.gate.closed import refuse_unnamed, tell_undecided
from analysis.study.folder import Study
from analysis.study.names import read_not_names, undecided

HEADING = "find,replace,kind,common_word\n"
KEY = HEADING + "Orla Quennell,[worker 1],person,no\n"


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = write_tiny_study(tmp_path)
    register = folder / "data" / "raw" / "sources.csv"
    register.write_text(register.read_text().replace("constructed", "collected"))
    (folder / "data" / "private").mkdir()
    return folder


def set_no_names(study: Path, reason: str) -> None:
    params = study / "params.yml"
    params.write_text(params.read_text().replace('no_names: ""', f'no_names: "{reason}"'))


@pytest.mark.parametrize("there", ["none", "misnamed", "folder", "empty"])
def test_without_a_key_nothing_goes_out_until_a_reason_is_given(study: Path, there: str) -> None:
    private = study / "data" / "private"
    if there == "misnamed":
        (private / "Pseudonyms.csv").write_text(KEY)
    elif there == "folder":
        (private / "pseudonyms.csv").mkdir()
    elif there == "empty":
        (private / "pseudonyms.csv").write_text(HEADING)
    with pytest.raises(StudyError, match=r"pseudonyms\.csv") as caught:
        refuse_unnamed(Study.open(study))
    assert ("Pseudonyms.csv" in str(caught.value)) == (there == "misnamed")
    set_no_names(study, "public documents")
    refuse_unnamed(Study.open(study))


def test_invented_sources_and_sources_that_show_nothing_need_no_key(study: Path) -> None:
    register = study / "data" / "raw" / "sources.csv"
    collected = register.read_text()
    register.write_text(collected.replace("collected", "constructed"))
    refuse_unnamed(Study.open(study))
    register.write_text(collected.replace(",full,", ",none,").replace(",extracts,", ",unknown,"))
    refuse_unnamed(Study.open(study))


def test_a_speaker_whom_the_register_names_must_be_in_the_key(study: Path) -> None:
    (study / "data" / "private" / "pseudonyms.csv").write_text(KEY)
    register = study / "data" / "raw" / "sources.csv"
    refuse_unnamed(Study.open(study))
    first, _, rest = register.read_text().partition("collected,R,I\n")
    register.write_text(f"{first}collected,R; Fin Tarn; Orla Quennell,I\n{rest}")
    with pytest.raises(StudyError, match="tag 2 of 3") as caught:
        refuse_unnamed(Study.open(study))
    assert "Tarn" not in str(caught.value)
    (study / "data" / "private" / "not_names.csv").write_text("name,source_id\nfin  tarn,c1\n")
    refuse_unnamed(Study.open(study))


def candidates(study: Path) -> None:
    review = study / "data" / "private" / "review"
    review.mkdir(parents=True)
    (review / "candidates-interview.csv").write_text(
        "source_id,start,end,cue,found,context\nc1,0,4,called,Zoë,so Zoë\nt2,0,4,called,Fin,Fin\n"
    )


def test_undecided_names_are_counted_and_stop_the_final_report(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    candidates(study)
    opened = Study.open(study)
    tell_undecided(opened, final=False)
    # t2 may not be shown at all.
    assert "1 possible name waits" in capsys.readouterr().err
    with pytest.raises(StudyError, match="1 possible name waits"):
        tell_undecided(opened, final=True)
    (study / "data" / "private" / "not_names.csv").write_text("name,source_id,by\nZOE,,me\n")
    tell_undecided(opened, final=True)
    assert capsys.readouterr().err == ""
    assert list(undecided(opened.private)["source_id"]) == ["t2"]


def test_decisions_without_the_two_columns_are_refused(tmp_path: Path) -> None:
    assert read_not_names(tmp_path) == frozenset()
    (tmp_path / "not_names.csv").write_text("names\nZoe\n")
    with pytest.raises(StudyError, match=r"no column name(?s:.*)no column source_id"):
        read_not_names(tmp_path)
