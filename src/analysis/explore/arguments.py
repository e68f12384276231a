"""What a person may write as an argument; anything else is told as a problem, not as a traceback."""

from __future__ import annotations

from collections.abc import Collection

from analysis.files.problems import Problem, StudyError


def text(name: str, given: object) -> str:
    """A text, as it stands."""
    if not isinstance(given, str):
        raise _problem(name, given, "a text in quotes")
    return given


def texts(name: str, given: object) -> tuple[str, ...]:
    """One text or several; none for None."""
    if given is None or isinstance(given, str):
        return () if given is None else (given,)
    if not isinstance(given, Collection):
        raise _problem(name, given, "a text, or a list of them")
    return tuple(text(name, one) for one in given)


def whole(name: str, given: object, least: int) -> int:
    """A whole number of at least `least`."""
    if not isinstance(given, int) or isinstance(given, bool) or given < least:
        raise _problem(name, given, f"a whole number, {least} or more")
    return given


def _problem(name: str, given: object, expected: str) -> StudyError:
    return StudyError(Problem(name, repr(given)[:60], expected, "correct it"))
