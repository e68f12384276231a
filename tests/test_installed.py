"""The program as it is installed: a wheel, an empty environment, a folder anywhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest
from test_coding_formats_taguette import taguette_database

PROJECT = Path(__file__).resolve().parents[1]
CLEAN = {
    name: value
    for name, value in os.environ.items()
    if name not in ("PYTHONPATH", "CONDA_DEFAULT_ENV") and not name.startswith(("MAKE", "UV_"))
}


def done(*words: str | Path, folder: Path, **environment: str) -> str:
    ran = subprocess.run(
        [str(word) for word in words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env=CLEAN | environment,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    done(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, folder=PROJECT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def qualan(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command in an environment of its own, which borrows nothing but other packages."""
    environment = tmp_path_factory.mktemp("installed") / "an environment"
    uv = (sys.executable, "-m", "uv")
    done(*uv, "venv", "--offline", "--python", sys.executable, environment, folder=PROJECT)
    python = environment / "bin" / "python"
    options = ("--offline", "--no-deps", "--python", python)
    done(*uv, "pip", "install", *options, wheel, folder=PROJECT)
    (packages,) = environment.glob("lib/*/site-packages")
    # A line of a .pth that is a folder adds the folder, and no .pth that lies in it.
    (packages / "others.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment / "bin" / "qualan"


def test_the_wheel_brings_notebooks_skeleton_choices_and_lock(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    notebooks = {path.name for path in (PROJECT / "notebooks").glob("*.ipynb")}
    assert {f"analysis/skeleton/notebooks/{name}" for name in notebooks} <= names
    for name in ("params.yml", "requirements.lock", "README.md", "gitignore", "reports/index.qmd"):
        assert f"analysis/skeleton/{name}" in names
    assert not [name for name in names if name.startswith(("data/", "analysis/data", "tests/"))]
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    assert wheel.name.startswith(f"{project['name']}-{project['version']}-")


@pytest.fixture(scope="module")
def study(qualan: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Begun by the installed program, in a folder that holds modules as well."""
    folder = tmp_path_factory.mktemp("begun") / "some where"
    folder.mkdir()
    taguette_database(
        folder / "project.sqlite3",
        "<p>I: What do you do?</p><p>R: We walk along with them.</p>",
        [(22, 48, "We walk along with them.", [1])],
    )
    done(qualan, "new", "my study", "project.sqlite3", folder=folder)
    made = folder / "my study"
    # The folder of the study, which anybody may have sent, is no place for modules.
    for name in ("networkx", "pandas", "argparse", "sitecustomize"):
        (made / f"{name}.py").write_text("open('run', 'w')\n")
    return made


def test_it_begins_a_study_in_any_folder_and_checks_it(qualan: Path, study: Path) -> None:
    assert "coder:" in (study / "params.yml").read_text()
    words = [str(word) for word in (qualan, "check")]
    told = subprocess.run(words, cwd=study, capture_output=True, text=True, check=False, env=CLEAN)
    # Nothing has been filled in yet.
    assert told.returncode == 1 and "Traceback" not in told.stderr
    assert "reports/index.qmd, line" in told.stdout
    assert not (study / "run").exists()


@pytest.mark.full("a whole report by the installed program; tiny_report is one by make report")
def test_it_reports_a_taguette_project(qualan: Path, study: Path) -> None:
    said = done(qualan, "report", folder=study, PYTHONSTARTUP=str(study / "pandas.py"))
    assert re.findall(r"^(\S+) +[\d.]+ s", said, re.M)[-1] == "report"
    assert not (study / "run").exists()
    assert "trust" in (study / "reports/_site/codebook.html").read_text()
    page = re.sub(r"<[^>]+>", "", (study / "reports/_site/index.html").read_text())
    assert "The corpus holds 1 source" in page
    assert "nothing to do" in done(qualan, "report", folder=study)
    done(qualan, "check-site", folder=study)
    done(qualan, "export", folder=study)
    assert (study / "exports" / "study.qdpx").is_file()
