"""Pandoc's document tree, as its JSON gives it: walking it, reading it, making parts of it.

A node is `{"t": type, "c": content}`; see https://hackage.haskell.org/package/pandoc-types.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

Node = dict[str, Any]
Change = Callable[[Node], list[Node] | None]


def changed(tree: Any, change: Change) -> Any:
    """Return `tree` with `change` applied to every node, innermost first.

    `change` returns the nodes that replace its node, or None to keep it. The tree given in
    may be altered.
    """
    # Most of a tree is words: what holds no further node is not visited.
    if isinstance(tree, list):
        result: list[Any] = []
        for element in tree:
            new = changed(element, change) if isinstance(element, list | dict) else element
            if isinstance(new, dict) and "t" in new:
                replacement = change(new)
                result += [new] if replacement is None else replacement
            else:
                result.append(new)
        return result
    if isinstance(tree, dict):
        for name, value in tree.items():
            if isinstance(value, list | dict):
                tree[name] = changed(value, change)
    return tree


def copied(tree: Any) -> Any:
    """Return a copy of `tree` that shares nothing with it."""
    return json.loads(json.dumps(tree))


def nodes(tree: Any) -> Iterator[Node]:
    """Yield every node of `tree`, in the order of the text.

    A node that is changed when it was yielded is entered as it is then.
    """
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        kind = type(one)
        if kind is dict:
            if "t" in one:
                yield one
            if len(one) == 2 and "c" in one:
                waiting.append(one["c"])
            else:
                waiting += list(one.values())[::-1]
        elif kind is list:
            waiting += one[::-1]


def text_of(tree: Any) -> str:
    """Return the words of `tree`; blocks are parted by newlines."""
    parts: list[str] = []
    _collect_text(tree, parts)
    return "".join(parts)


def _collect_text(tree: Any, parts: list[str]) -> None:
    if isinstance(tree, list):
        for element in tree:
            _collect_text(element, parts)
        return
    if not isinstance(tree, dict):
        return
    kind, content = tree.get("t"), tree.get("c", [])
    if kind == "Str":
        parts.append(str(content))
    elif kind in ("Space", "SoftBreak"):
        parts.append(" ")
    elif kind == "LineBreak":
        parts.append("\n")
    elif kind in ("Code", "CodeBlock", "Math"):
        parts.append(str(content[1]))
    elif kind == "Quoted":
        opening, closing = "‘’" if content[0]["t"] == "SingleQuote" else "“”"
        parts.append(opening)
        _collect_text(content[1], parts)
        parts.append(closing)
    elif kind not in ("RawInline", "RawBlock"):
        _collect_text(content, parts)
        if kind in ("Para", "Plain", "Header"):
            parts.append("\n")


def words(text: str) -> list[Node]:
    """Return `text` as inline nodes."""
    inlines: list[Node] = []
    for word in text.split(" "):
        inlines += [{"t": "Str", "c": word}, {"t": "Space"}]
    return inlines[:-1]


def span(classes: list[str], inlines: list[Node]) -> Node:
    """Return a Span with `classes` around `inlines`."""
    return {"t": "Span", "c": [["", classes, []], inlines]}


def div(classes: list[str], blocks: list[Node], identifier: str = "", **attributes: str) -> Node:
    """Return a Div around `blocks`; an underscore in an attribute's name becomes a hyphen."""
    pairs = [[name.replace("_", "-"), value] for name, value in attributes.items()]
    return {"t": "Div", "c": [[identifier, classes, pairs], blocks]}


def para(inlines: list[Node]) -> Node:
    """Return a paragraph."""
    return {"t": "Para", "c": inlines}


def raw_block(form: str, text: str) -> Node:
    """Return a block that is handed to the format `form` as it stands."""
    return {"t": "RawBlock", "c": [form, text]}


def link(inlines: list[Node], target: str, classes: list[str]) -> Node:
    """Return a link."""
    return {"t": "Link", "c": [["", classes, []], inlines, [target, ""]]}


def attribute(attributes: list[Any], name: str, default: str = "") -> str:
    """Return the value of `name` in Pandoc's attribute triple."""
    return next((value for key, value in attributes[2] if key == name), default)
