"""'Written down before any pattern was computed' is said only where the study's history shows it.

Each test is a small repository to which something happened; what may be said follows from it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from tiny import CLAIMS

from analysis.claims import first_computed, read_claims
from analysis.claims.first_computed import RECORD, remember
from analysis.claims.written_when import made_after, standings
from analysis.files.problems import StudyError
from analysis.report.pages import written_when

CODES = ["trust"]
FILE = "data/raw/claims.yml"
WRITTEN, RAN, LATER = "2024-05-20", "2024-05-21", "2024-07-01"
PROVEN = "were written down before any pattern was computed"
OTHER = CLAIMS[CLAIMS.index("      - id: trust-told") : CLAIMS.index("    decision:")]


def git(folder: Path, *words: str, day: str = WRITTEN) -> str:
    own = ["git", "-C", str(folder), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    moment = f"{day}T12:00:00+0000"
    dated = os.environ | {"GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_DATE": moment}
    done = subprocess.run([*own, *words], check=True, capture_output=True, text=True, env=dated)
    return done.stdout.strip()


def commit(folder: Path, day: str) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", f"of {day}", day=day)
    return git(folder, "rev-parse", "HEAD")


def write(folder: Path, text: str = CLAIMS) -> None:
    (folder / "data/raw").mkdir(parents=True, exist_ok=True)
    (folder / FILE).write_text(text, encoding="utf-8")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A repository with claims that are not committed yet."""
    folder = tmp_path / "study"
    write(folder)
    git(folder, "init", "-q", "-b", "main")
    return folder


@pytest.fixture
def proven(study: Path) -> Path:
    """Claims committed, patterns computed a day later, the record committed then."""
    commit(study, WRITTEN)
    remember(study, RAN, computed=True)
    commit(study, RAN)
    return study


def said(folder: Path) -> str:
    return written_when.told(read_claims(folder / FILE, CODES), standings(folder))


def states(folder: Path) -> dict[str, str]:
    return {one.id: one.state for one in standings(folder)}


def test_claims_committed_before_the_first_run_were_written_before(proven: Path) -> None:
    told = said(proven)
    begun = git(proven, "rev-list", "--max-parents=0", "HEAD")
    assert told.startswith(f"All claims and expectations {PROVEN}, as far as")
    assert f"in commit {begun[:12]} of {WRITTEN}" in told and f"computed on {RAN}" in told
    assert "No record" not in told and "after" not in told


def test_runs_with_nothing_new_change_nothing(proven: Path) -> None:
    before = (proven / RECORD).read_bytes()
    write(proven, CLAIMS.replace("Help travels", "Help\n          travels", 1))
    remember(proven, LATER, computed=True)
    assert (proven / RECORD).read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("at_least: 2", "at_least: 1", "trust-told"),
        ("against: Fewer", "against: Many fewer", "trust-told"),
        ("that trust is the work", "that trust is all", "trust"),
    ],
)
def test_what_is_edited_later_was_changed_after(
    proven: Path, old: str, new: str, changed: str
) -> None:
    write(proven, CLAIMS.replace(old, new))
    remember(proven, LATER, computed=True)
    commit(proven, LATER)
    assert made_after(standings(proven)) == {changed}
    told = said(proven)
    assert f"{changed} (changed, first computed with on {LATER})" in told
    assert f"first on {RAN}" in told and "All claims" not in told and PROVEN in told


def test_wording_that_changes_no_expectation_changes_nothing(proven: Path) -> None:
    other = CLAIMS.replace("Enough of them speak", "Plenty of them speak")
    write(proven, other.replace("id: trust-told", "id: trust-said"))
    assert set(states(proven).values()) == {"before"}


def test_a_new_expectation_on_old_codings_was_made_after(proven: Path) -> None:
    more = OTHER.replace("trust-told", "trust-late").replace("at_least: 2", "at_least: 3")
    write(proven, CLAIMS.replace("    decision:", f"{more}    decision:"))
    assert states(proven)["trust-late"] == "no run was recorded"
    remember(proven, LATER, computed=True)
    assert made_after(standings(proven)) == {"trust-late"}
    assert f"the expectation trust-late (first computed with on {LATER})" in said(proven)


def test_claims_after_counts_without_claims_were_made_after(study: Path) -> None:
    (study / FILE).unlink()
    remember(study, RAN, computed=True)
    write(study)
    commit(study, LATER)
    remember(study, LATER, computed=True)
    assert set(states(study).values()) == {"after"}


def test_without_codings_nothing_was_seen(study: Path) -> None:
    remember(study, WRITTEN, computed=False)
    assert not (study / RECORD).exists()
    assert set(states(study).values()) == {"no run was recorded"}


def test_claims_committed_after_the_first_run_are_proven_by_nothing(study: Path) -> None:
    remember(study, RAN, computed=True)
    commit(study, LATER)
    told = said(study)
    assert PROVEN not in told and "the study had no history then" in told
    assert "The file of claims itself gives 2024-01-01." in told


def test_claims_that_were_not_committed_as_they_stood(study: Path) -> None:
    write(study, CLAIMS.replace("at_least: 2", "at_least: 1"))
    commit(study, WRITTEN)
    write(study)
    remember(study, RAN, computed=True)
    commit(study, RAN)
    assert states(study) == {
        "trust": "before",
        "trust-told": "the history did not hold it at the first run",
    }
    assert "No record shows when the expectation trust-told was written down" in said(study)


def test_a_record_outside_the_history_shows_nothing(study: Path) -> None:
    commit(study, WRITTEN)
    remember(study, RAN, computed=True)
    assert PROVEN not in said(study) and "is not in the study’s history yet" in said(study)


def test_a_history_that_was_rewritten_shows_nothing(proven: Path) -> None:
    files = {name: (proven / name).read_bytes() for name in (FILE, RECORD)}
    git(proven, "checkout", "-q", "--orphan", "anew")
    commit(proven, WRITTEN)
    git(proven, "branch", "-qD", "main")
    assert {name: (proven / name).read_bytes() for name in files} == files
    assert PROVEN not in said(proven) and "it was rewritten since" in said(proven)


def test_a_record_begun_anew_is_told(proven: Path) -> None:
    (proven / RECORD).unlink()
    write(proven, CLAIMS.replace("at_least: 2", "at_least: 1"))
    remember(proven, LATER, computed=True)
    commit(proven, LATER)
    assert PROVEN not in said(proven) and "patterns had been seen before" in said(proven)


def test_a_record_that_was_edited_is_told(proven: Path) -> None:
    write(proven, CLAIMS.replace("at_least: 2", "at_least: 1"))
    remember(proven, LATER, computed=True)
    commit(proven, LATER)
    *kept, last = (proven / RECORD).read_text().splitlines()
    first = kept[1].split(",")
    moved = ",".join([*first[:4], *last.split(",")[4:]])
    (proven / RECORD).write_text("\n".join([*kept[:-1], moved]) + "\n")
    assert set(states(proven).values()) == {"the record was altered"}
    assert PROVEN not in said(proven)


def test_signed_readings_show_that_patterns_had_been_seen(study: Path) -> None:
    signed = study / "reports/interpretations/signed"
    signed.mkdir(parents=True)
    (signed / "trust.json").write_text("{}")
    commit(study, WRITTEN)
    remember(study, RAN, computed=True)
    shutil.rmtree(signed)
    commit(study, RAN)
    assert PROVEN not in said(study) and "patterns had been seen before" in said(study)


def test_signed_readings_in_the_history_show_it_too(study: Path) -> None:
    signed = study / "reports/interpretations/signed"
    signed.mkdir(parents=True)
    (signed / "trust.json").write_text("{}")
    commit(study, WRITTEN)
    shutil.rmtree(signed)
    commit(study, WRITTEN)
    remember(study, RAN, computed=True)
    commit(study, RAN)
    assert PROVEN not in said(study) and "patterns had been seen before" in said(study)


def test_patterns_stored_by_an_earlier_run_show_it(study: Path) -> None:
    commit(study, WRITTEN)
    (study / "data/processed").mkdir()
    (study / "data/processed/patterns.csv").write_text("claim\n")
    remember(study, RAN, computed=True)
    commit(study, RAN)
    assert set(states(study).values()) == {"patterns had been seen when the record began"}


def test_a_shallow_clone_says_that_it_is_one(proven: Path, tmp_path: Path) -> None:
    address = f"file://{proven}"
    git(tmp_path, "clone", "-q", "--depth=1", address, "shallow")
    git(tmp_path, "clone", "-q", address, "whole")
    assert "has only the later part of its history" in said(tmp_path / "shallow")
    assert PROVEN not in said(tmp_path / "shallow") and PROVEN in said(tmp_path / "whole")


def test_a_copied_folder_has_no_history(proven: Path, tmp_path: Path) -> None:
    copied = Path(
        shutil.copytree(proven, tmp_path / "copied", ignore=shutil.ignore_patterns(".git"))
    )
    told = said(copied)
    assert PROVEN not in told and "has no history in which to look it up" in told
    # A repository that happens to be round it is not its own.
    git(tmp_path, "init", "-q")
    (tmp_path / "other").write_text("x")
    git(tmp_path, "add", "other")
    git(tmp_path, "commit", "-qm", "other")
    assert said(copied) == told


def test_without_git_it_is_the_record_that_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    remember(tmp_path, RAN, computed=True)
    assert PROVEN not in said(tmp_path) and "the study had no history then" in said(tmp_path)


def test_without_git_a_proof_is_not_repeated(proven: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(proven))
    assert PROVEN not in said(proven)


def test_a_study_in_a_folder_of_its_repository(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path / "one/study")
    commit(tmp_path, WRITTEN)
    remember(tmp_path / "one/study", RAN, computed=True)
    commit(tmp_path, RAN)
    assert said(tmp_path / "one/study").startswith("All claims and expectations")


def test_the_history_runs_nothing_that_its_settings_name(proven: Path, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    (proven / ".gitattributes").write_text("* filter=planted diff=planted\n")
    for name in ("filter.planted.smudge", "diff.planted.textconv", "core.fsmonitor", "gpg.program"):
        git(proven, "config", name, f"touch {ran}; cat")
    git(proven, "config", "log.showSignature", "true")
    assert PROVEN in said(proven)
    assert not ran.exists()


def test_what_is_no_record_is_told(study: Path) -> None:
    (study / RECORD).write_text("a,b\n1,2\n")
    with pytest.raises(StudyError, match=r"first_computed\.csv"):
        first_computed.read(study)


def test_a_study_without_claims_says_so(tmp_path: Path) -> None:
    assert written_when.told([], standings(tmp_path)) == (
        "The study states no claims and no expectations yet.\n"
    )
