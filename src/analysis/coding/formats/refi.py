"""REFI-QDA projects (.qdpx) and codebooks (.qdc), as the programs really write them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.containers import Archive, parse_xml, refuse
from analysis.coding.formats.format import Format
from analysis.coding.formats.refi_codes import CodeTree
from analysis.coding.formats.refi_codings import CodedSource, codings_of
from analysis.coding.formats.refi_elements import (
    Element,
    bare,
    child_of,
    children,
    guid_of,
    local,
    text_of,
)
from analysis.coding.formats.refi_texts import Texts
from analysis.coding.formats.without.refi import document_without, project_without
from analysis.coding.project import (
    SOURCE_COLUMNS,
    UNKNOWN_CODER,
    CodedProject,
    Report,
    attributes_table,
    codes_table,
    distinct_names,
    quotations_table,
)

# Far outside any text, and still a number of 64 bits.
_FARTHEST = 1 << 40
_NOT_TAKEN = ("Notes", "Links", "Sets", "Graphs")


def read_project(archive: Archive, where: str) -> CodedProject:
    """Read a `.qdpx`: a zip with one `.qde` and, mostly, a folder of sources beside it.

    Raises `StudyError` without a `.qde`, for a broken member, and as `read_xml`.
    """
    member = archive.find(".qde")
    if member is None:
        raise refuse(where, "no .qde in the zip file", "a REFI-QDA project", "export it again")
    return _Project(parse_xml(archive.read(member), where), where, archive, member).read()


def read_xml(data: bytes, where: str) -> CodedProject:
    """Read a bare `.qde` or a `.qdc`; texts that stand in other files are reported as absent.

    Raises `StudyError` for broken XML, for a document type, and for another root than Project or
    CodeBook. What the project itself has wrong is left out and told in its `report`.
    """
    return _Project(parse_xml(data, where), where, None, "").read()


class _Project:
    """Reads one document; the report gathers what is taken and what is not."""

    def __init__(self, root: Element, where: str, archive: Archive | None, member: str) -> None:
        kind = local(root.tag)
        if kind not in ("Project", "CodeBook"):
            raise refuse(
                where,
                f"an XML document {kind}",
                "a REFI-QDA Project or CodeBook",
                "export the coding as REFI-QDA",
            )
        self._root, self._where = root, where
        self._is_project = kind == "Project"
        self._origin = (root.get("origin") or "").strip()
        self._report = Report(where)
        self._texts = Texts(archive, member, self._report)
        self._path_of: dict[str, str] = {}
        self._used: set[str] = set()
        self._users: dict[str, str] = {}
        self._variables: dict[str, str] = {}
        self._notes: dict[str, str] = {}

    def read(self) -> CodedProject:
        root, report = self._root, self._report
        report.add("read", f"REFI-QDA of {self._origin or 'an unnamed program'}")
        book = child_of(root, "CodeBook") if self._is_project else root
        codes = CodeTree(child_of(book, "Codes"), self._origin, report)
        self._path_of = codes.path_of
        self._read_users()
        self._variables = {
            guid_of(one): (one.get("name") or "variable").strip()
            for one in children(child_of(root, "Variables"), "Variable")
        }
        self._notes = {
            guid_of(one): text_of(child_of(one, "PlainTextContent"))
            for one in children(child_of(root, "Notes"), "Note")
        }
        for name in _NOT_TAKEN:
            group = child_of(root, name) if self._is_project else child_of(book, name)
            report.add(
                "left out", f"{name.lower()} (not codings)", 0 if group is None else len(group)
            )
        sources = list(self._read_sources())
        ids = distinct_names([one.name for one in sources], "source")
        cases = self._read_cases(sources)
        codings = codings_of(sources, ids, self._origin, report)
        report.add("read", "sources with text", sum(one.stored is not None for one in sources))
        report.add("read", "sources", len(sources))
        report.add("read", "codes", len(codes.codes))
        report.add("read", "cases", len(cases))
        return CodedProject(
            self._where,
            "REFI-QDA project" if self._is_project else "REFI-QDA codebook",
            attributes_table(
                [
                    (ids[index], one.name, one.file, "; ".join(one.cases))
                    for index, one in enumerate(sources)
                ],
                SOURCE_COLUMNS,
                [one.attributes for one in sources],
            ),
            {ids[index]: one.stored.text for index, one in enumerate(sources) if one.stored},
            codes_table(codes.marked(self._used), report),
            codings,
            quotations_table([]),
            attributes_table([(name,) for name, _ in cases], ("case",), [got for _, got in cases]),
            report.table(),
        )

    # People

    def _read_users(self) -> None:
        users = list(children(child_of(self._root, "Users"), "User"))
        given = [
            (one.get("name") or one.get("id") or guid_of(one)[:8] or UNKNOWN_CODER) for one in users
        ]
        names = distinct_names(given, UNKNOWN_CODER)
        self._users = {guid_of(one): name for one, name in zip(users, names, strict=True)}
        self._report.add(
            "coder",
            "users with one name, told apart by a number",
            sum(mine != its.strip() for mine, its in zip(names, given, strict=True)),
        )

    def _coder(self, coding: Element, selection: Element) -> str:
        user = coding.get("creatingUser") or selection.get("creatingUser") or ""
        return self._users.get(bare(user)) or (bare(user)[:8] if user else UNKNOWN_CODER)

    # Sources

    def _read_sources(self) -> Iterator[CodedSource]:
        holder = child_of(self._root, "Sources") if self._is_project else None
        for element in () if holder is None else holder:
            kind = local(element.tag)
            holder = element
            if kind == "PDFSource":
                self._count_lost(element, "PDFSelection")
                representation = child_of(element, "Representation")
                if representation is None:
                    self._leave_out(element, kind)
                    continue
                holder = representation
            elif kind != "TextSource":
                self._leave_out(element, kind)
                continue
            source = self._read_source(element, holder)
            self._read_selections(source, element, holder)
            yield source

    def _leave_out(self, element: Element, kind: str) -> None:
        self._report.add("left out", f"{kind} without text")
        lost = sum(1 for one in element.iter("{*}Coding"))
        self._report.add("left out", f"codings in {kind} without text", lost)

    def _count_lost(self, element: Element, selection: str) -> None:
        lost = sum(1 for one in children(element, selection) for _ in children(one, "Coding"))
        self._report.add("left out", f"codings of a {selection} (an area, not words)", lost)

    def _read_source(self, element: Element, holder: Element) -> CodedSource:
        path = holder.get("plainTextPath") or ""
        name = element.get("name") or holder.get("name") or ""
        file = element.get("path") or path
        stored = self._texts.of(holder)
        return CodedSource(
            guid_of(element), name, file.rpartition("/")[2], stored, self._attributes(element)
        )

    def _attributes(self, element: Element) -> dict[str, str]:
        """The variables stated on a source or case: name -> value as written."""
        values = {}
        for one in children(element, "VariableValue"):
            variable = child_of(one, "VariableRef")
            guid = "" if variable is None else guid_of(variable, "targetGUID")
            if guid not in self._variables:
                self._report.add("left out", "values of a variable that is not listed")
                continue
            value = next((text_of(part) for part in one if local(part.tag) != "VariableRef"), "")
            values[self._variables[guid]] = value
        return values

    def _read_selections(self, source: CodedSource, element: Element, holder: Element) -> None:
        for part in holder if holder is element else (*holder, *element):
            kind = local(part.tag)
            if kind == "Coding":
                memo = self._memo(part)
                source.whole += [
                    (code, self._coder(part, element), memo) for code in self._coded(part)
                ]
                continue
            if kind == "PlainTextSelection":
                self._read_selection(source, part)

    def _read_selection(self, source: CodedSource, selection: Element) -> None:
        codings = [child for child in selection if local(child.tag) == "Coding"]
        if not codings:
            self._report.add("left out", "selections without a code (annotations)")
            return
        try:
            start = int(selection.get("startPosition", ""))
            end = int(selection.get("endPosition", ""))
        except ValueError:
            self._report.add("left out", "codings without whole numbers as positions", len(codings))
            return
        place = len(source.starts)
        source.starts.append(max(min(start, _FARTHEST), -1))
        source.ends.append(max(min(end, _FARTHEST), -1))
        source.names.append(selection.get("name") or "")
        described = self._memo(selection) if len(selection) > len(codings) else ""
        for coding in codings:
            memo = described
            if len(coding) > 1:
                memo = " | ".join(filter(None, (described, self._memo(coding))))
            for path in self._coded(coding):
                source.places.append(place)
                source.codes.append(path)
                source.coders.append(self._coder(coding, selection))
                source.memos.append(memo)

    def _coded(self, coding: Element) -> list[str]:
        """The paths of the codes of a coding; what cannot be told is counted."""
        paths = []
        for ref in coding:
            if local(ref.tag) == "CodeRef":
                path = self._path_of.get(bare(ref.get("targetGUID") or ""))
                if path is None:
                    self._report.add("left out", "codings with a code that is not listed")
                else:
                    paths.append(path)
        self._used.update(paths)
        return paths

    def _memo(self, element: Element) -> str:
        said = [text_of(child_of(element, "Description"))]
        said += [
            self._notes.get(guid_of(one, "targetGUID"), "") for one in children(element, "NoteRef")
        ]
        return " | ".join(filter(None, said))

    # Cases

    def _read_cases(self, sources: list[CodedSource]) -> list[tuple[str, dict[str, str]]]:
        """The named cases with their attributes; what they say of a source goes to it as well.

        An unnamed case only carries the variables of its sources.
        """
        by_guid = {one.guid: one for one in sources}
        cases: dict[str, dict[str, str]] = {}
        for element in children(child_of(self._root, "Cases"), "Case"):
            name = (element.get("name") or "").strip()
            attributes = self._attributes(element)
            if name:
                cases.setdefault(name, {}).update(attributes)
            parts = Counter(local(part.tag) for part in element)
            self._report.add("left out", "cases of single selections", parts["SelectionRef"])
            for ref in children(element, "SourceRef"):
                source = by_guid.get(guid_of(ref, "targetGUID"))
                if source is None:
                    self._report.add("left out", "sources of cases that are not listed")
                    continue
                if name and name not in source.cases:
                    source.cases.append(name)
                source.attributes = {**attributes, **source.attributes}
        return sorted(cases.items())


_ROOT = re.compile(rb"<(?:[\w.-]+:)?(?:Project|CodeBook)\b")


def _knows_project(file: CodingFile) -> bool:
    return isinstance(file.members, Archive) and file.member(".qde") is not None


def _read_project(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    assert isinstance(file.members, Archive)
    return read_project(file.members, file.name)


def _knows_document(file: CodingFile) -> bool:
    named = file.ending in DOCUMENT.endings
    return file.is_xml and (named or bool(_ROOT.search(file.data[:8192].replace(b"\0", b""))))


PROJECT = Format(
    "REFI-QDA project", (".qdpx", ".zip"), _knows_project, _read_project, project_without
)
DOCUMENT = Format(
    "REFI-QDA document",
    (".qde", ".qdc"),
    _knows_document,
    lambda file, columns: read_xml(file.data, file.name),
    document_without,
)
