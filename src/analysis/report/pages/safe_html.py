"""HTML from a notebook's output, reduced by `nh3` to words, tables and a few plain elements.

What a library prints as HTML may carry scripts, styles, remote pictures or words of a transcript.
"""

from __future__ import annotations

import re

import nh3

from analysis.text import escape

_WORDS = {"b", "strong", "i", "em", "u", "s", "sub", "sup", "small", "code", "kbd", "q", "mark"}
_BLOCKS = {"p", "br", "hr", "pre", "blockquote", "ul", "ol", "li", "dl", "dt", "dd", "div", "span"}
_HEADINGS = {"h2", "h3", "h4", "h5"}
_TABLES = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
_EMBEDDED = {"iframe", "object", "embed", "svg", "math", "template", "noscript"}
_REDUCED = nh3.Cleaner(
    tags=_WORDS | _BLOCKS | _HEADINGS | _TABLES,
    clean_content_tags=_EMBEDDED | {"script", "style", "head", "title"},
    attributes={"th": {"colspan", "rowspan", "scope"}, "td": {"colspan", "rowspan"}},
    attribute_filter=lambda element, name, value: value if value.isalnum() else None,
    link_rel=None,
)
_SCROLLED = '<div class="table-scroll" tabindex="0" role="region" aria-label="Table"><table>'
# The corner of a table heads nothing.
_EMPTY_HEADING = re.compile(r'<th((?: (?:col|row)span="\w+")*)>(\s*)</th>')


def has_script(text: str) -> bool:
    """Tell whether HTML needs a script to show what it means, as widgets do."""
    return "<script" in text.lower()


def safe_html(text: str) -> str:
    """Return `text` with only plain elements and no attributes that act, load or style.

    Elements that are not on the list give their words; scripts, styles and embedded things
    give nothing. Tables can be scrolled by keyboard.
    """
    # Once before parsing, and once after, for what was written as a character reference.
    reduced = escape.visible(_REDUCED.clean(escape.visible(text)))
    reduced = _EMPTY_HEADING.sub(r"<td\1>\2</td>", reduced)
    return reduced.replace("<table>", _SCROLLED).replace("</table>", "</table></div>")
