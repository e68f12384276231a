"""A study begun from a project of any program, or from a folder, is complete and counts right."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import time
from pathlib import Path

import pandas as pd
import pytest
import yaml
from docx import Document
from realdata import REALDATA, needs_realdata

from analysis import coding
from analysis.coding.formats import refi_export
from analysis.corpus import Corpus
from analysis.files.problems import StudyError
from analysis.files.project import SKELETON
from analysis.lifecycle import begin
from analysis.lifecycle.begin import begin_study
from analysis.measures import cooccurrence, frequencies
from analysis.report.numbers import collect
from analysis.report.prose.check import check
from analysis.report.prose.prose import with_variables
from analysis.stages import texts
from analysis.stages.clean import passages_of
from analysis.stages.coding import of_codings, of_sources
from analysis.stages.cooccurrence import of_cooccurrence
from analysis.stages.frequencies import of_frequencies
from analysis.study.folder import Study

TEXT = "We trust them because they stay.\n\nNobody told us what came of it. They stay.\n"
SPANS = "source_id,start,end,code,coder\nP1.txt,3,8,tie/trust,Ann\nP1.txt,34,48,told,Ann\n"


def placed(folder: Path) -> tuple[Study, pd.DataFrame, coding.Placement]:
    """The study in `folder` as its first notebooks see it: passages and placed codings."""
    study = Study.open(folder)
    prepared = texts.prepare_kind(study, "document")
    choices = study.choices
    placement = coding.place(
        texts.read_projects(study),
        study.sources,
        {source_id: one.clean for source_id, one in prepared.items()},
        study.codebook.codes,
        anchor_score=choices.anchor_score,
        coders=choices.coders,
        code_names=choices.code_names,
    )
    return study, passages_of(prepared), placement


def checked(study: Study, passages: pd.DataFrame, placement: coding.Placement) -> str:
    """Check the paper with the values that the stages would write, and return it with them in."""
    codes, codings = study.codebook.codes, placement.codings
    overall = frequencies.code_frequencies(
        Corpus(sources=study.sources, passages=passages, codes=codes, codings=codings)
    )
    pairs = cooccurrence.cooccurrence(Corpus(passages=passages, codings=codings), "passage")
    overlap = cooccurrence.cooccurrence(Corpus(passages=passages, codings=codings), "overlap")
    values = {
        **of_sources(study.sources, study.register),
        **of_codings(codings, codings, codes, placement.unplaced),
        **of_frequencies(overall, overall.head(0).assign(role=""), codes),
        **of_cooccurrence(
            overlap, pairs, "passage", "words", Corpus(passages=passages, codings=codings)
        ),
    }
    study.write_values("all", values)
    settings = {"commit": "abc", "unit": "passage", "coder": study.choices.coder}
    variables = collect(study.processed, study.reports, settings)
    asked = "".join(page.read_text() for page in study.reports.glob("*.qmd"))
    pictures = [f"figures/{name}" for name in re.findall(r"\(figures/([\w-]+)\)", asked)]
    made = re.findall(r"include (_generated/\S+)", asked)
    assert "_generated/sources.md" in made and "figures/cases-per-code" in pictures
    for name in [*made, *(f"{name}.{end}" for name in pictures for end in ("svg", "png"))]:
        (study.reports / name).parent.mkdir(exist_ok=True)
        (study.reports / name).write_text("Nothing to show.\n")
    assert [str(problem) for problem in check(study.reports).problems] == []
    return with_variables((study.reports / "index.qmd").read_text(), variables)


@needs_realdata
def test_a_real_taguette_study_has_the_numbers_counted_independently(tmp_path: Path) -> None:
    # The paper of this approach tells of overlaps.
    begin_study(
        tmp_path / "a study",
        REALDATA / "serdif" / "coding" / "SERDIF_P2_ThematicAnalysis.sqlite3",
        approach="codebook",
    )
    study, passages, placement = placed(tmp_path / "a study")
    overlap = cooccurrence.cooccurrence(
        Corpus(passages=passages, codings=placement.codings), "overlap"
    )
    assert len(study.sources) == 17
    assert study.codebook.codes["usable"].sum() == 22
    assert len(placement.codings) == 1930
    assert overlap["n_ab"].sum() == 219
    assert (overlap["n_ab"] > 0).sum() == 72
    assert study.choices.coder == "unknown"
    paper = checked(study, passages, placement)
    for words in (
        "holds 17 sources",
        "1,930 segments under 22 codes",
        "1,930 segments in 17 sources",
        "come to 219 pairs of segments and 72 distinct pairs of codes.",
    ):
        assert words in paper


@pytest.mark.full("a whole project of another program; a smaller one is always tried")
@needs_realdata
def test_a_real_nvivo_project_keeps_its_tree_and_codings(tmp_path: Path) -> None:
    begin_study(tmp_path / "new", REALDATA / "nvivo" / "oltas0517.qdpx")
    study, _, placement = placed(tmp_path / "new")
    codes = study.codebook.codes
    assert (len(study.sources), len(codes), (codes["depth"] == 0).sum()) == (2, 152, 12)
    assert len(placement.codings) == 303
    assert study.choices.coder == "Gergo"


def test_everything_is_there_and_says_what_to_fill_in(tmp_path: Path) -> None:
    origin = tmp_path / "texts"
    origin.mkdir()
    (origin / "P1.txt").write_text(TEXT)
    (origin / "spans.csv").write_text(SPANS)
    begin_study(tmp_path / "deep" / "new", origin)
    study, passages, placement = placed(tmp_path / "deep" / "new")
    (source,) = study.sources.to_dict("records")
    told = {name: source[name] for name in ("kind", "role", "site", "date", "publish")}
    assert set(told.values()) == {"unknown"}
    assert (source["provenance"], source["status"]) == ("collected", "active")
    assert (source["participant_tags"], source["interviewer_tags"]) == ("", "")
    assert source["coded_as"] == "P1.txt"
    assert list(study.codebook.codes["code"]) == ["tie", "tie/trust", "told"]
    assert list(placement.codings["code"]) == ["tie/trust", "told"]
    assert study.choices.coder == "Ann"
    for name in ("data/raw/codebook.yml", "params.yml", "reports/_quarto.yml"):
        content = (study.folder / name).read_text()
        assert content.startswith("# ") and "To fill in" in content.split("\n\n")[0]
        assert yaml.safe_load(content)
    for page in ("index.qmd", "reproducibility.qmd"):
        assert (study.reports / page).read_text().startswith("---\n# To fill in")
    assert "case_id" in (study.folder / "README.md").read_text()
    ignored = (study.folder / ".gitignore").read_text().splitlines()
    assert {"data/raw/", "data/private/"} <= set(ignored)
    for name in ("interviews", "observations", "memos"):
        assert (study.raw / name / ".gitkeep").is_file()
    paper = checked(study, passages, placement)
    assert "holds 1 source of 1 case (" in paper and "2 segments under 2 codes" in paper
    assert "reaches most of the corpus: ‘trust’, in 1 source and 1 segment (" in paper


def test_the_choices_are_neutral_with_their_comments(tmp_path: Path) -> None:
    (tmp_path / "P1.txt").write_text(TEXT)
    begin_study(tmp_path / "new", tmp_path)
    written = (tmp_path / "new" / "params.yml").read_text().splitlines()
    given = (SKELETON / "params.yml").read_text().splitlines()
    assert [line for line in given if line.startswith("#") and line not in written] == []


def test_a_bare_folder_keeps_files_and_takes_no_links_or_hidden_ones(tmp_path: Path) -> None:
    origin = tmp_path / "texts"
    (origin / "second [day]").mkdir(parents=True)
    for name in ("P10.txt", "P2.md", "second [day]/P2.md", ".secret.txt"):
        (origin / name).write_text(TEXT)
    (origin / "sound.mp3").write_bytes(b"\xff\xfb")
    (origin / "linked.txt").symlink_to("/etc/hostname")
    begin_study(tmp_path / "new", origin, approach="codebook")
    study, passages, placement = placed(tmp_path / "new")
    assert list(study.sources["file"]) == [
        "documents/P2.md",
        "documents/P10.txt",
        "documents/second [day]/P2.md",
    ]
    assert list(study.sources["source_id"]) == ["source-01", "source-02", "source-03"]
    assert "1 .mp3" in (study.folder / "README.md").read_text()
    assert len(placement.codings) == 0
    paper = checked(study, passages, placement)
    assert "the coding comes to 0 segments under 1 code." in paper
    assert "reaches most of the corpus: none yet, since nothing is coded (" in paper
    assert "come to 0 pairs of segments" in paper and "example code" not in paper


def test_an_export_without_texts_gets_texts_made_of_its_quotations(tmp_path: Path) -> None:
    export_file = tmp_path / "tags.csv"
    rows = [
        ("1", "P1", "trust", "We trust them because they stay"),
        ("2", "P1", "staying", "they stay"),
        ("3", "P1", "told", "Nobody told us"),
        ("3", "P1", "trust", "Nobody told us"),
        ("4", "P2", "told", "It was said, and\nsaid again"),
    ]
    table = pd.DataFrame(rows, columns=["id", "document", "tag", "content"])
    table.to_csv(export_file, index=False)
    begin_study(tmp_path / "new", export_file)
    study, passages, placement = placed(tmp_path / "new")
    assert len(study.sources) == 2
    assert len(placement.codings) == 5
    assert "`P1`" in (study.folder / "README.md").read_text()
    checked(study, passages, placement)


def test_our_own_export_comes_back_with_its_attributes(tmp_path: Path) -> None:
    sources = pd.DataFrame(
        {
            "source_id": ["c1", "c2"],
            "case_id": ["Jo", "Jo"],
            "kind": "interview",
            "role": ["worker", "chair"],
            "site": "north",
            "file": "",
            "coded_as": "",
            "title": "",
            "status": "active",
            "publish": "full",
            "tenure": ["2 years", "5 years"],
        }
    )
    codes = pd.DataFrame(
        {
            "code": ["tie", "tie/trust"],
            "parent": ["", "tie"],
            "name": ["tie", "trust"],
            "depth": [0, 1],
            "usable": [False, True],
            "definition": ["", "of a tie: 'yes'"],
        }
    )
    codings = pd.DataFrame(
        [
            ("c1", 3, 8, "tie/trust", "Ann", "a.csv", ""),
            ("c2", 3, 8, "tie/trust", "Bea", "a.csv", ""),
        ],
        columns=["source_id", "start", "end", "code", "coder", "origin", "memo"],
    )
    refi_export.write_qdpx(tmp_path / "s.qdpx", sources, {"c1": TEXT, "c2": TEXT}, codes, codings)
    begin_study(tmp_path / "new", tmp_path / "s.qdpx")
    study = Study.open(tmp_path / "new")
    assert list(study.sources["role"]) == ["worker", "chair"]
    assert list(study.sources["kind"]) == ["interview", "interview"]
    assert list(study.sources["case_id"]) == ["case-01", "case-01"]
    assert list(study.sources["tenure"]) == ["2 years", "5 years"]
    assert list(study.sources["publish"]) == ["unknown", "unknown"]
    assert study.codebook.codes["definition"].iloc[1] == "of a tie: 'yes'"
    assert list(study.codebook.codes["usable"]) == [False, True]
    assert study.choices.alternative_coders == ["Ann", "Bea"]


def test_a_word_document_coded_in_comments(tmp_path: Path) -> None:
    document = Document()
    document.add_comment(
        document.add_paragraph().add_run("We were told"), text="told", author="A; B"
    )
    document.save(str(tmp_path / "P1; P2.docx"))
    begin_study(tmp_path / "new", tmp_path / "P1; P2.docx")
    _, _, placement = placed(tmp_path / "new")
    assert list(placement.codings[["code", "coder"]].itertuples(index=False, name=None)) == [
        ("told", "A; B")
    ]


def test_a_qualcoder_folder_takes_the_database_alone(tmp_path: Path) -> None:
    project = tmp_path / "study.qda"
    project.mkdir()
    (project / "sound.wav").write_bytes(b"RIFF")
    with sqlite3.connect(project / "data.qda") as database:
        database.executescript(
            """
            CREATE TABLE source (id INTEGER PRIMARY KEY, name TEXT, fulltext TEXT, mediapath TEXT);
            CREATE TABLE code_name (cid INTEGER PRIMARY KEY, name TEXT, memo TEXT, catid INTEGER);
            CREATE TABLE code_text (cid INTEGER, fid INTEGER, seltext TEXT, pos0 INTEGER,
                                    pos1 INTEGER, owner TEXT, memo TEXT);
            INSERT INTO code_name VALUES (1, 'trust/ties', 'null', NULL), (2, 'yes', '', NULL);
            INSERT INTO code_text VALUES (1, 1, 'trust', 3, 8, 'ann', ''),
                                         (2, 1, 'stay', 27, 31, 'ann', '');
            """
        )
        database.execute("INSERT INTO source VALUES (1, 'P1', ?, NULL)", (TEXT,))
    database.close()
    begin_study(tmp_path / "new", project)
    study, _, placement = placed(tmp_path / "new")
    assert [path.name for path in (study.raw / "coding").rglob("*") if path.is_file()] == [
        "data.qda"
    ]
    assert list(study.codebook.codes["code"]) == ["trust∕ties", "yes"]
    assert list(placement.codings["code"]) == ["trust∕ties", "yes"]


def test_refusals_name_what_is_wrong_and_leave_nothing(tmp_path: Path) -> None:
    full, empty, spans = tmp_path / "full", tmp_path / "empty", tmp_path / "spans.csv"
    full.mkdir()
    (full / "P1.txt").write_text(TEXT)
    empty.mkdir()
    spans.write_text(SPANS)
    (tmp_path / "broken.qdpx").write_bytes(b"PK\x03\x04 no zip file")
    before = sorted(tmp_path.rglob("*"))
    for folder, origin, said in (
        (full, full, "something is there already"),
        (tmp_path / "new", empty, "a folder without texts"),
        (tmp_path / "new", tmp_path / "absent", "no such file or folder"),
        (tmp_path / "new", spans, "but not its text"),
        (tmp_path / "new", tmp_path / "broken.qdpx", r"broken\.qdpx"),
    ):
        with pytest.raises(StudyError, match=said):
            begin_study(folder, origin)
    assert sorted(tmp_path.rglob("*")) == before
    begin_study(empty, full)
    assert (empty / "params.yml").is_file()


def slow(told: int) -> None:
    os.write(told, b"half-way")
    time.sleep(60)


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_one_that_is_interrupted_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: signal.Signals
) -> None:
    place, texts_there = tmp_path / "studies", tmp_path / "texts"
    texts_there.mkdir()
    (texts_there / "a.txt").write_text(TEXT)
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            # Started in the background, a program is deaf to an interrupt.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            monkeypatch.setattr(begin, "write_skeleton", lambda *_: slow(writing))
            begin_study(place / "new", texts_there)
            status = 0
        finally:
            os._exit(status)
    os.close(writing)
    assert os.read(reading, 8) == b"half-way"
    os.close(reading)
    os.kill(pid, end)
    assert os.waitpid(pid, 0)[1] != 0
    if end != signal.SIGKILL:
        assert list(place.iterdir()) == []
    begin_study(place / "new", texts_there)
    assert [path.name for path in place.iterdir()] == ["new"]
