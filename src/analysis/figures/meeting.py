"""How often codes meet."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.figures.library import aes, ggplot, p9
from analysis.figures.style import (
    INK,
    ONE_GROUP,
    SHADE,
    THEME,
    labels_of,
    nothing,
    ordered_by,
)


def cooccurrence_matrix(pairs: pd.DataFrame, codes: Sequence[str]) -> ggplot:
    """How often two codes meet: the count written in each cell, shade for the same count."""
    if not codes:
        return nothing("No two codes meet.")
    shown = pairs[pairs["code_a"].isin(codes) & pairs["code_b"].isin(codes)]
    mirrored = shown.rename(columns={"code_a": "code_b", "code_b": "code_a"})
    both = pd.concat([shown, mirrored], ignore_index=True)[["code_a", "code_b", "n_ab"]]
    labels = labels_of(list(codes))
    order = [labels[code] for code in codes]
    both["across"] = ordered_by(both["code_a"].map(labels), order)
    both["down"] = ordered_by(both["code_b"].map(labels), order[::-1])
    place = {code: number for number, code in enumerate(codes)}
    both = both[both["code_a"].map(place) < both["code_b"].map(place)].copy()
    both["written"] = both["n_ab"].astype(int).astype(str)
    both.loc[both["n_ab"] == 0, "written"] = "·"
    dark = both["n_ab"] > 0.6 * max(both["n_ab"].max(), 1)
    both["ink"] = np.where(dark, "#ffffff", INK)
    return (
        ggplot(both, aes("across", "down", fill="n_ab"))
        + p9.geom_tile(color="white", size=0.8)
        + p9.geom_text(aes(label="written", color="ink", group=ONE_GROUP), size=7)
        + p9.scale_color_identity()
        + p9.scale_x_discrete(drop=True)
        + p9.scale_y_discrete(drop=True)
        + p9.scale_fill_gradient(low="#f4f6f8", high=SHADE)
        + p9.labs(x="", y="")
        + THEME
        + p9.theme(
            axis_text_x=p9.element_text(rotation=55, ha="right", size=8),
            panel_grid_major=p9.element_blank(),
            legend_position="none",
        )
    )


def network_figure(edges: pd.DataFrame, places: pd.DataFrame) -> ggplot:
    """Codes as labelled points, a line where they meet, thicker where more often.

    `places` has code, x, y; `edges` has code_a, code_b, n_ab.
    """
    if edges.empty:
        return nothing("Too few codes meet often enough to draw a network.")
    ends = places.set_index("code")[["x", "y"]]
    lines = edges.join(ends, on="code_a").join(ends, on="code_b", suffixes=("", "end"))
    labels = labels_of(list(places["code"]))
    named = places.assign(label=places["code"].map(labels))
    named["outside"] = named["x"] + 0.06 * np.where(named["x"] >= 0, 1, -1)
    right, left = (
        side.assign(beyond=kept_apart(side["y"].to_numpy() * 1.05))
        for side in (named[named["x"] >= 0], named[named["x"] < 0])
    )
    least, most = int(edges["n_ab"].min()), int(edges["n_ab"].max())
    return (
        ggplot()
        + p9.geom_segment(
            lines, aes("x", "y", xend="xend", yend="yend", size="n_ab"), color="#a9bccb"
        )
        + p9.geom_point(named, aes("x", "y"), size=3, color=SHADE)
        + p9.geom_text(right, aes("outside", "beyond", label="label"), size=8, ha="left", color=INK)
        + p9.geom_text(left, aes("outside", "beyond", label="label"), size=8, ha="right", color=INK)
        + p9.scale_size_continuous(
            range=(0.4, 3.5), name="times met", breaks=sorted({least, (least + most) // 2, most})
        )
        + p9.scale_x_continuous(limits=(-1.9, 1.9))
        + p9.scale_y_continuous(expand=(0.08, 0))
        + THEME
        + p9.theme(
            axis_text=p9.element_blank(),
            axis_title=p9.element_blank(),
            panel_grid_major=p9.element_blank(),
        )
    )


def kept_apart(heights: np.ndarray, room: float = 0.095) -> np.ndarray:
    """Move labels of one side away from the middle until each has `room` of its own."""
    placed = heights.astype(float)
    for upper in (True, False):
        outwards = [at for at in np.argsort(np.abs(heights)) if (heights[at] >= 0) == upper]
        sign = 1 if upper else -1
        for inner, outer in itertools.pairwise(outwards):
            placed[outer] = sign * max(sign * placed[outer], sign * placed[inner] + room)
    return placed
