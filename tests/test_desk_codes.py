"""Codebook work: codes and spans change together, comments and order stay."""

from __future__ import annotations

from difflib import ndiff
from pathlib import Path

import pytest
from test_desk_ledger import coded, placed, same
from tiny import write_tiny_study

from analysis.claims.reading import read_claims
from analysis.desk import Desk
from analysis.files.problems import StudyError
from analysis.study.choices import read_choices
from analysis.study.codebook import read_codebook

CODEBOOK = """\
# Codes of a tiny study.
codes:

  # ---- what is said of ties
  - name: trust   # the first one
    definition: >-
      A tie that
      carries help.
    include: "said, or: shown"
  - name: measuring
    definition: Counting what is done.

  # ---- what is designed
  - name: design
    usable: false
    definition: Shaping a service.
  - {name} who is heard
    parent: design
    definition: Selection of those who speak.
  - name: workshop
    parent: design
    definition: An event held to shape a service.

# What was changed, and why.
history:
  - date: 2024-01-01
    change: added
    codes: [design/who is heard]
    reason: Said so.
""".replace("{name}", "name:")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    folder = write_tiny_study(tmp_path / "s")
    (folder / "data/raw/codebook.yml").write_text(CODEBOOK, encoding="utf-8")
    return folder


def text_of(study: Path) -> str:
    return (study / "data/raw/codebook.yml").read_text(encoding="utf-8")


def test_a_new_code_stands_below_its_parent_and_nothing_else_moves(study: Path) -> None:
    desk = Desk(study, "A")
    assert desk.codes.new("late: rounds", "design", "What comes after.") == "design/late: rounds"
    assert desk.codes.new("silence", definition="word " * 40) == "silence"
    lines = text_of(study).splitlines()
    at = lines.index('  - name: "late: rounds"')
    assert lines[at - 1 : at + 4] == [
        "    definition: An event held to shape a service.",
        '  - name: "late: rounds"',
        "    parent: design",
        "    definition: What comes after.",
        "    origin: data",
    ]
    assert not [line for line in ndiff(CODEBOOK.splitlines(), lines) if line.startswith("- ")]
    codes = read_codebook(study / "data/raw/codebook.yml").codes.set_index("code")
    assert codes.loc["silence", "definition"] == " ".join(["word"] * 40)
    with pytest.raises(StudyError, match="a name that is free"):
        desk.codes.new("Silence")
    assert desk.undo() == "new code"
    assert "silence" not in text_of(study)
    assert desk.undo() == "new code" and text_of(study) == CODEBOOK


def test_a_rename_goes_wherever_the_code_is_named(study: Path) -> None:
    desk = Desk(study, "A")
    desk.code_words("c1", "We buy outcomes", "design/workshop")
    Desk(study, "C").code_words("t1", "I am paid", "design/who is heard", "mind")
    assert desk.codes.rename("design", "shaping", "said better") == "shaping"
    codes = read_codebook(study / "data/raw/codebook.yml")
    assert {"shaping", "shaping/workshop", "shaping/who is heard"} < set(codes.codes["code"])
    assert list(codes.history["change"]) == ["added", "renamed"]
    assert "# What was changed, and why." in text_of(study)
    assert [one.code for one in desk.own()] == ["shaping/workshop"]
    assert [one.code for one in Desk(study, "C").own()] == ["shaping/who is heard"]
    # Files of other programs keep their names, which are led to the new ones.
    names = read_choices(study / "params.yml").code_names
    assert names["design/workshop"] == "shaping/workshop"
    assert set(placed(study)["code"]) == {
        "trust",
        "measuring",
        "shaping/workshop",
        "shaping/who is heard",
    }
    desk.codes.rename("trust", "a tie", "said better")
    claim = read_claims(
        study / "data/raw/claims.yml", read_codebook(study / "data/raw/codebook.yml").codes
    )[0]
    assert claim.codes == ("a tie",)
    desk.undo()
    desk.undo()
    assert text_of(study) == CODEBOOK
    assert [one.code for one in Desk(study, "C").own()] == ["design/who is heard"]


def test_a_merge_takes_spans_along_and_codes_none_twice(study: Path) -> None:
    desk = Desk(study, "A")
    desk.code_words("c1", "We buy outcomes", "trust", "one")
    desk.code_words("c1", "We buy outcomes", "measuring", "two")
    desk.code_words("t1", "I am paid", "measuring")
    desk.codes.merge("measuring", "trust", "they were never told apart")
    assert [(one.code, one.kept.memo) for one in desk.own()] == [
        ("trust", "one | two"),
        ("trust", ""),
    ]
    assert "measuring" not in set(read_codebook(study / "data/raw/codebook.yml").codes["code"])
    assert "# ---- what is designed" in text_of(study)
    assert set(placed(study)["code"]) == {"trust", "design/workshop", "design/who is heard"}
    desk.undo()
    assert text_of(study) == CODEBOOK and len(desk.own()) == 3


def test_a_move_takes_what_is_beneath_along(study: Path) -> None:
    desk = Desk(study, "A")
    desk.code_words("c1", "We buy outcomes", "trust")
    assert desk.codes.move("trust", "design", "it is made") == "design/trust"
    assert desk.codes.move("design", "measuring", "a try") == "measuring/design"
    assert desk.own()[0].code == "measuring/design/trust"
    assert desk.codes.move("measuring/design/trust", "", "back") == "trust"
    assert desk.own()[0].code == "trust"
    with pytest.raises(StudyError, match="under itself"):
        desk.codes.move("measuring", "measuring/design", "a circle")


def test_after_a_split_every_span_is_read_again(study: Path) -> None:
    desk = Desk(study, "A")
    first = desk.code_words("c1", "We buy outcomes", "measuring")
    second = desk.code_words("c1", "we count them", "measuring")
    new = desk.codes.split(
        "measuring", {"buying": "Paying.", "counting": "Adding up."}, "two things"
    )
    assert new == ["buying", "counting"]
    assert text_of(study).index("buying") < text_of(study).index("counting")
    assert desk.codes.to_reread("measuring") == [first, second]
    desk.recode(first, "buying")
    assert desk.codes.to_reread("measuring") == [second]
    desk.codes.keep(second)
    assert desk.codes.to_reread("measuring") == []
    desk.code_words("t1", "I am paid", "measuring")
    assert desk.codes.to_reread("measuring") == []


def test_a_change_without_a_reason_or_of_nothing_is_refused(study: Path) -> None:
    desk = Desk(study, "A")
    for wrong in (
        lambda: desk.codes.rename("trust", "a tie", " "),
        lambda: desk.codes.rename("none", "a tie", "why"),
        lambda: desk.codes.merge("design", "design/workshop", "why"),
        lambda: desk.codes.new("x", "nowhere"),
        lambda: desk.code_words("c1", "We buy outcomes", "design"),
    ):
        with pytest.raises(StudyError):
            wrong()
    assert text_of(study) == CODEBOOK
    assert not list((study / "data/raw/coding").glob("lab-*"))


def test_a_code_that_somebody_used_meanwhile_stays_in_the_codebook(study: Path) -> None:
    one, other = Desk(study, "A"), Desk(study, "B")
    one.code_words("c1", "We buy outcomes", "trust")
    one.codes.rename("trust", "ties", "said better")
    one.codes.new("kept", definition="Another.")
    other.code_words("c2", "Hours of help", "kept")
    other.code_words("c2", "Families trust", "ties")
    before = text_of(study)
    with pytest.raises(StudyError, match="'kept', coded meanwhile"):
        one.undo()
    assert text_of(study) == before
    other.uncode(next(span.kept for span in other.own("c2") if span.code == "kept"))
    assert one.undo() == "new code"
    with pytest.raises(StudyError, match="'ties', coded meanwhile"):
        one.undo()
    one.codes.rename("ties", "trust", "as it was")
    assert {span.code for desk in (one, other) for span in desk.own()} == {"trust"}


def test_a_study_without_codes_begins_with_one(study: Path) -> None:
    (study / "data/raw/codebook.yml").write_text("# None yet.\ncodes: []\n", encoding="utf-8")
    for path in (study / "data/raw/coding").iterdir():
        path.unlink()
    desk = Desk(study, "A")
    desk.codes.new("trust", definition="A tie.")
    desk.codes.new("broken", "trust")
    desk.code_words("c1", "Trust matters too", "trust/broken")
    assert text_of(study).startswith(
        "# None yet.\ncodes:\n  - name: trust\n    definition: A tie.\n"
    )
    same(coded(desk), placed(study))
