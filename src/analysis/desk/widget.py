"""The desk in the notebook: one module of JavaScript, bundled here, that loads nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from analysis.desk.answers import DeskAnswers
from analysis.desk.desk import Desk
from analysis.desk.judging import Judging
from analysis.desk.judging_works import CellsWork, JudgingWork, OutcomesWork
from analysis.desk.settling import Settling
from analysis.desk.steps import StepAnswers, Work
from analysis.desk.suggesting import Suggestions
from analysis.desk.works import (
    RereadingWork,
    SettlingWork,
    SuggestionsWork,
)
from analysis.explore import view
from analysis.figures import NOTICE
from analysis.study.folder import Study

_STATIC = Path(__file__).parent / "static"


class DeskWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """A form that asks its answers for everything it shows; `form`: 'desk', or 'steps' of a work."""

    _esm = view.script(_STATIC / "steps.js", _STATIC / "desk.js")
    _css = view.style() + (_STATIC / "desk.css").read_text(encoding="utf-8")
    form = traitlets.Unicode().tag(sync=True)
    setup = traitlets.Dict().tag(sync=True)

    def __init__(
        self, form: str, setup: dict[str, Any], answers: DeskAnswers | StepAnswers
    ) -> None:
        super().__init__(form=form, setup=setup)
        self.answers = answers
        self.on_msg(self._asked)

    def _asked(self, _: object, message: dict[str, Any], buffers: object) -> None:
        reply = self.answers.answer(message)
        buffers = reply.pop("buffers", None)
        self.send({"to": message["number"], **reply}, buffers)


def desk_widget(study: Study, coder: str = "") -> DeskWidget:
    """The sources of a study to be read and coded by `coder`, who is asked for where not given."""
    answers = DeskAnswers(study)
    setup = {
        "known": answers.known(),
        "entered": answers.enter(coder) if coder else {},
        "notice": NOTICE if study.constructed else "",
    }
    return DeskWidget("desk", setup, answers)


def judge(study: Study, by: str, *, blind: bool = False) -> DeskWidget:
    """The reading list of each claim, worked by `by`; `blind`: a second judgement of others'."""
    return _steps(JudgingWork(Judging(study, by, blind)), study)


def outcomes(study: Study, by: str) -> DeskWidget:
    """What came of the negative cases that `by` found: revised, bounded, unresolved."""
    return _steps(OutcomesWork(Judging(study, by)), study)


def fill(study: Study, by: str) -> DeskWidget:
    """The framework matrix, filled cell by cell beside the passages under each."""
    return _steps(CellsWork(Judging(study, by)), study)


def settle(study: Study, first: str, second: str, by: str) -> DeskWidget:
    """The differences of two coders, settled in place into the coder `consensus`."""
    return _steps(SettlingWork(Settling(study, first, second, by)), study)


def review(suggestions: Suggestions) -> DeskWidget:
    """Suggestions to be accepted or dismissed one by one."""
    return _steps(SuggestionsWork(suggestions), suggestions.desk.study)


def reread(desk: Desk, *codes: str) -> DeskWidget:
    """The spans under codes that were split, to be read again."""
    return _steps(RereadingWork(desk, codes), desk.study)


def _steps(work: Work, study: Study) -> DeskWidget:
    setup = {
        "title": work.title,
        "queues": [list(one) for one in work.queues()],
        "fields": [vars(one) for one in work.fields],
        "notice": NOTICE if study.constructed else "",
    }
    return DeskWidget("steps", setup, StepAnswers(work))
