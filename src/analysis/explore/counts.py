"""Answers that are counts: as a table, or as a chart whose cells are buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from analysis.explore import view
from analysis.explore.passages import Passages
from analysis.explore.results import Result, Session, markdown, markdown_table

if TYPE_CHECKING:
    from plotnine import ggplot


class Counts(Result):
    """Counts over `rows`; `passages` are those that they can be read in."""

    @property
    def passages(self) -> Passages:
        """Those that the counts can be read in."""
        return Passages(self.session, f"{self.line}.passages", self.noted, self.about)


class Table(Counts):
    """A table that is sorted, searched and paged through in the notebook, offline."""

    def __init__(
        self,
        session: Session,
        line: str,
        table: pd.DataFrame,
        rows: pd.DataFrame,
        about: Sequence[str] = (),
    ) -> None:
        self.session, self.line, self.table, self.rows, self.about = (
            session,
            line,
            table,
            rows,
            about,
        )

    def __repr__(self) -> str:
        return f"{self.line}: {view.plural(len(self.table), 'row')}"


class Lines(Table):
    """A concordance: places where words are said, each to be chosen and read where it stands.

    Columns of `table`: id (of the passage), left, word, right.
    """


@dataclass(frozen=True)
class Cell:
    """What a button shows, what it says aloud, and how long its bar is (0 to 1)."""

    label: str
    said: str
    share: float


@dataclass(frozen=True)
class Beneath:
    """A table that stands beneath a grid: its title, how it is to be read, and its rows."""

    title: str
    rule: str
    table: pd.DataFrame


@dataclass(frozen=True)
class Grid(Counts):
    """Counts by row and column, the figure that draws them, and the passages behind each.

    `table`: the measure in full; `rows`: the passages in which it counted; `rule`: what a count
    counts; `down`, `across`: key -> name of each line and column. `cells`: (row, column) -> Cell, empty where nothing was counted;
    `behind(row, column)`: the passages of a cell. `figure` draws the paper's chart; `bars` shows
    shares as lengths, else as shades; `remarks`: what a person wrote of a row, `written` of a cell;
    `beneath`: further tables.
    """

    session: Session
    line: str
    title: str
    rule: str
    table: pd.DataFrame
    rows: pd.DataFrame
    down: Mapping[str, str]
    across: Mapping[str, str]
    cells: Mapping[tuple[str, str], Cell]
    behind: Callable[[str, str], Passages]
    figure: Callable[[], ggplot] | None = None
    bars: bool = False
    remarks: Mapping[str, str] = field(default_factory=dict)
    size: tuple[float, float] = (7.0, 5.5)
    about: Sequence[str] = ()
    written: Mapping[tuple[str, str], str] = field(default_factory=dict)
    beneath: Sequence[Beneath] = ()

    def __repr__(self) -> str:
        return f"{self.line}: {view.plural(len(self.cells), 'cell')}"

    def _body(self) -> str:
        below = [
            f"{markdown(one.title)}. {markdown(one.rule)}\n\n{markdown_table(one.table)}"
            for one in self.beneath
        ]
        return "\n\n".join([super()._body(), *below])

    @cached_property
    def noted(self) -> pd.DataFrame:  # read once, since it asks per cell
        """The passages behind any of the cells."""
        ids: set[str] = set()
        for row, column in self.cells:
            ids |= set(self.behind(row, column).rows["id"])
        every = self.session.corpus.passages
        return every[every["id"].isin(ids)]

    def picture(self) -> bytes:
        """The figure as SVG; empty without one."""
        if self.figure is None:
            return b""
        from analysis.figures import draw

        return draw(self.figure(), *self.size, constructed=self.session.study.constructed).svg
