"""Which sources have a page of their own: `SOURCES` of whoever runs it, else `source_pages:`."""

from __future__ import annotations

import os
from pathlib import Path

from analysis.files import safe_yaml
from analysis.files.problems import Problem, StudyError
from analysis.files.project import SOURCES_FIELD

VARIABLE = "SOURCES"
ALL, QUOTED = "all", "quoted"
_PARAMS = "params.yml"


def asked(study: Path) -> str:
    """`all` (the default), or `quoted`: those that the paper leads to, or whose passages bear on a
    claim. Raises `StudyError` for another word."""
    told = os.environ.get(VARIABLE)
    if told:
        return _checked(told, f"{VARIABLE}={told[:60]}")
    document = safe_yaml.compose(safe_yaml.read_text(study / _PARAMS, _PARAMS), _PARAMS)
    given = safe_yaml.as_written(document)
    if not isinstance(given, dict) or SOURCES_FIELD not in given:
        return ALL
    line = safe_yaml.lines_of(document)[SOURCES_FIELD]
    return _checked(str(given[SOURCES_FIELD]), f"{_PARAMS}, line {line}, {SOURCES_FIELD}")


def _checked(word: str, where: str) -> str:
    if word in (ALL, QUOTED):
        return word
    raise StudyError(Problem(where, repr(word[:60]), f"{ALL} or {QUOTED}", "correct it"))
