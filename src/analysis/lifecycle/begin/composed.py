"""A text made of quotations, for exports that have none: each row has its place by construction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

# A quotation of this many words inside another one is that passage; a shorter one, such as
# 'Yes.', says nothing of where it was said.
_TELLING_WORDS = 5
_BETWEEN = "\n\n"


@dataclass
class Composed:
    """The text of one source, and the span of each quotation: (project, row of its table) -> span.

    Rows of one passage share its span: rows of one id, and rows of the same words in several
    exports or by several coders. Rows without an id that repeat code, coder and words are
    passages of their own.
    """

    text: str = ""
    spans: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def compose(quotations: Sequence[tuple[int, pd.DataFrame]]) -> Composed:
    """Make one text of all quotations of one source, in their order.

    `quotations`: the number of each project that quotes it, with its rows. A quotation of five
    words or more that stands in another one has its place there. Rows without words have none.
    """
    numbered: dict[tuple[str, int], list[tuple[int, int]]] = {}
    for project, table in quotations:
        passages = _passages(table)
        for row, passage in zip(table.index, passages, strict=True):
            if passage is not None:
                numbered.setdefault(passage, []).append((project, int(row)))
    composed = Composed()
    places: dict[tuple[str, int], tuple[int, int]] = {}
    pieces: list[str] = []
    length = 0
    inner = _inner(list(numbered))
    for passage in numbered:
        if passage not in inner:
            words = passage[0]
            places[passage] = (length, length + len(words))
            pieces.append(words)
            length += len(words) + len(_BETWEEN)
    for passage, outer in inner.items():
        start = places[outer][0] + outer[0].index(passage[0])
        places[passage] = (start, start + len(passage[0]))
    composed.text = "".join(piece + _BETWEEN for piece in pieces)
    composed.spans = {row: places[passage] for passage, rows in numbered.items() for row in rows}
    return composed


def _passages(table: pd.DataFrame) -> list[tuple[str, int] | None]:
    """Which passage each row is of: its words, and the how manieth with these words it is."""
    by_id: dict[str, dict[str, int]] = defaultdict(dict)
    seen: dict[tuple[str, ...], int] = defaultdict(int)
    passages: list[tuple[str, int] | None] = []
    for one in table.itertuples():
        words = "\n".join(str(one.quote).split("\r\n")).strip().removeprefix("\ufeff")
        if not words:
            passages.append(None)
            continue
        number = by_id[words].setdefault(one.segment, len(by_id[words])) if one.segment else 0
        # The same code twice on one passage can only be two passages of the same words.
        key = (words, str(number), str(one.code), str(one.coder))
        repeated, seen[key] = seen[key], seen[key] + 1
        passages.append((words, number + repeated * len(table)))
    return passages


def _inner(passages: list[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, int]]:
    """The first passages of some words that stand inside another one, and the outermost of these."""
    ordered = sorted(passages, key=lambda one: -len(one[0]))
    outermost: list[tuple[str, int]] = []
    inner: dict[tuple[str, int], tuple[str, int]] = {}
    together = ""
    for passage in ordered:
        words, number = passage
        telling = len(words.split()) >= _TELLING_WORDS and number == 0
        if telling and words in together:
            holder = next((one for one in outermost if words in one[0] and one[0] != words), None)
            if holder:
                inner[passage] = holder
                continue
        outermost.append(passage)
        together += f"{words}\0"
    return inner
