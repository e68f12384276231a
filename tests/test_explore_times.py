"""Times that cleaning took out still say where in the recording a passage stands."""

from __future__ import annotations

from pathlib import Path

from desk_study import begin

from analysis.desk import Desk

CAPTIONS = """\
WEBVTT

00:00:01.000 --> 00:00:04.000
<v I>What is your work?</v>

00:01:05.500 --> 00:01:09.000
<v R>Being known to a child. We meet at 10:30 on Mondays.</v>

01:02:03.000 --> 01:02:09.000
<v I>Are you a volunteer?</v>
"""


def test_a_passage_knows_its_time(tmp_path: Path) -> None:
    study = begin(tmp_path / "s")
    raw, register = study.raw, study.raw / "sources.csv"
    (raw / "interviews/t1.vtt").write_text(CAPTIONS, encoding="utf-8")
    text = register.read_text(encoding="utf-8").replace("interviews/t1.txt", "interviews/t1.vtt")
    register.write_text(text, encoding="utf-8")
    (raw / "interviews/t2.txt").write_text(
        "[00:00:10] I: What is your work?\n\n[00:02:30] R: Walking along with them.\n",
        encoding="utf-8",
    )
    (raw / "interviews/t1.txt").unlink()
    desk = Desk(study.folder, "A")
    assert desk.times("t1") == ["0:01", "1:05", "1:02:03"]
    assert desk.times("t2") == ["0:10", "2:30"]
    assert set(desk.times("c1")) == {""}
