"""What git leaves in a file that two people changed at one place: told as that, not as a fault."""

from __future__ import annotations

import re

from analysis.files.problems import Problem, StudyError

_BEGIN = re.compile(r"^<<<<<<< (?P<ours>.*)$", re.MULTILINE)
_END = re.compile(r"^>>>>>>> (?P<theirs>.*)$", re.MULTILINE)


def refuse_conflict(text: str, shown: str) -> None:
    """Raise `StudyError` where `text`, of the file called `shown`, holds an open conflict of git."""
    begin = _BEGIN.search(text)
    end = _END.search(text, begin.end()) if begin else None
    if begin is None or end is None or "\n=======\n" not in text[begin.end() : end.start()]:
        return
    first = text.count("\n", 0, begin.start()) + 1
    last = text.count("\n", 0, end.start()) + 1
    raise StudyError(
        Problem(
            f"{shown}, line {first}",
            f"two versions of these lines, to line {last}: {begin['ours'].strip()[:40]!r} above"
            f" ======= and {end['theirs'].strip()[:40]!r} below it",
            "one of them, or both",
            "keep what is to stand, take the three lines of marks out, then git add this file",
        )
    )
