"""What a study's settings may not ask of a renderer."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.report.prose import only_data

PAGE = "---\ntitle: A\n{front}---\n\nWords.\n"
SETTINGS = "project:\n  type: default\n  render: [index.qmd]\n"


def found(tmp_path: Path, settings: str = "", front: str = "") -> list[str]:
    (tmp_path / "_quarto.yml").write_text(SETTINGS + settings)
    (tmp_path / "index.qmd").write_text(PAGE.format(front=front))
    return [problem.where for problem in only_data.problems(tmp_path)]


@pytest.mark.parametrize(
    "asked",
    [
        "filters: [evil.lua]\n",
        "Filters: evil.lua\n",
        "format:\n  html:\n    filters:\n      - evil.lua\n",
        "format:\n  - html:\n      shortcodes: [evil.lua]\n",
        "engine: jupyter\n",
        "engine: knitr\n",
        "jupyter: python3\n",
        "execute: true\n",
        "execute:\n  enabled: true\n",
        "metadata-files: [more.yml]\n",
        "metadata_files: [more.yml]\n",
        "format:\n  pdf:\n    pdf-engine: ./evil\n",
        "bibliography: ../../secret.bib\n",
        "bibliography: [references.bib, /etc/passwd]\n",
        "csl: https://example.org/a.csl\n",
        "csl: file:///etc/passwd\n",
        "format:\n  html:\n    css: ../x.css\n",
        "format:\n  html:\n    theme: [default, ~/x.scss]\n",
        "format:\n  html:\n    include-in-header:\n      - file: /etc/passwd\n",
        "format:\n  docx:\n    reference-doc: '..\\x.docx'\n",
    ],
)
def test_nothing_is_run_fetched_or_read_from_elsewhere(asked: str, tmp_path: Path) -> None:
    assert found(tmp_path, settings=asked) or "render" in asked
    assert found(tmp_path, front=asked)


def test_hooks_of_the_project_are_refused(tmp_path: Path) -> None:
    for hook in ("pre-render", "post-render"):
        assert found(tmp_path, settings=f"  {hook}: evil.py\n") == [f"_quarto.yml, project, {hook}"]


def test_what_the_shipped_paper_asks_is_allowed() -> None:
    reports = Path(__file__).resolve().parents[1] / "reports"
    assert only_data.problems(reports) == []
