"""The tiny study with the tables that the desk's other rooms read, without running a stage."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from tiny import write_tiny_study

from analysis.coding import Placement, place
from analysis.stages.texts import cleaned_texts, prepared_sources, pseudonym_key, read_projects
from analysis.study.folder import Study


def begin(folder: Path, *, coded: bool = False) -> Study:
    """A tiny study in `folder`; without `coded` nobody coded anything yet."""
    write_tiny_study(folder)
    if not coded:
        for path in (folder / "data/raw/coding").iterdir():
            path.unlink()
    return refreshed(folder)


def placed(study: Study) -> Placement:
    """The codings of the study as the pipeline places them now."""
    return place(
        read_projects(study),
        study.sources,
        cleaned_texts(study),
        study.codebook.codes,
        anchor_score=92,
        coders={},
        code_names=study.choices.code_names,
        key=pseudonym_key(study),
    )


def refreshed(folder: Path) -> Study:
    """The study with the tables of cleaning and coding as the stages would leave them now."""
    study = Study.open(folder, embargoed=True)
    passages = [one.passages for one in prepared_sources(study).values()]
    study.write_tables(
        passages=pd.concat(passages, ignore_index=True),
        codes=study.codebook.codes,
        codings=placed(study).codings,
    )
    return Study.open(folder, embargoed=True)
