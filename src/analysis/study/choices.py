"""The analytic choices of a study, as `params.yml` states them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from analysis.files import safe_yaml
from analysis.files.problems import Problem, StudyError, raise_if_any

STAGES_FIELD = "stages"
ALLOWED: dict[str, tuple[str, ...]] = {
    "approach": ("framework", "codebook", "content", "reflexive"),
    "unit": ("overlap", "passage", "window", "source"),
    "null": ("shift", "shuffle"),
    "agreement_unit": ("passage", "sentence"),
}


_ONE_OR_MORE = frozenset(
    {
        "resamples",
        "window",
        "minimum_group",
        "minimum_cell",
        "accumulation_base",
        "accumulation_run",
    }
)


@dataclasses.dataclass(frozen=True)
class Choices:
    """One value per line of `params.yml`, where each is explained.

    There are no defaults but for what says nothing where it is left out: `no_names`, `exempt`.
    """

    approach: str
    cleaning: list[str]
    extract_share: float
    minimum_cell: int
    crossed_attributes: list[str]
    coder: str
    coders: dict[str, str]
    code_names: dict[str, str]
    columns: dict[str, str | dict[str, str]]
    anchor_score: float
    unit: str
    window: int
    null: str
    interviewer_speech: bool
    seed: int
    resamples: int
    minimum_group: int
    rearranged_share: float
    smallest_difference: float
    agreement_unit: str
    discuss_below: float
    accumulation_base: int
    accumulation_run: int
    accumulation_threshold: float
    alternative_units: list[str]
    alternative_nulls: list[str]
    alternative_coders: list[str]
    alternative_minimum_words: list[int]
    no_names: str = ""
    exempt: dict[str, str] = dataclasses.field(default_factory=dict)


_MAY_BE_LEFT_OUT = frozenset({"no_names", "exempt"})


def read_choices(path: Path) -> Choices:
    """Read and check `params.yml`: every choice there once, known, and of the right type.

    Raises `StudyError` naming file and field for all problems at once.
    """
    try:
        text = safe_yaml.read_text(path, path.name)
    except FileNotFoundError:
        raise StudyError(
            Problem(path.name, "no such file", "every choice of the study", "copy params.yml here")
        ) from None
    document = safe_yaml.compose(text, path.name)
    given = safe_yaml.plain(document, path.name)
    if not isinstance(given, dict):
        raise StudyError(
            Problem(
                path.name,
                "no `name: value` lines",
                "every choice of the study",
                "copy params.yml here",
            )
        )
    # How the work is done is no choice of the analysis: `pipeline.own_stages` reads it.
    choices = {name: value for name, value in given.items() if name != STAGES_FIELD}
    return check_choices(choices, path.name, safe_yaml.lines_of(document))


def check_choices(
    given: Mapping[str, Any], where: str, lines: Mapping[str, int] | None = None
) -> Choices:
    """Return `given` as `Choices`; raise `StudyError` for missing, unknown and mistyped ones.

    `lines`: the line of each choice in the file `where`, to be named with it.
    """
    types = get_type_hints(Choices)

    def at(name: str) -> str:
        line = (lines or {}).get(name)
        return f"{where}, line {line}, {name}" if line else f"{where}, {name}"

    problems = [
        Problem(
            at(name),
            "a choice of this name",
            f"one of {', '.join(types)}",
            "correct the name or take the line out",
        )
        for name in given
        if name not in types
    ]
    accepted: dict[str, Any] = {}
    for name, wanted in types.items():
        if name not in given and name in _MAY_BE_LEFT_OUT:
            continue
        if name not in given:
            problems.append(Problem(at(name), "no value", _said(name, wanted), "add the line"))
        elif not _fits(given[name], wanted) or not _is_allowed(name, given[name]):
            problems.append(
                Problem(at(name), repr(given[name]), _said(name, wanted), "correct the value")
            )
        else:
            accepted[name] = float(given[name]) if wanted is float else given[name]
    raise_if_any(problems)
    return Choices(**accepted)


def with_choices(choices: Choices, **changed: Any) -> Choices:
    """The same choices but for those `changed`; unknown or mistyped ones are a `StudyError`."""
    return check_choices({**dataclasses.asdict(choices), **changed}, "the choices given")


def _fits(value: Any, wanted: Any) -> bool:
    if get_origin(wanted) is list:
        return isinstance(value, list) and all(_fits(one, get_args(wanted)[0]) for one in value)
    if get_origin(wanted) is dict:
        return isinstance(value, dict) and all(
            _fits(key, str) and _fits(one, get_args(wanted)[1]) for key, one in value.items()
        )
    if get_origin(wanted) is UnionType:
        return any(_fits(value, one) for one in get_args(wanted))
    if isinstance(value, bool):
        return wanted is bool
    return isinstance(value, (int, float) if wanted is float else wanted)


def _is_allowed(name: str, value: Any) -> bool:
    if name in _ONE_OR_MORE:
        return bool(value >= 1)
    return name not in ALLOWED or value in ALLOWED[name]


def _said(name: str, wanted: Any) -> str:
    if name in ALLOWED:
        return "one of " + ", ".join(ALLOWED[name])
    if name in _ONE_OR_MORE:
        return "a whole number, 1 or more"
    plain = {str: "a word", int: "a whole number", float: "a number", bool: "true or false"}
    if get_origin(wanted) is list:
        return "a list: [first, second]"
    if get_origin(wanted) is dict:
        return "pairs of words: {theirs: ours}"
    return plain[wanted]
