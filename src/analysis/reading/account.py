"""All that a file holds as text, by a plain path of its own: the other side of the readers' account.

Nothing is selected here but what is no text of a document in any sense: each word that a reader
leaves out must then be explained by what the reader says that it left out.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter

import pypdfium2 as pdfium
from lxml import etree, html

from analysis.files.untrusted import xml_root
from analysis.reading import Reading

_WORD_PARTS = re.compile(
    r"word/(?:document\d*|header\d*|footer\d*|comments|footnotes|endnotes)\.xml"
)
_WORD_TEXT = ("{*}t", "{*}delText")


def text_in(data: bytes, found: Reading) -> str | None:
    """Return all text in the file `data`, in whatever order; None where no second path is known.

    .docx: every text of every part, deleted and hidden ones too; .odt and .html: every text node;
    .pdf: all letters of all pages; plain text and captions: the file itself. `found` tells format
    and encoding.
    """
    if found.format in ("txt", "md", "vtt", "srt"):
        return data.decode(found.encoding or "utf-8")
    if found.format == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = [name for name in packed.namelist() if _WORD_PARTS.fullmatch(name)]
            roots = [xml_root(packed.read(name)) for name in parts]
        return "\n".join(_of_paragraphs(root) for root in roots)
    if found.format == "odt":
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            body = xml_root(packed.read("content.xml")).find("{*}body")
        return "" if body is None else "\n".join(map(str, body.itertext()))
    if found.format == "html":
        return "\n".join(map(str, html.document_fromstring(_page(data, found)).itertext()))
    if found.format == "pdf":
        document = pdfium.PdfDocument(data)
        try:
            return "\f".join(page.get_textpage().get_text_range() for page in document)
        finally:
            document.close()
    return None


def _of_paragraphs(root: etree._Element) -> str:
    return "\n".join(
        "".join(text.text or "" for text in paragraph.iter(*_WORD_TEXT))
        for paragraph in root.iter("{*}p")
    )


def _page(data: bytes, found: Reading) -> bytes | str:
    text = data.decode(found.encoding, "replace") if found.encoding else data
    return re.sub(r"\A\s*<\?xml[^>]*\?>", "", text) if isinstance(text, str) else text


def letters(text: str) -> Counter[str]:
    """Count the letters and digits of `text`: what no layout puts in or takes out."""
    return Counter(filter(str.isalnum, text))
