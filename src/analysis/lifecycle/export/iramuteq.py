"""The texts as IRaMuTeQ reads them: a line of stars before each."""

from __future__ import annotations

import re

from analysis.lifecycle.export.form import Files, Form
from analysis.lifecycle.export.material import Material
from analysis.lifecycle.export.names import identifiers

# Signs that IRaMuTeQ takes for its own, or drops with what stands beside them.
_OWN = re.compile(r"[*$%|^§\"«»“”]|-(?=\*)")


def write(material: Material) -> Files:
    """One text a source whose text goes out: the passages of counted voices, in their order.

    The line of stars has the source, its case and its attributes, as `*name_value` of letters,
    digits and `_`.
    """
    study = material.study
    passages = study.counted_passages
    columns = ["source_id", "case_id", *material.attributes]
    variables = {name: found.replace("_", "") for name, found in identifiers(columns).items()}
    stars = {
        name: identifiers(
            f"{variables[name]}_{value}" for value in sorted(set(material.sources[name]))
        )
        for name in columns
    }
    parts = []
    for source in material.sources.sort_values("source_id").to_dict("records"):
        own = passages[passages["source_id"] == source["source_id"]]
        if source["source_id"] not in material.texts or own.empty:
            continue
        told = [
            f"*{stars[name][f'{variables[name]}_{source[name]}']}"
            for name in columns
            if source[name]
        ]
        words = [" ".join(_OWN.sub(" ", text).split()) for text in own["text"]]
        parts.append("\n".join([" ".join(["****", *told]), *filter(None, words)]))
    return {"iramuteq.txt": ("\n\n".join(parts) + "\n").encode("utf-8")}


FORM = Form(
    "iramuteq",
    "texts for IRaMuTeQ",
    {"iramuteq.txt": "IRaMuTeQ: counted voices of each source, after its line of stars"},
    write,
)
