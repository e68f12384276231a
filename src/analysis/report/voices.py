"""Whose words a paper is made of: the authors', participants', judges', or made from the data."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from analysis.report.prose import prose

AUTHORS, MEMOS, PARTICIPANTS, JUDGES, GENERATED, TABLES = VOICES = (
    "authors",
    "memos",
    "participants",
    "judges' notes",
    "generated sentences",
    "generated tables",
)
_MADE = "_generated/"
_PASSED = re.compile(
    r"<!--(?:(?!<!--).)*?-->|\{\{<(?:(?!\{\{<).)*?>\}\}|\]\([^)\]]*\)|\{[#.][^{}]*\}|\[?@[\w:-]+"
    r"|&#?\w+;|^:::.*$|^:? ?-+.*$"
)
_WORD = re.compile(r"[^\W\d_][\w’'∕-]*")
_NOTE, _END = "::: {.judges-note}", ":::"


def by_voice(reports: Path, name: str = "index.qmd") -> Counter[str]:
    """Words of a page by voice, in the order of `VOICES`, with what it includes.

    Numbers, marks and addresses are no words. Abstract and captions that authors typed are
    theirs; of what stands in `_generated` quotations are the participants', and in a card so is
    what stands in quotation blocks.
    """
    head = prose.front_matter(prose.read_page(reports, name), name)
    counts = Counter(dict.fromkeys(VOICES, 0))
    counts[AUTHORS] += _words(str(head.get("abstract", "")))
    lines, _ = prose.lines_with_includes(reports, name)
    begins = prose.read_page(reports, name)[
        : prose.front_matter_length(prose.read_page(reports, name))
    ]
    first = begins.count("\n")
    noted = False
    for line in lines:
        if line.file == name and line.number <= first:
            continue
        text = line.text.strip()
        noted = text == _NOTE or (noted and text != _END)
        counts[_of_line(line.file, text, noted=noted)] += _words(text)
    return counts


def _of_line(file: str, text: str, *, noted: bool) -> str:
    if not file.startswith(_MADE):
        return AUTHORS
    made = file.removeprefix(_MADE)
    if made.startswith("quotations/"):
        return PARTICIPANTS
    if made.startswith(("memos/", "reflexivity")):
        return MEMOS
    if noted:
        return JUDGES
    if text.startswith("|"):
        return TABLES
    return PARTICIPANTS if text.startswith(">") and made.startswith("claim-") else GENERATED


def _words(text: str) -> int:
    return len(_WORD.findall(_PASSED.sub(" ", text)))


def told(counts: Counter[str]) -> str:
    """'Words of the paper by voice: authors 3,012, participants 1,120, …'."""
    listed = ", ".join(f"{name} {counts[name]:,}" for name in VOICES if counts[name])
    return f"Words of the paper by voice: {listed or 'none'}."
