"""What is judged place by place: the reading list, negative cases, the framework matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.claims.bearing import BEARS, OUTCOMES
from analysis.claims.matrix import STATES
from analysis.desk.context import in_context
from analysis.desk.judging import Judging
from analysis.desk.steps import Choice, Field, Place
from analysis.study.folder import Study
from analysis.text.passage_html import Span

_NOTE = Field("note", "Note")


class _PassagesOfAClaim:
    """What a judge says, claim by claim, of passages of a claim."""

    def __init__(self, judging: Judging) -> None:
        self._judging, self._claim = judging, ""
        self._places: list[tuple[str, int]] = []

    def queues(self) -> list[tuple[str, str]]:
        return [(name, f"{name}: {one.sentence}") for name, one in self._judging.claims.items()]

    def told(self) -> list[str]:
        return self._judging.bounds(self._claim) if self._claim else []

    def undo(self) -> str:
        what = self._judging.ledger.undo()
        self._look()
        return what

    def _look(self) -> None:
        """Look up what the judge has said of the claim so far."""
        raise NotImplementedError


class JudgingWork(_PassagesOfAClaim):
    """The reading list of a claim: a key for each of what a passage may do."""

    def __init__(self, judging: Judging) -> None:
        super().__init__(judging)
        blind = ", blind to what others found" if judging.blind else ""
        self.title = f"Judging, by {judging.by}{blind}"
        self.fields: Sequence[Field] = (_NOTE,)
        self._own: dict[tuple[str, int], tuple[str, str]] = {}

    def open(self, queue: str) -> int:
        self._claim = self._judging.claim(queue).id
        rows = self._judging.to_read(queue)
        self._places = list(zip(rows["source_id"], rows["passage"].astype(int), strict=True))
        self._look()
        return len(self._places)

    def choices(self) -> list[Choice]:
        return [Choice(str(at), word) for at, word in enumerate(BEARS, start=1)]

    def place(self, at: int) -> Place:
        source, passage = self._places[at]
        note = self._own.get((source, passage), ("", ""))[1]
        html = _passage(self._judging.study, source, passage)
        claim = self._judging.claim(self._claim)
        return Place(f"{source}-{passage}", html, [claim.sentence], self.done(at), {"note": note})

    def done(self, at: int) -> str:
        return self._own.get(self._places[at], ("", ""))[0]

    def decide(self, at: int, choice: str, fields: Mapping[str, str]) -> str:
        source, passage = self._places[at]
        self._judging.judge(self._claim, source, passage, choice, fields.get("note", ""))
        self._look()
        return f"{source}-{passage} {choice}"

    def _look(self) -> None:
        rows = self._judging.bearings()
        own = rows[(rows["claim"] == self._claim) & (rows["by"] == self._judging.by)]
        self._own = {
            (str(row.source_id), int(row.passage)): (str(row.bears), str(row.note))
            for row in own.itertuples(index=False)
        }


class OutcomesWork(_PassagesOfAClaim):
    """The negative cases that a judge found, and what came of each."""

    def __init__(self, judging: Judging) -> None:
        super().__init__(judging)
        self.title = f"Negative cases, by {judging.by}"
        self.fields: Sequence[Field] = ()
        self._came: dict[tuple[str, int], str] = {}

    def open(self, queue: str) -> int:
        self._claim = self._judging.claim(queue).id
        self._look()
        self._places = sorted(self._came)
        return len(self._places)

    def choices(self) -> list[Choice]:
        return [Choice(str(at), word) for at, word in enumerate(OUTCOMES, start=1)]

    def place(self, at: int) -> Place:
        source, passage = self._places[at]
        claim = self._judging.claim(self._claim)
        html = _passage(self._judging.study, source, passage)
        return Place(f"{source}-{passage}", html, [claim.sentence], self.done(at))

    def done(self, at: int) -> str:
        return self._came.get(self._places[at], "")

    def decide(self, at: int, choice: str, fields: Mapping[str, str]) -> str:
        source, passage = self._places[at]
        self._judging.outcome(self._claim, source, passage, choice)
        self._look()
        return f"{source}-{passage} {choice}"

    def _look(self) -> None:
        rows = self._judging.negative(self._claim)
        own = rows[rows["by"] == self._judging.by]
        self._came = {
            (str(row.source_id), int(row.passage)): str(row.negative_outcome)
            for row in own.itertuples(index=False)
        }


class CellsWork:
    """The framework matrix, cell by cell, beside the passages under it."""

    def __init__(self, judging: Judging) -> None:
        self.title = "Framework matrix"
        self.fields: Sequence[Field] = (Field("summary", "Summary"),)
        self._judging, self._theme = judging, ""
        self._cases: list[str] = []

    def queues(self) -> list[tuple[str, str]]:
        return [(name, name) for name in self._judging.themes()]

    def open(self, queue: str) -> int:
        self._theme = queue
        self._cases = sorted(set(self._judging.material.sources["case_id"]))
        return len(self._cases)

    def choices(self) -> list[Choice]:
        return [Choice(str(at), state) for at, state in enumerate(STATES, start=1)]

    def place(self, at: int) -> Place:
        case = self._cases[at]
        cell, study = self._judging.cell(self._theme, case), self._judging.study
        parts = []
        codes = self._judging.themes()[self._theme].codes
        for source, passage in self._judging.under(self._theme, case).itertuples(index=False):
            own = study.passages[study.passages["source_id"] == source]
            row = own[own["passage"] == passage].iloc[0]
            spans = [one for one in _spans_of(study, source) if one.code in codes]
            parts.append(in_context(own, int(row["start"]), int(row["end"]), spans, 0))
        html = "".join(parts) or "<p>no passage of this case under this theme</p>"
        return Place(case, html, [self._theme], self.done(at), {"summary": cell["summary"]})

    def done(self, at: int) -> str:
        return self._judging.cell(self._theme, self._cases[at])["state"]

    def decide(self, at: int, choice: str, fields: Mapping[str, str]) -> str:
        case = self._cases[at]
        self._judging.write_cell(self._theme, case, choice, fields.get("summary", ""))
        return f"{case}: {choice}"

    def told(self) -> list[str]:
        return []

    def undo(self) -> str:
        return self._judging.ledger.undo()


def _passage(study: Study, source_id: str, passage: int) -> str:
    """A passage with its neighbours and its codes, as HTML."""
    own = study.passages[study.passages["source_id"] == source_id]
    row = own[own["passage"] == passage].iloc[0]
    return in_context(own, int(row["start"]), int(row["end"]), _spans_of(study, source_id))


def _spans_of(study: Study, source_id: str) -> list[Span]:
    """The coded spans of a source that count, but for those that a blind round hides."""
    codings = study.in_sight.codings
    own = codings[codings["source_id"] == source_id]
    return [
        Span(int(one.start), int(one.end), str(one.code), str(one.coder))
        for one in own.itertuples(index=False)
    ]
