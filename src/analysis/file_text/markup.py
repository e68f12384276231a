"""HTML, SVG and other XML: shown text by block, attributes, comments, scripts, packed pictures."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, unquote_to_bytes

from lxml import etree, html

from analysis.file_text.encoding import surely_text, without_escapes
from analysis.file_text.kinds import Piece, inside, of_bytes
from analysis.files.untrusted import xml_root
from analysis.text.folding import APART

_INLINE = frozenset(
    {
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "tspan",
        "tt",
        "u",
        "var",
        "wbr",
    }
)
# Inline elements that a page may set apart from what stands beside them.
_SET_APART = frozenset(
    {
        "a",
        "abbr",
        "code",
        "data",
        "kbd",
        "label",
        "samp",
        "small",
        "span",
        "sub",
        "sup",
        "tt",
        "var",
    }
)
# Cells, labels and entries of lists: the words of two of them are no running text.
_ENTRIES = frozenset(
    {"td", "th", "li", "dt", "dd", "option", "button", "caption", "figcaption", "summary", "text"}
)
# The number of a note, or the bracket of a coded span.
_NO_LETTERS = re.compile(r"[\d\W_]*")
_OFFICE_BLOCKS = frozenset({"p", "tr", "tc", "tab", "br", "cr", "si", "c", "row", "title"})
# Elements whose text is not what a reader sees as running text.
_KINDS = {"pre": "print", "metadata": "metadata", "script": "script", "style": "style"}
_NO_WORDS = frozenset({"d", "points", "transform", "viewBox"})
# Attributes that many elements share: each value is told once.
_SHARED = frozenset({"class", "style"})
_DATA = re.compile(r"data:([\w.+/-]*)(?:;[\w=.-]+)*?(;base64)?,(.*)", re.S)
_QUOTED_DATA = re.compile(r"\"(data:[^\"]*)\"|'(data:[^']*)'|\b(data:[^\s\"'()<>]+)")


def html_pieces(data: bytes) -> Iterator[Piece]:
    """The pieces of an HTML page."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    if data.strip():
        if b"\0" in data[:200] or data.startswith((b"\xff\xfe", b"\xfe\xff")):
            data = surely_text(data).encode()
        yield from _marked_up(html.document_fromstring(data, parser=parser), _breaks_html)


def xml_pieces(data: bytes) -> Iterator[Piece]:
    """The pieces of SVG and other XML."""
    if data.strip():
        yield from _marked_up(xml_root(data, searched=True), _breaks_html)


def office_part(data: bytes) -> Iterator[Piece]:
    """The pieces of one XML part of an Office file."""
    tree = xml_root(data, searched=True)
    # Words are cut into runs in texts and sheets; properties hold one value an element.
    in_runs = "processingml" in tree.tag or "spreadsheetml" in tree.tag
    yield from _marked_up(tree, _OFFICE_BLOCKS.__contains__ if in_runs else lambda tag: True)


def code_pieces(data: bytes) -> Iterator[Piece]:
    """The lines of a script or a style sheet, and what is packed into it."""
    for number, line in enumerate(surely_text(data).split("\n"), start=1):
        yield from _code(f"line {number}", line)


def _breaks_html(tag: str) -> bool:
    return tag not in _INLINE


def _marked_up(root: Any, breaks: Callable[[str], bool]) -> Iterator[Piece]:
    """Walk a tree once: text by block, attributes and comments, each near the last id.

    In running text `APART` stands at each border of what a page may set apart.
    """
    near, kind, entries = "", "text", 0
    words: list[str] = []
    names: dict[str, str] = {}
    told: set[str] = set()

    def block() -> Iterator[Piece]:
        return _block("entry" if entries and kind == "text" else kind, near, words)

    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            yield Piece(f"comment{near}", element.text or "")
            words.append(element.tail or "")
            continue
        tag = names.get(element.tag)
        if tag is None:
            tag = names[element.tag] = element.tag.rpartition("}")[2]
        if tag == "br":
            words.append(" ")
        elif words and breaks(tag):
            yield from block()
        elif tag in _SET_APART:
            words.append(APART)
        entries += (tag in _ENTRIES) * (1 if event == "start" else -1)
        if event == "end":
            kind = "text" if tag in _KINDS else kind
            if element.tail:
                words.append(element.tail)
            continue
        kind = _KINDS.get(tag, kind)
        for name, value in element.items():
            if name == "id":
                near = f" near #{value[:60]}"
            if len(value) < 2 or name in _NO_WORDS or (name in _SHARED and value in told):
                continue
            if name in _SHARED:
                told.add(value)
            yield from _attribute(name.rpartition("}")[2], value, near)
        if tag == "pre":
            # Columns of a printed table are no one number.
            cells = re.split(r"\n| {2,}", "".join(element.itertext()))
            yield from (Piece(f"entry{near}", cell) for cell in cells if cell)
        if tag in ("sup", "sub") and element.text and _NO_LETTERS.fullmatch(element.text):
            yield Piece(f"entry{near}", element.text)
        elif element.text:
            words.append(element.text)
    yield from block()


def _block(kind: str, near: str, words: list[str]) -> Iterator[Piece]:
    """The words gathered so far as one piece, if there are any; `words` is then empty."""
    text = " ".join("".join(words).split()).strip(APART)
    words.clear()
    if text and kind in ("script", "style"):
        yield from _code(kind + near, text)
    elif text:
        yield Piece(kind + near, text)


def _attribute(name: str, value: str, near: str) -> Iterator[Piece]:
    if value.startswith("data:"):
        yield from inside(f"picture{near}", _packed(value))
    elif name == "style" or name.startswith("on"):
        yield from _code(f"attribute {name}{near}", value)
    else:
        value = unquote(value) if "%" in value else value
        yield Piece(f"attribute {name}{near}", without_escapes(value) if "\\" in value else value)


def _code(place: str, text: str) -> Iterator[Piece]:
    """The words of a script or style, and those of `data:` addresses in it."""
    packed = [next(filter(None, found)) for found in _QUOTED_DATA.findall(text)]
    yield Piece(place, without_escapes(_QUOTED_DATA.sub(" ", text) if packed else text))
    for address in packed:
        yield from inside(place, _packed(address))


def _packed(address: str) -> Iterator[Piece]:
    """The words inside a `data:` address."""
    found = _DATA.match(address)
    if not found:
        return
    kind, coded, content = found[1], found[2], found[3]
    try:
        data = base64.b64decode(unquote(content)) if coded else unquote_to_bytes(content)
    except binascii.Error:
        return
    yield from of_bytes(data, "." + kind.rpartition("/")[2].partition("+")[0])
