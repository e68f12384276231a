"""Notebooks are thin, carry no outputs, and state the same choices as params.yml."""

from __future__ import annotations

import ast
import dataclasses
import json
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.pipeline.notebook_code import notebook_parameters
from analysis.study.choices import Choices, read_choices

PROJECT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((PROJECT / "notebooks").glob("*.ipynb"))
STAGES = [path for path in NOTEBOOKS if path.stem[0].isdigit()]


def names(paths: list[Path]) -> list[str]:
    return [path.stem for path in paths]


def code_cells(path: Path) -> list[str]:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def test_there_is_a_notebook_for_every_stage() -> None:
    assert names(STAGES) == [
        "01-clean",
        "02-coding",
        "03-frequencies",
        "04-cooccurrence",
        "05-agreement",
        "06-findings",
        "07-programs",
    ]


@pytest.mark.parametrize("path", STAGES, ids=names(STAGES))
def test_defaults_are_those_of_params_yml(path: Path) -> None:
    choices = dataclasses.asdict(read_choices(PROJECT / "params.yml"))
    declared = notebook_parameters(path)
    assert declared.pop("study_folder") == ".."
    assert declared.pop("kind", "interview") == "interview"
    assert declared == {name: choices[name] for name in declared}
    assert set(declared) <= {field.name for field in dataclasses.fields(Choices)}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names(NOTEBOOKS))
def test_no_outputs_in_git(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert [
        cell["id"] for cell in cells if cell.get("outputs") or cell.get("execution_count")
    ] == []


def test_the_pre_commit_hook_leaves_the_notebooks_as_they_are() -> None:
    # `python -m nbstripout` without a check of addresses that takes seconds to import (conftest).
    start = "import sys; sys.modules['rfc3987_syntax'] = None; from nbstripout import main; main()"
    words = [sys.executable, "-c", start, "--verify", *map(str, NOTEBOOKS)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("path", NOTEBOOKS, ids=names(NOTEBOOKS))
def test_no_functions_loops_or_long_cells(path: Path) -> None:
    cells = code_cells(path)
    forbidden = (ast.FunctionDef, ast.ClassDef, ast.For, ast.While, ast.Lambda)
    found = [
        type(node).__name__
        for cell in cells
        for node in ast.walk(ast.parse(cell))
        if isinstance(node, forbidden)
    ]
    assert found == []
    assert sum(len(cell.splitlines()) for cell in cells) < 90
