"""The marks that a renderer leaves where something stayed unresolved.

Quarto prints `?var:name`, `?@fig-x` or the shortcode itself and reports success; so the output
is searched. Words of the evidence may look like such marks: those were escaped in the source,
and are not counted as left over.
"""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

from analysis.files.problems import Problem
from analysis.report.html_page import read_html
from analysis.text.escape import PARTING

MARK = re.compile(r"\?var:|\?@(?:fig|tbl|sec)-|\{\{<")


def literal_marks(source: str) -> int:
    """Return how many marks the page shows on purpose: escaped in its Markdown `source`."""
    shown = unescape(source.replace(PARTING, ""))
    return len(MARK.findall(shown)) - len(MARK.findall(source))


def leftover_marks(file: Path, source: str) -> list[Problem]:
    """Return a problem when the page `file` shows more marks than its `source` escapes."""
    found = MARK.findall(read_html(file).main)
    expected = literal_marks(source)
    if len(found) <= expected:
        return []
    kinds = ", ".join(sorted(set(found)))
    return [
        Problem(
            file.name,
            f"{len(found) - expected} unresolved mark(s): {kinds}",
            "every variable and reference resolved",
            "look for the mark in the page, correct what it stands for, then make report",
        )
    ]
