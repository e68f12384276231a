"""Printed lines in reading order, where a page was written row by row across its two columns."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

# So many lines are looked at before a page is taken apart.
_SAMPLE = 4
_LINES_AT_LEAST = 6
_WORDS_A_LINE = 3


# Made by the thousand: a frozen one takes three times as long to make.
@dataclass(slots=True)
class Line:
    """A printed line, whose text begins at `start` in that of its page.

    Left edge and foot are those of its first letter and the height is that letter's, in points.
    """

    text: str
    start: int
    left: float
    foot: float
    height: float


@dataclass(slots=True)
class Piece(Line):
    """A line or a part of one between wide gaps; `right` is the edge of its last letter."""

    right: float


def in_reading_order(lines: Sequence[Line], cut: Callable[[Line], list[Piece]]) -> Sequence[Line]:
    """Return the lines of a page in reading order; `lines` are in the order of its content.

    Content that goes down one column and then the next stays as it is. Where it goes to and fro,
    the lines that `cut` parts at wide gaps are read down the left column and then the right,
    from each line over the full width to the next. Two columns are taken for text only where
    they are alike in width and most lines fill them with words; other rows, such as those of
    tables, stay rows.
    """
    sample = [
        _middle(line) for line in sorted(lines, key=lambda line: -len(line.text))[: 2 * _SAMPLE : 2]
    ]
    letters = sum(len(line.text) for line in sample)
    merged = sum(len(line.text) for line in sample if len(cut(line)) > 1) > letters / 2
    beside = sum(
        abs(one.foot - other.foot) < 0.75 * one.height and other.left > one.left + 3 * one.height
        for one, other in pairwise(lines)
    )
    if not (merged or beside > len(lines) / 4):
        return lines
    pieces = [piece for line in lines for piece in cut(line)]
    gutter = _gutter(pieces)
    return lines if gutter is None else _down_the_columns(pieces, gutter)


def _middle(line: Line) -> Line:
    """Return the part of a line where it would run on from one column into the next."""
    quarter = len(line.text) // 4
    part = line.text[quarter : len(line.text) - quarter]
    return replace(line, text=part.rstrip(), start=line.start + quarter)


def _gutter(pieces: list[Piece]) -> float | None:
    """Return where the right one of two columns of text begins, if there are two, interleaved."""
    first, last = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    edges = Counter(
        round(piece.left)
        for piece in pieces
        if 0.3 < (piece.left - first) / max(last - first, 1) < 0.7
    )
    if not edges:
        return None
    gutter = edges.most_common(1)[0][0] - 2.0
    sides = [_side(piece, gutter) for piece in pieces]
    left = [piece for piece, side in zip(pieces, sides, strict=True) if side == "left"]
    right = [piece for piece, side in zip(pieces, sides, strict=True) if side == "right"]
    if not _are_columns(left, right) or 4 * sides.count("across") > len(pieces):
        return None
    in_columns = [side for side in sides if side != "across"]
    returns = sum(pair == ("right", "left") for pair in pairwise(in_columns))
    return gutter if returns >= min(len(left), len(right)) / 2 else None


def _side(piece: Piece, gutter: float) -> str:
    if piece.right <= gutter:
        return "left"
    return "right" if piece.left >= gutter else "across"


def _are_columns(left: list[Piece], right: list[Piece]) -> bool:
    if min(len(left), len(right)) < _LINES_AT_LEAST:
        return False
    widths = []
    for column in (left, right):
        usual = statistics.median(piece.right - piece.left for piece in column)
        full = max(piece.right for piece in column) - min(piece.left for piece in column)
        words = statistics.median(len(piece.text.split()) for piece in column)
        if usual < 0.6 * full or words < _WORDS_A_LINE:
            return False
        widths.append(full)
    return min(widths) >= 0.5 * max(widths)


def _down_the_columns(pieces: list[Piece], gutter: float) -> list[Piece]:
    ordered: list[Piece] = []
    columns: dict[str, list[Piece]] = {"left": [], "right": []}
    rows = sorted(pieces, key=lambda piece: -piece.foot)
    steps = [above.foot - below.foot for above, below in pairwise(rows)]
    usual = statistics.median([step for step in steps if step > 1] or [0.0])
    # A running head or foot of two parts, set off from the columns, is a row for itself.
    head = next((n for n, step in enumerate(steps[:2], 1) if step > 1.5 * usual), 0)
    foot = next((n for n, step in enumerate(steps[:-3:-1], 1) if step > 1.5 * usual), 0)
    for number, piece in enumerate(rows):
        side = _side(piece, gutter)
        if number < head or number >= len(rows) - foot:
            side = "across"
        if side != "across":
            columns[side].append(piece)
            continue
        ordered += [*columns["left"], *columns["right"], piece]
        columns = {"left": [], "right": []}
    return [*ordered, *columns["left"], *columns["right"]]
