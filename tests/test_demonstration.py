"""The invented study is what it says: whole, varied, and coded on whole words."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest
import yaml
from statements import STATEMENTS, Statement, sections

from analysis import coding
from analysis.cleaning.preparing import prepare_all
from analysis.stages import clean, texts
from analysis.study.folder import Study
from analysis.text.sentences import sentence_spans
from analysis.text.words import count_words, word_spans

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def study() -> Study:
    return Study.open(PROJECT, embargoed=True)


@pytest.fixture(scope="module")
def passages(study: Study) -> pd.DataFrame:
    rules, key = study.choices.cleaning, texts.pseudonym_key(study)
    prepared = prepare_all(study.sources, study.raw, rules, key, None)
    return clean.passages_of(prepared)


@pytest.fixture(scope="module")
def placed(study: Study) -> coding.Placement:
    return coding.place(
        texts.read_projects(study),
        study.sources,
        texts.cleaned_texts(study),
        study.codebook.codes,
        anchor_score=study.choices.anchor_score,
        coders={},
        code_names={},
        withdrawn=study.withdrawn_names,
    )


def test_the_register_holds_the_study_that_was_asked_for(study: Study) -> None:
    register = study.register
    usable = register[register["status"] == "active"]
    people = usable[usable["kind"] == "interview"].groupby("role")["case_id"].nunique()
    assert people.to_dict() == {"commissioner": 8, "third_sector": 8}
    assert usable["kind"].value_counts().to_dict() == {
        "interview": 18,
        "document": 8,
        "observation": 5,
    }
    assert register["status"].value_counts().to_dict() == {
        "active": 31,
        "withdrawn": 1,
        "embargoed": 1,
    }
    assert set(register["provenance"]) == {"constructed"}
    assert list(register["date"]) == sorted(register["date"])
    endings = {Path(name).suffix for name in usable["file"]}
    assert endings == {".docx", ".odt", ".txt", ".vtt", ".pdf", ".html", ".md"}


def test_lengths_are_those_of_the_genre(study: Study, passages: pd.DataFrame) -> None:
    words = passages.groupby("source_id")["words"].sum()
    kinds = study.sources.set_index("source_id")["kind"]
    bounds = {"interview": (1_200, 2_000), "document": (500, 1_200), "observation": (400, 1_200)}
    outside = {
        name: int(count)
        for name, count in words.items()
        if not bounds[kinds[name]][0] <= count <= bounds[kinds[name]][1]
    }
    assert outside == {}


def test_no_run_of_ten_words_stands_in_two_sources(passages: pd.DataFrame) -> None:
    where: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for source, own in passages.groupby("source_id"):
        for text in own["text"]:
            words = [text[start:end].lower() for start, end in word_spans(text)]
            for place in range(len(words) - 9):
                where[tuple(words[place : place + 10])].add(str(source))
    assert [run for run, sources in where.items() if len(sources) > 1] == []


def test_speakers_differ(passages: pd.DataFrame, capsys: pytest.CaptureFixture[str]) -> None:
    spoken = passages[passages["voice"] == "participant"]
    rows = []
    for source, own in spoken.groupby("source_id"):
        text = " ".join(own["text"])
        words = [text[start:end].lower() for start, end in word_spans(text)]
        sentences = [count_words(text[start:end]) for start, end in sentence_spans(text)]
        rows.append((source, len(words), sum(sentences) / len(sentences), len(set(words[:1000]))))
    table = pd.DataFrame(
        rows, columns=["source", "words", "words a sentence", "different words of the first 1,000"]
    )
    with capsys.disabled():
        print("\n" + table.round(1).to_string(index=False))
    lengths = table["words a sentence"]
    assert lengths.max() > 2 * lengths.min()
    assert lengths.std() > 3


def test_coded_spans_begin_and_end_at_words(placed: coding.Placement, study: Study) -> None:
    cleaned = {name: one.text for name, one in texts.cleaned_texts(study).items()}
    split = [
        (row.source_id, row.start, row.end)
        for row in placed.codings.itertuples()
        for edge in (row.start, row.end)
        if re.fullmatch(r"[^\W_]{2}", cleaned[row.source_id][max(edge - 1, 0) : edge + 1])
    ]
    assert split == []
    assert placed.unplaced.empty


def test_two_coders_coded_what_they_should(placed: coding.Placement, study: Study) -> None:
    by_coder = placed.codings.groupby("coder")["source_id"].agg(set)
    assert by_coder["A"] == set(study.sources["source_id"])
    assert len(by_coder["B"]) >= len(study.sources) / 4
    about = study.sources.set_index("source_id").loc[sorted(by_coder["B"])]
    assert set(about["kind"]) == {"interview", "document", "observation"}
    assert {"commissioner", "third_sector"} <= set(about["role"])
    formats = {path.suffix for path in (study.raw / "coding").iterdir()}
    assert formats == {".csv", ".qdpx"}


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda one: one.said[:40])
def test_a_statement_has_its_place_its_evidence_and_its_counter_evidence(
    statement: Statement, placed: coding.Placement, passages: pd.DataFrame
) -> None:
    text = "".join(sections()[name] for name in statement.sections)
    quoted = re.findall(r"_generated/quotations/([\w-]+)\.md", text)
    named = (*statement.evidence, *statement.against)
    assert [name for name in named if name not in quoted] == []
    assert bool(statement.evidence) == bool(statement.against)
    claims = yaml.safe_load((PROJECT / "data" / "raw" / "claims.yml").read_text(encoding="utf-8"))
    expectations = {one["id"] for claim in claims["claims"] for one in claim["expectations"]}
    assert set(statement.expectations) <= expectations
    # The quotations come from passages on which somebody put the codes that the statement is of.
    found = set()
    for source, number in (name.rsplit("-", 2)[:2] for name in named):
        own = passages[(passages["source_id"] == source) & (passages["passage"] == int(number))]
        start, end = own[["start", "end"]].iloc[0]
        there = placed.codings[placed.codings["source_id"] == source]
        found |= set(there.loc[(there["start"] < end) & (there["end"] > start), "code"])
    assert [
        code
        for code in statement.codes
        if not any(f"{one}/".startswith(f"{code}/") for one in found)
    ] == []


def test_what_the_first_phase_hands_to_the_second_is_said() -> None:
    text = sections()["sec-conclusion"]
    assert "first phase of a mixed-method study" in text and "hands to the second" in text


def test_the_authors_words_lead() -> None:
    """Of what is typed, and without what a report adds: the authors' prose, above all else."""
    text = " ".join(sections().values())
    assert len(re.findall(r"[a-z]+", re.sub(r"\{\{<.*?>\}\}", "", text))) > 4_000
