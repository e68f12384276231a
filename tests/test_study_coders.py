from __future__ import annotations

import pandas as pd

from analysis.study.coders import chosen_codings, most_first

CODINGS = pd.DataFrame(
    [("s1", 0, "A"), ("s1", 0, "B"), ("s1", 5, "B"), ("s2", 0, "A"), ("s3", 0, "C")],
    columns=["source_id", "start", "coder"],
)


def chosen(coder: str) -> list[tuple[str, int, str]]:
    return [tuple(row) for row in chosen_codings(CODINGS, coder, "A").to_numpy()]


def test_the_headline_coder_counts_alone() -> None:
    assert chosen("A") == [("s1", 0, "A"), ("s2", 0, "A")]


def test_another_coder_counts_where_they_coded_and_the_headline_elsewhere() -> None:
    assert chosen("B") == [("s1", 0, "B"), ("s1", 5, "B"), ("s2", 0, "A")]


def test_who_coded_most_is_first_and_of_equals_the_first_by_name() -> None:
    assert most_first("BCABAD") == ["A", "B", "C", "D"]
    assert most_first("DDC") == ["D", "C"]
    assert most_first([]) == []
