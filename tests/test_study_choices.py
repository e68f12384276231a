from __future__ import annotations

import dataclasses
import datetime
from pathlib import Path

import pytest
import yaml

from analysis.files.problems import StudyError
from analysis.study.choices import (
    Choices,
    check_choices,
    read_choices,
    with_choices,
)

PROJECT = Path(__file__).resolve().parents[1]


@pytest.fixture
def given() -> dict[str, object]:
    return yaml.safe_load((PROJECT / "params.yml").read_text())


def test_the_projects_own_choices_are_complete() -> None:
    assert isinstance(read_choices(PROJECT / "params.yml"), Choices)


def test_every_choice_has_a_comment() -> None:
    lines = (PROJECT / "params.yml").read_text().splitlines()
    names = {field.name for field in dataclasses.fields(Choices)}
    block_commented, uncommented = False, []
    for line in lines:
        if line.startswith("#"):
            block_commented = not line.startswith("# ---")
        elif not line.strip():
            block_commented = False
        elif line.split(":")[0].strip('"') in names and not block_commented:
            uncommented.append(line)
    assert uncommented == []


def test_all_faults_are_told_at_once(given: dict[str, object]) -> None:
    given |= {"unit": "sentense", "window": "three", "seeed": 4}
    del given["coder"]
    with pytest.raises(StudyError) as caught:
        check_choices(given, "params.yml")
    wheres = {problem.where for problem in caught.value.problems}
    assert wheres == {
        "params.yml, unit",
        "params.yml, window",
        "params.yml, seeed",
        "params.yml, coder",
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("seed", True),
        ("seed", 1.5),
        ("cleaning", "unicode"),
        ("coders", {"a": 1}),
        ("interviewer_speech", "perhaps"),
        ("resamples", 0),
        ("null", "random"),
        ("window", 0),
        ("window", 1_000_000_000),
        ("resamples", "1000000000"),
        ("resamples", "1e9"),
        ("seed", -1),
        ("extract_share", ".nan"),
        ("extract_share", float("nan")),
        ("smallest_difference", ".inf"),
        ("smallest_difference", float("inf")),
        ("rearranged_share", 1.01),
        ("discuss_below", "-2"),
        ("anchor_score", 101),
        ("alternative_minimum_words", [0, -5]),
        ("alternative_units", ["passage", "sentense"]),
        ("coder", " "),
    ],
)
def test_a_value_of_the_wrong_type_is_refused(
    given: dict[str, object], name: str, value: object
) -> None:
    with pytest.raises(StudyError):
        check_choices(given | {name: value}, "params.yml")


HOSTILE = {
    "huge": 10**30,
    "negative": -(10**9),
    "not a number": float("nan"),
    "endless": float("inf"),
    "nothing": None,
    "date": datetime.date(2020, 1, 1),
    "bytes": b"\xff",
    "long": "9" * 6_000,
    "many": ["passage"] * 200_000,
    "deep": {"a": {"b": {"c": 1}}},
    "a list of nothing": [None],
}


def test_every_choice_refuses_what_could_hang_a_stage_or_switch_a_rule_off(
    given: dict[str, object],
) -> None:
    taken, told_at_length = [], []
    for field in dataclasses.fields(Choices):
        for what, value in HOSTILE.items():
            try:
                check_choices(given | {field.name: value}, "params.yml")
                taken.append((field.name, what))
            except StudyError as error:
                if len(str(error)) > 600:
                    told_at_length.append((field.name, what))
    assert taken == [] and told_at_length == []


@pytest.mark.parametrize("name", ["coder", "cleaning"])
def test_a_name_stands_on_one_line(given: dict[str, object], name: str) -> None:
    value: object = "A\nB" if name == "coder" else ["A\nB"]
    with pytest.raises(StudyError, match=name):
        check_choices(given | {name: value}, "params.yml")


def test_other_choices_leave_the_first_ones_alone() -> None:
    first = read_choices(PROJECT / "params.yml")
    second = with_choices(first, unit="window", window=2)
    assert (second.unit, second.window) == ("window", 2)
    assert first.unit != "window"
    with pytest.raises(StudyError, match="wndow"):
        with_choices(first, wndow=2)


@pytest.mark.parametrize("text", ["", "- a\n- b\n", "a: [", "\xff"])
def test_an_unreadable_file_is_one_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "params.yml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(StudyError, match=r"params\.yml"):
        read_choices(path)
    path.unlink()
    with pytest.raises(StudyError, match="no such file"):
        read_choices(path)


def test_a_file_of_choices_is_told_with_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "params.yml"
    good = (PROJECT / "params.yml").read_text()
    line = good[: good.index("\nunit:")].count("\n") + 2

    def faults(content: bytes) -> list[str]:
        path.write_bytes(content)
        with pytest.raises(StudyError) as caught:
            read_choices(path)
        return [f"{one.where}: {one.found}" for one in caught.value.problems]

    assert faults(good.replace("unit: passage", "unit: sentense", 1).encode()) == [
        f"params.yml, line {line}, unit: 'sentense'"
    ]
    twice = faults(f"{good}seed: 1\n".encode())
    assert [f"line {good.count(chr(10)) + 1}, seed" in one for one in twice] == [True]
    assert "line 2: bytes that are not UTF-8" in faults(b"# \nunit: \xe9\n")[0]
    assert "params.yml, line 2" in faults(b"unit: a\nwindow: : b\n")[0]


@pytest.mark.parametrize("value", ["2024-02-30", "!!int three", "!theirs 3", "{[a]: b}"])
def test_a_value_that_is_not_what_it_is_marked_as_is_no_crash(tmp_path: Path, value: str) -> None:
    params = tmp_path / "params.yml"
    text = (PROJECT / "params.yml").read_text()
    params.write_text(text.replace("seed: 20240601", f"seed: {value}"))
    with pytest.raises(StudyError) as caught:
        read_choices(params)
    assert caught.value.problems[0].where.startswith("params.yml")


def test_no_choice_takes_a_number_without_end(given: dict[str, object]) -> None:
    numbers = [name for name, value in given.items() if type(value) in (int, float)]
    for name in numbers:
        for value in ("1" + "0" * 30, "-" + "1" + "0" * 30, ".nan", "nan", "inf", "-.inf", "1e400"):
            with pytest.raises(StudyError, match=name):
                check_choices(given | {name: value}, "params.yml")
    assert len(numbers) > 10


def test_words_stay_as_they_are_written(tmp_path: Path) -> None:
    path = tmp_path / "params.yml"
    text = (PROJECT / "params.yml").read_text()
    text = text.replace("coder: A", "coder: 1.10").replace(
        "coders: {}", "coders: {0123: no, 12:30: yes}"
    )
    text = text.replace("interviewer_speech: false", "interviewer_speech: no")
    path.write_text(text.replace('"null": words', "null: shift"))
    read = read_choices(path)
    assert (read.coder, read.coders) == ("1.10", {"0123": "no", "12:30": "yes"})
    assert (read.interviewer_speech, read.null) == (False, "shift")
