"""pyproject.toml, the lock files and environment.yml say the same."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-test.lock")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def project() -> dict[str, Any]:
    said: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    return said


def names(dependencies: list[str]) -> set[str]:
    return {normal(re.split(r"[<>=~!\[; ]", line)[0]) for line in dependencies}


def wanted() -> set[str]:
    return names(project()["dependencies"])


def wanted_by_some() -> set[str]:
    """What a part that not everybody installs needs: a program that codes, a cluster."""
    extras = project()["optional-dependencies"]
    # Dask comes with its scheduler.
    return names(extras["program"]) | names(extras["cluster"]) | {"dask"}


def locked(name: str) -> dict[str, str]:
    lines = (PROJECT / name).read_text().splitlines()
    found = [re.match(r"([A-Za-z0-9._-]+)==([^ ;\\]+)", line) for line in lines]
    return {normal(match[1]): match[2] for match in found if match}


def conda() -> tuple[set[str], set[str]]:
    dependencies = yaml.safe_load((PROJECT / "environment.yml").read_text())["dependencies"]
    plain = {normal(re.split(r"[<>=]", one)[0]) for one in dependencies if isinstance(one, str)}
    pip = {
        normal(re.split(r"[<>=]", one)[0])
        for part in dependencies
        if isinstance(part, dict)
        for one in part["pip"]
    }
    return plain, pip


@cache
def imported() -> set[str]:
    """The packages that the program imports, by the names under which they are installed."""
    found: set[str] = set()
    for path in (PROJECT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                found.add(str(node.module).partition(".")[0])
    named = {"docx": "python-docx", "stdnum": "python-stdnum", "yaml": "pyyaml"}
    named["sklearn"] = "scikit-learn"
    return {normal(named.get(one, one)) for one in found - sys.stdlib_module_names - {"analysis"}}


def test_what_is_imported_is_wanted_and_the_rest_is_run_as_a_program() -> None:
    assert imported() - wanted() == wanted_by_some()
    assert wanted() - imported() == {"jupyterlab", "uv", "pypandoc-binary"}


def test_every_dependency_is_locked() -> None:
    assert wanted() - set(locked("requirements.lock")) == set()


def test_conda_names_the_same_packages() -> None:
    plain, pip = conda()
    # Quarto, Python, make, git and pip are conda's own; everything else is the project's.
    assert (plain | pip) - {"quarto", "python", "make", "git", "pip"} == wanted()
    assert {"jupyterlab", "pandas", "plotnine", "nltk", "papermill", "quarto"} <= plain


def test_conda_takes_nothing_older_than_the_lock() -> None:
    text = (PROJECT / "environment.yml").read_text()
    told = re.findall(r"- ([\w-]+)>=(\S+)", text)
    bounds = {normal(name): at for name, at in told}
    assert len(bounds) == len(told)
    assert {name: bounds[name] for name in wanted()} == {
        name: version for name, version in locked("requirements.lock").items() if name in wanted()
    }


def test_the_table_of_licences_names_every_package_of_the_lock() -> None:
    text = (PROJECT / "docs" / "licences.md").read_text()
    listed = set(re.findall(r"^\| ([\w.-]+) \|", text, re.MULTILINE))
    assert set(locked("requirements.lock")) - {normal(name) for name in listed} == set()


def test_the_test_lock_extends_the_lock_at_the_same_versions() -> None:
    runtime, testing = (locked(name) for name in LOCKS)
    assert {name: testing.get(name) for name in runtime} == runtime
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    extra = {normal(one) for one in project["optional-dependencies"]["test"]}
    assert extra - set(testing) == set()


@pytest.mark.parametrize("name", LOCKS)
def test_locks_have_hashes_and_name_no_host(name: str) -> None:
    text = (PROJECT / name).read_text()
    entries = re.split(r"\n(?=[A-Za-z0-9])", text.strip())
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


def test_the_licence_and_citation_are_there() -> None:
    citation = yaml.safe_load((PROJECT / "CITATION.cff").read_text())
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["license"] == "MIT" and "MIT License" in (PROJECT / "LICENSE").read_text()
