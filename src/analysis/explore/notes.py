"""What an exploration writes, each on a person's call: a memo, a bearing, a private copy."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path

import pandas as pd
import yaml

from analysis.claims.bearing import (
    BEARINGS,
    BEARS,
    FILE_COLUMNS,
    read_rows,
)
from analysis.claims.memos import (
    KINDS,
    MEMOS,
    NOT_FOR_RELEASE,
    read_memos,
)
from analysis.files.one_writer import one_writer
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.whole_file import write_text

#: Seconds for which a click waits until nobody else writes in the study.
PATIENCE = 5.0
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True)
class Entry:
    """What a memo keeps of a result: its line of code, what must be known of it, and passages."""

    line: str
    warnings: Sequence[str]
    note: str
    ids: Sequence[str]

    def __str__(self) -> str:
        warned = [f"{NOT_FOR_RELEASE} {one}" for one in self.warnings]
        parts = [f"    {self.line}", *warned, self.note.strip(), self._listed()]
        return "\n\n".join(part for part in parts if part)

    def _listed(self) -> str:
        """A line for the passages of each source."""
        of_source: dict[str, list[str]] = {}
        for one in self.ids:
            of_source.setdefault(one.rpartition("-")[0], []).append(one)
        return "\n".join(f"- {', '.join(own)}" for own in of_source.values())


def add_to_memo(raw: Path, name: str, entry: Entry, about: Sequence[str], kind: str) -> Path:
    """Append `entry` to `raw/memos/<name>.md`, begun if need be, unless it stands there already.

    The words of the passages stay where they are: whoever quotes the memo fetches them by id.
    Raises `StudyError` for a name that is not letters, digits, `-` or `_`, an unknown kind, or a
    file of that name that is no memo.
    """
    problems = []
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name.lower() == "readme":
        problems.append(
            Problem(
                "the memo's name",
                repr(name)[:60],
                "letters, digits, - and _, and not README",
                "rename it",
            )
        )
    if kind not in KINDS:
        problems.append(Problem("the memo's kind", repr(kind), ", ".join(KINDS), "correct it"))
    raise_if_any(problems)
    path, today = raw / MEMOS / f"{name}.md", date.today().isoformat()
    if path.is_symlink() or path.is_file():
        begun = _memo(path)
    else:
        front = {"kind": kind, "date": today, "about": "; ".join(about) or "passages"}
        begun = f"---\n{yaml.safe_dump(front, sort_keys=False, allow_unicode=True)}---"
        begun += f"\n\n# {name.replace('-', ' ').replace('_', ' ')}"
    if f"\n\n{entry}\n\n" not in f"{begun}\n\n":
        write_text(path, f"{begun}\n\n## {today}\n\n{entry}\n")
    return path


def _memo(path: Path) -> str:
    """The text of a memo; a `StudyError` if the next report would refuse it."""
    try:
        read_memos(path.parent)
    except StudyError as error:
        raise_if_any([one for one in error.problems if f"/{path.name}" in one.where])
    return path.read_text(encoding="utf-8-sig").rstrip("\n")


def keep(private: Path, line: str, text: str, form: str) -> Path:
    """Write `text`, the result of `line`, into `private/review/exploring`; return its path.

    It may hold anybody's words: a purge of a source deletes `private/review` whole.
    """
    name = re.sub(r"[^a-z0-9]+", "-", line.lower().removeprefix("explore.")).strip("-")[:60]
    path = (
        private / "review" / "exploring" / f"{name}-{sha256(line.encode()).hexdigest()[:6]}.{form}"
    )
    write_text(path, text)
    return path


def record_bearing(
    raw: Path,
    passages: pd.DataFrame,
    claim: str,
    bears: str,
    note: str,
    by: str,
    claims: Sequence[str],
) -> Path:
    """Append a row for each passage to `raw/bearings.csv`, as the one writer of the study.

    Raises `StudyError`, and writes nothing, as `bearings_with`, and where another process works
    in the study.
    """
    path = raw / BEARINGS
    with one_writer(raw.parents[1], "the lab", PATIENCE):
        write_text(path, bearings_with(path, passages, claim, bears, note, by, claims))
    return path


def bearings_with(
    path: Path,
    passages: pd.DataFrame,
    claim: str,
    bears: str,
    note: str,
    by: str,
    claims: Sequence[str],
    chosen: str = "",
) -> str:
    """The text of `bearings.csv` with a row for each passage, in the form of `claims.bearing`.

    `chosen`: how the passages came to be judged, told where the file has that column. Raises
    `StudyError` for an unknown claim or word, for nobody, or where the same person judged the same
    passage for this claim already.
    """
    shown = f"data/raw/{BEARINGS}"
    problems = []
    if claim not in claims:
        expected = ", ".join(claims) or "claims in data/raw/claims.yml"
        problems.append(Problem("claim", repr(claim[:60]), expected, "correct it"))
    if bears not in BEARS:
        problems.append(Problem("bears", repr(bears[:40]), ", ".join(BEARS), "correct it"))
    if not by.strip():
        problems.append(Problem("by", "nobody", "who judged it", "write a name or initials"))
    raise_if_any(problems)
    there = {
        (row["claim"], row["source_id"], row["passage"], row["by"])
        for _, row in read_rows(path, shown, ("claim", "source_id", "bears", "by"), FILE_COLUMNS)
    }
    if passages.empty:
        problems.append(Problem("passages", "none", "at least one", "ask for others"))
    new: list[dict[str, str]] = []
    for source_id, passage in zip(
        passages["source_id"], passages["passage"].astype(str), strict=True
    ):
        if (claim, source_id, passage, by.strip()) in there:
            problems.append(
                Problem(
                    f"{source_id}-{passage}",
                    f"judged for {claim} by {by.strip()} already",
                    "one judgement",
                    f"change the row in {shown}",
                )
            )
        row = {"claim": claim, "source_id": source_id, "passage": passage, "bears": bears}
        row |= {"by": by.strip(), "note": " ".join(note.split())}
        new.append(row | {"chosen": chosen, "date": date.today().isoformat()})
    before = path.read_bytes().decode("utf-8-sig") if path.is_file() else ",".join(FILE_COLUMNS)
    heading = [name.strip() for name in next(csv.reader([before.splitlines()[0]]))]
    problems += [
        Problem(f"{shown}, line 1", f"no column {name}", f"the column {name}", "add it")
        for name, said in (new[0] if new else {}).items()
        if said and name not in (*heading, "chosen", "date")
    ]
    raise_if_any(problems)
    rows = io.StringIO()
    csv.DictWriter(rows, heading, "", "ignore", lineterminator="\n").writerows(new)
    return before.rstrip("\r\n") + "\n" + rows.getvalue()
