"""OpenDocument texts (.odt): the body as a reader sees it, one line a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from analysis.reading.archive import Packed
from analysis.reading.bounds import Extract, UnreadableError, bounded
from analysis.reading.list_labels import ListLabels
from analysis.reading.markup import attribute, local, parsed

_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# One space alone is what it becomes.
_SPACE = re.compile(r"[\t\r\n][ \t\r\n]*| [ \t\r\n]+")
_SPACES_AT_MOST = 1_000
_COLUMNS_AT_MOST = 1_000
_NO_SIZE = frozenset({"0", "0pt", "0cm", "0in", "0mm", "0%"})
_LEFT_OUT = {
    "tracked-changes": "deleted text",
    "annotation": "comments",
    "note": "notes",
    "sequence-decls": "",
    "variable-decls": "",
    "user-field-decls": "",
    "forms": "",
    "ruby-text": "readings of characters",
}


def extract(data: bytes) -> Extract:
    """Return the body's text: paragraphs and headings joined by LF, cells of a row by a tab.

    White space in the XML counts as ODF 1.3 part 3, 6.1.2 says: runs are one space, spaces and
    tabs proper have their own elements. Comments, notes, deletions, hidden text, readings of
    characters (ruby) are left out and named. A label that a list shows by itself ('I:' of a list of
    speakers) stands before its paragraph; bare numbers and bullets do not.
    """
    packed = Packed(data)
    root = parsed(packed.member("content.xml"))
    body = root.find("{*}body/{*}text")
    if body is None:
        raise UnreadableError("not a text document", "an OpenDocument text", "save it as .odt")
    left_out = {_LEFT_OUT[local(e)] for e in body.iter() if _LEFT_OUT.get(local(e))}
    styles = parsed(packed.member("styles.xml")) if "styles.xml" in packed.names else None
    if _without_hidden(body, _hidden_styles(root, styles)):
        left_out.add("hidden text")
    labels = ListLabels.of(styles, root)
    text = bounded("\n".join(_lines(body, labels)))
    if labels.left_out:
        left_out.add("automatic numbers of lists")
    notes = (f"left out: {', '.join(sorted(left_out))}",) if left_out else ()
    return Extract(text, notes=notes)


def _hidden_styles(*parts: etree._Element | None) -> frozenset[str]:
    """Return the names of styles whose text is not shown, by themselves or by their parents."""
    hidden: set[str] = set()
    children: dict[str, list[str]] = {}
    shown: set[str] = set()
    for part in parts:
        for style in part.iter("{*}style") if part is not None else ():
            name = attribute(style, "name")
            children.setdefault(attribute(style, "parent-style-name"), []).append(name)
            for properties in style.iterfind("{*}text-properties"):
                display = attribute(properties, "display")
                unseen = attribute(properties, "font-size") in _NO_SIZE
                if display in ("none", "condition") or unseen or _is_clear(properties):
                    hidden.add(name)
                elif display:
                    shown.add(name)
    waiting = list(hidden)
    while waiting:
        for child in children.get(waiting.pop(), ()):
            if child not in hidden and child not in shown:
                hidden.add(child)
                waiting.append(child)
    return frozenset(hidden)


def _is_clear(properties: etree._Element) -> bool:
    return attribute(properties, "opacity") in ("0", "0%")


def _without_hidden(body: etree._Element, styles: frozenset[str]) -> bool:
    """Take out of `body` what a reader does not see; return whether there were words in it."""
    words = False
    collapsed = {cell for table in body.iter("{*}table") for cell in _in_collapsed_columns(table)}
    for element in list(body.iter()):
        if element in collapsed or _is_hidden(element, styles):
            words = words or bool("".join(map(str, element.itertext())).strip())
            element.text = None
            for part in list(element):
                element.remove(part)
            if local(element) in ("p", "h"):
                element.tag = f"{_TEXT}soft-page-break"
    return words


def _in_collapsed_columns(table: etree._Element) -> Iterator[etree._Element]:
    """Yield the cells of the columns of `table` that are not shown."""
    shown = [
        attribute(column, "visibility") not in ("collapse", "filter")
        for column in table.iter("{*}table-column")
        for _ in range(_times(column))
    ]
    if all(shown):
        return
    for row in table.iter("{*}table-row"):
        place = 0
        for cell in row:
            if place < len(shown) and not shown[place]:
                yield cell
            place += _times(cell)


def _times(repeated: etree._Element) -> int:
    stated = attribute(repeated, "number-columns-repeated")
    return min(int(stated), _COLUMNS_AT_MOST) if re.fullmatch(r"[0-9]{1,9}", stated) else 1


def _is_hidden(element: etree._Element, styles: frozenset[str]) -> bool:
    name = local(element)
    if name == "hidden-text":
        return attribute(element, "is-hidden") != "false"
    if name == "section":
        display = attribute(element, "display")
        shown_now = display == "condition" and attribute(element, "is-hidden") == "false"
        return display in ("none", "condition") and not shown_now
    if name in ("table-row", "table-column", "table-rows"):
        return attribute(element, "visibility") in ("collapse", "filter")
    if name == "variable-set" or name.endswith("-field-get") or name == "conditional-text":
        return attribute(element, "display") == "none"
    if name in ("p", "h") and _hides_its_paragraph(element):
        return True
    return name in ("span", "p", "h", "a") and attribute(element, "style-name") in styles


def _hides_its_paragraph(paragraph: etree._Element) -> bool:
    fields = (child for child in paragraph.iter() if local(child) == "hidden-paragraph")
    return any(attribute(field, "is-hidden") != "false" for field in fields)


def _lines(
    container: etree._Element, labels: ListLabels, style: str = "", depth: int = 0
) -> Iterator[str]:
    """Yield the lines within `container`; `style` and `depth` tell of the list around it."""
    for child in container:
        name = local(child)
        if name in ("p", "h"):
            yield _paragraph(child)
        elif name == "list":
            of_list = labels.style_of(child, style)
            labels.begin(child, of_list, depth + 1)
            yield from _entries(child, labels, of_list, depth + 1)
        elif name == "table-row":
            yield "\t".join(
                "\n".join(_lines(cell, labels))
                for cell in child
                if local(cell) in ("table-cell", "covered-table-cell")
            ).rstrip("\t")
        elif name not in _LEFT_OUT:
            yield from _lines(child, labels, style, depth)


def _entries(whole: etree._Element, labels: ListLabels, style: str, depth: int) -> Iterator[str]:
    """Yield the lines of a list; the first words of an entry follow its label."""
    for entry in whole:
        begins_with_words = next((local(part) in ("p", "h") for part in entry), False)
        label = labels.label(entry, style, depth) if begins_with_words else ""
        lines = list(_lines(entry, labels, style, depth))
        if label and lines and lines[0].strip():
            lines[0] = f"{label} {lines[0]}"
        yield from lines


def _paragraph(paragraph: etree._Element) -> str:
    text = "".join(_pieces(paragraph))
    return "\n".join(line.strip(" ") for line in text.split("\n")).replace("\x00", " ")


def _pieces(element: etree._Element) -> Iterator[str]:
    """Yield the text within `element`; NUL stands for a space that must not be stripped."""
    if element.text:
        yield _SPACE.sub(" ", element.text)
    for child in element:
        name = local(child)
        if name == "s":
            yield "\x00" * _count(child)
        elif name == "tab":
            yield "\t"
        elif name == "line-break":
            yield "\n"
        elif name in ("p", "h"):
            yield "\n"
            yield from _pieces(child)
        elif name and name not in _LEFT_OUT:
            yield from _pieces(child)
        if child.tail:
            yield _SPACE.sub(" ", child.tail)


def _count(space: etree._Element) -> int:
    """Return how many spaces `space` stands for; a file may claim any number."""
    stated = space.get(f"{_TEXT}c", "1")
    return min(int(stated), _SPACES_AT_MOST) if re.fullmatch(r"[0-9]{1,9}", stated) else 1
