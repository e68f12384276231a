"""Where a drawing put its cells: what is written on its axes is none of them."""

from __future__ import annotations

from lxml import etree

from analysis.report.pages.drawing import distinct, written_cells

SVG = "http://www.w3.org/2000/svg"


def test_numbers_of_an_axis_are_no_cells_however_many_there_are() -> None:
    axis = "".join(f'<text x="{at}" y="99">{at}</text>' for at in range(300))
    cells = "".join(f'<g><text x="{at}" y="{at + 0.5}">{at}</text></g>' for at in range(300))
    drawn = f'<svg xmlns="{SVG}"><g id="matplotlib.axis_1">{axis}</g>{cells}</svg>'
    found = written_cells(etree.fromstring(drawn))
    assert found == [(float(at), at + 0.5) for at in range(300)]
    assert distinct([3.0, 1.0, 1.4]) == [1.0, 3.0]
