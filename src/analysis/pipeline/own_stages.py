"""Stages that a study brings by itself: `stages:` in its params.yml.

    stages:
      07-themes:
        after: [02-coding]
        reads: [data/raw/themes.csv]
        makes: [data/processed/themes.csv]

runs `notebooks/07-themes.ipynb` of the study. A stage with the name of one of the program's
notebooks (`03-frequencies: {}`) runs the study's notebook in its place. A notebook is code: none of
a study is run that is not named here.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from analysis.files import safe_yaml
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.project import STAGES_FIELD
from analysis.pipeline.stage import Stage
from analysis.pipeline.stages import PROGRAMS, STAGES
from analysis.study.declared import declares_program

PARAMS = "params.yml"
_FIELDS = ("after", "reads", "makes")
_NAME = re.compile(r"[A-Za-z0-9][\w-]*")
_MADE_BELOW = ("data/processed", "reports/figures")


def stages_of(study: Path) -> tuple[Stage, ...]:
    """Every stage of the study in the folder `study`, each behind those that it comes after; that
    of programs only where one is declared to code.

    Raises `StudyError` for all that is wrong with `stages:`, each with its line. What else is wrong
    with params.yml is told when the study is opened.
    """
    ours = (*STAGES, PROGRAMS) if declares_program(study / "data" / "raw") else STAGES
    try:
        document = safe_yaml.compose(safe_yaml.read_text(study / PARAMS, PARAMS), PARAMS)
        given = safe_yaml.as_written(document)
    except (StudyError, OSError):
        return ours
    written = given.get(STAGES_FIELD) if isinstance(given, dict) else None
    if not written:
        return ours
    line = safe_yaml.lines_of(document)[STAGES_FIELD]
    if not isinstance(written, dict):
        raise StudyError(_problem(line, "", repr(written), "pairs of a notebook and its fields"))
    stages, problems = list(ours), list[Problem]()
    for name, fields in written.items():
        faults = list(_faults(study, line, str(name), fields or {}, stages))
        problems += faults
        if not faults:
            _take_in(stages, str(name), fields or {})
    raise_if_any(problems)
    return tuple(stages)


def _take_in(stages: list[Stage], name: str, fields: dict[str, list[str]]) -> None:
    """Add the stage, or let the study's notebook take the place of the program's."""
    after, reads, makes = (tuple(fields.get(field, ())) for field in _FIELDS)
    places = [number for number, stage in enumerate(stages) if stage.notebook == name]
    for number in places:
        stage = stages[number]
        stages[number] = dataclasses.replace(
            stage,
            own=True,
            after=(*stage.after, *after),
            reads=(*stage.reads, *reads),
            makes=(*stage.makes, *makes),
        )
    if not places:
        stages.append(Stage(name, name, after=after, reads=reads, makes=makes, own=True))


def _faults(
    study: Path, line: int, name: str, fields: Any, stages: list[Stage]
) -> Iterator[Problem]:
    if not _NAME.fullmatch(name):
        yield _problem(line, "", repr(name), "the name of a notebook: letters, digits, - and _")
        return
    if not (study / "notebooks" / f"{name}.ipynb").is_file():
        yield _problem(line, name, f"no notebooks/{name}.ipynb in the study", "its notebook there")
    if not isinstance(fields, dict) or not all(
        field in _FIELDS and isinstance(values, list) and all(isinstance(v, str) for v in values)
        for field, values in fields.items()
    ):
        yield _problem(line, name, repr(fields), "after, reads and makes, each a list of words")
        return
    place = (
        [stage.notebook for stage in stages].index(name)
        if name in {stage.notebook for stage in stages}
        else len(stages)
    )
    before = [stage.name for stage in stages[:place]]
    taken = {made: stage.name for stage in stages for made in stage.makes}
    for stage in fields.get("after", ()):
        if stage not in before:
            known = ", ".join(before)
            yield _problem(line, name, f"after {stage!r}", f"a stage named before it: {known}")
    for file in fields.get("reads", ()):
        if not _is_inside(file, ("",)):
            yield _problem(line, name, f"reads {file!r}", "a path inside the study")
    for file in fields.get("makes", ()):
        if not _is_inside(file, _MADE_BELOW) or PurePosixPath(file).name.startswith("."):
            yield _problem(
                line, name, f"makes {file!r}", f"a path below {' or '.join(_MADE_BELOW)}"
            )
        elif file in taken:
            yield _problem(line, name, f"makes {file!r}, as {taken[file]} does", "another name")


def _is_inside(name: str, folders: tuple[str, ...]) -> bool:
    path = PurePosixPath(name)
    below = any(not folder or path.is_relative_to(folder) for folder in folders)
    return below and not path.is_absolute() and ".." not in path.parts and "\0" not in name


def _problem(line: int, stage: str, found: str, expected: str) -> Problem:
    where = f"{PARAMS}, line {line}, {STAGES_FIELD}" + (f", {stage}" if stage else "")
    return Problem(where, found, expected, "correct it, or take the stage out")
