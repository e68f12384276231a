"""Sources cleaned batch by batch, each only when something in it changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pandas as pd

from analysis.cleaning import PseudonymKey, check_rules
from analysis.cleaning.kept import program
from analysis.cleaning.prepared import Prepared
from analysis.cleaning.preparing import (
    fingerprint,
    prepare,
    prepare_all,
    prepare_text,
    rows_of,
    source_path,
)
from analysis.files import spreadsheet
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.whole_file import write_text
from analysis.stages import batch_cleaned, clean, speakers, texts
from analysis.stages.batch_cleaned import OfBatch
from analysis.study import parts, schemas, tables
from analysis.study.folder import Study
from analysis.workers.pools import Died, each

# Two batches are worth workers: each takes seconds.
_WORTH_WORKERS = 2


def in_batches(study: Study, sources: pd.DataFrame, kind: str) -> Iterator[OfBatch]:
    """What each batch came to, one after another, once all of them are clean."""
    rules, key = study.choices.cleaning, texts.pseudonym_key(study)
    check_rules(rules)
    prepared = study.private / "prepared"
    tasks, problems = _tasks(study, sources, kind, rules, key)
    due = [task for task in tasks if not task.is_kept]
    work = partial(_clean_batch, rules=tuple(rules), key=key, cache=prepared, kind=kind)
    found = each(work, due, worth=_WORTH_WORKERS, at_a_time=1)
    for task, outcome in zip(due, found, strict=True):
        if isinstance(outcome, Died):
            # Source by source it is known which one ends its worker.
            try:
                own = sources[
                    sources["source_id"].isin([row["source_id"] for row, _ in task.sources])
                ]
                prepare_all(own, study.raw, rules, key, prepared)
                outcome = work(task)
            except StudyError as error:
                outcome = list(error.problems)
        problems += outcome
    raise_if_any(problems)
    kept = {task.kept for task in tasks}
    for path in (prepared / "batches").glob(f"{kind}-*.json"):
        if path not in kept:
            path.unlink()
    for task in tasks:
        yield OfBatch.from_json(task.kept.read_text(encoding="utf-8").partition("\n")[2])


@dataclass(frozen=True)
class _Task:
    """Sources to be cleaned together: rows of the register, each with where its file lies or, without
    one, its text; and where what they come to is kept, under which digest."""

    sources: Sequence[tuple[Mapping[str, str], Path | str]]
    kept: Path
    digest: str

    @property
    def is_kept(self) -> bool:
        try:
            with self.kept.open(encoding="ascii") as file:
                return bool(self.digest) and file.readline() == f"{self.digest}\n"
        except (OSError, ValueError):
            return False


def _tasks(
    study: Study,
    sources: pd.DataFrame,
    kind: str,
    rules: Sequence[str],
    key: PseudonymKey | None,
) -> tuple[list[_Task], list[Problem]]:
    """The batches, and what is wrong with where files lie."""
    without = texts.texts_in_projects(study, sources[sources["file"] == ""])
    rows = {row["source_id"]: row for row in rows_of(sources)}
    problems: list[Problem] = []
    real: dict[Path, Path] = {}
    tasks = []
    for names in parts.in_batches(rows, parts.SOURCES_A_PART):
        own: list[tuple[Mapping[str, str], Path | str]] = []
        made_of, is_known = [kind, _program()], True
        for name in names:
            row = rows[name]
            try:
                lies = source_path(study.raw, row, real) if row["file"] else without[name]
            except StudyError as error:
                problems += error.problems
                continue
            own.append((row, lies))
            digest = fingerprint(row, lies, rules, key) if isinstance(lies, Path) else ""
            # What has no file, or one that cannot be read, is tried anew each time.
            is_known = is_known and bool(digest)
            made_of += [name, row["status"], digest]
        kept = study.private / "prepared" / "batches" / f"{kind}-{parts.name_of(names)}.json"
        tasks.append(_Task(own, kept, parts.digest_of(made_of) if is_known else ""))
    return tasks, problems


def _clean_batch(
    task: _Task, rules: Sequence[str], key: PseudonymKey | None, cache: Path, kind: str
) -> list[Problem]:
    """Clean a batch and keep what it comes to; returns its problems: a cluster logs what is raised."""
    prepared: dict[str, Prepared] = {}
    problems: list[Problem] = []
    for row, lies in task.sources:
        try:
            if isinstance(lies, Path):
                one = prepare(row, lies, rules, key, cache)
            else:
                one = prepare_text(row, lies, rules, key)
        except StudyError as error:
            problems += error.problems
            continue
        problems += one.unexplained
        prepared[row["source_id"]] = one
    if not problems:
        made = OfBatch.of(prepared, {row["source_id"]: row for row, _ in task.sources}, kind)
        write_text(task.kept, f"{task.digest}\n{made.as_json()}")
    return problems


@cache
def _program() -> str:
    """A fingerprint of what reads, cleans and gathers here."""
    digest = hashlib.sha256(f"{program()} pandas {pd.__version__}".encode())
    for module in (batch_cleaned, clean, speakers, spreadsheet, schemas, tables):
        digest.update(Path(str(module.__file__)).read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()
