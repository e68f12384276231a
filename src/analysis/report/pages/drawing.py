"""Where a drawing put its cells and marks, as the SVG says: the ticks of its axes, its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

_SVG = "{http://www.w3.org/2000/svg}"
_PLACE = re.compile(r"translate\(([-\d.]+)[ ,]([-\d.]+)\)")
_FIRST = re.compile(r"M ([-\d.]+) ([-\d.]+)")


def size(svg: etree._Element) -> tuple[float, float]:
    _, _, width, height = map(float, svg.get("viewBox", "0 0 1 1").split())
    return width, height


def ticks(svg: etree._Element, axis: str) -> list[tuple[str, float | None]]:
    """The label of each tick and where its line lies, across (x) or down (y)."""
    found: list[tuple[str, float | None]] = []
    for group in svg.iter(f"{_SVG}g"):
        if not re.fullmatch(rf"{axis}tick_\d+", group.get("id", "")):
            continue
        text, line = group.find(f".//{_SVG}text"), group.find(f".//{_SVG}path")
        if text is None:
            continue
        place = _FIRST.match(line.get("d", "")) if line is not None else None
        found.append((text.text or "", float(place[1 if axis == "x" else 2]) if place else None))
    return found


def written_cells(svg: etree._Element) -> list[tuple[float, float]]:
    """Where numbers and dots of cells are written: text that belongs to no axis and is upright."""
    # The texts themselves: of one that nobody holds lxml gives the id to the next.
    axes = {
        text
        for group in svg.iter(f"{_SVG}g")
        if group.get("id", "").startswith("matplotlib.axis")
        for text in group.iter(f"{_SVG}text")
    }
    found = []
    for text in svg.iter(f"{_SVG}text"):
        if text in axes or not re.fullmatch(r"\d+|·", text.text or ""):
            continue
        moved = _PLACE.search(text.get("transform", ""))
        x, y = text.get("x"), text.get("y")
        if x and y:
            found.append((float(x), float(y)))
        elif moved:
            found.append((float(moved[1]), float(moved[2])))
    return found


def distinct(values: Iterable[float]) -> list[float]:
    """The distinct places among `values`, sorted; what differs by less than a unit is one."""
    ordered: list[float] = []
    for value in sorted(values):
        if not ordered or value - ordered[-1] > 1:
            ordered.append(value)
    return ordered
