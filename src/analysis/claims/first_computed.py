"""The record of runs: with which claims and expectations patterns were first computed, and when.

`data/first_computed.csv` is written by whoever computes patterns, and only ever grows. It holds a
digest of each claim and expectation as it was stated, so that a later wording is another one. It
belongs into the study's history: what that history shows is `claims.written_when`.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from analysis.claims.expectation import Expectation
from analysis.claims.model import Claim, Claims
from analysis.claims.reading import CLAIMS
from analysis.files.csv_rows import numbered_rows
from analysis.files.git import git
from analysis.files.problems import Problem, StudyError
from analysis.files.whole_file import write_text

RECORD = "data/first_computed.csv"
CLAIMS_FILE = f"data/raw/{CLAIMS}"
SIGNED_FOLDER = "reports/interpretations/signed"
#: What a row is of; the first of each run is of the run itself, which may find no claims yet.
RUN, CLAIM, EXPECTATION = "run", "claim", "expectation"


class Row(NamedTuple):
    """A run, or a claim or expectation that was new in it.

    `run`: 1 for the first; `on`: its day; `seen`: 'yes' where patterns had been seen before the
    record began; `commit`: where the study's history stood, '' without one.
    """

    run: int
    on: str
    seen: str
    commit: str
    what: str
    id: str
    digest: str


def digest(one: Claim | Expectation) -> str:
    """Sixteen hexadecimal digits of a SHA-256 over what a claim or an expectation states.

    Ids, white space and the sentences for each pattern make no difference.
    """
    stated = {"sentence": one.sentence} if isinstance(one, Claim) else one.stated()
    told = {
        name: " ".join(value.split()) if isinstance(value, str) else value
        for name, value in stated.items()
        if name != "id"
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def stated(path: Path) -> list[tuple[str, str, str]]:
    """What a file of claims states: (claim or expectation, id, digest); nothing without the file.

    Codes go by the names that stand there. Raises `StudyError` where it cannot be read.
    """
    try:
        claims = Claims.read(path, CLAIMS_FILE).claims
    except FileNotFoundError:
        return []
    found = []
    for claim in claims:
        found.append((CLAIM, claim.id, digest(claim)))
        found += [(EXPECTATION, one.id, digest(one)) for one in claim.expectations]
    return found


def read(folder: Path) -> list[Row]:
    """The record of the study in `folder`; empty without one. Raises `StudyError`."""
    path = folder / RECORD
    return rows_of(path.read_text("utf-8")) if path.is_file() else []


def rows_of(text: str) -> list[Row]:
    """The rows of a record. Raises `StudyError` for what is none."""
    found, faulty = (
        list[Row](),
        Problem(
            RECORD,
            "something else than the record of runs",
            f"the columns {', '.join(Row._fields)}, as the program wrote them",
            "put the file back from the study's history; or delete it, and a new record begins",
        ),
    )
    for line, cells in numbered_rows(text, RECORD):
        if line == 1 and tuple(cells) == Row._fields:
            continue
        if len(cells) != len(Row._fields) or not cells[0].isdecimal():
            raise StudyError(faulty)
        found.append(Row(int(cells[0]), *cells[1:]))
    return found


def remember(folder: Path, on: str, *, computed: bool) -> None:
    """Write down what is new in the claims of the study in `folder`, with which patterns are
    computed on the day `on`; to be called before these are stored.

    `computed`: whether there were codings to compute anything from; without any nothing is
    remembered, for nothing was seen. Raises `StudyError`.
    """
    rows = read(folder)
    if not computed:
        return
    known = {(row.what, row.digest) for row in rows}
    new = [one for one in stated(folder / CLAIMS_FILE) if (one[0], one[2]) not in known]
    if rows and not new:
        return
    number = rows[-1].run + 1 if rows else 1
    seen = "yes" if not rows and _seen(folder) else ""
    commit = _commit(folder)
    rows += [Row(number, on, seen, commit, *one) for one in [(RUN, "", ""), *new]]
    write_text(folder / RECORD, _as_csv(rows))


def _as_csv(rows: Iterable[Sequence[object]]) -> str:
    held = io.StringIO()
    csv.writer(held, lineterminator="\n").writerows([Row._fields, *rows])
    return held.getvalue()


def _seen(folder: Path) -> bool:
    """Whether the study shows that patterns were seen before: stored, or signed for."""
    if (folder / "data/processed/patterns.csv").is_file():
        return True
    if any((folder / SIGNED_FOLDER).glob("*.json")):
        return True
    path = folder / CLAIMS_FILE
    claims = Claims.read(path, CLAIMS_FILE).claims if path.is_file() else ()
    return any(claim.decision.digest for claim in claims)


def _commit(folder: Path) -> str:
    """Where the study's history stands, if it holds the claims; else ''."""
    try:
        if git(folder, "cat-file", "-e", f"HEAD:./{CLAIMS_FILE}").returncode:
            return ""
        return git(folder, "rev-parse", "HEAD").stdout.decode().strip()
    except FileNotFoundError:
        return ""
