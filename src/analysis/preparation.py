"""The sources of a study, read and cleaned with its choices, key and cache."""

from __future__ import annotations

import dataclasses
import multiprocessing
from collections.abc import Mapping
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor

import pandas as pd

from analysis import coding, tables
from analysis.cleaning import RULES, CleanText, PseudonymKey
from analysis.cleaning.passages import DE_IDENTIFYING
from analysis.cleaning.preparing import Prepared, prepare_all, prepare_text
from analysis.cleaning.samples import samples
from analysis.problems import Problem, StudyError, problems_of, raise_if_any
from analysis.stray_files import is_left_by_a_program
from analysis.study import Study
from analysis.summary import Values

# Fewer sources than this are cleaned sooner than workers have started.
_WORTH_WORKERS = 40
_SHORT_NAMES = {
    "timestamps": "times",
    "hyphenation": "hyphens",
    "identifiers": "ident.",
    "pseudonyms": "names",
}


def executor_for(sources: pd.DataFrame) -> Executor:
    """Workers on all cores for many sources, one thread for few."""
    if len(sources) < _WORTH_WORKERS:
        return ThreadPoolExecutor(1)
    return ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn"))


def pseudonym_key(study: Study) -> PseudonymKey | None:
    """The study's key, if it has one."""
    path = study.private / "pseudonyms.csv"
    return PseudonymKey.read(path) if path.is_file() else None


def prepare_kind(study: Study, kind: str, executor: Executor | None = None) -> dict[str, Prepared]:
    """Read and clean the sources of one kind; those of unknown kind count as documents.

    Unchanged sources come from the cache in data/private. A source without a file takes its text
    from the coding project that holds it. All problems of all sources are raised at once.
    """
    kinds = [kind, "unknown"] if kind == "document" else [kind]
    return _prepare(study, study.sources[study.sources["kind"].isin(kinds)], executor)


def cleaned_texts(study: Study, executor: Executor | None = None) -> dict[str, CleanText]:
    """The cleaned text of every source in use, with its map of positions."""
    prepared = _prepare(study, study.sources, executor)
    return {source_id: one.clean for source_id, one in prepared.items()}


def problems_of_files(study: Study, sources: pd.DataFrame) -> list[Problem]:
    """What cannot be read or cleaned of `sources`, rows of a register that may have faults."""
    return problems_of(lambda: _prepare(study, sources, None))


def texts_not_in_use(study: Study) -> dict[str, str]:
    """The cleaned text of every source that is embargoed, or withdrawn and still there.

    One that is withdrawn needs no file, nor one that can be read: it is then not among them.
    """
    rows = study.register[study.register["status"] == "embargoed"]
    found = _prepare(study, rows, None)
    for at in study.register.index[study.register["status"] == "withdrawn"]:
        left = study.register.loc[[at]]
        try:
            found |= _prepare(study, left[left["file"] != ""], None)
        except StudyError:
            continue
    return {source_id: one.clean.text for source_id, one in found.items()}


def _prepare(study: Study, sources: pd.DataFrame, executor: Executor | None) -> dict[str, Prepared]:
    key, rules = pseudonym_key(study), study.choices.cleaning
    with executor or executor_for(sources) as workers:
        prepared = prepare_all(sources, study.raw, workers, rules, key, study.private / "prepared")
    texts = _texts_in_projects(study, sources[sources["file"] == ""])
    for source in sources[sources["file"] == ""].to_dict("records"):
        prepared[source["source_id"]] = prepare_text(source, texts[source["source_id"]], rules, key)
    return {source_id: prepared[source_id] for source_id in sources["source_id"]}


def _texts_in_projects(study: Study, sources: pd.DataFrame) -> dict[str, str]:
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
    """Every coding project and export of the study, each with its problems: `place` tells all."""
    projects: list[coding.CodedProject] = []
    for path in sorted((study.raw / "coding").glob("*")):
        if is_left_by_a_program(path) or path.suffix == ".md":
            continue
        try:
            project = coding.read(path, study.choices.columns)
        except StudyError as error:
            project = coding.CodedProject.unreadable(path.name, error.problems)
        problems = [
            dataclasses.replace(problem, where=f"{coding.FOLDER}/{problem.where}")
            for problem in project.problems
        ]
        projects.append(dataclasses.replace(project, problems=tuple(problems)))
    return projects


def joined(parts: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """All `parts` below one another, with these columns even if there are none."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=columns)
    return pd.concat(filled, ignore_index=True)


def passages_of(prepared: Mapping[str, Prepared]) -> pd.DataFrame:
    """The passages of all prepared sources (tables.PASSAGES)."""
    columns = {"passage": "int64", "start": "int64", "end": "int64", "words": "int64"}
    every = joined([one.passages for one in prepared.values()], list(tables.PASSAGES.columns))
    return every.astype({name: columns.get(name, "str") for name in every.columns})


def log_of(prepared: Mapping[str, Prepared]) -> pd.DataFrame:
    """The cleaning log of all prepared sources (tables.CLEANING_LOG)."""
    columns = list(tables.CLEANING_LOG.columns)
    every = joined([one.log() for one in prepared.values()], columns)
    return every.astype(
        {"source_id": "str", "rule": "str", "count": "int64", "characters": "int64"}
    )


def edits_by_source(prepared: Mapping[str, Prepared]) -> pd.DataFrame:
    """The cleaning log with a row a source and a column a rule that did anything: edits.

    Below the sources are the sums over all of them, of edits and of the characters that were
    removed or replaced. Long names of rules are shortened, so that the table fits a page.
    """
    log = log_of(prepared)
    rules = [rule for rule in (*RULES, "speaker_tags", *DE_IDENTIFYING) if rule in set(log["rule"])]
    table = log.pivot(index="source_id", columns="rule", values="count")
    table = table.reindex(index=list(prepared), columns=rules).fillna(0).astype("int64")
    sums = log.groupby("rule")[["count", "characters"]].sum().reindex(rules).T
    sums.index = pd.Index(["edits in all", "characters in all"])
    names = {rule: _SHORT_NAMES.get(rule, rule.replace("_", " ")) for rule in rules}
    return pd.concat([table, sums]).rename(columns=names).rename_axis(columns=None)


def what_was_read(prepared: Mapping[str, Prepared]) -> pd.DataFrame:
    """One row a source: format, encoding, passages and words by who speaks, what was noted."""
    rows = []
    for source_id, one in prepared.items():
        asked = one.passages["voice"] == "interviewer"
        rows.append(
            {
                "source_id": source_id,
                "format": one.format,
                "encoding": one.encoding,
                "passages": int((~asked).sum()),
                "interviewer_passages": int(asked.sum()),
                "words": int(one.passages.loc[~asked, "words"].sum()),
                "interviewer_words": int(one.passages.loc[asked, "words"].sum()),
                "notes": "; ".join(one.notes),
            }
        )
    columns = [
        "source_id",
        "format",
        "encoding",
        "passages",
        "interviewer_passages",
        "words",
        "interviewer_words",
        "notes",
    ]
    return pd.DataFrame(rows, columns=columns)


def masked_samples(prepared: Mapping[str, Prepared], most: int = 12) -> pd.DataFrame:
    """A few edits of each rule, with every letter masked: fit to be published."""
    every = joined(
        [samples(one.clean, 1).assign(source_id=name) for name, one in prepared.items()],
        ["rule", "reason", "before", "after", "source_id"],
    )
    return every.drop_duplicates(["rule", "reason"]).head(most).reset_index(drop=True)


def write_private(study: Study, kind: str, prepared: Mapping[str, Prepared]) -> None:
    """Leave what must not be published in data/private: replacements, candidates, raw samples."""
    folder = study.private / "review"
    files = {
        "replacements": [one.replacements() for one in prepared.values()],
        "candidates": [one.candidates for one in prepared.values()],
        "samples": [
            samples(one.clean, masked=False).assign(source_id=name)
            for name, one in prepared.items()
        ],
    }
    for name, parts in files.items():
        columns = list(parts[0].columns) if parts else ["source_id"]
        tables.write_table(joined(parts, columns), folder / f"{name}-{kind}.csv")


def values_of(prepared: Mapping[str, Prepared], kind: str) -> Values:
    """The numbers that prose quotes about the cleaning of one kind of source."""
    replaced = joined([one.replacements() for one in prepared.values()], ["rule", "count"])
    counted = replaced.groupby("rule")["count"].sum() if len(replaced) else {}
    passages = passages_of(prepared)
    return {
        f"clean.{kind}.n_sources": (len(prepared), "count"),
        f"clean.{kind}.n_passages": (len(passages), "count"),
        f"clean.{kind}.n_words": (int(passages["words"].sum()), "words"),
        f"clean.{kind}.n_names_replaced": (int(counted.get("pseudonyms", 0)), "count"),
        f"clean.{kind}.n_identifiers_replaced": (int(counted.get("identifiers", 0)), "count"),
        f"clean.{kind}.n_candidates": (
            sum(len(one.candidates) for one in prepared.values()),
            "count",
        ),
    }
