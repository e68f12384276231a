"""The analytic choices of a study, as `params.yml` states them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_type_hints

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, TypeAdapter
from pydantic import ValidationError as Misfit

from analysis.files import safe_yaml
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.project import SOURCES_FIELD, STAGES_FIELD, WORKERS_FIELD


def _no_truth(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("true or false where a number is meant")
    return value


# Every number has a bound: no choice may hang a stage or switch a rule off.
_Number = BeforeValidator(_no_truth)
_Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False), _Number]
_FewOrMany = Annotated[int, Field(ge=1, le=10_000), _Number]
# Names stand on one line, and lists are as long as somebody writes them.
_Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\r\n]*$"),
]
_Reason = Annotated[str, StringConstraints(strip_whitespace=True, max_length=5_000)]
_SomeNames = Annotated[list[_Name], Field(max_length=1_000)]
Unit = Literal["overlap", "passage", "window", "source"]
Null = Literal["shift", "shuffle", "words", "answers"]
Bears = Literal["supports", "qualifies", "contradicts", "does not bear"]


Approach = Literal["framework", "codebook", "content", "reflexive"]
#: The kinds of analysis, the usual first.
APPROACHES: tuple[str, ...] = get_args(Approach)


@dataclasses.dataclass(frozen=True)
class Choices:
    """One value per line of `params.yml`, where each is explained.

    There are no defaults but for what says nothing where it is left out: `no_names`, `exempt`, `stances`.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    approach: Approach
    cleaning: _SomeNames
    extract_share: _Share
    minimum_cell: _FewOrMany
    crossed_attributes: _SomeNames
    coder: _Name
    coders: dict[str, _Name]
    code_names: dict[str, _Name]
    columns: dict[str, _Name | dict[str, _Name]]
    anchor_score: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False), _Number]
    unit: Unit
    window: Annotated[int, Field(ge=1, le=1_000), _Number]
    null: Null
    interviewer_speech: bool
    seed: Annotated[int, Field(ge=0, le=2**32 - 1), _Number]
    resamples: Annotated[int, Field(ge=1, le=100_000), _Number]
    minimum_group: _FewOrMany
    rearranged_share: _Share
    smallest_difference: Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False), _Number]
    agreement_unit: Literal["passage", "sentence"]
    discuss_below: Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False), _Number]
    accumulation_base: _FewOrMany
    accumulation_run: _FewOrMany
    accumulation_threshold: _Share
    alternative_units: Annotated[list[Unit], Field(max_length=20)]
    alternative_nulls: Annotated[list[Null], Field(max_length=20)]
    alternative_coders: _SomeNames
    alternative_minimum_words: Annotated[
        list[Annotated[int, Field(ge=0, le=10_000), _Number]], Field(max_length=20)
    ]
    no_names: _Reason = ""
    exempt: dict[str, Annotated[_Reason, Field(min_length=1)]] = dataclasses.field(
        default_factory=dict
    )
    stances: dict[str, Bears] = dataclasses.field(default_factory=dict)


_CHOICES = TypeAdapter(Choices)


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
    given = safe_yaml.as_written(document)
    if not isinstance(given, dict):
        raise StudyError(
            Problem(
                path.name,
                "no `name: value` lines",
                "every choice of the study",
                "copy params.yml here",
            )
        )
    # How the work is done is no choice of the analysis: `pipeline.own_stages`, `who_works`, and
    # `study.which_pages`.
    aside = (STAGES_FIELD, WORKERS_FIELD, SOURCES_FIELD)
    choices = {name: value for name, value in given.items() if name not in aside}
    return check_choices(choices, path.name, safe_yaml.lines_of(document))


def check_choices(
    given: Mapping[str, Any], where: str, lines: Mapping[str, int] | None = None
) -> Choices:
    """Return `given` as `Choices`; raise `StudyError` for missing, unknown and mistyped ones, and
    for numbers out of bounds.

    A number or a truth may also be given as the words that a file has for it. `lines`: the line
    of each choice in the file `where`, to be named with it.
    """
    try:
        return _CHOICES.validate_python(dict(given))
    except Misfit as misfit:
        wrong = {str(error["loc"][0]): error["type"] for error in misfit.errors()}
    raise_if_any([_problem(name, given, where, lines or {}) for name in wrong])
    raise AssertionError("a misfit is of some choice")


def _problem(name: str, given: Mapping[str, Any], where: str, lines: Mapping[str, int]) -> Problem:
    at = f"{where}, line {lines[name]}, {name}" if name in lines else f"{where}, {name}"
    types = get_type_hints(Choices, include_extras=True)
    if name not in types:
        return Problem(
            at,
            "a choice of this name",
            f"one of {', '.join(_names())}",
            "correct the name or take the line out",
        )
    expected = _said(TypeAdapter(types[name]).json_schema())
    if given.get(name) is None:
        return Problem(at, "no value", expected, "add the line, with a value")
    return Problem(at, repr(given[name])[:100], expected, "correct the value")


def _names() -> list[str]:
    return [field.name for field in dataclasses.fields(Choices)]


def with_choices(choices: Choices, **changed: Any) -> Choices:
    """The same choices but for those `changed`; unknown or mistyped ones are a `StudyError`."""
    return check_choices({**dataclasses.asdict(choices), **changed}, "the choices given")


def _said(schema: Mapping[str, Any]) -> str:
    """What a choice may be, in words."""
    if "enum" in schema:
        return "one of " + ", ".join(schema["enum"])
    if schema["type"] == "array":
        return f"a list: [first, second], each {_said(schema['items'])}"
    if schema["type"] in ("integer", "number"):
        kind = "a whole number" if schema["type"] == "integer" else "a number"
        return f"{kind}, {schema['minimum']:,} to {schema['maximum']:,}"
    return {"object": "pairs of words: {theirs: ours}", "boolean": "true or false"}.get(
        schema["type"], "a word"
    )
