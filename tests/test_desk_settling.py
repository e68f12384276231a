"""A team: blind rounds, two coders side by side, and what is settled between them."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from desk_study import begin, refreshed

from analysis.desk import Desk, Settling
from analysis.desk.settling import ANOTHER, BOTH, OPEN
from analysis.desk.works import SettlingWork
from analysis.explore import Explorer
from analysis.files.problems import StudyError
from analysis.report.pages.lab_history import lab_history, with_decisions
from analysis.stages.agreement import compare, settled
from analysis.study.coders import CONSENSUS
from analysis.study.folder import Study

ROUNDS = """\
rounds:
  - name: first
    coders: [A, B]
    sources: [c1, t1]
    until: {until}
    blind: [everybody]
"""


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """A and B coded c1 and t1; they agree once, and differ in three ways."""
    study = begin(tmp_path / "s")
    one, other = Desk(study, "A"), Desk(study, "B")
    for desk in (one, other):
        desk.code_words("c1", "We buy outcomes", "measuring")
    one.code_words("c1", "Trust matters too", "trust")
    other.code_words("c1", "Trust matters too, in its way", "trust")
    one.code_words("t1", "Being known to a child", "trust")
    other.code_words("t1", "I am paid", "measuring")
    return study


def words(study: Study) -> list[tuple[str, str, str]]:
    desk = Desk(study, CONSENSUS)
    return [
        (one.kept.source_id, one.code, desk.texts.text(one.kept.source_id)[one.start : one.end])
        for one in desk.own()
    ]


def test_differences_are_settled_into_a_coder_of_its_own(study: Study) -> None:
    settling = Settling(study, "A", "B", "AR")
    ends, only_a, only_b = settling.differences()
    assert (ends.code, only_a.second, only_b.first) == ("trust", None, None)
    with pytest.raises(StudyError, match="why it was settled so"):
        settling.settle(ends, "A", "")
    settling.settle(ends, "B", "the ending belongs to it")
    agreed = ("c1", "measuring", "We buy outcomes")
    assert set(words(study)) == {agreed, ("c1", "trust", "Trust matters too, in its way")}
    settling.settle(ends, BOTH, "or rather both")
    assert len(words(study)) == 3
    start = settling.desk.texts.text("c1").index("matters")
    settling.settle(ends, ANOTHER, "the verb alone", (start, start + 7))
    assert set(words(study)) == {agreed, ("c1", "trust", "matters")}
    settling.settle(only_a, "B", "a wish, no tie")
    settling.settle(only_b, OPEN, "ask the other two")
    assert {one for one in words(study) if one[0] == "t1"} == set()
    decided = {settling.name(one): one for one in settling.differences()}
    said = {decided[name].code: found.decision for name, found in settling.decided().items()}
    assert len(settling.decided()) == 3 and said["measuring"] == OPEN
    assert settling.desk.undo() == f"settled: {OPEN}"
    assert len(settling.decided()) == 2
    # The choices can count it, and it is nobody's own reading.
    again = refreshed(study.folder).with_choices(coder=CONSENSUS)
    counted = again.codings[again.codings["coder"] == CONSENSUS]
    assert set(counted["code"]) == {"measuring", "trust"}
    told = settled(again)
    assert dict(zip(told["decision"], told["differences"], strict=True)) == {ANOTHER: 1, "B": 1}
    assert compare(again).coders == ("A", "B")


def test_the_sheet_of_the_agreement_stage_is_applied_the_same_way(study: Study) -> None:
    settling = Settling(study, "A", "B", "AR")
    rows = [
        [
            one.source_id,
            one.code,
            "",
            *(
                "" if side is None else str(getattr(side, end))
                for side in (one.first, one.second)
                for end in ("start", "end")
            ),
        ]
        for one in settling.differences()
    ]
    columns = ["source_id", "code", "difference", "start_a", "end_a", "start_b", "end_b"]
    sheet = pd.DataFrame(rows, columns=columns).assign(
        decision=["b", "", "open"], reason="so it is"
    )
    path = study.private / "review" / "disagreements.csv"
    path.parent.mkdir(parents=True)
    sheet.to_csv(path, index=False)
    assert settling.take_sheet() == 2
    assert ("c1", "trust", "Trust matters too, in its way") in words(study)
    assert [one.reason for one in settling.decided().values()] == ["so it is", "so it is"]
    assert settling.take_sheet() == 0
    sheet.assign(decision="nobody").to_csv(path, index=False)
    with pytest.raises(StudyError, match=r"disagreements.csv, line 2"):
        settling.take_sheet()


def test_agreement_before_and_after_by_round(study: Study) -> None:
    """Alpha by hand: four passages of R; of either code both put one, and one of them another.

    Observed disagreement 2 / 8, expected 2 * 3 * 5 / (8 * 7): alpha is 8 / 15.
    """
    rounds = "rounds:\n  - {name: first, coders: [A, B], sources: [c1, t1]}\n"
    (study.raw / "rounds.yml").write_text(rounds, encoding="utf-8")
    settling = Settling(study, "A", "B", "AR")
    told = settling.agreement()
    assert list(told["round"].unique()) == ["first"]
    told = told.set_index("code")
    assert told.loc["trust", "before"] == pytest.approx(8 / 15)
    assert told["before"].equals(told["after"])
    _, only_a, only_b = settling.differences()
    settling.settle(only_a, "A", "a tie it is")
    settling.settle(only_b, OPEN, "ask the other two")
    again = settling.agreement().set_index("code")
    assert again["before"].equals(told["before"])
    # What was settled is alike for both; what was left open is as it was.
    assert again.loc["trust", "after"] == 1.0
    assert again.loc["measuring", "after"] == pytest.approx(8 / 15)
    # What they code later changes no figure of before.
    Desk(study, "A").code_words("t1", "I am paid", "measuring")
    later = settling.agreement().set_index("code")
    assert later["before"].round(6).equals(told["before"].round(6))
    assert later.loc["measuring", "after"] == 1.0


def test_the_paper_tells_what_was_settled_and_when(study: Study) -> None:
    """Who coded when, what was decided by whom, agreement before and after; no reason, no words."""
    settling = Settling(study, "A", "B", "AR")
    _, only_a, only_b = settling.differences()
    settling.settle(only_a, "A", "Mrs Secret said so")
    settling.settle(only_b, OPEN, "ask")
    again = refreshed(study.folder)
    told = lab_history(again)
    today = date.today().isoformat()
    assert f"| A | 2 | {today} | {today} | 3 | 0 | nobody | 3 |" in told
    assert f"2 differences between A and B were decided on {today} by AR: A 1, left open 1." in told
    assert "does not count here: A does" in told and "| of no round | trust | 0.53 | 1.00 |" in told
    assert "Secret" not in told
    counted = lab_history(again.with_choices(coder=CONSENSUS))
    assert "*consensus*, which counts here" in counted
    # The table of differences knows of it, too.
    differences = with_decisions(again, compare(again).differences)
    said = dict(zip(differences["code"], differences["decision"], strict=True))
    assert sorted(differences["decision"]) == ["", "", "A"] and said["measuring"] == ""
    assert lab_history(begin(study.folder.parent / "nobody")) == ""


def test_a_blind_round_shows_nobody_elses_spans_and_says_so(study: Study) -> None:
    rounds, tomorrow = study.raw / "rounds.yml", date.today() + timedelta(days=1)
    rounds.write_text(ROUNDS.format(until=tomorrow.isoformat()), encoding="utf-8")
    desk = Desk(study, "A")
    assert {one.coder for one in desk.spans("c1")} == {"A"}
    assert {one.coder for one in Desk(study, "C").spans("c1")} == {"A", "B"}
    desk.code_words("c1", "after a workshop", "design/workshop", memo="a secret")
    assert desk.ledger.of("A").acts[-1][1].note == "blind to everybody"
    # Nor does the explorer, which does not know who looks.
    shown = Explorer(refreshed(study.folder))
    assert not shown.corpus.spans("c1", "everybody") and "B" not in shown.corpus.coders
    assert "blind round" in " ".join(shown.passages(source="c1").warnings)
    # No count, memo or comparison holds what is out of sight, under any choice.
    for told in (shown, shown.under(unit="source")):
        assert told.codebook().table["segments"].sum() == 0
        assert told.memos("secret").table.empty and not told.agreement().cells
        assert not told.documents().cells
    # Nor is anything settled before it is over.
    settling = Settling(study, "A", "b", "AR")
    assert settling.sealed() == ["c1", "t1"] and settling.differences() == []
    assert "blind round" in SettlingWork(settling).told()[0]
    rounds.write_text(ROUNDS.format(until="2024-01-31"), encoding="utf-8")
    assert {one.coder for one in desk.spans("c1")} == {"A", "B"}
    rounds.write_text(ROUNDS.replace("c1", "c9").format(until="soon"), encoding="utf-8")
    with pytest.raises(StudyError, match=r"rounds\.yml, line 4"):
        desk.spans("c1")


def test_a_name_is_one_person_however_it_is_typed(study: Study) -> None:
    """On a Mac lab-a.csv is lab-A.csv; and nobody gets round a blind round by a small letter."""
    assert [Desk(study, one).coder for one in ("a", " A ", "\uff21")] == ["A", "A", "A"]
    for name, kept in (("Zoe\u0308", "Zoë"), ("नेहा", "नेहा"), ("李 明", "李 明"), ("مريم", "مريم")):
        desk = Desk(study, name)
        desk.code_words("c2", "Hours of help", "measuring")
        assert (study.raw / f"coding/lab-{kept}.csv").is_file() and kept in desk.ledger.coders
    for name in ("", "../x", "A.log", "O'Brien", "x" * 41, "A\u202eB", "A/B"):
        with pytest.raises(StudyError, match="no name of a file"):
            Desk(study, name)
    with pytest.raises(StudyError, match="coded and read nothing"):
        Settling(study, "A", "Q", "AR")


def test_the_form_for_settling_steps_through_what_waits(study: Study) -> None:
    work = SettlingWork(Settling(study, "A", "B", "AR"))
    assert work.open("") == 3 and not any(work.done(at) for at in range(3))
    place = work.place(0)
    assert "Trust matters too" in place.html and place.facts[0].startswith("A: “Trust")
    assert work.decide(0, ANOTHER, {"reason": "why", "words": "matters too"}).endswith(ANOTHER)
    assert work.done(0) == f"{ANOTHER} (AR)" and work.place(0).fields == {"reason": "why"}
    assert work.told() == [f"{ANOTHER}: 1"]
    assert work.undo() and not work.done(0)
