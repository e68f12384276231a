"""The order of work: every stage in one table, what it is made from, and whether it is due.

A stage is due when what it is made from is not what it was made from, or when something that it
made is gone or other than it left it. Both are told by SHA-256, kept for each stage in
`data/processed/inputs`; clocks decide nothing. Nothing heavy is imported here: this runs before
every report, also when there is nothing to do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analysis.files.digests import sha256_of
from analysis.files.problems import Problem, StudyError
from analysis.files.whole_file import write_text
from analysis.pipeline import made_from
from analysis.pipeline.stage import Stage

RECORDS = Path("data/processed/inputs")
KEY = "data/private/pseudonyms.csv"
NOT_NAMES = "data/private/not_names.csv"
_SITE = Path("reports/_site")
# Whose codings count hangs on who is a person.
_REGISTER = ("data/raw/sources.csv", "data/raw/coders.yml")
_READINGS = "data/raw/readings.csv"
_CASES = "data/raw/cases.csv"
_GUIDE = "data/raw/guide.yml"
_CODING = (*_REGISTER, "data/raw/codebook.yml", "data/raw/coding/")
_CLAIMS = (
    *_REGISTER,
    "data/raw/codebook.yml",
    "data/raw/claims.yml",
    "data/raw/bearings.csv",
    "data/raw/matrix.csv",
    _GUIDE,
    "data/raw/memos/",
)


def _makes(name: str, tables: str, figures: str, *more: str) -> tuple[str, ...]:
    return (
        *(f"data/processed/{one}.csv" for one in tables.split()),
        *(f"reports/figures/{one}.{end}" for one in figures.split() for end in ("svg", "png")),
        *more,
        f"data/processed/values/{name}.json",
    )


def _clean(kind: str) -> Stage:
    name = f"01-clean-{kind}"
    tables = f"passages-{kind} cleaning_log-{kind} ledger-{kind}"
    return Stage(
        name,
        "01-clean",
        parameters=(("kind", kind),),
        reads=(f"data/raw/{kind}s/", KEY),
        makes=_makes(name, tables, f"lengths-{kind}", f"data/processed/texts/.{kind}"),
    )


def _then(
    name: str,
    after: str,
    reads: tuple[str, ...],
    tables: str,
    *others: str,
    may_make: tuple[str, ...] = (),
) -> Stage:
    figures, *more = others or ("",)
    return Stage(
        name,
        name,
        after=tuple(after.split()),
        reads=reads,
        makes=_makes(name, tables, figures, *more),
        may_make=may_make,
    )


STAGES = (
    *(_clean(kind) for kind in made_from.KINDS),
    _then(
        "02-coding",
        "01-clean-interview 01-clean-document 01-clean-observation",
        _CODING,
        "sources passages codes codings coding_report coding_ledger unplaced",
        may_make=("data/processed/parts/.parts.list",),
    ),
    _then(
        "03-frequencies",
        "02-coding",
        _REGISTER,
        "frequencies frequencies_overall code_by_source rates contrasts accumulation",
        "code-by-source cases-per-code coverage contrasts accumulation",
    ),
    _then(
        "04-cooccurrence",
        "02-coding",
        (*_REGISTER, _GUIDE),
        "cooccurrence cooccurrence_by_unit",
        "cooccurrence network",
        "data/processed/cooccurrence.graphml",
    ),
    _then(
        "05-agreement", "02-coding", (*_REGISTER, _READINGS), "agreement disagreements", "agreement"
    ),
    _then(
        "06-findings",
        "02-coding 05-agreement",
        _CLAIMS,
        "patterns claim_patterns expectation_cases examples negative_cases claims_by_kind decisions"
        " matrix sensitivity turning document_profiles stances reading_list judges"
        " matrix_disagreements",
        "specifications",
        "reports/figures/.expectations.list",
    ),
)
# Where a program codes too (data/raw/coders.yml).
PROGRAMS = _then(
    "07-programs",
    "02-coding",
    (*_REGISTER, _READINGS, "data/raw/sample.yml", "data/raw/sample.csv"),
    "corrected program_confusion",
    "corrected",
)
REPORT = Stage(
    "report", "", reads=(*dict.fromkeys((*_CODING, *_CLAIMS)), _CASES, KEY, NOT_NAMES, "params.yml")
)


@dataclass(frozen=True)
class Record:
    """What a stage was made from, line by line, and the SHA-256 of each file that it made."""

    made_from: list[str]
    made: dict[str, str]


class Work:
    """The stages of one study, and which of them are due.

    What is read from outside is looked at once, when this is made: what changes while stages run
    makes them due the next time.
    """

    def __init__(self, study: Path, stages: tuple[Stage, ...] = STAGES) -> None:
        self.study = study
        self.stages = {stage.name: stage for stage in stages}
        self._outside = {stage.name: made_from.lines(study, stage) for stage in stages}
        self._outside[REPORT.name] = made_from.lines_of_report(study, REPORT)
        self._records = {name: self._read(name) for name in self._outside}

    def _file(self, name: str) -> Path:
        return self.study / RECORDS / f"{name}.json"

    def _read(self, name: str) -> Record | None:
        try:
            found = json.loads(self._file(name).read_bytes())
            return Record(list(found["made_from"]), dict(found["made"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def earlier(self, stage: Stage) -> set[str]:
        """The names of all stages that `stage` comes after, directly or through others."""
        found: set[str] = set()
        waiting = list(stage.after)
        while waiting:
            name = waiting.pop()
            if name not in found:
                found.add(name)
                waiting.extend(self.stages[name].after)
        return found

    def made_from(self, stage: Stage) -> list[str]:
        """What `stage` is made from now; stages that it comes after count as they were left last.

        A report is made from all stages and what they were made from; another stage from the
        tables and texts of those before it.
        """
        if stage is REPORT:
            return self._outside[stage.name] + [
                f"{_digest_of_record(self._records[name])} {name}" for name in self.stages
            ]
        tables = {
            f"{digest} {json.dumps(name)}"
            for earlier in self.earlier(stage)
            if (record := self._records[earlier])
            for name, digest in record.made.items()
            if name.startswith("data/processed/") and "/values/" not in name
        }
        return self._outside[stage.name] + sorted(tables)

    def is_due(self, stage: Stage) -> bool:
        """Whether `stage` must run, when nothing is due that it comes after."""
        record = self._records[stage.name]
        return (
            record is None
            or record.made_from != self.made_from(stage)
            or any(_digest(self.study / name) != digest for name, digest in record.made.items())
        )

    @cached_property
    def is_done(self) -> bool:
        """Whether nothing was due, the report included, when this was first asked."""
        left = self._left_over()
        return not any(map(self.is_due, (*self.stages.values(), REPORT))) and not any(left)

    def finish(self, stage: Stage) -> None:
        """Write down that `stage` was made, last of all: one that was killed is run again.

        Raises `StudyError` when it did not make what it says that it makes.
        """
        made = {name: _digest(self.study / name) for name in self._made_by(stage)}
        missing = [name for name, digest in made.items() if not digest]
        if missing:
            raise StudyError(
                Problem(
                    f"notebooks/{stage.notebook}.ipynb",
                    f"no {', '.join(missing)} when it had run",
                    "every file that the stage makes",
                    "write it there, or correct `makes` of the stage in params.yml",
                )
            )
        record = Record(self.made_from(stage), made)
        self._records[stage.name] = record
        write_text(self._file(stage.name), json.dumps(vars(record), indent=1) + "\n")

    def _made_by(self, stage: Stage) -> Iterator[str]:
        if stage is REPORT:
            yield "reports/_generated/site.json"
            for path in sorted((self.study / _SITE).rglob("*")):
                if path.is_file():
                    yield path.relative_to(self.study).as_posix()
            return
        perhaps = [name for name in stage.may_make if (self.study / name).is_file()]
        for name in (*stage.makes, *perhaps, stage.executed):
            yield name
            path = self.study / name
            if path.name.startswith("."):
                # A list names files as they are; the other lists name sources, a text each.
                ending = "" if path.suffix == ".list" else ".txt"
                for line in path.read_text(encoding="utf-8").splitlines():
                    yield f"{path.parent.relative_to(self.study).as_posix()}/{line}{ending}"

    def _left_over(self) -> Iterator[str]:
        """The stages that ran once and that there are no longer."""
        for path in sorted((self.study / RECORDS).glob("*.json")):
            if path.stem not in self._outside:
                yield path.stem

    def remove_left_over(self) -> None:
        """Remove what was made by stages that there are no longer."""
        kept = {name for record in self._records.values() if record for name in record.made}
        for stage in list(self._left_over()):
            record = self._read(stage)
            for name in set(record.made if record else ()) - kept:
                (self.study / name).unlink(missing_ok=True)
            self._file(stage).unlink()


def _digest_of_record(record: Record | None) -> str:
    return hashlib.sha256(json.dumps(vars(record) if record else None).encode()).hexdigest()


def _digest(path: Path) -> str:
    """The SHA-256 of a file that a stage made, '' where there is none."""
    try:
        return sha256_of(path)[0]
    except OSError:
        return ""
