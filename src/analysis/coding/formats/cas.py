"""UIMA CAS JSON, as INCEpTION exports it: annotations over the text in the same file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.format import Format
from analysis.coding.formats.gathered import Gathered, Said, whole
from analysis.coding.formats.webanno import told_by_path
from analysis.coding.project import CodedProject, Report, step

_FEATURES, _SOFA = "%FEATURE_STRUCTURES", "uima.cas.Sofa"
# What a machine marks in every text, and what describes the file.
_NO_CODES = (
    "uima.",
    ".segmentation.",
    ".metadata.",
    ".syntax.",
    ".lexmorph.",
    "LayerDefinition",
    "FeatureDefinition",
)
_CODES = ("value", "label", "code", "tag", "category", "identifier")


def is_cas(file: CodingFile) -> bool:
    """Whether the file is JSON with feature structures."""
    return isinstance(file.json, dict) and _FEATURES in file.json


def read_cas(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read every view that has a text; the coder is told by the path, as for WebAnno TSV.

    Layers of people are codings: the value is the code, below the layer's name where there are
    several. Sentences, tokens and grammar are counted. Raises `StudyError` where positions can be
    read in two ways.
    """
    report = Report(file.name)
    structures = file.json[_FEATURES]
    listed = structures.values() if isinstance(structures, dict) else structures
    ones = (
        [one for one in listed if isinstance(one, dict)]
        if isinstance(listed, list) or isinstance(structures, dict)
        else []
    )
    gathered = Gathered(file.name, "UIMA CAS JSON", report, program="webanno")
    name, coder = told_by_path(file)
    for one in ones:
        if one.get("%TYPE") == _SOFA and isinstance(one.get("sofaString"), str):
            gathered.source(one.get("%ID"), name, one["sofaString"])
    spans = [one for one in ones if "begin" in one and "end" in one]
    coded = [one for one in spans if not any(part in str(one.get("%TYPE")) for part in _NO_CODES)]
    report.add(
        "left out", "sentences, tokens and grammar (not words coded)", len(spans) - len(coded)
    )
    several = len({one.get("%TYPE") for one in coded}) > 1
    for one in coded:
        start, end = whole(one["begin"]), whole(one["end"])
        if start is None or end is None:
            report.add("left out", "codings without positions")
        else:
            code, memo = _said(one, several)
            gathered.coding(_key(one.get("@sofa")), Said(start, end, "", code, coder, memo))
    return gathered.project()


def _key(value: Any) -> Any:
    return value if isinstance(value, int | str) else None


def _said(one: Mapping[str, Any], several: bool) -> tuple[str, str]:
    """The code of an annotation, and what its other features say."""
    layer = step(str(one.get("%TYPE")).rpartition(".")[2])
    stated = {
        name: str(value)
        for name, value in one.items()
        if name[:1] not in "%@^#" and name not in ("begin", "end") and isinstance(value, str | int)
    }
    which = next((name for name in _CODES if stated.get(name)), next(iter(stated), ""))
    memo = "; ".join(f"{name}: {value}" for name, value in stated.items() if name != which)
    if not which:
        return layer, memo
    return (f"{layer}/{step(stated[which])}" if several else step(stated[which])), memo


FORMAT = Format("UIMA CAS JSON", (".json",), is_cas, read_cas)
