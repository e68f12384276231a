"""What each page of the site must hold, whichever program rendered it.

Written from the document trees at render time, as `reports/_generated/site.json`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict

from analysis.report.prose.crossrefs import REFERENCE, Label, alternative_text
from analysis.report.prose.document import Node, nodes
from analysis.report.prose.marks import literal_marks
from analysis.report.prose.page import Page
from analysis.report.prose.title_block import TitleBlock

NUMBER = re.compile(r"\d(?:[\d,.]*\d)?")


def describe(pages: Sequence[Page], copied: Path) -> dict[str, Any]:
    """Return the description of a site: its prose pages and the files copied from `copied`."""
    files = sorted(file for file in copied.rglob("*") if file.is_file())
    return {
        "pages": {f"{page.stem}.html": _described(page) for page in pages},
        "files": {file.relative_to(copied).as_posix(): digest(file) for file in files},
    }


def write(target: Path, pages: Sequence[Page], copied: Path) -> None:
    """Write the description to `target`, as JSON."""
    text = json.dumps(describe(pages, copied), ensure_ascii=False, indent=1, sort_keys=True)
    target.write_text(text + "\n", encoding="utf-8", newline="\n")


def digest(file: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def quotation_ids(links: Sequence[str]) -> list[str]:
    """Return the ids of the quotations that `links` lead to, each once, in order."""
    found = (link.partition("#")[2] for link in links)
    return list(dict.fromkeys(name for name in found if name.startswith("q-")))


def numbers(text: str) -> dict[str, int]:
    """Return how often each number stands in `text`."""
    return dict(Counter(NUMBER.findall(text)))


def spaced(text: str) -> str:
    """Return `text` with single plain spaces and straight quotation marks."""
    straight = text.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"'})
    return " ".join(straight.split())


class DescribedPage(TypedDict):
    """What a page must hold, whatever its format."""

    title: str
    head: list[str]
    outputs: list[str]
    sections: list[list[str]]
    figures: list[list[str]]
    tables: list[list[str]]
    alternatives: list[str]
    numbers: dict[str, int]
    references: list[str]
    links: list[str]
    anchors: list[str]
    quotations: list[str]
    marks: int


def _described(page: Page) -> DescribedPage:
    found = list(nodes(page.blocks))
    links = [node["c"][2][0] for node in found if node["t"] == "Link"]
    return {
        "title": spaced(page.title),
        "head": [spaced(words) for words in _head(page.head) if words],
        "outputs": list(page.outputs),
        "sections": [_label(label) for label in page.labels.of("sec")],
        "figures": [_label(label) for label in page.labels.of("fig")],
        "tables": [_label(label) for label in page.labels.of("tbl")],
        "alternatives": [spaced(alternative_text(n)) for n in found if n["t"] == "Image"],
        "numbers": numbers(" ".join(_words_outside_citations(found))),
        "references": sorted(_cited(found)),
        "links": sorted({link for link in links if not link.startswith("#")}),
        "anchors": sorted({link[1:] for link in links if link.startswith("#")}),
        "quotations": quotation_ids(links),
        "marks": literal_marks(page.source),
    }


def _head(block: TitleBlock) -> list[str]:
    """Of the title block what every format prints: who wrote it, and the licence."""
    return [*(author.name for author in block.authors), block.licence_line]


def _label(label: Label) -> list[str]:
    return [label.identifier, label.number, spaced(label.text)]


def _words_outside_citations(found: Sequence[Node]) -> list[str]:
    """Return the words of a page but for citations, whose numbers are the style's own."""
    cited = {id(part) for node in found if node["t"] == "Cite" for part in nodes(node["c"])}
    return [str(node["c"]) for node in found if node["t"] == "Str" and id(node) not in cited]


def _cited(found: Sequence[Node]) -> set[str]:
    return {
        citation["citationId"]
        for node in found
        if node["t"] == "Cite"
        for citation in node["c"][0]
        if not REFERENCE.fullmatch(citation["citationId"])
    }
