"""What is proposed is accepted by a person, says so, and is not proposed again when dismissed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from desk_study import begin
from scipy import sparse

from analysis.desk import Desk, asked, missed, said
from analysis.desk.suggesting import precision
from analysis.desk.works import SuggestionsWork
from analysis.files.problems import StudyError


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(begin(tmp_path / "s", coded=True), "C")


def test_a_concordance_proposes_and_a_person_accepts(desk: Desk) -> None:
    found = said(desk, "trust", "trust")
    assert len(found.waiting()) == 5
    first, second, *_ = found.waiting()
    found.accept(first)
    found.dismiss(second)
    assert len(found.waiting()) == 3
    assert [one.kept.origin for one in desk.own()] == ["concordance trust"]
    assert second not in said(Desk(desk.study, "C"), "trust", "trust*").waiting()
    assert desk.undo() == "dismissed" and second in found.waiting()
    desk.redo()
    found.accept()
    assert len(desk.own()) == 4 and not found.waiting()
    assert "concordance trust" in (desk.study.raw / "coding/lab-C.csv").read_text(encoding="utf-8")
    assert desk.undo() == "accept" and len(desk.own()) == 1
    with pytest.raises(StudyError, match="a word"):
        said(desk, "trust", " * ")


def test_a_query_proposes_passages(desk: Desk) -> None:
    found = asked(desk, "measuring", 'trust & "because"')
    (place,) = found.waiting()
    assert place[0] == "t2"
    work = SuggestionsWork(found)
    assert work.open("") == 1 and "(proposed)" in work.place(0).html
    work.decide(0, "accept", {})
    assert work.done(0) == "decided" and desk.own()[0].kept.origin == 'query trust & "because"'


def test_what_was_missed_is_like_what_is_coded(desk: Desk) -> None:
    assert not missed(desk, "design/workshop").places
    for source, words in (
        ("c1", "after a workshop"),
        ("c2", "at each workshop"),
        ("d1", "A workshop shapes"),
    ):
        desk.code_words(source, words, "design/workshop")
    found = missed(desk, "design/workshop")
    # The one passage left in which a participant or a document speaks of a workshop.
    said_there = {desk.texts.text(source)[start:end] for source, start, end in found.waiting()}
    assert any("The workshop was a success" in words for words in said_there)
    assert not any("after a workshop" in words for words in said_there)
    assert found.said.startswith("cross-validation: of 3 coded passages")


def test_precision_by_hand() -> None:
    """Two kinds of passages that share no word: each hidden one comes first but for its rival."""
    weights = sparse.csr_matrix(np.array([[1.0, 0], [1, 0], [0, 1], [0, 1], [1, 0]]))
    coded = np.array([True, True, False, False, False])
    # Hidden: passage 0, then 1; each has passage 4, as like, for a rival that stands later.
    found, hidden, chance = precision(weights, coded)
    assert (found, hidden) == (2, 2) and chance == pytest.approx(1 / 4)
