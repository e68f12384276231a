"""The reference document of the DOCX: the study's own styles, and the notice in its headers.

Authors restyle `reports/styles/reference.docx` in Word, as any reference document of Pandoc; both
renderers use it. A study without one gets the one that `make new` copies.
"""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.section import _Header

from analysis.files.problems import Problem, StudyError
from analysis.files.project import SKELETON

STYLES = Path("styles") / "reference.docx"
# The style of the notice, if the document has it.
NOTICE = "Notice"


def write(reports: Path, target: Path, notice: str) -> None:
    """Write to `target` the reference document of `reports`; `notice` heads every page unless ''.

    Raises `StudyError` for a reference document that is none.
    """
    own = reports / STYLES
    document = _opened(own if own.is_file() else SKELETON / "reports" / STYLES)
    for header in _headers(document) if notice else []:
        first = header.paragraphs[0] if header.paragraphs else header.add_paragraph()
        told = first.insert_paragraph_before(notice)
        if NOTICE in document.styles:
            told.style = document.styles[NOTICE]
    target.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(target))


def _opened(path: Path) -> Document:
    try:
        return docx.Document(str(path))
    except (PackageNotFoundError, BadZipFile, KeyError, ValueError):
        raise StudyError(
            Problem(
                f"reports/{STYLES.as_posix()}",
                "no Word document",
                "a .docx that Word opens",
                "save it anew, or delete it to get the one that is shipped",
            )
        ) from None


def _headers(document: Document) -> list[_Header]:
    """Every header that some page shows."""
    headers = []
    for section in document.sections:
        headers.append(section.header)
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        if document.settings.odd_and_even_pages_header_footer:
            headers.append(section.even_page_header)
    return headers
