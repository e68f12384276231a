"""Every table and figure of the paper to take away: its data as CSV, a figure also as SVG and PNG.

What is taken away is the data that were printed, never what was printed read back.
The links are put into the finished HTML, so that both renderers have them and authors need not
write them.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.files.spreadsheet import csv_cell, safe_csv
from analysis.report.pages.tables import kept
from analysis.report.prose.crossrefs import Label
from analysis.report.prose.document import Node, nodes, text_of
from analysis.report.prose.page import Page
from analysis.text import escape

FOLDER = "data"
_CAPTION = re.compile(r"\s*+(?:Table)?: .*\{#(tbl-[\w-]++)[^{}]*+\}\s*+$")


@dataclass(frozen=True)
class Offer:
    """What stands beside one table or figure: words and address of each download."""

    label: Label
    links: tuple[tuple[str, str], ...]


def write_figure_data(
    tables: Mapping[str, pd.DataFrame], folder: Path, *, notice: str = ""
) -> None:
    """Write `folder/<figure>.csv` for each figure (the name of its picture) and its table.

    A `notice` stands in each row, in a column of its own: rows get copied apart.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        rows = list(csv.reader(io.StringIO(safe_csv(table).decode("utf-8"), newline="")))
        _write(folder / f"{name}.csv", rows, notice)


def write(page: Page, reports: Path, folder: Path, *, notice: str = "") -> list[Offer]:
    """Write what the page's tables show, and copy its pictures, into `folder`; say what is there.

    Of a table that was made here the data are written, not rounded; of one that authors typed what
    they typed. A figure has data when `write_figure_data` left some under the name of its picture.
    A `notice` stands in each row.
    """
    folder.mkdir(parents=True, exist_ok=True)
    printed = _printed(page.source)
    offers = []
    for node in nodes(page.blocks):
        identifier = node["c"][0][0] if node["t"] in ("Table", "Figure") else ""
        if identifier not in page.labels.found:
            continue
        if node["t"] == "Table":
            name = f"{page.stem}-{identifier}.csv"
            rows = kept(reports, printed.get(identifier, ()))
            _write(folder / name, rows or _typed(node), notice)
            links = [("CSV", name)]
        else:
            links = _pictures(node, reports, folder)
        offers.append(Offer(page.labels.found[identifier], tuple(links)))
    return offers


def linked(html: str, offers: Sequence[Offer]) -> str:
    """The page with the downloads below each table and each figure."""
    for offer in offers:
        at = html.find(f'id="{offer.label.identifier}"')
        end = "</figure>" if offer.label.kind == "fig" else "</table>"
        place = html.find(end, at)
        if at < 0 or place < 0 or not offer.links:
            continue
        place += len(end)
        html = html[:place] + _links(offer) + html[place:]
    return html


def _links(offer: Offer) -> str:
    shown = ", ".join(
        f'<a href="{FOLDER}/{escape.html(name)}" download'
        f' aria-label="{words} of {escape.html(offer.label.name)}">{words}</a>'
        for words, name in offer.links
    )
    return f'<p class="downloads">Download: {shown}</p>'


def _pictures(figure: Node, reports: Path, folder: Path) -> list[tuple[str, str]]:
    found = []
    for image in (node for node in nodes(figure) if node["t"] == "Image"):
        drawn = reports / image["c"][2][0]
        stem = drawn.name.removesuffix(".svg").removesuffix(".png")
        if (folder / f"{stem}.csv").is_file():
            found.append(("CSV", f"{stem}.csv"))
        for ending in (".svg", ".png"):
            file = drawn.with_name(stem + ending)
            if file.is_file() and file.resolve().is_relative_to(reports.resolve()):
                shutil.copyfile(file, folder / file.name)
                found.append((ending[1:].upper(), file.name))
    return found


def _printed(source: str) -> dict[str, list[str]]:
    """The lines of each pipe table of a page, by the id in the caption after or before it."""
    blocks = [block.splitlines() for block in re.split(r"\n\s*\n", source)]
    found: dict[str, list[str]] = {}
    for place, block in enumerate(blocks):
        if not all(line.lstrip().startswith("|") for line in block):
            continue
        for beside in (place + 1, place - 1):
            caption = " ".join(blocks[beside]) if 0 <= beside < len(blocks) else ""
            named = _CAPTION.match(caption)
            if named:
                found[named.group(1)] = block
                break
    return found


def _typed(table: Node) -> list[list[str]]:
    """The rows of a table's head and bodies, as text."""
    head, bodies = table["c"][3], table["c"][4]
    rows = [*head[1], *(row for body in bodies for row in [*body[2], *body[3]])]
    return [[csv_cell(text_of(cell[4]).strip()) for cell in row[1]] for row in rows]


def _write(path: Path, rows: Sequence[Sequence[str]], notice: str) -> None:
    if notice and rows:
        rows = [[*rows[0], "notice"], *([*row, notice] for row in rows[1:])]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8", newline="\n")
