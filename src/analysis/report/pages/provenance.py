"""What the reproducibility page states: inputs, versions, commit."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

import pandas as pd

from analysis.coding import file_numbers
from analysis.files.git import git
from analysis.files.project import PROJECT
from analysis.report.pages.tables import Table
from analysis.study.folder import Study

_PACKAGES = (
    "pandas",
    "numpy",
    "scipy",
    "networkx",
    "nltk",
    "plotnine",
    "papermill",
    "pandera",
    "pypandoc-binary",
    "typst",
)


def write_all(study: Study) -> dict[str, str]:
    """Write the table of inputs; return the values of prefix `made`."""
    folder = study.reports / "_generated"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "inputs.md").write_text(_inputs(study).shown(study.reports), encoding="utf-8")
    return {"commit": _commit(study.folder)}


def _inputs(study: Study) -> Table:
    """Size and SHA-256 of what was read. A source goes by its id, a file of coding by its number:
    file names can carry names."""
    named = {
        study.raw / row["file"]: row["source_id"]
        for row in study.register.to_dict("records")
        if row["file"] and row["status"] == "active"
    }
    others = [
        study.folder / "params.yml",
        *(
            study.raw / name
            for name in (
                *("sources.csv", "codebook.yml", "claims.yml"),
                *("bearings.csv", "matrix.csv", "guide.yml"),
            )
        ),
    ]
    named |= {path: path.name for path in others if path.is_file()}
    folder = study.raw / "coding"
    coded = {folder / name: number for name, number in file_numbers(folder).items()}
    named |= {path: number for path, number in coded.items() if path.is_file()}
    rows = [
        {"input": name, "bytes": path.stat().st_size, "SHA-256": _digest(path)}
        for path, name in named.items()
    ]
    return Table(pd.DataFrame(rows), {"input": "text", "bytes": "count", "SHA-256": "text"})


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_versions(study: Study, programs: Sequence[tuple[str, str]]) -> None:
    """Write the table of versions: the packages, and the `programs` that write the pages."""
    packages = [(name, metadata.version(name)) for name in _PACKAGES]
    rows = pd.DataFrame([*packages, *programs], columns=["package", "version"])
    table = Table(rows, {"package": "text", "version": "text"}).shown(study.reports)
    (study.reports / "_generated" / "versions.md").write_text(table, encoding="utf-8")


def _commit(folder: Path) -> str:
    """The commit of the study's repository, else of the project's, else 'not in a repository'."""
    for place in filter(None, (folder, PROJECT)):
        try:
            answer = git(place, "rev-parse", "--short=12", "HEAD")
        except FileNotFoundError:
            return "unknown (git is not installed)"
        if answer.returncode == 0:
            return answer.stdout.decode().strip()
    return "not in a repository"
