"""The words of a finished PDF or DOCX, read back."""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

_TEXT = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}t"


def docx_text(file: Path) -> str:
    """Return the words of the body of a DOCX, without its header and footer."""
    with zipfile.ZipFile(file) as archive:
        tree = etree.fromstring(archive.read("word/document.xml"))
    return "".join(element.text or "" for element in tree.iter(_TEXT))


def pdf_text(file: Path) -> str:
    """Return the words of all pages of a PDF."""
    from pypdf import PdfReader

    return "\n".join(page.extract_text() for page in PdfReader(file).pages)
