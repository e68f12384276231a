"""ROCK sources (`.rock`, the Reproducible Open Coding Kit): the codes stand in the lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.containers import refuse
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
    name, together = _first_of_the_same_lines(file)
    report = Report(file.name)
    gathered = Gathered(file.name, "ROCK source", report, counted_in="line")
    _Source(file.path.stem if together else "", file, report).add_to(gathered, name, file.path.name)
    return gathered.project()


def is_rock_project(file: CodingFile) -> bool:
    """Whether the zip is a project of ROCK: its settings, or sources, are in it."""
    return file.member("_rockproject.yml") is not None or (
        file.ending == ".rockproject" and file.member(".rock") is not None
    )


def read_rock_project(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read a `.ROCKproject`, a zip whose folders are stages of the same sources.

    Of its stages (raw, clean, coded, masked) the one with most codes is read, of several the last;
    the others are counted. Sources of the same lines are codings of one source, as in `read_rock`.
    """
    assert file.members is not None
    stages: dict[str, dict[str, str]] = {}
    for name in sorted(file.members.names):
        if name.casefold().endswith(".rock"):
            folder, _, member = name.rpartition("/")
            stages.setdefault(folder, {})[member] = decode(file.members.read(name), name)
    if not stages:
        raise refuse(
            file.name,
            "a project of ROCK without a source (.rock)",
            "coded sources in it",
            "save the project with its sources, or give the .rock files themselves",
        )
    most = max(stages, key=lambda one: (sum(map(_codes_in, stages[one].values())), one))
    report = Report(file.name)
    others = sum(map(len, stages.values())) - len(stages[most])
    report.add("left out", "earlier or other stages of the same sources", others)
    gathered = Gathered(file.name, "ROCK project", report, counted_in="line")
    texts = stages[most]
    for member, text in texts.items():
        stem = PurePosixPath(member).stem
        own = set(_UID.findall(text))
        same = [
            PurePosixPath(name).stem
            for name, one in texts.items()
            if name != member and _shares(own, one)
        ]
        part = _Member(text, file.name)
        _Source(stem if same else "", part, report).add_to(gathered, min([stem, *same]), member)
    return gathered.project()


@dataclass(frozen=True)
class _Member:
    """One source inside a project, as `_Source` reads it."""

    text: str
    name: str


def _codes_in(text: str) -> int:
    return sum(bool(_CODE.fullmatch(mark.strip())) for mark in _MARK.findall(text))


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
    """One source. `coder` is who coded it where it does not say so itself."""

    def __init__(self, coder: str, file: CodingFile | _Member, report: Report) -> None:
        self._file, self._otherwise, self._report = file, coder, report
        self._tree = _Tree(self._report)
        self._pieces: list[str] = []
        self._length = 0
        self._coded: list[tuple[int, int, str, int]] = []
        self._case = self._coder = ""
        self._attributes: dict[str, dict[str, str]] = {}

    def add_to(self, gathered: Gathered, name: str, file_name: str) -> None:
        """Read it, and add it to `gathered` as the source `name`, which lies in `file_name`."""
        for number, line in self._lines():
            self._line(number, line)
        coder = self._coder or self._otherwise
        for case, stated in self._attributes.items():
            gathered.cases[case] = stated
        own = self._attributes.get(self._case, {})
        text = "".join(self._pieces)
        gathered.source(name, name, text, file=file_name, case=self._case, attributes=own)
        for code, label in self._tree.labels.items():
            gathered.code(self._tree.path(code), label)
        for start, end, code, number in self._coded:
            said = Said(start, end, text[start:end], self._tree.path(code), coder, row=number)
            gathered.coding(name, said)

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


def _first_of_the_same_lines(file: CodingFile) -> tuple[str, bool]:
    """The name of the first file beside this one that has the same lines, and whether any other
    has."""
    own = set(_UID.findall(file.text))
    same = [
        path.stem
        for path in sorted(file.path.parent.glob("*.rock"))
        if path != file.path and not path.is_symlink() and _share(own, path)
    ]
    return min([file.path.stem, *same]), bool(same)


def _share(own: set[str], path: Path) -> bool:
    try:
        return bool(own) and _shares(own, decode(CodingFile(path).data, path.name))
    except StudyError:
        return False


def _shares(own: set[str], other: str) -> bool:
    return bool(own) and len(own & set(_UID.findall(other))) > _SHARED * len(own)


def _listed(value: Any) -> list[dict[Any, Any]]:
    rows = value if isinstance(value, list) else [value]
    return [one for one in rows if isinstance(one, dict)]


PROJECT = Format("ROCK project", (".rockproject",), is_rock_project, read_rock_project)
FORMAT = Format("ROCK source", (".rock",), is_rock, read_rock)
