"""Figures: a function takes a table and returns a plot; only `draw` turns it into bytes.

Everything is told by position, length, shape or label; shades of one colour only repeat it, so
that figures read in grey print and for colour-blind readers.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotnine as p9
from plotnine import aes, ggplot

NOTICE = "Invented data, made to show the software: no real person, service or finding."
INK = "#1f2a33"
SHADE = "#2f6690"
PALE = "#dfe8ee"
_DOTS_PER_INCH = 200
# One group for all marks of a layer: else each cell of a grid is a group, set up on its own.
_ALL = 1
_SHAPES = ["o", "s", "^", "D", "v", "P"]

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

    plot = plot + p9.theme(figure_size=(width, height), dpi=_DOTS_PER_INCH)
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
            figure.savefig(file, format=form, dpi=_DOTS_PER_INCH, metadata=metadata)
            drawn[form] = file.getvalue()
        pyplot.close(figure)
    # What the drawing library says of itself: a picture needs none of it, nor its addresses.
    svg = re.sub(rb"\s*<metadata>.*?</metadata>", b"", drawn["svg"], flags=re.DOTALL)
    return Picture(svg, drawn["png"])


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


def _ordered(names: Sequence[str]) -> pd.Categorical:
    return pd.Categorical(list(names), categories=list(dict.fromkeys(names)), ordered=True)


def _labels(codes: Sequence[str]) -> dict[str, str]:
    """Short labels, with the parent added where two codes share a name."""
    names = [short(code) for code in codes]
    return {
        code: name if names.count(name) == 1 else short(" · ".join(code.split("/")[-2:]), 40)
        for code, name in zip(codes, names, strict=True)
    }


def cases_per_code(by_source: pd.DataFrame, roles: pd.DataFrame, codes: Sequence[str]) -> ggplot:
    """One dot for every case: its segments per code, in rows by code, shape by role.

    `by_source` is `measures.frequencies.code_by_source`; `roles` has case_id and role. Of more
    than six roles those with the fewest cases share one shape, 'other roles'.
    """
    if roles.empty or not codes:
        return nothing("No case carries a code yet.")
    shown = by_source[by_source["code"].isin(codes)]
    counted = shown.groupby(["code", "case_id"], as_index=False)["segments"].sum()
    counted = counted.merge(roles.drop_duplicates("case_id")[["case_id", "role"]], on="case_id")
    counted = counted[counted["segments"] > 0]
    if counted.empty:
        return nothing("No case carries a code yet.")
    labels = _labels(list(codes))
    counted["label"] = pd.Categorical(
        counted["code"].map(labels), categories=[labels[code] for code in reversed(codes)]
    )
    counted["role"] = _few(counted["role"].str.replace("_", " "), counted["case_id"])
    rank = counted.groupby(["code", "segments", "role"]).cumcount()
    roles_in_order = sorted(counted["role"].unique())
    lane = counted["role"].map({role: place for place, role in enumerate(roles_in_order)})
    apart = min(0.0125 * max(counted["segments"].max(), 8), 0.8 / (rank.max() + 1))
    counted["at"] = counted["segments"] + rank * apart
    height = min(0.24, 0.8 / len(roles_in_order))
    counted["row"] = (
        counted["label"].cat.codes + 1 + (lane - (len(roles_in_order) - 1) / 2) * height
    )
    return (
        ggplot(counted, aes("at", "row", shape="role", fill="role"))
        + p9.geom_point(size=2.4, color=INK, stroke=0.4, alpha=0.9)
        + p9.scale_y_continuous(
            breaks=list(range(1, len(codes) + 1)),
            labels=[labels[code] for code in reversed(codes)],
            limits=(0.4, len(codes) + 0.6),
        )
        + p9.scale_x_continuous(breaks=_whole_steps(float(counted["segments"].max() or 1)))
        + p9.scale_shape_manual(values=_SHAPES)
        + p9.scale_fill_manual(values=_shades(len(roles_in_order)))
        + p9.labs(
            x="coded segments in one case (each mark is a case that has some;\n"
            "cases of one count stand side by side, to the right of it)",
            y="", shape="", fill="",
        )
        + THEME
        + p9.theme(
            panel_grid_major_y=p9.element_line(color="#eef1f3"),
            legend_position="top" if len(roles_in_order) > 1 else "none",
        )
    )  # fmt: skip


def _few(names: pd.Series, cases: pd.Series) -> pd.Series:
    """The names, the rarest called 'other roles' where there are more than shapes for them."""
    spread = cases.groupby(names).nunique()
    if len(spread) <= len(_SHAPES):
        return names
    ranked = sorted(spread.index, key=lambda name: (-spread[name], name))
    return names.where(names.isin(ranked[: len(_SHAPES) - 1]), "other roles")


def _shades(count: int) -> list[str]:
    return ["#ffffff", SHADE, "#9db8c9", INK, "#c9a227", "#7a7a7a"][:count]


def _whole_steps(top: float) -> list[int]:
    step = max(1, int(np.ceil(top / 8)))
    return list(range(0, int(top) + step + 1, step))


def code_by_source_map(by_source: pd.DataFrame, codes: Sequence[str]) -> ggplot:
    """Heat map of segments, codes in rows and sources in columns, each count written in it."""
    if not codes:
        return nothing("Nothing is coded yet.")
    shown = by_source[by_source["code"].isin(codes)].copy()
    labels = _labels(list(codes))
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
        + p9.geom_text(aes(label="segments", color="ink", group=_ALL), counted, size=7)
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
    shown = stretches[stretches["code"].isin(codes)].copy()
    labels = _labels(list(codes))
    shown["label"] = _ordered_by(shown["code"].map(labels), [labels[code] for code in codes])
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


def _ordered_by(values: pd.Series, order: Sequence[str]) -> pd.Categorical:
    return pd.Categorical(values, categories=list(dict.fromkeys(order)))


def cooccurrence_matrix(pairs: pd.DataFrame, codes: Sequence[str]) -> ggplot:
    """How often two codes meet: the count written in each cell, shade for the same count."""
    if not codes:
        return nothing("No two codes meet.")
    shown = pairs[pairs["code_a"].isin(codes) & pairs["code_b"].isin(codes)]
    mirrored = shown.rename(columns={"code_a": "code_b", "code_b": "code_a"})
    both = pd.concat([shown, mirrored], ignore_index=True)[["code_a", "code_b", "n_ab"]]
    labels = _labels(list(codes))
    order = [labels[code] for code in codes]
    both["across"] = _ordered_by(both["code_a"].map(labels), order)
    both["down"] = _ordered_by(both["code_b"].map(labels), order[::-1])
    place = {code: number for number, code in enumerate(codes)}
    both = both[both["code_a"].map(place) < both["code_b"].map(place)].copy()
    both["written"] = both["n_ab"].astype(int).astype(str)
    both.loc[both["n_ab"] == 0, "written"] = "·"
    dark = both["n_ab"] > 0.6 * max(both["n_ab"].max(), 1)
    both["ink"] = np.where(dark, "#ffffff", INK)
    return (
        ggplot(both, aes("across", "down", fill="n_ab"))
        + p9.geom_tile(color="white", size=0.8)
        + p9.geom_text(aes(label="written", color="ink", group=_ALL), size=7)
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
    lines = edges.join(ends, on="code_a").join(ends, on="code_b", rsuffix="end")
    labels = _labels(list(places["code"]))
    named = places.assign(label=places["code"].map(labels))
    named["outside"] = named["x"] + 0.06 * np.where(named["x"] >= 0, 1, -1)
    named["beyond"] = named["y"] * 1.05
    right, left = named[named["x"] >= 0], named[named["x"] < 0]
    return (
        ggplot()
        + p9.geom_segment(
            lines, aes("x", "y", xend="xend", yend="yend", size="n_ab"), color="#a9bccb"
        )
        + p9.geom_point(named, aes("x", "y"), size=3, color=SHADE)
        + p9.geom_text(right, aes("outside", "beyond", label="label"), size=8, ha="left", color=INK)
        + p9.geom_text(left, aes("outside", "beyond", label="label"), size=8, ha="right", color=INK)
        + p9.scale_size_continuous(range=(0.4, 3.5), name="times met")
        + p9.scale_x_continuous(limits=(-1.9, 1.9))
        + p9.scale_y_continuous(expand=(0.08, 0))
        + THEME
        + p9.theme(
            axis_text=p9.element_blank(), axis_title=p9.element_blank(),
            panel_grid_major=p9.element_blank(),
        )
    )  # fmt: skip


def ranges(
    table: pd.DataFrame, label: str, value: str, lower: str, upper: str, axis: str,
    marked: str | None = None, reference: float = 0.0,
) -> ggplot:  # fmt: skip
    """A point with its resampling range in each row, around a `reference` line.

    `marked` names a true/false column; marked rows have a hollow point.
    """
    shown = table.copy()
    shown["label"] = _ordered_by(shown[label], list(shown[label])[::-1])
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
    labels = shown["code"].map(_labels(list(dict.fromkeys(shown["code"]))))
    if pairs.nunique() > 1:
        labels = labels + " (" + pairs + ")"
    axis = "difference of case shares (range when cases are redrawn)"
    axis += f":\n{pairs.iloc[0]}" if pairs.nunique() == 1 else ""
    return ranges(
        shown.assign(label=labels), "label", "share_difference", "share_lower", "share_upper", axis
    )


def accumulation_curve(curve: pd.DataFrame) -> ggplot:
    """New codes as interviews were collected (points) and in any order (line, band).

    `curve` is `measures.saturation.accumulation`.
    """
    if curve.empty:
        return nothing("There is no accumulation to follow: see the notebook.")
    return (
        ggplot(curve, aes("step"))
        + p9.geom_ribbon(aes(ymin="lower", ymax="upper"), fill=PALE)
        + p9.geom_line(aes(y="expected"), color=SHADE, size=0.9)
        + p9.geom_point(aes(y="cumulative"), shape="o", fill="white", color=INK, size=2.2)
        + p9.scale_x_continuous(breaks=_whole_steps(float(curve["step"].max())))
        + p9.labs(x="interviews", y="codes met")
        + THEME
    )


def lengths(per_source: pd.DataFrame) -> ggplot:
    """Words in each source, the interviewer's part drawn hollow.

    Columns: source_id, words (counted), interviewer_words.
    """
    if per_source.empty:
        return nothing("No sources of this kind.")
    tall = per_source.melt(
        "source_id", ["words", "interviewer_words"], var_name="speech", value_name="count"
    )
    named = {"words": "counted words", "interviewer_words": "interviewer's words"}
    tall["speech"] = _ordered_by(tall["speech"].map(named), list(named.values())[::-1])
    tall["source_id"] = _ordered_by(tall["source_id"], sorted(set(tall["source_id"]))[::-1])
    return (
        ggplot(tall[tall["count"] > 0], aes("source_id", "count", fill="speech"))
        + p9.geom_col(color=SHADE, size=0.4, width=0.7)
        + p9.coord_flip()
        + p9.scale_fill_manual(
            values={"counted words": SHADE, "interviewer's words": "#ffffff"}, name=""
        )
        + p9.labs(x="", y="words")
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
            color=INK, size=2, stroke=0.4, alpha=0.85,
            position=p9.position_jitter(width=0, height=0.3, random_state=1),
        )
        + p9.facet_wrap("measure", ncol=1, scales="free")
        + p9.scale_shape_manual(values=_SHAPES)
        + p9.scale_fill_manual(values=[fills.get(pattern, "#ffffff") for pattern in patterns])
        + p9.labs(x="effect, in the expected direction to the right", y="", shape="", fill="")
        + THEME
        + p9.theme(panel_spacing_y=0.06)
    )  # fmt: skip


def agreement_plot(by_code: pd.DataFrame, discuss_below: float) -> ggplot:
    """Alpha of each code with its range; hollow where it lies below what is to be discussed.

    `by_code` is `measures.agreement.agreement_by_code`; codes without variation are left out.
    """
    if by_code.empty:
        return nothing("There is no agreement to show: see the notebook.")
    shown = by_code.dropna(subset=["alpha"]).sort_values(["alpha", "code"], ascending=False)
    labels = _labels(list(shown["code"]))
    shown = shown.assign(label=shown["code"].map(labels), below=shown["alpha"] < discuss_below)
    return ranges(
        shown, "label", "alpha", "lower", "upper", "alpha (range when cases are redrawn)",
        marked="below", reference=discuss_below,
    )  # fmt: skip


def cases_by_expectation(cases: pd.DataFrame) -> ggplot:
    """One mark for every case under each expectation and code: filled where it carries the code.

    `cases` as from `claims.cases`. Under the name of an expectation and a code stands a row for
    each group; cases that carry the code stand first, so that the length of filled marks reads as
    a count.
    """
    if cases.empty:
        return nothing("This study states no expectations.")
    carries, does_not = "carries the code", "does not"
    shown = cases.assign(
        heading=cases["expectation"] + ": " + cases["code"].map(short),
        row=cases["side"].where(cases["side"] != "all", cases["role"]).str.replace("_", " "),
        state=cases["carries"].map({True: carries, False: does_not}),
    ).sort_values(["row", "state", "case_id"])
    lines: dict[tuple[str, str], int] = {}
    for heading in dict.fromkeys(cases["expectation"] + ": " + cases["code"].map(short)):
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
        + p9.scale_x_continuous(breaks=_whole_steps(float(shown["at"].max()))[1:])
        + p9.scale_shape_manual(values={carries: "o", does_not: "s"})
        + p9.scale_fill_manual(values={carries: SHADE, does_not: "#ffffff"})
        + p9.labs(x="cases (each mark is a case)", y="", shape="", fill="")
        + THEME
    )
