"""What a deposited study says otherwise than the paper when it is run again: tried, not guessed."""

from __future__ import annotations

import dataclasses
import multiprocessing
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from analysis.claims import read_claims
from analysis.claims.reading import CLAIMS
from analysis.files.whole_file import write_bytes
from analysis.lifecycle.compare import differences, snapshot
from analysis.lifecycle.compare.differences import NOT_THERE
from analysis.pipeline import run
from analysis.pipeline.own_stages import stages_of
from analysis.pipeline.stages import Work
from analysis.report import numbers, publish
from analysis.study.folder import Study
from analysis.workers import cores

# Of every setting; most are never printed, and none is made from words.
_CHOICES = "choice."


@dataclass(frozen=True)
class Otherwise:
    """One thing that comes out otherwise: its kind and name, what the paper has, what comes."""

    kind: str
    what: str
    paper: str
    again: str


def run_again(study: Path, files: Mapping[str, bytes]) -> list[Otherwise] | None:
    """Run every stage on the deposited study `files`, by path, in a folder of its own; what differs
    from the report of `study`. None where a stage stops.

    Told are patterns, codings, numbers that the prose prints, claims whose signature no longer
    holds or holds again, and cells of the matrix of which one is to be read again and was not.
    """
    print("running the study of the open part again, to say what differs", file=sys.stderr)
    with tempfile.TemporaryDirectory() as held:
        folder = Path(held) / "study"
        for name, content in files.items():
            write_bytes(folder / name, content)
        # In a fork: running notebooks changes the process that does it.
        process = multiprocessing.get_context("fork").Process(target=_make_tables, args=(folder,))
        process.start()
        process.join()
        if process.exitcode:
            return None
        return sorted(_differing(study, folder), key=lambda one: (one.kind, one.what))


def _make_tables(folder: Path) -> None:
    run.limit_threads()
    study = Study.open(folder)
    try:
        run.run_stages(Work(folder, stages_of(folder)), study.choices, cores())
    except run.StageError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None
    numbers.collect(study.processed, study.reports, dataclasses.asdict(study.choices))


def _differing(study: Path, folder: Path) -> Iterator[Otherwise]:
    with snapshot(str(study), study) as then, snapshot(str(folder), study) as now:
        found = differences(then, now)
    for change in found.patterns:
        yield Otherwise("pattern", change.what, change.before, change.now)
    for change in found.numbers:
        if not change.what.startswith(_CHOICES):
            yield Otherwise("number", change.what, change.before, change.now)
    for one in found.codings:
        where = f"{one.code} in {', '.join(one.sources)}, coded by {one.coder}"
        yield Otherwise("codings", where, f"{one.gone} of its own", f"{one.new} of its own")
    yield from _otherwise("signature", _signatures(study), _signatures(folder))
    yield from _otherwise("cell to be read again", _cells(study), _cells(folder))


def _otherwise(kind: str, then: Mapping[str, str], now: Mapping[str, str]) -> Iterator[Otherwise]:
    for name in sorted({*then, *now}):
        was, comes = then.get(name, NOT_THERE), now.get(name, NOT_THERE)
        if was != comes:
            yield Otherwise(kind, name, was, comes)


def _signatures(folder: Path) -> dict[str, str]:
    """Claim -> how what was signed of it stands to the data: its decision, and its interpretation."""
    study = Study.open(folder)
    claims = read_claims(study.raw / CLAIMS, study.codes)
    decided = study.table("decisions").set_index("claim")["state"]
    texts = publish.standings(
        study, claims, publish.judgements(study, claims), numbers.load(study.reports)
    )
    return {f"decision on {claim}": str(state) for claim, state in decided.items()} | {
        f"interpretation of {claim}": one.state for claim, (one, _) in texts.items()
    }


def _cells(folder: Path) -> dict[str, str]:
    """Cell of the matrix -> whether what it was written from is otherwise now."""
    cells = Study.open(folder).table("matrix")
    return {
        f"{one['case_id']}, {one['theme']}": "yes" if one["stale"] else "no"
        for one in cells.to_dict("records")
    }
