"""What a study's settings and pages may not ask of a renderer: to run, fetch or read elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from analysis.files.problems import Problem
from analysis.report.prose import prose

# Settings by which Quarto runs what a study brings.
_RUNS = frozenset(
    {
        *("filters", "filter", "lua-filter", "shortcodes", "pre-render", "post-render", "jupyter"),
        *(
            "knitr",
            "julia",
            "engines",
            "ipynb-filters",
            "contributes",
            "revealjs-plugins",
            "server",
        ),
        *("metadata-files", "metadata-file", "profile", "pdf-engine", "extensions"),
    }
)
# Settings that name files.
_FILES = frozenset(
    {
        *("bibliography", "csl", "render", "theme", "css", "template", "template-partials"),
        *("include-in-header", "include-before-body", "include-after-body", "reference-doc"),
        *("resources", "brand", "syntax-definitions", "highlight-style", "citation-abbreviations"),
        *("output-dir", "file", "logo", "favicon", "font-paths"),
    }
)
_ENGINES = ("markdown",)


def problems(reports: Path) -> list[Problem]:
    """Each setting of `_quarto.yml` and of the pages' front matter that would run a program, or
    names a file outside `reports`."""
    held = [("_quarto.yml", prose.project_settings(reports))]
    for name in prose.page_names(reports):
        if (reports / name).is_file():
            held.append((name, prose.front_matter(prose.read_page(reports, name), name)))
    return [problem for name, settings in held for problem in _of(settings, name)]


def _of(settings: Any, where: str) -> Iterator[Problem]:
    if isinstance(settings, list):
        for one in settings:
            yield from _of(one, where)
    if not isinstance(settings, dict):
        return
    for name, value in settings.items():
        key = str(name).casefold().replace("_", "-")
        runs = (
            key in _RUNS
            or (key == "engine" and value not in _ENGINES)
            or (key == "execute" and isinstance(value, dict) and value.get("enabled", False))
            or (key in ("execute", "enabled") and value is True)
        )
        if runs:
            yield Problem(
                f"{where}, {name}",
                "a setting by which a program would be run",
                "pages and settings that are read, never run",
                "take it out; what must be computed is a stage (`stages:` in params.yml)",
            )
        elif key in _FILES:
            for file in _texts(value):
                if not _is_below(file):
                    yield Problem(
                        f"{where}, {name}",
                        "a file from elsewhere",
                        "a file below the reports folder",
                        "copy the file there, and name it from there",
                    )
        yield from _of(value, f"{where}, {name}")


def _texts(value: Any) -> Iterator[str]:
    """Every text in the value of a setting, however deep."""
    if isinstance(value, str):
        yield value
    for one in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _texts(one)


def _is_below(file: str) -> bool:
    """Whether the path, or what may be the name of a theme or a pattern, stays where it is."""
    path = PurePosixPath(file.replace("\\", "/").removeprefix("!"))
    return not (path.is_absolute() or ".." in path.parts or "://" in file or file.startswith("~"))
