"""The evidence beside its page: more passages than one page can hold, in files that it loads.

`evidence/index.js` has what questions are answered by, `evidence/words-<n>.js` the words of
`TOGETHER` passages each. Words go out as words, never as markup: the page's script sets them in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence, Set
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.claims.quotable import Evidence
from analysis.report.evidence_columns import read, written
from analysis.report.evidence_index import Index
from analysis.text.escape import visible
from analysis.text.passage_html import GAP, stretches

FOLDER, INDEX = "evidence", "index.js"
#: More passages than this are no longer one page.
ON_ONE_PAGE = 10_000
TOGETHER = 250
_CALL = "evidenceWords("
_PUBLISH = ("none", "unknown", "extracts", "full")


def write(
    folder: Path,
    shown: Evidence,
    sources: pd.DataFrame,
    uses: pd.DataFrame,
    index: Index,
    *,
    unknown: Set[str],
    paged: Set[str],
) -> None:
    """Write the index and the words into `folder`; `paged` are the sources with a page of their own."""
    (folder / FOLDER).mkdir()
    publish = dict(zip(sources["source_id"], sources["publish"], strict=True))
    names = [one.source for one in index.sources]
    of_sources = {
        "publish": [_PUBLISH.index(publish[name]) for name in names],
        "unasked": [int(name in unknown) for name in names],
        "paged": [int(name in paged) for name in names],
    }
    _write(folder / FOLDER / INDEX, written(index, of_sources))
    bearing: dict[str, list[list[str]]] = {}
    for name, *use in uses[["id", "bears", "claim", "place"]].itertuples(index=False, name=None):
        bearing.setdefault(name, []).append(use)
    told = {
        name: (speaker, text, start, source)
        for name, speaker, text, start, source in shown.passages[
            ["id", "speaker", "text", "start", "source_id"]
        ].itertuples(index=False, name=None)
    }
    for part, first in enumerate(range(0, len(index.passages), TOGETHER)):
        entries = [
            _entry(one.id, told, shown, publish, bearing)
            for one in index.passages[first : first + TOGETHER]
        ]
        lines = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries)
        _write(folder / FOLDER / f"words-{part}.js", f"{_CALL}{part},[\n{lines}\n]);\n")


def _entry(
    name: str,
    told: Mapping[str, tuple[str, str, int, str]],
    shown: Evidence,
    publish: Mapping[str, str],
    bearing: Mapping[str, list[list[str]]],
) -> Any:
    """Who speaks, the words that may be shown, each stretch with its place, and claims; or None."""
    if name not in told:
        return None
    speaker, text, start, source = told[name]
    spans = shown.spans[name]
    only_extracts = bool(spans) and publish[source] == "extracts"
    pieces = stretches(text, start, spans) if only_extracts else [(start, text)]
    return [visible(speaker), [list(piece) for piece in pieces], bearing.get(name, [])]


def read_index(folder: Path) -> Index | None:
    """The index of a finished site's `folder`, with its words; None where the page holds it itself."""
    file = folder / FOLDER / INDEX
    if not file.is_file():
        return None
    index = read(file.read_text(encoding="utf-8"), {})
    return Index(index.sources, index.passages, _texts(folder / FOLDER, index))


def _texts(folder: Path, index: Index) -> dict[str, str]:
    texts: dict[str, str] = {}
    for first in range(0, len(index.passages), TOGETHER):
        content = (folder / f"words-{first // TOGETHER}.js").read_text(encoding="utf-8")
        entries = json.loads(content[content.index("[") : content.rindex("]") + 1])
        own: Sequence[Any] = index.passages[first : first + TOGETHER]
        for one, entry in zip(own, entries, strict=True):
            texts[one.id] = GAP.join(text for _, text in entry[1]) if entry else ""
    return texts


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
