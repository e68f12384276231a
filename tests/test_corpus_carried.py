"""Passages and the codings that touch them, against every pair looked at."""

from __future__ import annotations

import itertools

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from analysis.corpus.carried import touching_pairs

CUTS = st.lists(st.integers(0, 30), max_size=7, unique=True).map(sorted)
SPANS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(0, 32), st.integers(0, 12)), max_size=9
)


@given(st.dictionaries(st.sampled_from("ab"), CUTS, max_size=2), SPANS, st.randoms())
def test_every_pair_that_shares_a_character_and_no_other(
    cuts: dict[str, list[int]], spans: list[tuple[str, int, int]], chance: object
) -> None:
    rows = [
        (name, start, end)
        for name, places in cuts.items()
        for start, end in itertools.pairwise(places)
    ]
    chance.shuffle(rows)  # type: ignore[attr-defined]
    columns = ["source_id", "start", "end"]
    passages = pd.DataFrame(rows, columns=columns)
    codings = pd.DataFrame([(name, at, at + n) for name, at, n in spans], columns=columns)
    found = list(zip(*(each.tolist() for each in touching_pairs(passages, codings)), strict=True))
    expected = {
        (p, c)
        for p, (name, start, end) in enumerate(rows)
        for c, (source, at, n) in enumerate(spans)
        if name == source and max(start, at) < min(end, at + n)
    }
    assert len(found) == len(expected) and set(found) == expected
    for source in "ab":
        places = [rows[p][1] for p, _ in found if rows[p][0] == source]
        assert places == sorted(places)
