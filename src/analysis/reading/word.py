"""Word documents (.docx): the body as a reader sees it, one line a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from analysis.reading.archive import Packed
from analysis.reading.bounds import Extract, UnreadableError, bounded
from analysis.reading.markup import LOCAL, attribute, local, parsed
from analysis.reading.word_numbers import Labels, styles_in_lists

# Elements that stand for a character.
MARKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}
# A moved passage stands in its old place too, and a text box also in a form for old programs.
_TWICE = ("{*}moveFrom", "{*}del", "{*}Fallback")
_STYLES, _NUMBERING = "word/styles.xml", "word/numbering.xml"
_WRITTEN_PLAINLY = re.compile(r"[\w .-]*", re.ASCII)
# White words, and such of a point at most: sizes count half points.
_NO_SIZES = frozenset("012")
_UNSEEN = re.compile(rb"[Ff]{6}[\"']|sz[^<>]{1,40}[\"'][012][\"']")
_LEFT_OUT = {
    "word/header": "headers",
    "word/footer": "footers",
    "word/comments": "comments",
    "word/footnotes": "footnotes",
    "word/endnotes": "endnotes",
}


def extract(data: bytes) -> Extract:
    """Return the body's text: paragraphs joined by LF, cells of a table row by a tab.

    Insertions that a reviewer proposed are in, deletions are out; headers, footers, comments,
    notes, hidden text, readings of characters (ruby) and the codes of fields are left out and
    named. A label that Word writes by itself ('I:' of a list of speakers) stands before its
    paragraph; bare numbers and bullets do not.
    """
    packed = Packed(data)
    names = packed.names
    content = packed.member(_document(names))
    body = parsed(content).find("{*}body")
    if body is None:
        raise UnreadableError(
            "a document without a body", "a Word document", "save it again as .docx"
        )
    left_out = {
        name for prefix, name in _LEFT_OUT.items() if any(n.startswith(prefix) for n in names)
    }
    etree.strip_elements(body, *_TWICE, with_tail=False)
    in_styles = packed.member(_STYLES) if _STYLES in names else b""
    # Most documents hide and number nothing: then there is nothing to look for. The parser knows
    # at once which elements a document has none of.
    hides, numbers = _may_say(in_styles, "anish"), _may_say(in_styles, "numPr")
    styles = parsed(in_styles) if in_styles and (hides or numbers) else None
    hidden = hidden_styles(styles if hides else None)
    unseen = _UNSEEN.search(content) is not None
    if hidden or unseen or _has(body, "vanish", "specVanish", "rt", "hidden", "docPr"):
        left_out |= _without_hidden(body, hidden)
    labels = Labels()
    in_lists = styles_in_lists(styles if numbers else None)
    if _NUMBERING in names and (_has(body, "numPr") or _may_say(content, *in_lists)):
        labels = Labels.of(parsed(packed.member(_NUMBERING)), in_lists, body)
    text = bounded("\n".join(_lines(body, labels)))
    if labels.left_out:
        left_out.add("automatic numbers of lists")
    notes = (f"left out: {', '.join(sorted(left_out))}",) if left_out else ()
    return Extract(text, notes=notes)


def _has(body: etree._Element, *elements: str) -> bool:
    return next(body.iter(*(f"{{*}}{name}" for name in elements)), None) is not None


def _may_say(part: bytes, *words: str) -> bool:
    """Tell whether one of `words` may stand in the XML `part`, in whatever way it is written."""
    in_utf_16 = b"\x00" in part[:4]
    return in_utf_16 or any(
        word.encode() in part or not _WRITTEN_PLAINLY.fullmatch(word) for word in words
    )


def hidden_styles(styles: etree._Element | None) -> frozenset[str]:
    """Return the ids of the styles whose text Word hides, by themselves or by what they rest on.

    The id '' stands for paragraphs that name no style.
    """
    if styles is None:
        return frozenset()
    rests_on: dict[str, str] = {}
    stated: dict[str, bool] = {}
    everywhere = styles.find("{*}docDefaults/{*}rPrDefault/{*}rPr/{*}vanish")
    if everywhere is not None:
        stated[""] = is_on(everywhere)
    for style in styles.iterfind("{*}style"):
        name = attribute(style, "styleId")
        if attribute(style, "default") in ("1", "true") and attribute(style, "type") == "paragraph":
            rests_on[""] = name
        rests_on[name] = attribute(style.find("{*}basedOn"), "val")
        switch = style.find("{*}rPr/{*}vanish")
        if switch is not None:
            stated[name] = is_on(switch)
    hidden = set()
    for name in {*rests_on, *stated}:
        at, steps = name, 0
        while at in rests_on and at not in stated and steps < 50:
            at, steps = rests_on[at], steps + 1
        if stated.get(at):
            hidden.add(name)
    return frozenset(hidden)


def _without_hidden(body: etree._Element, styles: frozenset[str]) -> set[str]:
    """Take out of `body` what Word does not show; return what that was."""
    found = set()
    for run in list(body.iter("{*}r")):
        if _is_hidden(run, styles):
            found |= _emptied(run, "hidden text")
    for reading in list(body.iter("{*}rt")):
        found |= _emptied(reading, "readings of characters")
    for row in list(body.iter("{*}tr")):
        switch = row.find("{*}trPr/{*}hidden")
        if switch is not None and is_on(switch):
            found |= _emptied(row, "hidden text")
    for drawing in list(body.iter("{*}drawing")):
        named = next(drawing.iter("{*}docPr"), None)
        if named is not None and named.get("hidden") in ("1", "true"):
            found |= _emptied(drawing, "hidden text")
    return found


def _emptied(element: etree._Element, what: str) -> set[str]:
    """Take out all that is within `element`; return `what` if there were words."""
    words = any(text.text for text in element.iter("{*}t"))
    for part in list(element):
        element.remove(part)
    return {what} if words else set()


def _is_hidden(run: etree._Element, styles: frozenset[str]) -> bool:
    """Tell whether Word hides `run`: by its own setting, else its style, else its paragraph's."""
    settings = run.find("{*}rPr")
    if settings is not None:
        for name in ("vanish", "webHidden", "specVanish"):
            switch = settings.find("{*}" + name)
            if switch is not None and name != "webHidden":
                return is_on(switch)
        if _is_unseen(run, settings):
            return True
        style = attribute(settings.find("{*}rStyle"), "val")
        if style and style in styles:
            return True
    if not styles:
        return False
    paragraph = next(run.iterancestors("{*}p"), None)
    named = paragraph.find("{*}pPr/{*}pStyle") if paragraph is not None else None
    if attribute(named, "val") in styles:
        return True
    table = next(run.iterancestors("{*}tbl"), None)
    of_table = table.find("{*}tblPr/{*}tblStyle") if table is not None else None
    return of_table is not None and attribute(of_table, "val") in styles


def _is_unseen(run: etree._Element, settings: etree._Element) -> bool:
    """Tell whether `run` is too small to be seen, or white where nothing darker lies behind it.

    In tables and text boxes, and under a shading, white words are mostly meant to be read.
    """
    if attribute(settings.find("{*}sz"), "val") in _NO_SIZES:
        return True
    if attribute(settings.find("{*}color"), "val").upper() != "FFFFFF":
        return False
    around = [local(element) for element in run.iterancestors()]
    darker = {"tbl", "txbxContent"} & set(around) or _has(settings, "shd", "highlight")
    paragraph = next(run.iterancestors("{*}p"), None)
    shaded = paragraph is not None and paragraph.find("{*}pPr/{*}shd") is not None
    document = run.getroottree().getroot()
    return not (darker or shaded or document.find("{*}background") is not None)


def is_on(switch: etree._Element) -> bool:
    """Tell whether a setting such as <w:vanish w:val="false"/> is on."""
    return attribute(switch, "val") not in ("0", "false", "off")


def _document(names: frozenset[str]) -> str:
    """Return the name of the main part, which is nearly always word/document.xml."""
    if "word/document.xml" in names:
        return "word/document.xml"
    return min(name for name in names if name.startswith("word/document") and name.endswith(".xml"))


def _lines(container: etree._Element, labels: Labels) -> Iterator[str]:
    for child in container:
        name = local(child)
        if name == "p":
            label = labels.label(child)
            words = _paragraph(child)
            yield f"{label} {words}" if label and words.strip() else words
        elif name == "tbl":
            for row in _own(child, "tr"):
                yield "\t".join("\n".join(_lines(cell, labels)) for cell in _own(row, "tc"))
        else:
            yield from _lines(child, labels)


def _own(part: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the rows of a table or the cells of a row, not those of a table within.

    Content controls and the like may stand between: w:tbl > w:sdt > w:sdtContent > w:tr.
    """
    for element in part.iter("{*}" + name):
        if next(element.iterancestors(part.tag)) is part:
            yield element


def _paragraph(paragraph: etree._Element) -> str:
    pieces: list[str] = []
    # To look at all elements costs less than to have them chosen, paragraph by paragraph.
    for element in paragraph.iter():
        name = LOCAL[element.tag]
        if name == "t":
            pieces.append(element.text or "")
        elif name == "p":
            if element is not paragraph and pieces:
                pieces.append("\n")
        elif name in MARKS and not _is_setting(element):
            pieces.append(MARKS[name])
    return "".join(pieces)


def _is_setting(element: etree._Element) -> bool:
    """Tell the tab stops of a paragraph's settings, and page breaks, from marks in its text."""
    parent = element.getparent()
    if parent is not None and local(parent) == "tabs":
        return True
    return local(element) == "br" and any(
        str(key).endswith("}type") and value in ("page", "column")
        for key, value in element.attrib.items()
    )
