"""Words that are nearly a name of the key become candidates before anything is published."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.cleaning.candidates import find_candidates
from analysis.cleaning.near_names import with_near_names
from analysis.cleaning.pseudonyms import Entry, PseudonymKey

KEY = PseudonymKey(
    (
        Entry("Orla Quennell", "[w]", "person", False, 2),
        Entry("Margaret", "[m]", "person", False, 3),
        Entry("Hope", "[h]", "person", True, 4),
        Entry("Thornby", "[t]", "place", False, 5),
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("so Quennel came", [("nearly a name", "Quennel")]),
        ("so Qunenell came", [("nearly a name", "Qunenell")]),
        ("so Quénnel came", [("nearly a name", "Quénnel")]),
        ("so Margret, and Margret", [("nearly a name", "Margret")]),
        ("so Quennell alone", [("part of a name", "Quennell")]),
        ("so O. Q. asked", [("initials of a name", "O. Q.")]),
        ("so OQ asked", [("initials of a name", "OQ")]),
        ("so oq and quennel", []),
        ("Thornbi and Hops", []),
        ("Quenne and Mar", []),
        ("[Quennel] is a mark", []),
        ("her name is Margret", [("name is", "Margret")]),
    ],
)
def test_what_is_near(text: str, expected: list[tuple[str, str]]) -> None:
    found = with_near_names(find_candidates(text), text, KEY)
    assert [(one.cue, one.found) for one in found] == expected
    assert all(text[one.start : one.end] == one.found for one in found)


@given(st.integers(0, 7), st.sampled_from(["drop", "change", "add", "swap"]))
def test_every_name_one_edit_away_is_found(at: int, edit: str) -> None:
    name = "quennell"
    edited = {
        "drop": name[:at] + name[at + 1 :],
        "change": name[:at] + "z" + name[at + 1 :],
        "add": name[:at] + "z" + name[at:],
        "swap": name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
    }[edit].capitalize()
    found = with_near_names([], f"I saw {edited} there", KEY)
    assert [one.found for one in found] == [edited]
