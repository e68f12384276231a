"""What the checker says, put into the text of a page at the place that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from analysis.files.problems import Problem
from analysis.report.prose import prose
from analysis.text import escape

_PLACE = re.compile(r"(?P<file>.+?), (?:line (?P<line>\d+)|front matter)")


def place_of(problem: Problem) -> tuple[str, int]:
    """The file and line (0 where none is named) that a problem speaks of."""
    found = _PLACE.match(problem.where)
    return (found["file"], int(found["line"] or 0)) if found else (problem.where, 0)


def annotated(text: str, here: Sequence[Problem], above: Sequence[Problem] = ()) -> str:
    """Return `text` with each problem in a box below the paragraph that it speaks of.

    Those `above` stand at the top, as do those of the front matter. Code, tables with their caption
    and front matter are left whole.
    """
    lines = text.split("\n")
    boxes: dict[int, list[str]] = {}
    for problem in [*above, *here]:
        line = place_of(problem)[1] if problem not in above else 0
        boxes.setdefault(_below(text, lines, line), []).append(_box(problem))
    parts = boxes.pop(0, [])
    for number, words in enumerate(lines, start=1):
        parts.append(words)
        parts += boxes.get(number, [])
    return "\n".join(parts)


def _below(text: str, lines: Sequence[str], line: int) -> int:
    """How many lines stand above the box of a problem in the line `line`."""
    front = text.count("\n", 0, prose.front_matter_length(text))
    whole = [
        (text.count("\n", 0, start) + 1, text.count("\n", 0, end) + 1)
        for start, end in prose.code_spans(text)
    ]
    below = line
    if below <= front:
        return front
    while below < len(lines):
        in_code = any(start <= below < end for start, end in whole)
        following = next((one for one in lines[below:] if one.strip()), "")
        is_caption = following.startswith(":") and not following.startswith(":::")
        if not in_code and not lines[below].strip() and not is_caption:
            break
        below += 1
    return below


def _box(problem: Problem) -> str:
    told = (problem.where, problem.found, f"expected: {problem.expected}", f"do: {problem.remedy}")
    words = "; ".join(escape.markdown(part) for part in told)
    return f'\n::: {{.callout-warning title="The checker"}}\n{words}\n:::\n'
