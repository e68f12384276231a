"""Taguette: bytes over text nodes, checked against a real study counted independently."""

from __future__ import annotations

import itertools
import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from realdata import REALDATA, needs_realdata

from analysis import coding, reading
from analysis.cleaning import clean
from analysis.cleaning.edits import CleanText, Edit, Layer
from analysis.coding.formats.taguette import HighlightedText
from analysis.files.problems import StudyError

SERDIF = REALDATA / "serdif" / "coding"
DATABASE = SERDIF / "SERDIF_P2_ThematicAnalysis.sqlite3"


def taguette_database(
    path: Path, html: str, highlights: list[tuple[object, object, str, list[int]]]
) -> Path:
    with sqlite3.connect(path) as database:
        database.executescript(
            """
            CREATE TABLE documents (id INTEGER, name TEXT, filename TEXT, contents TEXT);
            CREATE TABLE tags (id INTEGER, path TEXT, description TEXT);
            CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER,
                                     end_offset INTEGER, snippet TEXT);
            CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
            INSERT INTO tags VALUES (1, 'trust', 'relying on others'), (2, 'either/or', '');
            """
        )
        database.execute("INSERT INTO documents VALUES (1, 'P1', 'P1.odt', ?)", (html,))
        for number, (start, end, snippet, tags) in enumerate(highlights, 1):
            database.execute(
                "INSERT INTO highlights VALUES (?, 1, ?, ?, ?)", (number, start, end, snippet)
            )
            database.executemany(
                "INSERT INTO highlight_tags VALUES (?, ?)", [(number, tag) for tag in tags]
            )
    database.close()
    return path


def test_offsets_are_bytes_and_blocks_do_not_run_together(tmp_path: Path) -> None:
    html = "<p>Ça va 😀 yes</p><p>She <b>trusts</b> us</p>"
    bytes_before = len("Ça va 😀 yesShe ".encode())
    path = taguette_database(
        tmp_path / "db.sqlite3",
        html,
        [
            (len("Ça va 😀 ".encode()), len("Ça va 😀 yes".encode()), "yes", [1]),
            (bytes_before, bytes_before + 6, "<b>trusts</b>", [1, 2]),
            (0, 3, "Ça", []),
            (0, 2, "va", [1]),
            (1, 3, "a", [1]),
            ("x", None, "a", [1]),
        ],
    )
    project = coding.read(path)
    assert project.texts == {"P1": "Ça va 😀 yes\nShe trusts us"}
    spans = [
        (project.texts[row.source_id][row.start : row.end], row.code)
        for row in project.codings.itertuples()
    ]
    assert sorted(spans) == [("trusts", "either∕or"), ("trusts", "trust"), ("yes", "trust")]
    left_out = project.report.query("topic == 'left out'")
    assert left_out["detail"].str.contains(r"without a tag \(id 3\)").any()
    # 0-2 is another word than stored, and 1-3 begins inside a character.
    assert left_out["detail"].str.contains(r"not those stored \(id [45]\)").sum() == 2
    assert set(project.codings["coder"]) == {"unknown"}
    assert (project.report["topic"] == "coder").any()


def test_an_end_before_an_added_break_takes_no_break() -> None:
    stored = HighlightedText("<p>ab</p><p>cd</p>")
    assert stored.text == "ab\ncd"
    assert stored.span(0, 2) == (0, 2)
    assert stored.span(2, 4) == (3, 5)
    assert stored.span(1, 3) == (1, 4)
    assert stored.span(3, 9) is None


def test_reading_writes_nothing_and_leaves_a_write_ahead_file_alone(tmp_path: Path) -> None:
    path = taguette_database(tmp_path / "db.sqlite3", "<p>abc</p>", [(0, 3, "abc", [1])])
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA journal_mode = WAL")
    database.close()
    path.chmod(0o444)
    before = path.read_bytes()
    assert len(coding.read(path).codings) == 1
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["db.sqlite3"]


def test_a_view_in_place_of_a_table_is_not_run(tmp_path: Path) -> None:
    path = tmp_path / "db.sqlite3"
    with sqlite3.connect(path) as database:
        database.executescript(
            """
            CREATE TABLE highlights (id INTEGER);
            CREATE VIEW documents AS WITH RECURSIVE n(i) AS
                (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id FROM n;
            """
        )
    database.close()
    with pytest.raises(StudyError, match="another program"):
        coding.read(path)


@pytest.fixture(scope="module")
def serdif() -> coding.CodedProject:
    return coding.read(DATABASE)


@needs_realdata
def test_the_counts_of_a_real_study(serdif: coding.CodedProject) -> None:
    assert len(serdif.sources) == len(serdif.texts) == 17
    assert len(serdif.codes) == 22
    assert len(serdif.codings) == 1930
    most = serdif.codings["code"].value_counts()
    assert most.head(5).to_dict() == {
        "Query inputs and elements useful": 191,
        "Moderator assist": 174,
        "Task sequence complex": 156,
        "Navigation complex": 151,
        "Export (meta)data useful": 131,
    }
    said = dict(zip(serdif.report["detail"], serdif.report["count"], strict=True))
    assert said["highlights"] == 1794
    assert said["highlight without a tag (id 1630)"] == 1


def overlaps(codings: pd.DataFrame) -> tuple[int, int, int]:
    """Overlapping pairs of different codes, those on identical spans, and distinct code pairs."""
    pairs = []
    for _, in_source in codings.groupby("source_id"):
        spans = in_source[["start", "end", "code"]].to_numpy().tolist()
        pairs += [
            (one, other)
            for one, other in itertools.combinations(spans, 2)
            if one[2] != other[2] and max(one[0], other[0]) < min(one[1], other[1])
        ]
    same = sum(one[:2] == other[:2] for one, other in pairs)
    return len(pairs), same, len({frozenset((one[2], other[2])) for one, other in pairs})


@needs_realdata
def test_overlaps_of_a_real_study_survive_placement_on_cleaned_text(
    serdif: coding.CodedProject,
) -> None:
    sources = pd.DataFrame(
        {
            "source_id": [name.split("_")[0] for name in serdif.sources["name"]],
            "coded_as": serdif.sources["name"],
            "file": "",
            "title": "",
        }
    )
    cleaned = {}
    for source in sources.itertuples():
        text = serdif.texts[source.coded_as]
        # Another cleaning than the project's own: every break becomes a blank line.
        breaks = [place for place, mark in enumerate(text) if mark == "\n"]
        edits = tuple(Edit(place, place + 1, "\n\n", "") for place in breaks)
        cleaned[source.source_id] = CleanText(text, (Layer("breaks", edits),))
    placement = coding.place(
        [serdif],
        sources,
        cleaned,
        coding.merged_codes([serdif]),
        anchor_score=90,
        coders={DATABASE.name: "A"},
        code_names={},
    )
    assert len(placement.codings) == 1930
    assert overlaps(placement.codings) == (219, 147, 72)
    assert set(placement.codings["coder"]) == {"A"}
    assert placement.unplaced.empty
    matched = 0
    for source_id, text in cleaned.items():
        name = sources.set_index("source_id").loc[source_id, "coded_as"]
        ours = placement.codings.query("source_id == @source_id").sort_values(["start", "end"])
        theirs = serdif.codings.query("source_id == @name").sort_values(["start", "end"])
        words = [
            "".join(text.text[s:e].split()) for s, e in zip(ours["start"], ours["end"], strict=True)
        ]
        stored = [
            "".join(serdif.texts[name][s:e].split())
            for s, e in zip(theirs["start"], theirs["end"], strict=True)
        ]
        assert words == stored
        matched += len(words)
    assert matched == 1930


@needs_realdata
def test_database_and_table_agree_on_the_cleaned_transcripts_themselves(
    serdif: coding.CodedProject,
) -> None:
    """Texts from the .odt files, cleaned: neither the database's texts nor its positions."""
    names = serdif.sources["name"].tolist()
    sources = pd.DataFrame(
        {
            "source_id": [name.split("_")[0] for name in names],
            "coded_as": "",
            "file": [f"interviews/{name}" for name in names],
            "title": "",
        }
    )
    cleaned = {
        source.source_id: clean(reading.read(SERDIF.parent / source.file), "interview")
        for source in sources.itertuples()
    }
    placements = [
        coding.place(
            [project],
            sources,
            cleaned,
            coding.merged_codes([serdif]),
            anchor_score=92,
            coders={},
            code_names={},
        )
        for project in (serdif, coding.read(SERDIF / "all_tags_20220303.csv"))
    ]
    key = ["source_id", "start", "end", "code", "coder"]
    by_position, by_words = (placement.codings[key] for placement in placements)
    pd.testing.assert_frame_equal(by_position, by_words)
    assert len(by_position) >= 0.99 * 1930
    assert overlaps(by_position) == (219, 147, 72)


def test_a_database_with_unwritten_changes_is_refused(tmp_path: Path) -> None:
    path = taguette_database(tmp_path / "db.sqlite3", "<p>abc</p>", [(0, 3, "abc", [1])])
    path.with_name("db.sqlite3-wal").write_bytes(b"changes")
    with pytest.raises(StudyError, match="holds open"):
        coding.read(path)
