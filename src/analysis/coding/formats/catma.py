"""CATMA 7 projects in their git layout, as GitMA has them: documents, tagsets, collections."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.encoding import decode
from analysis.coding.formats.format import Format
from analysis.coding.formats.gathered import Gathered, Said, united, whole
from analysis.coding.project import MOST_LEVELS, CodedProject, Report, distinct_names, step

_ANNOTATIONS = re.compile(r"(?:^|/)collections/([^/]+)/annotations/[^/]+\.json$")
_TAG = re.compile(r"(?:^|/)tagsets/([^/]+)/([^/]+)/propertydefs\.json$")
_DOCUMENT = re.compile(r"(?:^|/)documents/([^/]+)/header\.json$")
_AUTHOR = "catma_markupauthor"


def is_catma(file: CodingFile) -> bool:
    """Whether the folder or zip has documents and collections as CATMA lays them out."""
    names = file.members.names if file.members else []
    return any(map(_DOCUMENT.search, names)) and any("collections/" in name for name in names)


def read_catma(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read the project: tags are codes, the author of an annotation is the coder.

    An annotation is a list of ranges, of which those that touch are one: what is left apart are
    codings of their own. Values of a tag's own properties are the memo. Raises `StudyError` for a
    member that is too large or cannot be read.
    """
    return _Project(file).read()


@dataclass
class _Tags:
    """Every tag's path, and the name of every property, by their ids."""

    paths: dict[str, str] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)


class _Project:
    def __init__(self, file: CodingFile) -> None:
        assert file.members is not None
        self._members = file.members
        self._report = Report(file.name)
        self._gathered = Gathered(file.name, "CATMA project", self._report, program="catma")

    def read(self) -> CodedProject:
        texts = dict(self._documents())
        tags = self._tags()
        for path in tags.paths.values():
            self._gathered.code(path)
        for name in sorted(self._members.names):
            if _ANNOTATIONS.search(name):
                annotations = self._json(name)
                for one in annotations if isinstance(annotations, list) else [annotations]:
                    self._annotation(one, tags, texts)
        return self._gathered.project()

    def _json(self, name: str) -> Any:
        try:
            return json.loads(decode(self._members.read(name), name))
        except (ValueError, RecursionError):
            self._report.add("left out", "annotation files or headers that are not JSON")
            return None

    def _documents(self) -> Iterator[tuple[str, str]]:
        """Every document with its text, by its id."""
        for name in sorted(self._members.names):
            found = _DOCUMENT.search(name)
            if not found:
                continue
            key, header = found[1], _dict(self._json(name))
            about = _dict(header.get("gitContentInfoSet"))
            technical = _dict(header.get("gitTechInfoSet"))
            member = f"{name.rpartition('/')[0]}/{key}.txt"
            text = ""
            if member in self._members.names:
                text = decode(self._members.read(member), member)
            title, original = str(about.get("title") or key), str(technical.get("fileName") or "")
            self._gathered.source(key, title, text, file=original)
            yield key, text

    def _tags(self) -> _Tags:
        tags = _Tags()
        named: dict[str, tuple[str, str]] = {}
        for name in sorted(self._members.names):
            found = _TAG.search(name)
            if not found:
                continue
            stated = _dict(self._json(name))
            named[found[2]] = (str(stated.get("name") or ""), str(stated.get("parentUuid") or ""))
            for kind in ("systemPropertyDefinitions", "userDefinedPropertyDefinitions"):
                for key, one in _dict(stated.get(kind)).items():
                    tags.properties[str(key)] = str(_dict(one).get("name") or "")
        paths = distinct_names([_path(tag, named) for tag in named], "unnamed")
        tags.paths = dict(zip(named, paths, strict=True))
        return tags

    def _annotation(self, one: Any, tags: _Tags, texts: Mapping[str, str]) -> None:
        body = _dict(_dict(one).get("body"))
        tag = str(body.get("tag") or "").rpartition("/")[2]
        items = _dict(_dict(one).get("target")).get("items")
        if tag not in tags.paths or not isinstance(items, list):
            self._report.add("left out", "codings with a tag that is not listed")
            return
        ranges: dict[str, list[tuple[int, int]]] = {}
        for item in items:
            selector = _dict(_dict(item).get("selector"))
            start, end = whole(selector.get("start")), whole(selector.get("end"))
            if start is None or end is None:
                self._report.add("left out", "ranges of codings without positions")
            else:
                ranges.setdefault(str(_dict(item).get("source")), []).append((start, end))
        coder, memo = _properties(_dict(body.get("properties")), tags)
        for source, told in ranges.items():
            # Only ranges that touch are known to be one before positions are understood.
            for start, end in united(told, None):
                said = Said(start, end, "", tags.paths[tag], coder, memo)
                self._gathered.coding(source, said)


def _properties(properties: Mapping[str, Any], tags: _Tags) -> tuple[str, str]:
    """The author of an annotation, and what its own properties say."""
    system = {
        tags.properties.get(str(key), ""): value
        for key, value in _dict(properties.get("system")).items()
    }
    author = system.get(_AUTHOR)
    coder = str(author[0]) if isinstance(author, list) and author else ""
    own = [
        f"{tags.properties.get(str(key), 'property')}: {', '.join(map(str, values))}"
        for key, values in _dict(properties.get("user")).items()
        if isinstance(values, list) and values
    ]
    return coder, "; ".join(own)


def _path(tag: str, named: Mapping[str, tuple[str, str]]) -> str:
    steps: list[str] = []
    seen: set[str] = set()
    while tag in named and tag not in seen and len(steps) <= MOST_LEVELS:
        seen.add(tag)
        name, tag = named[tag]
        steps.append(step(name))
    return "/".join(reversed(steps))


def _dict(value: Any) -> dict[Any, Any]:
    return value if isinstance(value, dict) else {}


FORMAT = Format("CATMA project", (), is_catma, read_catma)
