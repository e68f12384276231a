"""Real projects, read here as plainly as can be, so that nothing is checked against itself."""

from __future__ import annotations

import sqlite3
import xml.etree.ElementTree as ElementTree
import zipfile

import pandas as pd
import pytest
from realdata import REALDATA, needs_realdata

from analysis.corpus import Corpus
from analysis.measures.cooccurrence import cooccurrence
from analysis.measures.frequencies import code_frequencies

pytestmark = needs_realdata


def one_passage_each(codings: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    end = codings.groupby("source_id")["end"].max()
    passages = pd.DataFrame(
        {"source_id": end.index, "passage": 0, "start": 0, "end": end.to_numpy()}
    )
    sources = pd.DataFrame({"source_id": end.index, "case_id": end.index, "kind": "interview"})
    return passages.assign(voice="participant", words=1000, text=""), sources


@pytest.fixture(scope="module")
def taguette() -> pd.DataFrame:
    file = REALDATA / "serdif" / "coding" / "SERDIF_P2_ThematicAnalysis.sqlite3"
    with sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True) as database:
        table = pd.read_sql(
            "select document_id as source_id, start_offset as start, end_offset as end, "
            "tags.path as code from highlights "
            "join highlight_tags on highlight_id = highlights.id "
            "join tags on tags.id = tag_id",
            database,
        )
    return table.astype({"source_id": str}).assign(coder="admin")


@pytest.fixture(scope="module")
def nvivo() -> pd.DataFrame:
    with zipfile.ZipFile(REALDATA / "nvivo" / "oltas0517.qdpx") as archive:
        root = ElementTree.fromstring(archive.read("project.qde"))
    space = "{urn:QDA-XML:project:1.0}"
    paths: dict[str, str] = {}

    def name_below(parent: ElementTree.Element, path: str) -> None:
        for code in parent.findall(f"{space}Code"):
            name = code.attrib["name"].replace("/", "∕")
            paths[code.attrib["guid"]] = f"{path}/{name}" if path else name
            name_below(code, paths[code.attrib["guid"]])

    name_below(next(root.iter(f"{space}Codes")), "")
    rows = [
        (
            source.attrib["guid"],
            int(selection.attrib["startPosition"]),
            int(selection.attrib["endPosition"]),
            paths[coding.find(f"{space}CodeRef").attrib["targetGUID"]],  # type: ignore[union-attr]
            coding.attrib["creatingUser"],
        )
        for source in root.iter(f"{space}TextSource")
        for selection in source.findall(f"{space}PlainTextSelection")
        for coding in selection.findall(f"{space}Coding")
    ]
    return pd.DataFrame(rows, columns=["source_id", "start", "end", "code", "coder"])


def test_taguette_frequencies(taguette: pd.DataFrame) -> None:
    passages, sources = one_passage_each(taguette)
    table = code_frequencies(Corpus(sources=sources, passages=passages, codings=taguette))
    assert table["segments"].sum() == 1930
    assert len(table) == 22
    assert table.loc[0, "n_sources"] == 17
    most = table.set_index("code")["segments"].nlargest(5)
    assert most.to_dict() == {
        "Query inputs and elements useful": 191,
        "Moderator assist": 174,
        "Task sequence complex": 156,
        "Navigation complex": 151,
        "Export (meta)data useful": 131,
    }


def test_taguette_overlaps(taguette: pd.DataFrame) -> None:
    table = cooccurrence(Corpus(codings=taguette), "overlap")
    assert (table["n_ab"].sum(), (table["n_ab"] > 0).sum()) == (219, 72)


def test_nvivo_overlaps(nvivo: pd.DataFrame) -> None:
    assert len(nvivo) == 303
    assert nvivo["code"].nunique() == 76
    table = cooccurrence(Corpus(codings=nvivo), "overlap", own_parent=True)
    assert (table["n_ab"].sum(), (table["n_ab"] > 0).sum()) == (211, 177)
    # One of the 211 is a code with its own parent, which is no pair by default.
    table = cooccurrence(Corpus(codings=nvivo), "overlap")
    assert (table["n_ab"].sum(), (table["n_ab"] > 0).sum()) == (210, 176)
