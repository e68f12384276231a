"""brat's standoff annotations (`.ann`), with the text in a `.txt` of the same name beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from analysis.coding.formats.coding_file import CodingFile
from analysis.coding.formats.encoding import decode
from analysis.coding.formats.format import Format
from analysis.coding.formats.gathered import Gathered, Said, united
from analysis.coding.project import CodedProject, Report, step

_SPAN = re.compile(r"(T\d+)\t(\S+) (\d{1,12} \d{1,12}(?:;\d{1,12} \d{1,12})*)(?:\t(.*))?")
_LINE = re.compile(r"(?:[TREAM*NS]\d*|#\d*)\t")
_NOTE = re.compile(r"#\d*\t\S+ (T\d+)\t(.*)")
_KINDS = {"R": "relations", "E": "events", "A": "attributes", "M": "attributes", "N": "references"}


def is_brat(file: CodingFile) -> bool:
    """Whether every line is one of brat's, and one at least marks words."""
    lines = [line for line in file.text.splitlines() if line.strip()]
    if not lines or not (file.ending == ".ann" or _SPAN.match(lines[0])):
        return False
    return all(_LINE.match(line) for line in lines[:50])


def read_brat(file: CodingFile, columns: Mapping[str, str]) -> CodedProject:
    """Read one `.ann`: types are codes; positions are judged by the words that stand with them.

    The parts of a discontinuous annotation are codings of their own, but for those that touch.
    A note on an annotation is its memo; relations, events and attributes are counted. The file
    names no coder. Without the `.txt` the text of the study is looked in.
    """
    report = Report(file.name)
    beside = file.beside(".txt")
    text = decode(beside, file.name) if beside else None
    gathered = Gathered(file.name, "brat annotations", report, counted_in="line")
    gathered.source(0, file.path.stem, text, file=file.path.with_suffix(".txt").name)
    lines = file.text.splitlines()
    notes = {found[1]: found[2] for line in lines if (found := _NOTE.match(line))}
    others: Counter[str] = Counter()
    for number, line in enumerate(lines, 1):
        found = _SPAN.fullmatch(line)
        if found:
            parts = [part.split() for part in found[3].split(";")]
            ranges = united([(int(start), int(end)) for start, end in parts], text)
            words = found[4] or ""
            for start, end in ranges:
                said = words if len(ranges) == 1 else ""
                gathered.coding(
                    0,
                    Said(start, end, said, step(found[2]), "", notes.get(found[1], ""), number),
                )
        elif line.startswith("T"):
            report.add("left out", "codings without positions")
        else:
            others[_KINDS.get(line[:1], "notes")] += bool(line.strip())
    for kind, count in others.items():
        report.add("left out", f"{kind} (not codings)", count)
    return gathered.project()


FORMAT = Format("brat annotations", (".ann",), is_brat, read_brat)
