"""The study as QDA programs read it: REFI-QDA project and codebook."""

from __future__ import annotations

import io
import re
import uuid
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
from lxml import etree

from analysis.coding.project import OUR_ORIGIN
from analysis.files.whole_file import write_bytes

_PROJECT = "urn:QDA-XML:project:1.0"
_CODEBOOK = "urn:QDA-XML:codebook:1.0"
_DEFAULT: dict[str, Any] = {one: {None: one} for one in (_PROJECT, _CODEBOOK)}
_NAMES = uuid.UUID("6f6fbd6e-7a3b-5d0e-9a51-3c1d6b1f2a77")
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_LONGEST_NAME = 80
# What tells how a source is kept, not what it is; names of files and speakers can be people's.
NOT_ATTRIBUTES = frozenset(
    [
        "source_id",
        "case_id",
        "title",
        "file",
        "coded_as",
        "status",
        "publish",
        "participant_tags",
        "interviewer_tags",
    ]
)
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_qdpx(
    path: Path,
    sources: pd.DataFrame,
    texts: Mapping[str, str],
    codes: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    name: str = "study",
) -> None:
    """Write a REFI-QDA 1.0 project (`qdpx`) into `path`."""
    write_bytes(path, qdpx(sources, texts, codes, codings, name=name))


def qdpx(
    sources: pd.DataFrame,
    texts: Mapping[str, str],
    codes: pd.DataFrame,
    codings: pd.DataFrame,
    *,
    name: str = "study",
) -> bytes:
    """A REFI-QDA 1.0 project: the same bytes for the same input, in any order of rows.

    Only sources that have a text in `texts` are written, with their codings; the caller decides
    by consent which these are. Positions are code points, end-exclusive; texts are UTF-8 with
    the line ends they have, without byte order mark. GUIDs derive from names and positions, so
    that a later export of a larger study keeps them. Registered columns are variables of
    sources; those that are the same in all sources of a case are variables of the case too.
    """
    written = sources[sources["source_id"].isin(texts)].sort_values("source_id")
    kept = codings[codings["source_id"].isin(written["source_id"])].sort_values(
        list(codings.columns), kind="stable"
    )
    root = etree.Element(_tag("Project"), nsmap=_DEFAULT[_PROJECT])
    root.set("name", _plain(name))
    root.set("origin", OUR_ORIGIN)
    _add_users(root, sorted(set(kept["coder"])))
    if len(codes):
        _add_codes(etree.SubElement(root, _tag("CodeBook")), codes, _PROJECT)
    attributes = [column for column in written.columns if column not in NOT_ATTRIBUTES]
    _add_variables(root, attributes)
    _add_cases(root, written, attributes)
    members: dict[str, bytes] = {}
    holder = etree.SubElement(root, _tag("Sources")) if len(written) else None
    by_source = dict(list(kept.groupby("source_id")))
    for source in written.to_dict("records"):
        source_id = source["source_id"]
        # A mark at the beginning would be taken for a byte order mark, which nobody counts.
        text = texts[source_id].lstrip("\ufeff")
        members[f"sources/{_guid('source', source_id)}.txt"] = text.encode("utf-8")
        _add_source(
            holder,
            source,
            attributes,
            text,
            by_source.get(source_id, kept[:0]),
            len(texts[source_id]) - len(text),
        )
    members = {"project.qde": _serialised(root), **members}
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for member, data in members.items():
            info = zipfile.ZipInfo(member, _EARLIEST)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, data, zipfile.ZIP_DEFLATED, compresslevel=6)
    return held.getvalue()


def write_qdc(path: Path, codes: pd.DataFrame) -> None:
    """Write a REFI-QDA 1.0 codebook (`qdc`) into `path`."""
    write_bytes(path, qdc(codes))


def qdc(codes: pd.DataFrame) -> bytes:
    """A REFI-QDA 1.0 codebook; raises ValueError when there is no code to write.

    What a code takes in and leaves out, and its example, stand below its definition, each after
    its word: the standard has one description and no more.
    """
    if not len(codes):
        raise ValueError("a codebook needs at least one code")
    root = etree.Element(_tag("CodeBook", _CODEBOOK), nsmap=_DEFAULT[_CODEBOOK])
    root.set("origin", OUR_ORIGIN)
    _add_codes(root, codes, _CODEBOOK)
    return _serialised(root)


def _guid(*parts: object) -> str:
    return str(uuid.uuid5(_NAMES, "\x1f".join(map(str, parts))))


def _tag(name: str, namespace: str = _PROJECT) -> str:
    return f"{{{namespace}}}{name}"


def _plain(text: str) -> str:
    """`text` without characters that XML cannot hold."""
    return _NOT_IN_XML.sub("", text)


def _serialised(root: etree._Element) -> bytes:
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _add_users(root: etree._Element, coders: list[str]) -> None:
    if not coders:
        return
    users = etree.SubElement(root, _tag("Users"))
    for coder in coders:
        etree.SubElement(users, _tag("User"), guid=_guid("user", coder), name=_plain(coder))


def _add_codes(book: etree._Element, codes: pd.DataFrame, namespace: str) -> None:
    """The codes as a tree; a parent stands before its children."""
    elements = {"": etree.SubElement(book, _tag("Codes", namespace))}
    for code in codes.sort_values(["depth", "code"]).to_dict("records"):
        element = etree.SubElement(
            elements[code["parent"]],
            _tag("Code", namespace),
            guid=_guid("code", code["code"]),
            name=_plain(code["name"]),
            isCodable="true" if code["usable"] else "false",
        )
        if description := _description(code):
            _say(element, "Description", description, namespace)
        elements[code["code"]] = element


def _description(code: Mapping[Any, Any]) -> str:
    """The definition, then a line each for what the codebook says besides."""
    told = [(name, str(code.get(name.lower(), ""))) for name in ("Include", "Exclude", "Example")]
    lines = [f"{name}: {text}" for name, text in told if text]
    return "\n".join(filter(None, [code["definition"], *lines]))


def _beginning(words: str) -> str:
    """What a selection is called: its first words, none of them in part."""
    if len(words) <= _LONGEST_NAME:
        return words
    short = words[: _LONGEST_NAME + 1]
    return short.rsplit(maxsplit=1)[0] if len(short.split()) > 1 else words[:_LONGEST_NAME]


def _say(parent: etree._Element, name: str, text: str, namespace: str = _PROJECT) -> None:
    etree.SubElement(parent, _tag(name, namespace)).text = _plain(text)


def _add_variables(root: etree._Element, attributes: list[str]) -> None:
    if not attributes:
        return
    variables = etree.SubElement(root, _tag("Variables"))
    for attribute in attributes:
        etree.SubElement(
            variables,
            _tag("Variable"),
            guid=_guid("variable", attribute),
            name=_plain(attribute),
            typeOfVariable="Text",
        )


def _add_values(element: etree._Element, values: Mapping[str, object]) -> None:
    for attribute, value in values.items():
        holder = etree.SubElement(element, _tag("VariableValue"))
        etree.SubElement(holder, _tag("VariableRef"), targetGUID=_guid("variable", attribute))
        _say(holder, "TextValue", str(value))


def _add_cases(root: etree._Element, sources: pd.DataFrame, attributes: list[str]) -> None:
    if not len(sources):
        return
    cases = etree.SubElement(root, _tag("Cases"))
    for case_id, members in sources.groupby("case_id", sort=True):
        case = etree.SubElement(
            cases, _tag("Case"), guid=_guid("case", case_id), name=_plain(str(case_id))
        )
        shared = {
            attribute: members[attribute].iloc[0]
            for attribute in attributes
            if members[attribute].nunique() == 1
        }
        _add_values(case, shared)
        for source_id in members["source_id"]:
            etree.SubElement(case, _tag("SourceRef"), targetGUID=_guid("source", source_id))


def _add_source(
    holder: etree._Element | None,
    source: Mapping[str, str],
    attributes: list[str],
    text: str,
    codings: pd.DataFrame,
    skipped: int,
) -> None:
    """One source with its codings; each coding has a selection of its own, as most programs do."""
    assert holder is not None
    guid = _guid("source", source["source_id"])
    element = etree.SubElement(
        holder,
        _tag("TextSource"),
        guid=guid,
        name=_plain(source["source_id"]),
        plainTextPath=f"internal://{guid}.txt",
    )
    for start, end, code, coder, memo in zip(
        codings["start"],
        codings["end"],
        codings["code"],
        codings["coder"],
        codings["memo"],
        strict=True,
    ):
        key = (source["source_id"], start, end, code, coder)
        first, last = max(start - skipped, 0), end - skipped
        user = _guid("user", coder)
        selection = etree.SubElement(
            element,
            _tag("PlainTextSelection"),
            guid=_guid("selection", *key),
            name=_plain(_beginning(text[first:last])),
            startPosition=str(first),
            endPosition=str(last),
            creatingUser=user,
        )
        if memo:
            _say(selection, "Description", memo)
        coding = etree.SubElement(
            selection, _tag("Coding"), guid=_guid("coding", *key), creatingUser=user
        )
        etree.SubElement(coding, _tag("CodeRef"), targetGUID=_guid("code", code))
    _add_values(element, {attribute: source[attribute] for attribute in attributes})
