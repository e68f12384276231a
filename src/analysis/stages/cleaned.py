"""What the cleaning of one kind of source came to, put together from batches of sources.

A study of at most `parts.LARGE` sources of a kind is one batch. Of a larger one each batch is
cleaned by whoever works, and what it came to is kept in `data/private/prepared/batches` by a digest
of all that it was made from: where nothing changed its rows are only copied. What is as long as all
texts together (passages, sheets for review, the texts) is laid beside its place as it comes, and
takes it when all is well; no more than a batch of it is held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.cleaning.preparing import rows_of
from analysis.files.private import keep_private
from analysis.files.problems import raise_if_any
from analysis.files.whole_file import Growing
from analysis.stages import clean, speakers, texts
from analysis.stages.batch_by_batch import in_batches
from analysis.stages.batch_cleaned import INTERVIEW, OfBatch, as_csv, long_tables
from analysis.stages.speakers import Heard
from analysis.study import parts, schemas, tables
from analysis.study.folder import Study


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
        if self.kind == INTERVIEW:
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
        batches = in_batches(study, sources, kind)
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
    for name, table in long_tables({}).items():
        folder = study.processed if name == "passages" else study.private / "review"
        files[name] = Growing(folder / f"{name}-{kind}.csv")
        files[name].add(as_csv(table, header=True))
    return files


def _at_once(study: Study, sources: pd.DataFrame, kind: str) -> OfBatch:
    prepared = texts.prepare_kind(study, kind)
    raise_if_any([problem for one in prepared.values() for problem in one.unexplained])
    return OfBatch.of(prepared, {row["source_id"]: row for row in rows_of(sources)}, kind)
