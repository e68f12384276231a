"""What a deposit does not hold, by kind and count: nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pandas as pd

from analysis.claims import read_memos
from analysis.claims.memos import MEMOS
from analysis.lifecycle.deposit.access import NOT_DEPOSITED, OPEN
from analysis.lifecycle.export.material import Material
from analysis.pipeline.own_stages import stages_of
from analysis.stages.texts import pseudonym_key
from analysis.study.names import undecided

COLUMNS = ["kind", "count", "why"]


def left_out(
    material: Material, access: Mapping[str, str], deposited: Collection[str]
) -> pd.DataFrame:
    """One row a kind of thing that is kept back: COLUMNS; kinds of which there is none are left
    out. `deposited`: the files of the deposit, by path."""
    study = material.study
    raw, register = study.raw, study.register
    key = pseudonym_key(study)
    memos = read_memos(raw / MEMOS)
    coding = [path for path in (raw / "coding").rglob("*") if path.is_file()]
    notes = study.all_codings["memo"] != ""
    told = [
        (
            "texts of sources",
            sum(part == NOT_DEPOSITED for part in access.values()),
            "consent lets no words out; codings and counts are there, without words",
        ),
        (
            "sources that withdrew",
            int((register["status"] == "withdrawn").sum()),
            "the participant left the study",
        ),
        (
            "sources under embargo",
            int((register["status"] == "embargoed").sum()),
            "not to be used yet",
        ),
        ("names in the pseudonym key", len(key.entries) if key else 0, "it says who is who"),
        ("possible names not decided on", len(undecided(study.private)), "for the team alone"),
        (
            "files of sources as they came",
            int((register["file"] != "").sum()),
            "they hold names and what was cleaned; the cleaned texts stand for them",
        ),
        (
            "coding projects and exports as they came",
            len(coding),
            "they hold whole texts and names; codings stand in tables, REFI-QDA and ROCK",
        ),
        ("memos that are not published", int((~memos["publish"]).sum()), "the team keeps them"),
        (
            "notes of coders on sources without full consent",
            int((notes & ~study.all_codings["source_id"].isin(material.texts)).sum()),
            "a note may quote",
        ),
        (
            "stages of the study's own",
            sum(
                stage.own and f"{OPEN}/study/notebooks/{stage.notebook}.ipynb" not in deposited
                for stage in stages_of(study.folder)
            ),
            "they read evidence that is kept back, or what such a stage makes",
        ),
        ("names used in coding files", len(study.choices.coders), "they can be people's"),
    ]
    return pd.DataFrame([row for row in told if row[1]], columns=COLUMNS)
