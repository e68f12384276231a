"""What a study's history shows of when its claims and expectations were written down.

'Before any pattern was computed' is said of one only where the history holds it, as it stands now,
in the commit that the record of runs names for the first run, and took in that record afterwards.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from analysis.claims.first_computed import (
    CLAIMS_FILE,
    RECORD,
    SIGNED_FOLDER,
    Row,
    read,
    rows_of,
    stated,
)
from analysis.files.git import git
from analysis.files.problems import StudyError

BEFORE = "before"
AFTER = "after"
#: Why no record shows it.
UNRECORDED = "no run was recorded"
SEEN = "patterns had been seen when the record began"
NO_HISTORY = "there was no history at the first run"
NOT_IN_IT = "the history did not hold it at the first run"
NOT_COMMITTED = "the record is not in the history yet"
COPY = "this copy has no history"
SHALLOW = "this copy has a part of the history"
REWRITTEN = "the history was rewritten"
ALTERED = "the record was altered"
_HASH = re.compile(r"[0-9a-f]{40,64}")


class Standing(NamedTuple):
    """A claim or expectation, and what is known of when it was written down.

    `state`: BEFORE, AFTER, or why no record shows it; `changed`: whether one of its id was computed
    with earlier; `on`: the day on which it was first computed with, `first` that of the first run;
    `commit`, `day`: where the history stood then, and of which day that is.
    """

    what: str
    id: str
    state: str
    changed: bool = False
    on: str = ""
    first: str = ""
    commit: str = ""
    day: str = ""


def standings(folder: Path) -> list[Standing]:
    """How each claim and expectation of the study in `folder` stands, in the order of its file.

    Raises `StudyError` where the claims or the record cannot be read.
    """
    rows = read(folder)
    of_history = cache(lambda: _History.of(folder, rows[0]) if rows else None)
    found = []
    for what, name, digest in stated(folder / CLAIMS_FILE):
        row = next((row for row in rows if (row.what, row.digest) == (what, digest)), None)
        if row is None:
            found.append(Standing(what, name, UNRECORDED))
            continue
        first = rows[0]
        if row.run > first.run:
            changed = any((one.what, one.id) == (what, name) for one in rows if one.run < row.run)
            found.append(Standing(what, name, AFTER, changed, row.on, first.on))
            continue
        history = of_history()
        assert history is not None
        state = _state(first, history, (what, digest))
        found.append(
            Standing(what, name, state, False, row.on, first.on, first.commit, history.day)
        )
    return found


def _state(first: Row, history: _History, one: tuple[str, str]) -> str:
    if first.seen or history.seen_before:
        return SEEN
    if not first.commit:
        return NO_HISTORY
    if history.fault:
        return history.fault
    return BEFORE if one in history.held else NOT_IN_IT


class _History(NamedTuple):
    """What the history shows of the first run: what keeps it from showing anything, the day of the
    commit, what the claims stated in it, and whether there are signs of earlier runs."""

    fault: str
    day: str = ""
    held: frozenset[tuple[str, str]] = frozenset()
    seen_before: bool = False

    @classmethod
    def of(cls, folder: Path, first: Row) -> _History:
        try:
            return cls._of(folder, first)
        except FileNotFoundError:  # There is no git.
            return cls(COPY)

    @classmethod
    def _of(cls, folder: Path, first: Row) -> _History:
        inside = git(folder, "cat-file", "-e", f"HEAD:./{CLAIMS_FILE}").returncode == 0
        if not inside:
            return cls(COPY)
        if not _HASH.fullmatch(first.commit):
            return cls(ALTERED)
        if git(folder, "merge-base", "--is-ancestor", first.commit, "HEAD").returncode:
            is_shallow = git(folder, "rev-parse", "--is-shallow-repository").stdout.strip()
            return cls(SHALLOW if is_shallow == b"true" else REWRITTEN)
        day = git(folder, "rev-list", "-1", "--format=%cs", first.commit).stdout.split()[-1]
        earlier = _commits(folder, first.commit, RECORD, SIGNED_FOLDER)
        return cls(
            _fault_of_record(folder),
            day.decode(),
            _held(folder, first.commit),
            bool(earlier),
        )


def _commits(folder: Path, start: str, *paths: str) -> list[str]:
    """The commits up to `start` that touched `paths`, the newest first."""
    told = git(folder, "rev-list", "--full-history", start, "--", *paths).stdout
    return told.decode().split()


def _fault_of_record(folder: Path) -> str:
    """What is wrong with the record by the history: each of its versions must be a part of the
    present one, and hold the same first run."""
    now = read(folder)
    versions = [
        answer.stdout.decode("utf-8", "replace")
        for commit in _commits(folder, "HEAD", RECORD)
        if not (answer := git(folder, "cat-file", "blob", f"{commit}:./{RECORD}")).returncode
    ]
    try:
        kept = [rows_of(text) for text in versions]
    except StudyError:
        return ALTERED
    first = [row for row in now if row.run == now[0].run]
    for rows in kept:
        if not set(rows) <= set(now) or [row for row in rows if row.run == now[0].run] != first:
            return ALTERED
    return "" if kept else NOT_COMMITTED


def _held(folder: Path, commit: str) -> frozenset[tuple[str, str]]:
    """What the claims stated in a commit; nothing where they cannot be read any more."""
    blob = git(folder, "cat-file", "blob", f"{commit}:./{CLAIMS_FILE}").stdout
    with tempfile.TemporaryDirectory(prefix="claims-") as held:
        path = Path(held) / "claims.yml"
        path.write_bytes(blob)
        try:
            return frozenset((what, digest) for what, _, digest in stated(path))
        except StudyError:
            return frozenset()


def made_after(found: Iterable[Standing]) -> frozenset[str]:
    """The ids of claims and expectations that were made, or changed, after patterns were seen."""
    return frozenset(one.id for one in found if one.state == AFTER)
