"""The ledger of codings: what was read is what was placed and, each for a reason, what was not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from analysis.coding.project import CodedProject, rows_table
from analysis.files.problems import Problem, raise_if_any
from analysis.study.schemas import columns

LEDGER_COLUMNS = tuple(columns("coding_ledger"))
READ, PLACED = "read", "placed"
AGAIN = "the same coding again, counted once"
# In its report a reader tells of what it left out itself; these words tell codings from the rest.
_CODINGS = ("coding", "highlight", "segment", "comment", "annotation without", "repl")


class Fate(NamedTuple):
    """What became of one coding: of row `row` of the table `table` of the project `file`."""

    file: str
    table: str
    row: int
    coder: str
    code: str
    fate: str


def balanced(
    projects: Sequence[CodedProject], fates: Sequence[Fate], codings: pd.DataFrame
) -> pd.DataFrame:
    """The ledger as a table of LEDGER_COLUMNS: `read`, `placed` and every reason, counted for each
    file, coder and code; for each of these `read` is the sum of the others.

    What a reader left out stands under its file without coder and code. `codings` are those that
    the study keeps. Raises `StudyError` for a row that was read and has no fate, and when other
    codings are kept than the fates say: something was lost without a reason.
    """
    raise_if_any(_without_fate(projects, fates))
    counts: Counter[tuple[str, str, str, str]] = Counter()
    for one in fates:
        counts[one.file, one.coder, one.code, one.fate] += 1
    kept = Counter(zip(codings["origin"], codings["coder"], codings["code"], strict=True))
    raise_if_any(_kept_otherwise(counts, kept))
    for (file, coder, code, fate), count in list(counts.items()):
        if fate == PLACED:
            again = count - kept[file, coder, code]
            counts[file, coder, code, PLACED] -= again
            counts[file, coder, code, AGAIN] += again
    for project in projects:
        for line in project.report.to_dict("records"):
            if line["topic"] == "left out" and _tells_of_codings(line["detail"]):
                counts[project.origin, "", "", line["detail"]] += line["count"]
    read: Counter[tuple[str, str, str, str]] = Counter()
    for (file, coder, code, _), count in counts.items():
        read[file, coder, code, READ] += count
    rows = [(*key, count) for key, count in sorted((read + counts).items()) if count]
    return rows_table(rows, LEDGER_COLUMNS, ("count",))


def _tells_of_codings(detail: str) -> bool:
    return "(not " not in detail and any(word in detail for word in _CODINGS)


def _without_fate(projects: Sequence[CodedProject], fates: Sequence[Fate]) -> list[Problem]:
    told = {(one.file, one.table, one.row) for one in fates}
    problems = []
    for project in projects:
        for table in ("codings", "quotations"):
            coded = getattr(project, table)
            lost = [row for row in coded.index if (project.origin, table, row) not in told]
            if lost:
                problems.append(
                    Problem(
                        project.where(int(coded.loc[lost[0], "row"])),
                        f"{len(lost)} codings that were read, and neither placed nor left out",
                        "a reason for every coding that is not placed",
                        "this is a fault of the program: please tell its authors which file",
                    )
                )
    return problems


def _kept_otherwise(
    counts: Counter[tuple[str, str, str, str]], kept: Counter[tuple[str, str, str]]
) -> list[Problem]:
    return [
        Problem(
            f"{file}, coder {coder}, code {code[:80]!r}",
            f"{count} codings kept, and {counts[file, coder, code, PLACED]} placed",
            "no more codings kept than were placed",
            "this is a fault of the program: please tell its authors which file",
        )
        for (file, coder, code), count in kept.items()
        if count > counts[file, coder, code, PLACED]
    ]
