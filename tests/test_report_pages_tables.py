from __future__ import annotations

import math
import re
from pathlib import Path

import claims_fixture as made
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.files.problems import StudyError
from analysis.report.evidence_index import Index
from analysis.report.links import Linker
from analysis.report.pages.cards import _expectations, _passages
from analysis.report.pages.tables import (
    _PAGE,
    ON_A_PAGE,
    Table,
    _rooms,
    check_crossed,
    crossed_attributes,
    kept,
    markdown_table,
)
from analysis.study.folder import Study


def people(*counts: tuple[str, str, int]) -> pd.DataFrame:
    rows = [
        (f"{role}-{site}-{number}", "interview", role, site)
        for role, site, count in counts
        for number in range(count)
    ]
    return pd.DataFrame(rows, columns=["case_id", "kind", "role", "site"])


CLAIM, LINKER = made.bare_claim("c"), Linker(Index((), ()))
ENOUGH = people(("one", "north", 5), ("one", "south", 6), ("two", "north", 5), ("two", "south", 7))
FEW = people(("one", "north", 5), ("one", "south", 1))


def test_k_is_the_smallest_group_that_shares_role_and_site(tmp_path: Path) -> None:
    assert "site has 5." in crossed_attributes(ENOUGH, [], 5, tmp_path)
    assert "site has 1." in crossed_attributes(FEW, [], 5, tmp_path)


def test_a_crossing_is_shown_only_when_asked_for_and_every_cell_is_large_enough(
    tmp_path: Path,
) -> None:
    assert "north" not in crossed_attributes(ENOUGH, [], 5, tmp_path)
    assert "| one | 5 | 6 |" in crossed_attributes(ENOUGH, ["role", "site"], 5, tmp_path)
    refused = crossed_attributes(ENOUGH, ["role", "site"], 6, tmp_path)
    assert "fewer than 6" in refused and "| one |" not in refused
    assert "fewer than 5" in crossed_attributes(FEW, ["role", "site"], 5, tmp_path)


@pytest.mark.parametrize(
    ("crossed", "found"),
    [
        (["role", "gendr"], "'gendr', no column of the register"),
        (["rôle", "sight"], "'rôle', 'sight', no column of the register"),
        (["role", "site", "kind"], "'role', 'site', 'kind'"),
        (["role"], "'role'"),
        (["role", "role"], "'role', 'role'"),
    ],
)
def test_what_cannot_be_crossed_is_told(crossed: list[str], found: str) -> None:
    with pytest.raises(StudyError) as caught:
        check_crossed(crossed, ENOUGH)
    (problem,) = caught.value.problems
    assert (problem.where, problem.found) == ("params.yml, crossed_attributes", found)
    assert problem.expected == "none, or two of case_id, kind, role, site"


def test_no_crossing_and_two_columns_are_no_fault() -> None:
    check_crossed([], ENOUGH)
    check_crossed(["site", "role"], ENOUGH)


def test_what_could_not_be_computed_is_told_and_never_a_number() -> None:
    table = pd.DataFrame({"code": ["a", ""], "q": [float("nan")] * 2})
    assert markdown_table(table, {"code": "text", "q": "p"}).splitlines()[2:] == [
        "| a | not defined |",
        "|  | not defined |",
    ]


def test_a_card_shows_counts_where_there_were_too_few_cases_for_more(tmp_path: Path) -> None:
    empty = float("nan")
    shared = {
        "expectation": "e",
        "pattern": "too few cases to compare",
        "against": "a",
        "group": "one",
        "than": "two",
        "claim": "c",
        "codes": "x;y",
        "unit": "passage",
        "n": 1,
        "n_of": 2,
        "than_n": 0,
        "than_of": 1,
        "marked_codes": "",
        "expected": empty,
        "kind_of_source": "interview",
        "q": empty,
        "q_other": empty,
        "counts": "mentioned",
        "cases_not_asked": 0,
        "lower": empty,
        "upper": empty,
        **dict.fromkeys(("n_passages", "n_unjudged"), 0),
        **dict.fromkeys(("n_supports", "n_qualifies", "n_contradicts"), 0),
    }
    kinds = pd.DataFrame([shared | {"kind": kind} for kind in ("contrast", "association")])
    shown = _expectations(CLAIM, kinds, LINKER, tmp_path)
    assert "| one 1 of 2, two 0 of 1" in shown and "| met 1 time in interviews" in shown


# Only what is quoted asks the study.
STUDY = Study(Path(), made.choices())


def test_what_may_not_be_shown_is_not_said_to_be_missing() -> None:
    row = {"source_id": "s1", "passage": 1, "case_id": "a", "rank": 1, "bears": "contradicts"}
    kept = pd.DataFrame([row | {"publishable": False}])
    judged = pd.DataFrame(
        [{"n_searched": 3, "n_carrying": 9, "judges": "A 3", "chosen": "all that carry"}]
    )
    _, supports, _, contradicts = _passages(CLAIM, kept, judged, STUDY, LINKER)
    assert "none found among the 3 of 9 carrying passages that were judged" in supports
    assert contradicts == "**Passages that contradict it** (0 of 1; 1 may not be shown)\n"
    unsearched = judged.assign(n_searched=0)
    assert _passages(CLAIM, kept, unsearched, STUDY, LINKER)[1].endswith("not searched.\n")


@given(
    st.lists(
        st.lists(st.text("ab -", min_size=1, max_size=60), min_size=3, max_size=3),
        min_size=1,
        max_size=6,
    )
)
def test_a_column_has_room_for_its_longest_word_while_the_page_has(rows: list[list[str]]) -> None:
    rooms = _rooms(rows)
    longest = [
        max(len(word) for row in rows for word in re.split(r"\s+|(?<=-)", row[column]))
        for column in range(3)
    ]
    assert all(room >= word for room, word in zip(rooms, longest, strict=True))
    if sum(word + math.ceil(word / 12) + 3 for word in longest) <= _PAGE:
        assert sum(rooms) <= _PAGE


def test_what_is_left_of_the_page_goes_where_it_saves_lines() -> None:
    words = (
        "the effect is at least as large on the other side, so is its whole range, and q is small"
    )
    rooms = _rooms([["kind", "this kind speaks", "n"], ["both ways", words, "1"]])
    # The digit has what its heading takes; no word stands alone beside an empty page.
    assert rooms[2] == 5 and rooms[0] == 12 and 80 < rooms[1] <= 91
    # Three between two columns, and a letter more for each twelve: heads are bold.
    assert _rooms([["kind", "n"], ["contradicts", "1,024"]]) == [15, 9]


def test_of_many_rows_the_first_are_shown_and_all_are_in_the_data(tmp_path: Path) -> None:
    numbers = list(range(ON_A_PAGE + 1_200))
    linked = {"n": [f"[{number}](evidence.html#list=cases)" for number in numbers]}
    table = Table(pd.DataFrame({"n": numbers}), {"n": "count"}, linked)
    lines = table.shown(tmp_path).splitlines()
    assert len(lines) == ON_A_PAGE + 3
    assert lines[-2:] == [
        f"| [{ON_A_PAGE - 1}](evidence.html#list=cases) |",
        "| and 1,200 more, in the download of this table |",
    ]
    held = kept(tmp_path, lines)
    assert held and held[1:] == [[str(number)] for number in numbers]
