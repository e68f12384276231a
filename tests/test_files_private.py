"""The private folder is its owner's alone."""

from __future__ import annotations

import csv
from pathlib import Path

from tiny import write_tiny_study

from analysis.files.private import keep_private
from analysis.stages.cleaned import clean_kind
from analysis.study.folder import Study


def test_folders_and_files_are_closed_and_links_stay(tmp_path: Path) -> None:
    private, elsewhere = tmp_path / "private", tmp_path / "elsewhere.csv"
    (private / "review").mkdir(parents=True, mode=0o755)
    elsewhere.write_text("x")
    elsewhere.chmod(0o644)
    for name in ("pseudonyms.csv", "review/samples.csv"):
        (private / name).write_text("x")
        (private / name).chmod(0o664)
    (private / "link.csv").symlink_to(elsewhere)
    keep_private(private)
    assert {path.stat().st_mode & 0o777 for path in (private, private / "review")} == {0o700}
    assert (private / "review" / "samples.csv").stat().st_mode & 0o777 == 0o600
    assert elsewhere.stat().st_mode & 0o777 == 0o644
    keep_private(tmp_path / "none")


def test_sheets_for_review_hold_no_formula(tmp_path: Path) -> None:
    """A spreadsheet would work out '+44 …', which is what was found, and '=1+1'."""
    text = write_tiny_study(tmp_path) / "data" / "raw" / "interviews" / "c1.txt"
    text.write_text(f"{text.read_text()}\nR: =1+1, or ring +44 7700 900123.\n")
    study = Study.open(tmp_path)
    clean_kind(study, "interview").write(study)
    sheets = sorted((study.private / "review").glob("*.csv"))
    cells = [cell for sheet in sheets for row in csv.reader(sheet.open()) for cell in row]
    assert "'+44 7700 900123" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
