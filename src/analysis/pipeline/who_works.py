"""Who does the work of a report: `WORKERS` of whoever runs it, else `workers:` in params.yml."""

from __future__ import annotations

import os
from pathlib import Path

from analysis import workers
from analysis.files import safe_yaml
from analysis.files.problems import Problem, StudyError
from analysis.files.project import WORKERS_FIELD

_PARAMS = "params.yml"


def settle(study: Path) -> None:
    """Let all stages of this run work with whom the environment, else the study, names.

    Raises `StudyError` for what is neither `one`, `cores` nor an address; and for another machine
    that the study names by itself: a study is data, and nobody's transcripts go where a file says.
    """
    asked = os.environ.get(workers.VARIABLE)
    if asked:
        workers.checked(asked, f"{workers.VARIABLE}={asked}")
        return
    try:
        document = safe_yaml.compose(safe_yaml.read_text(study / _PARAMS, _PARAMS), _PARAMS)
        given = safe_yaml.as_written(document)
    except (StudyError, OSError):  # told when the study is opened
        return
    if not isinstance(given, dict) or WORKERS_FIELD not in given:
        return
    where = f"{_PARAMS}, line {safe_yaml.lines_of(document)[WORKERS_FIELD]}, {WORKERS_FIELD}"
    who = workers.checked(str(given[WORKERS_FIELD]), where)
    if workers.is_elsewhere(who):
        raise StudyError(
            Problem(
                where,
                f"{who}, another machine",
                "another machine only if whoever runs this says so: transcripts and key go there",
                f"if you trust it: make report WORKERS={who}",
            )
        )
    os.environ[workers.VARIABLE] = who
