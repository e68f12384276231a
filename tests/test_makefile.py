"""The targets that only touch files: help and clean."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from tiny import PROJECT, write_tiny_study

PHONY = next(
    line
    for line in (PROJECT / "Makefile").read_text().splitlines()
    if line.startswith(".PHONY: help")
)
TARGETS = PHONY.split()[1:]


def run_make(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    outer = ("CONDA_DEFAULT_ENV", "PYTHONPATH")
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("M") and name not in outer
    }
    return subprocess.run(
        ["make", "-C", str(PROJECT), *words],
        capture_output=True,
        text=True,
        check=False,
        env=clean | environment,
    )


def make(*words: str, **environment: str) -> str:
    done = run_make(*words, **environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_help_explains_every_target() -> None:
    listed = {line.split()[0] for line in make("help").splitlines() if line[:1].isalpha()}
    assert set(TARGETS) <= listed


def test_the_project_may_lie_in_a_folder_with_a_space(tmp_path: Path) -> None:
    project = tmp_path / "my (own) work"
    project.mkdir()
    shutil.copy(PROJECT / "Makefile", project)
    (project / ".venv").mkdir()
    for name in ("requirements.lock", ".venv/ready"):
        (project / name).touch()
    told = make("--dry-run", "check-site", "-C", str(project))
    assert f'"{project}/.venv/bin/python" -P -s -m analysis check-site' in told
    assert f'PYTHONPATH="{project}/src"' in told


def test_clean_removes_what_was_generated_and_nothing_else(tmp_path: Path) -> None:
    study = write_tiny_study(tmp_path / "a study")
    kept = {path for path in study.rglob("*") if path.is_file()}
    kept_by_people = {
        study / "data/private/review/disagreements.csv",
        study / "data/private/review/exploring/trust.md",
    }
    for name in (
        "data/processed/texts/c1.txt",
        "data/processed/.hidden",
        "reports/_site/index.html",
        "reports/_generated/codes.md",
        "reports/_variables.yml",
        "reports/figures/a.svg",
        "reports/notebooks/01.ipynb",
        "data/private/prepared/c1.json",
        "data/private/review/samples-interview.csv",
        "data/private/review/candidates-document.csv",
        "data/private/review/replacements-observation.csv",
        *map(str, kept_by_people),
    ):
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).write_text("x")
    make("clean", f"STUDY={study}")
    assert {path for path in study.rglob("*") if path.is_file()} == kept | kept_by_people


@pytest.mark.parametrize(
    ("environment", "report", "tests"),
    [
        ({}, ".venv/bin/python", ".venv/bin/python"),
        ({"CONDA_DEFAULT_ENV": "base"}, ".venv/bin/python", ".venv/bin/python"),
        ({"CONDA_DEFAULT_ENV": "qualitative-analysis"}, "python", ".venv/bin/python"),
    ],
)
def test_the_projects_conda_environment_serves_for_everything_but_the_tests(
    environment: dict[str, str], report: str, tests: str
) -> None:
    def python(target: str, module: str) -> set[str]:
        said = make("--dry-run", target, **environment).replace(f"{PROJECT}/", "")
        return set(re.findall(rf'"([^" ]*python)"(?: -P -s)? -m {module}\b', said))

    assert python("export", "analysis") == {report}
    assert python("test", "pytest") == {tests}
    assert [python("lint", tool) for tool in ("ruff", "mypy", "nbstripout")] == [{tests}] * 3
    # What stands in .venv for the tests must not be found before what conda gives.
    found_first = '.venv/bin:$PATH" PYTHONPATH' in make("--dry-run", "export", **environment)
    assert found_first == (report != "python")


@pytest.mark.parametrize("sign", ['"', "`", "$$"])
def test_a_path_that_make_cannot_hand_on_is_refused_in_one_sentence(sign: str) -> None:
    done = run_make("report", f"STUDY=a {sign} study")
    assert done.returncode != 0
    told = done.stderr.splitlines()
    assert len(told) == 1 and f"STUDY holds a {sign[0]}" in told[0] and "rename" in told[0]
