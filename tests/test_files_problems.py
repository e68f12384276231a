"""What a notebook shows of a researcher's mistake."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell

from analysis.files.problems import Problem, StudyError

CELL = """\
from analysis.files.problems import Problem, StudyError
def read():
    raise StudyError(Problem("sources.csv, line 4", "a kind 'letter'", "interview", "correct it"))
read()
"""


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    result = InteractiveShell.instance().run_cell(CELL)
    assert isinstance(result.error_in_exec, StudyError)
    return capsys.readouterr().out


def test_a_notebook_shows_the_problem_alone(capsys: pytest.CaptureFixture[str]) -> None:
    problem = Problem("sources.csv, line 4", "a kind 'letter'", "interview", "correct it")
    assert shown(capsys).strip() == str(problem)


def test_with_debug_it_shows_the_way_to_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(StudyError, "in_full", True)
    said = shown(capsys)
    assert "Traceback" in said and "in read" in said and "correct it" in said
