"""Edits of YAML that people write: a word is exchanged, a line put in; all else stays as it is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import yaml

from analysis.files import safe_yaml
from analysis.files.problems import Problem, StudyError

_PLAIN = re.compile(r"\w(?:[\w .;()’∕/-]*[\w.)’])?")
_NOTHING = ("null", "~")
_WIDTH = 88


def scalar(value: str) -> str:
    """`value` as a word of YAML that reads as just these characters."""
    if _PLAIN.fullmatch(value) and value.lower() not in _NOTHING:
        return value
    return json.dumps(value, ensure_ascii=False)


def flow(values: Iterable[str]) -> str:
    """Several words as a list in one line."""
    return f"[{', '.join(map(scalar, values))}]"


class YamlText:
    """A YAML file as text with its tree; edits are gathered, then made at once."""

    def __init__(self, text: str, shown: str) -> None:
        self.text, self.shown = text, shown
        self.document: Any = safe_yaml.compose(text, shown)
        self._edits: list[tuple[int, int, str]] = []

    def edited(self) -> str:
        """The text with all edits made."""
        text = self.text
        for start, end, new in sorted(self._edits, key=lambda edit: edit[:2], reverse=True):
            text = text[:start] + new + text[end:]
        return text

    def node(self, name: str) -> Any:
        """What stands under a name at the top, None where nothing does."""
        return field(self.document, name)

    def entries(self, name: str) -> list[Any]:
        """The entries of a list at the top, each a mapping with lines of its own.

        Raises `StudyError` where they stand in brackets, in which no line is anybody's.
        """
        node = self.node(name)
        if node is None or not isinstance(node, yaml.SequenceNode) or not node.value:
            return []
        if node.flow_style or any(one.flow_style for one in node.value):
            raise StudyError(
                Problem(
                    f"{self.shown}, line {node.start_mark.line + 1}",
                    "entries between brackets",
                    "a list with a line for each entry (`- name: …`)",
                    "write it so, then do this once more",
                )
            )
        return list(node.value)

    def exchange(self, node: Any, value: str) -> None:
        """Put a word in the place of another."""
        start, end = node.start_mark.index, node.end_mark.index
        kept = self.text[start:end]
        tail = kept[len(kept.rstrip()) :]
        self._edits.append((start, end, scalar(value) + tail))

    def exchange_text(self, node: Any, written: str) -> None:
        """Put YAML, as written, in the place of a node."""
        self._edits.append((node.start_mark.index, node.end_mark.index, written))

    def set_field(self, entry: Any, name: str, value: str, after: str = "name") -> None:
        """Give a field of an entry a value; a new one has a line below the field `after`."""
        known = field(entry, name)
        if known is not None:
            self.exchange(known, value)
            return
        line = self._line_end(field(entry, after).end_mark.index)
        indent = " " * entry.start_mark.column
        self._edits.append((line, line, f"\n{indent}{name}: {scalar(value)}"))

    def drop_field(self, entry: Any, name: str) -> None:
        """Take the line of a field out; nothing where it is not there."""
        for key, value in entry.value:
            if key.value == name:
                start = self.text.rfind("\n", 0, key.start_mark.index)
                self._edits.append((start, self._line_end(value.start_mark.index), ""))

    def drop_entry(self, entry: Any, following: Any) -> None:
        """Take the lines of an entry out; a comment above it or below it stays."""
        start = self.text.rfind("\n", 0, entry.start_mark.index) + 1
        self._edits.append((start, min(self._end_of(entry, following) + 1, len(self.text)), ""))

    def add_entry(
        self, name: str, fields: list[tuple[str, str]], after: Any, following: Any
    ) -> None:
        """Put an entry into the list `name` at the top, below the entry `after`.

        `fields`: name -> the value as YAML. Without `after` the list is begun.
        """
        column = after.start_mark.column - 2 if after is not None else 2
        indent = " " * max(column, 0)
        lines = [
            f"{indent}{'- ' if at == 0 else '  '}{key}: {said}"
            for at, (key, said) in enumerate(fields)
        ]
        written = "\n".join(lines)
        if after is not None:
            place = self._end_of(after, following)
            apart = "\n\n" if self._is_spaced(after) else "\n"
            self._edits.append((place, place, apart + written))
            return
        node = self.node(name)
        if node is not None:
            start = self.text.rfind(":", 0, node.start_mark.index + 1) + 1
            self._edits.append((start, node.end_mark.index, "\n" + written))
            return
        begun = self.text.rstrip("\n")
        self._edits.append((len(begun), len(self.text), f"\n\n{name}:\n{written}\n"))

    def _is_spaced(self, entry: Any) -> bool:
        """Whether a blank line parts entries."""
        start = self.text.rfind("\n", 0, entry.start_mark.index)
        before = self.text.rfind("\n", 0, max(start, 0))
        return not self.text[before + 1 : max(start, 0)].strip()

    def _line_end(self, place: int) -> int:
        end = self.text.find("\n", place)
        return len(self.text) if end < 0 else end

    def _end_of(self, entry: Any, following: Any) -> int:
        """Where the last line of an entry ends; comments that stand further out are not its own."""
        start = int(entry.start_mark.index)
        if following is not None:
            stop = self.text.rfind("\n", 0, following.start_mark.index)
        else:
            stop = self._line_end(max(start, entry.end_mark.index - 1))
        lines = self.text[start:stop].split("\n")
        while len(lines) > 1:
            last = lines[-1]
            indent = len(last) - len(last.lstrip())
            outside = last.lstrip().startswith("#") and indent < entry.start_mark.column
            if last.strip() and not outside and indent >= entry.start_mark.column:
                break
            lines.pop()
        return start + len("\n".join(lines))


def field(mapping: Any, name: str) -> Any:
    """The node of a field of a mapping, None where there is none."""
    if not isinstance(mapping, yaml.MappingNode):
        return None
    return next((value for key, value in mapping.value if key.value == name), None)


def folded(text: str, indent: int) -> str:
    """A longer text as a folded block, its lines `indent` in; a short one as a word."""
    words = " ".join(text.split())
    if len(words) < _WIDTH - indent or not _PLAIN.match(words):
        return scalar(words)
    lines, line = list[str](), ""
    for word in words.split(" "):
        if line and len(line) + len(word) + 1 > _WIDTH - indent:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return ">-\n" + "\n".join(" " * indent + one for one in [*lines, line])
