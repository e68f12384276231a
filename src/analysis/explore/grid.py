"""A chart with its cells as buttons: each button lists the passages that it counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis.explore.found import Desk, Passages, markdown_table, write_csv

if TYPE_CHECKING:
    from plotnine import ggplot


@dataclass(frozen=True)
class Cell:
    """What a button shows, what it says aloud, and how long its bar is (0 to 1)."""

    label: str
    said: str
    share: float


@dataclass(frozen=True)
class Grid:
    """Counts by row and column, the figure that draws them, and the passages behind each.

    `table`: the measure in full; `cells`: (row, column) -> Cell, empty where nothing was
    counted; `behind(row, column)`: the passages of a cell. `figure` draws the paper's chart;
    `bars` shows shares as lengths, else as shades; `remarks`: what a person wrote of a row.
    """

    line: str
    title: str
    table: pd.DataFrame
    rows: Mapping[str, str]
    columns: Mapping[str, str]
    cells: Mapping[tuple[str, str], Cell]
    behind: Callable[[str, str], Passages]
    desk: Desk
    figure: Callable[[], ggplot] | None = None
    constructed: bool = False
    bars: bool = False
    remarks: Mapping[str, str] = field(default_factory=dict)
    size: tuple[float, float] = (7.0, 5.5)

    def __repr__(self) -> str:
        return f"{self.line}: {len(self.cells)} cells"

    def to_csv(self, path: str | Path | None = None) -> str:
        """The measure's table as CSV, safe for spreadsheets; also written to `path` if given."""
        return write_csv(self.table, path)

    def to_markdown(self) -> str:
        """The measure's table in Markdown."""
        return markdown_table(self.table)

    def picture(self) -> bytes:
        """The figure as SVG; empty without one."""
        if self.figure is None:
            return b""
        from analysis.figures import draw

        return draw(self.figure(), *self.size, constructed=self.constructed).svg

    def _repr_mimebundle_(self, **options: object) -> object:
        from analysis.explore.widget import grid_widget

        return grid_widget(self)._repr_mimebundle_(**options)
