"""The desk in the notebook: one module of JavaScript, bundled here, that loads nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets

from analysis.desk.answers import DeskAnswers
from analysis.explore import view
from analysis.figures import NOTICE
from analysis.study.folder import Study

_STATIC = Path(__file__).parent / "static"


class DeskWidget(anywidget.AnyWidget):  # type: ignore[misc]
    """A form that asks its answers for everything it shows; `form`: 'desk'."""

    _esm = view.script(_STATIC / "desk.js")
    _css = view.style() + (_STATIC / "desk.css").read_text(encoding="utf-8")
    form = traitlets.Unicode().tag(sync=True)
    setup = traitlets.Dict().tag(sync=True)

    def __init__(self, form: str, setup: dict[str, Any], answers: DeskAnswers) -> None:
        super().__init__(form=form, setup=setup)
        self.answers = answers
        self.on_msg(self._asked)

    def _asked(self, _: object, message: dict[str, Any], buffers: object) -> None:
        self.send({"to": message["number"], **self.answers.answer(message)})


def desk_widget(study: Study, coder: str = "") -> DeskWidget:
    """The sources of a study to be read and coded by `coder`, who is asked for where not given."""
    answers = DeskAnswers(study)
    setup = {
        "known": answers.known(),
        "entered": answers.enter(coder) if coder else {},
        "notice": NOTICE if study.constructed else "",
    }
    return DeskWidget("desk", setup, answers)
