"""REFI-QDA projects without one source: its text, selections, notes and links go."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping

from lxml import etree

from analysis.coding.containers import Archive, parse_xml
from analysis.coding.project import distinct_names
from analysis.purge.databases import Matches
from analysis.purge.runs import file_quotes, quotes

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_PATHS = ("plainTextPath", "richTextPath", "path", "currentPath")


def archive_without(data: bytes, where: str, matches: Matches, sought: frozenset[str]) -> bytes:
    """The `.qdpx` `data` without the sources for which `matches(id, name, file)` holds.

    Files of the archive that only these sources name go, and so do files that nothing names and
    that have a run of `sought`.
    """
    archive = Archive(data, where)
    project = archive.find(".qde")
    assert project is not None
    root = parse_xml(archive.read(project), where)
    named = set(_paths(root))
    changed = _take_out(root, matches, sought)
    left = set(_paths(root))
    written = etree.tostring(root, xml_declaration=True, encoding="utf-8")
    contents = {project: written}
    for member in archive.names:
        name = member.rpartition("/")[2].casefold()
        content = archive.read(member)
        stray = name not in left and file_quotes(content, member, sought)
        if member != project and name not in named - left and not stray:
            contents[member] = content
    return packed(contents) if changed or len(contents) < len(archive.names) else data


def packed(contents: Mapping[str, bytes]) -> bytes:
    """A zip file of these members."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def document_without(data: bytes, where: str, matches: Matches, sought: frozenset[str]) -> bytes:
    """The bare `.qde` `data` without these sources."""
    root = parse_xml(data, where)
    if not _take_out(root, matches, sought):
        return data
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _paths(root: etree._Element) -> Iterator[str]:
    """The names of files of the archive that the project names."""
    for element in root.iter("{*}*"):
        for attribute in _PATHS:
            path = element.get(attribute) or ""
            if path:
                yield path.rpartition("/")[2].casefold()


def _take_out(root: etree._Element, matches: Matches, sought: frozenset[str]) -> bool:
    """Take the sources and what hangs on them out of `root`; say whether anything went."""
    before = sum(1 for _ in root.iter())
    elements = [source for group in root.iterchildren("{*}Sources") for source in group]
    with_text = [one for one in elements if _has_text(one)]
    names = distinct_names([_name(one) for one in with_text], "source")
    own = dict(zip(with_text, names, strict=True))
    gone = [
        one
        for one in elements
        if matches(own.get(one, _name(one)), _name(one), one.get("path") or "")
        or quotes(_words(one), sought)
    ]
    guids: set[str] = set()
    for element in gone:
        guids |= _guids(element)
        guids |= {_bare(note.get("targetGUID") or "") for note in element.iter("{*}NoteRef")}
        _remove(element)
    for note in list(root.iter("{*}Note")):
        if _guids(note) & guids or quotes(_words(note), sought):
            guids |= _guids(note)
            _remove(note)
    for case in list(root.iter("{*}Case")):
        # A case that this source alone made up tells of the person who left.
        refs = list(case.iterchildren("{*}SourceRef"))
        if refs and all(_bare(ref.get("targetGUID") or "") in guids for ref in refs):
            _remove(case)
    for element in list(root.iter("{*}*")):
        if any(_bare(str(value)) in guids for value in element.attrib.values() if len(value) >= 32):
            _remove(element)
    return sum(1 for _ in root.iter()) < before


def _has_text(element: etree._Element) -> bool:
    kind = etree.QName(element).localname
    return kind == "TextSource" or (
        kind == "PDFSource" and next(element.iterchildren("{*}Representation"), None) is not None
    )


def _name(element: etree._Element) -> str:
    inner = next(element.iterchildren("{*}Representation"), None)
    return element.get("name") or (inner.get("name") if inner is not None else "") or ""


def _words(element: etree._Element) -> str:
    return " ".join([*map(str, element.itertext()), element.get("name") or ""])


def _guids(element: etree._Element) -> set[str]:
    return {_bare(one.get("guid") or "") for one in element.iter("{*}*")} - {""}


def _bare(guid: str) -> str:
    return guid.strip().strip("{}").lower()


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
