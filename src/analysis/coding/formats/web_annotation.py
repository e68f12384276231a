"""W3C Web Annotations in JSON-LD: tags on words of texts that stand elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.format import Format
from analysis.coding.formats.gathered import Gathered, Said, whole
from analysis.coding.project import CodedProject, Report, step

_CONTEXT = "w3.org/ns/anno"
# A selector is refined by another one, and that by a third: no deeper than this.
_DEEPEST = 8


def is_web_annotation(file: CodingFile) -> bool:
    """Whether the file says so in its context."""
    first = file.json[0] if isinstance(file.json, list) and file.json else file.json
    return isinstance(first, dict) and _CONTEXT in str(first.get("@context"))


def read_web_annotations(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read one annotation, a list, a page or a collection: a body that tags is a code.

    The words and positions of its target are looked for in the text of the study; annotations
    without a tag, and those whose target is no part of a text, are counted.
    """
    report = Report(file.name)
    gathered = Gathered(file.name, "Web Annotations", report)
    known: dict[str, str] = {}
    for number, one in enumerate(_annotations(file.json, 0), 1):
        tags = list(_tags(one.get("body")))
        coder, memo = _name(one.get("creator")), "; ".join(_comments(one.get("body")))
        report.add("left out", "annotations without a tag (not codings)", int(not tags))
        for target in _each(one.get("target")) if tags else ():
            source = _source(target)
            start, end, words = _selected(target)
            if not source or (start is None and not words):
                report.add("left out", "codings of something else than words of a text")
                continue
            if source not in known:
                known[source] = _file_name(source)
                gathered.source(source, known[source], None, file=known[source])
            for tag in tags:
                gathered.coding(source, Said(start, end, words, step(tag), coder, memo, number))
    return gathered.project()


def _annotations(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    for one in _each(value):
        if not isinstance(one, dict):
            continue
        if "target" in one:
            yield one
        for name in ("first", "items", "@graph"):
            yield from _annotations(one.get(name), depth + 1)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _tags(body: Any) -> Iterator[str]:
    for one in _each(body):
        if isinstance(one, dict) and "tagging" in map(str, _each(one.get("purpose"))):
            value = one.get("value") or one.get("source") or one.get("id")
            if isinstance(value, str) and value.strip():
                yield value


def _comments(body: Any) -> Iterator[str]:
    for one in _each(body):
        tags = isinstance(one, dict) and "tagging" in map(str, _each(one.get("purpose")))
        if isinstance(one, dict) and not tags and isinstance(one.get("value"), str):
            yield one["value"]


def _name(creator: Any) -> str:
    one = next(iter(_each(creator)), "")
    if isinstance(one, dict):
        return str(one.get("name") or one.get("nickname") or one.get("id") or "")
    return str(one)


def _source(target: Any) -> str:
    if isinstance(target, dict):
        inner = target.get("source", target.get("id"))
        return str(inner.get("id") or "") if isinstance(inner, dict) else str(inner or "")
    return target if isinstance(target, str) else ""


def _file_name(source: str) -> str:
    try:
        path = unquote(urlsplit(source).path)
    except ValueError:
        path = source
    return PurePosixPath(path).name or source


def _selected(target: Any) -> tuple[int | None, int | None, str]:
    """Positions and words of a target, as far as its selectors state them."""
    start = end = None
    words = ""
    for one in _selectors(target.get("selector") if isinstance(target, dict) else None, 0):
        if one.get("type") == "TextQuoteSelector" and isinstance(one.get("exact"), str):
            words = one["exact"]
        if one.get("type") == "TextPositionSelector":
            start, end = whole(one.get("start")), whole(one.get("end"))
    return (start, end, words) if start is not None and end is not None else (None, None, words)


def _selectors(value: Any, depth: int) -> Iterator[dict[str, Any]]:
    for one in _each(value) if depth <= _DEEPEST else ():
        if isinstance(one, dict):
            yield one
            yield from _selectors(one.get("refinedBy"), depth + 1)


FORMAT = Format("Web Annotations", (".jsonld", ".json"), is_web_annotation, read_web_annotations)
