"""All that a file holds as text, by a plain path of its own: the other side of the readers' account.

Nothing is selected here but what is no text of a document in any sense: each word that a reader
leaves out must then be explained by what the reader says that it left out.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections import Counter
from typing import Any

import pypdfium2 as pdfium
from lxml import etree, html

from analysis.files.untrusted import xml_root
from analysis.reading import Reading
from analysis.reading.markup import local

_WORD_PARTS = re.compile(
    r"word/(?:document\d*|header\d*|footer\d*|comments|footnotes|endnotes)\.xml"
)
_WORD_BODY = re.compile(r"word/document\d*\.xml")
_WORD_TEXT = ("{*}t", "{*}delText")
# What stands in a document a second time: where it was moved from, or in a form for old programs.
_WORD_TWICE = ("{*}moveFrom", "{*}Fallback")
_ODT_BESIDE = ("{*}tracked-changes", "{*}annotation", "{*}note", "{*}forms", "{*}sequence-decls")
LEFT_OUT = "left out: "
_BY_PLACE = frozenset(
    {
        *("headers", "footers", "comments", "footnotes", "endnotes", "notes", "deleted text"),
        "automatic numbers of lists",
    }
)
_TIMES = re.compile(
    r"(?<![\d:.,])[\d:.,]{3,}(?:[ \t]*+(?:-->|,)[ \t]*+|(?= *+\t)[ \t]*+)[\d:.,]{3,}"
)
_RTF_TOKEN = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6})(?: ?\\'[0-9a-fA-F]{2}| ?\?|(?= ))?|\\([a-z]{1,32})(?:-?\d{1,10})? ?"
    r"|\\([^a-z'])|([{}])|([^\\{}\r\n]+)"
)
_RTF_SET_UP = frozenset(
    [
        "fonttbl",
        "colortbl",
        "stylesheet",
        "info",
        "pict",
        "listtext",
        "pntext",
        "header",
        "headerl",
        "headerr",
        "headerf",
        "footer",
        "footerl",
        "footerr",
        "footerf",
        "footnote",
        "annotation",
        "fldinst",
        "object",
        "themedata",
        "nonshppict",
    ]
)


def text_in(data: bytes, found: Reading) -> str | None:
    """Return all text in the file `data`, in whatever order; None where no second path is known.

    .docx: every text of every part, deleted and hidden ones too; .odt and .html: every text node;
    .pdf: all letters of all pages; .rtf: all letters outside its tables of settings; JSON: the
    strings under that name that says most; plain text and captions: the file itself. `found` tells
    format and encoding.
    """
    return _held(data, found, all_parts=True)


def text_to_read(data: bytes, found: Reading, held: str | None) -> str | None:
    """Return `held`, which `text_in` gave, without what a reader left out for where it stands.

    None also where what was left out can only be told by the reader's own path, such as hidden text.
    """
    left_out = {
        what
        for note in found.notes
        if note.startswith(LEFT_OUT)
        for what in note.removeprefix(LEFT_OUT).split(", ")
    }
    if not left_out <= _BY_PLACE:
        return None
    return _held(data, found, all_parts=False) if data.startswith(b"PK") else held


def _held(data: bytes, found: Reading, *, all_parts: bool) -> str | None:
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            if "content.xml" in names:
                body = xml_root(packed.read("content.xml")).find("{*}body")
                return _of_odt(body, all_parts=all_parts)
            kept = _WORD_PARTS if all_parts else _WORD_BODY
            roots = [xml_root(packed.read(name)) for name in names if kept.fullmatch(name)]
        held = "\n".join(_of_paragraphs(root, all_parts=all_parts) for root in roots)
        return _TIMES.sub("", held) if found.format == "vtt" else held
    if found.format in ("txt", "md", "vtt", "srt"):
        text = data.decode(found.encoding or "utf-8")
        made = found.format == "vtt" and text != found.text
        return _of_transcript(text) if made else text
    if found.format == "rtf":
        return _of_rtf(data.decode("latin-1"), found.encoding)
    if found.format == "html":
        return "\n".join(map(str, html.document_fromstring(_page(data, found)).itertext()))
    if found.format == "pdf":
        document = pdfium.PdfDocument(data)
        try:
            return "\f".join(page.get_textpage().get_text_range() for page in document)
        finally:
            document.close()
    return None


def _of_odt(body: etree._Element | None, *, all_parts: bool) -> str:
    if body is None:
        return ""
    if not all_parts:
        etree.strip_elements(body, *_ODT_BESIDE, with_tail=False)
    return "\n".join(map(str, body.itertext()))


def _of_transcript(text: str) -> str:
    """The words of a transcript that is made into captions: of JSON, or of lines with times."""
    try:
        said: dict[str, list[str]] = {}
        _gather(json.loads(text.lstrip("\ufeff")), "", said)
    except (ValueError, RecursionError):
        first, _, rest = text.partition("\n")
        return _TIMES.sub("", rest if "\t" in first else text)
    groups = sorted(said.values(), key=_spoken)
    return "\n".join(groups[-1]) if groups else ""


def _gather(value: Any, name: str, said: dict[str, list[str]]) -> None:
    """Put every string within `value` under the names that lead to it, of lists all alike."""
    if isinstance(value, str):
        said.setdefault(name, []).append(value)
    elif isinstance(value, dict):
        for key, inner in value.items():
            _gather(inner, f"{name}/{key}", said)
    elif isinstance(value, list):
        # Of several guesses the first is the one that counts.
        for inner in value[:1] if name.endswith("/alternatives") else value:
            _gather(inner, name, said)


def _spoken(strings: list[str]) -> int:
    words = (word.strip(".,;:!?…'\"()[]") for one in strings for word in one.split())
    return sum(len(word) for word in words if word.isalpha())


def _of_rtf(source: str, encoding: str) -> str:
    """All letters of an .rtf outside groups that set something up, however they look."""
    pieces: list[str] = []
    skipped: list[bool] = [False]
    begins = False
    for token in _RTF_TOKEN.finditer(source):
        byte, unit, word, symbol, brace, plain = token.groups()
        if brace == "{":
            skipped.append(skipped[-1])
        elif brace and len(skipped) > 1:
            skipped.pop()
        elif begins and (symbol == "*" or word in _RTF_SET_UP):
            skipped[-1] = True
        elif not skipped[-1]:
            if byte:
                pieces.append(bytes([int(byte, 16)]).decode(encoding or "cp1252", "ignore"))
            elif unit:
                pieces.append(chr(int(unit) & 0xFFFF))
            else:
                pieces.append(plain or ("\n" if word in ("par", "line", "cell", "row") else ""))
        begins = brace == "{"
    return "".join(pieces).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")


def _of_paragraphs(root: etree._Element, *, all_parts: bool) -> str:
    if not all_parts:
        etree.strip_elements(root, *_WORD_TWICE, with_tail=False)
    kinds = _WORD_TEXT if all_parts else _WORD_TEXT[:1]
    # A paragraph may stand within another, as in a text box.
    return "".join(
        "\n" if local(element) == "p" else element.text or ""
        for element in root.iter("{*}p", *kinds)
    )


def _page(data: bytes, found: Reading) -> bytes | str:
    text = data.decode(found.encoding, "replace") if found.encoding else data
    return re.sub(r"\A\s*<\?xml[^>]*\?>", "", text) if isinstance(text, str) else text


def letters(text: str) -> Counter[str]:
    """Count the letters and digits of `text`: what no layout puts in or takes out."""
    return Counter(filter(str.isalnum, text))
