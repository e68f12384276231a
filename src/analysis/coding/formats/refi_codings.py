"""Sources of a REFI-QDA project with what is coded in them, and all codings as one table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import compress

import numpy as np
import pandas as pd

from analysis.coding.formats.offsets import (
    Positions,
    Reading,
    Selections,
    StoredText,
    choose_reading,
)
from analysis.coding.placing.folding import fold_text
from analysis.coding.placing.nearest import Nearest
from analysis.coding.project import CODING_COLUMNS, Report, columns_table

# A shorter name than this many letters may be a label.
_LEAST_LABEL = 12


@dataclass
class CodedSource:
    """One source with text, and what is coded in it.

    `starts`, `ends` and `names` have an entry a selection; `places`, `codes`, `coders` and
    `memos` one a coding, `places` telling its selection. `whole` are codings of all its text.
    """

    guid: str
    name: str
    file: str
    stored: StoredText | None
    attributes: dict[str, str]
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    coders: list[str] = field(default_factory=list)
    memos: list[str] = field(default_factory=list)
    whole: list[tuple[str, str, str]] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)


def codings_of(
    sources: Sequence[CodedSource], ids: Sequence[str], origin: str, report: Report
) -> pd.DataFrame:
    """The codings of all sources, which are called `ids`, with the columns of `CodedProject`.

    Positions are counted as most of the project's selections show that its program (`origin`)
    counts; those that are no span of their text are left out and told in `report`.
    """
    told = {
        index: Selections(
            one.stored,
            np.asarray(one.starts, dtype=np.int64),
            np.asarray(one.ends, dtype=np.int64),
            one.names,
        )
        for index, one in enumerate(sources)
        if one.stored and one.starts
    }
    reading = choose_reading(list(told.values()), origin, report) if told else None
    columns: dict[str, list[object]] = {name: [] for name in CODING_COLUMNS}
    for index, (source, source_id) in enumerate(zip(sources, ids, strict=True)):
        if source.stored is None or not source.stored.text:
            report.add(
                "left out", "codings of sources without text", len(source.codes) + len(source.whole)
            )
            continue
        report.add("read", "codings of a whole source", len(source.whole))
        for code, coder, memo in source.whole:
            _extend(columns, source_id, [0], [len(source.stored.text)], [code], [coder], [memo])
        if index in told and reading is not None:
            past = int(told[index].past_the_end(reading).sum())
            report.add("offsets", "ends one past the end of their text, cut back to it", past)
            _place(columns, source_id, source, *_by_names(told[index], reading, report), report)
    count = len(columns["source_id"])
    columns["row"], columns["quote"] = list(range(1, count + 1)), [""] * count
    report.add("read", "codings", count)
    return columns_table(columns, ("start", "end", "row"))


def _by_names(
    selections: Selections, reading: Reading, report: Report
) -> tuple[Positions, Positions]:
    """The spans under `reading`; one that does not show the words that are its name stands where
    these are, if they are in the text."""
    starts, ends = (part.copy() for part in selections.read(reading))
    text = selections.stored.text
    nearest = Nearest(text)
    for index, name in enumerate(selections.names):
        words = name.rstrip(". …")
        label = fold_text(words)
        if len(label) < _LEAST_LABEL:
            continue
        if fold_text(text[starts[index] : ends[index]]).startswith(label) and starts[index] >= 0:
            continue
        place = nearest.place(words, int(selections.starts[index]))
        if place:
            length = int(selections.ends[index] - selections.starts[index])
            cut = words != name.rstrip() and 0 < length <= len(text) - place[0]
            starts[index], ends[index] = place[0], max(place[1], place[0] + length * cut)
            report.add("offsets", "found by the words stored, not at the position stated")
    return starts, ends


def _place(
    columns: dict[str, list[object]],
    source_id: str,
    source: CodedSource,
    starts: Positions,
    ends: Positions,
    report: Report,
) -> None:
    places = np.asarray(source.places, dtype=np.int64)
    kept = starts[places] >= 0
    report.add("left out", "codings whose positions are no span of their text", int((~kept).sum()))
    _extend(
        columns,
        source_id,
        starts[places][kept].tolist(),
        ends[places][kept].tolist(),
        *(list(compress(part, kept)) for part in (source.codes, source.coders, source.memos)),
    )


def _extend(columns: dict[str, list[object]], source_id: str, *parts: Sequence[object]) -> None:
    """Add rows of one source to the columns of codings; `parts` from start to memo."""
    columns["source_id"] += [source_id] * len(parts[0])
    for name, part in zip(CODING_COLUMNS[1:6], parts, strict=True):
        columns[name] += part
