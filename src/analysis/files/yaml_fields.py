"""YAML that people write, read with its lines: every field is checked where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from analysis.files import dates, safe_yaml, vocabulary
from analysis.files.problems import Problem, StudyError

_SHOWN = re.compile(r"\s+")
_YES = ("true", "yes", "on")
_NO = ("false", "no", "off")


def compose(path: Path, shown: str, problems: list[Problem]) -> Fields | None:
    """Read `path` as a mapping; None when there is no such file.

    Raises `StudyError` for what `safe_yaml` refuses. Later problems of single fields are added to
    `problems`.
    """
    try:
        text = safe_yaml.read_text(path, shown)
    except FileNotFoundError:
        return None
    return compose_text(text, shown, problems)


def compose_text(text: str, shown: str, problems: list[Problem]) -> Fields:
    """The mapping that `text` is, without fields when nothing is in it; raises as `compose`."""
    document = safe_yaml.compose(text, shown)
    if document is None:
        return Fields({}, {}, 1, shown, "", problems)
    if not isinstance(document, yaml.MappingNode):
        raise StudyError(
            Problem(f"{shown}, line 1", "no `name: value` lines", "a mapping", "see data/README.md")
        )
    return Fields.of(document, shown, "", problems)


@dataclass(frozen=True)
class Fields:
    """One mapping of the file, its field names and the lines they stand in."""

    nodes: Mapping[str, Any]
    lines: Mapping[str, int]
    line: int
    shown: str
    name: str
    problems: list[Problem]

    @classmethod
    def of(cls, node: Any, shown: str, name: str, problems: list[Problem]) -> Fields:
        """The fields of `node`, of which `safe_yaml` saw to it that each stands once."""
        nodes = {str(key.value): value for key, value in node.value}
        line = node.start_mark.line + 1
        return cls(nodes, safe_yaml.lines_of(node), line, shown, name, problems)

    def problem(self, field: str, found: str, expected: str, remedy: str) -> None:
        """Note a problem at the line of `field`, or of the mapping when the field is missing."""
        where = f"{self.shown}, line {self.lines.get(field, self.line)}"
        about = ", ".join(part for part in (self.name, field) if part)
        self.problems.append(
            Problem(f"{where}, {about}" if about else where, found, expected, remedy)
        )

    def only(self, allowed: Iterable[str]) -> None:
        """Note every field that is not `allowed`."""
        names = list(allowed)
        for field in self.nodes:
            if field not in names:
                self.problem(
                    field,
                    "a field of this name",
                    f"one of {', '.join(names)}",
                    "correct its name or take it out",
                )

    def text(self, field: str, *, required: bool = True) -> str:
        """The words of a field, white space made plain; '' when there are none."""
        node = self.nodes.get(field)
        if node is not None and not isinstance(node, yaml.ScalarNode):
            self.problem(field, "a list", "words", "write it as one value")
            return ""
        words = ""
        if node is not None and not safe_yaml.is_nothing(node):
            words = _SHOWN.sub(" ", node.value).strip()
        if required and not words:
            self.problem(field, "no words", "this field filled", "write it")
        return words

    def called_here(self, field: str) -> str:
        """What a thing is called, which may be `null`; noted as missing when there is nothing."""
        node = self.nodes.get(field)
        is_null = isinstance(node, yaml.ScalarNode) and node.value.lower() == "null"
        return str(node.value) if node is not None and is_null else self.text(field)

    def date(self, field: str, *, required: bool = True, whole: bool = True) -> str:
        """A date (`dates.fault_of`); '' when there is none."""
        words = self.text(field, required=required)
        fault = dates.fault_of(words, whole=whole) if words else None
        if fault:
            self.problem(field, *fault)
        return words

    def truth(self, field: str, default: bool) -> bool:
        """Yes or no, in one of the ways in which YAML writes them."""
        words = self.text(field, required=False).casefold()
        if words in _YES or words in _NO:
            return words in _YES
        if words:
            self.problem(field, repr(words[:60]), "true or false", "correct it")
        return default

    def one_of(self, field: str, allowed: Iterable[str], default: str = "") -> str:
        """A word out of `allowed`; without a `default` it must be there."""
        words = self.text(field, required=not default)
        known = vocabulary.meant(words, allowed)
        if words and known is None:
            self.problem(field, repr(words[:60]), f"one of {', '.join(allowed)}", "correct it")
        return known or words or default

    def number(self, field: str, low: float, high: float, *, whole: bool) -> float:
        """A number between `low` and `high`, both allowed."""
        words = self.text(field)
        try:
            value = float(int(words) if whole else float(words))
        except (ValueError, OverflowError):
            value = low - 1
        if not low <= value <= high:
            kind = "a whole number" if whole else "a number"
            top = f" to {high:g}" if high < float("inf") else " or more"
            self.problem(field, repr(words[:60]), f"{kind}, {low:g}{top}", "correct it")
            return low
        return value

    def is_empty(self, field: str) -> bool:
        """Whether a field is missing, or has no value, or an empty list."""
        node = self.nodes.get(field)
        return node is None or not node.value

    def texts(self, field: str) -> tuple[str, ...]:
        """A list of words, at least one."""
        entries = self._entries(field, yaml.ScalarNode, "words")
        return tuple(_SHOWN.sub(" ", entry.value).strip() for entry in entries)

    def joined(self, field: str) -> str:
        """The words of a field, or of each entry of the list in it with '; ' between."""
        node = self.nodes.get(field)
        if isinstance(node, yaml.SequenceNode):
            return "; ".join(self.texts(field)) if node.value else ""
        return self.text(field, required=False)

    def mappings(self, field: str, name: str) -> list[Fields]:
        """A list of mappings, at least one, each called `name` until it says its own."""
        entries = self._entries(field, yaml.MappingNode, "`name: value` lines")
        return [Fields.of(entry, self.shown, name, self.problems) for entry in entries]

    def mapping(self, field: str) -> Fields | None:
        """The mapping in a field, or None."""
        node = self.nodes.get(field)
        if isinstance(node, yaml.MappingNode):
            return Fields.of(node, self.shown, f"{self.name}, {field}".strip(", "), self.problems)
        if node is not None:
            self.problem(field, "something else", "`name: value` lines", "indent them under it")
        return None

    def _entries(self, field: str, wanted: type, said: str) -> list[Any]:
        node = self.nodes.get(field)
        entries = node.value if isinstance(node, yaml.SequenceNode) else []
        if not entries:
            self.problem(field, "no list", f"a list of {said}", "write at least one entry")
        fitting = [entry for entry in entries if isinstance(entry, wanted)]
        if len(fitting) < len(entries):
            self.problem(field, "an entry of another form", f"a list of {said}", "correct it")
        return fitting
