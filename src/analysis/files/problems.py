"""What went wrong, said to the person who can put it right."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with what a researcher gave.

    `where` names file and line, row or field (`data/raw/sources.csv, line 4, column kind`);
    never put words of a transcript in any part.
    """

    where: str
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        return (
            f"{self.where}\n  found:    {self.found}\n"
            f"  expected: {self.expected}\n  do:       {self.remedy}"
        )


class StudyError(Exception):
    """All problems of one input, told at once.

    A notebook shows the problems alone; with `in_full` also the way to them through the program.
    """

    in_full: ClassVar[bool] = False
    # The exit status of a command that ends so.
    status: ClassVar[int] = 1

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        listed = [problems] if isinstance(problems, Problem) else list(problems)
        if not listed:
            raise ValueError("a StudyError needs at least one problem")
        self.problems: tuple[Problem, ...] = tuple(listed)
        super().__init__("\n\n".join(map(str, self.problems)))

    def __reduce__(self) -> tuple[type[StudyError], tuple[tuple[Problem, ...]]]:
        # Keeps the problems when the error crosses from a worker process.
        return type(self), (self.problems,)

    def _render_traceback_(self) -> list[str]:
        # IPython asks for this instead of its own traceback.
        return traceback.format_exception(self) if self.in_full else str(self).splitlines()


def problems_of(read: Callable[[], object]) -> list[Problem]:
    """Read an input and return what is wrong with it, to be told with what is wrong elsewhere."""
    try:
        read()
    except StudyError as error:
        return list(error.problems)
    return []


def raise_if_any(problems: list[Problem]) -> None:
    """Raise one `StudyError` with all `problems`, or return when there are none."""
    if problems:
        raise StudyError(problems)
