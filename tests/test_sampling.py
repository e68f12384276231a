"""Samples drawn by a design that can be drawn again, recorded, and told from ones put together."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.files.problems import StudyError
from analysis.sampling.design import AT_LEAST, allocated, drawn, frame_of, number_of, ranks
from analysis.sampling.recorded import draw, read_design, read_sample

SOURCES = pd.DataFrame(
    {
        "source_id": [f"s{number}" for number in range(60)],
        "case_id": [f"c{number // 2}" for number in range(60)],
        "kind": ["document"] * 40 + ["interview"] * 20,
        "role": ["parent"] * 30 + ["teacher"] * 30,
    }
)


def recorded(
    raw: Path, sources: pd.DataFrame = SOURCES, size: int = 12, seed: int = 7
) -> list[str]:
    how = {"strata": ("role",), "kinds": (), "seed": seed, "on": "2024-05-02"}
    return list(draw(raw, sources, size=size, **how).case_ids)


def test_every_case_is_drawn_as_often_as_stated() -> None:
    frame = pd.Series("all", index=[f"c{number}" for number in range(20)])
    taken = Counter(case for seed in range(500) for case in drawn(frame, seed, {"all": 5}))
    # 500 draws of probability a quarter: 125, with a standard deviation of 9.7.
    assert all(abs(taken[case] - 125) < 4.5 * 9.7 for case in frame.index)


def test_two_cases_are_drawn_together_as_often_as_by_lot() -> None:
    frame = pd.Series("all", index=[f"c{number}" for number in range(8)])
    together = sum({"c1", "c6"} <= set(drawn(frame, seed, {"all": 4})) for seed in range(700))
    # 4 of 8 at a time: 3/14 of the draws have both; standard deviation 10.9.
    assert abs(together - 700 * 3 / 14) < 4.5 * 10.9


@settings(max_examples=30)
@given(
    st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 50), min_size=1), st.integers(1, 99)
)
def test_allocation_is_in_proportion_and_whole(cases: dict[str, int], size: int) -> None:
    given_to = allocated(cases, size)
    total, size = sum(cases.values()), min(size, sum(cases.values()))
    for name, count in cases.items():
        assert min(AT_LEAST, count) <= given_to[name] <= count
        assert (
            given_to[name] == min(AT_LEAST, count) or abs(given_to[name] - size * count / total) < 1
        )


def test_whatever_part_of_the_order_is_read_is_the_first_of_each_stratum() -> None:
    frame = frame_of(SOURCES, ["role"])
    order, place = drawn(frame, 3, {"parent": 8, "teacher": 8}), ranks(frame, 3)
    for length in range(1, 17):
        for stratum in ("parent", "teacher"):
            read = sorted(place[case] for case in order[:length] if frame[case] == stratum)
            assert read == list(range(len(read)))
        assert abs(2 * sum(frame[case] == "parent" for case in order[:length]) - length) <= 1


def test_the_order_of_the_register_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    recorded(tmp_path / "a")
    recorded(tmp_path / "b", SOURCES.sample(frac=1, random_state=1).reset_index(drop=True))
    for name in ("sample.csv", "sample.yml"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_a_sample_is_read_as_it_was_drawn(tmp_path: Path) -> None:
    cases = recorded(tmp_path)
    found = read_sample(tmp_path, SOURCES)
    assert list(found.case_ids) == cases
    assert found.design == read_design(tmp_path)
    assert found.design.probability("parent") == 6 / 15
    rows = list(csv.DictReader((tmp_path / "sample.csv").open()))
    assert {row["source_id"] for row in rows} == set(
        SOURCES.loc[SOURCES["case_id"].isin(cases), "source_id"]
    )


def test_a_sample_grows_and_keeps_what_it_had(tmp_path: Path) -> None:
    before = recorded(tmp_path)
    after = recorded(tmp_path, size=20)
    assert len(after) == 20 and set(before) < set(after)
    assert after[: len(before)] == before
    for other in ({"seed": 8}, {"size": 10}):
        with pytest.raises(StudyError, match="the same design"):
            recorded(tmp_path, **{"size": 20, **other})


def test_a_case_that_leaves_takes_none_with_it(tmp_path: Path) -> None:
    cases = recorded(tmp_path)
    left = SOURCES[SOURCES["case_id"] != cases[3]]
    assert list(read_sample(tmp_path, left).case_ids) == cases[:3] + cases[4:]


@pytest.mark.parametrize("change", ["swapped", "taken out", "put in", "moved", "came since"])
def test_a_sample_put_together_by_hand_is_refused(tmp_path: Path, change: str) -> None:
    cases = recorded(tmp_path)
    sources, path = SOURCES, tmp_path / "sample.csv"
    rows = list(csv.DictReader(path.open()))
    stranger = next(
        case
        for case in frame_of(SOURCES, ["role"]).index
        if case not in cases and int(case[1:]) < 15
    )
    role = dict(zip(SOURCES["case_id"], SOURCES["role"], strict=True))
    parent = next(case for case in cases if role[case] == "parent")
    if change == "swapped":
        rows = [row | {"case_id": stranger} if row["case_id"] == parent else row for row in rows]
    elif change == "taken out":
        rows = [row for row in rows if row["case_id"] != parent]
    elif change == "put in":
        rows.append(rows[0] | {"case_id": stranger, "stratum": "parent"})
    elif change == "moved":
        rows = [row | {"stratum": "teacher"} if row["case_id"] == parent else row for row in rows]
    else:
        new = min((f"new{number}" for number in range(99)), key=lambda case: number_of(7, case))
        one = {"source_id": new, "case_id": new, "kind": "document", "role": "parent"}
        sources = pd.concat([SOURCES, pd.DataFrame([one])], ignore_index=True)
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(StudyError, match=r"sample\.csv"):
        read_sample(tmp_path, sources)


def test_what_cannot_be_drawn_is_told(tmp_path: Path) -> None:
    how = {"size": 4, "seed": 1, "on": "2024-05-02"}
    with pytest.raises(StudyError, match="no column town"):
        draw(tmp_path, SOURCES, strata=("town",), kinds=(), **how)
    with pytest.raises(StudyError, match="no kind letter"):
        draw(tmp_path, SOURCES, strata=(), kinds=("letter",), **how)
    with pytest.raises(StudyError, match="cases in two strata: c0"):
        draw(tmp_path, SOURCES, strata=("source_id",), kinds=(), **how)
    with pytest.raises(StudyError, match="no source to draw from"):
        draw(tmp_path, SOURCES, strata=(), kinds=("observation",), **how)
    with pytest.raises(StudyError, match="no such file"):
        read_sample(tmp_path, SOURCES)
