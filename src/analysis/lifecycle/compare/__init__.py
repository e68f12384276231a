"""From one report to the next: what changed and by which input, for reviewers and for a letter."""

from __future__ import annotations

import sys
from pathlib import Path

from analysis.files.whole_file import write_bytes
from analysis.lifecycle.compare.differences import Differences, differences
from analysis.lifecycle.compare.snapshot import Snapshot, snapshot
from analysis.lifecycle.compare.told import page, response, summary
from analysis.lifecycle.export.gated import refuse_leaks
from analysis.study.folder import Study

__all__ = ["Differences", "Snapshot", "compare_reports", "differences", "snapshot"]

PAGE, LETTER = "changes.html", "response.md"


def compare_reports(study: Path, before: str, now: str, folder: Path) -> None:
    """Write into `folder` what differs between the reports `before` and `now` (`snapshot`):
    `changes.html` for reviewers, `response.md` for a response letter.

    The leak gate of the study goes over both: what a text may not say any more stands in an
    earlier wording too. Raises `StudyError` where a report is not to be had, that of the study
    itself is not made, or the gate finds something.
    """
    opened = Study.open(study)
    # The gate needs it, and two reports that are made again take minutes.
    opened.table("codings")
    with snapshot(before, study) as then, snapshot(now, study) as here:
        found = differences(then, here)
        files = {
            PAGE: page(then, here, found, constructed=opened.constructed).encode("utf-8"),
            LETTER: response(then, here, found).encode("utf-8"),
        }
    refuse_leaks(opened, files)
    for name, content in files.items():
        write_bytes(folder / name, content)
    print(f"{summary(found)}\n{folder / PAGE}\n{folder / LETTER}", file=sys.stderr)
