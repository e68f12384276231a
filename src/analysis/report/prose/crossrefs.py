"""Numbers for sections, figures and tables, and the references that point to them.

Pandoc knows neither; Quarto does both. Here they are done once on the document tree, so that
HTML, PDF and DOCX agree, in the words that Quarto uses ('Figure 1', 'Table 1', 'Section 2.1').
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from analysis.report.prose.document import (
    Node,
    attribute,
    changed,
    link,
    nodes,
    span,
    text_of,
    words,
)

REFERENCE = re.compile(r"(fig|tbl|sec)-[\w-]+", re.I)
NAMES = {"fig": "Figure", "tbl": "Table", "sec": "Section"}
_GLUE = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Label:
    """A numbered part of the page. `kind` is fig, tbl or sec; `text` its caption or heading."""

    identifier: str
    kind: str
    number: str
    text: str
    level: int = 1

    @property
    def name(self) -> str:
        """The words that refer to it, such as 'Figure 1'; a bare heading without a number."""
        return f"{NAMES[self.kind]}{_GLUE}{self.number}" if self.number else self.text


@dataclass
class Labels:
    """All numbered parts of a page, in order, and the references that found no target."""

    found: dict[str, Label] = field(default_factory=dict)
    unresolved: list[str] = field(default_factory=list)

    def of(self, kind: str) -> list[Label]:
        """Return the labels of one kind, in the order of the page."""
        return [label for label in self.found.values() if label.kind == kind]


def number(blocks: list[Node]) -> tuple[list[Node], Labels]:
    """Number headings, figures and tables of a page and resolve the references to them.

    Headings are shifted so that the highest is level 1. A heading of class `unnumbered` has no
    number. Figures and tables count when their id starts with `fig-` or `tbl-`. Returns the
    changed blocks (those given may be altered) and the labels.
    """
    labels = Labels()
    top = min((node["c"][0] for node in nodes(blocks) if node["t"] == "Header"), default=1)
    counters = [0] * 6
    counts = {"fig": 0, "tbl": 0}

    for node in nodes(blocks):
        if node["t"] == "Header":
            _number_heading(node, top, counters, labels)
        elif node["t"] in ("Figure", "Table"):
            kind = node["c"][0][0].partition("-")[0]
            if kind in counts:
                counts[kind] += 1
                _number_caption(node, kind, counts[kind], labels)
    return changed(blocks, lambda node: _resolved(node, labels)), labels


def _number_heading(node: Node, top: int, counters: list[int], labels: Labels) -> None:
    level = node["c"][0] - top + 1
    attributes, heading = node["c"][1], node["c"][2]
    node["c"][0] = level
    title, numbered = text_of(heading), ""
    if "unnumbered" not in attributes[1]:
        counters[level - 1] += 1
        counters[level:] = [0] * (6 - level)
        numbered = ".".join(str(count) for count in counters[:level])
        node["c"][2] = [span(["header-section-number"], words(numbered)), {"t": "Space"}, *heading]
    if attributes[0]:
        labels.found[attributes[0]] = Label(attributes[0], "sec", numbered, title, level)


def _number_caption(node: Node, kind: str, count: int, labels: Labels) -> None:
    identifier, caption = node["c"][0][0], node["c"][1]
    text = text_of(caption[1]).strip()
    labels.found[identifier] = Label(identifier, kind, str(count), text)
    prefix = span(["caption-number"], words(f"{NAMES[kind]}{_GLUE}{count}:"))
    if caption[1]:
        caption[1][0]["c"] = [prefix, {"t": "Space"}, *caption[1][0]["c"]]
    else:
        caption[1] = [{"t": "Plain", "c": [prefix]}]


def _resolved(node: Node, labels: Labels) -> list[Node] | None:
    """Turn a citation of labels into links; leave other citations to the bibliography."""
    if node["t"] != "Cite":
        return None
    citations = node["c"][0]
    if not all(REFERENCE.fullmatch(citation["citationId"]) for citation in citations):
        return None
    inlines: list[Node] = []
    for citation in citations:
        identifier = citation["citationId"][:3].lower() + citation["citationId"][3:]
        label = labels.found.get(identifier)
        if label is None:
            labels.unresolved.append(identifier)
            continue
        bare = citation["citationMode"]["t"] == "SuppressAuthor"
        name = label.number if bare and label.number else label.name
        inlines += [
            {"t": "Str", "c": ","},
            {"t": "Space"},
            link(words(name), f"#{identifier}", ["quarto-xref"]),
        ]
        if citation["citationSuffix"]:
            inlines += citation["citationSuffix"]
    return inlines[2:] or words("?@" + citations[0]["citationId"])


def alternative_text(image: Node) -> str:
    """Return what an image says to those who cannot see it: `fig-alt`, else its own words."""
    return attribute(image["c"][0], "fig-alt") or text_of(image["c"][1]).strip()
