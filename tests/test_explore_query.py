"""The query language: read as its rule says, evaluated as sets would be, never as Python."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.explore.query import (
    And,
    Carries,
    CodeNames,
    Near,
    Not,
    Or,
    Query,
    Says,
    asked_of,
    chained,
    codes_of,
    matching,
    parse,
)
from analysis.files.problems import StudyError

CODES = ["trust", "trust/earned", "voice", "voice/heard", "tools/heard", "more/and", "more/it's so"]
NAMES = CodeNames(CODES)
TRUST, EARNED, VOICE = Carries("trust"), Carries("trust/earned"), Carries("voice")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("trust", TRUST),
        ("  earned ", EARNED),
        ("trust/earned", EARNED),
        ("trust & earned", And(TRUST, EARNED)),
        ("trust and earned", And(TRUST, EARNED)),
        ("trust or not earned", Or(TRUST, Not(EARNED))),
        ("trust | earned & voice", Or(TRUST, And(EARNED, VOICE))),
        ("(trust | earned) & voice", And(Or(TRUST, EARNED), VOICE)),
        ("~trust & voice", And(Not(TRUST), VOICE)),
        ("trust & earned & voice", And(And(TRUST, EARNED), VOICE)),
        ("trust near voice", Near(TRUST, VOICE, 4)),
        ("trust near(2) voice & earned", And(Near(TRUST, VOICE, 2), EARNED)),
        ("trust near ( 12 ) voice", Near(TRUST, VOICE, 12)),
        ("trust near (voice)", Near(TRUST, VOICE, 4)),
        ("trust near(0) voice", Near(TRUST, VOICE, 0)),
        ("trust near(9999) voice", Near(TRUST, VOICE, 9999)),
        ("'it''s so'", Carries("more/it's so")),
        ('"it\'s so"', Carries("more/it's so")),
        ("'and'", Carries("more/and")),
        ("voice/heard", Carries("voice/heard")),
        ("=trust", Carries("trust", alone=True)),
        ("~= 'trust' AND Earned", And(Not(Carries("trust", alone=True)), EARNED)),
        ("TRUST OR NOT voice Near(2) earned", Or(TRUST, Near(Not(VOICE), EARNED, 2))),
        ("“it's so” & ‘trust’", And(Carries("more/it's so"), TRUST)),
        ("", None),
    ],
)
def test_a_query_is_read_as_the_rule_says(text: str, meant: Query | None) -> None:
    assert parse(text, NAMES, near=4) == meant


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("trust earned", "operator between two codes"),
        ("trust ~earned", "write & ~"),
        ("heard", "'voice/heard' or 'tools/heard'"),
        ("trsut", "perhaps trust"),
        ("'trust", "not closed"),
        ("(trust", "closing bracket"),
        ("trust)", "character 6"),
        ("trust &", "the end"),
        ("= & trust", "a code after ="),
        ("=~trust", "a code after ="),
        ("near trust", "a code"),
        ("~" * 100 + "trust", "at most 60"),
        ("(" * 5000 + "trust", "at most 5,000"),
        ("__import__('os')", "character 1"),
        ("trust near(99999) voice", "0 to 9999"),
        ("trust near(-1) voice", "0 to 9999"),
        ("trust near( 2.5 ) voice", "0 to 9999"),
    ],
)
def test_what_cannot_be_read_is_told_where(text: str, told: str) -> None:
    with pytest.raises(StudyError) as caught:
        parse(text, NAMES)
    shown = str(caught.value).replace(
        "voice/heard or tools/heard", "'voice/heard' or 'tools/heard'"
    )
    assert told in shown


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=6, unique=True))
def test_every_code_is_written_so_that_it_is_read_back(names: list[str]) -> None:
    codes = [name.replace("/", "∕") for name in names]
    known = CodeNames(codes)
    for code in known.codes:
        assert parse(known.written(code), known) == Carries(code)


def queries() -> st.SearchStrategy[Query]:
    codes = st.builds(Carries, st.sampled_from(CODES), st.booleans())
    return st.recursive(
        codes,
        lambda part: (
            part.map(Not)
            | st.builds(And, part, part)
            | st.builds(Or, part, part)
            | st.builds(Near, part, part, st.integers(0, 4))
        ),
        max_leaves=6,
    )


def written(query: Query) -> str:
    if isinstance(query, Carries):
        return "=" * query.alone + NAMES.written(query.code)
    if isinstance(query, Not):
        return f"~({written(query.of)})"
    sign = {And: "and", Or: "|"}.get(type(query)) or f"near({query.distance})"
    return f"({written(query.left)}) {sign} ({written(query.right)})"


def as_sets(query: Query, carried: list[set[str]], source: list[int]) -> set[int]:
    """The definition, passage by passage."""
    every = set(range(len(carried)))
    if isinstance(query, Carries):
        beneath = "" if query.alone else f"{query.code}/"
        return {
            place
            for place in every
            for code in carried[place]
            if code == query.code or (beneath and code.startswith(beneath))
        }
    if isinstance(query, Not):
        return every - as_sets(query.of, carried, source)
    left, right = (as_sets(one, carried, source) for one in (query.left, query.right))
    if isinstance(query, And):
        return left & right
    if isinstance(query, Or):
        return left | right

    def close(place: int, others: set[int]) -> bool:
        return any(
            abs(place - other) <= query.distance and source[place] == source[other]
            for other in others
        )

    return {place for place in left if close(place, right)} | {
        place for place in right if close(place, left)
    }


@given(
    queries(),
    st.lists(st.tuples(st.integers(0, 2), st.sets(st.sampled_from(CODES))), max_size=12),
)
def test_a_query_finds_what_sets_find(query: Query, rows: list[tuple[int, set[str]]]) -> None:
    rows = sorted(rows, key=lambda row: row[0])
    source, carried = [row[0] for row in rows], [row[1] for row in rows]
    number = np.array(source, dtype=int)
    found = matching(
        query,
        lambda code: np.array(
            [
                any(
                    one == code.code or (one.startswith(f"{code.code}/") and not code.alone)
                    for one in held
                )
                for held in carried
            ],
            dtype=bool,
        ),
        np.searchsorted(number, number),
        np.searchsorted(number, number, side="right"),
    )
    assert set(np.flatnonzero(found)) == as_sets(query, carried, source)


@given(queries())
def test_a_written_query_is_read_back(query: Query) -> None:
    assert parse(written(query), NAMES) == query


def test_a_chain_reads_from_top_to_bottom() -> None:
    terms = [
        ("and", "trust", 1),
        ("or", "voice", 1),
        ("or", "more/and", 1),
        ("not", "trust/earned", 1),
    ]
    text = chained(terms, NAMES)
    assert text == "(trust | voice | 'and') & ~earned"
    either = Or(Or(TRUST, VOICE), Carries("more/and"))
    assert parse(text, NAMES) == And(either, Not(EARNED))
    assert chained([("not", "trust", 1), ("near", "voice", 3)], NAMES) == "~trust near(3) voice"


def test_the_codes_of_a_query_are_named_once_in_order() -> None:
    assert codes_of(parse("voice & (trust | ~voice)", NAMES)) == ["voice", "trust"]


def test_capitals_are_overlooked_only_where_one_code_is_left() -> None:
    names = CodeNames(["Trust", "trust", "voice/Heard"])
    assert names.meant("Trust", "") == "Trust" and names.meant("trust", "") == "trust"
    assert names.meant("VOICE/heard", "") == names.meant("'heard'", "") == "voice/Heard"
    with pytest.raises(StudyError):
        names.meant("TRUST", "")


def test_the_codes_that_answer_are_those_under_no_not() -> None:
    assert asked_of(parse("voice & (=trust | voice) & ~earned", NAMES)) == [
        VOICE,
        Carries("trust", alone=True),
    ]


def test_words_stand_in_double_quotes_beside_codes() -> None:
    names = CodeNames(["trust", "more/it's so", "a b"])
    assert parse('trust & "badge*"', names) == And(Carries("trust"), Says("badge*"))
    assert parse("“the badge”", names) == Says("the badge")
    # A code that can stand in quotes only is meant; one that needs none is said.
    assert parse('"a b"', names) == Carries("a b")
    assert parse('"trust"', names) == Says("trust")
    with pytest.raises(StudyError, match="a word between the quotes"):
        parse('"*"', names)


def test_not_between_two_is_and_not() -> None:
    names = CodeNames(["a", "b"])
    for text in ("a NOT b", "a not b", "a and not b", "a & ~b"):
        assert parse(text, names) == And(Carries("a"), Not(Carries("b")))
