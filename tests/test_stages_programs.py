"""What is said of what a program coded, in a study of invented responses whose true codes are known."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from responses import INDEX, OF_CODE, Response, code_sample, responses, write_study
from tiny import PROJECT

from analysis.files.problems import StudyError
from analysis.lifecycle.propose import propose_codings
from analysis.report.numbers import format_value
from analysis.report.pages import programs as pages
from analysis.sampling.recorded import draw
from analysis.stages import clean, programs
from analysis.stages.texts import prepare_kind
from analysis.stages.values import plain_name
from analysis.study.folder import Study

PROMPT = "Which codes does this passage carry?\n"
YOUNG = "young_person"


def placed(told: list[Response]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The passages of responses, and who truly carries what: source_id, start, end, code."""
    passages, spans = [], []
    for one in told:
        begin = 0
        for number, text in enumerate(one.text.split("\n\n")):
            end = begin + len(text)
            passages.append((one.source_id, number, begin, end, "", "document", 9, text))
            begin = end + 2
        spans += [(one.source_id, *span) for span in one.spans]
    columns = ["source_id", "passage", "start", "end", "speaker", "voice", "words", "text"]
    return (
        pd.DataFrame(passages, columns=columns),
        pd.DataFrame(spans, columns=["source_id", "start", "end", "code"]),
    )


def by_program(told: list[Response], spans: pd.DataFrame, seed: int) -> pd.DataFrame:
    """What a program makes of it: it misses a fifth, of young people's most, and invents some."""
    chance = random.Random(seed)
    role = {one.source_id: one.role for one in told}
    kept = [
        chance.random() < (0.35 if role[source] == YOUNG else 0.8) for source in spans["source_id"]
    ]
    invented = [
        (one.source_id, 0, 5, chance.choice(list(OF_CODE)))
        for one in told
        if chance.random() < 0.15
    ]
    return pd.concat(
        [spans[kept], pd.DataFrame(invented, columns=spans.columns)], ignore_index=True
    ).drop_duplicates(ignore_index=True)


def study_of(folder: Path, count: int, size: int) -> tuple[Study, pd.DataFrame]:
    """A study of `count` responses, `size` of them coded by A, all by the program reader."""
    told = responses(count)
    write_study(folder, told)
    raw = folder / "data" / "raw"
    study = Study.open(folder)
    how = {"strata": ("role",), "kinds": (), "seed": 5, "on": "2024-05-02"}
    cases = draw(raw, study.sources, size=size, **how).case_ids
    code_sample(folder, told, list(cases))
    (raw / "programs").mkdir()
    (raw / "programs" / "prompt.txt").write_text(PROMPT)
    digest = hashlib.sha256(PROMPT.encode()).hexdigest()
    (raw / "coders.yml").write_text(
        "coders:\n  - {name: A, kind: person}\n  - {name: reader, kind: program, version: '2', "
        f"settings: prompt.txt, sha256: {digest}, date: 2024-05-03, on: all responses}}\n"
    )
    passages, spans = placed(told)
    coded = pd.concat(
        [
            spans[spans["source_id"].isin(cases)].assign(coder="A"),
            by_program(told, spans, 3).assign(coder="reader"),
        ],
        ignore_index=True,
    ).assign(origin="x", memo="")
    study.write_tables(passages=passages, codes=study.codebook.codes, codings=coded)
    return Study.open(folder), spans


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Study, pd.DataFrame]:
    return study_of(tmp_path_factory.mktemp("responses"), 600, 180)


@pytest.fixture(scope="module")
def corrected(built: tuple[Study, pd.DataFrame]) -> programs.Corrected:
    return programs.correct(built[0])


def test_a_programs_codings_are_never_a_persons(built: tuple[Study, pd.DataFrame]) -> None:
    study, _ = built
    assert set(study.all_codings["coder"]) == set(study.codings["coder"]) == {"A"}
    assert set(study.corpus.codings["coder"]) == {"A"}
    assert set(study.codings_of_program("reader")["coder"]) == {"reader"}
    assert study.coded_by == "Coded by people (A); no program’s codings are in it."
    with pytest.raises(StudyError, match="'reader', a program"):
        study.with_choices(coder="reader")
    everyone = study.with_choices(coder="everyone")
    assert set(everyone.codings["coder"]) == {"A"}


def test_the_corrected_shares_hold_the_truth(
    built: tuple[Study, pd.DataFrame], corrected: programs.Corrected
) -> None:
    _, spans = built
    shares = corrected.estimates.query("measure == 'cases' and group == 'all'").set_index("code")
    assert set(shares.index) == set(OF_CODE)
    for code, row in shares.iterrows():
        truth = spans.loc[spans["code"] == code, "source_id"].nunique() / 600
        assert row["lower"] <= truth <= row["upper"]
        assert (row["read"], row["cases"]) == (180, 600)


def test_a_group_that_the_program_understands_less_is_named(
    corrected: programs.Corrected,
) -> None:
    heard = corrected.confusion.query("code == 'being heard'").set_index("group")
    assert heard["worse"].to_dict() == {
        "all": False,
        "parent": False,
        "professional": False,
        YOUNG: True,
    }
    assert heard.loc[YOUNG, "found"] < heard.loc["parent", "found"]


def test_every_number_names_the_program_and_both_figures(corrected: programs.Corrected) -> None:
    said = programs.values(corrected)
    for code in OF_CODE:
        value, unit = said[f"corr.reader.{plain_name(code)}.cases"]
        words = format_value(value, unit)
        assert "the program reader 2" in words and "before correction" in words
        assert words.count("%") == 4
    assert "the program reader 2" in programs.told(corrected)


def test_every_piece_of_the_paper_names_the_program(
    built: tuple[Study, pd.DataFrame], corrected: programs.Corrected
) -> None:
    study, _ = built
    study.write_table(corrected.estimates, "corrected")
    study.write_table(corrected.confusion, "program_confusion")
    pieces = pages.tables(study)
    assert sorted(pieces) == [
        "corrected",
        "corrected-figure",
        "corrected-groups",
        "corrected-passages",
        "programs",
        "programs-apart",
    ]
    for name, content in pieces.items():
        assert "program reader" in content, name
    for name in ("corrected", "corrected-groups", "corrected-passages"):
        assert "program alone" in pieces[name] and "corrected" in pieces[name]


def test_the_passages_most_apart_come_first(corrected: programs.Corrected) -> None:
    parting = corrected.parting
    assert parting["differ"].is_monotonic_decreasing and parting["differ"].min() >= 1
    first = parting.iloc[0]
    told = [one for side in ("people_only", "program_only") for one in first[side].split("; ")]
    assert len([one for one in told if one]) == first["differ"]


def test_what_is_read_out_of_order_waits(tmp_path: Path) -> None:
    study, _ = study_of(tmp_path, 200, 60)
    readings = study.raw / "readings.csv"
    lines = readings.read_text().splitlines()
    order = pd.read_csv(study.raw / "sample.csv")
    gap = order.loc[order["stratum"] == "parent", "case_id"].iloc[5]
    silent = set(study.codings["source_id"])
    readings.write_text("\n".join(line for line in lines if not line.endswith(gap)) + "\n")
    if gap in silent:  # its codings say that it was read
        table = study.table("codings")
        study.write_table(
            table[(table["source_id"] != gap) | (table["coder"] != "A")].reset_index(drop=True),
            "codings",
        )
    found = programs.correct(Study.open(tmp_path))
    parents = int((order["stratum"] == "parent").sum())
    assert found.estimates["read"].max() == 60 - (parents - 5)
    assert f"{parents - 5} of the sample are not read yet" in found.reason


def test_without_a_recorded_design_nothing_is_said(tmp_path: Path) -> None:
    study, _ = study_of(tmp_path, 60, 20)
    (study.raw / "sample.yml").unlink()
    found = programs.correct(Study.open(tmp_path))
    assert found.estimates.empty and found.confusion.empty
    assert found.reason == programs.NO_DESIGN
    assert [name for name in programs.values(found) if name != "corr.reason"] == []


@pytest.mark.full("a program is taught in five folds, with all that teaching needs")
def test_a_program_learns_from_the_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKERS", "one")
    study, spans = study_of(tmp_path, 100, 70)
    with pytest.raises(StudyError, match="another text than when its passages were made"):
        propose_codings(study, "first-reader", "2024-05-03")
    study.write_table(clean.passages_of(prepare_kind(study, "document")), "passages")
    study = Study.open(tmp_path)
    said = propose_codings(study, "first-reader", "2024-05-03")
    assert said.startswith("first-reader learnt ")
    again = Study.open(tmp_path)
    assert [one.is_program for one in again.coders.values()] == [False, True, True]
    coded = pd.read_csv(study.raw / "coding" / "first-reader.csv")
    assert set(coded["coder"]) == {"first-reader"}
    # It is better than chance: most of what it says is so.
    true = set(zip(spans["source_id"], spans["code"], strict=True))
    right = [pair in true for pair in zip(coded["source_id"], coded["code"], strict=True)]
    assert sum(right) / len(right) > 0.7
    with pytest.raises(StudyError, match="codes already"):
        propose_codings(Study.open(tmp_path), "first-reader", "2024-05-03")
    with pytest.raises(StudyError, match="letters, digits"):
        propose_codings(Study.open(tmp_path), "../reader", "2024-05-03")


@pytest.mark.full("2,000 responses, a program taught by 300 of them, against the truth")
def test_two_thousand_responses_and_what_is_true_of_them(tmp_path: Path) -> None:
    study, spans = study_of(tmp_path, 2000, 300)
    found = programs.correct(study).estimates
    role = study.register.set_index("source_id")["role"]
    held = []
    for row in found.query("measure == 'cases'").to_dict("records"):
        among = set(role.index if row["group"] == "all" else role[role == row["group"]].index)
        carry = set(spans.loc[spans["code"] == row["code"], "source_id"]) & among
        held.append(row["lower"] <= len(carry) / len(among) <= row["upper"])
    assert sum(held) >= len(held) - 2


@pytest.mark.full("a whole paper of 400 responses, made twice")
def test_a_paper_of_responses_names_who_coded(tmp_path: Path) -> None:

    def run(*words: str) -> None:
        command = [sys.executable, "-P", "-s", "-m", "analysis", *words]
        environment = os.environ | {"PYTHONPATH": str(PROJECT / "src")}
        subprocess.run([*command, "--study", str(tmp_path)], check=True, env=environment)

    told = responses(400)
    write_study(tmp_path, told)
    run("sample", "--size", "160", "--by", "role", "--on", "2024-05-02")
    sample = pd.read_csv(tmp_path / "data" / "raw" / "sample.csv")
    code_sample(tmp_path, told, list(dict.fromkeys(sample["case_id"])))
    run("report")
    run("propose", "first-reader", "--on", "2024-05-03")
    (tmp_path / "reports" / "index.qmd").write_text(INDEX)
    run("report")
    for figure in (tmp_path / "reports" / "figures").glob("*.svg"):
        said = "Coded by" in figure.read_text()
        assert said != figure.stem.startswith("lengths-"), figure.stem
    paper = (tmp_path / "reports" / "_site" / "index.html").read_text()
    assert "as the program first-reader 1" in paper
    assert paper.count("coded by the program first-reader 1") >= 4
