"""Every choice stands in the paper in words, and never a name of a person."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from analysis.claims.sensitivity import CHOSEN
from analysis.report.pages.choices_table import IN_WORDS, NOT_REFLEXIVE, choices_table, varied
from analysis.study.choices import Choices, read_choices, with_choices
from analysis.text.escape import markdown

OWN = read_choices(Path(__file__).parents[1] / "params.yml")


def test_every_choice_has_its_words_and_no_other() -> None:
    assert set(IN_WORDS) == {field.name for field in dataclasses.fields(Choices)}
    shown = choices_table(OWN)
    assert [said for said in IN_WORDS.values() if markdown(said) not in shown] == []
    assert "| none" not in shown and "| Not used |" in shown
    assert "anchor_score" not in shown and "along the words of a source" in shown


def test_names_of_people_are_counted_only() -> None:
    shown = choices_table(with_choices(OWN, coders={"Family, Given": "A"}))
    assert "Family" not in shown and "A&#58; 1 other" in shown


def test_a_reflexive_study_is_told_of_no_agreement() -> None:
    shown = choices_table(with_choices(OWN, approach="reflexive"))
    assert not any(IN_WORDS[name] in shown for name in NOT_REFLEXIVE)
    assert "alpha" not in shown


def test_what_was_chosen_otherwise_is_said_in_words() -> None:
    by_name = {"null": "shift", "unit": "window", "coder": "B", "interviewer_speech": "True"}
    by_name |= {"minimum_words": "5"}
    assert set(by_name) == set(CHOSEN) - {"left_out_case"}
    told = {name: varied(name, value) for name, value in by_name.items()}
    assert not any(name.replace("_", " ") + ":" in said for name, said in told.items())
    assert told["null"] == "rearranged by whole passages, all together"
