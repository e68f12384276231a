"""`data/raw/bearings.csv`: what a person found a passage to say for or against a claim."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.claims.model import Claim
from analysis.coding.placing.folding import fold
from analysis.files.csv_rows import numbered_rows
from analysis.files.csv_text import csv_text, ragged
from analysis.files.problems import Problem, raise_if_any
from analysis.files.regular import read_regular
from analysis.files.vocabulary import has_columns, meant, perhaps, problems_of_heading
from analysis.study.codebook import STANCES

BEARINGS = "bearings.csv"
#: The columns of the file; a passage is named by its number, or by words of it, or by both.
FILE_COLUMNS = (
    "claim",
    "source_id",
    "passage",
    "quote",
    "bears",
    "by",
    "note",
    "negative_outcome",
    "chosen",
    "event",
    "shown",
    "date",
)
COLUMNS = [
    "claim",
    "source_id",
    "passage",
    "start",
    "end",
    "bears",
    "by",
    "note",
    "negative_outcome",
    "chosen",
    "event",
    "shown",
    "date",
]
SUPPORTS, QUALIFIES, CONTRADICTS, BESIDE = BEARS = STANCES
SHOWN = ("yes", "no")
#: How a passage was chosen that a second judge read without seeing what the first found.
BLIND = "blind second judgement"
OUTCOMES = ("revised", "bounded", "unresolved")
_LIMIT = 20_000_000


def read_bearings(
    path: Path, claims: Sequence[Claim], passages: pd.DataFrame, registered: Iterable[str]
) -> pd.DataFrame:
    """Read the bearings, each placed on its passage; without the file there are none.

    A row names the claim, the source and, of its passage, the number or some of its words
    (`quote`; white space and the look of quotation marks do not count). Rows of sources that are
    registered but not in `passages` (withdrawn, embargoed) are left out. Columns: claim,
    source_id, passage, start, end (of the quoted words, or of the whole passage), bears
    (supports, qualifies, contradicts, does not bear), by, note, negative_outcome ('' or revised,
    bounded, unresolved; for contradicting passages only), chosen (how the passage came to be
    judged, '' where nobody says), event (a name for what is told, so that it counts once),
    shown (yes or no: whether the authors want the passage quoted in the claim's card; '' by rule)
    and date (the day of the judgement, 2024-05-21; '' where nobody says).

    Raises one `StudyError` with every row that names an unknown claim or source, an unknown word,
    or a passage that is not found, or found more than once.
    """
    shown = f"data/raw/{path.name}"
    rows = read_rows(path, shown, ("claim", "source_id", "bears", "by"), FILE_COLUMNS)
    known = {claim.id for claim in claims}
    listed = frozenset(registered)
    in_use = dict(list(passages.groupby("source_id")))
    problems: list[Problem] = []
    placed = []
    for line, row in rows:
        place = _Row(f"{shown}, line {line}", row, problems)
        place.one_of("claim", known, "the id of a claim in claims.yml")
        place.one_of("source_id", listed, "a source of sources.csv")
        place.one_of("bears", BEARS)
        if not row["by"]:
            place.problem("by", "nobody", "who judged it", "write a name or initials")
        if row["negative_outcome"]:
            place.one_of("negative_outcome", OUTCOMES)
            if row["bears"] != "contradicts":
                place.problem(
                    "negative_outcome", "an outcome", "empty unless it contradicts", "clear it"
                )
        if row["shown"]:
            place.one_of("shown", SHOWN)
        if row["date"] and not _is_day(row["date"]):
            place.problem("date", repr(row["date"][:40]), "a day such as 2024-05-21", "correct it")
        if row["source_id"] in in_use:
            found = place.passage(in_use[row["source_id"]])
            if found is not None:
                placed.append(
                    [row["claim"], row["source_id"], *found] + [row[name] for name in COLUMNS[5:]]
                )
    raise_if_any(problems)
    table = pd.DataFrame(placed, columns=COLUMNS)
    return table.astype(dict.fromkeys(("passage", "start", "end"), "int64"))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def read_rows(
    path: Path, shown: str, required: Collection[str], allowed: Sequence[str]
) -> list[tuple[int, dict[str, str]]]:
    """Rows of a hand-written CSV with the line each begins in; none without the file.

    Raises `StudyError` for bytes that are not UTF-8, more than 20 MB, a missing or unknown
    column, or a row with more cells than the heading.
    """
    try:
        content = read_regular(path, shown, _LIMIT)
    except FileNotFoundError:
        return []
    numbered = list(numbered_rows(csv_text(content, shown), shown))
    heading = [name.strip() for name in numbered[0][1]] if numbered else []
    others = [name for name in allowed if name not in required]
    problems = problems_of_heading(heading, required, f"{shown}, line 1", others)
    # One that is only written otherwise is told by its right name.
    problems += [
        Problem(
            f"{shown}, line 1", f"a column {name[:60]!r}", ", ".join(allowed), "correct its name"
        )
        for name in heading
        if name not in allowed
        and not any(has_columns([name], [one]) and one not in heading for one in allowed)
    ]
    longer = [row for row in numbered if len(row[1]) > len(heading)]
    problems += ragged([*numbered[:1], *longer], shown) if longer else []
    raise_if_any(problems)
    rows = ((line, dict(zip(heading, cells, strict=False))) for line, cells in numbered[1:])
    return [(line, {name: row.get(name, "").strip() for name in allowed}) for line, row in rows]


class _Row:
    """One row, and where it stands."""

    def __init__(self, where: str, cells: dict[str, str], problems: list[Problem]) -> None:
        self.where, self.cells, self.problems = where, cells, problems

    def problem(self, column: str, found: str, expected: str, remedy: str) -> None:
        self.problems.append(Problem(f"{self.where}, column {column}", found, expected, remedy))

    def one_of(self, column: str, allowed: Collection[str], said: str = "") -> None:
        """Put the word of `allowed` that the cell means into it, or note that there is none."""
        word = self.cells[column]
        known = meant(word, allowed)
        if known is None:
            expected = said or f"one of {', '.join(allowed)}"
            found = f"{word[:40]!r}{perhaps(word, allowed)}"
            self.problem(column, found, expected, "correct it")
        else:
            self.cells[column] = known

    def passage(self, own: pd.DataFrame) -> tuple[int, int, int] | None:
        """Number, start and end of the passage that the row names, or None with a problem."""
        number, quote = self.cells["passage"], self.cells["quote"]
        if number:
            numbered = own[own["passage"].astype(str) == number]
            if numbered.empty:
                self.problem(
                    "passage",
                    repr(number[:20]),
                    "the number of a passage of this source",
                    "look it up on the evidence page, or give a quote instead",
                )
                return None
            own = numbered
            if not quote:
                first = own.iloc[0]
                return int(first["passage"]), int(first["start"]), int(first["end"])
        folded = fold(quote).text
        if not folded:
            self.problem("quote", "no words and no number", "the passage's words", "fill in one")
            return None
        found = [place for row in own.itertuples() for place in _places(row, folded)]
        if len(found) == 1:
            return found[0]
        self.problem(
            "quote",
            f"words found {len(found)} times ({len(quote)} characters)",
            "words that stand once in the passages of this source",
            "copy them from the clean text; quote more of it, or add the passage's number",
        )
        return None


def _places(row: Any, folded: str) -> list[tuple[int, int, int]]:
    text = fold(row.text)
    found, at = [], text.text.find(folded)
    while at >= 0:
        start, end = text.span(at, at + len(folded))
        found.append((int(row.passage), int(row.start + start), int(row.start + end)))
        at = text.text.find(folded, at + 1)
    return found
