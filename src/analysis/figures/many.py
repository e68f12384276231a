"""The same figures where there are too many sources or cases to draw each: how they are distributed.

A picture of ten thousand rows takes minutes and shows nothing. From `MOST` on, each figure that has a
row, column or mark for every source says instead how many there are of which kind.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.figures.library import aes, ggplot, p9
from analysis.figures.style import (
    INK,
    ONE_GROUP,
    PALE,
    SHADE,
    THEME,
    labels_of,
    ordered_by,
    whole_steps,
)

#: So many sources or cases are drawn one by one.
MOST = 150
_SEGMENTS = 8
_PARTS = 20
_STEPS = 200
_POWERS = [10**power for power in range(8)]


def lengths(per_source: pd.DataFrame) -> ggplot:
    """How many sources have how many words and passages (columns words, passages)."""
    shown = per_source.melt(value_vars=["words", "passages"], var_name="panel", value_name="length")
    shown["panel"] = ordered_by(shown["panel"], ["words", "passages"])
    return (
        ggplot(shown, aes("length"))
        + p9.geom_histogram(bins=30, fill=SHADE)
        + p9.facet_wrap("panel", scales="free_x")
        + p9.labs(x="in one source", y=f"of {len(per_source):,} sources")
        + THEME
    )


def cases_per_code(counted: pd.DataFrame, labels: Sequence[str]) -> ggplot:
    """How many cases have how many segments of each code, written in the cells.

    `counted`: label, case_id, segments; `labels` from the top down.
    """
    most = counted["segments"].clip(upper=_SEGMENTS)
    cells = counted.assign(at=most).groupby(["label", "at"], observed=True).size()
    shown = cells.rename("cases").reset_index()
    marks = [*map(str, range(_SEGMENTS)), f"{_SEGMENTS} or more"]
    shown["at"] = ordered_by(shown["at"].map(dict(enumerate(marks))), marks)
    shown["label"] = ordered_by(shown["label"], list(labels)[::-1])
    x = f"coded segments in one case (how many of {counted['case_id'].nunique():,} cases)"
    return _cells(shown, "at", "cases", x)


def code_by_source_map(shown: pd.DataFrame, labels: Sequence[str]) -> ggplot:
    """How many sources have how many segments of each code (label, source_id, segments)."""
    return cases_per_code(shown.assign(case_id=shown["source_id"]), labels) + p9.labs(
        x=f"coded segments in one source (how many of {shown['source_id'].nunique():,} sources)"
    )


def stances_counted(shown: pd.DataFrame) -> ggplot:
    """How many cases there are in each state of each expectation (state, expectation, case_id)."""
    cells = shown.groupby(["expectation", "state"], observed=True).size()
    counts = cells.rename("cases").reset_index().rename(columns={"expectation": "label"})
    return _cells(counts, "state", "cases", f"of {shown['case_id'].nunique():,} cases")


def coverage_stripes(stretches: pd.DataFrame, codes: Sequence[str]) -> ggplot:
    """In how many sources each place, from the beginning (0) to the end (1), is under the code."""
    labels = labels_of(list(codes))
    rows = []
    for code, own in stretches.groupby("code"):
        if code in labels:
            first = np.floor(own["begins"].to_numpy() * _PARTS).astype(int).clip(0, _PARTS - 1)
            last = np.ceil(own["ends"].to_numpy() * _PARTS).astype(int).clip(1, _PARTS)
            begun = np.bincount(first, minlength=_PARTS + 1) - np.bincount(
                last, minlength=_PARTS + 1
            )
            for part, count in enumerate(np.cumsum(begun)[:_PARTS]):
                rows.append((labels[str(code)], (part + 0.5) / _PARTS, int(count)))
    shown = pd.DataFrame(rows, columns=["label", "at", "stretches"])
    shown["label"] = ordered_by(shown["label"], [labels[code] for code in codes])
    return (
        ggplot(shown, aes("at", "stretches"))
        + p9.geom_col(fill=SHADE, width=1 / _PARTS)
        + p9.facet_wrap("label", ncol=3)
        + p9.scale_x_continuous(limits=(0, 1), breaks=[0, 0.5, 1], labels=["0", "½", "1"])
        + p9.labs(x="place in the source, from its beginning (0) to its end (1)", y="stretches")
        + THEME
    )


def accumulation_curve(curve: pd.DataFrame) -> ggplot:
    """New codes as they were met (points, where one was new) and in any order (line, band), each
    stretch of the axis ten times as many sources: nearly all is met among the first."""
    last = len(curve) - 1
    told = np.unique(np.geomspace(1, last + 1, _STEPS).astype(int)) - 1
    new = curve.loc[(curve["cumulative"].diff().fillna(1) > 0) | (curve.index == last)]
    return (
        ggplot(curve.iloc[told], aes("step"))
        + p9.geom_ribbon(aes(ymin="lower", ymax="upper"), fill=PALE)
        + p9.geom_line(aes(y="expected"), color=SHADE, size=0.9)
        + p9.geom_point(aes(y="cumulative"), new, shape="o", fill="white", color=INK, size=2.2)
        + p9.scale_x_log10(breaks=_POWERS, labels=[f"{one:,}" for one in _POWERS])
        + p9.scale_y_continuous(breaks=whole_steps(float(curve["cumulative"].max())))
        + p9.labs(x=f"sources, of {last + 1:,} (points: where a code was new)", y="codes met")
        + THEME
    )


def _cells(shown: pd.DataFrame, at: str, count: str, x: str) -> ggplot:
    dark = shown[count] > 0.6 * shown[count].max()
    shown = shown.assign(
        ink=np.where(dark, "#ffffff", INK), written=shown[count].map("{:,}".format)
    )
    return (
        ggplot(shown, aes(at, "label", fill=count))
        + p9.geom_tile(color="white", size=0.8)
        + p9.geom_text(aes(label="written", color="ink", group=ONE_GROUP), size=7)
        + p9.scale_color_identity()
        + p9.scale_fill_gradient(low="#f4f6f8", high=SHADE)
        + p9.labs(x=x, y="")
        + THEME
        + p9.theme(panel_grid_major=p9.element_blank(), legend_position="none")
    )
