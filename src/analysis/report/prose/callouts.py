"""Callouts: boxes for notes and warnings, which Quarto knows and Pandoc does not.

`::: {.callout-note title="…"}`, or a heading that opens the box, which is then no section.
"""

from __future__ import annotations

from analysis.report.prose.document import (
    Node,
    attribute,
    changed,
    div,
    para,
    words,
)

KINDS = ("note", "tip", "important", "warning", "caution")


def with_titles(blocks: list[Node]) -> list[Node]:
    """Return `blocks` with each callout as a Div `callout`, its first child a Div with the title.

    To be called before sections are numbered. The title is the attribute `title`, else the
    heading that opens the box, else its kind.
    """
    boxed: list[Node] = changed(blocks, _titled)
    return boxed


def kind_of(node: Node) -> str | None:
    """Return the kind of a callout that `with_titles` has seen; None for any other node."""
    if node["t"] != "Div" or "callout" not in node["c"][0][1]:
        return None
    return str(node["c"][0][1][1].removeprefix("callout-"))


def _titled(node: Node) -> list[Node] | None:
    if node["t"] != "Div":
        return None
    attributes, blocks = node["c"]
    kind = next((kind for kind in KINDS if f"callout-{kind}" in attributes[1]), None)
    if kind is None:
        return None
    title = words(attribute(attributes, "title") or kind.capitalize())
    if blocks and blocks[0]["t"] == "Header":
        title, blocks = blocks[0]["c"][2], blocks[1:]
    head = div(["callout-title"], [para(title)])
    return [div(["callout", f"callout-{kind}"], [head, *blocks], attributes[0])]
