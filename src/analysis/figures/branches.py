"""What parts into branches: the codes of a codebook, and what is said around a word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.figures.library import aes, ggplot, p9
from analysis.figures.style import INK, PALE, THEME, nothing, short

# A stretch lower than this share of all has no room for its name.
_NAMED_FROM = 0.018
_LEAVES = 30
_SMALLEST, _LARGEST = 6.0, 12.0
_Path = tuple[str, ...]

_BARE = p9.theme(
    axis_text=p9.element_blank(),
    axis_title=p9.element_blank(),
    panel_grid_major=p9.element_blank(),
    legend_position="none",
)


def tree_of_codes(counted: pd.DataFrame) -> ggplot:
    """Codes as stretches, each beside those beneath it, as high as it has segments.

    `counted` has code (a path) and segments, those of the codes beneath it included. What of a
    code is beside none beneath it was coded with the code itself.
    """
    if counted.empty:
        return nothing("Nothing is coded yet.")
    own = dict(zip(counted["code"].astype(str), counted["segments"].astype(float), strict=True))
    beneath: dict[str, list[str]] = {"": []}
    for code in own:
        above = next((up for up in _above(code) if up in own), "")
        beneath.setdefault(above, []).append(code)
    extents: dict[str, float] = {}
    for code in sorted(own, key=lambda one: -one.count("/")):
        extents[code] = max(own[code], sum(extents[one] for one in beneath.get(code, ())))
    rows = _stretches("", 0, 0.0, beneath, extents)
    drawn = pd.DataFrame(rows, columns=["code", "depth", "top", "bottom"])
    total = drawn["bottom"].max()
    drawn["label"] = [f"{short(code)} · {own[code]:.0f}" for code in drawn["code"]]
    drawn["middle"] = (drawn["top"] + drawn["bottom"]) / 2
    drawn["right"], drawn["begins"] = drawn["depth"] + 0.98, drawn["depth"] + 0.02
    named = drawn[drawn["bottom"] - drawn["top"] >= _NAMED_FROM * total]
    return (
        ggplot(drawn)
        + p9.geom_rect(
            aes(xmin="depth", xmax="right", ymin="top", ymax="bottom"),
            fill=PALE,
            color="white",
            size=0.8,
        )
        + p9.geom_text(named, aes("begins", "middle", label="label"), ha="left", size=7, color=INK)
        + p9.scale_y_reverse(expand=(0.01, 0))
        + p9.scale_x_continuous(expand=(0.01, 0))
        + THEME
        + _BARE
    )


def _above(code: str) -> list[str]:
    """The paths above a code, the nearest first."""
    parts = code.split("/")
    return ["/".join(parts[:length]) for length in range(len(parts) - 1, 0, -1)]


def _stretches(
    above: str,
    depth: int,
    top: float,
    beneath: Mapping[str, Sequence[str]],
    extents: Mapping[str, float],
) -> list[tuple[str, int, float, float]]:
    rows = []
    for code in beneath.get(above, ()):
        rows.append((code, depth, top, top + extents[code]))
        rows += _stretches(code, depth + 1, top, beneath, extents)
        top += extents[code]
    return rows


def word_tree(branches: pd.DataFrame, word: str, *, before: bool) -> ggplot:
    """What is said after a word, or before it: lines part where speech does, larger where oftener.

    `branches` has words (as they stand in the text, blanks between), depth and count, each branch
    above those that it parts into. As many are drawn as have room: the most said.
    """
    if branches.empty:
        return nothing(f"Nothing is said {'before' if before else 'after'} it.")
    counts: dict[_Path, int] = {}
    for row in branches.itertuples(index=False):
        path = str(row.words).split(" ")
        counts[tuple(path[::-1] if before else path)] = int(row.count)
    kept, least = _often(counts)
    heights = _heights(kept)
    largest = max(kept.values())
    placed = pd.DataFrame(
        [
            [path, len(path), path[-1], kept[path], heights[path]]
            for path in sorted(kept, key=lambda one: (len(one), heights[one]))
        ],
        columns=["path", "depth", "said", "count", "y"],
    )
    placed["label"] = placed["said"] + " " + placed["count"].astype(str)
    placed["size"] = _SMALLEST + (_LARGEST - _SMALLEST) * np.sqrt(placed["count"] / largest)
    placed["wide"] = 0.8 * placed["label"].str.len() * placed["size"] / _SMALLEST
    root = pd.DataFrame({"depth": [0], "label": [word], "y": [heights[()]], "size": [_LARGEST]})
    root["wide"] = 0.8 * len(word) * _LARGEST / _SMALLEST
    every = pd.concat([root.assign(path=[()]), placed], ignore_index=True)
    wide = every.groupby("depth")["wide"].max()
    begins = (wide + 6).cumsum().shift(fill_value=0.0)
    side = -1 if before else 1
    every["x"] = side * every["depth"].map(begins)
    every["end"] = every["x"] + side * (every["wide"] + 1)
    ends = every.set_index("path")[["end", "y"]]
    joined = every[every["depth"] > 0].copy()
    above = [ends.loc[[path[:-1]]].iloc[0] for path in joined["path"]]
    joined["from_x"], joined["from_y"] = (
        [float(one["end"]) for one in above],
        [float(one["y"]) for one in above],
    )
    joined["to_x"] = joined["x"] - side
    rest = "" if least == 1 else f"Drawn is what was said at least {least} times."
    return (
        ggplot(every)
        + p9.geom_segment(
            joined, aes("from_x", "from_y", xend="to_x", yend="y"), color="#a9bccb", size=0.6
        )
        + p9.geom_text(
            aes("x", "y", label="label", size="size"), ha="right" if before else "left", color=INK
        )
        + p9.scale_size_identity()
        + p9.scale_y_reverse()
        + p9.scale_x_continuous(expand=(0.02, 0, 0.12, 0) if not before else (0.12, 0, 0.02, 0))
        + p9.labs(subtitle=rest)
        + THEME
        + _BARE
    )


def _often(counts: Mapping[_Path, int]) -> tuple[dict[_Path, int], int]:
    """The branches that are said so often that at most `_LEAVES` end; and how often that is."""
    for least in sorted({1, *counts.values()}):
        kept = {path: count for path, count in counts.items() if count >= least}
        if len(_ends(kept)) <= _LEAVES:
            return kept, least
    most = dict(sorted(counts.items(), key=lambda one: (-one[1], one[0]))[:_LEAVES])
    return {path: n for path, n in most.items() if len(path) == 1}, max(counts.values())


def _ends(kept: Mapping[_Path, int]) -> list[_Path]:
    parted = {path[:-1] for path in kept}
    return [path for path in kept if path not in parted]


def _heights(kept: Mapping[_Path, int]) -> dict[_Path, float]:
    """Where each branch stands: those that end one below the other, any other between its own."""
    heights: dict[_Path, float] = {path: float(at) for at, path in enumerate(_ends(kept))}
    own: dict[_Path, list[float]] = {}
    for path in sorted(kept, key=len, reverse=True):
        if path not in heights:
            heights[path] = float(np.mean(own[path]))
        own.setdefault(path[:-1], []).append(heights[path])
    heights[()] = float(np.mean(own[()]))
    return heights
