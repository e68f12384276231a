"""Numbers that a person typed into a note or memo: marked as the person's own, not the program's.

Every other number on a page was counted from the data and follows them; these stay as written.
"""

from __future__ import annotations

import re

from analysis.text.escape import markdown

TITLE = "The author’s own number: typed, not counted from the data"
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = rf"\d{{1,2}} {_MONTH} \d{{4}}|{_MONTH} \d{{4}}|\d{{4}}-\d{{2}}(?:-\d{{2}})?"
# Of names with digits (int-06-12, COVID19, Q3) the digits are part of the name.
_FOUND = re.compile(
    rf"(?P<day>\b(?:{_DAY})\b)|(?P<number>(?<![\w.,-])\d+(?:[.,]\d+)*(?:\s?%)?(?![\w-]))"
)


def numbers_in(text: str) -> list[tuple[str, bool]]:
    """`text` in stretches, each with whether it is a number that somebody typed; days are none."""
    stretches: list[tuple[str, bool]] = []
    last = 0
    for found in _FOUND.finditer(text):
        if found["number"]:
            stretches += [(text[last : found.start()], False), (found[0], True)]
            last = found.end()
    return [one for one in (*stretches, (text[last:], False)) if one[0]]


def marked(text: str) -> str:
    """`text` as Markdown, each number in a span of the class `own-number`."""
    return within(text).strip()


def within(text: str) -> str:
    """`text` as `marked`, with the spaces that part it from what stands beside it."""
    return "".join(
        f'[{markdown(words)}]{{.own-number title="{TITLE}"}}' if number else _between(words)
        for words, number in numbers_in(text)
    )


def _between(words: str) -> str:
    """Words before, between or after numbers: `markdown` takes off the spaces that part them."""
    return " " * words[0].isspace() + markdown(words) + " " * words[-1].isspace()
