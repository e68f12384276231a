"""The private folder is its owner's alone."""

from __future__ import annotations

from pathlib import Path

from analysis.files.private import keep_private


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
