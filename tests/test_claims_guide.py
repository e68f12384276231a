"""Who was not asked, by the guide's questions and dates, leaves the count and is told."""

from __future__ import annotations

from pathlib import Path

import claims_fixture as made
import pandas as pd
import pytest
from claims_fixture import CHARITY, choices

from analysis.claims import (
    Material,
    Stances,
    evaluate,
    matrix_disagreements,
    negative_cases,
    read_claims,
    wording,
)
from analysis.claims.bearing import COLUMNS
from analysis.claims.guide import check_words, read_guide, unasked
from analysis.claims.model import Claim
from analysis.corpus import Corpus
from analysis.files.problems import StudyError

NOTHING = pd.DataFrame(columns=COLUMNS)
CELLS = ["claim", "case_id", "theme", "summary", "state", "event"]
MENTIONED = made.PREVALENCE.replace("at_least: 5", "at_least: 4\n        counts: mentioned")


def corpus(asking: dict[str, str], dates: dict[str, str] | None = None) -> Corpus:
    """Four of the charity carry `tie`; interviewers say in passage 3 what `asking` says."""
    passages, sources = made.passages(), made.sources()
    for source, words in asking.items():
        here = (passages["source_id"] == source) & (passages["passage"] == 3)
        passages.loc[here, "text"] = words
    sources["date"] = [(dates or {}).get(one, "2024-03-01") for one in sources["source_id"]]
    placed = [(name, 1, "tie/old") for name in CHARITY[:4]]
    return Corpus(sources, passages, made.CODES, made.codings(placed))


def claims(folder: Path) -> list[Claim]:
    return read_claims(made.written(folder, made.claim("c", MENTIONED)), made.CODES)


def found(folder: Path, guide: str, own: Corpus) -> dict[str, list[str]]:
    path = folder / "guide.yml"
    path.write_text(guide)
    told = claims(folder)
    read = read_guide(path, told, made.CODES["code"])
    check_words(read, own)
    return unasked(read, told, own)


def test_four_of_six_asked(tmp_path: Path) -> None:
    own = corpus({}, {"ch-7": "2023-10-31", "ch-8": "2023-10"})
    guide = "questions:\n  - ask: Who mattered?\n    about: [tie]\n    from: 2023-11-01\n"
    by_guide = found(tmp_path, guide, own)
    assert by_guide == {"common": ["person-ch-7", "person-ch-8"]}
    stances = Stances.of(claims(tmp_path), NOTHING, None, by_guide)
    row = evaluate(claims(tmp_path), own, choices(), stances=stances).iloc[0].to_dict()
    assert (row["n"], row["n_of"], row["cases_not_asked"]) == (4, 6, 2)
    assert f"{wording.counted(row)}; {wording.asked(row)}" == "charity 4 of 6 asked; 2 not asked"


def test_a_question_is_known_by_words_of_the_interviewer(tmp_path: Path) -> None:
    asking = dict.fromkeys(CHARITY[:6], "And did  ANYBODY matter before?")
    own = corpus(asking | dict.fromkeys(made.COUNCIL, "Did anybody matter before, then?"))
    guide = "questions:\n  - {ask: Who?, about: [c], words: [anybody matter]}\n"
    assert found(tmp_path, guide, own) == {"common": ["person-ch-7", "person-ch-8"]}
    # Of two questions about it either will do.
    both = f"{guide}  - {{ask: And?, about: [tie/new], words: [one two three]}}\n"
    assert found(tmp_path, both, own) == {"common": []}


@pytest.mark.parametrize(
    ("about", "since", "not_asked"),
    [
        ("merit", "2025", None),
        ("tie/old", "2024-04", 16),
        ("tie", "2024", 0),
        ("tie", "2024-03", 0),
        ("tie", "2024-03-02", 16),
    ],
)
def test_from_when_and_about_what(
    tmp_path: Path, about: str, since: str, not_asked: int | None
) -> None:
    guide = f"questions:\n  - {{ask: Who?, about: [{about}], from: {since}}}\n"
    told = found(tmp_path, guide, corpus({})).get("common")
    assert (None if told is None else len(told)) == not_asked


def test_what_cannot_be_known_is_taken_as_asked(tmp_path: Path) -> None:
    own = corpus({}, dict.fromkeys(CHARITY, "unknown"))
    late = "questions:\n  - {ask: Who?, about: [tie], from: 2024-06}\n"
    assert set(found(tmp_path, late, own)["common"]) == {f"person-{name}" for name in made.COUNCIL}
    assert own.passages is not None
    unheard = own.passages.assign(voice="participant")
    silent = Corpus(own.sources, unheard, own.codes, own.codings)
    assert found(tmp_path, "questions:\n  - {ask: A, about: [tie], words: [x]}\n", silent) == {
        "common": []
    }


def test_there_need_be_no_guide(tmp_path: Path) -> None:
    guide = read_guide(tmp_path / "guide.yml", [], made.CODES["code"])
    assert unasked(guide, claims(tmp_path), corpus({})) == {}


@pytest.mark.parametrize(
    ("guide", "said"),
    [
        ("questions:\n  - ask: Who?\n    about: [ties]\n", "line 3, question, about"),
        ("questions:\n  - about: [tie]\n", "line 2, question, ask"),
        ("questions:\n  - {ask: A, about: [tie], from: May}\n", "line 2, question, from"),
        ("questions:\n  - {ask: A, about: [tie], words: [nobody says it]}\n", "question 1, words"),
    ],
)
def test_a_fault_is_told_where_it_stands(tmp_path: Path, guide: str, said: str) -> None:
    with pytest.raises(StudyError) as caught:
        found(tmp_path, guide, corpus({}))
    assert f"data/raw/guide.yml, {said}" in str(caught.value)


def test_who_was_not_asked_is_not_silent_and_a_cell_that_differs_is_told(tmp_path: Path) -> None:
    own = corpus({}, {"ch-1": "2023-01-01", "ch-7": "2023-01-01", "ch-8": "2023-01-01"})
    guide = "questions:\n  - {ask: Who?, about: [c], from: 2024}\n"
    by_guide, told, material = found(tmp_path, guide, own), claims(tmp_path), Material.of(own)
    nothing = pd.DataFrame(columns=CELLS)
    cases = negative_cases(told, material, NOTHING, nothing, by_guide)
    # The first was not asked either, and speaks of it all the same.
    states = cases[cases["state"] == "not asked"]
    assert states["case_id"].tolist() == ["person-ch-7", "person-ch-8"]
    cell = {"claim": "c", "theme": "c theme", "summary": "", "event": ""}
    matrix = pd.DataFrame(
        [
            cell | {"case_id": "person-ch-8", "state": "silent"},
            cell | {"case_id": "person-ch-7", "state": "not asked"},
            cell | {"case_id": "person-ch-6", "state": "not asked"},
        ]
    )
    listed = matrix_disagreements(told, material, NOTHING, matrix, by_guide)
    assert dict(zip(listed["case_id"], listed["differs"], strict=True)) == {
        "person-ch-6": "the cell is not asked, and by the guide somebody asked",
        "person-ch-8": "the cell is silent, and by the guide nobody asked",
    }


def test_answers_go_from_one_question_of_the_guide_to_the_next() -> None:
    from analysis.study.guide import Guide, Question, with_answers

    turns = ["Tell me of  “the tie”.", "R", "And then?", "R", "what do you CALL it", "R"]
    told = pd.DataFrame(
        {
            "source_id": ["a"] * 6 + ["b"] * 2,
            "passage": [*range(6), 0, 1],
            "voice": ["interviewer", "participant"] * 4,
            "text": [*turns, "And then?", "R"],
        }
    )
    asked = {"about": ["tie"], "words": ["Of 'the tie'"]}
    called = {"about": ["tie"], "words": ["never said", "What do you call"]}
    guide = Guide(questions=[Question(ask="x", **asked), Question(ask="y", **called)])
    assert with_answers(told, guide)["answer"].tolist() == [1, 1, 1, 1, 2, 2, -1, -1]
    assert "answer" not in with_answers(told, Guide())
