"""What the study calls the coders of projects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.coding.project import (
    FOLDER,
    UNKNOWN_CODER,
    CodedProject,
)
from analysis.files.problems import Problem
from analysis.files.vocabulary import folded, side_by_side


def coders_of(project: CodedProject, coders: Mapping[str, str]) -> dict[str, str]:
    """What the study calls each coder of a project: by `coders`, of the params, else as there.

    A coder whom the project does not name is looked up by the name of its file.
    """
    named = {*project.codings["coder"], *project.quotations["coder"]}
    known = {folded(theirs): ours for theirs, ours in coders.items()}
    called = {name: known.get(folded(name), name.strip()) for name in named}
    if UNKNOWN_CODER in called and folded(project.origin) in known:
        called[UNKNOWN_CODER] = known[folded(project.origin)]
    return called


def coders_side_by_side(
    projects: Sequence[CodedProject], coders: Mapping[str, str]
) -> list[Problem]:
    """A problem for coders that differ in nothing a reader sees, within or between projects."""
    first: dict[str, str] = {}
    for project in projects:
        for name in coders_of(project, coders).values():
            first.setdefault(name, project.origin)
    return side_by_side(
        first,
        FOLDER,
        "coder",
        "perhaps the same? say so in params.yml, coders: {this name: that name}",
    )
