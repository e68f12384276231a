"""REFI-QDA: the project and the codebook, for every QDA program."""

from __future__ import annotations

from analysis.coding.formats.refi_export import qdc, qdpx
from analysis.lifecycle.export.form import Files, Form
from analysis.lifecycle.export.material import Material


def write(material: Material) -> Files:
    """The project of the sources whose text goes out, and the codebook of all codes."""
    project = qdpx(material.sources, material.texts, material.codes, material.codings)
    book = {"codebook.qdc": qdc(material.codes)} if len(material.codes) else {}
    return {"study.qdpx": project, **book}


FORM = Form(
    "refi",
    "REFI-QDA project and codebook",
    {
        "study.qdpx": "REFI-QDA project: texts, codes, codings by coder, cases with attributes",
        "codebook.qdc": "REFI-QDA codebook; what a code takes in and leaves out, and its example, "
        "stand below its definition",
    },
    write,
)
