"""YAML that a person wrote, read with its lines, every word as it is written.

YAML says how the file is built; what a word is, the field says that holds it. So a code may be
called `1.10`, `yes`, `0123` or `12:30`, and stays so.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import yaml

from analysis.files.conflicts import refuse_conflict
from analysis.files.problems import Problem, StudyError, raise_if_any
from analysis.files.regular import read_regular

#: Safe, and in C where PyYAML has it so.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LARGEST = 2_000_000
_DEEPEST = 30
_WORDS_TAG = "tag:yaml.org,2002:str"
_NOTHING = ("", "~", "null")


class _AsWritten(LOADER):  # type: ignore[misc, valid-type]
    """Takes no word for a number, a date or a truth."""

    yaml_implicit_resolvers: ClassVar[dict[str, Any]] = {}


def read_text(path: Path, shown: str) -> str:
    """The text of a YAML file. Raises `FileNotFoundError`, and `StudyError` for what is no UTF-8
    (with the line) or larger than 2 MB."""
    content = read_regular(path, shown, _LARGEST)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise StudyError(
            Problem(
                f"{shown}, line {line}",
                "bytes that are not UTF-8",
                "YAML in UTF-8",
                "save it as UTF-8",
            )
        ) from None


def compose(text: str, shown: str) -> Any:
    """The tree of `text` (yaml.Node, each with its line); None when nothing is in it.

    Raises `StudyError`, naming the line, for a conflict that git left, what is no YAML, is nested deeper than 30 levels,
    repeats itself by anchors, is marked as something else (`!name`), or has a name twice in one
    mapping.
    """
    refuse_conflict(text, shown)
    try:
        _refuse_depths_and_aliases(text, shown)
        document = yaml.compose(text, Loader=_AsWritten)
    except yaml.YAMLError as error:
        raise StudyError(_problem_of(error, shown)) from None
    raise_if_any([*_marked(document, shown), *_repeated(document, shown)])
    return document


def as_written(node: Any) -> Any:
    """What a composed tree holds: mappings and lists of words, each as it stands in the file.

    None where nothing is given: no tree, an empty value, or a bare `~` or `null`.
    """
    if isinstance(node, yaml.MappingNode):
        return {str(key.value): as_written(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [as_written(entry) for entry in node.value]
    return None if node is None or is_nothing(node) else node.value


def is_nothing(node: Any) -> bool:
    """Whether a word only says that there is none: `~` or `null` without quotation marks."""
    return not node.style and node.value.lower() in _NOTHING


def _problem_of(error: yaml.YAMLError, shown: str) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line = f", line {mark.line + 1}" if mark else ""
    found = str(getattr(error, "problem", None) or "not readable as YAML")
    return Problem(f"{shown}{line}", found, "YAML", "correct this line or the one before")


def lines_of(document: Any) -> dict[str, int]:
    """The line of every name of the mapping `document`; none when it is no mapping."""
    entries = document.value if isinstance(document, yaml.MappingNode) else []
    return {str(key.value): key.start_mark.line + 1 for key, _ in entries}


def _refuse_depths_and_aliases(text: str, shown: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=LOADER):
        place = f"{shown}, line {event.start_mark.line + 1 if event.start_mark else 1}"
        if isinstance(event, yaml.AliasEvent):
            raise StudyError(
                Problem(place, "an alias (`*name`)", "plain values", "write the value out")
            )
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise StudyError(
                Problem(
                    place, "lists within lists without end", "a few levels", "correct the brackets"
                )
            )


def _marked(node: Any, shown: str) -> Iterator[Problem]:
    """Words that carry a mark of what they shall be, and names that are no words."""
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _marked(entry, shown)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                yield Problem(
                    f"{shown}, line {key.start_mark.line + 1}",
                    "a list in the place of a name",
                    "`name: value` lines",
                    "put words with braces or brackets between quotation marks",
                )
            yield from _marked(value, shown)
    elif node is not None and node.tag not in (_WORDS_TAG, "!"):
        mark = node.tag.replace("tag:yaml.org,2002:", "!!")
        yield Problem(
            f"{shown}, line {node.start_mark.line + 1}",
            f"a value marked {mark[:40]}",
            "plain words",
            "take the mark away, or put it between quotation marks",
        )


def _repeated(node: Any, shown: str) -> Iterator[Problem]:
    if isinstance(node, yaml.SequenceNode):
        for entry in node.value:
            yield from _repeated(entry, shown)
    elif isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in first:
                yield Problem(
                    f"{shown}, line {line}, {name}",
                    f"this name a second time (line {first[name]})",
                    "each name once",
                    "remove one",
                )
            first.setdefault(name, line)
            yield from _repeated(value, shown)
