"""How coded material is spread over codes, cases and sources."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.figures import many
from analysis.figures.library import aes, ggplot, p9
from analysis.figures.style import (
    INK,
    ONE_GROUP,
    PALE,
    SHADE,
    SHAPES,
    THEME,
    labels_of,
    nothing,
    ordered_by,
    whole_steps,
)


def cases_per_code(by_source: pd.DataFrame, roles: pd.DataFrame, codes: Sequence[str]) -> ggplot:
    """One dot for every case, those without the code too: its segments, in rows by code, shape by
    role.

    `by_source` is `measures.frequencies.code_by_source`; `roles` has case_id and role. Of more
    than six roles those with the fewest cases share one shape, 'other roles'.
    """
    counted = dots(by_source, roles, codes)
    if counted.empty:
        return nothing("No case carries a code yet.")
    labels = labels_of(list(codes))
    if counted["case_id"].nunique() > many.MOST:
        told = counted.assign(label=counted["code"].map(labels))
        return many.cases_per_code(told, [labels[code] for code in codes])
    n_roles = counted["role"].nunique()
    return (
        ggplot(counted, aes("at", "row", shape="role", fill="role"))
        + p9.geom_point(size=2.4, color=INK, stroke=0.4, alpha=0.9)
        + p9.scale_y_continuous(
            breaks=list(range(1, len(codes) + 1)),
            labels=[labels[code] for code in reversed(codes)],
            limits=(0.4, len(codes) + 0.6),
        )
        + p9.scale_x_continuous(breaks=whole_steps(float(counted["segments"].max() or 1)))
        + p9.scale_shape_manual(values=SHAPES)
        + p9.scale_fill_manual(values=_shades(n_roles))
        + p9.labs(
            x="coded segments in one case (each mark is a case; cases of one count stand\n"
            "side by side, to the right of it, cases without the code to the left of 0)",
            y="",
            shape="",
            fill="",
        )
        + THEME
        + p9.theme(
            panel_grid_major_y=p9.element_line(color="#eef1f3"),
            legend_position="top" if n_roles > 1 else "none",
        )
    )


def dots(by_source: pd.DataFrame, roles: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    """Where `cases_per_code` draws its marks: code, case_id, segments, role, and at, row.

    `row` counts the codes from the lowest, which is the last; no rows where nothing is coded.
    """
    shown = by_source[by_source["code"].isin(codes)]
    counted = shown.groupby(["code", "case_id"], as_index=False)["segments"].sum()
    counted = counted.merge(roles.drop_duplicates("case_id")[["case_id", "role"]], on="case_id")
    if not counted["segments"].any():
        return counted.iloc[:0]
    lowest = {code: place for place, code in enumerate(reversed(codes))}
    counted["role"] = _few(counted["role"].str.replace("_", " "), counted["case_id"])
    rank = counted.groupby(["code", "segments", "role"]).cumcount()
    roles_in_order = sorted(counted["role"].unique())
    lane = counted["role"].map({role: place for place, role in enumerate(roles_in_order)})
    top, without = max(counted["segments"].max(), 8), counted["segments"] == 0
    apart = min(0.0125 * top, 0.8 / (rank[~without].max() + 1))
    # Cases without the code are many: they have all the room to the left of 0.
    counted["at"] = np.where(without, -0.018 * top * rank, counted["segments"] + rank * apart)
    height = min(0.24, 0.8 / len(roles_in_order))
    counted["row"] = (
        counted["code"].map(lowest) + 1 + (lane - (len(roles_in_order) - 1) / 2) * height
    )
    return counted


def _few(names: pd.Series, cases: pd.Series) -> pd.Series:
    """The names, the rarest called 'other roles' where there are more than shapes for them."""
    spread = cases.groupby(names).nunique()
    if len(spread) <= len(SHAPES):
        return names
    ranked = sorted(spread.index, key=lambda name: (-spread[name], name))
    return names.where(names.isin(ranked[: len(SHAPES) - 1]), "other roles")


def _shades(count: int) -> list[str]:
    return ["#ffffff", SHADE, "#9db8c9", INK, "#c9a227", "#7a7a7a"][:count]


def code_by_source_map(by_source: pd.DataFrame, codes: Sequence[str]) -> ggplot:
    """Heat map of segments, codes in rows and sources in columns, each count written in it."""
    if not codes:
        return nothing("Nothing is coded yet.")
    shown = by_source[by_source["code"].isin(codes)].copy()
    labels = labels_of(list(codes))
    if shown["source_id"].nunique() > many.MOST:
        told = shown.assign(label=shown["code"].map(labels))
        return many.code_by_source_map(told, [labels[code] for code in codes])
    shown["label"] = pd.Categorical(
        shown["code"].map(labels), categories=[labels[code] for code in reversed(codes)]
    )
    dark = shown["segments"] > 0.6 * max(shown["segments"].max(), 1)
    shown["ink"] = np.where(dark, "#ffffff", INK)
    # Empty cells have no number: text is the slowest thing to draw.
    counted = shown[shown["segments"] > 0]
    return (
        ggplot(shown, aes("source_id", "label", fill="segments"))
        + p9.geom_tile(color="white", size=0.8)
        + p9.geom_text(aes(label="segments", color="ink", group=ONE_GROUP), counted, size=7)
        + p9.scale_color_identity()
        + p9.scale_fill_gradient(low="#f4f6f8", high=SHADE)
        + p9.labs(x="", y="", fill="segments")
        + THEME
        + p9.theme(
            axis_text_x=p9.element_text(rotation=90, size=7),
            panel_grid_major=p9.element_blank(),
            legend_position="none",
        )
    )


def coverage_stripes(stretches: pd.DataFrame, codes: Sequence[str]) -> ggplot:
    """Where in each source a code falls, from its beginning (0) to its end (1).

    `stretches` is `measures.frequencies.coverage`.
    """
    if not codes:
        return nothing("Nothing is coded yet.")
    if stretches["source_id"].nunique() > many.MOST:
        return many.coverage_stripes(stretches, codes)
    shown = stretches[stretches["code"].isin(codes)].copy()
    labels = labels_of(list(codes))
    shown["label"] = ordered_by(shown["code"].map(labels), [labels[code] for code in codes])
    sources = sorted(shown["source_id"].unique(), reverse=True)
    row = shown["source_id"].map({source: place for place, source in enumerate(sources)})
    shown["low"], shown["high"] = row - 0.36, row + 0.36
    return (
        ggplot(shown)
        + p9.geom_rect(aes(xmin="begins", xmax="ends", ymin="low", ymax="high"), fill=SHADE)
        + p9.facet_wrap("label", ncol=3)
        + p9.scale_y_continuous(breaks=list(range(len(sources))), labels=sources)
        + p9.scale_x_continuous(limits=(0, 1), breaks=[0, 0.5, 1], labels=["0", "½", "1"])
        + p9.labs(x="place in the source, from its beginning (0) to its end (1)", y="")
        + THEME
        + p9.theme(axis_text_y=p9.element_text(size=5.5), panel_spacing_x=0.04)
    )


def accumulation_curve(curve: pd.DataFrame) -> ggplot:
    """New codes as interviews were collected (points) and in any order (line, band).

    `curve` is `measures.saturation.accumulation`.
    """
    if curve.empty:
        return nothing("There is no accumulation to follow: see the notebook.")
    if len(curve) > many.MOST:
        return many.accumulation_curve(curve)
    return (
        ggplot(curve, aes("step"))
        + p9.geom_ribbon(aes(ymin="lower", ymax="upper"), fill=PALE)
        + p9.geom_line(aes(y="expected"), color=SHADE, size=0.9)
        + p9.geom_point(aes(y="cumulative"), shape="o", fill="white", color=INK, size=2.2)
        + p9.scale_x_continuous(breaks=whole_steps(float(curve["step"].max())))
        + p9.labs(x="interviews", y="codes met")
        + THEME
    )


def height_of_lengths(per_source: pd.DataFrame) -> float:
    """How high `lengths` is to be drawn, in inches."""
    rows = len(per_source)
    return 3.5 if rows > many.MOST else 1 + 0.22 * max(rows, 4)


def lengths(per_source: pd.DataFrame) -> ggplot:
    """Words and turns of each source, the interviewer's part drawn hollow.

    Columns: source_id, words, interviewer_words, passages, interviewer_passages (the interviewer's
    are not among the others). Where somebody asks, a passage is a turn, and beside the bars stand
    the interviewer's share of the words and the mean words of a participant's turn.
    """
    if per_source.empty:
        return nothing("No sources of this kind.")
    if len(per_source) > many.MOST:
        return many.lengths(per_source)
    asked = per_source["interviewer_words"]
    share = (asked / (per_source["words"] + asked)).fillna(0).map(" {:.0%}".format)
    each = (per_source["words"] / per_source["passages"]).fillna(0).map(" {:.0f}".format)
    talk = bool((per_source["interviewer_passages"] > 0).any())
    if talk:
        panels = [
            _bars(per_source, "words", "words (interviewer's share)", share),
            _bars(per_source, "passages", "turns (mean words of a participant's)", each),
        ]
    else:
        none = pd.Series("", per_source.index)
        panels = [
            _bars(per_source, "words", "words", none),
            _bars(per_source, "passages", "paragraphs", none),
        ]
    shown = pd.concat(panels, ignore_index=True)
    shown["panel"] = ordered_by(shown["panel"], shown["panel"])
    shown["speech"] = ordered_by(shown["speech"], ["participants", "interviewer"])
    sources = sorted(per_source["source_id"], reverse=True)
    row = shown["source_id"].map({source: place for place, source in enumerate(sources)})
    shown["row"], shown["low"], shown["high"] = row, row - 0.35, row + 0.35
    return (
        ggplot(shown)
        + p9.geom_rect(
            aes(xmin="begins", xmax="ends", ymin="low", ymax="high", fill="speech"),
            shown[shown["begins"] < shown["ends"]],
            color=SHADE,
            size=0.4,
        )
        + p9.geom_text(aes("ends", "row", label="beside"), size=7, ha="left", color=INK)
        + p9.facet_wrap("panel", scales="free_x")
        + p9.scale_y_continuous(breaks=list(range(len(sources))), labels=sources)
        + p9.scale_x_continuous(expand=(0, 0, 0.14 if talk else 0.03, 0))
        + p9.scale_fill_manual(values={"participants": SHADE, "interviewer": "#ffffff"})
        + p9.labs(x="", y="", fill="")
        + THEME
        + p9.theme(legend_position="top" if talk else "none", panel_grid_major_y=p9.element_blank())
    )


def _bars(per_source: pd.DataFrame, counted: str, panel: str, beside: pd.Series) -> pd.DataFrame:
    """Return where the two parts of each source's bar begin and end, and what stands beside it."""
    others = per_source[counted]
    whole = others + per_source[f"interviewer_{counted}"]
    same = {"source_id": per_source["source_id"], "panel": panel}
    answers = same | {"speech": "participants", "begins": 0, "ends": others, "beside": ""}
    asks = same | {"speech": "interviewer", "begins": others, "ends": whole, "beside": beside}
    return pd.concat([pd.DataFrame(answers), pd.DataFrame(asks)])
