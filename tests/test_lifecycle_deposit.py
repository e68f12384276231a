"""A deposit holds what consent lets each part hold, is what standards ask for, and runs again."""

from __future__ import annotations

import csv
import importlib
import json
import shutil
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from built import once, program, report
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from tiny import CODED, PROJECT, TEXTS, span_csv, write_tiny_study

from analysis.files.problems import StudyError
from analysis.lifecycle.compare import compare_reports, differences, snapshot
from analysis.lifecycle.deposit.access import access
from analysis.lifecycle.deposit.own_notebooks import notebook, parted
from analysis.lifecycle.deposit.package import package
from analysis.lifecycle.deposit.veiled import veiled
from analysis.text.words import count_words

ON = "2024-06-03"


# On words that consent hides: spans that end within a word, beside punctuation and on one word.
_HIDDEN = [
    ("t2", "Walking along with the", "trust"),
    ("t2", "hey", "measuring"),
    ("t2", ". They trust us", "design/who is heard"),
    ("t2", "what came of it.", "trust"),
]
# A judgement that names its passage by words alone, on hidden words; one on words of a passage that
# is coded elsewhere; one on a whole passage of which extracts may be shown.
_BEARINGS = """\
claim,source_id,passage,quote,bears,by,note
trust,t2,,came of it,contradicts,AA,Nobody told.
trust,c2,,Hours of help,qualifies,AA,
trust,c2,3,,supports,AA,
trust,t1,1,,supports,AA,
"""
# What a recording holds, which nobody who reads a report or an archive ever has.
_RECORDED = b"ID3\x04 the voice of somebody"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny study, coded and judged on words that consent hides, and signed, with its report."""

    def make(folder: Path) -> None:
        raw = write_tiny_study(folder) / "data" / "raw"
        (raw / "coding" / "coder A.csv").write_text(
            span_csv("A", CODED["A"] + _HIDDEN), encoding="utf-8"
        )
        (raw / "bearings.csv").write_text(_BEARINGS, encoding="utf-8")
        (raw / "recordings").mkdir()
        for name in ("c1.mp3", "t1.wav", "notes.txt"):
            (raw / "recordings" / name).write_bytes(_RECORDED)
        status, said = report(folder, drawn=False)
        assert status == 0, said

    return once(tmp_path_factory, "a study with hidden words", make)


@pytest.fixture(scope="module")
def deposit(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return once(tmp_path_factory, "a deposit", lambda folder: deposited(study, folder))


def deposited(study: Path, folder: Path) -> None:
    status, said = program("deposit", folder, "--study", study, "--on", ON, drawn=False)
    assert status == 0, said


@pytest.fixture(scope="module")
def again(deposit: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study of the open part, unpacked elsewhere, with its report made again."""

    def make(folder: Path) -> None:
        shutil.copytree(deposit / "open" / "study", folder)
        status, said = report(folder, drawn=False)
        assert status == 0, said

    return once(tmp_path_factory, "a deposit made again", make)


def all_bytes(folder: Path) -> bytes:
    said = b""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            said += path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    said += b" ".join(map(archive.read, archive.namelist()))
    return said


def test_words_stand_where_consent_lets_them(deposit: Path) -> None:
    opened, kept = all_bytes(deposit / "open"), all_bytes(deposit / "safeguarded")
    # c2 lets extracts out, t2 nothing; of c2 this was neither coded nor judged.
    assert b"What do you buy?\n\nR: Hours" not in opened and b"Who is heard?" not in opened
    assert b"Who is heard?" in kept
    assert b"Families trust the worker they know" in opened
    for words in (b"Walking along with them", b"They trust us because"):
        assert words not in opened and words not in kept
    assert {path.stem for path in (deposit / "open" / "texts").iterdir()} == {
        "c1",
        "t1",
        "d1",
        "o1",
    }
    assert {path.stem for path in (deposit / "safeguarded" / "texts").iterdir()} == {"c2"}
    assert not any(path.name == "pseudonyms.csv" for path in deposit.rglob("*"))
    assert not any("'take'" in path.name for path in deposit.rglob("*"))


def test_what_is_left_out_is_counted(deposit: Path) -> None:
    with (deposit / "not_deposited.csv").open(encoding="utf-8", newline="") as file:
        told = {row["kind"]: int(row["count"]) for row in csv.DictReader(file)}
    assert told["texts of sources"] == 1
    assert told["files of sources as they came"] == len(TEXTS)
    assert told["coding projects and exports as they came"] == 2
    readme = (deposit / "README.md").read_text(encoding="utf-8")
    assert "All evidence in it is invented" in readme and "| `open` |" in readme


def test_the_data_list_has_one_row_an_interview(deposit: Path) -> None:
    rows = pd.read_csv(deposit / "open" / "data_list.csv", keep_default_na=False)
    assert rows["Interview ID"].tolist() == ["c1", "c2", "t1", "t2"]
    assert rows["Access"].tolist() == ["open", "safeguarded", "open", "not deposited"]
    assert rows["Text file"].tolist() == ["texts/c1.txt", "", "texts/t1.txt", ""]


def test_the_tables_are_a_data_package(deposit: Path) -> None:
    frictionless = importlib.import_module("frictionless")
    for part in ("open", "safeguarded"):
        file = deposit / part / "datapackage.json"
        told = json.loads(file.read_text(encoding="utf-8"))
        assert told["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
        listed = {one["path"] for one in told["resources"]}
        there = {p.relative_to(deposit / part).as_posix() for p in (deposit / part).rglob("*.csv")}
        assert listed == {name for name in there if not name.startswith(("study/", "paper/"))}
        found = frictionless.validate(str(file))
        assert found.valid, found.flatten(["fieldName", "message"])[:5]


def test_the_open_part_is_an_ro_crate(deposit: Path) -> None:
    document = json.loads((deposit / "open" / "ro-crate-metadata.json").read_text("utf-8"))
    entities = {one["@id"]: one for one in document["@graph"]}
    assert entities["ro-crate-metadata.json"]["conformsTo"] == {
        "@id": "https://w3id.org/ro/crate/1.2"
    }
    parts = {one["@id"] for one in entities["./"]["hasPart"]}
    files = {
        path.relative_to(deposit / "open").as_posix()
        for path in (deposit / "open").rglob("*")
        if path.is_file()
    }
    assert {part.replace("%20", " ") for part in parts} == files - {"ro-crate-metadata.json"}
    assert entities["./"]["datePublished"] == ON and entities["./"]["license"]


@pytest.mark.full("the validator reads every profile that it knows; the crate is read above")
def test_the_validator_of_ro_crates_finds_nothing(
    deposit: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Offline: the context, which it would fetch, is the one that comes with `rocrate`."""
    services = importlib.import_module("rocrate_validator.services")
    import requests
    import rocrate
    from rocrate_validator import models
    from rocrate_validator.utils.http import HttpRequester

    context = Path(rocrate.__file__).parent / "data" / "ro-crate.jsonld"

    def brought(_: object, url: str, *__: object, **___: object) -> requests.Response:
        answer = requests.Response()
        is_context = url.startswith("https://w3id.org/ro/crate/")
        answer.status_code, answer.url = (200 if is_context else 404), url
        answer._content = context.read_bytes() if is_context else b""
        answer.headers["Content-Type"] = "application/ld+json"
        return answer

    monkeypatch.setattr(HttpRequester, "get", brought, raising=False)
    monkeypatch.setattr(HttpRequester, "head", brought, raising=False)
    found = services.validate(
        services.ValidationSettings(
            rocrate_uri=deposit / "open",
            profile_identifier="ro-crate-1.2",
            requirement_severity=models.Severity.REQUIRED,
        )
    )
    assert [issue.message for issue in found.get_issues()] == []


def test_it_can_be_run_again_and_says_the_same(study: Path, again: Path, tmp_path: Path) -> None:
    with snapshot(str(study), study) as then, snapshot(str(again), study) as now:
        found = differences(then, now)
    assert found.patterns == () and found.codings == () and found.wording == ()
    printed = {one.what for one in found.numbers}
    assert printed == set(), found.numbers
    for table in ("codings", "passages", "patterns", "rates", "cooccurrence", "examples"):
        one, other = (
            pd.read_csv(
                folder / "data/processed" / f"{table}.csv", dtype=str, keep_default_na=False
            )
            for folder in (study, again)
        )
        if table == "examples":
            # Of a judgement on hidden words the words are not told, nor where they stood.
            one, other = (shown[shown["source_id"] != "t2"] for shown in (one, other))
        hidden = [name for name in ("text", "origin", "memo", "speaker") if name in one]
        pd.testing.assert_frame_equal(one.drop(columns=hidden), other.drop(columns=hidden))
    compare_reports(study, str(study), str(again), tmp_path)
    page = (tmp_path / "changes.html").read_text(encoding="utf-8")
    assert "Numbers that the paper prints and that changed: 0" in page


def test_what_differs_when_it_is_run_again_is_listed(deposit: Path) -> None:
    said = (deposit / "open" / "README.md").read_text(encoding="utf-8")
    assert "every number that the prose prints, every signature" in said


def test_a_judgement_on_hidden_words_has_its_passage_and_no_words(deposit: Path) -> None:
    raw = deposit / "open" / "study" / "data" / "raw"
    rows = pd.read_csv(raw / "bearings.csv", keep_default_na=False, dtype=str)
    told = rows[["source_id", "passage", "quote"]].to_numpy().tolist()
    assert told == [["t2", "3", ""], ["c2", "1", "Hours of help"], ["c2", "3", ""], ["t1", "1", ""]]
    assert "Nobody told" not in (raw / "bearings.csv").read_text(encoding="utf-8")


@pytest.mark.full("a deposit runs every stage, and here a second time")
def test_the_same_study_gives_the_same_deposit(study: Path, deposit: Path, tmp_path: Path) -> None:
    deposited(study, tmp_path / "second")
    files = [path for path in deposit.rglob("*") if path.is_file()]
    for path in files:
        other = tmp_path / "second" / path.relative_to(deposit)
        assert path.read_bytes() == other.read_bytes(), path.name


def test_a_report_that_is_not_up_to_date_and_a_folder_in_use(
    tiny_copy: Path, tmp_path: Path
) -> None:
    from analysis.lifecycle.deposit import deposit_study

    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(StudyError, match="no earlier deposit"):
        deposit_study(tiny_copy, tmp_path / "full", ON)
    page = tiny_copy / "reports" / "index.qmd"
    page.write_text(page.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    with pytest.raises(StudyError, match="not up to date"):
        deposit_study(tiny_copy, tmp_path / "new", ON)
    assert not (tmp_path / "new").exists()


def test_the_register_can_keep_a_source_out_of_the_safeguarded_part() -> None:
    sources = pd.DataFrame(
        {
            "source_id": list("abcd"),
            "publish": ["full", "extracts", "extracts", "unknown"],
            "archive": ["none", "None", "", ""],
        }
    )
    assert access(sources) == {
        "a": "open",
        "b": "not deposited",
        "c": "safeguarded",
        "d": "not deposited",
    }
    with pytest.raises(StudyError, match="column archive"):
        access(sources.assign(archive="maybe"))


def test_a_veiled_text_keeps_places_words_and_what_is_shown() -> None:
    text = "R: We said it aloud, twice. And again.\nI: Yes?\n"
    shown = veiled(text, [(3, 38), (42, 46)], [(6, 13)])
    assert len(shown) == len(text) and shown[6:13] == "said it"
    assert shown.startswith("R: ") and shown[38:42] == text[38:42]
    assert count_words(shown) == count_words(text)
    assert set(shown[13:38]) <= {"x", " "} and "twice" not in shown
    lengths = {len(word) for word in shown[14:38].split()}
    assert max(lengths) - min(lengths) <= 1


@given(
    st.text(st.sampled_from("ab'é -,."), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4),
)
@example(text="aa-a", edges=[(2, 3)])
@settings(max_examples=2 * settings().max_examples)
def test_no_coding_of_hidden_words_moves_and_none_counts_otherwise(
    text: str, edges: list[tuple[int, int]]
) -> None:
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    assume(start < end)
    places = [tuple(sorted((min(a, end), min(b, end)))) for a, b in edges]
    coded = [(a, b) for a, b in places if start <= a < b and text[a:b] == text[a:b].strip()]
    hidden = veiled(text, [(start, end)], [], coded)
    assert len(hidden) == len(text) and set(hidden) <= {"x", " ", ",", "-"}
    for a, b in (*coded, (start, end)):
        assert hidden[a:b] == hidden[a:b].strip()
        assert count_words(hidden[a:b]) == count_words(text[a:b])


def test_own_stages_are_deposited_where_what_they_read_is(tmp_path: Path) -> None:
    """Neither one that reads evidence that is kept back, nor one that comes after it."""
    (tmp_path / "notebooks").mkdir()
    for name in ("07-open", "08-kept", "09-after", "10-public"):
        shown = {
            "cell_type": "code",
            "source": "1",
            "execution_count": 1,
            "outputs": [{"x": "Zoe"}],
        }
        (tmp_path / "notebooks" / f"{name}.ipynb").write_text(
            json.dumps({"metadata": {}, "cells": [shown]})
        )
    (tmp_path / "params.yml").write_text(
        "stages:\n"
        "  07-open: {after: [02-coding], reads: [data/raw/codebook.yml], "
        "makes: [data/processed/own.csv]}\n"
        "  08-kept: {reads: [data/raw/themes.csv]}\n"
        "  09-after: {after: [08-kept]}\n"
        "  10-public: {reads: [data/raw/cases.csv, data/processed/own.csv]}\n"
    )
    runs, kept_back = parted(tmp_path, ["data/raw/cases.csv"])
    assert [stage.name for stage in runs] == ["07-open", "10-public"]
    assert [stage.name for stage in kept_back] == ["08-kept", "09-after"]
    name, content = notebook(tmp_path, runs[0])
    assert name == "notebooks/07-open.ipynb"
    assert b"Zoe" not in content


def test_no_recording_is_published_or_deposited(study: Path, deposit: Path, again: Path) -> None:
    """c1 and t1 let everything out that was said, and not how."""
    for folder in (study / "reports" / "_site", study / "data" / "processed", deposit, again):
        assert _RECORDED not in all_bytes(folder)
        assert not [path for path in folder.rglob("*") if "recordings" in path.parts]
        assert not [*folder.rglob("*.mp3"), *folder.rglob("*.wav")]


def test_types_are_told_from_all_cells() -> None:
    from analysis.lifecycle.deposit.about import About

    table = b"a,b,c,d,e\n1,1.5,True,007,\n2,,False,x,\n"
    about = About("T", "", (), "", (), ON, False)
    (one,) = json.loads(package({"data/x.csv": table}, about))["resources"]
    kinds = {field["name"]: field["type"] for field in one["schema"]["fields"]}
    assert kinds == {"a": "integer", "b": "number", "c": "boolean", "d": "string", "e": "string"}


@pytest.mark.full("makes the demonstration's report twice")
def test_the_demonstration_is_deposited_and_runs_again(tmp_path: Path) -> None:
    from analysis.lifecycle.deposit import deposit_study

    study = tmp_path / "study"
    (study / "reports").mkdir(parents=True)
    shutil.copytree(PROJECT / "data" / "raw", study / "data" / "raw")
    (study / "data" / "private").mkdir()
    for name in ("pseudonyms.csv", "not_names.csv"):
        if (PROJECT / "data" / "private" / name).is_file():
            shutil.copy(PROJECT / "data" / "private" / name, study / "data" / "private")
    shutil.copy(PROJECT / "params.yml", study)
    for page in (*PROJECT.glob("reports/*.qmd"), *PROJECT.glob("reports/*.bib")):
        shutil.copy(page, study / "reports")
    shutil.copy(PROJECT / "reports" / "_quarto.yml", study / "reports")
    for name in ("styles", "interpretations"):
        shutil.copytree(PROJECT / "reports" / name, study / "reports" / name)
    status, said = report(study)
    assert status == 0, said
    deposit_study(study, tmp_path / "deposit", ON)
    assert len(list((tmp_path / "deposit" / "open" / "texts").iterdir())) == 22
    assert len(list((tmp_path / "deposit" / "safeguarded" / "texts").iterdir())) == 8
    again = Path(shutil.copytree(tmp_path / "deposit" / "open" / "study", tmp_path / "again"))
    status, said = report(again)
    assert status == 0, said
    with snapshot(str(study), study) as then, snapshot(str(again), study) as now:
        found = differences(then, now)
        assert len(then.codings) == len(now.codings)
    # Sources that left, and those under embargo, are not deposited, and so not counted.
    assert {one.what for one in found.numbers} <= {"coding.n_embargoed", "coding.n_withdrawn"}
    assert found.patterns == () and found.codings == ()
