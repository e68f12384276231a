"""Which sources have a page: the study says so, and whoever runs it may say otherwise."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.files.problems import StudyError
from analysis.study import which_pages


@pytest.mark.parametrize(
    ("told", "written", "expected"),
    [
        ("", "", "all"),
        ("", "source_pages: quoted\n", "quoted"),
        ("all", "source_pages: quoted\n", "all"),
        ("quoted", "", "quoted"),
    ],
)
def test_who_runs_it_wins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, written: str, expected: str
) -> None:
    monkeypatch.setenv("SOURCES", told)
    (tmp_path / "params.yml").write_text(f"seed: 1\n{written}")
    assert which_pages.asked(tmp_path) == expected


@pytest.mark.parametrize(
    ("told", "written", "where"),
    [
        ("some", "", "SOURCES=some"),
        ("", "source_pages: [a]\n", "params.yml, line 2, source_pages"),
    ],
)
def test_another_word_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, written: str, where: str
) -> None:
    monkeypatch.setenv("SOURCES", told)
    (tmp_path / "params.yml").write_text(f"seed: 1\n{written}")
    with pytest.raises(StudyError, match=where):
        which_pages.asked(tmp_path)
