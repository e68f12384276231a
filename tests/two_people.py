"""A study of three interviews that two people code from nothing, and what each of them decides."""

from __future__ import annotations

import re
from datetime import date, timedelta
from html import unescape
from pathlib import Path

from tiny import INDEX, write_tiny_study

from analysis.desk import Desk
from analysis.study.folder import Study

SOURCES = ("c1", "c2", "t1")
# Where each codes: source, passage, words from its beginning, then how many words, the sentence
# (s) or the passage (p); and the code. They part on one ending and on three places.
A_CODES = (
    ("c1", 1, 7, "s", "trust"),
    ("c1", 3, 0, "p", "design/workshop"),
    ("c2", 1, 3, "s", "trust"),
    ("t1", 1, 5, "s", "trust"),
    ("t1", 3, 0, "s", "being paid"),
)
B_CODES = (
    ("c1", 1, 7, "3", "trust"),
    ("c1", 3, 0, "p", "design/workshop"),
    ("c2", 3, 0, "s", "design/workshop"),
    ("t1", 1, 5, "s", "trust"),
)
WORDS = {
    ("c1", 1, 7, "s"): "Trust matters too, in its way.",
    ("c1", 1, 7, "3"): "Trust matters too",
    ("c1", 3, 0, "p"): "The board decides after a workshop.",
    ("c2", 1, 3, "s"): "Families trust the worker they know.",
    ("c2", 3, 0, "s"): "The same six people at each workshop.",
    ("t1", 1, 5, "s"): "Trust is the whole of it.",
    ("t1", 3, 0, "s"): "No, I am trained and I am paid.",
}
NEW_CODE, DEFINITION = "being paid", "Work for money."
# Of each difference, in order of source and text: what is decided, and why.
DECIDED = (
    ("B", "the ending is a hedge"),
    ("A", "a tie it is"),
    ("both", "it shapes the service"),
    ("left open", "ask the other two"),
)
JUDGED = "supports"
READING = """---
interpretation:
  status: retained
---

They said it in their own words.
"""
_ROUNDS = """# Who codes what, and when.
rounds:
  - name: first
    coders: [A, B]
    sources: [c1, c2, t1]
    until: {until}
    blind: [everybody]
"""


def begin(folder: Path) -> Path:
    """The tiny study with its three first interviews alone, nothing coded, in a blind round."""
    write_tiny_study(folder)
    raw = folder / "data/raw"
    for path in (raw / "coding").iterdir():
        path.unlink()
    register = (raw / "sources.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in register if line.split(",")[0] in ("source_id", *SOURCES)]
    (raw / "sources.csv").write_text("\n".join(kept) + "\n", encoding="utf-8")
    for line in register[1:]:
        if line not in kept:
            (raw / line.split(",")[7]).unlink()
    claims = raw / "claims.yml"
    told = claims.read_text(encoding="utf-8").replace("at_least: 2", "at_least: 1")
    claims.write_text(told.replace("counts: mentioned", "counts: affirmed"), encoding="utf-8")
    (folder / "reports/interpretations").mkdir()
    (folder / "reports/interpretations/trust.qmd").write_text(READING, encoding="utf-8")
    paper = INDEX.replace("{{< include _generated/quotations/t1-1-2.md >}}", "")
    paper += "\n{{< include _generated/coders.md >}}\n\n"
    paper += "{{< include _generated/interpretation-trust.md >}}\n\n"
    paper += "{{< include interpretations/trust.qmd >}}\n"
    (folder / "reports/index.qmd").write_text(paper, encoding="utf-8")
    set_round(folder, ends=1)
    return folder


def set_round(folder: Path, ends: int) -> None:
    """Let the blind round last until so many days from today."""
    until = date.today() + timedelta(days=ends)
    text = _ROUNDS.format(until=until.isoformat())
    (folder / "data/raw/rounds.yml").write_text(text, encoding="utf-8")


def count_consensus(folder: Path) -> None:
    """Say in params.yml that what was settled counts."""
    params = folder / "params.yml"
    text = params.read_text(encoding="utf-8")
    assert "\ncoder: A" in text
    params.write_text(text.replace("\ncoder: A", "\ncoder: consensus"), encoding="utf-8")


def told_by_the_paper(folder: Path) -> str:
    """The words of the paper, without its markup and line ends."""
    page = (folder / "reports/_site/index.html").read_text(encoding="utf-8")
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def check(folder: Path) -> None:
    """What two people did stands on disk, and the paper tells it."""
    study = Study.open(folder, embargoed=True)
    for coder, codes in (("A", A_CODES), ("B", B_CODES)):
        desk = Desk(study, coder)
        own = {
            (one.kept.source_id, desk.texts.text(one.kept.source_id)[one.start : one.end], one.code)
            for one in desk.own()
        }
        assert own == {(source, WORDS[source, *at], code) for source, *at, code in codes}, coder
        notes = {act.note for _, act in desk.ledger.of(coder).acts if act.after}
        assert notes == {"blind to everybody"}
    desk = Desk(study, "consensus")
    settled = {desk.texts.text(one.kept.source_id)[one.start : one.end] for one in desk.own()}
    assert settled == {
        "Trust matters too",
        "The board decides after a workshop.",
        "Families trust the worker they know.",
        "The same six people at each workshop.",
        "Trust is the whole of it.",
    }
    paper, today = told_by_the_paper(folder), date.today().isoformat()
    assert f"4 differences between A and B were decided on {today} by AR" in paper
    assert "A 1, B 1, both 1, left open 1" in paper and "Of these 3 were settled" in paper
    assert "consensus , which counts here" in paper
    assert f"A 3 {today} {today}" in paper and "everybody" in paper
    assert f"signed by A and B on {today}" in paper.replace("Signed", "signed")
    bearings = (folder / "data/raw/bearings.csv").read_text(encoding="utf-8")
    assert f",{JUDGED},AR" in bearings
    for secret in (reason for _, reason in DECIDED):
        assert secret not in paper
