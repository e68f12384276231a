"""YAML that people write, read into pydantic models: a fault is told where it stands in the file.

A model says what its fields hold with the types below; a field that is missing is told in the
words of its type, an unknown one with those that there are, and all faults of a file come at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, NamedTuple, Self

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from analysis.files import dates, safe_yaml, vocabulary
from analysis.files.problems import Problem, StudyError


class FaultError(ValueError):
    """What a field holds, what it should, and what to do; a validator raises it."""

    def __init__(self, found: str, expected: str, remedy: str = "correct it") -> None:
        super().__init__(f"{found}: expected {expected}; {remedy}")
        self.found, self.expected, self.remedy = found, expected, remedy


class Written(dict[str, Any]):
    """A mapping of the file: the lines of its names, and which names its model knows."""

    def __init__(self, node: Any = None) -> None:
        pairs = node.value if node else []
        super().__init__({str(key.value): _written(value) for key, value in pairs})
        self.line: int = node.start_mark.line + 1 if node else 1
        self.lines = safe_yaml.lines_of(node)
        self.known: tuple[str, ...] = ()


class Nothing(str):
    """A bare `null`, `~` or no word at all: says that there is nothing, but may be a name."""


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
        left_out = {name for name in given if not fields.get(name, True) and _is_empty(given[name])}
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


# --- what fields hold -----------------------------------------------------------


def _is_empty(given: Any) -> bool:
    return isinstance(given, Nothing) or (isinstance(given, str) and not given.strip())


def _words(given: Any) -> str:
    if isinstance(given, (list, dict)):
        raise FaultError("a list", "words", "write it as one value")
    return "" if isinstance(given, Nothing) else " ".join(str(given).split())


def some_words(given: Any) -> str:
    """The words of a field that may not be empty."""
    words = _words(given)
    if not words:
        raise FaultError("no words", "this field filled", "write it")
    return words


def named(given: Any) -> str:
    """What a thing is called, which may be `null`."""
    return str(given) if isinstance(given, Nothing) and given == "null" else some_words(given)


def _lines_kept(given: Any) -> str:
    return str(given).strip() if _words(given) else ""


def _dated(given: Any, *, whole: bool = True) -> str:
    words = _words(given)
    fault = dates.fault_of(words, whole=whole) if words else None
    if fault:
        raise FaultError(*fault)
    return words


def _dated_in_part(given: Any) -> str:
    """A day, or a month or a year alone."""
    return _dated(given, whole=False)


Words = Annotated[str, BeforeValidator(some_words)]
MaybeWords = Annotated[str, BeforeValidator(_words)]
Paragraphs = Annotated[str, BeforeValidator(_lines_kept)]
MaybeDatePart = Annotated[str, BeforeValidator(_dated_in_part)]
MaybeDate = Annotated[str, BeforeValidator(_dated)]
Date = Annotated[MaybeDate, BeforeValidator(some_words)]


def one_of(allowed: Iterable[str]) -> BeforeValidator:
    """A word out of `allowed`, however it is written."""
    listed = tuple(allowed)

    def check(given: Any) -> str:
        words = some_words(given)
        known = vocabulary.meant(words, listed)
        if known is None:
            raise FaultError(repr(words[:60]), f"one of {', '.join(listed)}")
        return known

    return BeforeValidator(check)


def number(low: float, high: float = float("inf"), *, whole: bool = False) -> BeforeValidator:
    """A number between `low` and `high`, both allowed."""

    def check(given: Any) -> float:
        words = some_words(given)
        try:
            value = int(words) if whole else float(words)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            top = f" to {high:g}" if high < float("inf") else " or more"
            kind = "a whole number" if whole else "a number"
            raise FaultError(repr(words[:60]), f"{kind}, {low:g}{top}")
        return value

    return BeforeValidator(check)


def several(of: str, least: int = 1) -> BeforeValidator:
    """A list, `of` words or of `name: value` lines, with at least so many entries."""
    form = dict if of != "words" else str

    def check(given: Any) -> Any:
        if isinstance(given, Nothing) and not least:
            return ()
        if not isinstance(given, (list, tuple)) or len(given) < least:
            raise FaultError("no list", f"a list of {of}", "write at least one entry")
        if not all(isinstance(one, (form, BaseModel)) for one in given):
            raise FaultError("an entry of another form", f"a list of {of}")
        return given

    return BeforeValidator(check)


MAPPINGS = "`name: value` lines"


# --- where it stands --------------------------------------------------------------


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
