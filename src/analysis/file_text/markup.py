"""HTML, SVG and other XML: shown text by block, attributes, comments, scripts, packed pictures."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple
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
    {
        "td",
        "th",
        "li",
        "dt",
        "dd",
        "option",
        "button",
        "caption",
        "figcaption",
        "summary",
        "text",
        "tc",
        "c",
        "si",
    }
)
# The number of a note, or the bracket of a coded span.
_NO_LETTERS = re.compile(r"[\d\W_]*")
_OFFICE_BLOCKS = frozenset({"p", "tr", "tc", "tab", "br", "cr", "si", "c", "row", "title"})
# Elements whose text is not what a reader sees as running text.
_KINDS = {"pre": "print", "metadata": "metadata", "script": "script", "style": "style"}
_NO_WORDS = frozenset({"d", "points", "transform", "viewBox"})
_CODES = ("script", "style", "data")
# White space as JSON writes it.
_WHITE = re.compile(r"(?<!\\)\\([nrtf])")
_WHITES = {"n": "\n", "r": "\r", "t": "\t", "f": "\f"}
# One letter names nobody.
_SHORTEST = 2
_DATA = re.compile(r"data:([\w.+/-]*)(?:;[\w=.-]+)*?(;base64)?,(.*)", re.S)
_QUOTED_DATA = re.compile(r"\"(data:[^\"]*)\"|'(data:[^']*)'|\b(data:[^\s\"'()<>]+)")


def html_pieces(data: bytes) -> Iterator[Piece]:
    """The pieces of an HTML page."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
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


class _Tag(NamedTuple):
    """What an element of a name means for the text about it: `kind` '' is that of what holds it."""

    kind: str
    breaks: bool
    beside: str
    is_entry: bool
    is_printed: bool
    is_raised: bool


def _tag(name: str, breaks: Callable[[str], bool]) -> _Tag:
    return _Tag(
        kind=_KINDS.get(name, ""),
        breaks=breaks(name) and name != "br",
        beside=" " if name == "br" else APART if name in _SET_APART else "",
        is_entry=name in _ENTRIES,
        is_printed=name == "pre",
        is_raised=name in ("sup", "sub"),
    )


def _marked_up(root: Any, breaks: Callable[[str], bool]) -> list[Piece]:
    """Walk a tree once: text by block, attributes and comments, each near the last id.

    In running text `APART` stands at each border of what a page may set apart. Of attributes that
    say the same under the same name the first is told.
    """
    near, kind, entries = "", "text", 0
    words: list[str] = []
    tags: dict[str, _Tag] = {}
    told: set[tuple[str, str]] = set()
    found: list[Piece] = []
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event in ("comment", "pi"):
            found.append(Piece(f"comment{near}", element.text or ""))
            words.append(element.tail or "")
            continue
        name = element.tag
        if name not in tags:
            tags[name] = _tag(name.rpartition("}")[2], breaks)
        own_kind, is_block, beside, is_entry, is_printed, is_raised = tags[name]
        if is_block:
            if words:
                found += _block("entry" if entries and kind == "text" else kind, near, words)
        elif beside:
            words.append(beside)
        if event == "end":
            entries -= is_entry
            if own_kind:
                kind = "text"
            if tail := element.tail:
                words.append(tail)
            continue
        entries += is_entry
        kind = own_kind or kind
        if own_kind == "script" and "json" in element.get("type", ""):
            kind = "data"
        for attribute in element.items():
            if attribute[0] == "id":
                near = f" near #{attribute[1][:60]}"
            if attribute not in told:
                told.add(attribute)
                found += _attribute(attribute[0], attribute[1], near)
        text = element.text
        if is_printed:
            # Columns of a printed table are no one number.
            cells = re.split(r"\n| {2,}", "".join(element.itertext()))
            found += (Piece(f"entry{near}", cell) for cell in cells if cell)
        if not text:
            continue
        if is_raised and _NO_LETTERS.fullmatch(text):
            found.append(Piece(f"entry{near}", text))
        else:
            words.append(text)
    found += _block("entry" if entries and kind == "text" else kind, near, words)
    return found


def _block(kind: str, near: str, words: list[str]) -> Iterable[Piece]:
    """The words gathered so far as one piece, if there are any; `words` is then empty."""
    text = words[0] if len(words) == 1 else "".join(words)
    text = " ".join(text.split()).strip(APART)
    words.clear()
    if not text:
        return ()
    if kind in _CODES:
        return _code(kind + near, text)
    return (Piece(kind + near, text),)


def _attribute(name: str, value: str, near: str) -> Iterable[Piece]:
    name = name.rpartition("}")[2]
    if value.startswith("data:"):
        return inside(f"picture{near}", _packed(value))
    if name == "style" or name.startswith("on"):
        return _code(f"attribute {name}{near}", value)
    if len(value) < _SHORTEST or name in _NO_WORDS:
        return ()
    value = unquote(value) if "%" in value else value
    value = without_escapes(value) if "\\" in value else value
    return (Piece(f"attribute {name}{near}", value),)


def _code(place: str, text: str) -> Iterator[Piece]:
    """The words of a script or style, and those of `data:` addresses in it."""
    if place.startswith("data"):
        text = _WHITE.sub(lambda found: _WHITES[found[1]], text)
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
