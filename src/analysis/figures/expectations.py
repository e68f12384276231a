"""What claims expect, case by case and under every choice."""

from __future__ import annotations

import pandas as pd

from analysis.figures.library import aes, ggplot, p9
from analysis.figures.many import MOST, stances_counted
from analysis.figures.style import INK, MARKS, SHADE, THEME, nothing, ordered_by

#: How a case stands to an expectation: its shape and fill, in the order of the legend.
_STATES = {
    "affirming": ("affirms", "o", SHADE),
    "contradicting": ("contradicts", "X", INK),
    "mixed": ("both, or with limits", "D", "#9fb9cc"),
    "mentioned but not judged": ("mentions it, nobody judged", "o", "#ffffff"),
    "silent": ("does not mention it", "_", INK),
    "not asked": ("was not asked", "|", INK),
}


def cases_by_expectation(stances: pd.DataFrame) -> ggplot:
    """One mark for every case under each expectation of a claim: what it holds, by shape and fill.

    `stances`: rows of one claim as from `claims.stance_table`. Cases that an expectation does not
    look at have no mark. Of more cases than `MOST` it says how many there are in each state.
    """
    if stances.empty:
        return nothing("This claim states no expectations.")
    words = {state: said for state, (said, _, _) in _STATES.items()}
    present = [words[state] for state in _STATES if state in set(stances["state"])]
    expectations = list(dict.fromkeys(stances["expectation"]))
    shown = stances.assign(
        state=ordered_by(stances["state"].map(words), present),
        expectation=ordered_by(stances["expectation"], expectations[::-1]),
        role=stances["role"].str.replace("_", " "),
    )
    if shown["case_id"].nunique() > MOST:
        return stances_counted(shown)
    shapes = {said: shape for said, shape, _ in _STATES.values()}
    fills = {said: fill for said, _, fill in _STATES.values()}
    return (
        ggplot(shown, aes("case_id", "expectation", shape="state", fill="state"))
        + p9.geom_point(size=3.4, color=INK, stroke=0.6)
        + p9.facet_grid(cols="role", scales="free_x", space="free_x")
        + p9.scale_shape_manual(values=[shapes[said] for said in present])
        + p9.scale_fill_manual(values=[fills[said] for said in present])
        + p9.labs(x="", y="", shape="", fill="")
        + THEME
        + p9.theme(axis_text_x=p9.element_text(rotation=90), legend_position="bottom")
        + p9.guides(shape=p9.guide_legend(ncol=3), fill=p9.guide_legend(ncol=3))
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
