"""Texts composed of quotations: every row has a place, and there its own words stand."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.coding.project import quotations_table
from analysis.lifecycle.begin.composed import compose

WORDS = ["Yes.", "No.", "the kettle sang all night long.", "Ah, the kettle sang all night long."]


def table(rows: list[tuple[str, str, str, str]]) -> pd.DataFrame:
    """Rows of (segment, quote, code, coder)."""
    return quotations_table(
        ("D1", number, segment, quote, code, coder, "")
        for number, (segment, quote, code, coder) in enumerate(rows)
    )


rows = st.tuples(
    st.sampled_from(["", "1", "2", "3"]),
    st.sampled_from(WORDS),
    st.sampled_from("ab"),
    st.sampled_from("AB"),
)


@given(st.lists(st.lists(rows, max_size=8), min_size=1, max_size=3))
def test_every_row_has_its_words_and_no_two_codings_fall_together(
    exports: list[list[tuple[str, str, str, str]]],
) -> None:
    tables = [table(one) for one in exports]
    composed = compose(list(enumerate(tables)))
    for number, one in enumerate(tables):
        keys = set()
        for at, row in one.iterrows():
            span = composed.spans[number, int(str(at))]
            assert composed.text[slice(*span)] == row["quote"]
            keys.add((*span, row["code"], row["coder"]))
        assert len(keys) == len(one)


def test_one_place_for_each_id_and_for_the_same_words_in_two_exports() -> None:
    one = table([("7", "Yes.", "a", "A"), ("7", "Yes.", "b", "A"), ("8", "Yes.", "a", "A")])
    other = table([("1", "Yes.", "a", "B")])
    spans = compose([(0, one), (1, other)]).spans
    assert spans[0, 0] == spans[0, 1] == spans[1, 0]
    assert spans[0, 2] != spans[0, 0]


def test_a_passage_within_a_passage_stands_there_and_a_short_one_does_not() -> None:
    composed = compose([(0, table([("1", WORDS[2], "a", "A"), ("2", WORDS[3], "a", "A")]))])
    inner, outer = composed.spans[0, 0], composed.spans[0, 1]
    assert outer[0] < inner[0] < inner[1] <= outer[1]
    assert composed.text.count("kettle") == 1
    short = compose([(0, table([("1", "Yes.", "a", "A"), ("2", "Yes. Nobody minded.", "a", "A")]))])
    assert short.text.count("Yes.") == 2


def test_rows_without_words_have_no_place() -> None:
    composed = compose([(0, table([("1", " ", "a", "A")]))])
    assert (composed.text, composed.spans) == ("", {})
