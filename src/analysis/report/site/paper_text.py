"""A finished PDF or DOCX, read back."""

from __future__ import annotations

from pathlib import Path

from analysis.report.site.docx_paper import read_docx
from analysis.report.site.paper import Paper
from analysis.report.site.pdf_paper import read_pdf


def read_paper(file: Path) -> Paper:
    """Read a PDF or a DOCX, as its name says."""
    return read_pdf(file) if file.suffix == ".pdf" else read_docx(file)
