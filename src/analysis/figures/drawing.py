"""A plot becomes bytes."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import plotnine as p9
from plotnine import ggplot

NOTICE = "Invented data, made to show the software: no real person, service or finding."
DOTS_PER_INCH = 200


@dataclass(frozen=True)
class Picture:
    """A drawn figure. A notebook shows the PNG."""

    svg: bytes
    png: bytes

    def _repr_png_(self) -> bytes:
        return self.png


def draw(plot: ggplot, width: float, height: float, *, constructed: bool) -> Picture:
    """Draw `plot`, `width` x `height` inches, the same bytes each time.

    Text in the SVG stays text. With `constructed` the figure says that its data are invented.
    """
    import matplotlib as mpl
    from matplotlib import pyplot

    plot = plot + p9.theme(figure_size=(width, height), dpi=DOTS_PER_INCH)
    if constructed:
        plot = plot + p9.labs(caption=NOTICE)
    drawn: dict[str, bytes] = {}
    fixed: Any = {"svg.fonttype": "none", "svg.hashsalt": "figure"}
    with mpl.rc_context(fixed):
        figure = plot.draw()
        # Lay out once: else each format draws the figure twice, the first time to measure it.
        figure.get_layout_engine().execute(figure)
        figure.set_layout_engine("none")
        for form, metadata in (("svg", {"Date": None}), ("png", {"Software": None})):
            file = io.BytesIO()
            figure.savefig(file, format=form, dpi=DOTS_PER_INCH, metadata=metadata)
            drawn[form] = file.getvalue()
        pyplot.close(figure)
    # What the drawing library says of itself: a picture needs none of it, nor its addresses.
    svg = re.sub(rb"\s*<metadata>.*?</metadata>", b"", drawn["svg"], flags=re.DOTALL)
    return Picture(svg, drawn["png"])
