"""What every answer can do: say what must be known of it, be taken along, be noted in a memo."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path

import pandas as pd

from analysis.claims.memos import NOT_FOR_RELEASE
from analysis.explore import arguments, notes, view
from analysis.explore.search import Searchable
from analysis.files.problems import Problem, StudyError
from analysis.files.spreadsheet import csv_cell
from analysis.study.folder import Study

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#$@|~^&!]|^[-+=])")
_NUMBERED = re.compile(r"^(\d+)([.)])(?=\s|$)")


@dataclass(frozen=True)
class Session:
    """What every result of an explorer shares: the study, and what to say of it.

    `said`: the explorer as a line of code; `undecided`: sources with possible names that wait
    for a decision; `claims`: id -> sentence; `notice`: said of invented data, '' of collected.
    """

    study: Study
    corpus: Searchable
    said: str
    undecided: frozenset[str]
    claims: Callable[[], dict[str, str]]
    notice: str

    def warnings(self, passages: pd.DataFrame) -> list[str]:
        """What must be known of these passages before they are released (`view.warnings`)."""
        told = view.warnings(passages, self.undecided)
        if blind := sorted(set(passages["source_id"]) & self.corpus.blind):
            told.append(f"{', '.join(blind[:8])}: in a blind round, coding is out of sight here")
        return told

    def line(self, name: str, *given: object, **named: object) -> str:
        """The line of code that asks the same; what is None is left out."""
        parts = [repr(value) for value in given]
        parts += [f"{key}={value!r}" for key, value in named.items() if value is not None]
        return f"{self.said}.{name}({', '.join(parts)})"


@singledispatch
def display(result: Result) -> object:
    """What a notebook shows of a result besides its text and its HTML: nothing.

    Whoever can show more registers it for a kind of result, as `explore.widget` does.
    """
    return None


class Result:
    """An answer: `line` asks for it again, `table` holds it, `rows` are the passages it rests on."""

    session: Session
    line: str
    table: pd.DataFrame
    rows: pd.DataFrame
    about: Sequence[str] = ()

    @property
    def noted(self) -> pd.DataFrame:
        """The passages that a memo lists."""
        return self.rows

    @property
    def warnings(self) -> list[str]:
        """What must be known before anything of this leaves the lab."""
        return self.session.warnings(self.rows)

    @property
    def counted(self) -> str:
        """What this rests on, and whether the paper would count the same."""
        return view.counted(self.rows)

    def to_csv(self, path: str | Path | None = None) -> str:
        """The table as CSV, safe for spreadsheets; also written to `path` if given."""
        text = _csv(self.table)
        if path is not None:
            Path(path).write_text(text, encoding="utf-8", newline="\n")
        return text

    def to_markdown(self) -> str:
        """The answer in Markdown under its line and what must be known of it; words are escaped."""
        warned = [f"{NOT_FOR_RELEASE} {markdown(one)}" for one in self.warnings]
        said = [_code(self.line), markdown(self.counted + "."), *warned, self._body()]
        return "\n\n".join([*said, markdown(self.session.notice)]).strip() + "\n"

    def _body(self) -> str:
        return markdown_table(self.table)

    def _repr_mimebundle_(self, **_: object) -> object:
        return display(self)

    def add_to_memo(self, name: str, note: str = "", kind: str = "analytic") -> Path:
        """Append the question, what must be known, `note` and the ids of the passages it rests on
        to `data/raw/memos/<name>.md`; return its path. The same entry is never written twice."""
        ids = list(self.noted["id"])
        entry = notes.Entry(self.line, self.warnings, arguments.text("note", note), ids)
        return notes.add_to_memo(self.session.study.raw, name, entry, self.about, kind)

    def keep(self, form: str) -> Path:
        """Write the answer into `data/private/review/exploring`, which no report reads.

        Git ignores it, and a purge deletes it. `form`: 'csv' or 'md'. The same line always goes
        to the same file.
        """
        if form not in ("csv", "md"):
            raise StudyError(Problem("form", repr(form)[:60], "csv or md", "name one of them"))
        text = self.to_csv() if form == "csv" else self.to_markdown()
        return notes.keep(self.session.study.private, self.line, text, form)


def markdown(text: str) -> str:
    """`text` as one line of Markdown that prints just these characters."""
    return _NUMBERED.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", " ".join(text.split())))


def _code(line: str) -> str:
    """A line of code as Markdown: its fence is longer than any run of backticks in it."""
    fence = "`" * (1 + max([1, *map(len, re.findall("`+", line))]))
    return f"{fence} {line} {fence}"


def markdown_table(table: pd.DataFrame) -> str:
    """A pipe table of every row, cells escaped, figures that are not whole to three digits."""
    lines: Iterable[list[str]] = [
        [str(name) for name in table.columns],
        ["---"] * len(table.columns),
        *figures(table),
    ]
    return "\n".join(
        "| " + " | ".join(cell if cell == "---" else markdown(cell) for cell in row) + " |"
        for row in lines
    )


def figures(table: pd.DataFrame) -> list[list[str]]:
    """Every row as text, figures that are not whole to three digits, '' for what is not known."""
    return [[_figure(cell) for cell in row] for row in table.itertuples(index=False)]


def _figure(cell: object) -> str:
    if isinstance(cell, float):
        return "" if cell != cell else f"{cell:.3g}"
    return str(cell)


def _csv(table: pd.DataFrame) -> str:
    """`table` as CSV in which no text is taken for a formula (OWASP: an apostrophe in front)."""
    safe = table.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = [csv_cell(cell) for cell in safe[name].fillna("").astype(str)]
    text: str = safe.to_csv(index=False, lineterminator="\n")
    return text
