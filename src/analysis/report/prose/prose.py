"""The prose pages as text: their front matter, includes, variables and code.

This is the textual step before Markdown is parsed. Both the checker and the embedded renderer
read pages through it, so that they see the same words on the same lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.safe_yaml import LOADER

VARIABLE = re.compile(r"\{\{<\s*var\s+([^\s>]+)\s*>\}\}")
INCLUDE = re.compile(r"^[ \t]*\{\{<\s*include\s+(\S+)\s*>\}\}[ \t]*$", re.M)
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S)
# As Pandoc reads them: what is never closed is prose; a fence has no backtick behind it on its
# line; inline code ends with its block (a blank line, the next list mark or row of a table).
_CODE = re.compile(
    r"^[ \t>]*(?P<mark>`{3,}+(?=[^`\n]*$)|~{3,}+)[^\n]*\n(?:.*?\n)??[ \t>]*(?P=mark)[`~]*[ \t]*$"
    r"|(?<![`\\])(?P<tick>`++)(?:(?!\n[ \t>]*(?:\n|\||(?:[-+*]|\d+[.)])\s)).)+?(?<!`)(?P=tick)(?!`)"
    r"|<!--.*?-->",
    re.M | re.S,
)
_MOST_NESTED = 5


@dataclass(frozen=True)
class Line:
    """One line of a page and where it stands: `file` is relative to the reports folder."""

    file: str
    number: int
    text: str


def page_names(reports: Path) -> list[str]:
    """Return the prose pages in the order of `render:` in `_quarto.yml`, else all *.qmd."""
    settings = project_settings(reports)
    listed = settings.get("project", {}).get("render")
    if listed:
        return [str(name) for name in listed if str(name).endswith(".qmd")]
    return sorted(file.name for file in reports.glob("*.qmd"))


def check_pages(reports: Path) -> None:
    """Raise `StudyError` when the paper, or a page that `_quarto.yml` lists, is not there."""
    raise_if_any(
        [
            Problem(
                f"reports/{name}",
                "no such page",
                "the paper, and each page that _quarto.yml lists",
                "write it, or copy it from a study begun with `make new`",
            )
            for name in dict.fromkeys(["index.qmd", *page_names(reports)])
            if not (reports / name).is_file()
        ]
    )


def project_settings(reports: Path) -> dict[str, Any]:
    """Return `_quarto.yml` as a mapping, empty when there is none. Raises StudyError."""
    file = reports / "_quarto.yml"
    if not file.is_file():
        return {}
    return settings_of(file.read_text(encoding="utf-8"), file.name)


def front_matter(text: str, name: str) -> dict[str, Any]:
    """Return the YAML block that opens a page; empty when there is none. Raises StudyError."""
    found = _FRONT_MATTER.match(text)
    return settings_of(found[1], f"{name}, front matter") if found else {}


def front_matter_length(text: str) -> int:
    """Return how many characters the YAML block that opens a page takes."""
    found = _FRONT_MATTER.match(text)
    return found.end() if found else 0


def code_spans(text: str) -> list[tuple[int, int]]:
    """Return the half-open spans of fenced code, inline code and HTML comments in `text`."""
    return [found.span() for found in _CODE.finditer(text)]


def read_page(reports: Path, name: str) -> str:
    """Return the text of the page `name` (LF newlines). Raises StudyError when it is missing."""
    file = reports / name
    if not file.is_file():
        raise StudyError(
            Problem(
                name,
                "no such file",
                "a page in the reports folder",
                "write it, or take it out of render: in _quarto.yml",
            )
        )
    return file.read_text(encoding="utf-8")


def lines_with_includes(reports: Path, name: str) -> tuple[list[Line], list[Problem]]:
    """Return the lines of a page with its includes read in, and what could not be included.

    An include stands alone on its line, names a file below the reports folder (with a slash in
    front from there, else from the file that it stands in), and is not followed inside code.
    Front matter of an included file is dropped; its lines are counted.
    """
    problems: list[Problem] = []
    lines = list(_included(reports.resolve(), name, read_page(reports, name), 0, problems))
    return lines, problems


def _included(
    reports: Path, name: str, text: str, depth: int, problems: list[Problem], first: int = 1
) -> Iterator[Line]:
    coded = {
        number
        for start, end in code_spans(text)
        for number in range(text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 2)
    }
    for place, line in enumerate(text.split("\n"), start=1):
        number = first + place - 1
        found = INCLUDE.match(line) if place not in coded else None
        if not found:
            yield Line(name, number, line)
            continue
        rooted = found[1].startswith("/")
        target = reports / found[1][1:] if rooted else (reports / name).parent / found[1]
        problem = _include_problem(reports, target, f"{name}, line {number}", depth)
        if problem:
            problems.append(problem)
            continue
        inner = target.read_text(encoding="utf-8").removesuffix("\n")
        body = front_matter_length(inner)
        first = 1 + inner.count("\n", 0, body)
        inner = inner[body:]
        inner_name = target.resolve().relative_to(reports).as_posix()
        yield from _included(reports, inner_name, inner, depth + 1, problems, first)


def _include_problem(reports: Path, target: Path, where: str, depth: int) -> Problem | None:
    expected = "an include of a file below the reports folder"
    if depth >= _MOST_NESTED:
        return Problem(where, "includes inside includes, too deep", expected, "flatten them")
    if not target.resolve().is_relative_to(reports):
        return Problem(where, "an include from outside the reports folder", expected, "move it in")
    if not target.is_file():
        return Problem(
            where,
            f"missing include {target.name}",
            expected,
            "run the stage that writes it, or correct the name",
        )
    return None


def with_variables(text: str, variables: Mapping[str, str]) -> str:
    """Replace each `{{< var name >}}` outside code by its value; unknown ones stay.

    Values are put in once and never read again, so that a value cannot smuggle in a shortcode.
    """
    spans = code_spans(text)
    parts: list[str] = []
    done = 0
    for found in VARIABLE.finditer(text):
        if found[1] not in variables or any(start <= found.start() < end for start, end in spans):
            continue
        value = variables[found[1]]
        if not text[text.rfind("\n", 0, found.start()) + 1 : found.start()].strip(" \t>"):
            # '4' followed by a full stop would open a list at the start of a line.
            value = f"&#{ord(value[0])};{value[1:]}" if value[:1].isalnum() else value
        parts += [text[done : found.start()], value]
        done = found.end()
    return "".join([*parts, text[done:]])


def used_variables(text: str) -> list[str]:
    """Return the names of the variables that `text` uses outside code, in order."""
    spans = code_spans(text)
    return [
        found[1]
        for found in VARIABLE.finditer(text)
        if not any(start <= found.start() < end for start, end in spans)
    ]


def settings_of(text: str, where: str) -> dict[str, Any]:
    """Return the YAML `text` as a mapping, empty for nothing. Raises StudyError naming `where`."""
    try:
        read = yaml.load(text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        at = f", line {mark.line + 1}" if mark else ""
        raise StudyError(
            Problem(where + at, "text that is not YAML", "valid YAML", "correct it")
        ) from error
    if read is None:
        return {}
    if not isinstance(read, dict):
        raise StudyError(Problem(where, "no mapping", "names and values", "correct it"))
    return read


# What a link within would break: attributes, and the words of a link or a picture.
_CLOSED = re.compile(
    r"\{[^{}<][^{}]*(?:\{\{<[^>]*>\}\}[^{}]*)*\}|!?\[(?:[^\[\]\n]|\n(?!\s*\n)|\[[^\[\]\n]*\])*\]\("
)


def with_links(text: str, links: Mapping[str, str]) -> str:
    """Put for each `{{< var name >}}` that `links` knows the Markdown that leads on from it.

    Left alone are code, attributes, the words of links, headings, and of the front matter all but
    blocks of text (an abstract): there a link would be printed, or end another.
    """
    length = front_matter_length(text)
    closed = code_spans(text) + [found.span() for found in _CLOSED.finditer(text)]
    parts: list[str] = []
    done = 0
    for found in VARIABLE.finditer(text):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        in_field = found.start() < length and not line.startswith((" ", "\t"))
        within = any(start <= found.start() < end for start, end in closed)
        if found[1] not in links or in_field or within or line.startswith("#"):
            continue
        parts += [text[done : found.start()], links[found[1]]]
        done = found.end()
    return "".join([*parts, text[done:]])
