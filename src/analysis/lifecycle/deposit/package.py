"""The tables of a deposit as a Data Package (version 2.0), with a schema for each."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from analysis.lifecycle.deposit.about import About

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
_WHOLE, _NUMBER = re.compile(r"-?\d{1,18}"), re.compile(r"-?\d+(?:\.\d+)?(?:e[-+]?\d+)?", re.I)
_TRUTHS = frozenset({"True", "False"})
#: What the columns of several tables mean; those of one table are named for what they are.
_MEANINGS = {
    "source_id": "the source",
    "case_id": "the person, or for documents the organisation; what counts as independent",
    "start": "first code point of the span in the clean text, from 0",
    "end": "code point after the last of the span",
    "code": "path of the code, parent/child",
    "coder": "who coded",
    "memo": "the coder's note",
    "text": "the words of the span, where consent lets the whole text out",
    "passage": "number of the passage in its source",
    "publish": "how far the participant's consent to publishing goes",
    "kind": "interview, document or observation",
    "role": "the group that the source belongs to",
    "Access": "which part of the deposit holds the text",
}
_KEYS = {
    "sources.csv": ["source_id"],
    "codes.csv": ["code"],
    "codings.csv": ["source_id", "start", "end", "code", "coder"],
    "cases_by_code.csv": ["case_id"],
    "data_list.csv": ["Interview ID"],
}


def package(files: Mapping[str, bytes], about: About) -> bytes:
    """`datapackage.json` of every CSV among `files`, by path; types are told from all cells."""
    resources = [
        _resource(path, files[path]) for path in sorted(files) if path.lower().endswith(".csv")
    ]
    document: dict[str, Any] = {
        "$schema": PROFILE,
        "name": _name(about.title),
        "title": about.title,
        "description": about.abstract,
        "created": f"{about.on}T00:00:00Z",
        "contributors": [{"title": one.name, "roles": ["author"]} for one in about.cited_as],
        "resources": resources,
    }
    if about.licence:
        document["licenses"] = [{"name": about.licence, "title": about.licence}]
    if about.keywords:
        document["keywords"] = list(about.keywords)
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _resource(path: str, content: bytes) -> dict[str, Any]:
    heading, *rows = csv.reader(io.StringIO(content.decode("utf-8"), newline=""))
    fields: list[dict[str, Any]] = []
    for place, name in enumerate(heading):
        kind = _kind([row[place] for row in rows if place < len(row)])
        meaning = _MEANINGS.get(name)
        told = {"description": meaning} if meaning else {}
        fields.append({"name": name, "type": kind, **told})
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    name = PurePosixPath(path).name
    if name in _KEYS:
        schema["primaryKey"] = _KEYS[name]
    return {
        "name": _name(path.rpartition(".")[0]),
        "type": "table",
        "path": path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _kind(cells: Sequence[str]) -> str:
    """The type of a column by all its filled cells; text where it has none."""
    filled = [cell for cell in cells if cell]
    if filled and all(cell in _TRUTHS for cell in filled):
        return "boolean"
    # Numbers with a nought in front are names that happen to be digits.
    if filled and all(_WHOLE.fullmatch(cell) and str(int(cell)) == cell for cell in filled):
        return "integer"
    if filled and all(_NUMBER.fullmatch(cell) for cell in filled):
        return "string" if any(re.match(r"-?0\d", cell) for cell in filled) else "number"
    return "string"


def _name(text: str) -> str:
    """A name as the standard wants it: small letters, digits, '-', '_', '.'."""
    return re.sub(r"[^a-z0-9._-]+", "-", text.lower()).strip("-.")[:100] or "deposit"
