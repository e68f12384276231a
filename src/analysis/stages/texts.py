"""The sources of a study, read and cleaned with its choices, key and cache."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pandas as pd

from analysis import coding
from analysis.cleaning import PseudonymKey
from analysis.cleaning.prepared import Prepared
from analysis.cleaning.preparing import CleanTexts, may_be_kept, prepare_all, prepare_text
from analysis.files.problems import (
    Problem,
    StudyError,
    problems_of,
    raise_if_any,
)
from analysis.files.vocabulary import perhaps
from analysis.study.declared import problems_of_names
from analysis.study.folder import Study


def pseudonym_key(study: Study) -> PseudonymKey | None:
    """The study's key, if it has one."""
    path = study.private / "pseudonyms.csv"
    return PseudonymKey.read(path) if path.is_file() else None


def prepare_kind(study: Study, kind: str) -> dict[str, Prepared]:
    """Read and clean the sources of one kind; those of unknown kind count as documents.

    Unchanged sources come from the cache in data/private. A source without a file takes its text
    from the coding project that holds it. All problems of all sources are raised at once.
    """
    return _prepare(study, sources_of_kind(study, kind))


def sources_of_kind(study: Study, kind: str) -> pd.DataFrame:
    """The sources in use of one kind; those of unknown kind count as documents."""
    kinds = [kind, "unknown"] if kind == "document" else [kind]
    sources = study.sources
    return sources[sources["kind"].isin(kinds)]


def cleaned_texts(study: Study) -> CleanTexts:
    """The cleaned text of every source in use, with its map of positions.

    Those that the cache holds are read when they are asked for, by whoever asks; the others are
    cleaned now, and all their problems raised at once.
    """
    cache, key = study.private / "prepared", pseudonym_key(study)
    lying = may_be_kept(study.sources, study.raw, cache)
    others = study.sources[~study.sources["source_id"].isin(lying)]
    ready = {source_id: one.clean for source_id, one in _prepare(study, others).items()}
    return CleanTexts(lying, ready, study.choices.cleaning, key, cache)


def prepared_sources(study: Study) -> dict[str, Prepared]:
    """Every source in use, read and cleaned, in the order of the register."""
    return _prepare(study, study.sources)


def problems_of_files(study: Study, sources: pd.DataFrame) -> list[Problem]:
    """What cannot be read or cleaned of `sources`, rows of a register that may have faults."""
    return problems_of(lambda: _prepare(study, sources))


def texts_not_in_use(study: Study) -> dict[str, str]:
    """The cleaned text of every source that is embargoed, or withdrawn and still there.

    One that is withdrawn needs no file, nor one that can be read: it is then not among them.
    """
    rows = study.register[study.register["status"] == "embargoed"]
    found = _prepare(study, rows)
    for at in study.register.index[study.register["status"] == "withdrawn"]:
        left = study.register.loc[[at]]
        try:
            found |= _prepare(study, left[left["file"] != ""])
        except StudyError:
            continue
    return {source_id: one.clean.text for source_id, one in found.items()}


def _prepare(study: Study, sources: pd.DataFrame) -> dict[str, Prepared]:
    key, rules = pseudonym_key(study), study.choices.cleaning
    prepared = prepare_all(sources, study.raw, rules, key, study.private / "prepared")
    texts = texts_in_projects(study, sources[sources["file"] == ""])
    for source in sources[sources["file"] == ""].to_dict("records"):
        prepared[source["source_id"]] = prepare_text(source, texts[source["source_id"]], rules, key)
    return {source_id: prepared[source_id] for source_id in sources["source_id"]}


def texts_in_projects(study: Study, sources: pd.DataFrame) -> dict[str, str]:
    """The texts of `sources`, which have no file, by source_id, from the coding projects that hold
    them. Raises `StudyError` for one that none holds."""
    if sources.empty:
        return {}
    projects = read_projects(study)
    texts = coding.texts_of(projects, sources)
    without = [name for name in sources["source_id"] if name not in texts]
    # A text may be missing because its project could not be read.
    unread = [problem for project in projects for problem in project.problems] if without else []
    raise_if_any(
        unread
        + [
            Problem(
                f"data/raw/sources.csv, source {name}",
                "no file, and no coding project with its text",
                "a file, or coded_as as the project calls it",
                "correct the register",
            )
            for name in without
        ]
    )
    return texts


def read_projects(study: Study) -> list[coding.CodedProject]:
    """Every coding project and export of the study, each with its problems: `place` tells all.

    Raises `StudyError` for `columns` of params.yml that would be passed over in silence.
    """
    files = _coding_files(study)
    raise_if_any(coding.problems_of_columns(study.choices.columns, files.keys()))
    projects: list[coding.CodedProject] = []
    for name, path in files.items():
        try:
            project = coding.read(path, study.choices.columns, name)
        except coding.NoCodingError as error:
            project = coding.CodedProject.set_aside(name, error.problems[0].found)
        except StudyError as error:
            project = coding.CodedProject.unreadable(name, error.problems)
        problems = [
            dataclasses.replace(problem, where=f"{coding.FOLDER}/{problem.where}")
            for problem in project.problems
        ]
        projects.append(dataclasses.replace(project, problems=tuple(problems)))
    return projects


def _coding_files(study: Study) -> dict[str, Path]:
    folder = study.raw / "coding"
    return {path.relative_to(folder).as_posix(): path for path in coding.coded_in(folder)}


def columns_told(study: Study) -> list[str]:
    """What the console says of `columns` in params.yml for files that are not there."""
    unused = coding.columns_of_no_file(study.choices.columns, _coding_files(study).keys())
    return [
        f"warning: params.yml, columns, {name[:60]!r}: no file of this name in data/raw/coding, so "
        "the columns stated for it are read in none; correct the name, or take it out"
        for name in unused
    ]


def check_headline(study: Study) -> None:
    """Raise `StudyError` when `coder` of params.yml is nobody who codes in the study's projects, or
    somebody codes in them whom data/raw/coders.yml, if it is there, does not declare.

    A study in which nothing is coded yet may name whom it likes; where a file cannot be read the
    coding stage says so, for they may code in that one.
    """
    projects = read_projects(study)
    if any(project.problems for project in projects):
        return
    named = {
        name
        for project in projects
        for name in coding.coders_of(project, study.choices.coders).values()
    }
    raise_if_any(problems_of_names(study.coders, named))
    if named and study.choices.coder not in named:
        coder = study.choices.coder
        raise StudyError(
            Problem(
                "params.yml, coder",
                f"{coder!r}, who coded nothing{perhaps(coder, named)}",
                f"one who codes in {coding.FOLDER}: {', '.join(sorted(named))}",
                "correct it, or name them so under coders",
            )
        )
