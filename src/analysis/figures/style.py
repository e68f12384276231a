"""What all figures share: inks, shapes, theme, and how codes are labelled."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.figures.library import aes, ggplot, p9

INK = "#1f2a33"
SHADE = "#2f6690"
PALE = "#dfe8ee"
# One group for all marks of a layer: else each cell of a grid is a group, set up on its own.
ONE_GROUP = 1
SHAPES = ["o", "s", "^", "D", "v", "P"]
# A pattern each: what an expectation may come to.
MARKS = [*SHAPES, "X", "<"]

THEME = p9.theme_minimal(base_size=10, base_family="DejaVu Sans") + p9.theme(
    text=p9.element_text(color=INK),
    plot_caption=p9.element_text(size=7.5, color="#55626c", ha="left", margin={"t": 8}),
    plot_caption_position="plot",
    panel_grid_minor=p9.element_blank(),
    panel_grid_major=p9.element_line(color="#e6eaed", size=0.5),
    strip_text=p9.element_text(weight="bold", ha="left"),
    legend_position="top",
    legend_title=p9.element_text(size=9),
    figure_size=(7, 4.5),
)


def nothing(reason: str) -> ggplot:
    """A plot that says why there is nothing to draw."""
    said = pd.DataFrame({"x": [0], "y": [0], "label": [reason]})
    return (
        ggplot(said, aes("x", "y", label="label"))
        + p9.geom_text(family="DejaVu Sans", color=INK, size=10)
        + p9.theme_void()
        + p9.theme(
            plot_caption=p9.element_text(size=7.5, color="#55626c", ha="left"),
            plot_caption_position="plot",
        )
    )


def short(code: str, width: int = 34) -> str:
    """A code's own name, for axes: the path stays in tables."""
    return textwrap.shorten(code.rsplit("/", 1)[-1], width, placeholder="…")


def labels_of(codes: Sequence[str]) -> dict[str, str]:
    """A short label for each code, no two alike: what is drawn by its label is drawn once a code.

    Where two codes share a name the parent stands before it; names alike at their beginning are cut
    in the middle, and what is still alike has a number behind it.
    """
    forms = [[form(code) for code in codes] for form in (short, _with_parent, _cut_within)]
    labels: dict[str, str] = {}
    for place, code in enumerate(codes):
        telling = (form[place] for form in forms if form.count(form[place]) == 1)
        free = (label for label in telling if label not in labels.values())
        labels[code] = next(free, f"{forms[0][place]} ({place + 1})")
    return labels


def _with_parent(code: str) -> str:
    return short(" · ".join(code.split("/")[-2:]), 40)


def _cut_within(code: str) -> str:
    name = code.rsplit("/", 1)[-1]
    return name if len(name) <= 34 else f"{name[:15].rstrip()}…{name[-18:].lstrip()}"


def ordered_by(values: pd.Series, order: Sequence[str]) -> pd.Categorical:
    """The values as categories in this order, in which an axis shows them."""
    return pd.Categorical(values, categories=list(dict.fromkeys(order)))


def whole_steps(top: float) -> list[int]:
    """Whole numbers from 0 to `top` or just beyond, about eight of them, for an axis of counts."""
    step = max(1, int(np.ceil(top / 8)))
    return list(range(0, int(top) + step + 1, step))
