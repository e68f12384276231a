"""Figures whose cells and marks lead to what they count, as places over the picture in HTML.

A picture stays a picture, in every format; over it lie links of a size in hundredths of it, so
that they move with it on a narrow screen. Where the drawing put its cells and marks is read from
the SVG: the labels and lines of its axes say which is which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from lxml import etree

from analysis.figures.many import MOST
from analysis.figures.spread import dots
from analysis.report.evidence_index import address
from analysis.report.links import Linker, of_code, of_pair
from analysis.report.pages import drawing
from analysis.report.prose.document import nodes
from analysis.report.prose.page import Page
from analysis.stages.frequencies import most_spread
from analysis.study.folder import Study
from analysis.text.english import plural
from analysis.text.escape import html
from analysis.text.passage_html import leaf

# The marks of cases are this wide, in the units of the drawing.
_MARK = 7.0
MOST_CODES = 12


@dataclass(frozen=True)
class Spot:
    """A place on a figure, in hundredths of its width and height, and what it leads to."""

    left: float
    top: float
    width: float
    height: float
    count: int
    words: str
    address: str


def of_figures(study: Study, linker: Linker) -> dict[str, list[Spot]]:
    """The spots of the figures that have any, by the name of the picture."""
    folder = study.reports / "figures"
    made = {"cooccurrence": _cells, "cases-per-code": _marks}
    found = {}
    for name, spots in made.items():
        if (folder / f"{name}.svg").is_file():
            drawn = etree.parse(folder / f"{name}.svg", etree.XMLParser(resolve_entities=False))
            found[name] = spots(drawn.getroot(), study, linker)
    return {name: spots for name, spots in found.items() if spots}


def linked(text: str, page: Page, spots: Mapping[str, Sequence[Spot]]) -> str:
    """The finished HTML `text` of `page` with the spots over its figures."""
    for figure in (node for node in nodes(page.blocks) if node["t"] == "Figure"):
        for image in (node for node in nodes(figure) if node["t"] == "Image"):
            name = Path(image["c"][2][0]).name.removesuffix(".svg")
            place = text.find(f'id="{figure["c"][0][0]}"')
            begin = text.find("<img", place)
            end = text.find(">", begin) + 1
            if name in spots and 0 <= place < begin < end:
                text = f"{text[:begin]}{_over(text[begin:end], spots[name])}{text[end:]}"
    return text


def _over(picture: str, spots: Iterable[Spot]) -> str:
    """The picture with links over it; the whole is as large as the picture."""
    links = "".join(
        f'<a href="{html(one.address)}" data-count="{one.count}" title="{html(one.words)}"'
        f' aria-label="{html(one.words)}" style="position:absolute;left:{one.left:.2f}%;'
        f'top:{one.top:.2f}%;width:{one.width:.2f}%;height:{one.height:.2f}%"></a>'
        for one in spots
    )
    style = "position:relative;display:inline-block;line-height:0;max-width:100%"
    return f'<span class="spots" style="{style}">{picture}{links}</span>'


def _codes_of(labels: Sequence[str], codes: Iterable[str]) -> list[str | None]:
    """The codes that labels of a figure stand for; None where a name is cut or shared."""
    named = Counter(leaf(code) for code in codes)
    meant = {leaf(code): code for code in codes if named[leaf(code)] == 1}
    return [meant.get(label) for label in labels]


def _cells(svg: etree._Element, study: Study, linker: Linker) -> list[Spot]:
    """The cells of the figure of codes that meet: number of meetings -> the places."""
    pairs = study.table("cooccurrence")
    codes = sorted({*pairs["code_a"], *pairs["code_b"]})
    across = _codes_of([label for label, _ in drawing.ticks(svg, "x")], codes)
    # Ticks are numbered from below, places from above.
    down = _codes_of([label for label, _ in reversed(drawing.ticks(svg, "y"))], codes)
    written = drawing.written_cells(svg)
    columns, rows = drawing.distinct(x for x, _ in written), drawing.distinct(y for _, y in written)
    if len(columns) != len(across) or len(rows) != len(down) or len(columns) < 2 or len(rows) < 2:
        return []
    width, height = float(np.diff(columns).mean()), float(np.diff(rows).mean())
    met = {
        frozenset(pair): int(count)
        for *pair, count in pairs[["code_a", "code_b", "n_ab"]].itertuples(index=False)
    }
    spots = []
    for x, first in zip(columns, across, strict=True):
        for y, second in zip(rows, down, strict=True):
            count = met.get(frozenset((str(first), str(second))), 0)
            if first is None or second is None or first == second or not count:
                continue
            asked = of_pair(linker, first, second, study.choices.unit)
            there = any(abs(x - a) < 1 and abs(y - b) < 1 for a, b in written)
            if there and linker.fits(count, asked):
                words = f"{leaf(first)} and {leaf(second)} meet {plural(count, 'time')}"
                spots.append(_spot(svg, x, y - 2.5, width, height, count, words, address(**asked)))
    return spots


def _marks(svg: etree._Element, study: Study, linker: Linker) -> list[Spot]:
    """The marks of the figure of cases: a case's segments of a code."""
    sources = study.sources
    interviewed = sources[sources["kind"] == "interview"]
    roles = interviewed if len(interviewed) else sources
    frequencies = study.table("frequencies_overall")
    codes = most_spread(frequencies, study.codes, MOST_CODES)
    placed = dots(study.table("code_by_source"), roles, codes)
    if placed.empty or placed["case_id"].nunique() > MOST:
        return []  # of very many cases the figure has no marks
    across = [(float(label), x) for label, x in drawing.ticks(svg, "x") if x is not None]
    down = [y for _, y in drawing.ticks(svg, "y") if y is not None]
    if len(across) < 2 or len(down) != len(codes) or len(down) < 2:
        return []
    per_segment = (across[-1][1] - across[0][1]) / (across[-1][0] - across[0][0])
    per_row = (down[-1] - down[0]) / (len(down) - 1)
    spots = []
    for row in placed[placed["segments"] > 0].itertuples():
        asked = of_code(row.code, "segments", case=row.case_id)
        if not linker.fits(int(row.segments), asked):
            continue
        x = across[0][1] + (row.at - across[0][0]) * per_segment
        y = down[0] + (row.row - 1) * per_row
        words = f"{row.case_id}: {leaf(row.code)}, {row.segments} segments"
        where = address(**asked)
        spots.append(_spot(svg, x, y, _MARK, _MARK, int(row.segments), words, where))
    return spots


def _spot(
    svg: etree._Element,
    x: float,
    y: float,
    width: float,
    height: float,
    count: int,
    words: str,
    where: str,
) -> Spot:
    whole, tall = drawing.size(svg)
    left, top = 100 * (x - width / 2) / whole, 100 * (y - height / 2) / tall
    return Spot(left, top, 100 * width / whole, 100 * height / tall, count, words, where)
