"""Coding that is decided place by place: settling, suggestions, spans to be read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analysis.coding.placing.nearest import Nearest
from analysis.desk.coded import Coded
from analysis.desk.codes import CodebookWork
from analysis.desk.context import in_context
from analysis.desk.desk import Desk, Shown
from analysis.desk.settling import ANOTHER, BOTH, OPEN, Decision, Difference, Settling
from analysis.desk.steps import Choice, Field, Place
from analysis.desk.suggesting import Suggestions
from analysis.files.problems import Problem, StudyError
from analysis.text.passage_html import Span

_REASON = Field("reason", "Reason")


class SettlingWork:
    """Two coders side by side, their differences stepped through and settled in place."""

    def __init__(self, settling: Settling) -> None:
        self.title = f"{settling.first} and {settling.second}, settled by {settling.by}"
        self.fields: Sequence[Field] = (
            _REASON,
            Field("words", "Words of another span", marks=True),
        )
        self._settling = settling
        self._differences: list[Difference] = []
        self._decided: dict[str, Decision] = {}

    def queues(self) -> list[tuple[str, str]]:
        return [("", "all sources"), *((one, one) for one in self._settling.codings())]

    def open(self, queue: str) -> int:
        self._differences = [
            one for one in self._settling.differences() if queue in ("", one.source_id)
        ]
        self._decided = self._settling.decided()
        return len(self._differences)

    def choices(self) -> list[Choice]:
        first, second = self._settling.first, self._settling.second
        named = [first, second, BOTH, ANOTHER, OPEN]
        return [Choice(str(at), name) for at, name in enumerate(named, start=1)]

    def place(self, at: int) -> Place:
        one = self._differences[at]
        passages = self._settling.desk.passages(one.source_id)
        sides = [side for side in (one.first, one.second) if side]
        spans = [Span(side.start, side.end, side.code, side.coder) for side in sides]
        decided = self._decided.get(self._settling.name(one))
        facts = [f"{side.coder}: {self._said(one, side)}" for side in sides]
        lacking = {self._settling.first, self._settling.second} - {side.coder for side in sides}
        facts += [f"{coder}: nothing here under this code" for coder in sorted(lacking)]
        html = in_context(passages, one.start, one.end, spans)
        fields = {"reason": decided.reason} if decided else {}
        return Place(f"{one.source_id}, {one.code}", html, facts, self.done(at), fields)

    def done(self, at: int) -> str:
        decided = self._decided.get(self._settling.name(self._differences[at]))
        return f"{decided.decision} ({decided.by})" if decided else ""

    def _said(self, one: Difference, side: Shown) -> str:
        words = " ".join(
            self._settling.desk.texts.text(one.source_id)[side.start : side.end].split()
        )
        memo = f" (memo: {side.kept.memo})" if side.kept.memo else ""
        return f"“{words if len(words) < 200 else words[:190] + ' …'}”{memo}"

    def decide(self, at: int, choice: str, fields: Mapping[str, str]) -> str:
        one = self._differences[at]
        span = self._span(one, fields.get("words", "")) if choice == ANOTHER else None
        self._settling.settle(one, choice, fields.get("reason", ""), span)
        self._decided = self._settling.decided()
        return f"{one.source_id}, {one.code}: {choice}"

    def _span(self, one: Difference, words: str) -> tuple[int, int]:
        rows = self._settling.desk.passages(one.source_id).reset_index(drop=True)
        own = rows.index[(rows["start"] < one.end) & (rows["end"] > one.start)]
        near = rows.loc[max(own[0] - 1, 0) : own[-1] + 1]
        first, last = int(near["start"].min()), int(near["end"].max())
        text = self._settling.desk.texts.text(one.source_id)[first:last]
        place = Nearest(text).between("", words, "", 0, 0) if words.strip() else None
        if place is None:
            raise StudyError(
                Problem(
                    "another span",
                    "words that stand here not once",
                    "words of this text",
                    "mark them",
                )
            )
        return first + place[0], first + place[1]

    def told(self) -> list[str]:
        counts: dict[str, int] = {}
        for one in self._decided.values():
            counts[one.decision] = counts.get(one.decision, 0) + 1
        sealed = self._settling.sealed()
        waits = [f"{', '.join(sealed)}: settled when the blind round is over"] if sealed else []
        return [*waits, *(f"{name}: {count}" for name, count in sorted(counts.items()))]

    def undo(self) -> str:
        what = self._settling.desk.undo()
        self._decided = self._settling.decided()
        return what


class SuggestionsWork:
    """Proposed places, accepted or dismissed one by one."""

    ACCEPT, DISMISS, ALL = "accept", "dismiss", "accept all that wait"

    def __init__(self, suggestions: Suggestions) -> None:
        self.title = f"Suggestions for {suggestions.code}: {suggestions.origin}"
        self.fields: Sequence[Field] = ()
        self._suggestions = suggestions
        self._places = suggestions.waiting()
        self._waits = set(self._places)

    def queues(self) -> list[tuple[str, str]]:
        return [("", self._suggestions.origin)]

    def open(self, queue: str) -> int:
        self._places = self._suggestions.waiting()
        self._waits = set(self._places)
        return len(self._places)

    def choices(self) -> list[Choice]:
        return [Choice("1", self.ACCEPT), Choice("2", self.DISMISS), Choice("9", self.ALL)]

    def place(self, at: int) -> Place:
        source, start, end = self._places[at]
        desk = self._suggestions.desk
        spans = [Span(one.start, one.end, one.code, one.coder) for one in desk.spans(source)]
        proposed = Span(start, end, f"{self._suggestions.code} (proposed)", "nobody yet")
        passages = desk.passages(source)
        html = in_context(passages, start, end, [proposed, *spans])
        return Place(source, html, [self._suggestions.code], self.done(at))

    def done(self, at: int) -> str:
        return "" if self._places[at] in self._waits else "decided"

    def decide(self, at: int, choice: str, fields: Mapping[str, str]) -> str:
        one = self._places[at]
        if choice == self.ALL:
            self._suggestions.accept()
        elif choice == self.ACCEPT:
            self._suggestions.accept(one)
        else:
            self._suggestions.dismiss(one)
        self._waits = set(self._suggestions.waiting())
        return f"{one[0]}: {choice}"

    def told(self) -> list[str]:
        return [self._suggestions.said] if self._suggestions.said else []

    def undo(self) -> str:
        what = self._suggestions.desk.undo()
        self._waits = set(self._suggestions.waiting())
        return what


class RereadingWork:
    """The spans under a code that was split, read again: each is kept or goes to a part."""

    KEEP = "keep"

    def __init__(self, desk: Desk, codes: Sequence[str]) -> None:
        self.title = f"Read again after a split, by {desk.coder}"
        self.fields: Sequence[Field] = ()
        self._desk, self._codes, self._code = desk, codes, ""
        self._spans: list[Coded] = []
        self._waits: set[Coded] = set()

    @property
    def _work(self) -> CodebookWork:
        return self._desk.codes

    def queues(self) -> list[tuple[str, str]]:
        return [(code, code) for code in self._codes]

    def open(self, queue: str) -> int:
        self._code = queue
        self._spans = self._work.to_reread(queue)
        self._waits = set(self._spans)
        return len(self._spans)

    def choices(self) -> list[Choice]:
        parent = self._code.rpartition("/")[0]
        codes = self._desk.codebook.codes
        beside = codes[
            (codes["parent"] == parent) & codes["usable"] & (codes["code"] != self._code)
        ]
        keys = "123456789abcdefghijklmopqrstvwxyz"
        return [Choice("0", self.KEEP), *map(Choice, keys, beside["code"])]

    def place(self, at: int) -> Place:
        span = self._spans[at]
        shown = self._desk.own(span.source_id)
        spans = [Span(one.start, one.end, one.code, one.coder) for one in shown]
        same = next((one for one in shown if one.kept.key[:3] == span.key[:3]), None)
        if same is None:
            return Place(span.source_id, "<p>this span is gone</p>", (), "changed")
        html = in_context(self._desk.passages(span.source_id), same.start, same.end, spans)
        return Place(span.source_id, html, [span.memo], self.done(at))

    def done(self, at: int) -> str:
        return "" if self._spans[at] in self._waits else "read again"

    def decide(self, at: int, choice: str, fields: Mapping[str, str]) -> str:
        span = self._spans[at]
        if choice == self.KEEP:
            self._work.keep(span)
        else:
            self._desk.recode(span, choice)
        self._waits = set(self._work.to_reread(self._code))
        return f"{span.source_id}: {choice}"

    def told(self) -> list[str]:
        return []

    def undo(self) -> str:
        what = self._desk.undo()
        self._waits = set(self._work.to_reread(self._code))
        return what
