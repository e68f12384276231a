"""What the desk tells a front end: what changed since it was told last adds up to what there is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from desk_study import begin

from analysis.desk import Desk
from analysis.desk.answers import DeskAnswers


class Front:
    """A front end that holds what it was told, as the one in the notebook does."""

    def __init__(self, answers: DeskAnswers) -> None:
        self.answers, self.telling = answers, 0
        self.spans: dict[str, dict[str, Any]] = {}
        self.whole = 0

    def ask(self, **message: Any) -> dict[str, Any]:
        reply = self.answers.answer({"source": "c1", "telling": self.telling, **message})
        if "spans" in reply:
            self.whole += 1
            self.spans = {one["id"]: one for one in reply["spans"]}
        else:
            for name in reply["changed"]["gone"]:
                del self.spans[name]
            self.spans |= {one["id"]: one for one in reply["changed"]["fresh"]}
        self.telling = reply["telling"]
        return reply

    def agrees(self) -> bool:
        shown = self.answers.desk.spans("c1")
        held = {(*one["kept"], one["coder"], one["memo"]) for one in self.spans.values()}
        return held == {(*one.kept.key, one.coder, one.kept.memo) for one in shown}


@pytest.fixture
def answers(tmp_path: Path) -> DeskAnswers:
    answers = DeskAnswers(begin(tmp_path / "s"))
    answers.enter("A")
    return answers


def test_what_changed_adds_up_to_what_there_is(answers: DeskAnswers) -> None:
    front = Front(answers)
    front.ask(ask="open")
    for start, end in ((24, 39), (24, 50), (59, 76)):
        front.ask(ask="code", start=start, end=end, code="trust")
        assert front.agrees()
    kept = next(iter(front.spans.values()))["kept"]
    front.ask(ask="memo", kept=kept, memo="in passing")
    assert front.agrees()
    front.ask(ask="recode", kept=kept, code="measuring")
    assert front.agrees()
    Desk(answers.study, "B").code_words("c1", "We buy outcomes", "measuring")
    front.ask(ask="undo")
    assert front.agrees() and {one["coder"] for one in front.spans.values()} == {"A", "B"}
    work = {"work": "rename", "code": "trust", "words": "a tie", "other": "", "reason": "better"}
    front.ask(ask="book", **work)
    assert front.agrees() and front.whole == 1


def test_a_second_view_and_a_problem_lose_nothing(answers: DeskAnswers) -> None:
    """Two views of one widget share its answers: who was told something else is told all."""
    one, other = Front(answers), Front(answers)
    one.ask(ask="open")
    other.ask(ask="open")
    one.ask(ask="code", start=24, end=39, code="trust")
    assert one.agrees() and one.whole == 2
    assert "problem" in other.ask(ask="code", start=24, end=39, code="nothing of this name")
    assert other.agrees()
    # The codebook is told where it changed, and at each opening.
    assert "codes" not in one.ask(ask="code", start=24, end=50, code="trust")
    assert "codes" in one.ask(ask="new", name="new", parent="", definition="")
    assert "codes" in one.ask(ask="open")


def test_a_span_of_another_program_is_left_with_what_to_do(tmp_path: Path) -> None:
    answers = DeskAnswers(begin(tmp_path / "s", coded=True))
    answers.enter("A")
    front = Front(answers)
    front.ask(ask="open")
    (span,) = [one for one in front.spans.values() if one["code"] == "design/workshop"]
    assert span["file"] == "coder A.csv" and not span["own"]
    for act in (
        {"ask": "uncode"},
        {"ask": "recode", "code": "trust"},
        {"ask": "reach", "start": 133, "end": 140},
        {"ask": "memo", "memo": "no"},
    ):
        problem = front.ask(kept=span["kept"], **act)["problem"]
        assert "stands in coder A.csv" in problem and "in that program" in problem
        assert "code these words here" in problem and "settle(study, 'A', …)" in problem
    assert front.agrees() and not answers.known()
    # A key that nobody's span has.
    assert "no span that A has" in front.ask(ask="uncode", kept=["c1", 1, 2, "trust"])["problem"]
