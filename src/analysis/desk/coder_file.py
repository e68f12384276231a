"""`data/raw/coding/lab-<coder>.csv`: the spans of one coder, each bound to its words."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from analysis.coding.formats.journal import ENDING
from analysis.coding.placing.names import code_path
from analysis.coding.project import FOLDER
from analysis.desk.coded import Act, Coded, Key, applied, difference, state_of
from analysis.desk.journal import acts_in, lines_of, text_of, told_by
from analysis.desk.texts import Binding, Texts
from analysis.files.csv_rows import numbered_rows
from analysis.files.problems import Problem, StudyError
from analysis.files.regular import read_regular

COLUMNS = (
    *("source_id", "start", "end", "code", "coder"),
    *("quote", "memo", "origin", "before", "after"),
)
OUTSIDE = "changed outside the lab"
_LONGEST = 40
_LARGEST = 200_000_000


@dataclass(frozen=True)
class CoderFile:
    """What the files of one coder hold: spans, the words they are bound to, and the journal.

    `lines`: each span as its line of the table, in its order. `outside`: what somebody changed in
    the table since the journal's last act, None if nothing. `length`: bytes of the journal;
    `added`: what it is to grow by.
    """

    folder: Path
    coder: str
    spans: Mapping[Key, Coded] = field(default_factory=dict)
    bindings: Mapping[Key, Binding] = field(default_factory=dict)
    lines: Mapping[Key, str] = field(default_factory=dict)
    acts: tuple[tuple[str, Act], ...] = ()
    length: int = 0
    outside: Act | None = None
    added: str = ""

    @property
    def path(self) -> Path:
        """The table of spans."""
        return self.folder / f"lab-{self.coder}.csv"

    @property
    def journal_path(self) -> Path:
        """The journal beside it."""
        return self.folder / f"lab-{self.coder}{ENDING}"

    @classmethod
    def read(cls, folder: Path, coder: str) -> CoderFile:
        """Read both files of `coder`; where there are none, nothing is coded yet.

        Raises `StudyError` for a name that makes no file name, and for files that nobody's lab wrote.
        """
        if not _names_a_file(coder):
            raise StudyError(
                Problem(
                    f"coder {coder[:40]!r}",
                    "a name that makes no name of a file",
                    "up to 40 letters and digits, with spaces, - or _ between them",
                    "choose another, such as initials",
                )
            )
        begun = cls(folder, coder)
        spans, bindings = _read_table(begun.path, coder)
        journal, length = _read(begun.journal_path)
        acts = acts_in(journal, f"{FOLDER}/{begun.journal_path.name}") if journal else []
        told = told_by(act for _, act in acts)
        outside = difference(told, spans, OUTSIDE) if told != spans else None
        lines = {key: _line(one, bindings[key], coder) for key, one in sorted(spans.items())}
        return cls(folder, coder, spans, bindings, lines, tuple(acts), length, outside)

    def after(self, act: Act, when: str, texts: Texts) -> CoderFile:
        """What the files hold after `act`. Raises `ChangedMeanwhileError` as `coded.applied`."""
        spans = applied(self.spans, act)
        done = [*([self.outside] if self.outside else []), act]
        # Only what the act is about is written anew: a coder may have thousands of spans.
        bindings, written = dict(self.bindings), dict(self.lines)
        for one in act.before:
            del bindings[one.key], written[one.key]
        moved = {one.key[:3]: one.key for one in act.before}
        for one in act.after:
            same = moved.get(one.key[:3])
            # A span that only changes its code stays bound as it was, text or no text.
            known = self.bindings.get(same) if same else None
            bindings[one.key] = known or texts.binding(one)
            written[one.key] = _line(one, bindings[one.key], self.coder)
        first = len(self.acts) + 1
        lines = [line for at, one in enumerate(done, first) for line in lines_of(one, at, when)]
        added = text_of(lines, heading=not self.length)
        acts = (*self.acts, *((when, one) for one in done))
        ordered = dict(sorted(written.items()))
        return CoderFile(
            self.folder, self.coder, spans, bindings, ordered, acts, self.length, added=added
        )

    @cached_property
    def by_source(self) -> Mapping[str, list[Key]]:
        """The spans of each source, by their keys."""
        found: dict[str, list[Key]] = {}
        for key in self.spans:
            found.setdefault(key[0], []).append(key)
        return found

    def table(self) -> str:
        """The table of spans as CSV, in the order of sources and text, so that git merges it."""
        return _csv(COLUMNS) + "".join(self.lines.values())

    def written(self) -> CoderFile:
        """The same, once the journal has grown by what was added."""
        return replace(self, length=self.length + len(self.added.encode("utf-8")), added="")


def coders_in(folder: Path) -> list[str]:
    """Everybody who coded in the lab, sorted."""
    names = (path.name[len("lab-") : -len(".csv")] for path in folder.glob("lab-*.csv"))
    return sorted(one for one in names if _names_a_file(one))


def _names_a_file(coder: str) -> bool:
    """Whether a coder may be called so: letters of any script with their marks, digits, `_`, and
    between them spaces and `-`."""
    inner = coder.strip(" -") == coder
    known = (sign in "_ -" or unicodedata.category(sign)[0] in "LMN" for sign in coder)
    return inner and 0 < len(coder) <= _LONGEST and all(known)


def _line(one: Coded, bound: Binding, coder: str) -> str:
    return _csv(
        [
            *(one.source_id, one.start, one.end, one.code, coder),
            *(bound.quote, one.memo, one.origin, bound.before, bound.after),
        ]
    )


def _csv(cells: Sequence[object]) -> str:
    held = io.StringIO(newline="")
    csv.writer(held, lineterminator="\n").writerow(cells)
    return held.getvalue()


def _read(path: Path) -> tuple[str, int]:
    """The text of a file, and how many bytes it has; no file is an empty one."""
    try:
        held = read_regular(path, f"{FOLDER}/{path.name}", _LARGEST)
        return held.decode("utf-8-sig"), len(held)
    except FileNotFoundError:
        return "", 0
    except UnicodeDecodeError:
        raise StudyError(
            Problem(f"{FOLDER}/{path.name}", "bytes that are not UTF-8", "UTF-8", "save it as such")
        ) from None


def _read_table(path: Path, coder: str) -> tuple[dict[Key, Coded], dict[Key, Binding]]:
    (text, _), shown = _read(path), f"{FOLDER}/{path.name}"
    if not text:
        return {}, {}
    rows = numbered_rows(text, shown)
    _, heading = next(rows, (1, []))
    names = [name.strip() for name in heading]
    spans, bindings = list[Coded](), dict[Key, Binding]()
    for line, cells in rows:
        row = dict(zip(names, cells, strict=False))
        try:
            one = Coded(
                row["source_id"].strip(),
                int(row["start"]),
                int(row["end"]),
                code_path(row["code"]),
                row.get("memo", "").strip(),
                row.get("origin", "").strip(),
            )
            whose = row["coder"].strip()
        except (KeyError, ValueError):
            raise StudyError(_misfit(shown, line, "a row that is no span")) from None
        if whose != coder:
            raise StudyError(_misfit(shown, line, f"a span of the coder {whose[:40]!r}"))
        spans.append(one)
        words = (row.get(name, "") for name in ("quote", "before", "after"))
        bindings[one.key] = Binding(*words)
    return state_of(spans), bindings


def _misfit(shown: str, line: int, found: str) -> Problem:
    return Problem(
        f"{shown}, line {line}",
        found,
        f"spans of the coder in the file's name, with {', '.join(COLUMNS[:5])}",
        "correct this line, or move it into a file of another name",
    )
