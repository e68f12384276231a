"""doccano's export: one text a line in JSON, with its labels."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.containers import refuse
from analysis.coding.formats.format import Format, Matches
from analysis.coding.formats.gathered import Gathered, Said, whole
from analysis.coding.project import CodedProject, Report, step
from analysis.file_text.file_words import is_copy

_TEXTS, _LABELS = ("text", "data"), ("label", "labels", "entities")


def is_doccano(file: CodingFile) -> bool:
    """Whether the first line is a text with labels in JSON."""
    first = next((line for line in file.text.splitlines() if line.strip()), "")
    return first.startswith("{") and _is_labelled(_parsed(first))


def read_doccano(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read a `.jsonl`; a label without positions is one of the whole text.

    The file stores no words: positions are judged by the edges of words. It names no coder.
    Raises `StudyError` with the line that is no JSON.
    """
    report = Report(file.name)
    gathered = Gathered(file.name, "doccano export", report, counted_in="line")
    for line, one in _numbered(file):
        text = next((one[name] for name in _TEXTS if isinstance(one.get(name), str)), "")
        gathered.source(line, _name(file, one, line), text)
        for label in _labels(one):
            said = _said(label, len(text), line)
            if said is None:
                report.add("left out", "codings that are no label with its positions")
            else:
                gathered.coding(line, said)
    return gathered.project()


def _numbered(file: CodingFile) -> Iterator[tuple[int, dict[str, Any]]]:
    for line, said in enumerate(file.text.split("\n"), 1):
        if not said.strip():
            continue
        one = _parsed(said)
        if not isinstance(one, dict):
            raise refuse(
                f"{file.name}, line {line}",
                "a line that is not JSON",
                "a text and its labels",
                "export it again",
            )
        yield line, one


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _is_labelled(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and any(isinstance(one.get(name), str) for name in _TEXTS)
        and any(isinstance(one.get(name), list) for name in _LABELS)
    )


def _labels(one: Mapping[str, Any]) -> list[Any]:
    return next((one[name] for name in _LABELS if isinstance(one.get(name), list)), [])


def _said(label: Any, length: int, line: int) -> Said | None:
    if isinstance(label, str):
        return Said(0, length, "", step(label), row=line) if length else None
    if isinstance(label, dict):
        label = [label.get("start_offset"), label.get("end_offset"), label.get("label")]
    if not (isinstance(label, list) and len(label) == 3 and isinstance(label[2], str)):
        return None
    start, end = whole(label[0]), whole(label[1])
    if start is None or end is None:
        return None
    return Said(start, end, "", step(label[2]), row=line)


def _without(file: CodingFile, matches: Matches, sought: frozenset[str]) -> bytes:
    """The lines of the other texts."""
    gone = {
        line
        for line, one in _numbered(file)
        if matches(_name(file, one, line), "", "")
        or is_copy(
            next((one[name] for name in _TEXTS if isinstance(one.get(name), str)), ""), sought
        )
    }
    kept = [said for line, said in enumerate(file.text.split("\n"), 1) if line not in gone]
    return "\n".join(kept).encode("utf-8") if gone else file.data


def _name(file: CodingFile, one: Mapping[str, Any], line: int) -> str:
    return f"{file.path.stem} {one.get('id', line)}"


FORMAT = Format("doccano export", (".jsonl",), is_doccano, read_doccano, _without)
