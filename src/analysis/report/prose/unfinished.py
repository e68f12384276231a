"""What stands in a paper until its authors write it: the skeleton's brackets and its title."""

from __future__ import annotations

import re
from pathlib import Path

from analysis.files.problems import Problem
from analysis.report.prose import prose

# A sentence in square brackets, which is no link, citation, footnote or span.
_BRACKET = re.compile(r"(?<![\]!\w])\[(?![@^-])[A-Z][^\[\]]{8,400}[.?!]\](?![(\[{:])")
_WORKING_TITLE = re.compile(r"^title:\s*[\"']?[^\n]*working title", re.IGNORECASE | re.MULTILINE)


def unfinished(reports: Path) -> list[Problem]:
    """Return a problem for each bracket of the skeleton that nobody filled, and a working title."""
    problems = []
    for name in prose.page_names(reports):
        text = (reports / name).read_text(encoding="utf-8")
        problems += [
            Problem(
                f"reports/{name}, line {text.count(chr(10), 0, match.start()) + 1}",
                f"a template that is not filled: {' '.join(match[0].split())[:80]}",
                "the authors' own words",
                "write the paragraph, or take it out",
            )
            for match in _BRACKET.finditer(text)
        ]
        title = _WORKING_TITLE.search(text)
        if title:
            problems.append(
                Problem(
                    f"reports/{name}, line {text.count(chr(10), 0, title.start()) + 1}",
                    "a working title",
                    "the title of the study",
                    "give the paper its title",
                )
            )
    return problems
