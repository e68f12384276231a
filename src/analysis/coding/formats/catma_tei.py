"""CATMA's standoff TEI (.xml): tags as feature structures, annotations as ranges of a text that
stands elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import unquote

from lxml import etree

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.containers import parse_xml
from analysis.coding.formats.format import Format
from analysis.coding.formats.gathered import Gathered, Said, united
from analysis.coding.project import CodedProject, Report, distinct_names, step

_ID = "{http://www.w3.org/XML/1998/namespace}id"
_TARGET = re.compile(r"catma://++(?P<document>[^#]*+)#char=(?P<start>\d{1,12}),(?P<end>\d{1,12})")
_AUTHOR = "catma_markupauthor"
_SYSTEM = "catma_"


def is_catma_tei(file: CodingFile) -> bool:
    """Whether the file is TEI whose pointers are CATMA's."""
    return file.is_xml and b"<TEI" in file.data[:4_000] and b"catma:" in file.data


def read_catma_tei(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read one collection of annotations: tags are codes, told apart by their ids, for several may
    have one name.

    The text is cut wherever an annotation begins or ends; the pieces of one that touch are one
    coding. What is left apart are codings of their own. Raises `StudyError` for what is no XML.
    """
    root = parse_xml(file.data, file.name)
    report = Report(file.name)
    gathered = Gathered(file.name, "CATMA annotations in TEI", report, program="catma")
    paths = _tags(root)
    for path in paths.values():
        gathered.code(path)
    ranges: dict[tuple[str, str], list[tuple[int, int]]] = {}
    for name, document, start, end in _ranges(root):
        ranges.setdefault((name, document), []).append((start, end))
    annotations = {one.get(_ID, ""): one for one in root.iter("{*}fs")}
    sources = sorted({document for _, document in ranges})
    for document in sources:
        plain = PurePosixPath(unquote(document)).name or document
        gathered.source(document, plain, None, file=plain)
    for (name, document), told in ranges.items():
        one = annotations.get(name)
        tag = "" if one is None else one.get("type", "")
        if one is None or tag not in paths:
            report.add("left out", "codings with a tag that is not listed")
            continue
        coder, memo = _properties(one)
        for start, end in united(told, None):
            gathered.coding(document, Said(start, end, "", paths[tag], coder, memo))
    return gathered.project()


def _ranges(root: etree._Element) -> Iterator[tuple[str, str, int, int]]:
    """Each piece of an annotation: its id, the document, and its place."""
    for segment in root.iter("{*}seg"):
        names = [name.lstrip("#") for name in (segment.get("ana") or "").split()]
        for pointer in segment.iter("{*}ptr"):
            found = _TARGET.fullmatch((pointer.get("target") or "").strip())
            if found:
                for name in names:
                    yield name, found["document"], int(found["start"]), int(found["end"])


def _tags(root: etree._Element) -> dict[str, str]:
    """The path of every tag, by its id."""
    named: dict[str, tuple[str, str]] = {}
    for declared in root.iter("{*}fsDecl"):
        said = declared.findtext("{*}fsDescr") or declared.get("type") or ""
        named[declared.get(_ID, "")] = (said.strip(), (declared.get("baseTypes") or "").strip())
    paths = distinct_names(["/".join(_steps(tag, named)) for tag in named], "unnamed")
    return dict(zip(named, paths, strict=True))


def _steps(tag: str, named: Mapping[str, tuple[str, str]]) -> list[str]:
    steps: list[str] = []
    seen: set[str] = set()
    while tag in named and tag not in seen:
        seen.add(tag)
        name, tag = named[tag]
        steps.insert(0, step(name))
    return steps


def _properties(one: etree._Element) -> tuple[str, str]:
    """The author of an annotation, and what its own properties say."""
    coder, told = "", []
    for feature in one.iter("{*}f"):
        name = feature.get("name") or ""
        value = ", ".join(" ".join("".join(map(str, part.itertext())).split()) for part in feature)
        if name == _AUTHOR:
            coder = value
        elif value and not name.startswith(_SYSTEM):
            told.append(f"{name}: {value}")
    return coder, "; ".join(told)


FORMAT = Format("CATMA annotations in TEI", (".xml", ".tei"), is_catma_tei, read_catma_tei)
