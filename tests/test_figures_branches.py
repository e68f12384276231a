"""Trees as they are drawn: stretches lie within those above them, branches beside their own."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.explore.wording import tree
from analysis.figures import draw, tree_of_codes, word_tree

SEGMENTS = {"a": 6, "a/b": 2, "a/b/c": 1, "a/d": 3, "e": 4}


def test_a_code_lies_beside_those_beneath_it_and_is_as_high_as_it_is_used() -> None:
    counted = pd.DataFrame({"code": list(SEGMENTS), "segments": list(SEGMENTS.values())})
    drawn = tree_of_codes(counted).data.set_index("code")
    heights = drawn["bottom"] - drawn["top"]
    assert heights.to_dict() == SEGMENTS
    for code in SEGMENTS:
        above = code.rpartition("/")[0]
        assert drawn.loc[code, "depth"] == code.count("/")
        if above:
            assert drawn.loc[above, "top"] <= drawn.loc[code, "top"]
            assert drawn.loc[code, "bottom"] <= drawn.loc[above, "bottom"]
    beside = drawn.groupby("depth")[["top", "bottom"]].agg(list)
    for tops, bottoms in beside.itertuples(index=False):
        assert all(bottom <= top for bottom, top in zip(bottoms, tops[1:], strict=False))


@given(
    st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=3), min_size=1, max_size=80),
    st.booleans(),
)
def test_branches_part_where_speech_does(said: list[list[str]], before: bool) -> None:
    side = "left" if before else "right"
    found = pd.DataFrame({side: [" ".join(words) for words in said]})
    drawn = word_tree(tree(found, side, 3), "and", before=before).data
    ends = [
        path for path in drawn["path"] if path not in {one[:-1] for one in drawn["path"] if one}
    ]
    assert len(ends) <= 30 and drawn["path"].is_unique
    places = dict(zip(drawn["path"], zip(drawn["x"], drawn["y"], strict=True), strict=True))
    for path, (x, y) in places.items():
        own = [places[one] for one in places if one and one[:-1] == path]
        if own:
            assert y == pytest.approx(sum(height for _, height in own) / len(own))
            assert all((further < x) == before for further, _ in own)
    # Nothing stands on anything else.
    assert len(set(places.values())) == len(places)


def test_both_are_drawn_and_say_where_there_is_nothing() -> None:
    none = pd.DataFrame(columns=["words", "depth", "count", "share", "code", "segments"])
    for plot in (tree_of_codes(none), word_tree(none, "x", before=False)):
        assert b"</svg>" in draw(plot, 4, 3, constructed=True).svg
