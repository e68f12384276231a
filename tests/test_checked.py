"""What is checked before any stage starts: all faults at once, and who left goes first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from tiny import write_tiny_study

from analysis.__main__ import _checked
from analysis.problems import StudyError
from analysis.report.consent import write_published

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


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    "left", ["withdrawn,full", "embargoed,full", "Withdrawn,full", "active,extracts", "active,none"]
)
def test_the_last_site_goes_first_whatever_else_is_wrong(study: Path, fault: str, left: str) -> None:  # fmt: skip
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
