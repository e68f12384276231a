"""Printed tables of who says what: each row of a page on one line, its cells parted by tabs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from analysis.reading.columns import Line, Piece

_CLOCK = re.compile(r"[\[(]?\d{1,2}:\d{2}(?::\d{2})?[^\s]{0,12}|\d{1,4}[.)]?")
_ROWS_AT_LEAST, _SAMPLE, _LABEL_AT_MOST = 3, 8, 60
# A document whose first pages are no table of turns is none.
_PAGES_TRIED = 4
# Edges of one column lie so near each other, in points.
_NEAR = 3.0


@dataclass
class Tables:
    """The table of a document, known from the pages that were read: who spoke in it."""

    speakers: set[str] = field(default_factory=set)
    edges: tuple[float, ...] = ()
    pages_without: int = 0

    def in_rows(
        self, lines: Sequence[Line], cut: Callable[[Line], list[Piece]]
    ) -> list[Line] | None:
        """Return the lines of a page with tabs between cells; None where it is no such table.

        A table is taken for one of turns where short cells stand before a wider column of text, or
        behind it, in at least three rows, and the cells beside the text return, as speakers do. The
        rows of a later page need only the same columns and a speaker who is known.
        """
        if self.pages_without >= _PAGES_TRIED and not self.speakers:
            return None
        self.pages_without += 1
        if not self._may_be(lines, cut):
            return None
        pieces = [piece for line in lines for piece in cut(line)]
        edges = _edges(pieces, self.edges)
        if len(edges) < 2:
            return None
        letters = [
            sum(len(piece.text) for piece in pieces if abs(piece.left - edge) < _NEAR)
            for edge in edges
        ]
        text_edge = edges[letters.index(max(letters))]
        rows = _rows(pieces)
        before = [[piece for piece in row if piece.left < text_edge - _NEAR] for row in rows]
        if self._are_speakers(before, edges, text_edge, max(letters)):
            self.edges = edges
            return [_joined(row) for row in rows]
        after = [_last_cell(row, edges, text_edge) for row in rows]
        if self._are_speakers(after, edges, float("inf"), max(letters)):
            self.edges = edges
            return _with_last_cells(rows, after)
        return None

    def _are_speakers(
        self, cells: Sequence[list[Piece]], edges: Sequence[float], within: float, said: int
    ) -> bool:
        """Tell whether the cells beside the text, of each row of a page, hold who says it.

        Titles above the table and remarks below it stand at edges of their own.
        """
        fitting = [
            bool(cell)
            and all(
                any(abs(piece.left - edge) < _NEAR for edge in edges) and piece.right < within
                for piece in cell
            )
            for cell in cells
        ]
        if not any(fitting):
            return False
        first, last = fitting.index(True), len(fitting) - fitting[::-1].index(True)
        table = [cell for cell in cells[first:last] if cell]
        beside = [cell[-1].text.strip() for cell in table]
        seen = Counter(beside)
        returns = (
            len(seen) > 1 and 3 * len(seen) <= 2 * len(beside) and len(beside) >= _ROWS_AT_LEAST
        )
        if len(table) > sum(fitting) or not (returns or seen.keys() & self.speakers):
            return False
        lengths = [sum(len(piece.text) for piece in cell) for cell in table]
        if max(lengths) > _LABEL_AT_MOST or 2 * sum(lengths) > said:
            return False
        self.speakers |= {label for label, count in seen.items() if count > 1}
        return True

    def _may_be(self, lines: Sequence[Line], cut: Callable[[Line], list[Piece]]) -> bool:
        """Tell whether it is worth to cut all lines: whether some that open or end alike have wide gaps."""
        words = [line.text.split(maxsplit=1)[0] for line in lines]
        seen = Counter(words)
        alike = [
            line
            for line, word in zip(lines, words, strict=True)
            if seen[word] > 1 or word in self.speakers or _CLOCK.fullmatch(word)
        ]
        apart = sum(abs(a.foot - b.foot) < 0.3 * a.height for a, b in pairwise(lines))
        short_ones = sum(len(line.text) <= _LABEL_AT_MOST / 2 for line in lines)
        if apart >= _ROWS_AT_LEAST and 4 * apart >= len(lines) and 4 * short_ones >= len(lines):
            return True
        ends = [line.text.split()[-1] for line in lines]
        seen_last = Counter(word for word in ends if word[-1].isalnum() or word in self.speakers)
        alike_last = [line for line, word in zip(lines, ends, strict=True) if seen_last[word] > 1]
        # A cell beside several lines is a line for itself.
        beside = [line for line in alike_last if " " in line.text.strip()]
        return _have_short_cells(alike, cut, 0) or _have_short_cells(beside, cut, -1)


def _have_short_cells(
    alike: Sequence[Line], cut: Callable[[Line], list[Piece]], which: int
) -> bool:
    """Tell whether some of the lines that open or end `alike` have a short cell there."""
    sample = alike[:_SAMPLE]
    parted = [pieces for pieces in map(cut, sample) if len(pieces) > 1]
    short = sum(len(pieces[which].text) <= _LABEL_AT_MOST / 2 for pieces in parted)
    return bool(sample) and 2 * short >= len(sample)


def _edges(pieces: Sequence[Piece], known: tuple[float, ...]) -> tuple[float, ...]:
    """Return where columns begin: left edges that at least two pieces share."""
    edges: list[float] = []
    counts = Counter(round(piece.left) for piece in pieces)
    for left in sorted(counts):
        near = sum(counts[left + by] for by in (-1, 0, 1))
        if (near >= 2 or any(abs(left - edge) < _NEAR for edge in known)) and (
            not edges or left - edges[-1] > _NEAR
        ):
            edges.append(float(left))
    return tuple(edges)


def _rows(pieces: Sequence[Piece]) -> list[list[Piece]]:
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: (-piece.foot, piece.left)):
        if rows and abs(rows[-1][0].foot - piece.foot) < 0.4 * piece.height:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row, key=lambda piece: piece.left) for row in rows]


def _last_cell(row: Sequence[Piece], edges: Sequence[float], text_edge: float) -> list[Piece]:
    """Return the piece of `row` in the last column, if that is one behind text."""
    last = edges[-1]
    behind = last - text_edge >= _NEAR and abs(row[-1].left - last) < _NEAR
    return [row[-1]] if behind and len(row) > 1 else []


def _with_last_cells(rows: Sequence[list[Piece]], cells: Sequence[list[Piece]]) -> list[Line]:
    """Return the lines of a table in which who speaks stands behind what is said: put before it."""
    return [
        _joined([*cell, *row[: len(row) - len(cell)]])
        for row, cell in zip(rows, cells, strict=True)
    ]


def _joined(row: list[Piece]) -> Line:
    first = row[0]
    text = "\t".join(piece.text.strip() for piece in row)
    return Line(text, first.start, first.left, first.foot, first.height)
