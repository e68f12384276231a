"""YAML that a person wrote, read with its lines and nothing but plain values."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from analysis.files.problems import Problem, StudyError, raise_if_any

#: Safe, and in C where PyYAML has it so.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_LARGEST = 2_000_000
_DEEPEST = 30


def read_text(path: Path, shown: str) -> str:
    """The text of a YAML file. Raises `FileNotFoundError`, and `StudyError` for what is no UTF-8
    (with the line) or larger than 2 MB."""
    content = path.read_bytes()
    if len(content) > _LARGEST:
        raise StudyError(
            Problem(shown, f"{len(content):,} bytes", f"at most {_LARGEST:,} bytes", "shorten it")
        )
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

    Raises `StudyError`, naming the line, for what is no YAML, is nested deeper than 30 levels,
    repeats itself by anchors, or has a name twice in one mapping.
    """
    try:
        _refuse_depths_and_aliases(text, shown)
        document = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        raise StudyError(_problem_of(error, shown)) from None
    raise_if_any(list(_repeated(document, shown)))
    return document


def plain(document: Any, shown: str) -> Any:
    """The values of a composed tree: mappings, lists, words, numbers, dates, true and false.

    None when the tree is None. Raises `StudyError` for a value that is not what it looks like, or
    is marked as: a date that is in no calendar, a tag (`!name`) that nothing here knows.
    """
    if document is None:
        return None
    try:
        return LOADER("").construct_document(document)
    except yaml.YAMLError as error:
        raise StudyError(_problem_of(error, shown)) from None
    except (ValueError, AttributeError) as error:  # `!!timestamp words` is the second.
        raise StudyError(
            Problem(
                shown,
                f"a value that cannot be read ({error})",
                "dates that exist, plain words",
                "correct it, or put it between quotation marks",
            )
        ) from None


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
