"""What changed from one report to the next, and which input it can be by."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
from pathlib import Path

import pandas as pd
import pytest
from tiny import PROJECT, write_tiny_study

from analysis.__main__ import main
from analysis.files.problems import StudyError
from analysis.lifecycle.compare import compare_reports
from analysis.lifecycle.compare.differences import SOFTWARE, differences
from analysis.lifecycle.compare.snapshot import CODING_KEY, Snapshot, snapshot
from analysis.lifecycle.compare.told import page, response, summary

CODINGS = [("s1", 0, 4, "trust", "A"), ("s1", 9, 12, "cost", "A")]
BEFORE = Snapshot(
    "may",
    {"freq.n": "3", "choice.window": "3", "clean.words": "90", "find.trust": "present"},
    frozenset({"freq.n", "choice.window", "clean.words"}),
    {"trust-told": "present"},
    pd.DataFrame(CODINGS, columns=list(CODING_KEY)),
    {"trust": "a tie"},
    {"s1": "role nurse"},
    {"s1": "aa"},
    {"index.qmd": ("One.", "Two <b>.", "Three.")},
    {"window": "3"},
    {"claims": "11"},
)


def changed(**parts: object) -> Snapshot:
    return dataclasses.replace(BEFORE, name="june", **parts)


def test_nothing_changed() -> None:
    found = differences(BEFORE, changed())
    assert found.inputs == {} and not (found.numbers or found.patterns or found.codings)
    assert "changed: 0 (others: 0); patterns: 0; codings gone: 0, new: 0" in summary(found)


def test_a_number_is_by_the_inputs_of_its_stage() -> None:
    recoded = pd.DataFrame(
        [CODINGS[0], ("s1", 9, 14, "cost", "A"), ("s1", 1, 2, "trust", "B")],
        columns=list(CODING_KEY),
    )
    values = {"freq.n": "4", "choice.window": "5", "clean.words": "90", "find.trust": "absent"}
    found = differences(
        BEFORE,
        changed(
            codings=recoded,
            values=values,
            choices={"window": "5"},
            patterns={"trust-told": "absent"},
            files={"claims": "22"},
        ),
    )
    by = {one.what: one.by for one in found.numbers}
    assert by == {"freq.n": "codings (2), choices (1)", "choice.window": "choices (1)"}
    # find.trust is printed by no page.
    assert found.not_printed == 1
    (pattern,) = found.patterns
    assert (pattern.before, pattern.now) == ("present", "absent")
    assert pattern.by == "codings (2), choices (1), judgements (1)"
    told = {(one.code, one.coder): (one.gone, one.new) for one in found.codings}
    assert told == {("cost", "A"): (1, 1), ("trust", "B"): (0, 1)}


def test_a_number_without_any_input_is_by_the_software() -> None:
    found = differences(BEFORE, changed(values={**BEFORE.values, "freq.n": "9"}))
    assert [one.by for one in found.numbers] == [SOFTWARE]


def test_of_a_source_what_changed_and_of_a_code_how_many() -> None:
    found = differences(
        dataclasses.replace(BEFORE, sources={"s1": "role nurse; site north; date 2024"}),
        changed(
            sources={"s1": "role nurse; site south"},
            codings=pd.DataFrame(
                [CODINGS[0], ("s1", 1, 2, "trust", "A")], columns=list(CODING_KEY)
            ),
        ),
    )
    (source,) = found.sources
    assert (source.before, source.now) == ("site north; date 2024", "site south")
    told = {one.what: (one.before, one.now) for one in found.inputs["codings"]}
    assert told == {
        "cost, coded by A": ("1 coding", "0 (1 gone, 0 new)"),
        "trust, coded by A": ("1 coding", "2 (0 gone, 1 new)"),
    }


def test_sources_texts_and_wording() -> None:
    found = differences(
        BEFORE,
        changed(
            sources={"s1": "role nurse", "s2": "role clerk"},
            texts={"s1": "bb", "s2": "cc"},
            wording={"index.qmd": ("One.", "Two, again.", "Three.", "Four.")},
        ),
    )
    assert [(one.what, one.before) for one in found.sources] == [("source s2", "not there")]
    # Of s2 one of the two has no text to compare.
    assert [one.what for one in found.inputs["texts"]] == ["text of s1"]
    assert [(one.before, one.now) for one in found.wording] == [
        ("Two <b>.", "Two, again."),
        ("", "Four."),
    ]


def test_the_page_and_the_letter_say_so_and_run_nothing() -> None:
    now = changed(values={**BEFORE.values, "freq.n": "<script>"}, wording={"index.qmd": ("One.",)})
    found = differences(BEFORE, now)
    html = page(BEFORE, now, found, constructed=True)
    assert "<script>" not in html and "&lt;script&gt;" in html and "Invented data" in html
    letter = response(BEFORE, now, found)
    # To be copied into a letter as it stands: nothing but what acts is escaped.
    assert "- freq.n: 3; now \\<script\\>. This can be by" in letter and "was “Two" in letter
    assert "- No change." in letter


@pytest.mark.full("makes the reports of two tags again")
def test_two_tags_are_compared_end_to_end(tiny_copy: Path, tmp_path: Path) -> None:
    """The evidence is in git, as that of the demonstration is; the tables are not."""
    git = ["git", "-C", str(tiny_copy), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    shutil.copy(PROJECT / ".gitignore", tiny_copy)
    subprocess.run([*git, "init", "-q"], check=True)

    def tagged(tag: str) -> None:
        for act in (["add", "-A"], ["commit", "-qm", tag], ["tag", tag]):
            subprocess.run([*git, *act], check=True)

    tagged("submitted")
    coding = tiny_copy / "data/raw/coding/coder A.csv"
    gone = 't2,108,138,design/workshop,A,"Nobody told us what came of it"\n'
    text = coding.read_text(encoding="utf-8")
    assert gone in text
    coding.write_text(text.replace(gone, ""), encoding="utf-8")
    paper = tiny_copy / "reports/index.qmd"
    said = "# Findings {#sec-findings}\n"
    paper.write_text(paper.read_text().replace(said, said + "\nAfter *review*: this.\n"))
    tagged("revised")
    out = tmp_path / "compared"
    asked = ["compare-reports", "--study", str(tiny_copy), "submitted", "revised", str(out)]
    assert main(asked) == 0
    letter = (out / "response.md").read_text(encoding="utf-8")
    assert "design/workshop, coded by A: 5 codings; now 4 (1 gone, 0 new)." in letter
    assert "coding.n_segments: 13; now 12. This can be by: codings (1)." in letter
    assert "index.qmd: now reads “After \\*review\\*: this.”" in letter
    page = (out / "changes.html").read_text(encoding="utf-8")
    assert "Before: submitted. Now: revised." in page and "<td>coding.n_segments</td>" in page


def test_a_study_without_a_report_is_told_before_any_is_made(tmp_path: Path) -> None:
    with pytest.raises(StudyError, match="run make report first"):
        compare_reports(write_tiny_study(tmp_path / "s"), "one", "two", tmp_path / "out")


def test_what_is_neither_report_nor_tag_is_told(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    with (
        pytest.raises(StudyError, match="no tag or commit here"),
        snapshot("no-such-tag", tmp_path),
    ):
        pass
    with pytest.raises(StudyError, match="no tag or commit"), snapshot("--help", tmp_path):
        pass


def test_a_tag_without_evidence_names_the_way(tmp_path: Path) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "params.yml").write_text("a: 1\n")
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "first"], check=True)
    subprocess.run([*git, "tag", "submitted"], check=True)
    with pytest.raises(StudyError, match="make deposit"), snapshot("submitted", tmp_path):
        pass
