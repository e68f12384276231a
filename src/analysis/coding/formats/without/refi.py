"""REFI-QDA projects without one source: its text, selections, notes and links go."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.containers import Archive, parse_xml
from analysis.coding.formats.format import Matches
from analysis.coding.formats.refi_elements import bare
from analysis.coding.project import distinct_names
from analysis.file_text.file_words import FileWords, file_quotes, is_copy
from analysis.text.runs import quotes

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_PATHS = ("plainTextPath", "richTextPath", "path", "currentPath")


def project_without(file: CodingFile, matches: Matches, sought: frozenset[str]) -> bytes:
    """A `.qdpx` without these sources."""
    return archive_without(file.data, file.name, matches, sought)


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
    by_name = {name.rpartition("/")[2].casefold(): name for name in archive.names}

    def beside(path: str) -> str:
        member = by_name.get(path)
        return FileWords.of(archive.read(member), member).text if member else ""

    changed = _take_out(root, matches, sought, beside)
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


def document_without(file: CodingFile, matches: Matches, sought: frozenset[str]) -> bytes:
    """A bare `.qde` without these sources."""
    root = parse_xml(file.data, file.name)
    if not _take_out(root, matches, sought, lambda path: ""):
        return file.data
    return etree.tostring(root, xml_declaration=True, encoding="utf-8")


def _paths(root: etree._Element) -> Iterator[str]:
    """The names of files of the archive that the project names."""
    for element in root.iter("{*}*"):
        yield from _paths_of(element)


def _paths_of(element: etree._Element) -> Iterator[str]:
    for attribute in _PATHS:
        path = element.get(attribute) or ""
        if path:
            yield path.rpartition("/")[2].casefold()


def _take_out(
    root: etree._Element, matches: Matches, sought: frozenset[str], beside: Callable[[str], str]
) -> bool:
    """Take the sources and what hangs on them out of `root`, and elsewhere the one description,
    note, value or name that quotes; say whether anything went.

    `beside` gives the words of a file of the archive by its name.
    """
    elements = [source for group in root.iterchildren("{*}Sources") for source in group]
    with_text = [one for one in elements if _has_text(one)]
    names = distinct_names([_name(one) for one in with_text], "source")
    own = dict(zip(with_text, names, strict=True))
    gone = [
        one
        for one in elements
        if matches(own.get(one, _name(one)), _name(one), one.get("path") or "")
        or is_copy(_text(one, beside), sought)
    ]
    guids: set[str] = set()
    for element in gone:
        guids |= _guids(element)
        guids |= {bare(note.get("targetGUID") or "") for note in element.iter("{*}NoteRef")}
    going = [*gone]
    for note in root.iter("{*}Note"):
        if _guids(note) & guids or quotes(_text(note, beside) + _words(note), sought):
            guids |= _guids(note)
            going.append(note)
    going += [
        one
        for one in root.iter("{*}Description", "{*}VariableValue")
        if quotes(" ".join(map(str, one.itertext())), sought)
    ]
    for case in root.iter("{*}Case"):
        # A case that this source alone made up tells of the person who left.
        refs = list(case.iterchildren("{*}SourceRef"))
        if refs and all(bare(ref.get("targetGUID") or "") in guids for ref in refs):
            going.append(case)
    going += [
        one
        for one in root.iter("{*}*")
        if any(bare(str(value)) in guids for value in one.attrib.values() if len(value) >= 32)
    ]
    for element in going:
        _remove(element)
    return _unnamed(root, sought) or bool(going)


def _unnamed(root: etree._Element, sought: frozenset[str]) -> bool:
    """Take the names that quote off selections, which need none; say whether there was one."""
    named = [
        one
        for one in root.iter("{*}*")
        if etree.QName(one).localname.endswith("Selection")
        and quotes(one.get("name") or "", sought)
    ]
    for one in named:
        del one.attrib["name"]
    return bool(named)


def _text(element: etree._Element, beside: Callable[[str], str]) -> str:
    """The text that the element holds, or that the files hold which it names."""
    held = [str(one.text or "") for one in element.iter("{*}PlainTextContent")]
    named = [name for one in element.iter("{*}*") for name in _paths_of(one)]
    return " ".join([*held, *map(beside, named)])


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
    return {bare(one.get("guid") or "") for one in element.iter("{*}*")} - {""}


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
