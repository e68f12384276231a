"""What is taken away from the paper is the data that were printed, not the print."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.report.pages import downloads
from analysis.report.pages.tables import Table
from analysis.report.prose.page import open_page

ROWS = pd.DataFrame(
    {
        "code": ["value", "=cmd", "a | b {{< var x.y >}}"],
        "segments": np.array([1176, 0, 12345678], dtype=np.int64),
        "rate": [-0.04, 1234.56789, math.nan],
        "share of words": [1 / 3, 0.0, 1.0],
        "p": [0.000042, 1.0, math.nan],
        "cases": [(6, 8), (0, 1234), (8, 8)],
    }
)
UNITS = {
    "code": "text",
    "segments": "count",
    "rate": "rate",
    "share of words": "share",
    "p": "p",
    "cases": "of",
}


def taken(tmp_path: Path, prose: str, **tables: Table) -> dict[str, pd.DataFrame]:
    """What each table of a page with this `prose` offers, by the name of its file."""
    generated = tmp_path / "_generated"
    generated.mkdir()
    (tmp_path / "_quarto.yml").write_text("project:\n  render: [index.qmd]\n")
    for name, table in tables.items():
        (generated / f"{name}.md").write_text(table.shown(tmp_path))
    (tmp_path / "index.qmd").write_text(prose)
    page = open_page(tmp_path, "index.qmd", {"x.y": "NOT THIS"})
    downloads.write(page, tmp_path, tmp_path / "data")
    return {path.name: pd.read_csv(path) for path in (tmp_path / "data").glob("*.csv")}


def test_a_downloaded_table_is_its_data(tmp_path: Path) -> None:
    prose = "{{< include _generated/one.md >}}\n\n: What was counted {#tbl-one}\n"
    found = taken(tmp_path, prose, one=Table(ROWS, UNITS))["index-tbl-one.csv"]
    expected = ROWS.assign(
        **{
            "code": ["value", "'=cmd", ROWS["code"][2]],
            "cases": [6, 0, 8],
            "cases, of": [8, 1234, 8],
        }
    )
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    # The paper shows the same, printed.
    shown = (tmp_path / "_generated" / "one.md").read_text()
    for printed in ("| 1,176 |", "| 1,234.6 |", "| under 0.001 |", "| 0 of 1,234 |", "| 0.0 |"):
        assert printed in shown


@pytest.mark.parametrize(
    "prose",
    [
        ": Above it {#tbl-one}\n\n{{< include _generated/one.md >}}\n",
        "Words.\n\n{{< include _generated/two.md >}}\n\n: Other {#tbl-two}\n\n"
        "{{< include _generated/one.md >}}\n\n: A caption\nof two lines {#tbl-one}\n",
    ],
)
def test_wherever_its_caption_stands(prose: str, tmp_path: Path) -> None:
    other = Table(pd.DataFrame({"code": ["z"]}), {"code": "text"})
    found = taken(tmp_path, prose, one=Table(ROWS, UNITS), two=other)
    assert found["index-tbl-one.csv"]["segments"].tolist() == [1176, 0, 12345678]


def test_a_table_without_rows_is_a_heading(tmp_path: Path) -> None:
    prose = "{{< include _generated/one.md >}}\n\n: Nothing {#tbl-one}\n"
    found = taken(tmp_path, prose, one=Table(ROWS.iloc[:0], UNITS))["index-tbl-one.csv"]
    assert found.empty and list(found.columns) == [*UNITS, "cases, of"]


def test_what_authors_typed_is_left_as_they_typed_it(tmp_path: Path) -> None:
    prose = "| what | n |\n|---|---:|\n| =a | 1,176 |\n\n: Typed {#tbl-one}\n"
    found = taken(tmp_path, prose)["index-tbl-one.csv"]
    assert found.loc[0].tolist() == ["'=a", "1,176"]


def test_a_range_has_a_column_for_each_edge(tmp_path: Path) -> None:
    rows = pd.DataFrame({"code": ["a", "b"], "its range": [(-0.125, 0.5), (math.nan, math.nan)]})
    table = Table(rows, {"code": "text", "its range": "range"})
    assert "| −0.12 to 0.50 |" in table.shown(tmp_path) and "| not defined |" in table.shown(
        tmp_path
    )
    assert table.data().columns.tolist() == ["code", "its range, lower", "its range, upper"]
    assert table.data().loc[0].tolist() == ["a", -0.125, 0.5]
