"""Which codes of the codebook the code of a coded project is, or the codes in one cell are."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from analysis.coding.project import step

_SEPARATORS = re.compile(r"\s*[,;|\n]\s*")
_STRONG_SEPARATORS = re.compile(r"\s*[;|\n]\s*")
_BULLETS = "●○•* \t\r\n"
# How programs write a path: `parent > child` and so on.
_PATH_MARKS = ("/", " > ", "\\", "::")


def code_path(given: str) -> str:
    """A path as typed, each of its steps written as in the codebook."""
    return "/".join(step(part) for part in given.split("/") if part.strip())


def codes_in(cell: str) -> list[str]:
    """The codes of a cell as far as they can be told without a codebook.

    Semicolons, bars and line breaks separate codes; commas only where there is none of these.
    """
    strong = bool(_STRONG_SEPARATORS.search(cell.strip(_BULLETS)))
    parts = (_STRONG_SEPARATORS if strong else _SEPARATORS).split(cell)
    return [step(part.strip(_BULLETS)) for part in parts if part.strip(_BULLETS)]


class CodeNames:
    """Finds the usable codes of the codebook that a project means.

    `code_names` first, then the same path, then a bare name or another way to write the path
    where exactly one usable code of the codebook has it; upper and lower case matter only if
    two codes differ in nothing else.
    """

    def __init__(self, codes: pd.DataFrame, code_names: Mapping[str, str]) -> None:
        paths = codes.loc[codes["usable"], "code"].tolist()
        self._exact = {code_path(path): path for path in paths}
        mapped = {code_path(ours): code_path(theirs) for ours, theirs in code_names.items()}
        self._mapped = {
            ours: self._exact[theirs] for ours, theirs in mapped.items() if theirs in self._exact
        }
        self._loose = _forms(paths)
        for ours, path in self._mapped.items():
            self._loose[_loose(ours)] = path

    def find(self, code: str) -> str | None:
        """The path in the codebook of one code, or None."""
        return self._mapped.get(code) or self._exact.get(code) or self._loose.get(_loose(code))

    def split(self, cell: str) -> tuple[list[str], list[str]]:
        """The codes of a cell: paths of the codebook, and what it does not have.

        Of the names that can stand at a place the longest is taken, so that commas inside a
        name do not part it.
        """
        whole = self.find(cell)
        if whole:
            return [whole], []
        found: list[str] = []
        missing: list[str] = []
        rest = cell.strip(_BULLETS)
        while rest:
            form, length = self._first(rest)
            if form:
                found.append(self._loose[form])
            else:
                part = _SEPARATORS.split(rest, maxsplit=1)[0]
                length = len(part)
                missing += [part] if part else []
            rest = rest[length:].lstrip(_BULLETS + ",;|")
        return list(dict.fromkeys(found)), missing

    def _first(self, rest: str) -> tuple[str, int]:
        """The longest known name at the beginning of `rest`, and the length it has there."""
        ends = [place.start() for place in _SEPARATORS.finditer(rest)] + [len(rest)]
        for end in reversed(ends):
            form = _loose(rest[:end].strip(_BULLETS))
            if form in self._loose:
                return form, end
        return "", 0


def _forms(paths: list[str]) -> dict[str, str]:
    """Every way to write a code, that means one code only -> its path."""
    forms: dict[str, set[str]] = {}
    for path in paths:
        steps = path.split("/")
        for form in {steps[-1], *(mark.join(steps) for mark in _PATH_MARKS)}:
            forms.setdefault(_loose(form), set()).add(path)
    return {form: min(found) for form, found in forms.items() if len(found) == 1}


def _loose(form: str) -> str:
    return "/".join(step(part) for part in form.split("/")).casefold()
