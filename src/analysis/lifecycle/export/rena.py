"""The coded lines as rENA (epistemic network analysis) takes them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.files.spreadsheet import safe_csv
from analysis.lifecycle.export.form import Files, Form
from analysis.lifecycle.export.material import Material


def lines(material: Material) -> pd.DataFrame:
    """One row a counted passage, in order of source and text.

    Columns: source_id (the conversation), case_id (the unit), the register's attributes, passage,
    voice, text ('' where the whole text may not go out), then each usable code, 1 where a coding
    that counts touches the passage, else 0.
    """
    study = material.study
    attributes = [name for name in material.attributes if name not in ("voice", "text", "passage")]
    passages = study.corpus.counted_passages[
        ["source_id", "passage", "start", "end", "voice", "text"]
    ]
    table = material.sources[["source_id", "case_id", *attributes]].merge(
        passages, on="source_id", how="inner"
    )
    table = table.sort_values(["source_id", "passage"], ignore_index=True)
    table["text"] = table["text"].where(table["source_id"].isin(material.texts), "")
    met = material.counted.merge(table[["source_id", "passage", "start", "end"]], on="source_id")
    met = met[(met["start_x"] < met["end_y"]) & (met["end_x"] > met["start_y"])]
    here = set(zip(met["source_id"], met["passage"], met["code"], strict=True))
    places = list(zip(table["source_id"], table["passage"], strict=True))
    usable = sorted(material.codes.loc[material.codes["usable"], "code"])
    coded = {
        code: np.array([(*place, code) in here for place in places], dtype=np.int64)
        for code in usable
    }
    shown = table.drop(columns=["start", "end"])
    return pd.concat([shown, pd.DataFrame(coded, index=shown.index)], axis=1)


def write(material: Material) -> Files:
    """The lines as a table."""
    return {"rena.csv": safe_csv(lines(material))}


FORM = Form(
    "rena",
    "coded lines for epistemic network analysis",
    {
        "rena.csv": "rENA: one row a passage with a column of 0 and 1 for each code; "
        'read it with `read.csv("rena.csv", check.names = FALSE)`'
    },
    write,
)
