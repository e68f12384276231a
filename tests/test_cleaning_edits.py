"""Edits and the map of positions, against a map of single characters built by brute force."""

from __future__ import annotations

import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cleaning.edits import CleanText, Edit, Layer

TEXTS = st.text(alphabet="ab c.\n[é😀", max_size=30)


@st.composite
def layers(draw: st.DrawFn, text: str) -> Layer:
    """Any set of disjoint edits of `text`: replacements, deletions, insertions, touching ones."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    edits = [
        Edit(start, end, draw(st.text(alphabet="xy ", max_size=4)), "why")
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return Layer("any", tuple(edits))


@st.composite
def clean_texts(draw: st.DrawFn) -> CleanText:
    original = text = draw(TEXTS)
    made = []
    for _ in range(draw(st.integers(0, 3))):
        made.append(draw(layers(text)))
        text = made[-1].apply(text)
    return CleanText(original, tuple(made))


@st.composite
def clean_and_span(draw: st.DrawFn) -> tuple[CleanText, int, int]:
    clean = draw(clean_texts())
    start = draw(st.integers(0, len(clean.original)))
    return clean, start, draw(st.integers(start, len(clean.original)))


def origins(clean: CleanText) -> list[frozenset[int]]:
    """For each character of the clean text, the original characters it stands for: brute force."""
    held = [frozenset({place}) for place in range(len(clean.original))]
    for layer in clean.layers:
        after: list[frozenset[int]] = []
        reached = 0
        for edit in layer.edits:
            after += held[reached : edit.start]
            gone = frozenset().union(*held[edit.start : edit.end])
            after += [gone] * len(edit.replacement)
            reached = edit.end
        held = after + held[reached:]
    return held


def in_original(clean: CleanText) -> list[Edit]:
    """All edits, layer after layer, with positions in the original."""
    found = []
    for number, layer in enumerate(clean.layers):
        below = CleanText(clean.original, clean.layers[:number])
        for edit in layer.edits:
            start, end = below.to_original(edit.start, edit.end)
            found.append(Edit(start, end, edit.replacement, edit.reason))
    return found


@given(clean_texts())
def test_text_is_what_slicing_from_the_back_gives(clean: CleanText) -> None:
    text = clean.original
    for layer in clean.layers:
        for edit in reversed(layer.edits):
            text = text[: edit.start] + edit.replacement + text[edit.end :]
    assert clean.text == text


@given(clean_and_span())
def test_to_clean_holds_every_character_that_stands_for_one_of_the_span(
    given_: tuple[CleanText, int, int],
) -> None:
    clean, start, end = given_
    span = set(range(start, end))
    standing = [place for place, held in enumerate(origins(clean)) if held & span]
    found = clean.to_clean(start, end)
    if found is None:
        assert not "".join(clean.text[place] for place in standing).strip()
    else:
        assert 0 <= found[0] < found[1] <= len(clean.text)
        assert not standing or (found[0] <= standing[0] and standing[-1] < found[1])


@given(clean_and_span())
def test_there_and_back_never_leaves_the_words_of_the_span(
    given_: tuple[CleanText, int, int],
) -> None:
    """Back again lies inside the span widened to the edits that it cuts."""
    clean, start, end = given_
    found = clean.to_clean(start, end)
    if found is None:
        return
    back = clean.to_original(*found)
    reach = set(range(start, end))
    for layer_count in range(len(clean.layers), 0, -1):
        for edit in in_original(CleanText(clean.original, clean.layers[:layer_count])):
            if reach & set(range(edit.start, edit.end)):
                reach |= set(range(edit.start, edit.end))
    assert set(range(*back)) <= set(range(min(reach), max(reach) + 1))


@given(clean_and_span())
def test_exact_outside_edits(given_: tuple[CleanText, int, int]) -> None:
    clean, start, end = given_
    held = origins(clean)
    untouched = all(
        sum(held[place] == {position} for place in range(len(held))) == 1
        and not any(position in held[place] and len(held[place]) > 1 for place in range(len(held)))
        for position in range(start, end)
    )
    edits = in_original(clean)
    crossed = any(
        (e.start < end and start < e.end) or start < e.start == e.end < end for e in edits
    )
    if clean.original[start:end].strip() and untouched and not crossed:
        found = clean.to_clean(start, end)
        assert found is not None
        assert clean.text[slice(*found)] == clean.original[start:end]
        assert clean.to_original(*found) == (start, end)


@given(clean_texts(), st.data())
def test_monotone_both_ways(clean: CleanText, data: st.DataObject) -> None:
    for text, carry in ((clean.original, clean.to_clean), (clean.text, clean.to_original)):
        if len(text) < 2:
            continue
        places = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
        outer, inner = (places[0], places[3]), (places[1], places[2])
        found_outer, found_inner = carry(*outer), carry(*inner)
        if found_outer and found_inner and inner[0] < inner[1]:
            assert found_outer[0] <= found_inner[0] and found_inner[1] <= found_outer[1]
        left, right = carry(places[0], places[1]), carry(places[2], places[3])
        if left and right and places[0] < places[1] and places[2] < places[3]:
            assert left[0] <= right[0] and left[1] <= right[1]


@given(clean_texts())
def test_to_original_is_in_order_and_inside(clean: CleanText) -> None:
    for start in range(len(clean.text)):
        for end in range(start, len(clean.text) + 1):
            found = clean.to_original(start, end)
            assert 0 <= found[0] <= found[1] <= len(clean.original)


@given(clean_texts())
def test_stored_and_read_again(clean: CleanText) -> None:
    again = CleanText.from_json(json.loads(json.dumps(clean.as_json())))
    assert again == clean and again.text == clean.text
    assert pickle.loads(pickle.dumps(clean)) == clean


def test_a_hand_made_case() -> None:
    text = "I:  Ask Margaret now\r\n"
    clean = CleanText(
        text,
        (
            Layer("line_ends", (Edit(20, 22, "\n", "line end"),)),
            Layer("white_space", (Edit(2, 4, " ", "white space"), Edit(20, 21, "", "edge"))),
            Layer("pseudonyms", (Edit(7, 15, "[Nurse]", "person"),)),
        ),
    )
    assert clean.text == "I: Ask [Nurse] now"
    assert clean.to_clean(8, 16) == (7, 14)  # the name is the whole replacement
    assert clean.to_clean(10, 12) == (7, 14)  # and so is a part of it
    assert clean.to_clean(17, 20) == (15, 18)
    assert clean.to_clean(20, 22) is None  # the line end was cut off
    assert clean.to_clean(5, 5) is None
    assert clean.to_original(7, 14) == (8, 16)
    assert clean.to_original(15, 18) == (17, 20)
    assert clean.log().to_dict("records") == [
        {"rule": "line_ends", "count": 1, "characters": 2},
        {"rule": "white_space", "count": 2, "characters": 3},
        {"rule": "pseudonyms", "count": 1, "characters": 8},
    ]
    assert clean.replaced("pseudonyms") == [("Margaret", "[Nurse]", "person")]
    assert [(e.start, e.end) for e in in_original(clean)] == [(20, 22), (2, 4), (20, 22), (8, 16)]


def test_what_an_edit_put_in_at_the_edge_of_a_span_stays_outside() -> None:
    clean = CleanText("abcd", (Layer("any", (Edit(2, 2, "XX", "why"),)),))
    assert clean.text == "abXXcd"
    assert clean.to_clean(0, 2) == (0, 2)
    assert clean.to_clean(2, 4) == (4, 6)
    assert clean.to_clean(1, 3) == (1, 5)
    assert clean.to_original(2, 4) == (2, 2)


@pytest.mark.parametrize("edits", [[(2, 1)], [(0, 3), (2, 4)], [(3, 4), (0, 1)]])
def test_edits_that_overlap_or_run_backwards_are_refused(edits: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="overlap"):
        Layer("any", tuple(Edit(start, end, "", "why") for start, end in edits))


def test_edits_and_spans_outside_the_text_are_refused() -> None:
    with pytest.raises(ValueError, match="outside"):
        Layer("any", (Edit(2, 9, "", "why"),)).apply("abc")
    for span in ((-1, 2), (2, 1), (0, 9)):
        with pytest.raises(ValueError, match="outside"):
            CleanText("abc").to_clean(*span)
        with pytest.raises(ValueError, match="outside"):
            CleanText("abc").to_original(*span)


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        '{"layout": 9}',
        '{"layout": 1, "original": "a", "layers": [3]}',
        '{"layout": 1, "original": "a", "layers": [{"rule": "x", "edits": [[0, 9, "", ""]]}]}',
    ],
)
def test_what_is_no_map_is_refused(content: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        CleanText.from_json(json.loads(content))
