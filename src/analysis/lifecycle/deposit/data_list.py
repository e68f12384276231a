"""The data list in the form of the UK Data Service: one row an interview."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.lifecycle.export.material import Material

_ALREADY = frozenset(
    ["kind", "role", "site", "date", "interviewer", "provenance", "author", "audience", "purpose"]
)


def data_list(
    material: Material, access: Mapping[str, str], texts: Mapping[str, str]
) -> pd.DataFrame:
    """One row an interview that is in use, by id.

    Columns: Interview ID, Case, Date of interview, Interviewer, Place, Role, each further
    attribute of the register that has a value, Number of words (in counted voices), Text file (as
    `texts` has it, '' where there is none), Access (which part of the deposit holds the text).
    """
    interviews = material.sources[material.sources["kind"] == "interview"].sort_values("source_id")
    counted = material.study.counted_passages
    words = counted.groupby("source_id")["words"].sum()
    ids = interviews["source_id"]
    table = pd.DataFrame(
        {
            "Interview ID": ids,
            "Case": interviews["case_id"],
            "Date of interview": interviews["date"],
            "Interviewer": interviews.get("interviewer", pd.Series("", index=interviews.index)),
            "Place": interviews["site"],
            "Role": interviews["role"].str.replace("_", " "),
        }
    )
    for name in material.attributes:
        if name not in _ALREADY and (interviews[name] != "").any():
            table[name.replace("_", " ").capitalize()] = interviews[name]
    return table.assign(
        **{
            "Number of words": [int(words.get(source_id, 0)) for source_id in ids],
            "Text file": [texts.get(source_id, "") for source_id in ids],
            "Access": ids.map(access),
        }
    ).reset_index(drop=True)
