"""The journal `lab-<coder>.log.csv`: every act of a coder, in order, one line a span.

It is the audit trail. Played from its first line it gives the coder's spans as they are.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from itertools import groupby, zip_longest

from analysis.coding.formats.journal import COLUMNS
from analysis.desk.coded import Act, Coded, Key, applied
from analysis.files.csv_rows import numbered_rows
from analysis.files.problems import Problem, StudyError

_POSITIONS = ("start", "end")


def lines_of(act: Act, number: int, when: str) -> list[list[str]]:
    """The lines of an act, its number first: a line pairs a span with what it became.

    An act that concerns no span, such as one of the codebook alone, has one line.
    """
    by_source = sorted({one.source_id for one in (*act.before, *act.after)})
    paired = [
        (source_id, old, new)
        for source_id in by_source
        for old, new in zip_longest(
            (one for one in act.before if one.source_id == source_id),
            (one for one in act.after if one.source_id == source_id),
        )
    ] or [(act.source_id, None, None)]
    return [
        [str(number), when, act.what, source_id, _written(old), _written(new), act.note]
        for source_id, old, new in paired
    ]


def _written(span: Coded | None) -> str:
    if span is None:
        return ""
    said = {"start": span.start, "end": span.end, "code": span.code}
    said |= {name: value for name in ("memo", "origin") if (value := getattr(span, name))}
    return json.dumps(said, ensure_ascii=False)


def text_of(lines: Iterable[list[str]], *, heading: bool) -> str:
    """Lines as CSV, below their heading where the file begins."""
    held = io.StringIO(newline="")
    writer = csv.writer(held, lineterminator="\n")
    if heading:
        writer.writerow(COLUMNS)
    writer.writerows(lines)
    return held.getvalue()


def acts_in(text: str, shown: str) -> list[tuple[str, Act]]:
    """The acts of a journal in their order, each with when it was done.

    A line that a purge emptied concerns nothing that is left. Raises `StudyError`, naming the line,
    for what is no journal.
    """
    rows = numbered_rows(text, shown)
    _, heading = next(rows, (1, []))
    if tuple(heading) != COLUMNS:
        raise StudyError(_broken(shown, 1))
    acts = []
    for (_, when, what), own in groupby(rows, lambda row: tuple(row[1][:3])):
        before, after, note, source_id = list[Coded](), list[Coded](), "", ""
        for line, cells in own:
            if len(cells) != len(COLUMNS):
                raise StudyError(_broken(shown, line))
            source_id, old, new, note = cells[3:]
            before += _read(source_id, old, shown, line)
            after += _read(source_id, new, shown, line)
        acts.append((when, Act(what, tuple(before), tuple(after), note, source_id)))
    return acts


def _read(source_id: str, cell: str, shown: str, line: int) -> list[Coded]:
    if not cell:
        return []
    try:
        said = json.loads(cell)
        start, end = (int(said[name]) for name in _POSITIONS)
        return [
            Coded(
                source_id,
                start,
                end,
                str(said["code"]),
                str(said.get("memo", "")),
                str(said.get("origin", "")),
            )
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise StudyError(_broken(shown, line)) from None


def _broken(shown: str, line: int) -> Problem:
    return Problem(
        f"{shown}, line {line}",
        "a line that the lab did not write",
        ", ".join(COLUMNS),
        "restore the journal from a copy (git), or move it away: the lab then begins another",
    )


def replayed(acts: Iterable[Act]) -> dict[Key, Coded]:
    """The spans after all `acts`. Raises `ChangedMeanwhileError` for acts that do not follow each other."""
    state: dict[Key, Coded] = {}
    for act in acts:
        state = applied(state, act)
    return state


def told_by(acts: Iterable[Act]) -> dict[Key, Coded]:
    """As `replayed`, but of a journal with gaps, such as a purge leaves: as far as it tells."""
    state: dict[Key, Coded] = {}
    for act in acts:
        for one in act.before:
            state.pop(one.key, None)
        state |= {one.key: one for one in act.after}
    return state
