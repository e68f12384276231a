"""What is known of a passage besides its words: memos on it and naming it, quotations, its time."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk_study import begin, refreshed

from analysis.desk import Desk
from analysis.explore import Explorer
from analysis.explore.answers import Answers
from analysis.explore.recordings import played, recording_of
from analysis.files.problems import StudyError

MEMO = (
    "---\nkind: analytic\ndate: 2024-01-01\nabout: trust\n---\n\n# Ties\n\nSee c1-1, not c1-11.\n"
)


@pytest.fixture
def explore(tmp_path: Path) -> Explorer:
    folder = tmp_path / "s"
    study = begin(folder, coded=True)
    Desk(study, "C").code_words("c1", "We buy outcomes", "measuring", "in whose words?")
    text = folder / "data/raw/interviews/t1.txt"
    timed = text.read_text(encoding="utf-8").replace("I: What", "[00:00:05] I: What", 1)
    text.write_text(timed.replace("R: Being", "[00:01:07] R: Being"), encoding="utf-8")
    (study.raw / "memos").mkdir()
    (study.raw / "memos/ties.md").write_text(MEMO, encoding="utf-8")
    (study.raw / "recordings").mkdir()
    (study.raw / "recordings/t1.mp3").write_bytes(b"ID3 sound")
    return Explorer(refreshed(folder))


def known(explore: Explorer, **asked: str) -> dict:
    answers = Answers(explore.session)
    return answers.show(explore.passages(**asked))["known"]


def test_memos_are_shown_at_their_passage_both_ways(explore: Explorer) -> None:
    told = known(explore, source="c1")
    assert told["memos"] == ["measuring, C: in whose words?", "memo ties (analytic, 2024-01-01)"]
    assert list(explore.memos("whose").rows["id"]) == ["c1-1"]
    assert list(explore.memos("Ties").rows["id"]) == ["c1-1"]
    assert known(explore, source="c2")["memos"] == []


def test_where_the_paper_quotes_a_passage(explore: Explorer) -> None:
    assert known(explore, source="c1")["quoted"] == []
    index = explore.study.reports / "index.qmd"
    index.write_text("\n\n{{< include _generated/quotations/c1-1.md >}}\n", encoding="utf-8")
    assert known(explore, source="c1")["quoted"] == ["reports/index.qmd, line 3"]


def test_a_passage_plays_from_its_time(explore: Explorer) -> None:
    told = known(explore, source="t1")
    assert (told["plays"], told["time"]) == (True, "1:07")
    answers = Answers(explore.session)
    answers.show(explore.passages(source="t1"))
    reply = answers.answer({"ask": "play", "at": 0})
    assert reply == {"kind": "audio/mpeg", "buffers": [b"ID3 sound"]}
    answers.show(explore.passages(source="c1"))
    assert "no recording" in str(answers.answer({"ask": "play", "at": 0})["problem"]).lower()


def test_no_name_and_no_link_leads_out_of_the_recordings(explore: Explorer, tmp_path: Path) -> None:
    secret = tmp_path / "secret.mp3"
    secret.write_bytes(b"other sound")
    raw = explore.study.raw
    (raw / "recordings/c1.mp3").symlink_to(secret)
    assert recording_of(raw, "c1") is None
    assert recording_of(raw, "../../../../secret") is None
    with pytest.raises(StudyError):
        played(raw, "c1")
