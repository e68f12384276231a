"""The authors' readings: read, signed for what they lean on, and marked when that changes."""

from __future__ import annotations

from pathlib import Path

import claims_fixture as made
import pandas as pd
import pytest

from analysis.files.problems import StudyError
from analysis.report import interpretations as readings
from analysis.study.schemas import columns

CLAIM = made.bare_claim("reach", heading="Reach", sentence="It reaches.")
TEXT = """---
interpretation:
  status: revised
  wording: It spreads sideways.
---

It was said in {{< var freq.tie.sources >}} sources.
"""
LEANED = {
    "claim": {"sentence": "It reaches."},
    "pattern": {"stops-short": "present (3 of 8)"},
    "number": {"freq.tie.sources": "12"},
}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / readings.FOLDER
    folder.mkdir()
    (folder / "reach.qmd").write_text(TEXT, encoding="utf-8")
    return tmp_path


def test_the_front_matter_and_the_numbers_that_the_text_quotes_are_read(reports: Path) -> None:
    found = readings.read(reports, [CLAIM])["reach"]
    assert (found.status, found.wording) == ("revised", "It spreads sideways.")
    assert found.quoted == ("freq.tie.sources",)
    assert readings.standing(reports, found, LEANED).state == readings.UNSIGNED


def test_a_signature_stands_until_something_it_leans_on_changes(reports: Path) -> None:
    found = readings.read(reports, [CLAIM])["reach"]
    readings.sign(reports, found, LEANED, "A and B", "2024-06-03")
    text = (reports / readings.FOLDER / "reach.qmd").read_text(encoding="utf-8")
    assert text.endswith("It was said in {{< var freq.tie.sources >}} sources.\n")
    signed = readings.read(reports, [CLAIM])["reach"]
    assert (signed.signed_by, signed.date) == ("A and B", "2024-06-03")
    assert readings.standing(reports, signed, LEANED).state == readings.SIGNED
    for group, name, new in [
        ("pattern", "stops-short", "present (2 of 8)"),
        ("number", "freq.tie.sources", "11"),
        ("claim", "sentence", "It may reach."),
    ]:
        later = readings.standing(reports, signed, LEANED | {group: {name: new}})
        assert later.state == readings.STALE
        assert later.changes == ((f"{group} {name}", LEANED[group][name], new),)
        assert "authors must re-read" in readings.told(CLAIM, later)
        assert [one.where for one in readings.stale_problems([later])] == [
            "reports/interpretations/reach.qmd"
        ]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("It was said", "It was not said", ("text words",)),
        ("It spreads sideways.", "It spreads.", ("decision wording",)),
        ("status: revised", "status: retained", ("decision status",)),
        ("It was said in", "It was\nsaid  in", ()),
        ("sources.\n", "sources.\n\n<!-- Ask TW. -->\n", ()),
    ],
)
def test_a_signature_covers_the_words_and_the_decision(
    reports: Path, old: str, new: str, changes: tuple[str, ...]
) -> None:
    def read() -> readings.Standing:
        found = readings.read(reports, [CLAIM])["reach"]
        leaned = readings.leaning(
            CLAIM,
            found,
            pd.DataFrame(columns=columns("patterns")),
            pd.DataFrame(columns=columns("examples")),
            made.passages(),
            {},
        )
        if not found.digest:
            readings.sign(reports, found, leaned, "A", "2024-06-03")
            return read()
        return readings.standing(reports, found, leaned)

    assert read().state == readings.SIGNED
    path = readings.path_of(reports, "reach")
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    later = read()
    assert tuple(what for what, _, _ in later.changes) == changes
    assert [one.found.partition(":")[0] for one in readings.stale_problems([later])] == [
        "the text was changed after it was signed"
    ] * bool(changes)


def test_signing_again_leaves_one_signature(reports: Path) -> None:
    for by in ("A", "B"):
        readings.sign(reports, readings.read(reports, [CLAIM])["reach"], LEANED, by, "2024-06-03")
    text = (reports / readings.FOLDER / "reach.qmd").read_text(encoding="utf-8")
    assert text.count("signed_by:") == text.count("digest:") == 1
    assert readings.read(reports, [CLAIM])["reach"].signed_by == "B"


def test_the_old_wording_of_a_revised_claim_is_struck_through(reports: Path) -> None:
    told = readings.told(
        CLAIM, readings.Standing(readings.read(reports, [CLAIM])["reach"], readings.UNSIGNED)
    )
    assert "~~It reaches.~~" in told and "It spreads sideways." in told
    assert "not signed yet" in told


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("other.qmd", TEXT, "no claim other"),
        ("reach.qmd", TEXT.replace("revised", "proven"), "'proven'"),
        ("reach.qmd", TEXT.replace("  wording: It spreads sideways.\n", ""), "no words"),
        ("reach.qmd", TEXT.replace("status", "state"), "a field of this name"),
        ("reach.qmd", TEXT.replace("wording:", "date: 03/06/2024\n  wording:"), "03/06/2024"),
    ],
)
def test_faults_are_told_with_file_and_line(
    reports: Path, name: str, text: str, found: str
) -> None:
    (reports / readings.FOLDER / name).write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match=found) as told:
        readings.read(reports, [CLAIM])
    assert f"reports/interpretations/{name}" in str(told.value)
