"""A source that is purged leaves no run of five words in any file, whatever format held it."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import re
import shutil
import sqlite3
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from built import CLEAN, program
from docx import Document
from tiny import PROJECT, TEXTS, write_tiny_study

from analysis import coding
from analysis.coding.formats import refi_export
from analysis.coding.formats.taguette import KEPT
from analysis.coding.formats.without.databases import database_without
from analysis.coding.formats.without.refi import archive_without
from analysis.coding.formats.without.rows import csv_without
from analysis.file_text.file_words import FileWords, file_quotes
from analysis.files import confined
from analysis.files.problems import StudyError
from analysis.lifecycle.purge import NotSearchedError, purge_source
from analysis.lifecycle.purge.key import key_without
from analysis.study.register import read_register
from analysis.text.runs import only_in, published_words, runs

LEAVING = TEXTS["interviews/t1.txt"]
STAYING = TEXTS["interviews/t2.txt"]
QUOTE = "Trust is the whole of it."


def words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", text.lower())


def everything_in(folder: Path) -> str:
    """All words below `folder`, archives unpacked and databases dumped: an independent search."""
    found = []
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        data = file.read_bytes()
        found.append(data.decode("utf-8", "ignore"))
        if data.startswith(b"PK"):
            with zipfile.ZipFile(file) as archive:
                for name in archive.namelist():
                    content = archive.read(name)
                    found.append(re.sub(r"<[^>]*>", " ", content.decode("utf-8", "ignore")))
                    if content.startswith(b"SQLite"):
                        found.append(dumped(content))
        elif data.startswith(b"SQLite"):
            found.append(dumped(data))
    return " ".join(words(" ".join(found)))


def dumped(data: bytes) -> str:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    lines = "\n".join(connection.iterdump())
    connection.close()
    return re.sub(r"<[^>]*>", " ", lines)


def own_runs() -> set[str]:
    """Runs of five words of the leaving text that no other text has."""
    split = words(LEAVING)
    mine = {" ".join(split[at : at + 5]) for at in range(len(split) - 4)}
    others = " ".join(
        " ".join(words(text)) for name, text in TEXTS.items() if name != "interviews/t1.txt"
    )
    return {run for run in mine if run not in others}


def taguette(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.executescript(
            """
            CREATE TABLE documents (id INTEGER, name TEXT, filename TEXT, contents TEXT);
            CREATE TABLE tags (id INTEGER, path TEXT, description TEXT);
            CREATE TABLE highlights (id INTEGER, document_id INTEGER, start_offset INTEGER,
                                     end_offset INTEGER, snippet TEXT);
            CREATE TABLE highlight_tags (highlight_id INTEGER, tag_id INTEGER);
            CREATE TABLE commands (id INTEGER, document_id INTEGER, payload TEXT);
            INSERT INTO tags VALUES (1, 'trust', '');
            """
        )
        for number, name, text, quote in (
            (1, "t1", LEAVING, QUOTE),
            (2, "t2", STAYING, "They trust us"),
        ):
            html = f"<p>{text}</p>".replace("\n", "<br>")
            start = len(re.sub("<[^>]*>", "", html)[: re.sub("<[^>]*>", "", html).index(quote)])
            database.execute("INSERT INTO documents VALUES (?, ?, ?, ?)", (number, name, "x", html))
            database.execute(
                "INSERT INTO highlights VALUES (?, ?, ?, ?, ?)",
                (number, number, start, start + len(quote), quote),
            )
            database.execute("INSERT INTO highlight_tags VALUES (?, 1)", (number,))
            database.execute(
                "INSERT INTO commands VALUES (?, NULL, ?)", (number, json.dumps({"text": text}))
            )
    database.close()


def qualcoder(folder: Path) -> None:
    folder.mkdir()
    (folder / "documents").mkdir()
    (folder / "documents" / "t1.txt").write_text(LEAVING)
    (folder / "documents" / "t2.txt").write_text(STAYING)
    with sqlite3.connect(folder / "data.qda") as database:
        database.executescript(
            """
            CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT, fulltext TEXT, mediapath TEXT);
            CREATE TABLE code_name (cid INTEGER PRIMARY KEY, name TEXT, memo TEXT, catid INTEGER);
            CREATE TABLE code_text (cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER,
                                    pos1 INTEGER, owner TEXT, memo TEXT);
            CREATE TABLE journal (jid INTEGER PRIMARY KEY, jentry TEXT);
            INSERT INTO code_name VALUES (1, 'trust', '', NULL);
            """
        )
        for number, name, text, quote in (
            (1, "t1", LEAVING, QUOTE),
            (2, "t2", STAYING, "They trust us"),
        ):
            start = text.index(quote)
            database.execute("INSERT INTO source VALUES (?, ?, ?, NULL)", (number, name, text))
            database.execute(
                "INSERT INTO code_text VALUES (1, ?, ?, ?, ?, 'A', '')",
                (number, quote, start, start + len(quote)),
            )
            database.execute("INSERT INTO journal VALUES (?, ?)", (number, f"day {number}: {text}"))
    database.close()


def qdpx(path: Path) -> None:
    sources = pd.DataFrame(
        {
            "source_id": ["t1", "t2"],
            "case_id": ["Ann Other", "ts-2"],
            "role": "worker",
            "file": "",
            "coded_as": "",
            "title": "",
            "status": "active",
            "publish": "full",
        }
    )
    codes = pd.DataFrame(
        {
            "code": ["trust"],
            "parent": [""],
            "name": ["trust"],
            "depth": [0],
            "usable": [True],
            "definition": [""],
        }
    )
    rows = [
        (
            name,
            text.index(quote),
            text.index(quote) + len(quote),
            "trust",
            "A",
            "",
            f"note: {quote}",
        )
        for name, text, quote in (("t1", LEAVING, QUOTE), ("t2", STAYING, "They trust us"))
    ]
    codings = pd.DataFrame(
        rows, columns=["source_id", "start", "end", "code", "coder", "origin", "memo"]
    )
    refi_export.write_qdpx(path, sources, {"t1": LEAVING, "t2": STAYING}, codes, codings)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("sources/unreferenced copy.txt", LEAVING)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny study, with t1 in a project of every kind, quoted in memos, and published."""
    study = write_tiny_study(tmp_path_factory.mktemp("whole") / "study")
    raw = study / "data" / "raw"
    taguette(raw / "coding" / "project.sqlite3")
    qualcoder(raw / "coding" / "project.qda")
    qdpx(raw / "coding" / "project.qdpx")
    with zipfile.ZipFile(raw / "coding" / "packed.zip", "w") as archive:
        for file in sorted((raw / "coding" / "project.qda").rglob("*.*")):
            archive.write(file, file.relative_to(raw / "coding").as_posix())
    table = [
        ("document", "tag", "content"),
        ("t1", "trust", QUOTE),
        ("t2", "trust", "They trust us"),
    ]
    (raw / "coding" / "tags.csv").write_bytes(
        ("\ufeff" + "\r\n".join(";".join(row) for row in table)).encode()
    )
    book = openpyxl.Workbook()
    for row in (*table, ("t1", "told", "Being known to a child. Trust")):
        book.active.append(row)
    book.save(raw / "coding" / "tags.xlsx")
    document = Document()
    document.add_comment(document.add_paragraph().add_run(LEAVING), text="trust", author="B")
    document.save(str(raw / "coding" / "t1.docx"))
    (raw / "memos").mkdir()
    (raw / "memos" / "2024-01 quoting.md").write_text(
        f"They said: *{QUOTE.replace(' of', chr(10) + 'of')}*"
    )
    (raw / "memos" / "2024-02 other.md").write_text("On trust as a tie, and who pays for it.")
    (raw / "bearings.csv").write_text(
        f"claim,source_id,passage,bears,note\ntrust,t1,1,supports,so\ntrust,t2,1,supports,{QUOTE}\n"
        "trust,c1,1,qualifies,as well\n"
    )
    (raw / "matrix.csv").write_text("case_id,theme,summary\nts-1,Trust,all\nts-2,Trust,some\n")
    (raw / "cases.csv").write_text("case_id,score\nts-1,3\nts-2,4\n")
    for name, content in {
        "data/processed/README.md": "Generated.",
        "data/processed/texts/t1.txt": LEAVING,
        "data/processed/passages.csv": f'source_id,text\nt1,"{LEAVING}"\n',
        "data/private/prepared/t1.json": json.dumps({"original": LEAVING}),
        "data/private/review/samples-interview.csv": f"source_id,before\nt1,{QUOTE}\n",
        "data/private/notes.txt": f"call back about: {LEAVING}",
        "data/private/pseudonyms.csv": "find,replace,kind,common_word\n",
        "reports/_site/evidence.html": f"<p>{QUOTE}</p>",
        "exports/spans.csv": f"source_id,quote\nt1,{QUOTE}\n",
        "deposit/open/data/t1.txt": LEAVING,
        "compared/changes.html": f"<p>{QUOTE}</p>",
        "reports/_generated/quotations/t1-1-1.md": f"> {QUOTE}",
        "reports/_variables.yml": "a: b",
        "reports/notebooks/02.ipynb": json.dumps({"cells": [LEAVING]}),
    }.items():
        (study / name).parent.mkdir(parents=True, exist_ok=True)
        (study / name).write_text(content)
    return study


@pytest.fixture
def study(whole: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(whole, tmp_path / "study"))


@pytest.fixture(scope="module")
def purged(whole: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy from which t1 was deleted; not to be changed by a test."""
    study = shutil.copytree(whole, tmp_path_factory.mktemp("purged") / "study")
    purge_source(study, "t1", ask=False)
    return study


def test_no_run_of_five_words_is_left_and_the_others_stay(whole: Path, purged: Path) -> None:
    sought = own_runs()
    assert len(sought) > 10
    before, after = everything_in(whole), everything_in(purged)
    assert all(run in before for run in sought)
    assert [run for run in sought if run in after] == []
    untouched = ("c1.txt", "t2.txt", "02 other.md", "pseudonyms.csv", "params.yml", "index.qmd")
    left = {
        name: digest
        for name, digest in fingerprints(whole, *untouched).items()
        if not name.startswith(("data/processed", "data/raw/coding"))
    }
    assert len(left) == 6
    assert left.items() <= fingerprints(purged).items()
    raw = purged / "data" / "raw"
    register = pd.read_csv(raw / "sources.csv", dtype=str, keep_default_na=False)
    row = register.set_index("source_id").loc["t1"]
    kept = {"source_id", "case_id", "kind", "status", "publish", "provenance"}
    assert [row["status"], row["publish"], row["case_id"]] == ["withdrawn", "none", "ts-1"]
    assert set(row.drop(labels=sorted(kept - {"source_id"}))) == {"", "unknown"}
    assert len(read_register(raw)) == 6
    assert (register["status"] == "active").sum() == 5
    assert not (raw / "interviews" / "t1.txt").exists()
    assert not (raw / "memos" / "2024-01 quoting.md").exists()
    assert not (purged / "reports" / "_site").exists()
    assert (purged / "data" / "processed" / "README.md").exists()
    assert (raw / "bearings.csv").read_text().splitlines()[1:] == ["trust,c1,1,qualifies,as well"]
    assert (raw / "matrix.csv").read_text() == "case_id,theme,summary\nts-2,Trust,some\n"
    assert (raw / "cases.csv").read_text() == "case_id,score\nts-2,4\n"
    assert not any((purged / name).exists() for name in ("exports", "deposit", "compared"))
    assert not (raw / "coding" / "t1.docx").exists()


@pytest.mark.parametrize(
    "name",
    ["project.sqlite3", "project.qda", "project.qdpx", "packed.zip", "tags.csv", "tags.xlsx"],
)
def test_a_rewritten_project_still_holds_what_the_others_said(
    whole: Path, purged: Path, name: str
) -> None:
    full, left = (
        coding.read(study / "data" / "raw" / "coding" / name) for study in (whole, purged)
    )
    assert set(full.sources["source_id"]) == {"t1", "t2"}
    assert list(left.sources["source_id"]) == ["t2"]
    assert left.texts == {name: text for name, text in full.texts.items() if name == "t2"}
    for before, after, column in (
        (full.codings, left.codings, "source_id"),
        (full.quotations, left.quotations, "source_name"),
    ):
        kept = before[before[column] == "t2"].drop(columns="row").reset_index(drop=True)
        pd.testing.assert_frame_equal(after.drop(columns="row"), kept)
    assert list(left.codes["code"]) == [code for code in full.codes["code"] if code != "told"]


def test_a_case_that_only_this_source_made_up_leaves_the_project(whole: Path, purged: Path) -> None:
    name = "data/raw/coding/project.qdpx"
    assert "Ann Other" in set(coding.read(whole / name).cases["case"])
    assert list(coding.read(purged / name).cases["case"]) == ["ts-2"]


def test_span_tables_lose_the_rows_of_the_source_alone(purged: Path) -> None:
    folder = purged / "data" / "raw" / "coding"
    for coder, ids in (("A", ["c1", "c2", "d1", "o1", "t2"]), ("B", ["c1"])):
        table = pd.read_csv(folder / f"coder {coder}.csv")
        assert sorted(set(table["source_id"])) == ids


def test_it_asks_and_changes_nothing_without_the_id(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = fingerprints(study)
    monkeypatch.setattr("builtins.input", lambda question: "yes")
    with pytest.raises(StudyError, match="nothing was changed"):
        purge_source(study, "t1", ask=True)
    assert fingerprints(study) == before
    listed = capsys.readouterr().err
    assert "data/raw/interviews/t1.txt" in listed and "tags.xlsx" in listed
    assert QUOTE not in listed
    monkeypatch.setattr("builtins.input", lambda question: "t1")
    purge_source(study, "t1", ask=True)
    assert not (study / "data" / "raw" / "interviews" / "t1.txt").exists()


def test_what_cannot_be_rewritten_is_refused_by_name_and_nothing_changes(study: Path) -> None:
    raw = study / "data" / "raw"
    document = Document()
    document.add_paragraph(LEAVING)
    document.save(str(raw / "coding" / "all interviews.docx"))
    (raw / "coding" / "project.sqlite3-wal").write_bytes(b"")
    with (study / "reports" / "index.qmd").open("a") as paper:
        paper.write(f"\nAs one said, {QUOTE}\n")
    before = fingerprints(study)
    with pytest.raises(StudyError) as error:
        purge_source(study, "t1", ask=False)
    places = [problem.where for problem in error.value.problems]
    assert any(place.endswith("all interviews.docx") for place in places)
    assert any(place.endswith("project.sqlite3") for place in places)
    lines = (study / "reports" / "index.qmd").read_text().splitlines()
    assert f"reports/index.qmd, line {len(lines)}" in places
    assert QUOTE not in str(error.value)
    assert fingerprints(study) == before


def test_a_second_purge_finds_nothing_and_an_unknown_source_is_refused(purged: Path) -> None:
    once = fingerprints(purged)
    purge_source(purged, "t1", ask=False)
    assert fingerprints(purged) == once
    with pytest.raises(StudyError, match="0 rows"):
        purge_source(purged, "nobody", ask=False)


def test_a_file_outside_data_raw_is_never_deleted(study: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_text("kept")
    path = study / "data" / "raw" / "sources.csv"
    path.write_text(path.read_text().replace("interviews/t1.txt", "../../../outside.txt"))
    with pytest.raises(StudyError, match=r"leaves data/raw"):
        purge_source(study, "t1", ask=False)
    assert outside.read_text() == "kept"


def test_projects_without_the_source_keep_their_bytes(study: Path) -> None:
    folder = study / "data" / "raw" / "coding"

    def nobody(*names: str) -> bool:
        return False

    for name, without in (
        ("project.qdpx", lambda data: archive_without(data, "x", nobody, frozenset())),
        ("project.sqlite3", lambda data: database_without(data, KEPT, nobody, frozenset())),
        ("tags.csv", lambda data: csv_without(data, "x", lambda row: False)),
    ):
        data = (folder / name).read_bytes()
        assert without(data) == data


def test_runs_do_not_see_case_marks_or_line_ends() -> None:
    sought = only_in(["One two, three-four five six."], ["two three four five six"])
    assert sought == {"one two three four five"}
    assert file_quotes(b"<p>ONE <b>two</b> three</p>\n<p>four</p> five", "a.html", sought)
    assert not file_quotes(b"one two three four", "a.txt", sought)
    assert runs("only four words here") == set()


@pytest.mark.parametrize(
    "name", ["data/README.md", "data/private/README.md", "reports/README.md", "data/raw/README.md"]
)
def test_a_readme_that_quotes_is_refused_before_anything_is_touched(study: Path, name: str) -> None:
    (study / name).parent.mkdir(exist_ok=True)
    (study / name).write_text(f"Notes.\n\nOne said: {QUOTE}\n")
    before = fingerprints(study)
    with pytest.raises(StudyError) as error:
        purge_source(study, "t1", ask=False)
    assert [problem.where for problem in error.value.problems] == [f"{name}, line 3"]
    assert fingerprints(study) == before


def test_the_sources_own_row_may_quote_it_and_no_other_row_may(study: Path) -> None:
    path = study / "data" / "raw" / "sources.csv"
    path.write_text(path.read_text().replace(",Third,", f",{QUOTE},"))
    purge_source(Path(shutil.copytree(study, study.parent / "copy")), "t1", ask=False)
    path.write_text(path.read_text().replace(",Fourth,", f",{QUOTE},"))
    before = fingerprints(study)
    with pytest.raises(StudyError, match=r"sources\.csv, line 5"):
        purge_source(study, "t1", ask=False)
    assert fingerprints(study) == before


def test_names_that_only_the_source_has_leave_the_key_and_others_stay(study: Path) -> None:
    key = study / "data" / "private" / "pseudonyms.csv"
    heading = "find,replace,kind,common_word\n"
    leaving = ["being known to a child,[the work],other,no", "paid,[x],other,no"]
    staying = [
        "trust,[tie],other,yes",
        "Nobody Here,[nobody],person,no",
        "trained,[taught],other,no",
    ]
    key.write_text(heading + "\n".join([*leaving, *staying]) + "\n")
    (study / "data" / "raw" / "memos" / "2024-03.md").write_text("Who is Trained, who is not?")
    purge_source(study, "t1", ask=False)
    assert key.read_text() == heading + "\n".join(staying) + "\n"


def test_a_key_without_any_name_of_the_source_keeps_its_bytes() -> None:
    data = b'find,replace,kind,common_word\r\n"Ann",[a],person,no\r\n'
    assert key_without(data, ["nobody of that name"], []) == data
    assert key_without(data, ["ANN said"], [" then ann said "]) == data
    assert key_without(data, ["ANN said"], []) == b"find,replace,kind,common_word\r\n"


def test_titles_of_published_works_are_not_only_the_sources(study: Path) -> None:
    (study / "reports" / "references.bib").write_text(
        f'@book{{a, title = {{On {{Trust}} as the whole of it}}, publisher = "Being known to a child",'
        f" note = {{{QUOTE}}}}}\n"
    )
    works = list(published_words(study / "reports"))
    assert works == ["On Trust as the whole of it", "Being known to a child"]
    with pytest.raises(StudyError, match=r"references\.bib, line 1"):
        purge_source(study, "t1", ask=False)
    bib = study / "reports" / "references.bib"
    bib.write_text(bib.read_text().replace(QUOTE, "reprinted"))
    purge_source(study, "t1", ask=False)
    assert "Being known" in bib.read_text()


def noted(study: Path, change: str) -> None:
    """Put `change` into the project of REFI-QDA, at the other source's first selection."""
    path = study / "data" / "raw" / "coding" / "project.qdpx"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = next(name for name in parts if name.endswith(".qde"))
    project = parts[name].decode()
    start = project.index("<PlainTextSelection", project.index("t2"))
    place = project.index(">", start) + 1
    parts[name] = (project[:place] + change + project[place:]).encode()
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for member, content in parts.items():
            archive.writestr(member, content)
    path.write_bytes(held.getvalue())


def test_a_description_that_quotes_costs_nobody_else_a_source(study: Path) -> None:
    noted(study, f"<Description>As another said: {QUOTE}</Description>")
    path = study / "data" / "raw" / "coding" / "project.qdpx"
    before = coding.read(path)
    purge_source(study, "t1", ask=False)
    after = coding.read(path)
    assert list(after.sources["source_id"]) == ["t2"]
    assert after.texts == {"t2": before.texts["t2"]}
    place = ["source_id", "start", "end", "code", "coder", "quote"]
    pd.testing.assert_frame_equal(
        after.codings[place].reset_index(drop=True),
        before.codings.loc[before.codings["source_id"] == "t2", place].reset_index(drop=True),
    )
    assert not file_quotes(path.read_bytes(), path.name, only_in([LEAVING], [STAYING]))


def test_a_case_of_qualcoder_goes_with_its_attributes_unless_another_source_is_of_it(
    study: Path,
) -> None:
    path = study / "data" / "raw" / "coding" / "project.qda" / "data.qda"
    with sqlite3.connect(path) as database:
        database.executescript(
            """
            CREATE TABLE cases (caseid INTEGER PRIMARY KEY, name TEXT, memo TEXT);
            CREATE TABLE case_text (caseid INTEGER, fid INTEGER, pos0 INTEGER, pos1 INTEGER);
            CREATE TABLE attribute (name TEXT, attr_type TEXT, value TEXT, id INTEGER);
            INSERT INTO cases VALUES (1, 'Ann Other', 'left-handed'), (2, 'ts-2', ''),
                (3, 'the north', ''), (4, 'Ann once more', ''), (5, 'nobody yet', '');
            INSERT INTO case_text VALUES (1, 1, 0, 9), (1, 1, 9, 20), (2, 2, 0, 9), (3, 1, 0, 9),
                (3, 2, 0, 9), (4, 1, 0, 9), (4, 77, 0, 9);
            INSERT INTO attribute VALUES ('Ethnicity', 'case', 'White Irish', 1),
                ('Age', 'case', '47', 4), ('Age', 'case', '33', 2), ('Size', 'file', '12', 1),
                ('Size', 'file', '13', 2), ('Region', 'case', 'N', 3);
            """
        )
    database.close()
    purge_source(study, "t1", ask=False)
    with sqlite3.connect(path) as database:
        cases = database.execute("SELECT caseid FROM cases ORDER BY caseid").fetchall()
        links = database.execute("SELECT caseid, fid FROM case_text").fetchall()
        values = database.execute("SELECT value FROM attribute ORDER BY value").fetchall()
    database.close()
    assert [case for (case,) in cases] == [2, 3, 5]
    assert links == [(2, 2), (3, 2)]
    assert [value for (value,) in values] == ["13", "33", "N"]
    assert not any(word in path.read_bytes() for word in (b"White Irish", b"Ann", b"left-handed"))


def in_every_encoding(data: bytes) -> str:
    """The bytes as any reader of text could take them."""
    wide = [data[at:].decode("utf-16-le", "ignore") for at in (0, 1)]
    return " ".join([data.decode("utf-8", "ignore"), *wide])


BESIDE = {
    "stored_sql": ("title, description, grouper, ssql", "('one', '', '', ?), ('two', '', '', ?)"),
    "gr_free_text_item": ("gfreeid INTEGER PRIMARY KEY, free_text", "(1, ?), (2, ?)"),
    "gr_case_text_item": ("grid, displaytext", "(1, ?), (2, ?)"),
    "ris": ("risid, tag, longtag, value", "(1, 'AB', 'Abstract', ?), (2, 'AB', 'Abstract', ?)"),
    "logs": ("entry", "(?), (?)"),
}


@pytest.mark.parametrize("table", BESIDE)
def test_a_row_beside_the_coding_that_quotes_goes_and_the_next_one_stays(
    study: Path, table: str
) -> None:
    path = study / "data" / "raw" / "coding" / "project.qda" / "data.qda"
    columns, values = BESIDE[table]
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE TABLE {table} ({columns})")
        database.execute(f"INSERT INTO {table} VALUES {values}", (f"SEE '{QUOTE}'", "Another's."))
    database.close()
    purge_source(study, "t1", ask=False)
    with sqlite3.connect(path) as database:
        rows = database.execute(f"SELECT * FROM {table}").fetchall()
    database.close()
    assert len(rows) == 1 and "Another's." in rows[0]
    assert QUOTE not in in_every_encoding(path.read_bytes())


@pytest.mark.parametrize(
    ("file", "encoding", "dropped"),
    [
        ("project.sqlite3", "UTF-8", True),
        ("project.qda/data.qda", "UTF-16le", False),
        *(
            pytest.param(*row, marks=pytest.mark.full("each program's database, in each way"))
            for row in (
                ("project.sqlite3", "UTF-8", False),
                ("project.sqlite3", "UTF-16le", True),
                ("project.sqlite3", "UTF-16le", False),
                ("project.qda/data.qda", "UTF-8", True),
                ("project.qda/data.qda", "UTF-8", False),
                ("project.qda/data.qda", "UTF-16le", True),
            )
        ),
    ],
)
def test_words_in_deleted_pages_of_a_database_go_with_the_source(
    study: Path, file: str, encoding: str, dropped: bool
) -> None:
    path = study / "data" / "raw" / "coding" / file
    old = path.with_suffix(".old")
    path.rename(old)
    with sqlite3.connect(old) as before, sqlite3.connect(path) as database:
        database.execute(f"PRAGMA encoding = '{encoding}'")
        database.executescript("PRAGMA secure_delete = OFF;\n" + "\n".join(before.iterdump()))
        database.executescript("CREATE TABLE drafts (note TEXT);")
        database.executemany("INSERT INTO drafts VALUES (?)", [(QUOTE,)] * 200)
        of_source = "document_id" if path.suffix == ".sqlite3" else "fid"
        coded = "highlights" if path.suffix == ".sqlite3" else "code_text"
        texts = "documents" if path.suffix == ".sqlite3" else "source"
        notes = "commands" if path.suffix == ".sqlite3" else "journal"
        database.execute(f"DELETE FROM {coded} WHERE {of_source} = 1")
        database.execute(f"DELETE FROM {texts} WHERE id = 1")
        database.execute(f"DELETE FROM {notes}")
        database.execute("DROP TABLE drafts" if dropped else "DELETE FROM drafts")
    before.close()
    database.close()
    old.unlink()
    assert QUOTE in in_every_encoding(path.read_bytes())
    purge_source(study, "t1", ask=False)
    assert QUOTE not in in_every_encoding(path.read_bytes())
    with sqlite3.connect(path) as database:
        assert database.execute(f"SELECT count(*) FROM {texts}").fetchone() == (1,)
    database.close()


@pytest.mark.parametrize(
    "index",
    [
        "fts5(fulltext)",
        "fts4(fulltext)",
        "fts5(fulltext, content='source', content_rowid='id')",
        "fts5(fulltext, content='')",
    ],
)
def test_an_index_of_words_is_made_anew(study: Path, index: str) -> None:
    path = study / "data" / "raw" / "coding" / "project.qda" / "data.qda"
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE VIRTUAL TABLE words USING {index}")
        database.execute("INSERT INTO words (rowid, fulltext) SELECT id, fulltext FROM source")
    database.close()
    purge_source(study, "t1", ask=False)
    data = path.read_bytes()
    assert QUOTE not in in_every_encoding(data)
    # 'whole' is a word of the text that left, and of no other.
    with sqlite3.connect(path) as database:
        found = database.execute("SELECT rowid FROM words WHERE words MATCH 'whole'").fetchall()
        kept = database.execute("SELECT rowid FROM words WHERE words MATCH 'walking'").fetchall()
    database.close()
    assert found == []
    assert kept == ([] if "content=''" in index else [(2,)])


def test_a_table_of_nobodys_that_quotes_is_named(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = study / "data" / "raw" / "coding" / "project.qda" / "data.qda"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE addon (note TEXT)")
        database.execute("INSERT INTO addon VALUES (?)", (QUOTE,))
    database.close()
    before = path.read_bytes()
    with pytest.raises(StudyError, match="table addon"):
        purge_source(study, "t1", ask=False)
    assert path.read_bytes() == before


def test_a_memo_that_quotes_is_emptied_and_its_coding_kept(study: Path) -> None:
    path = study / "data" / "raw" / "coding" / "project.qda" / "data.qda"
    with sqlite3.connect(path) as database:
        database.execute("UPDATE code_text SET memo = ? WHERE fid = 2", (f"unlike {QUOTE}",))
        database.execute("UPDATE code_name SET memo = ?", (f"as in: {QUOTE}",))
    database.close()
    purge_source(study, "t1", ask=False)
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT fid, memo FROM code_text").fetchall() == [(2, "")]
        assert database.execute("SELECT name, memo FROM code_name").fetchall() == [("trust", "")]
    database.close()


def test_a_memo_of_a_table_that_quotes_is_emptied_and_its_coding_kept(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = study / "data" / "raw" / "coding"
    quote = '"They trust us, because we stay"'
    start = STAYING.index("They trust us")
    (folder / "spans.csv").write_text(
        "source_id,start,end,code,coder,quote,memo,remark\n"
        f't1,0,3,trust,A,,,\nt2,{start},{start + 13},trust,A,They trust us,"unlike: {QUOTE}",first\n'
        f't2,{start},{start + 13},trust,B,They trust us,"see, as well","{QUOTE}"\n'
    )
    (folder / "more tags.csv").write_text(
        f'document;tag;content;comment\nt2;trust;{quote};"cf. {QUOTE}"\nt2;trust;{quote};so\n'
    )
    book = openpyxl.Workbook()
    book.active.append(("document", "tag", "content", "comment"))
    book.active.append(("t1", "trust", QUOTE, ""))
    book.active.append(("t2", "trust", "They trust us", f"cf. {QUOTE}"))
    book.create_sheet("empty")
    book.save(folder / "more tags.xlsx")
    purge_source(study, "t1", ask=False)
    assert (folder / "spans.csv").read_text().splitlines()[1:] == [
        f"t2,{start},{start + 13},trust,A,They trust us,,first",
        f't2,{start},{start + 13},trust,B,They trust us,"see, as well",',
    ]
    rows = [line.split(";") for line in (folder / "more tags.csv").read_text().splitlines()]
    assert [row[-1] for row in rows] == ["comment", "", "so"]
    sheet = openpyxl.load_workbook(folder / "more tags.xlsx").worksheets[0]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)] == [
        ["t2", "trust", "They trust us", None]
    ]
    assert "memos and notes on others that quote t1 go too" in capsys.readouterr().err


def test_a_text_among_the_coding_that_quotes_is_refused_and_never_cut(study: Path) -> None:
    path = study / "data" / "raw" / "coding" / "thoughts.txt"
    path.write_text(f"On trust,\nand more. One said: {QUOTE}\n")
    before = path.read_bytes()
    with pytest.raises(StudyError, match=r"thoughts\.txt"):
        purge_source(study, "t1", ask=False)
    assert path.read_bytes() == before


def test_coding_of_this_source_alone_goes_in_whichever_format(
    study: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """brat's two files, ROCK, and CATMA's folder, whose other source stays and names it no more."""
    folder = study / "data" / "raw" / "coding"
    (folder / "t1.txt").write_text(LEAVING)
    (folder / "t1.ann").write_text("T1\ttrust 0 5\tBeing\n#1\tAnnotatorNotes T1\ta note\n")
    (folder / "t1.rock").write_text(f"{LEAVING} [[trust]]\n")
    for number, (name, text) in enumerate((("t1", LEAVING), ("t2", STAYING)), 1):
        document = folder / "CATMA_X" / "documents" / f"D_{number}"
        document.mkdir(parents=True)
        header = {
            "gitContentInfoSet": {"title": name},
            "gitTechInfoSet": {"fileName": f"{name}.txt"},
        }
        (document / "header.json").write_text(json.dumps(header))
        (document / f"D_{number}.txt").write_text(text)
    marked = folder / "CATMA_X" / "collections" / "C_A" / "annotations"
    marked.mkdir(parents=True)
    (marked / "A_0.json").write_text('[{"target": {"items": [{"source": "D_1"}]}}]')
    purge_source(study, "t1", ask=False)
    assert not any((folder / f"t1.{ending}").exists() for ending in ("txt", "ann", "rock"))
    told = re.findall(r"keeps its name or places .*: .*/CATMA_X/(.*)", capsys.readouterr().err)
    assert told == ["collections/C_A/annotations/A_0.json"]
    documents = folder / "CATMA_X" / "documents"
    assert not any((documents / "D_1").iterdir())
    assert (documents / "D_2" / "D_2.txt").read_text() == STAYING


def test_a_table_in_a_folder_of_coding_loses_rows_and_a_copy_goes(study: Path) -> None:
    folder = study / "data" / "raw" / "coding" / "project.qda"
    rows = [f"t1,trust,{QUOTE}", "t2,trust,They trust us because we stay", "c1,trust,Trust matters"]
    (folder / "exported.csv").write_text("document,tag,content\n" + "\n".join(rows) + "\n")
    (folder / "documents" / "older copy.txt").write_text(LEAVING.upper())
    purge_source(study, "t1", ask=False)
    assert (folder / "exported.csv").read_text().splitlines()[1:] == rows[1:]
    assert not (folder / "documents" / "older copy.txt").exists()
    assert (folder / "documents" / "t2.txt").read_text() == STAYING


RICH = r"{\rtf1\ansi One said: \b Trust \b0 is {\i the} wh\'6fle\line of it.}"
ELSEWHERE = {
    "notes.txt": LEAVING.encode("utf-16"),
    "notes without mark.txt": LEAVING.encode("utf-16-le"),
    "notes": LEAVING.encode("utf-32"),
    "notes.rtf": RICH.encode(),
    "notes.txt.gz": gzip.compress(LEAVING.encode("utf-16")),
    "notes.json": json.dumps({"said": LEAVING.replace("is", "\u00efs")})
    .encode()
    .replace(b"\\u00ef", b"i"),
}


def test_notes_and_memos_that_quote_go_however_they_are_written(study: Path) -> None:
    written = [study / name for name in ("data/private", "data/raw/memos")]
    for folder in written:
        for name, content in ELSEWHERE.items():
            (folder / name).write_bytes(content)
    purge_source(study, "t1", ask=False)
    left = {path.name for folder in written for path in folder.iterdir()}
    assert left == {"pseudonyms.csv", "2024-02 other.md"}


def too_large() -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a>" + b" " * 1_000_001 + b"</a>")
    return held.getvalue()


NOT_SEARCHED = {
    "recording.mp3": b"ID3\x04\0\0" + bytes(range(256)) * 9,
    "project.nvp": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(range(256)) * 9,
    "scan.jpg": b"\xff\xd8\xff\xe0" + bytes(range(256)) * 9,
    "large.docx": too_large(),
}


def test_what_cannot_be_searched_is_named_and_the_rest_is_deleted(
    study: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # The process that reads has limits of its own: here this one reads.
    monkeypatch.setattr(confined._Here, "confined", True)
    monkeypatch.setattr("analysis.file_text.packed.MEMBER_LIMIT", 1_000_000)
    for name, content in NOT_SEARCHED.items():
        (study / "data" / "private" / name).write_bytes(content)
    (study / "reports" / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    with pytest.raises(NotSearchedError) as error:
        purge_source(study, "t1", ask=False)
    named = {problem.where for problem in error.value.problems}
    assert named == {f"data/private/{name}" for name in NOT_SEARCHED}
    assert all((study / "data" / "private" / name).exists() for name in NOT_SEARCHED)
    assert "not searched data/private/recording.mp3" in " ".join(capsys.readouterr().err.split())
    assert [run for run in own_runs() if run in everything_in(study)] == []


def test_without_the_words_of_the_source_nothing_is_made_again(study: Path) -> None:
    """What quotes it cannot be found: a person must look before anything is published."""
    (study / "data" / "raw" / "interviews" / "t1.txt").write_bytes(bytes(range(256)) * 40)
    for name in ("coding", "memos"):
        shutil.rmtree(study / "data" / "raw" / name)
    (study / "data" / "processed" / "texts" / "t1.txt").unlink()
    with pytest.raises(StudyError, match="could not be read") as error:
        purge_source(study, "t1", ask=False)
    assert error.value.status == 1


def purge_by_make(study: Path, *words: str) -> tuple[int, str]:
    done = subprocess.run(
        ["make", "-C", str(PROJECT), "purge", "SOURCE=o1", "YES=1", f"STUDY={study}", *words],
        capture_output=True,
        text=True,
        check=False,
        env=CLEAN,
    )
    return done.returncode, done.stdout + done.stderr


def test_the_report_is_made_again_and_what_was_not_searched_is_told_afterwards(
    tiny_copy: Path,
) -> None:
    study = tiny_copy
    (study / "data" / "raw" / "recording.mp3").write_bytes(NOT_SEARCHED["recording.mp3"])
    before = fingerprints(study)
    status, said = purge_by_make(study, "--dry-run")
    assert status == 0 and fingerprints(study) == before
    assert re.search(r'-m analysis purge --study "[^"]+" "o1" --yes$', said, re.M), said
    status, said = program("purge", "o1", "--yes", "--study", study, drawn=False)
    assert status == 3
    assert said.index("data/raw/recording.mp3") < said.index("Still to be looked into")
    shown = pd.read_csv(study / "reports" / "_site" / "published-sources.csv")
    assert list(shown["source_id"]) == ["c1", "c2", "d1", "t1", "t2"]
    assert "I doubt that trust was built" in TEXTS["observations/o1.txt"]
    assert "i doubt that trust was built" not in everything_in(study)
    assert (study / "reports/_site/index.pdf").is_file()
    page = (study / "reports/_site/index.html").read_text(encoding="utf-8")
    assert "5 sources" in re.sub(r"<[^<>]*>", "", page)
    status, said = program("purge", "nobody", "--yes", "--study", study)
    assert status == 1 and "nobody" in said and "Still to be looked into" not in said


def test_an_interrupted_purge_can_be_run_again(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.lifecycle import purge

    def stop(path: Path, content: bytes) -> None:
        path.write_bytes(content)
        if path.name != "sources.csv":
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(purge, "write_bytes", stop)
        with pytest.raises(KeyboardInterrupt):
            purge_source(study, "t1", ask=False)
    register = read_register(study / "data" / "raw").set_index("source_id")
    assert register.loc["t1", "status"] == "withdrawn"
    purge_source(study, "t1", ask=False)
    assert [run for run in own_runs() if run in everything_in(study)] == []


def test_a_purge_goes_on_from_its_journal_when_the_words_are_gone(
    study: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from analysis.lifecycle import purge

    def stop(study: Path, *_: object) -> None:
        shutil.rmtree(study / "data" / "raw" / "coding")
        shutil.rmtree(study / "data" / "processed" / "texts", ignore_errors=True)
        (study / "data" / "raw" / "interviews" / "t1.txt").unlink()
        raise KeyboardInterrupt

    quoting = study / "data" / "raw" / "memos" / "late.md"
    quoting.write_text(LEAVING, encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(purge, "_carry_out", stop)
        with pytest.raises(KeyboardInterrupt):
            purge_source(study, "t1", ask=False)
    journal = study / "data" / "private" / "purge-t1.json"
    assert journal.stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    purge_source(study, "t1", ask=False)
    said = capsys.readouterr().err
    assert said.startswith("going on with the purge of t1")
    assert "deleted: data/raw/memos/late.md" in said
    assert "Not reached: git history" in said
    assert not journal.exists()
    assert not quoting.exists()
    assert [run for run in own_runs() if run in everything_in(study)] == []


def test_a_file_is_whole_only_when_nothing_in_it_can_hide() -> None:
    assert FileWords.of(LEAVING.encode("utf-16"), "a.md").whole
    assert FileWords.of(b"no json", "a.json").whole
    assert not FileWords.of(b"PK\x03\x04broken", "a.docx").whole
    assert not FileWords.of(bytes(range(256)), "a.txt").whole


def fingerprints(study: Path, *endings: str) -> dict[str, str]:
    return {
        str(path.relative_to(study)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(study.rglob("*"))
        if path.is_file() and (not endings or path.name.endswith(endings))
    }


def test_a_quotation_included_by_its_id_is_named_before_anything_is_touched(study: Path) -> None:
    page = study / "reports" / "interpretations" / "trust.qmd"
    page.parent.mkdir(exist_ok=True)
    page.write_text("Words.\n\n{{< include _generated/quotations/t1-2.md >}}\n", encoding="utf-8")
    before = fingerprints(study)
    with pytest.raises(StudyError) as caught:
        purge_source(study, "t1", ask=False)
    assert fingerprints(study) == before
    assert [problem.where for problem in caught.value.problems] == [
        "reports/interpretations/trust.qmd, line 3"
    ]
    page.write_text("{{< include _generated/quotations/t11-2.md >}}\n", encoding="utf-8")
    purge_source(study, "t1", ask=False)


def test_what_only_the_source_has_leaves_the_list_of_what_is_no_name(study: Path) -> None:
    word = next(word for word in LEAVING.split() if word.isalpha() and word not in STAYING)
    unheard = "Zebedee"
    listed = study / "data" / "private" / "not_names.csv"
    listed.write_text(f"name,source_id\n{unheard},t2\n{unheard},t1\n{unheard},\n")
    text = study / "data" / "raw" / "interviews" / "t1.txt"
    text.write_text(f"{text.read_text()}\nR: {unheard} said {word}.\n")
    purge_source(study, "t1", ask=False)
    assert listed.read_text() == "name,source_id\n"


class Killed(BaseException):
    """As if the process were ended: no handler of the program may take it."""


def changing(monkeypatch: pytest.MonkeyPatch, killed_at: int) -> list[str]:
    """Every change of a file goes through here; the `killed_at`-th is not made."""
    from analysis.lifecycle import purge
    from analysis.lifecycle.purge import journal

    made: list[str] = []

    def counted(change: Callable[..., object]) -> Callable[..., object]:
        def changed(*given: object, **named: object) -> object:
            made.append(str(given[0]))
            if len(made) == killed_at:
                raise Killed
            return change(*given, **named)

        return changed

    monkeypatch.setattr(purge, "write_bytes", counted(purge.write_bytes))
    monkeypatch.setattr(journal, "write_text", counted(journal.write_text))
    monkeypatch.setattr(purge.shutil, "rmtree", counted(shutil.rmtree))
    monkeypatch.setattr(Path, "unlink", counted(Path.unlink))
    return made


def ended_at(study: Path) -> dict[str, str]:
    """The files of a study; a workbook holds the hour at which it was written."""
    return {name: of for name, of in fingerprints(study).items() if not name.endswith(".xlsx")}


@pytest.mark.full("a purge is ended at each of its writes")
def test_a_purge_that_is_killed_at_any_write_ends_at_the_same_bytes(
    whole: Path, tmp_path: Path, purged: Path
) -> None:
    number, wanted = 0, ended_at(purged)
    while True:
        number += 1
        study = shutil.copytree(whole, tmp_path / str(number))
        with pytest.MonkeyPatch.context() as patched:
            made = changing(patched, number)
            with contextlib.suppress(Killed):
                purge_source(study, "t1", ask=False)
        if len(made) < number:
            break
        touched = [one for one in made[:-1] if f"{study}/data/raw/" in one]
        if any(not one.endswith("sources.csv") for one in touched):
            assert not list((study / "reports").glob("_site*"))
        purge_source(study, "t1", ask=False)
        assert ended_at(study) == wanted, made[-1]
        shutil.rmtree(study)
    assert number > 10
