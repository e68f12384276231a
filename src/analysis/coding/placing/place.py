"""Coded projects of any program -> coded spans on the clean texts of the study."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pandas as pd

from analysis.cleaning import PseudonymKey
from analysis.cleaning.edits import CleanText
from analysis.coding.placing.coders import coders_side_by_side
from analysis.coding.placing.ledger import balanced
from analysis.coding.placing.matching import SourceMatcher
from analysis.coding.placing.merge import clashes
from analysis.coding.placing.names import CodeNames
from analysis.coding.placing.part import parts_of, tellings
from analysis.coding.placing.placed import Found
from analysis.coding.placing.placer import placed
from analysis.coding.project import (
    FOLDER,
    REPORT_COLUMNS,
    CodedProject,
    Report,
    rows_table,
)
from analysis.files.problems import Problem, raise_if_any
from analysis.study.schemas import columns
from analysis.study.tables import CODINGS, validate
from analysis.workers.pools import Died, each

UNPLACED_COLUMNS = tuple(columns("unplaced"))
_PLACED_COLUMNS = tuple(columns("codings"))
_KEY = list(_PLACED_COLUMNS[:5])
# Projects in one part each, or in few more, are placed sooner than workers have started.
_WORTH_WORKERS = 4


@dataclass(frozen=True)
class Placement:
    """Coded spans on clean texts, and what became of the rest.

    - `codings`: a table of `tables.CODINGS`, sorted by all its columns.
    - `report`: file, topic, detail, count; the reports of the projects first.
    - `unplaced`: origin, row, source_id ('' where none was found), reason; one row a coding.
    - `ledger`: what became of every coding that was read (`ledger.balanced`).
    """

    codings: pd.DataFrame
    report: pd.DataFrame
    unplaced: pd.DataFrame
    ledger: pd.DataFrame


def place(
    projects: Sequence[CodedProject],
    sources: pd.DataFrame,
    cleaned: Mapping[str, CleanText],
    codes: pd.DataFrame,
    *,
    anchor_score: float,
    coders: Mapping[str, str],
    code_names: Mapping[str, str],
    withdrawn: Collection[str] = (),
    key: PseudonymKey | None = None,
) -> Placement:
    """Place the codings of all `projects` on the clean texts.

    `sources` and `codes` are tables of the study, `cleaned` holds a text per source_id,
    `withdrawn` the names under which withdrawn sources are known (source_id, coded_as, file).
    `anchor_score` (0 to 100) is the least likeness of a fuzzily found quotation, and of a span
    whose source differs from the text in the project. `coders` maps the coder of a project to
    the coder of the study, and the name of a file whose coder is unknown to its coder.
    `code_names` maps a code of a project to one of the codebook. `key` is the study's: words that
    a project knows under their own names are found where the texts have pseudonyms.

    Raises one `StudyError` for all that `projects` have as problems, codings of sources and codes that the study does not list,
    spans outside their text, quotes that do not match, and codes that clash between projects.
    A span that cannot be found, or whose words were all removed, is no error: it is in
    `unplaced`. A coding that two files hold is kept once, under the first file's name.
    """
    problems = [problem for project in projects for problem in project.problems]
    problems += clashes(projects, code_names) + coders_side_by_side(projects, coders)
    matcher = SourceMatcher(sources, withdrawn)
    parts = [list(parts_of(project, matcher, cleaned)) for project in projects]
    work = partial(
        placed,
        names=CodeNames(codes, code_names),
        coders=coders,
        anchor_score=anchor_score,
        key=key,
    )
    every = [part for own in parts for part in own]
    done = iter(each(work, every, worth=len(projects) + _WORTH_WORKERS, at_a_time=1))
    found = [_together([next(done) for _ in own], own[0].project) for own in parts]
    for project, one in zip(projects, found, strict=True):
        problems += one.problems + one.unknown_codes(project)
    raise_if_any(problems)

    table = rows_table(
        (row for one in found for row in one.placed), _PLACED_COLUMNS, ("start", "end")
    )
    codings = once(table)
    reports = [
        table
        for project, one in zip(projects, found, strict=True)
        for table in (project.report, one.report.table())
    ]
    merged = Report("all files")
    merged.add(
        "placed", "codings that are there more than once, kept once", len(table) - len(codings)
    )
    reports.append(merged.table())
    return Placement(
        codings,
        pd.concat(reports, ignore_index=True)[list(REPORT_COLUMNS)],
        rows_table((row for one in found for row in one.unplaced), UNPLACED_COLUMNS, ("row",)),
        balanced(projects, [fate for one in found for fate in one.fates], codings),
    )


def once(codings: pd.DataFrame) -> pd.DataFrame:
    """`codings` sorted, each key of `tables.CODINGS` once; different memos are joined by ' | '."""
    ordered = codings.sort_values(list(_PLACED_COLUMNS), kind="stable", ignore_index=True)
    repeated = ordered.duplicated(_KEY, keep=False)
    if repeated.any():
        joined = (
            ordered[repeated]
            .groupby(_KEY, sort=False)["memo"]
            .transform(lambda memos: " | ".join(dict.fromkeys(filter(None, memos))))
        )
        ordered.loc[repeated, "memo"] = joined
        ordered = ordered.drop_duplicates(_KEY, ignore_index=True)
    return validate(ordered, CODINGS, "all codings")


def _together(found: Sequence[Found | Died], project: CodedProject) -> Found:
    whole = Found(Report(project.origin))
    for one in found:
        if isinstance(one, Died):
            whole.problems.append(
                Problem(
                    f"{FOLDER}/{project.origin}",
                    "codings that ended the process placing them, each time it was tried",
                    "codings that can be placed",
                    "save the project anew in its program, or take it out of the folder",
                )
            )
        else:
            whole.add(one)
    return whole


def texts_of(projects: Iterable[CodedProject], sources: pd.DataFrame) -> dict[str, str]:
    """The texts that `projects` hold for the sources of the register, by source_id.

    Of several projects the first one that has a text gives it. A source with a file of its own
    may be among them: its file comes first, then this.
    """
    matcher = SourceMatcher(sources)
    texts: dict[str, str] = {}
    for project in projects:
        for source in project.sources.to_dict("records"):
            found = matcher.find(*tellings(source))
            if len(found) == 1 and source["source_id"] in project.texts:
                texts.setdefault(next(iter(found)), project.texts[source["source_id"]])
    return texts
