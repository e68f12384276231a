"""YAML that people write, read into pydantic models: a fault is told where it stands in the file.

A model says what its fields hold with the types of `yaml_types`; a field that is missing is told in the
words of its type, an unknown one with those that there are, and all faults of a file come at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, Self

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from analysis.files import safe_yaml
from analysis.files.problems import Problem, StudyError
from analysis.files.yaml_types import FaultError, Nothing, is_empty


class Written(dict[str, Any]):
    """A mapping of the file: the lines of its names, and which names its model knows."""

    def __init__(self, node: Any = None) -> None:
        pairs = node.value if node else []
        super().__init__({str(key.value): _written(value) for key, value in pairs})
        self.line: int = node.start_mark.line + 1 if node else 1
        self.lines = safe_yaml.lines_of(node)
        self.known: tuple[str, ...] = ()


class Model(BaseModel):
    """A mapping of a file: nothing but its fields may stand there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _every_field(cls, given: Any) -> Any:
        """A required field that is missing is told in the words of its own type."""
        if not isinstance(given, dict):
            raise FaultError("something else", "`name: value` lines", "indent them under it")
        fields = {one.alias or name: one.is_required() for name, one in cls.model_fields.items()}
        if isinstance(given, Written):
            given.known = tuple(fields)
        left_out = {name for name in given if not fields.get(name, True) and is_empty(given[name])}
        there = {name: value for name, value in given.items() if name not in left_out}
        missing = (name for name, required in fields.items() if required and name not in given)
        return there | dict.fromkeys(missing, Nothing())

    @classmethod
    def read(cls, path: Path, shown: str, context: object = None) -> Self:
        """Read the file `path`, called `shown` to people; `context` is what validators may ask.

        Raises `FileNotFoundError`, and one `StudyError` with every fault and its line.
        """
        document = safe_yaml.compose(safe_yaml.read_text(path, shown), shown)
        if document is not None and not isinstance(document, yaml.MappingNode):
            said = ("no `name: value` lines", "a mapping", "see data/README.md")
            raise StudyError(Problem(f"{shown}, line 1", *said))
        given = Written(document)
        try:
            return cls.model_validate(given, context=context)
        except ValidationError as error:
            # A default that is computed from other fields is not where these are wrong.
            faults = (one for one in error.errors() if one["type"] != "default_factory_not_called")
            told = sorted((_problem(one, given, shown) for one in faults), key=_by_line)
        raise StudyError(problem for _, problem in told)


class _Told(NamedTuple):
    line: int
    problem: Problem


def _by_line(told: _Told) -> int:
    return told.line


def _written(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return Written(node)
    if isinstance(node, yaml.SequenceNode):
        return [_written(entry) for entry in node.value]
    return Nothing(node.value.lower()) if safe_yaml.is_nothing(node) else node.value


def _problem(error: Any, given: Written, shown: str) -> _Told:
    line, name, known = _place(given, error["loc"])
    where = f"{shown}, line {line}" + (f", {name}" if name else "")
    if error["type"] == "extra_forbidden":
        said = ("a field of this name", f"one of {', '.join(known)}")
        return _Told(line, Problem(where, *said, "correct its name or take it out"))
    fault = error.get("ctx", {}).get("error")
    if not isinstance(fault, FaultError):
        raise TypeError(f"{name}: {error['type']}, which no field of a file may say")
    return _Told(line, Problem(where, fault.found, fault.expected, fault.remedy))


def _place(given: Written, loc: Iterable[str | int]) -> tuple[int, str, tuple[str, ...]]:
    """The line of what `loc` leads to, what it is called, and what the mapping there knows."""
    at: Any = given
    line, names, known = given.line, [""], given.known
    for part in loc:
        if isinstance(at, Written):
            known = at.known
            line = at.lines.get(str(part), at.line)
            names = [*names, str(part)]
            at = at.get(str(part))
        elif isinstance(at, list) and isinstance(part, int):
            at = at[part]
            if isinstance(at, Written):
                line, names = at.line, _called(at, names)
    return line, ", ".join(name for name in names if name), known


def _called(entry: Written, names: list[str]) -> list[str]:
    """An entry of the list `names[-1]` goes by its id alone, else by its name below the others."""
    one = names[-1].removesuffix("s")
    own = entry.get("id")
    if isinstance(own, str) and own:
        return [f"{one} {own}"]
    name = entry.get("name", "")
    return [*names[:-1], f"{one} {name}".strip() if isinstance(name, str) else one]
