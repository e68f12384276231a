"""What a question finds: passages, to be read, taken along, noted and judged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from html import escape
from pathlib import Path

import pandas as pd

from analysis.claims.bearing import BEARINGS, read_bearings
from analysis.claims.reading import CLAIMS, read_claims
from analysis.explore import arguments, notes, view
from analysis.explore.results import Result, Session, markdown
from analysis.explore.search import Search
from analysis.files.problems import Problem, StudyError

READ_AT_ONCE = 25
_COLUMNS = [
    "id",
    "source_id",
    "passage",
    "case_id",
    "kind",
    "role",
    "speaker",
    "voice",
    "words",
    "codes",
    "status",
    "publish",
    "text",
]


class Passages(Result):
    """Passages in order of source and text. In a notebook they show as a reading view.

    `line`: the line of code that finds them; `table`: one row a passage, with id ('int-06-12'),
    what the register says of the source, codes (paths with '; ' between) and text. `asked`: the
    codes that answer the question -> how their chips go.
    """

    def __init__(
        self,
        session: Session,
        line: str,
        rows: pd.DataFrame,
        about: Sequence[str] = (),
        coder: str = "",
        asked: Mapping[str, str] | None = None,
    ) -> None:
        self.session, self.line, self.rows, self.about, self.coder = (
            session,
            line,
            rows,
            about,
            coder,
        )
        self.asked = asked or {}

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return f"{self.line}: {self.counted}"

    @cached_property
    def table(self) -> pd.DataFrame:
        """A row for each passage, with the codes that lie on it ('; ' between); worked out when it
        is asked for."""
        corpus = self.session.corpus
        carried: list[str] = []
        spans = {name: corpus.spans(name, self.coder) for name in self.rows["source_id"].unique()}
        columns = (self.rows[name] for name in ("source_id", "start", "end"))
        for source_id, start, end in zip(*columns, strict=True):
            own = {s.code for s in spans[source_id] if s.start < end and s.end > start}
            carried.append("; ".join(sorted(own)))
        return self.rows.assign(codes=carried)[_COLUMNS].reset_index(drop=True)

    def only(self, *ids: str) -> Passages:
        """Those of these passages with the ids given; an unknown id is a `StudyError`."""
        unknown = sorted(set(map(str, ids)) - set(self.rows["id"]))
        if unknown:
            raise StudyError(
                Problem("passages", unknown[0], "an id of these passages", "see .table")
            )
        line = f"{self.line}.only({', '.join(map(repr, ids))})"
        rows = self.rows[self.rows["id"].isin(ids)]
        return Passages(self.session, line, rows, self.about, self.coder, self.asked)

    def _body(self) -> str:
        """Each passage as a block quotation with its id."""
        return "\n\n".join(
            "\n".join(f"> {markdown(line)}" for line in str(row["text"]).split("\n"))
            + f"\n>\n> — {row['id']}, {markdown(str(row['role']).replace('_', ' '))}"
            for row in self.rows.to_dict("records")
        )

    def bears_on(self, claim: str, bears: str, note: str, by: str) -> Path:
        """Record in `data/raw/bearings.csv` what each passage says to a claim, and who judged it.

        `bears`: supports, qualifies or contradicts. Many passages get one row each.
        """
        raw, claims = self.session.study.raw, list(self.session.claims())
        return notes.record_bearing(
            raw,
            self.rows,
            arguments.text("claim", claim),
            arguments.text("bears", bears),
            arguments.text("note", note),
            arguments.text("by", by),
            claims,
        )

    def read(self, at: int, context: int = 0) -> str:
        """Passage number `at` (from 0) as HTML, with its neighbours (1) or its whole source (2)."""
        row = self.rows.iloc[at]
        return view.reading(self.session.corpus, row, self.coder, context, self.asked)

    def _repr_html_(self) -> str:
        """The first of them, for where there is no widget: an export without its state, a viewer."""
        shown = []
        for at in range(min(len(self), READ_AT_ONCE)):
            unfolded = self.read(at, view.NEIGHBOURS)
            shown.append(
                f"<li>{self.read(at)}<details><summary {view.QUIET}>with its neighbours</summary>"
                f"{unfolded}</details></li>"
            )
        rest = len(self) - len(shown)
        widget = escape(self.session.line("widget"))
        more = f"<p>… and {rest:,} more: <code>{widget}</code> steps through all.</p>"
        return view.framed(
            view.banner(self.warnings)
            + f"<p><strong>{escape(self.counted)}</strong> <code>{escape(self.line)}</code></p>"
            + f'<ol class="found" tabindex="0" {view.QUIET} aria-label="Passages">{"".join(shown)}</ol>'
            + (more if rest > 0 else "")
            + view.hint(self.session.notice)
        )


class SourcePage(Passages):
    """All passages of a source, shown as a page: its words with their codes, and stripes."""

    def _repr_html_(self) -> str:
        if self.rows.empty:
            return view.framed(
                f"<p><strong>no words here</strong> <code>{escape(self.line)}</code></p>"
            )
        first = self.rows.iloc[0]
        name = str(first["source_id"])
        return view.framed(
            view.banner(self.warnings)
            + f'<p class="where"><strong>{escape(name)}</strong> '
            + f"{view.described(first, ('kind', 'role'))} <code>{escape(self.line)}</code></p>"
            + view.striped(self.session.corpus, name, self.coder)
            + view.hint(self.session.notice)
        )


def passages_of(session: Session, search: Search) -> Passages:
    """The passages that `search` asks for."""
    corpus, line = session.corpus, f"{session.said}.{search.call}"
    rows, about = corpus.find(search), corpus.codes_of(search)
    if search.claim:
        rows = rows[rows["id"].isin(_of_claim(session, search.claim, search.coder))]
    return Passages(session, line, rows, about, search.coder, corpus.asked_of(search))


def _of_claim(session: Session, name: str, coder: str) -> set[str]:
    """The ids of passages that carry a code of a claim, or that somebody judged for it."""
    raw, corpus = session.study.raw, session.corpus
    claims = {one.id: one for one in read_claims(raw / CLAIMS, session.study.codes)}
    if name not in claims:
        known = ", ".join(claims) or "claims in data/raw/claims.yml"
        raise StudyError(Problem("claim", repr(name)[:60], known, "correct it"))
    places = [corpus.paths.index(code) for code in claims[name].codes]
    carried = corpus.passages[corpus.carrying(coder)[:, places].any(axis=1)]
    registered = session.study.register["source_id"]
    judged = read_bearings(raw / BEARINGS, list(claims.values()), corpus.passages, registered)
    judged = judged[judged["claim"] == name]
    return {*carried["id"], *(judged["source_id"] + "-" + judged["passage"].astype(str))}
