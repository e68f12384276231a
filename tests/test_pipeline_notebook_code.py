from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest
from tiny import PROJECT

from analysis.files.problems import StudyError
from analysis.pipeline import made_from, notebook_code
from analysis.pipeline.run import parameters_for
from analysis.pipeline.stage import Stage
from analysis.study.choices import read_choices


def test_modules_are_found_through_modules() -> None:
    files = {path.name for path in notebook_code.modules_behind({"analysis.stages.texts"})}
    assert {"texts.py", "folder.py", "problems.py", "edits.py"} <= files
    assert "publish.py" not in files


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        ('import analysis.study.folder\nx = f""\ny = f"{1:}"', {"analysis.study.folder"}),
        ("def f():\n    from analysis import figures", {"analysis", "analysis.figures"}),
        ("import os, analysis.text.words; import analysis", {"analysis", "analysis.text.words"}),
        ("from analysis.text import (\n    words,\n    runs,\n)", {"words", "runs"}),
        ("from analysis.text import words, \\\n    runs", {"words", "runs"}),
        ("from collections import Counter\nimport analysed", set()),
    ],
)
def test_imports_are_found_wherever_they_stand(code: str, modules: set[str]) -> None:
    found = notebook_code.imports(code)
    assert found - {"analysis.text"} == {
        one if one.startswith("analysis") else f"analysis.text.{one}" for one in modules
    }


def test_no_import_of_a_module_is_missed() -> None:
    missed = {}
    for path in sorted(notebook_code.PACKAGE.rglob("*.py")):
        parsed = set()
        for node in ast.walk(ast.parse(path.read_bytes())):
            if isinstance(node, ast.Import):
                parsed |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                parsed |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        ours = {name for name in parsed if name.split(".")[0] == "analysis"}
        missed[path.relative_to(notebook_code.PACKAGE).as_posix()] = (
            ours - notebook_code._imports_of(path)
        )
    assert len(missed) > 200 and {name: ours for name, ours in missed.items() if ours} == {}


def test_a_reader_that_is_chosen_by_its_name_is_an_input_of_cleaning() -> None:
    notebook = made_from.NOTEBOOKS / "01-clean.ipynb"
    files = notebook_code.modules_behind(notebook_code.imports(notebook_code.code(notebook)))
    read = {path.name for path in files if path.parent.name == "reading"}
    assert {"rtf.py", "pdf.py", "web.py", "opendocument.py", "word.py", "plain.py"} <= read


@pytest.mark.parametrize("tags", [["parameters"], [], ["parameter"]])
def test_a_notebook_whose_parameters_lost_their_tag_is_told(
    tmp_path: Path, tags: list[str]
) -> None:
    cell = {"cell_type": "code", "metadata": {"tags": tags}, "source": ["study_folder: str = '..'"]}
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "notebooks" / "own.ipynb").write_text(json.dumps({"cells": [cell]}))
    stage = Stage("own", "own", own=True)
    if "parameters" in tags:
        assert parameters_for(stage, tmp_path, read_choices(PROJECT / "params.yml")) == {
            "study_folder": "."
        }
        return
    with pytest.raises(StudyError, match="no cell tagged `parameters`"):
        parameters_for(stage, tmp_path, read_choices(PROJECT / "params.yml"))
