"""Estimates with their ranges."""

from __future__ import annotations

import pandas as pd

from analysis.figures.library import aes, ggplot, p9
from analysis.figures.style import (
    INK,
    SHADE,
    THEME,
    labels_of,
    nothing,
    ordered_by,
)


def ranges(
    table: pd.DataFrame,
    label: str,
    value: str,
    lower: str,
    upper: str,
    axis: str,
    marked: str | None = None,
    reference: float = 0.0,
) -> ggplot:
    """A point with its range in each row, around a `reference` line.

    `marked` names a true/false column; marked rows have a hollow point.
    """
    shown = table.copy()
    shown["label"] = ordered_by(shown[label], list(shown[label])[::-1])
    shown["hollow"] = shown[marked].astype(bool) if marked else False
    return (
        ggplot(shown, aes(value, "label"))
        + p9.geom_vline(xintercept=reference, color="#8b98a3", linetype="dashed")
        + p9.geom_errorbarh(aes(xmin=lower, xmax=upper), height=0, color=SHADE, size=0.8)
        + p9.geom_point(aes(fill="hollow"), shape="o", size=2.6, color=SHADE, stroke=0.8)
        + p9.scale_fill_manual(values={False: SHADE, True: "#ffffff"}, guide=None)
        + p9.labs(x=axis, y="")
        + THEME
    )


def contrast_plot(compared: pd.DataFrame, most: int = 24) -> ggplot:
    """Difference of case shares between two groups with its range, furthest apart first.

    `compared` is `contrasting.between_roles`; of more than `most` rows the first are drawn.
    """
    shown = compared.dropna(subset=["share_difference"]).head(most)
    if shown.empty:
        return nothing("There are too few cases to compare groups.")
    pairs = (shown["group_a"] + " less " + shown["group_b"]).str.replace("_", " ")
    labels = shown["code"].map(labels_of(list(dict.fromkeys(shown["code"]))))
    if pairs.nunique() > 1:
        labels = labels + " (" + pairs + ")"
    axis = "difference of case shares, with its 95 % range"
    axis += f":\n{pairs.iloc[0]}" if pairs.nunique() == 1 else ""
    return ranges(
        shown.assign(label=labels), "label", "share_difference", "share_lower", "share_upper", axis
    )


def corrected_plot(shares: pd.DataFrame) -> ggplot:
    """Shares of cases by code: corrected with its range (filled), and as the program alone counted
    (a cross).

    `shares`: code, program, corrected, lower, upper, uncorrected; a row a code and program.
    """
    shown = shares.dropna(subset=["corrected"])
    if shown.empty:
        return nothing("Nothing is said of the whole: see the notebook.")
    shown = shown.sort_values(["corrected", "code"], ascending=[False, True])
    labels = shown["code"].map(labels_of(list(dict.fromkeys(shown["code"]))))
    if shown["program"].nunique() > 1:
        labels = labels + " (" + shown["program"] + ")"
    shown = shown.assign(label=ordered_by(labels, list(labels)[::-1]))
    return (
        ggplot(shown, aes("corrected", "label"))
        + p9.geom_segment(
            aes(x="lower", xend="upper", y="label", yend="label"), color=SHADE, size=0.8
        )
        + p9.geom_point(shape="o", size=2.6, color=SHADE, fill=SHADE)
        + p9.geom_point(aes("uncorrected"), shape="x", size=2.4, color=INK)
        + p9.labs(
            x="share of cases: corrected, with its range (dot); as the program alone counted (cross)",
            y="",
        )
        + THEME
    )


def agreement_plot(by_code: pd.DataFrame, discuss_below: float) -> ggplot:
    """Alpha of each code with its range; hollow where it lies below what is to be discussed.

    `by_code` is `measures.agreement.agreement_by_code`; codes without variation are left out.
    """
    if by_code.empty:
        return nothing("There is no agreement to show: see the notebook.")
    shown = by_code.dropna(subset=["alpha"]).sort_values(["alpha", "code"], ascending=False)
    labels = labels_of(list(shown["code"]))
    shown = shown.assign(label=shown["code"].map(labels), below=shown["alpha"] < discuss_below)
    return ranges(
        shown,
        "label",
        "alpha",
        "lower",
        "upper",
        "alpha, with its 95 % range",
        marked="below",
        reference=discuss_below,
    )
