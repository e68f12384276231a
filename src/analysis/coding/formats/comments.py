"""Word documents coded in their comments: a comment names codes, its author is the coder."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from lxml import etree

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.containers import Archive, parse_xml
from analysis.coding.formats.format import Format
from analysis.coding.placing.names import codes_in
from analysis.coding.project import (
    SOURCE_COLUMNS,
    UNKNOWN_CODER,
    Code,
    CodedProject,
    Report,
    attributes_table,
    codes_table,
    codings_table,
    quotations_table,
    rows_table,
)
from analysis.reading.word import MARKS

_BODY = "word/document.xml"
_COMMENTS = "word/comments.xml"
_EXTENDED = "word/commentsExtended.xml"
# What Google Docs writes into a comment by itself, and how one calls a person.
_NOTICES = frozenset({"_Marked as resolved_", "_Re-opened_", "_Marked as done_"})
_MENTION = re.compile(r"[@+]\S")
# What a reviewer took out or moved away stands in the file, but not in the text.
_NOT_TEXT = ("{*}del", "{*}moveFrom", "{*}Fallback", "{*}pPr")


def read_comments(archive: Archive, where: str) -> CodedProject:
    """Read the comments of a .docx as codings; paragraphs are joined by a line feed.

    A comment may name several codes, separated by semicolons or line breaks; commas separate
    too where the codebook has no such name. A comment without a range of text is left out, and so
    is conversation: replies, notices of Google Docs, and comments that begin by calling a person
    (@name). A resolved comment is a coding still.
    Raises `StudyError` for a broken zip or XML file, or XML with a document type.
    """
    report = Report(where)
    body = parse_xml(archive.read(_BODY), where).find("{*}body")
    text, ranges = _text_and_ranges(body)
    rows: list[tuple[object, ...]] = []
    codes: dict[str, None] = {}
    replies = _replies(archive, where)
    for number, (identifier, author, said, paragraph) in enumerate(_comments(archive, where), 1):
        if paragraph in replies:
            report.add("left out", "replies to comments")
            continue
        if said.strip() in _NOTICES:
            report.add("left out", "notices that a comment was resolved or opened again")
            continue
        if _MENTION.match(said.strip()):
            report.add("left out", "comments that call a person")
            continue
        start, end = ranges.get(identifier, (0, 0))
        words = text[start:end]
        start, end = (
            start + len(words) - len(words.lstrip()),
            end - len(words) + len(words.rstrip()),
        )
        if start >= end:
            report.add("left out", "comments that mark no words")
        elif not codes_in(said):
            report.add("left out", "empty comments")
        else:
            named = [said.strip()] if "," in said else codes_in(said)
            codes |= dict.fromkeys(codes_in(said))
            rows += [
                (where, start, end, code, author or UNKNOWN_CODER, "", number, "") for code in named
            ]
    report.add("read", "comments taken as codings", len({row[6] for row in rows}))
    report.add("read", "codings", len(rows))
    report.add("offsets", "code points of the text of the document", len(rows))
    return CodedProject(
        where,
        "Word comments",
        attributes_table([(where, where, where, "")], SOURCE_COLUMNS, [{}]),
        {where: text},
        codes_table([Code(path) for path in codes], report),
        codings_table(rows),
        quotations_table([]),
        rows_table([], ("case",)),
        report.table(),
        counted_in="comment",
    )


def _replies(archive: Archive, where: str) -> set[str]:
    """The last paragraphs of the comments that answer another one."""
    if not archive.find(_EXTENDED.casefold()):
        return set()
    root = parse_xml(archive.read(_EXTENDED), where)
    return {
        _attribute(one, "paraId")
        for one in root.iter("{*}commentEx")
        if _attribute(one, "paraIdParent")
    }


def _comments(archive: Archive, where: str) -> Iterator[tuple[str, str, str, str]]:
    """Identifier, author, words, and last paragraph's id of every comment."""
    if not archive.find(_COMMENTS):
        return
    for comment in parse_xml(archive.read(_COMMENTS), where).iter("{*}comment"):
        said = "\n".join(
            "".join(part.text or "" for part in paragraph.iter("{*}t"))
            for paragraph in comment.iter("{*}p")
        )
        last = [_attribute(paragraph, "paraId") for paragraph in comment.iter("{*}p")][-1:]
        author = _attribute(comment, "author").strip()
        yield _attribute(comment, "id"), author, said, last[0] if last else ""


def _text_and_ranges(
    body: etree._Element | None,
) -> tuple[str, dict[str, tuple[int, int]]]:
    """The text of the body, and where in it each comment begins and ends."""
    pieces: list[str] = []
    starts: dict[str, int] = {}
    ranges: dict[str, tuple[int, int]] = {}
    if body is None:
        return "", {}
    etree.strip_elements(body, *_NOT_TEXT, with_tail=False)
    length = 0
    begun = False
    for element in body.iter("{*}*"):
        name = str(element.tag).rpartition("}")[2]
        piece = ""
        if name == "p":
            piece, begun = "\n" if begun else "", True
        elif name == "t":
            piece = element.text or ""
        elif name in MARKS:
            piece = MARKS[name]
        elif name == "commentRangeStart":
            starts[_attribute(element, "id")] = length
        elif name == "commentRangeEnd" and _attribute(element, "id") in starts:
            ranges[_attribute(element, "id")] = (starts[_attribute(element, "id")], length)
        pieces.append(piece)
        length += len(piece)
    return "".join(pieces), ranges


def _attribute(element: etree._Element, name: str) -> str:
    return next(
        (str(value) for key, value in element.attrib.items() if str(key).endswith("}" + name)), ""
    )


def has_comments(file: CodingFile) -> bool:
    """Whether a Word document has any comment that could be a coding."""
    return _knows(file) and file.member(_COMMENTS) is not None


def _knows(file: CodingFile) -> bool:
    return isinstance(file.members, Archive) and file.member(_BODY) is not None


def _read(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    assert isinstance(file.members, Archive)
    return read_comments(file.members, file.name)


FORMAT = Format("Word comments", (".docx",), _knows, _read)
