"""Names that the pseudonym key hides, looked for in everything that will be published."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from html import unescape
from pathlib import Path

from analysis.problems import Problem
from analysis.report.prose import Line

_FOLDERS = (("_generated/pages", (".html", ".csv", ".md", ".txt", ".svg")), ("figures", (".svg",)))


def hidden_names(lines: Sequence[Line], names: Collection[str]) -> list[Problem]:
    """Return a problem for each of `names` in `lines`: whole words, any case, never repeated."""
    pattern = _pattern(names)
    if pattern is None:
        return []
    return [
        Problem(
            f"{line.file}, line {line.number}",
            f"a name that must not be published ({len(found[0])} characters)",
            "the pseudonym",
            "replace it, or run the cleaning again if it was generated",
        )
        for line in lines
        for found in pattern.finditer(line.text)
    ]


def hidden_names_in_files(reports: Path, names: Collection[str]) -> list[Problem]:
    """Look for `names` in the pages, downloads and figures that are copied into the site."""
    problems: list[Problem] = []
    for folder, endings in _FOLDERS:
        for file in sorted((reports / folder).rglob("*")):
            if file.suffix.lower() not in endings:
                continue
            text = unescape(file.read_text(encoding="utf-8"))
            lowered = text.casefold()
            # A page may hold thousands of passages: only names that occur at all are sought.
            there = [name for name in names if name.casefold() in lowered]
            if there:
                name = file.relative_to(reports).as_posix()
                lines = [Line(name, n, line) for n, line in enumerate(text.split("\n"), start=1)]
                problems += hidden_names(lines, there)
    return problems


def _pattern(names: Collection[str]) -> re.Pattern[str] | None:
    longest_first = sorted((name for name in names if name.strip()), key=len, reverse=True)
    if not longest_first:
        return None
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.I)
