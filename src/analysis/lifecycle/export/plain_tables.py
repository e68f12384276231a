"""Plain tables: sources, codes, codings."""

from __future__ import annotations

import pandas as pd

from analysis.files.spreadsheet import safe_csv
from analysis.lifecycle.export.form import Files, Form
from analysis.lifecycle.export.material import Material

_OF_PEOPLE = ["file", "coded_as", "participant_tags", "interviewer_tags"]


def write(material: Material) -> Files:
    """sources.csv, codes.csv and codings.csv.

    Names of files, speakers and of sources in coding programs are left out. codings.csv has the
    coded words where the whole text may go out, '' elsewhere.
    """
    codings = material.codings.sort_values(list(material.codings.columns), kind="stable")
    spans = zip(codings["source_id"], codings["start"], codings["end"], strict=True)
    words = [material.texts.get(source_id, "")[start:end] for source_id, start, end in spans]
    sources = material.sources.drop(columns=_OF_PEOPLE, errors="ignore").sort_values("source_id")
    return {
        "sources.csv": safe_csv(sources),
        "codes.csv": safe_csv(material.codes.sort_values("code")),
        "codings.csv": safe_csv(
            codings.drop(columns="origin").assign(
                text=pd.Series(words, index=codings.index, dtype="str")
            )
        ),
    }


FORM = Form(
    "csv",
    "plain tables",
    {
        "sources.csv": "one row a source, with its attributes",
        "codes.csv": "one row a code",
        "codings.csv": "one row a coded span: source, start, end, code, coder, memo, text",
    },
    write,
)
