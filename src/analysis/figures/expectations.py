"""What claims expect, case by case and under every choice."""

from __future__ import annotations

import pandas as pd
import plotnine as p9
from plotnine import aes, ggplot

from analysis.figures.style import (
    INK,
    MARKS,
    SHADE,
    THEME,
    labels_of,
    nothing,
    whole_steps,
)


def cases_by_expectation(cases: pd.DataFrame) -> ggplot:
    """One mark for every case under each expectation and code: filled where it carries the code.

    `cases` as from `claims.cases`. Under the name of an expectation and a code stands a row for
    each group; cases that carry the code stand first, so that the length of filled marks reads as
    a count.
    """
    if cases.empty:
        return nothing("This study states no expectations.")
    labels = labels_of(list(dict.fromkeys(cases["code"])))
    carries, does_not = "carries the code", "does not"
    shown = cases.assign(
        heading=cases["expectation"] + ": " + cases["code"].map(labels),
        row=cases["side"].where(cases["side"] != "all", cases["role"]).str.replace("_", " "),
        state=cases["carries"].map({True: carries, False: does_not}),
    ).sort_values(["row", "state", "case_id"])
    lines: dict[tuple[str, str], int] = {}
    for heading in dict.fromkeys(cases["expectation"] + ": " + cases["code"].map(labels)):
        for row in ["", *dict.fromkeys(shown.loc[shown["heading"] == heading, "row"])]:
            lines[heading, row] = len(lines) + 1
    shown["line"] = [lines[key] for key in zip(shown["heading"], shown["row"], strict=True)]
    shown["at"] = shown.groupby("line").cumcount() + 1
    headings = pd.DataFrame(
        [(line, heading) for (heading, row), line in lines.items() if not row],
        columns=["line", "heading"],
    )
    groups = {line: row for (_, row), line in lines.items() if row}
    return (
        ggplot(shown, aes("at", "line"))
        + p9.geom_point(aes(shape="state", fill="state"), size=2.4, color=INK, stroke=0.5)
        + p9.geom_text(
            aes(x=0.5, label="heading"), headings, ha="left", size=8, fontweight="bold", color=INK
        )
        + p9.scale_y_reverse(breaks=list(groups), labels=list(groups.values()))
        + p9.scale_x_continuous(breaks=whole_steps(float(shown["at"].max()))[1:])
        + p9.scale_shape_manual(values={carries: "o", does_not: "s"})
        + p9.scale_fill_manual(values={carries: SHADE, does_not: "#ffffff"})
        + p9.labs(x="cases (each mark is a case)", y="", shape="", fill="")
        + THEME
    )


def specifications(variants: pd.DataFrame) -> ggplot:
    """Effect of each expectation under every variant of the choices.

    Columns: expectation, effect, pattern, measure (how its effect is measured: a panel for each).
    """
    if variants.empty:
        return nothing("This study states no expectations.")
    fills = {"present": SHADE, "opposite": INK}
    patterns = sorted(variants["pattern"].unique())
    return (
        ggplot(variants, aes("effect", "expectation", shape="pattern", fill="pattern"))
        + p9.geom_vline(xintercept=0, color="#8b98a3", linetype="dashed")
        + p9.geom_point(
            color=INK,
            size=2,
            stroke=0.4,
            alpha=0.85,
            position=p9.position_jitter(width=0, height=0.3, random_state=1),
        )
        + p9.facet_wrap("measure", ncol=1, scales="free")
        + p9.scale_shape_manual(values=MARKS)
        + p9.scale_fill_manual(values=[fills.get(pattern, "#ffffff") for pattern in patterns])
        + p9.labs(x="effect, in the expected direction to the right", y="", shape="", fill="")
        + THEME
        + p9.guides(shape=p9.guide_legend(ncol=3), fill=p9.guide_legend(ncol=3))
        + p9.theme(panel_spacing_y=0.06, legend_position="bottom")
    )
