"""HTML from a notebook's output, reduced to words, tables and a few plain elements.

What a library prints as HTML may carry scripts, styles, remote pictures or words of a
transcript. The result is written anew from a short list of elements and attributes.
"""

from __future__ import annotations

from lxml import html

from analysis.text import escape

_WORDS = {"b", "strong", "i", "em", "u", "s", "sub", "sup", "small", "code", "kbd", "q", "mark"}
_BLOCKS = {"p", "br", "hr", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "div", "span"}
_HEADINGS = {"h2", "h3", "h4", "h5"}
_TABLES = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
_KEPT = _WORDS | _BLOCKS | _HEADINGS | _TABLES
_EMPTY = {"br", "hr"}
_EMBEDDED = {"iframe", "object", "embed", "svg", "math", "template", "noscript"}
_DROPPED = _EMBEDDED | {"script", "style", "head", "title"}
_ATTRIBUTES = {"th": ("colspan", "rowspan", "scope"), "td": ("colspan", "rowspan")}


def has_script(text: str) -> bool:
    """Tell whether HTML needs a script to show what it means, as widgets do."""
    return "<script" in text.lower()


def safe_html(text: str) -> str:
    """Return `text` with only plain elements and no attributes that act, load or style.

    Elements that are not on the list give their words; scripts, styles and embedded things
    give nothing. Tables can be scrolled by keyboard.
    """
    if not text.strip():
        return ""
    parts: list[str] = []
    root = html.fragment_fromstring(escape.visible(text), create_parent="div")
    _inside(root, parts)
    return "".join(parts)


def _inside(element: html.HtmlElement, parts: list[str]) -> None:
    parts.append(escape.html(element.text or ""))
    for child in element:
        if isinstance(child.tag, str):
            _element(child, parts)
        parts.append(escape.html(child.tail or ""))


def _element(element: html.HtmlElement, parts: list[str]) -> None:
    tag = str(element.tag).lower()
    if tag in _DROPPED:
        return
    if tag not in _KEPT:
        _inside(element, parts)
        return
    attributes = "".join(
        f' {name}="{escape.html(element.get(name) or "")}"'
        for name in _ATTRIBUTES.get(tag, ())
        if (element.get(name) or "").isalnum()
    )
    if tag == "th" and "scope" not in element.attrib and not (element.text_content().strip()):
        tag = "td"  # the empty corner of a table heads nothing
    opening, closing = f"<{tag}{attributes}>", f"</{tag}>"
    if tag == "table":
        opening = (
            f'<div class="table-scroll" tabindex="0" role="region" aria-label="Table">{opening}'
        )
        closing += "</div>"
    parts.append(opening)
    if tag not in _EMPTY:
        _inside(element, parts)
        parts.append(closing)
