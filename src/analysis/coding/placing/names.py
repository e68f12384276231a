"""Which codes of the codebook the code of a coded project is, or the codes in one cell are."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

import pandas as pd

from analysis.coding.project import step

_SEPARATORS = re.compile(r"(?<!\s)\s*[,;|\n]\s*|[,;|\n]\s*")
_STRONG_SEPARATORS = re.compile(r"(?<!\s)\s*[;|\n]\s*|[;|\n]\s*")
_BULLETS = "●○•* \t\r\n"
# How programs write a path: `parent > child` and so on.
_PATH_MARKS = ("/", " > ", "\\", "::")


def code_path(given: str) -> str:
    """A path as typed, each of its steps written as in the codebook."""
    return "/".join(step(part) for part in given.split("/") if part.strip())


def codes_in(cell: str, known: Collection[str] = ()) -> list[str]:
    """The codes of a cell as far as they can be told without a codebook.

    Semicolons, bars and line breaks separate codes; commas only where there is none of these, and
    not inside a name that is `known` to be one code.
    """
    if known:
        return [
            part
            for one in _STRONG_SEPARATORS.split(cell)
            for part in _known_first(one.strip(_BULLETS), frozenset(known))
        ]
    strong = bool(_STRONG_SEPARATORS.search(cell.strip(_BULLETS)))
    parts = (_STRONG_SEPARATORS if strong else _SEPARATORS).split(cell)
    return [step(part.strip(_BULLETS)) for part in parts if part.strip(_BULLETS)]


def _known_first(cell: str, known: frozenset[str]) -> list[str]:
    """The codes of a cell without strong separators: of the known names the longest first."""
    found: list[str] = []
    while cell:
        ends = [len(cell), *(place.start() for place in reversed([*_SEPARATORS.finditer(cell)]))]
        end = next((end for end in ends if step(cell[:end].strip(_BULLETS)) in known), ends[-1])
        found.append(step(cell[:end].strip(_BULLETS)))
        cell = cell[end:].lstrip(_BULLETS + ",")
    return [code for code in found if code]


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
        return (
            self._mapped.get(code)
            or self._exact.get(code)
            or self._exact.get(step(code))
            or self._loose.get(_loose(code))
            or self._loose.get(_loose(step(code)))
        )

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
            path, length = self._first(rest)
            if path:
                found.append(path)
            else:
                part = _SEPARATORS.split(rest, maxsplit=1)[0]
                length = len(part)
                missing += [part] if part else []
            rest = rest[length:].lstrip(_BULLETS + ",;|")
        return list(dict.fromkeys(found)), missing

    def _first(self, rest: str) -> tuple[str, int]:
        """The code of the longest known name at the beginning of `rest`, and its length there."""
        ends = [place.start() for place in _SEPARATORS.finditer(rest)] + [len(rest)]
        for end in reversed(ends):
            path = self.find(rest[:end].strip(_BULLETS))
            if path:
                return path, end
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
