"""ROCK sources (`.rock`, the Reproducible Open Coding Kit): the codes stand in the lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import yaml

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.encoding import decode
from analysis.coding.formats.format import Format
from analysis.coding.formats.gathered import Gathered, Said
from analysis.coding.project import CodedProject, Report, step
from analysis.files import safe_yaml
from analysis.files.problems import StudyError

_MARK = re.compile(r"\[\[([^\[\]]{1,500})\]\]")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:>[A-Za-z][A-Za-z0-9_]*)*(?:--[A-Za-z0-9_]+)?")
_INSTANCE = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\s*[=:]\s*(.+)")
_UID = re.compile(r"\[\[uid[=:]\s*([A-Za-z0-9]+)\]\]")
_BREAK = re.compile(r"\s*---+<<.*>>---+\s*|\s*--\+-\{.*\}-\+--\s*")
_CASE, _CODER = frozenset({"cid", "caseid"}), frozenset({"coderid", "coder"})
# Another coding of the same lines has as many of their identifiers as this.
_SHARED = 0.5


def is_rock(file: CodingFile) -> bool:
    """Whether the file is named as a ROCK source, or is a text with codes and line identifiers."""
    return bool(file.text) and (file.ending == ".rock" or bool(_UID.search(file.text[:20_000])))


def read_rock(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read one source: every line with words is an utterance, to which the codes on it apply.

    A code is the last part of its path; where its parents differ the first one stands, and that is
    told. A second coder's file of the same lines is known by their identifiers: both are codings
    of one source, each by who its file names (`[[coderId=…]]`), else called as the file. Values,
    networks, section breaks and anchors are counted.
    """
    return _Source(file).read()


@dataclass
class _Tree:
    """Codes by their last part: what stands above each, and what it is called."""

    report: Report
    parents: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def add(self, steps: list[str]) -> str:
        """Take a path as it stands on a line; return the code."""
        for above, below in pairwise(steps):
            known = self.parents.setdefault(below, above)
            self.report.add("codes", "codes under two parents, put under the first", known != above)
        self.labels.setdefault(steps[-1], "")
        return steps[-1]

    def path(self, code: str) -> str:
        """The code below all that stands above it."""
        steps = [code]
        while (above := self.parents.get(steps[-1])) and above not in steps:
            steps.append(above)
        return "/".join(step(one) for one in reversed(steps))


class _Source:
    def __init__(self, file: CodingFile) -> None:
        self._file = file
        self._report = Report(file.name)
        self._tree = _Tree(self._report)
        self._pieces: list[str] = []
        self._length = 0
        self._coded: list[tuple[int, int, str, int]] = []
        self._case = self._coder = ""
        self._attributes: dict[str, dict[str, str]] = {}

    def read(self) -> CodedProject:
        for number, line in self._lines():
            self._line(number, line)
        first, together = self._first_of_the_same_lines()
        coder = self._coder or (self._file.path.stem if together else "")
        gathered = Gathered(self._file.name, "ROCK source", self._report, counted_in="line")
        for name, stated in self._attributes.items():
            gathered.cases[name] = stated
        own = self._attributes.get(self._case, {})
        text = "".join(self._pieces)
        gathered.source(0, first, text, file=self._file.path.name, case=self._case, attributes=own)
        for code, label in self._tree.labels.items():
            gathered.code(self._tree.path(code), label)
        for start, end, code, number in self._coded:
            said = Said(start, end, text[start:end], self._tree.path(code), coder, row=number)
            gathered.coding(0, said)
        return gathered.project()

    def _lines(self) -> Iterator[tuple[int, str]]:
        """The lines that are no YAML, no comment and no section break."""
        held: list[str] | None = None
        for number, line in enumerate(self._file.text.splitlines(), 1):
            if line.rstrip() == "---":
                if held is not None:
                    self._fragment("\n".join(held))
                held = [] if held is None else None
            elif held is not None:
                held.append(line)
            elif _BREAK.fullmatch(line):
                self._report.add("left out", "section breaks and anchors (not words)")
            elif not line.startswith("#"):
                yield number, line

    def _line(self, number: int, line: str) -> None:
        codes = [code for mark in _MARK.findall(line) if (code := self._mark(mark.strip()))]
        words = " ".join(_MARK.sub(" ", line).strip().lstrip("~").split())
        if words:
            self._coded += [
                (self._length, self._length + len(words), code, number)
                for code in dict.fromkeys(codes)
            ]
            self._pieces.append(words + "\n")
            self._length += len(words) + 1
        else:
            self._report.add("left out", "codings on a line without words", len(codes))

    def _mark(self, mark: str) -> str:
        """The code that a mark is; '' for anything else, which is taken or counted."""
        if "->" in mark:
            self._report.add("left out", "relations between codes (not codings)")
        elif "||" in mark:
            self._report.add("left out", "values (not codings)")
        elif _CODE.fullmatch(mark):
            return self._tree.add(mark.split("--")[0].split(">"))
        elif found := _INSTANCE.fullmatch(mark):
            self._instance(found[1].casefold(), found[2].strip())
        else:
            self._report.add("left out", "marks that are no code (not codings)")
        return ""

    def _instance(self, name: str, value: str) -> None:
        if name in _CASE:
            self._case = self._case or value
        elif name in _CODER:
            self._coder = self._coder or value
        elif name != "uid":
            self._report.add("left out", "identifiers of other classes (not codings)")

    def _fragment(self, text: str) -> None:
        """A part in YAML: attributes of cases, or codes with their tree."""
        try:
            stated = safe_yaml.as_written(safe_yaml.compose(text, self._file.name))
        except (StudyError, yaml.YAMLError):
            self._report.add("left out", "YAML that cannot be read (not codings)")
            return
        stated = stated if isinstance(stated, dict) else {}
        for name in ("metadata", "ROCK_attributes"):
            for one in _listed(stated.get(name)):
                case = next((str(v) for k, v in one.items() if str(k).casefold() in _CASE), "")
                if case:
                    rest = {
                        str(k): str(v) for k, v in one.items() if str(k).casefold() not in _CASE
                    }
                    self._attributes.setdefault(case, {}).update(rest)
        for name in ("codes", "ROCK_codes"):
            for one in _listed(stated.get(name)):
                self._code_of(one, str(one.get("parentId") or ""))

    def _code_of(self, one: Mapping[Any, Any], parent: str) -> None:
        code = str(one.get("id") or one.get("code") or one.get("label") or "").strip()
        if code:
            self._tree.add([parent, code] if parent else [code])
            self._tree.labels[code] = str(one.get("label") or "")
            for below in _listed(one.get("children")):
                self._code_of(below, code)

    def _first_of_the_same_lines(self) -> tuple[str, bool]:
        """The name of the first file beside this one that has the same lines, and whether any
        other has."""
        own = set(_UID.findall(self._file.text))
        same = [
            path.stem
            for path in sorted(self._file.path.parent.glob("*.rock"))
            if path != self._file.path and not path.is_symlink() and _share(own, path)
        ]
        return min([self._file.path.stem, *same]), bool(same)


def _share(own: set[str], path: Any) -> bool:
    try:
        its = set(_UID.findall(decode(CodingFile(path).data, path.name))) if own else set()
    except StudyError:
        return False
    return len(own & its) > _SHARED * len(own) if own else False


def _listed(value: Any) -> list[dict[Any, Any]]:
    rows = value if isinstance(value, list) else [value]
    return [one for one in rows if isinstance(one, dict)]


FORMAT = Format("ROCK source", (".rock",), is_rock, read_rock)
