"""The reading list worked: judgements, what they leave open, negative cases, the matrix."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_study import begin

from analysis.claims.bearing import BLIND
from analysis.claims.matrix import read_matrix
from analysis.desk import Judging
from analysis.desk.judging_works import CellsWork, JudgingWork, OutcomesWork
from analysis.desk.steps import StepAnswers
from analysis.files.problems import StudyError


@pytest.fixture
def judging(tmp_path: Path) -> Judging:
    study = begin(tmp_path / "s", coded=True)
    path = study.raw / "claims.yml"
    text = path.read_text(encoding="utf-8").replace("counts: mentioned", "counts: affirmed")
    path.write_text(text, encoding="utf-8")
    return Judging(study, "AR")


def rows(judging: Judging) -> list[str]:
    return (judging.study.raw / "bearings.csv").read_text(encoding="utf-8").splitlines()


def test_the_bounds_narrow_as_one_judges(judging: Judging) -> None:
    first = judging.to_read("trust")
    # Trust is coded in one passage each of the two third-sector interviews, which settle it.
    assert sorted(first["source_id"][:2]) == ["t1", "t2"]
    assert judging.bounds("trust") == [
        "trust-told, third_sector: 2 of 2 mention; affirm: at least 0, at most 2"
    ]
    judging.judge("trust", *first.loc[0], "supports", "plainly")
    assert "at least 1, at most 2" in judging.bounds("trust")[0]
    judging.judge("trust", *first.loc[1], "contradicts")
    assert "at least 1, at most 1" in judging.bounds("trust")[0]
    assert len(judging.to_read("trust")) == len(first) - 2
    judging.judge("trust", *first.loc[1], "qualifies", "on reflection")
    assert len(rows(judging)) == 3 and "qualifies,AR,on reflection" in rows(judging)[2]
    assert judging.ledger.undo() == "judgement" and "contradicts" in rows(judging)[2]
    with pytest.raises(StudyError, match="supports"):
        judging.judge("trust", *first.loc[1], "perhaps")
    assert list(judging.negative("trust")["source_id"]) == [first.loc[1, "source_id"]]
    judging.outcome("trust", *first.loc[1], "bounded")
    assert list(judging.negative("trust")["negative_outcome"]) == ["bounded"]
    # The same by keys: one's own negative cases, each with what came of it.
    work = OutcomesWork(judging)
    assert work.open("trust") == 1 and work.done(0) == "bounded"
    assert work.decide(0, "unresolved", {}).endswith("unresolved") and work.done(0) == "unresolved"
    assert work.undo() == "outcome" and work.done(0) == "bounded"
    assert first.loc[1, "source_id"] in work.place(0).html
    assert OutcomesWork(Judging(judging.study, "TW")).open("trust") == 0


def test_a_second_judge_does_not_see_the_first(judging: Judging) -> None:
    listed = judging.to_read("trust")
    for source, passage in listed.itertuples(index=False):
        judging.judge("trust", source, passage, "supports", "a telling note")
    second = JudgingWork(Judging(judging.study, "TW", blind=True))
    count = second.open("trust")
    assert 0 < count < len(listed)
    place = second.place(0)
    assert place.done == "" and "telling" not in f"{place}"
    second.decide(0, "qualifies", {"note": "less so"})
    assert second.done(0) == "qualifies"
    assert Judging(judging.study, "TW", blind=True).to_read("trust").shape[0] == count - 1
    assert any(f",{BLIND}," in row for row in rows(judging))


def test_the_form_goes_on_to_what_waits(judging: Judging) -> None:
    answers = StepAnswers(JudgingWork(judging))
    opened = answers.answer({"ask": "open", "queue": "trust"})
    assert opened["choices"][0] == {"key": "1", "name": "supports"}
    asked = {"ask": "decide", "at": 0, "choice": "does not bear", "fields": {"note": ""}}
    following = answers.answer(asked)
    assert following["at"] == 1 and following["left"] == opened["left"] - 1
    assert "at least 0, at most 1" in following["told"][0]
    wrong = answers.answer({**asked, "choice": "perhaps"})
    assert "perhaps" in wrong["problem"]


def test_a_cell_is_filled_with_its_passages_and_digest(judging: Judging) -> None:
    work = CellsWork(judging)
    assert work.open("Trust") == 6
    at = next(at for at in range(6) if work.place(at).name == "ts-1")
    assert "Trust is the whole of it" in work.place(at).html
    with pytest.raises(StudyError, match="no words"):
        work.decide(at, "said", {"summary": " "})
    work.decide(at, "said", {"summary": 'Trust is the work, "whole", to her.'})
    claims, register = list(judging.claims.values()), judging.study.register
    matrix = read_matrix(judging.study.raw / "matrix.csv", claims, judging.material, register)
    cell = matrix.iloc[0]
    assert (cell["case_id"], cell["state"], cell["stale"]) == ("ts-1", "said", False)
    assert cell["passages"].startswith("t1-") and "whole" in cell["summary"]
    work.decide(at, "silent", {"summary": ""})
    text = (judging.study.raw / "matrix.csv").read_text(encoding="utf-8")
    assert text.count("ts-1") == 1 and work.done(at) == "silent"
    assert work.undo() == "cell" and work.done(at) == "said"
