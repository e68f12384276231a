"""The screen passes over no name and no identifier: what it lets the gate search is all there is."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from test_cleaning_identifiers import SHAPES

from analysis.cleaning.identifiers import find_identifiers
from analysis.cleaning.pseudonyms import Entry, PseudonymKey
from analysis.file_text import Piece
from analysis.report.gate import gate_search
from analysis.report.gate.gate_search import Search, Sought
from analysis.report.gate.screen import Screen, Worth
from analysis.report.gate.withheld import Withheld

NAMES = ("Zoë Quill", "Siobhán", "Anne-Marie", "O'Rourke", "J.K. Tarn", "St. Ives", "Grace", "AR")
KEY = PseudonymKey(
    tuple(
        Entry(name, "[n]", "person", name == "Grace", line)
        for line, name in enumerate(NAMES, start=2)
    )
)
WRITTEN = [
    *("Zoe", "Zo\u00eb", "Zo", "e", "Quill", "QUILL", "Siob", "h\u00e1n", "han", "Anne", "Marie"),
    *("anne_marie", "O\u2019", "Rourke", "o'rourke", "J", ".K.", "Tarn", "St", "St.", "Ives"),
    *("Grace", "grace", "AR", "ar", "the", "said", "Mr", "7", "AnneMarie", "JKTarn", "siobhan's"),
]
BETWEEN = [
    *(" ", " ", "-", "-\n", "\u00ad\n", "\u00ad", "\n", "  ", "\t", ".", "'", "/", "#", "@", "_"),
    *("\u200b", "\u2063", "\u0301", "<b>", "</b>", "<b >", "\u2010 \n", "- - ", ": ", "\n3\n"),
    *("\n00:01 --> 00:02\n", "", "\u202e", "(", ")", ", ", "\ufb03", "1", "\u00a0", "+"),
]
PLACES = ["text", "text", "text near #a", "entry", "attribute title", "row 3", "comment", "script"]
texts = st.lists(st.sampled_from([*WRITTEN, *BETWEEN]), min_size=1, max_size=9).map("".join)
pieces = st.lists(st.builds(Piece, st.sampled_from(PLACES), texts), max_size=8)


def found_in(given_pieces: list[Piece]) -> dict[object, tuple[str, int]]:
    found = Search("page.html", Sought(KEY)).all_of(given_pieces)
    return {kind: (finds.place, finds.count) for kind, finds in found.items()}


@given(pieces)
@example([Piece("text", "anne_marie\u200bZoe")])
@settings(max_examples=4 * settings().max_examples)
def test_the_gate_finds_the_same_names_as_if_it_searched_everything(
    given_pieces: list[Piece],
) -> None:
    screened = found_in(given_pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            Screen, "worth_of", lambda self, spoken: Worth(*[[*range(len(spoken.texts))]] * 2)
        )
        assert screened == found_in(given_pieces)


QUIET = "and so the two of them would not be co-opted, she said: we're the people it's for. St. J.5"
SAID = st.lists(
    st.sampled_from(
        [*QUIET.split(), *BETWEEN, "co-", "opted,", "the", "of", "we\u2019re", "said:"]
    ),
    max_size=12,
).map(" ".join)
RUNS = st.integers(0, 14).map(lambda at: " ".join(QUIET.split()[at : at + 7]))
quoting = st.lists(
    st.builds(
        Piece, st.sampled_from(PLACES), SAID | RUNS | st.tuples(SAID, RUNS, SAID).map("".join)
    ),
    max_size=5,
)


@given(quoting)
@settings(max_examples=2 * settings().max_examples)
def test_withheld_words_are_found_as_if_everything_were_searched(
    given_pieces: list[Piece],
) -> None:
    sought = Sought(PseudonymKey(()), Withheld.of({"a": QUIET}, []))
    screened = Search("page.html", sought).all_of(given_pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Screen, "may_quote", lambda self, texts: True)
        assert screened == Search("page.html", sought).all_of(given_pieces)


IDENTIFIERS = [
    *("jo@x.example", "jo (at) x.org", "jo @ gmail.com", "jo at gmail dot com", "07700 900123"),
    *("+44 7700 900123", "(01632) 960 123", "943 476 5919", "QQ 12 34 56 C", "LS6 2AB", "ls6 2ab"),
    *(
        "AB12 CDE",
        "car ABC 123D",
        "reg A123 BCD",
        "born on 1 May 1985",
        "DOB 1/5/85",
        "d. o. b 1.5.85",
    ),
    *("sort code 04-00-04", "account 1234 5678", "passport 123456789", "4111 1111 1111 1111"),
    *("192.168.10.24", "fe80::1ff:fe23:4567:890a", "aa:bb:cc:dd:ee:ff", "@orrin_vale", "t.me/jov"),
    *("insta is jo.vale9", "https://x.org/staff/jane-young", "www.x.org/~jo", "VALE9 657054 O99AB"),
    *("GB29 NWBK 6016 1331 9268 19", "(212) 555-0123", "447700900123", "b. 12/03/1985", "GIR 0AA"),
]
numbers = st.lists(
    st.sampled_from([*IDENTIFIERS, " ", ", ", "\u200b", "\u00ad", ":", "Tel:", "(", ")", "the"])
    | st.text(alphabet="abAB019 .@/-+()", max_size=8),
    max_size=5,
).map(" ".join)


@given(numbers)
@settings(max_examples=4 * settings().max_examples)
def test_no_identifier_stands_where_the_screen_sees_none(text: str) -> None:
    plain = gate_search._plain(Piece("text", text)).text
    if find_identifiers(plain):
        assert Screen(KEY).worth([text]).identifiers == [0], text
        assert gate_search._identifiers_in(plain)[1], text


def test_each_shape_is_seen() -> None:
    screen = Screen(KEY)
    seen = [
        written
        for written in [*IDENTIFIERS, *SHAPES]
        if screen.worth(["nothing", written]).identifiers == [1]
        and gate_search._identifiers_in(written)[1]
    ]
    assert seen == [*IDENTIFIERS, *SHAPES]


def test_a_word_is_judged_once_for_all_pages() -> None:
    screen = Screen(KEY)
    assert screen.worth(["Siobhan came", "so we went"]) == Worth([0], [])
    known = set(screen._known)
    assert screen.worth(["so we went", "went Siobhan"]) == Worth([1], [])
    assert screen._known == known
