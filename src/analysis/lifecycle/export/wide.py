"""Case x code x attribute: one wide table for statistics."""

from __future__ import annotations

import pandas as pd

from analysis.files.spreadsheet import safe_csv
from analysis.lifecycle.export.form import Form
from analysis.lifecycle.export.material import Material


def cases_by_code(material: Material) -> pd.DataFrame:
    """One row a case: its attributes, then for each usable code how many spans of it have it.

    Columns: case_id, sources (how many), the attributes of the register and of `cases.csv`, then
    the paths of the codes. A span that several coders coded alike counts once; a case without
    codings counts as 0.
    """
    spans = material.codings.drop_duplicates(["source_id", "start", "end", "code"])
    case_of = material.sources.set_index("source_id")["case_id"]
    counts = pd.crosstab(spans["source_id"].map(case_of), spans["code"])
    usable = sorted(material.codes.loc[material.codes["usable"], "code"])
    cases = material.cases
    counted = counts.reindex(index=cases.index, columns=usable, fill_value=0).astype("int64")
    return pd.concat([cases, counted], axis=1).rename_axis("case_id").reset_index()


FORM = Form(
    "wide",
    "case x code x attribute as one table",
    {"cases_by_code.csv": "one row a case: attributes, then how many spans each code has"},
    lambda material: {"cases_by_code.csv": safe_csv(cases_by_code(material))},
)
