"""Both renderers over the same pages, with a stand-in for Quarto: what they show is compared.

The real Quarto was not run here; `quarto_standin.py` says what it does in its stead.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from quarto_standin import installed
from report_fixture import small_report

from analysis.files.problems import StudyError
from analysis.lifecycle.compare.two_renderers import compare, compared
from analysis.report.render.render import render


@pytest.fixture(scope="module")
def standin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return installed(tmp_path_factory.mktemp("bin"))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report, and its site by the embedded renderer."""
    made = small_report(tmp_path_factory.mktemp("compared"))
    render(made, made / "embedded", "embedded", constructed=True)
    return made


@pytest.fixture(autouse=True)
def _quarto(standin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"{standin}{os.pathsep}{os.environ['PATH']}")


def written(reports: Path) -> dict[str, bytes]:
    """All that people wrote, and the site."""
    return {
        path.relative_to(reports).as_posix(): path.read_bytes()
        for path in reports.rglob("*")
        if path.is_file() and "_generated" not in path.parts
    }


def test_two_renderings_of_the_same_pages_do_not_differ(reports: Path) -> None:
    before = written(reports)
    counts, found = compare(reports, constructed=True)
    assert found == []
    assert written(reports) == before
    assert counts["a citation"] == 2 and counts["a reference"] == 2
    assert counts["a cell"] == 12 and counts["a caption"] == 2
    assert counts["an alternative text"] == 2 and counts["a number"] > 20


def _more(*row: str) -> Any:
    return pytest.param(*row, marks=pytest.mark.full("a report is rendered for each"))


@pytest.mark.parametrize(
    ("old", "new", "kind", "what"),
    [
        ("12,345", "12,346", "a number", "12,345"),
        ("berry1977", "carson1962", "a reference", "Berry, Wendell"),
        _more("berry1977", "carson1962", "a citation", "(Berry 1977"),
        _more('"Counting"', '"Telling"', "a heading", "2.1 Counting"),
        _more('"Interviews"', '"Documents"', "a caption", "Figure 1: Words per source. Interviews"),
        _more('"998"', '"999"', "a cell", "998"),
        _more('"Bars of', '"Lines of', "an alternative text", "Bars of the words"),
    ],
)
def test_each_kind_of_difference_is_shown(
    reports: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, kind: str, what: str
) -> None:
    monkeypatch.setenv("STANDIN_CHANGES", json.dumps([[old, new]]))
    render(reports, reports.parent / old.strip('"'), "quarto", constructed=True)
    _, found = compared(reports / "embedded", reports.parent / old.strip('"'), ["index"])
    told = [str(one) for one in found]
    assert any(f"index.html: {kind} ‘{what}" in line for line in told), told
    assert all(one.embedded != one.quarto for one in found)


def test_without_quarto_there_is_nothing_to_compare(
    reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StudyError, match="Quarto"):
        compare(reports, constructed=True)
