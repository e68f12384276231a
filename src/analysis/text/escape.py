"""Words from the evidence, made safe to print: they are text in every format, never markup.

A transcript, a code name or a register field may hold a script, a shortcode, a formula or a
character that turns the direction of writing round. Each function here returns what prints
those characters literally in one format.
"""

from __future__ import annotations

import re
import string
from html import escape

# Characters that act without being seen: control characters other than tab and newline (some
# are forbidden in XML), and the ones that override or embed a direction of writing.
_ACTING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffe\uffff\ud800-\udfff]"
)
_SPACE = re.compile(r"[ \t\n\r]+")
# A comma, a percent sign and a single stop or hyphen inside a word mean nothing to Markdown.
_MARKUP = re.compile("[" + re.escape(string.punctuation) + "]")
_READ_AS_MARKUP = re.compile(r"[\\`*\[\]<>{}$~^|&@#]|^[-+]|(?<!\w)_|_(?!\w)|://")
# An empty span, which prints nothing.
PARTING = "[]{}"
# Quarto decodes metadata and then looks for shortcodes in it: both ends must be broken there.
_SHORTCODE_END = re.compile("&#123;(?=&#123;)|&#125;(?=&#125;)")
_HARMLESS = re.compile(r"[,%]|(?<=\w)[.](?=[\w ]|$)|(?<=[^\W_])-(?=[^\W_])")


def visible(text: str) -> str:
    """Return `text` with invisible acting characters shown by number, as in '⟨U+202E⟩'.

    Direction overrides would otherwise reorder the words around them; control characters
    cannot stand in a DOCX file at all. Tab and newline are kept; '\\r\\n' becomes '\\n'.
    """
    return _ACTING.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text.replace("\r\n", "\n"))


def markdown(text: str) -> str:
    """Return `text` for use inside a line of Markdown, printed literally by both renderers.

    Punctuation becomes character references, which no reader of Markdown takes for syntax; an
    empty span parts doubled braces, so that no shortcode is left once the references are decoded.
    White space is collapsed: the result is one line.
    """
    line = _SPACE.sub(" ", visible(text)).strip()

    def referenced(found: re.Match[str]) -> str:
        if _HARMLESS.match(line, found.start()):
            return found[0]
        return f"&#{ord(found[0])};"

    escaped = _MARKUP.sub(referenced, line)
    # '4. ' at the start of a line would open a list.
    if re.match(r"\w+\. ", escaped):
        escaped = f"&#{ord(escaped[0])};{escaped[1:]}"
    # A bare web address is made a link by some readers; its colon is already a reference.
    return _SHORTCODE_END.sub(lambda brace: brace[0] + PARTING, escaped)


def readable_markdown(text: str) -> str:
    """Return `text` for a line of Markdown that people read and copy as it stands.

    A backslash stands before what Markdown, HTML or a shortcode could begin with, and before
    nothing else; white space is collapsed. For files that no renderer of the report reads.
    """
    line = _SPACE.sub(" ", visible(text)).strip()
    return _READ_AS_MARKUP.sub(r"\\\g<0>", line)


def html(text: str) -> str:
    """Return `text` for an HTML element or a quoted attribute."""
    return escape(visible(text), quote=True)


def typst(text: str) -> str:
    """Return `text` as a Typst string literal, quotes included."""
    literal = visible(text).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + literal.replace("\n", "\\n").replace("\t", "\\t") + '"'
