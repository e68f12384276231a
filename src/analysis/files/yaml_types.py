"""What fields of a YAML file may hold: types for a model, each with what it tells of a fault."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator

from analysis.files import dates, vocabulary


class FaultError(ValueError):
    """What a field holds, what it should, and what to do; a validator raises it."""

    def __init__(self, found: str, expected: str, remedy: str = "correct it") -> None:
        super().__init__(f"{found}: expected {expected}; {remedy}")
        self.found, self.expected, self.remedy = found, expected, remedy


class Nothing(str):
    """A bare `null`, `~` or no word at all: says that there is nothing, but may be a name."""


def is_empty(given: Any) -> bool:
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
