"""The placing tried once on a new study: what became of each file, before anybody relies on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from analysis import coding
from analysis.coding import CodedProject
from analysis.coding.placing.ledger import PLACED, READ
from analysis.coding.project import SET_ASIDE
from analysis.files.problems import StudyError
from analysis.stages import texts
from analysis.study.folder import Study


def what_became_of(
    folder: Path, projects: Sequence[CodedProject], others: Sequence[str]
) -> Iterator[str]:
    """One line a file: how many codings were read and placed, and why others were not; or why the
    file was set aside. What keeps the study from being placed at all follows."""
    for project in projects:
        if project.format == SET_ASIDE:
            yield f"  {project.origin}: set aside, {project.report['detail'].iloc[0]}"
        elif project.codings.empty and project.quotations.empty and len(project.codes):
            yield f"  {project.origin}: a codebook of {len(project.codes)} codes"
    for name in others:
        yield f"  {name}: set aside, no text and no coding"
    try:
        placement = placed(Study.open(folder))
    except StudyError as error:
        yield "still to do before its codings can be placed:"
        yield str(error)
        return
    for file, lines in placement.ledger.groupby("file", sort=False):
        counts = lines.groupby("fate")["count"].sum()
        reasons = counts.drop([READ, PLACED], errors="ignore")
        kept = counts.get(PLACED, 0)
        yield f"  {file}: {counts[READ]} codings read, {kept} placed" + _said(reasons)
    yield from _divided(placement.codings, Study.open(folder))


def placed(study: Study) -> coding.Placement:
    """Every coding of the study on its texts, as the stage of coding places it.

    Raises one `StudyError` for all that stands against it.
    """
    choices = study.choices
    return coding.place(
        texts.read_projects(study),
        study.sources,
        texts.cleaned_texts(study),
        study.codebook.codes,
        anchor_score=choices.anchor_score,
        coders=choices.coders,
        code_names=choices.code_names,
        withdrawn=study.withdrawn_names,
        key=texts.pseudonym_key(study),
    )


def _said(reasons: pd.Series) -> str:
    return "".join(f"; {count}: {reason}" for reason, count in reasons.items())


def _divided(codings: pd.DataFrame, study: Study) -> Iterator[str]:
    from analysis.study.coders import EVERYONE, is_divided

    if is_divided(codings):
        chosen = study.choices.coder
        yield (
            f"each source was coded by one coder only: `coder: {EVERYONE}` in params.yml counts all"
            + ("; it is chosen" if chosen == EVERYONE else f"; now {chosen} alone counts")
        )
