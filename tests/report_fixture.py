"""A small report to render and to break, and the values that its prose asks for."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from analysis.report.numbers import collect

FIXTURE = Path(__file__).parent / "fixtures" / "report"
VALUES: list[dict[str, object]] = [
    {"name": "freq.n_interviews", "value": 4, "unit": "count"},
    {"name": "freq.n_words", "value": 12345, "unit": "words"},
    {"name": "freq.share_participant", "value": 0.614, "unit": "share"},
    {"name": "freq.longest", "value": "int-01", "unit": "text"},
    {"name": "agree.alpha", "value": 0.7134, "unit": "coefficient"},
    {"name": "find.top_code", "value": "worms", "unit": "text"},
]
CHOICES: dict[str, object] = {"unit": "overlap", "window": 25}


def write_values(folder: Path, stage: str, values: list[dict[str, object]]) -> Path:
    """Write the values of a stage below `folder` and return the folder of processed data."""
    processed = folder / "processed"
    (processed / "values").mkdir(parents=True, exist_ok=True)
    (processed / "values" / f"{stage}.json").write_text(json.dumps(values), encoding="utf-8")
    return processed


def small_report(folder: Path, **changed: object) -> Path:
    """Copy the fixture report into `folder`, with its values collected; return its path.

    `changed` replaces the value of a name, dots written as underscores twice
    (`find__top_code="…"`).
    """
    reports = folder / "reports"
    shutil.copytree(FIXTURE, reports)
    new = {name.replace("__", "."): value for name, value in changed.items()}
    values = [entry | {"value": new.get(str(entry["name"]), entry["value"])} for entry in VALUES]
    collect(write_values(folder, "03-frequencies", values), reports, CHOICES)
    return reports
