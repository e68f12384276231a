"""What the cleaning of one kind of source came to, put together from batches of sources.

A study of at most `parts.LARGE` sources of a kind is one batch. Of a larger one each batch is
cleaned by whoever works, and what it came to is kept in `data/private/prepared/batches` by a digest
of all that it was made from: where nothing changed its rows are only copied. What is as long as all
texts together (passages, sheets for review, the texts) is laid beside its place as it comes, and
takes it when all is well; no more than a batch of it is held.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from pathlib import Path

import pandas as pd

from analysis.cleaning import PseudonymKey, check_rules
from analysis.cleaning.preparing import (
    Prepared,
    fingerprint,
    prepare,
    prepare_all,
    prepare_text,
    program,
    rows_of,
    source_path,
)
from analysis.files import spreadsheet
from analysis.files.private import keep_private
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.whole_file import Growing, write_text
from analysis.stages import clean, speakers, texts
from analysis.stages.speakers import Heard
from analysis.study import parts, schemas, tables
from analysis.study.folder import Study
from analysis.workers.pools import Died, each

_INTERVIEW = "interview"
# Two batches are worth workers: each takes seconds.
_WORTH_WORKERS = 2


@dataclass(frozen=True)
class OfBatch:
    """What the cleaning of some sources came to. Private matter.

    - `held`: tables of a few rows a source, as columns: read, counted, log, ledger.
    - `masked`: `clean.masked_rows` of the active ones.
    - `interviews`: who speaks in each.
    - `written`: rows of CSV without heading, of passages and of each sheet for review.
    """

    held: Mapping[str, Mapping[str, list[object]]]
    masked: Sequence[Sequence[str]]
    interviews: Sequence[Heard]
    written: Mapping[str, str]
    texts: Mapping[str, str]

    @classmethod
    def of(
        cls, prepared: Mapping[str, Prepared], rows: Mapping[str, Mapping[str, str]], kind: str
    ) -> OfBatch:
        """Of the sources `prepared`, whose rows of the register are `rows`."""
        active = {name: one for name, one in prepared.items() if rows[name]["status"] == "active"}
        held = {
            "read": clean.what_was_read(prepared),
            "counted": clean.counted_of(prepared),
            "log": clean.log_of(prepared),
            "ledger": clean.ledger_of(prepared),
        }
        asked = prepared if kind == _INTERVIEW else {}
        return cls(
            {name: table.to_dict("list") for name, table in held.items()},
            clean.masked_rows(active),
            [speakers.heard(rows[name], one) for name, one in asked.items()],
            {name: _csv(table, header=False) for name, table in _written(prepared).items()},
            {name: one.clean.text for name, one in prepared.items()},
        )

    def as_json(self) -> str:
        """All of it. It names people: only for data/private."""
        return json.dumps({**vars(self), "interviews": [asdict(one) for one in self.interviews]})

    @classmethod
    def from_json(cls, stored: str) -> OfBatch:
        """What `as_json` made of it."""
        found = json.loads(stored)
        interviews = [
            Heard(
                **{
                    **one,
                    "speakers": tuple(one["speakers"]),
                    "said": tuple((tag, said) for tag, said in one["said"]),
                }
            )
            for one in found.pop("interviews")
        ]
        return cls(**found, interviews=interviews)


@dataclass(frozen=True)
class Cleaned:
    """All sources of one kind: `read`, `counted`, `masked` and `lacking` of the published ones only,
    `log` and `ledger` of all of them. The rest lies beside its place until `write`."""

    kind: str
    sources: Sequence[str]
    published: Sequence[str]
    read: pd.DataFrame
    counted: pd.DataFrame
    log: pd.DataFrame
    ledger: pd.DataFrame
    masked: pd.DataFrame
    lacking: pd.DataFrame
    _interviews: Sequence[Heard]
    _files: Sequence[Growing]
    _laid: Sequence[str]

    def write(self, study: Study) -> None:
        """Let everything take its place: texts, tables, and what is to be reviewed in private."""
        study.lift_texts(self._laid, set(self.sources), self.kind)
        study.write_table(self.log, f"cleaning_log-{self.kind}")
        study.write_table(self.ledger, f"ledger-{self.kind}")
        for file in self._files:
            file.finish()
        if self.kind == _INTERVIEW:
            found = speakers.proposals(self._interviews)
            tables.write_table(found, study.private / "review" / f"{speakers.REVIEW}.csv")
        keep_private(study.private)


def clean_kind(study: Study, kind: str) -> Cleaned:
    """Read and clean the sources of one kind; those of unknown kind count as documents.

    Raises one `StudyError` for all problems of all sources, such as words that the ledger cannot
    explain, each with source, place and rule. Nothing has taken its place then.
    """
    sources = texts.sources_of_kind(study, kind)
    names = list(sources["source_id"])
    published = list(study.published(dict.fromkeys(names)))
    if len(names) > parts.LARGE:
        batches = _in_batches(study, sources, kind)
    else:
        batches = iter([_at_once(study, sources, kind)])
    files = _begun(study, kind)
    held: dict[str, list[pd.DataFrame]] = {}
    masked: dict[tuple[str, ...], Sequence[str]] = {}
    interviews: list[Heard] = []
    laid: list[str] = []
    for batch in batches:
        for name, columns in batch.held.items():
            held.setdefault(name, []).append(pd.DataFrame(columns))
        for row in batch.masked:
            masked.setdefault(tuple(row[:2]), row)
        interviews += batch.interviews
        for name, rows in batch.written.items():
            files[name].add(rows)
        laid += study.lay_texts(batch.texts)
    joined = {name: clean.joined(found, list(found[0])) for name, found in held.items()}
    for name, stored in (("log", "cleaning_log"), ("ledger", "ledger")):
        joined[name] = joined[name] if len(joined[name]) else schemas.empty(stored)
    shown = set(published)
    for name in ("read", "counted"):
        own = joined[name]["source_id"].isin(shown)
        joined[name] = joined[name][own].reset_index(drop=True)
    return Cleaned(
        kind,
        names,
        published,
        **joined,
        masked=pd.DataFrame(list(masked.values())[: clean.SHOWN], columns=list(clean.MASKED)),
        lacking=speakers.without_interviewer(one for one in interviews if one.source_id in shown),
        _interviews=interviews,
        _files=list(files.values()),
        _laid=laid,
    )


def _begun(study: Study, kind: str) -> dict[str, Growing]:
    study.private.mkdir(parents=True, exist_ok=True)
    study.private.chmod(0o700)
    files = {}
    for name, table in _written({}).items():
        folder = study.processed if name == "passages" else study.private / "review"
        files[name] = Growing(folder / f"{name}-{kind}.csv")
        files[name].add(_csv(table, header=True))
    return files


def _written(prepared: Mapping[str, Prepared]) -> dict[str, pd.DataFrame]:
    schema = schemas.schema_of("passages")
    passages = tables.typed_if_empty(clean.passages_of(prepared), schema)
    return {
        "passages": tables.validate(passages, schema, "passages"),
        **clean.private_tables(prepared),
    }


def _csv(table: pd.DataFrame, *, header: bool) -> str:
    return str(table.to_csv(index=False, header=header, lineterminator="\n"))


def _at_once(study: Study, sources: pd.DataFrame, kind: str) -> OfBatch:
    prepared = texts.prepare_kind(study, kind)
    raise_if_any([problem for one in prepared.values() for problem in one.unexplained])
    return OfBatch.of(prepared, {row["source_id"]: row for row in rows_of(sources)}, kind)


# --- batch by batch -----------------------------------------------------------


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


def _in_batches(study: Study, sources: pd.DataFrame, kind: str) -> Iterator[OfBatch]:
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
    for module in (clean, speakers, spreadsheet, schemas, tables):
        digest.update(Path(str(module.__file__)).read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()
