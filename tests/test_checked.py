"""What is checked before any stage starts: all faults at once, and who left goes first."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from tiny import write_tiny_study

from analysis.__main__ import _checked, _run_due
from analysis.files.problems import StudyError
from analysis.pipeline.stages import Work
from analysis.report.gate.consent import write_published
from analysis.stages.texts import check_headline
from analysis.study.folder import Study

SOUND = (
    "t1,ts-1,interview,third_sector,south,2024-01-15,Third,interviews/t1.txt,,active,full,"
    "constructed,R,I"
)


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """The tiny study, with a last site that counts all its sources."""
    made = write_tiny_study(tmp_path / "study")
    site = made / "reports" / "_site"
    site.mkdir()
    register = pd.read_csv(made / "data/raw/sources.csv", dtype=str, keep_default_na=False)
    write_published(register, site)
    return made


def told(study: Path) -> list[str]:
    """All problems, in words."""
    with pytest.raises(StudyError) as caught:
        _checked(study)
    return [f"{problem.where}: {problem.found}" for problem in caught.value.problems]


def spoiled(old: str, new: str) -> Callable[[str], bytes]:
    def spoil(text: str) -> bytes:
        assert text.count(old) == 1
        return text.replace(old, new).encode("cp1252")

    return spoil


FAULTS = {
    "a file that is not there": spoiled("documents/d1.md", "documents/plan.md"),
    "a cell too many": spoiled(",First,", ",First, that is,"),
    "a word that is not allowed": spoiled("active,extracts", "acitve,extracts"),
    "a quotation mark not closed": spoiled(",First,", ',"First,'),
    "a quotation mark in a cell": spoiled(",First,", ',"First" one,'),
    "an id twice": spoiled("\nc2,", "\nc1,"),
    "not UTF-8": spoiled(",First,", ",Café,"),
    "a column mistyped": spoiled(",provenance,", ",provenence,"),
    "a row without its end": spoiled(",full,constructed,R,I\nc2", "\nc2"),
}


LEFT = ["withdrawn,full", "embargoed,full", "Withdrawn,full", "active,extracts", "active,none"]
FIRST = "an id twice"


@pytest.mark.parametrize(
    ("left", "fault"),
    [
        *(("withdrawn,full", fault) for fault in FAULTS),
        *((left, FIRST) for left in LEFT[1:]),
        *(
            pytest.param(left, fault, marks=pytest.mark.full("every fault with every way to leave"))
            for left in LEFT[1:]
            for fault in FAULTS
            if fault != FIRST
        ),
    ],
)
def test_the_last_site_goes_first_whatever_else_is_wrong(
    study: Path, fault: str, left: str
) -> None:
    register = study / "data/raw/sources.csv"
    spoilt = FAULTS[fault](register.read_text())
    register.write_bytes(spoilt)
    assert told(study)
    assert (study / "reports/_site").exists()
    leaving = SOUND.replace("active,full", left).encode()
    register.write_bytes(spoilt.replace(SOUND.encode(), leaving))
    assert told(study)
    assert not (study / "reports/_site").exists()


def test_a_row_that_was_taken_out_counts_beside_a_fault_in_another(study: Path) -> None:
    register = study / "data/raw/sources.csv"
    text = register.read_text().replace(f"{SOUND}\n", "")
    register.write_text(text.replace("documents/d1.md", "documents/plan.md"))
    assert told(study)
    assert not (study / "reports/_site").exists()


def test_a_register_that_is_not_there_withdraws_nothing(study: Path) -> None:
    (study / "data/raw/sources.csv").unlink()
    assert told(study) == ["data/raw/sources.csv: no such file"]
    assert (study / "reports/_site").exists()


@pytest.mark.parametrize("fault", FAULTS)
def test_files_that_cannot_be_read_are_told_beside_a_fault_of_the_register(
    study: Path, fault: str
) -> None:
    raw = study / "data/raw"
    raw.joinpath("sources.csv").write_bytes(FAULTS[fault]((raw / "sources.csv").read_text()))
    for name in ("interviews/t1.txt", "interviews/t2.txt", "observations/o1.txt"):
        (raw / name).write_bytes(bytes(range(256)) * 40)
    said = told(study)
    assert {one.split(":")[0] for one in said} >= {
        "source t1, file data/raw/interviews/t1.txt",
        "source t2, file data/raw/interviews/t2.txt",
        "source o1, file data/raw/observations/o1.txt",
    }


def test_files_are_told_beside_a_fault_elsewhere_and_never_twice(study: Path) -> None:
    (study / "data/raw/claims.yml").write_text("claims: 3\n")
    (study / "data/raw/interviews/t1.txt").write_bytes(b"")
    files = [one for one in told(study) if "t1" in one]
    assert len(files) == 1 and "interviews/t1.txt" in files[0]


def test_a_path_that_leaves_the_folder_names_its_source_and_is_not_read(study: Path) -> None:
    register = study / "data/raw/sources.csv"
    register.write_text(register.read_text().replace("interviews/t1.txt", "../../../../etc/passwd"))
    said = [one for one in told(study) if "t1" in one]
    assert said == [
        "data/raw/sources.csv, line 4, source t1, column file: "
        "a path that leaves data/raw, or a link",
        "data/raw/'interviews/t1.txt': a file that no row of the register names",
    ]


def test_a_mistyped_attribute_is_told_with_all_else_before_any_stage(study: Path) -> None:
    params = study / "params.yml"
    text = params.read_text()
    assert "crossed_attributes: []" in text
    params.write_text(text.replace("crossed_attributes: []", "crossed_attributes: [role, gendr]"))
    fault = "params.yml, crossed_attributes: 'gendr', no column of the register"
    assert told(study) == [fault]
    register = study / "data/raw/sources.csv"
    register.write_bytes(FAULTS["a word that is not allowed"](register.read_text()))
    assert fault in told(study)
    register.unlink()
    assert told(study) == ["data/raw/sources.csv: no such file"]


@pytest.mark.parametrize(
    ("coder", "found"),
    [("C", "'C', who coded nothing"), ("Alpa", "'Alpa', who coded nothing: perhaps 'Alpha'?")],
)
def test_an_unknown_headline_coder_is_told_before_any_kernel_starts(
    study: Path, coder: str, found: str, capfd: pytest.CaptureFixture[str]
) -> None:
    params = study / "params.yml"
    text = (
        params.read_text()
        .replace("coder: A", f"coder: {coder}")
        .replace("coders: {}", "coders: {B: Alpha}")
    )
    params.write_text(text)
    options = argparse.Namespace(study=study, jobs=1, debug=False, final=False)
    with pytest.raises(StudyError) as caught:
        _run_due(Work(study), options)
    (problem,) = caught.value.problems
    assert problem.found == found
    assert "A, Alpha" in problem.expected
    assert not (study / "reports" / "notebooks").exists()


def test_a_coder_is_known_however_the_name_is_written(study: Path) -> None:
    text = (study / "params.yml").read_text()
    (study / "params.yml").write_text(
        text.replace("coders: {}", "coders: {' a ': Ann}").replace("coder: A", "coder: Ann")
    )
    check_headline(Study.open(study))


def test_where_nothing_is_coded_anybody_may_be_named(study: Path) -> None:
    for path in (study / "data/raw/coding").glob("*.csv"):
        path.unlink()
    text = (study / "params.yml").read_text()
    (study / "params.yml").write_text(text.replace("coder: A", "coder: Ann"))
    check_headline(Study.open(study))
