"""Lines of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A line that has more than blanks, without its line end. The blanks before its words are taken
# whole and from their first on, so that a long run of them costs no more than its length.
LINE_WITH_WORDS = re.compile(r"(?<![^\S\n])[^\S\n]*+\S[^\n]*")


def lines_with(pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
    """Yield where the lines of `text` (LF line ends) lie in which `pattern` is found, each once.

    A cheap pattern spares a costly one most lines of most texts.
    """
    found = pattern.search(text)
    while found:
        end = text.find("\n", found.end())
        end = len(text) if end < 0 else end
        yield text.rfind("\n", 0, found.start()) + 1, end
        found = pattern.search(text, end)
