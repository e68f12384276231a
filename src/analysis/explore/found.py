"""What a question finds: passages, to be read, taken along, noted and judged."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path

import pandas as pd

from analysis.explore import notes, view
from analysis.explore.corpus import Corpus, Search
from analysis.problems import Problem, StudyError
from analysis.spreadsheet import csv_cell

READ_AT_ONCE = 25
_COLUMNS = ["id", "source_id", "passage", "case_id", "kind", "role", "speaker", "voice", "words",
            "codes", "status", "publish", "text"]  # fmt: skip
_MARKUP = re.compile(r"([\\`*_{}\[\]<>#$@|~^&!]|^[-+=]|^\d+(?=[.)]))")


@dataclass(frozen=True)
class Desk:
    """What a result needs besides its passages: the corpus, and where notes go.

    `undecided`: sources with possible names that wait for a decision; `claims`: id -> sentence;
    `notice`: said of invented data, '' of collected ones.
    """

    corpus: Corpus
    raw: Path
    undecided: frozenset[str]
    claims: Callable[[], dict[str, str]]
    notice: str

    def warnings(self, passages: pd.DataFrame) -> list[str]:
        return view.warnings(passages, self.undecided)


class Passages:
    """Passages in order of source and text. In a notebook they show as a reading view.

    `line`: the line of code that finds them; `table`: one row a passage, with id ('int-06-12'),
    what the register says of the source, codes (paths with '; ' between) and text.
    """

    def __init__(
        self, desk: Desk, line: str, rows: pd.DataFrame, about: list[str], coder: str = ""
    ) -> None:
        self.desk, self.line, self.rows, self.about, self.coder = desk, line, rows, about, coder

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"{self.line}: {view.counted(self.rows)}"

    @cached_property
    def table(self) -> pd.DataFrame:
        corpus = self.desk.corpus
        carried: list[str] = []
        spans = {name: corpus.spans(name, self.coder) for name in self.rows["source_id"].unique()}
        columns = (self.rows[name] for name in ("source_id", "start", "end"))
        for source_id, start, end in zip(*columns, strict=True):
            own = {s.code for s in spans[source_id] if s.start < end and s.end > start}
            carried.append("; ".join(sorted(own)))
        return self.rows.assign(codes=carried)[_COLUMNS].reset_index(drop=True)

    @property
    def warnings(self) -> list[str]:
        """What must be known before anything of these passages leaves the lab."""
        return self.desk.warnings(self.rows)

    def only(self, *ids: str) -> Passages:
        """Those of these passages with the ids given; an unknown id is a `StudyError`."""
        unknown = sorted(set(ids) - set(self.rows["id"]))
        if unknown:
            raise StudyError(
                Problem("passages", unknown[0], "an id of these passages", "see .table")
            )
        line = f"{self.line}.only({', '.join(map(repr, ids))})"
        return Passages(
            self.desk, line, self.rows[self.rows["id"].isin(ids)], self.about, self.coder
        )

    def to_csv(self, path: str | Path | None = None) -> str:
        """The table as CSV, safe for spreadsheets; also written to `path` if given."""
        return write_csv(self.table, path)

    def to_markdown(self) -> str:
        """Each passage as a block quotation with its id; words are escaped, never markup."""
        quoted = [
            "\n".join(f"> {markdown(line)}" for line in str(row.text).split("\n"))
            + f"\n>\n> — {row.id}, {markdown(str(row.role).replace('_', ' '))}"
            for row in self.rows.itertuples()
        ]
        warned = [f"**Not for release.** {markdown(one)}" for one in self.warnings]
        return "\n\n".join([f"`` {self.line} ``", *warned, *quoted]) + "\n"

    def add_to_memo(self, name: str, note: str = "", kind: str = "analytic") -> Path:
        """Append the question, `note` and the ids to `data/raw/memos/<name>.md`; return its path."""
        ids = list(self.rows["id"])
        return notes.add_to_memo(self.desk.raw, name, self.line, self.about, ids, note, kind)

    def bears_on(self, claim: str, bears: str, note: str, by: str) -> Path:
        """Record in `data/raw/bearings.csv` what each passage says to a claim, and who judged it.

        `bears`: supports, qualifies or contradicts. Many passages get one row each.
        """
        claims = list(self.desk.claims())
        return notes.record_bearing(self.desk.raw, self.rows, claim, bears, note, by, claims)

    def read(self, at: int, context: int = 0) -> str:
        """Passage number `at` (from 0) as HTML, with its neighbours (1) or its whole source (2)."""
        return view.reading(self.desk.corpus, self.rows.iloc[at], self.coder, context)

    def _repr_html_(self) -> str:
        shown = []
        for at in range(min(len(self), READ_AT_ONCE)):
            unfolded = self.read(at, view.NEIGHBOURS)
            shown.append(
                f"<li>{self.read(at)}<details><summary>with its neighbours</summary>{unfolded}"
                "</details></li>"
            )
        rest = len(self) - len(shown)
        more = f"<p>… and {rest:,} more: <code>explore.widget()</code> steps through all.</p>"
        return view.framed(
            view.banner(self.warnings)
            + f"<p><strong>{view.counted(self.rows)}</strong> <code>{escape(self.line)}</code></p>"
            + f'<ol class="found">{"".join(shown)}</ol>'
            + (more if rest > 0 else "")
            + view.hint(self.desk.notice)
        )


def found_by(desk: Desk, search: Search) -> Passages:
    """The passages that `search` asks for."""
    rows = desk.corpus.find(search)
    about = desk.corpus.codes_of(search)
    return Passages(desk, search.line, rows, about, search.coder)


class Table:
    """A table that is sorted, searched and paged through in the notebook, offline.

    `table` is the DataFrame; `passages`, where there are any, those behind its rows.
    """

    def __init__(self, line: str, table: pd.DataFrame, passages: Passages | None = None) -> None:
        self.line, self.table, self.passages = line, table, passages

    def __repr__(self) -> str:
        return f"{self.line}: {view.plural(len(self.table), 'row')}"

    def to_csv(self, path: str | Path | None = None) -> str:
        """The table as CSV, safe for spreadsheets; also written to `path` if given."""
        return write_csv(self.table, path)

    def to_markdown(self) -> str:
        """The table in Markdown; words are escaped, never markup."""
        return markdown_table(self.table)

    def _repr_mimebundle_(self, **options: object) -> object:
        from analysis.explore.widget import interactive_table

        return interactive_table(self.table)._repr_mimebundle_(**options)


def markdown(text: str) -> str:
    """`text` as one line of Markdown that prints just these characters."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def markdown_table(table: pd.DataFrame) -> str:
    """A pipe table of every row, cells escaped, figures that are not whole to three digits."""
    lines: Iterable[list[str]] = [
        [str(name) for name in table.columns],
        ["---"] * len(table.columns),
        *([_figure(cell) for cell in row] for row in table.itertuples(index=False)),
    ]
    return "\n".join(
        "| " + " | ".join(cell if cell == "---" else markdown(cell) for cell in row) + " |"
        for row in lines
    ) + "\n"  # fmt: skip


def _figure(cell: object) -> str:
    if isinstance(cell, float):
        return "" if cell != cell else f"{cell:.3g}"
    return str(cell)


def write_csv(table: pd.DataFrame, path: str | Path | None) -> str:
    """`table` as CSV in which no text is taken for a formula (OWASP: an apostrophe in front)."""
    safe = table.copy()
    for name in safe.columns:
        if not pd.api.types.is_numeric_dtype(safe[name]):
            safe[name] = [csv_cell(cell) for cell in safe[name].astype(str)]
    text: str = safe.to_csv(index=False, lineterminator="\n")
    if path is not None:
        Path(path).write_text(text, encoding="utf-8", newline="\n")
    return text
