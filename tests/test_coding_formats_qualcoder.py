"""QualCoder databases of several versions: the stored words judge the positions."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pytest

from analysis import coding

TEXT = "😀 We trust them.\nThey were told."


def qualcoder(path: Path, *, supercid: bool = False) -> Path:
    """A database of schema 8, or with subcodes of later ones."""
    with sqlite3.connect(path) as database:
        database.executescript(
            """
            CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT, fulltext TEXT, mediapath TEXT,
                                 memo TEXT, owner TEXT, date TEXT);
            CREATE TABLE code_cat (catid INTEGER PRIMARY KEY, name TEXT, owner TEXT, memo TEXT,
                                   supercatid INTEGER);
            CREATE TABLE code_name (cid INTEGER PRIMARY KEY, name TEXT, memo TEXT, catid INTEGER,
                                    owner TEXT, color TEXT);
            CREATE TABLE code_text (cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER,
                                    pos1 INTEGER, owner TEXT, date TEXT, memo TEXT);
            CREATE TABLE cases (caseid INTEGER PRIMARY KEY, name TEXT);
            CREATE TABLE case_text (caseid INTEGER, fid INTEGER, pos0 INTEGER, pos1 INTEGER);
            CREATE TABLE attribute (attrid INTEGER PRIMARY KEY, name TEXT, attr_type TEXT,
                                    value TEXT, id INTEGER);
            CREATE TABLE annotation (anid INTEGER PRIMARY KEY);
            CREATE TABLE code_image (imid INTEGER PRIMARY KEY);
            INSERT INTO annotation VALUES (1), (2);
            INSERT INTO code_cat VALUES (1, 'Trust', 'ann', 'a category', NULL),
                                        (2, 'Power', 'ann', '', 1),
                                        (3, 'Loop', 'ann', '', 3);
            INSERT INTO code_name VALUES (1, 'Trust', 'a code', 1, 'ann', ''),
                                         (2, 'told', '', 2, 'ann', ''),
                                         (3, 'Power', '', NULL, 'ann', ''),
                                         (4, 'round', '', 3, 'ann', '');
            INSERT INTO cases VALUES (1, 'Ann');
            INSERT INTO attribute VALUES (1, 'role', 'case', 'youth worker', 1),
                                         (2, 'year', 'file', '2024', 1);
            """
        )
        if supercid:
            database.execute("ALTER TABLE code_name ADD COLUMN supercid INTEGER")
            database.execute("INSERT INTO code_name VALUES (5, 'deep', '', NULL, 'ann', '', 1)")
        database.execute(
            "INSERT INTO source VALUES (1, 'P1.docx', ?, NULL, '', 'ann', '')", (TEXT,)
        )
        database.execute(
            "INSERT INTO source VALUES (2, 'a.png', NULL, 'images:/a.png', '', '', '')"
        )
        database.execute("INSERT INTO case_text VALUES (1, 1, 0, ?)", (len(TEXT),))
        trust, told = TEXT.index("trust"), TEXT.index("told")
        break_ = TEXT.index("them.")
        database.executemany(
            "INSERT INTO code_text VALUES (?, ?, ?, ?, ?, ?, '', ?)",
            [
                (1, 1, "trust", trust, trust + 5, "ann", "why"),
                # Counted in UTF-16 by the editor: one more after the emoji.
                (2, 1, "told", told + 1, told + 5, "bea", None),
                (2, 1, "them.\u2029They", break_, break_ + 10, "ann", ""),
                (3, 1, "nowhere", 0, 7, "ann", ""),
                (9, 1, "trust", trust, trust + 5, "ann", ""),
                (1, 2, "", 0, 1, "ann", ""),
                (1, 1, "", "x", 1, "ann", ""),
            ],
        )
    database.close()
    return path


def packed(folder: Path, database: Path, kind: str) -> Path:
    if kind == "folder":
        project = folder / "study.qda"
        project.mkdir()
        database.rename(project / "data.qda")
        return project
    if kind == "zip":
        path = folder / "study.qda.zip"
        with zipfile.ZipFile(path, "w") as archive:
            archive.write(database, "study.qda/data.qda")
        return path
    return database


@pytest.mark.parametrize("kind", ["file", "folder", "zip"])
def test_a_project_in_any_wrapping(tmp_path: Path, kind: str) -> None:
    project = coding.read(packed(tmp_path, qualcoder(tmp_path / "data.qda"), kind))
    found = [
        (project.texts[row.source_id][row.start : row.end], row.code, row.coder, row.memo)
        for row in project.codings.itertuples()
    ]
    assert sorted(found) == [
        ("them.\nThey", "Trust/Power/told", "ann", ""),
        ("told", "Trust/Power/told", "bea", ""),
        ("trust", "Trust/Trust", "ann", "why"),
    ]
    codes = project.codes.set_index("code")["usable"].to_dict()
    assert codes == {
        "Loop": False,
        "Loop/round": True,
        "Power": True,
        "Trust": False,
        "Trust/Power": False,
        "Trust/Power/told": True,
        "Trust/Trust": True,
    }
    (coded,) = project.sources.query("source_id == 'P1.docx'").to_dict("records")
    assert (coded["case"], coded["role"], coded["year"]) == ("Ann", "youth worker", "2024")
    assert project.cases.to_dict("records") == [{"case": "Ann", "role": "youth worker"}]
    left_out = project.report.query("topic == 'left out'").set_index("detail")["count"]
    assert left_out["annotations"] == 2
    assert left_out["sources without text"] == 1
    assert left_out["codings with a code that is not listed"] == 1
    assert left_out["codings of sources without text"] == 1
    assert left_out["coding whose words are not those stored (row 4)"] == 1
    offsets = project.report.query("topic == 'offsets'").set_index("detail")["count"]
    assert offsets["code points, CRLF counted as two, BOM not counted"] == 2
    assert offsets["UTF-16 units, CRLF counted as two, BOM not counted"] == 1


def test_codes_below_codes_in_later_versions(tmp_path: Path) -> None:
    project = coding.read(qualcoder(tmp_path / "data.qda", supercid=True))
    assert "Trust/Trust/deep" in set(project.codes["code"])
