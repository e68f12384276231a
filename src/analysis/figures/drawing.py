"""A plot becomes bytes."""

from __future__ import annotations

import io
import re
import textwrap
from dataclasses import dataclass
from typing import Any

from analysis.figures.library import ggplot, mpl, p9

NOTICE = "Invented data, made to show the software: no real person, service or finding."
DOTS_PER_INCH = 200
# As many letters of a caption stand beside one another.
_LETTERS_AN_INCH = 15


@dataclass(frozen=True)
class Picture:
    """A drawn figure. A notebook shows the PNG."""

    svg: bytes
    png: bytes

    def _repr_png_(self) -> bytes:
        return self.png


def draw(
    plot: ggplot, width: float, height: float, *, constructed: bool, coded_by: str = ""
) -> Picture:
    """Draw `plot`, `width` x `height` inches, the same bytes each time.

    Text in the SVG stays text. With `constructed` the figure says that its data are invented, and
    who coded where that is given.
    """
    from matplotlib import pyplot
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    plot = plot + p9.theme(figure_size=(width, height), dpi=DOTS_PER_INCH)
    said = [textwrap.fill(coded_by, int(width * _LETTERS_AN_INCH)), NOTICE if constructed else ""]
    if any(said):
        plot = plot + p9.labs(caption="\n".join(filter(None, said)))
    drawn: dict[str, bytes] = {}
    fixed: Any = {"svg.fonttype": "none", "svg.hashsalt": "figure"}
    with mpl.rc_context():
        # What a file matplotlibrc in the current folder says is nobody's choice.
        mpl.rcdefaults()
        mpl.rcParams.update(fixed)
        figure = plot.draw()
        # Lay out once: else each format draws the figure twice, the first time to measure it.
        figure.get_layout_engine().execute(figure)
        figure.set_layout_engine("none")
        # Not by `savefig`, which draws the figure once more before, to lay it out.
        for form, canvas, metadata in (
            ("svg", FigureCanvasSVG, {"Date": None}),
            ("png", FigureCanvasAgg, {"Software": None}),
        ):
            file = io.BytesIO()
            figure.set_dpi(DOTS_PER_INCH)
            getattr(canvas(figure), f"print_{form}")(file, metadata=metadata)
            drawn[form] = file.getvalue()
        pyplot.close(figure)
    # What the drawing library says of itself: a picture needs none of it, nor its addresses.
    svg = re.sub(rb"\s*<metadata>.*?</metadata>", b"", drawn["svg"], flags=re.DOTALL)
    return Picture(svg, drawn["png"])
