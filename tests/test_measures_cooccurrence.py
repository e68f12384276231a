from __future__ import annotations

import itertools

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_tables import coded_texts, codings_of, passages_of

from analysis.corpus import COUNTED_VOICES, Corpus, Unit
from analysis.measures.cooccurrence import (
    by_unit,
    cooccurrence,
    cooccurrence_test,
    graphml,
    network,
)
from analysis.measures.pairs import overlap_counts
from analysis.text.words import word_spans

Drawn = tuple[pd.DataFrame, pd.DataFrame]


def presence(*sources: list[tuple[int, ...]], names: str = "ab") -> Drawn:
    """Return codings and passages in which each passage carries the codes marked 1."""
    passages, rows = [], []
    for number, units in enumerate(sources):
        for place, marks in enumerate(units):
            passages.append((f"s{number}", "xx"))
            rows += [
                (f"s{number}", 3 * place, 3 * place + 2, name)
                for name, mark in zip(names, marks, strict=True)
                if mark
            ]
    return codings_of(*rows), passages_of(*passages)


def pair(table: pd.DataFrame, a: str = "a", b: str = "b") -> pd.Series:
    return table[(table["code_a"] == a) & (table["code_b"] == b)].iloc[0]


def test_one_quotation_over_three_exceeds_one() -> None:
    codings = codings_of(("s", 0, 30, "a"), ("s", 0, 5, "b"), ("s", 6, 9, "b"), ("s", 20, 31, "b"))
    row = pair(cooccurrence(Corpus(codings=codings), "overlap"))
    assert row[["n_a", "n_b", "n_ab", "c_coefficient", "c_above_1"]].tolist() == [
        1,
        3,
        3,
        3.0,
        True,
    ]


def test_manual_example() -> None:
    """ATLAS.ti manual: 5 / (100 + 10 - 5) = .048."""
    rows = [("s", 10 * n, 10 * n + 5, "a") for n in range(100)]
    rows += [("s", 10 * n, 10 * n + 5, "b") for n in range(5)]
    rows += [("s", 10 * n + 6, 10 * n + 8, "b") for n in range(5)]
    row = pair(cooccurrence(Corpus(codings=codings_of(*rows)), "overlap"))
    assert row["c_coefficient"] == pytest.approx(0.048, abs=5e-4)
    assert not row["c_above_1"]


def test_every_measure_of_one_two_by_two_table() -> None:
    units = [(1, 1)] * 12 + [(1, 0)] * 8 + [(0, 1)] * 5 + [(0, 0)] * 75
    row = pair(cooccurrence(*_with(presence(units), "passage")))
    expected = {
        "jaccard": 0.48,
        "dice": 0.6486486,
        "lift": 3.5294118,
        "npmi": 0.594799,
        "phi": 0.572367,
        "odds_ratio": 22.5,
        "n_units": 100,
    }
    assert row[list(expected)].to_dict() == pytest.approx(expected, abs=1e-5)


def _with(drawn: Drawn, unit: Unit) -> tuple[Corpus, Unit]:
    return Corpus(passages=drawn[1], codings=drawn[0]), unit


def test_edges_of_the_coefficients() -> None:
    never = pair(cooccurrence(*_with(presence([(1, 0), (0, 1), (0, 0)]), "passage")))
    assert never["npmi"] == -1
    assert never["odds_ratio"] == pytest.approx(0.5 * 1.5 / (1.5 * 1.5))
    always = pair(cooccurrence(*_with(presence([(1, 1), (1, 1)]), "passage")))
    assert always["npmi"] == 1
    assert np.isnan(always["phi"])
    unused = pair(cooccurrence(*_with(presence([(1, 0)]), "passage"), codes=["a", "b"]))
    assert unused[["n_a", "n_b", "n_ab"]].tolist() == [1, 0, 0]
    assert unused[["lift", "npmi", "phi", "odds_ratio"]].isna().all()
    assert unused[["c_coefficient", "jaccard", "dice"]].tolist() == [0, 0, 0]


def test_two_codes_carried_on_together_meet_nowhere_anew() -> None:
    """After both, two passages with neither: a window's table once had less than nobody in it."""
    codings, passages = presence([(1, 1), (0, 0), (0, 0)])
    row = pair(cooccurrence(Corpus(passages=passages, codings=codings), "window", 3))
    assert row[["n_a", "n_b", "n_ab", "n_units"]].tolist() == [1, 1, 1, 3]
    assert row["phi"] == pytest.approx(1)
    assert row["odds_ratio"] == pytest.approx(1.5 * 2.5 / (0.5 * 0.5))


def test_codes_that_two_coders_put_apart_have_no_table() -> None:
    passages = passages_of(("s", "xx"), ("s", "xx"), ("s", "xx"))
    codings = codings_of(
        ("s", 0, 2, "a", "A"), ("s", 0, 2, "b", "B"), ("s", 3, 5, "a", "A"), ("s", 3, 5, "b", "A")
    )
    row = pair(cooccurrence(Corpus(passages=passages, codings=codings), "passage"))
    assert row[["n_a", "n_b", "n_ab", "n_units"]].tolist() == [2, 2, 1, 3]
    assert np.isnan([row["phi"], row["odds_ratio"]]).all()
    row = pair(
        cooccurrence(Corpus(passages=passages, codings=codings), "passage", within_coder=False)
    )
    assert (row["n_ab"], row["phi"]) == (2, pytest.approx(1))


def test_moving_window_published() -> None:
    """Epistemic network analysis, window 2: A / B,C / A / C / B (ena-python, from rENA)."""
    lines = [(1, 0, 0), (0, 1, 1), (1, 0, 0), (0, 0, 1), (0, 1, 0)]
    codings, passages = presence(lines, names="ABC")
    table = cooccurrence(Corpus(passages=passages, codings=codings), "window", 2)
    assert dict(zip(table["code_a"] + table["code_b"], table["n_ab"], strict=True)) == {
        "AB": 2,
        "AC": 3,
        "BC": 2,
    }


def test_parent_and_own_child_are_no_pair() -> None:
    codings = codings_of(
        ("s", 0, 5, "p"), ("s", 0, 5, "p/c"), ("s", 0, 5, "p/c/d"), ("s", 0, 5, "q")
    )
    table = cooccurrence(Corpus(codings=codings), "overlap")
    # Nothing is rolled up, so a code and its parent's parent are two judgements: a pair.
    assert set(zip(table["code_a"], table["code_b"], strict=True)) == {
        ("p", "p/c/d"),
        ("p", "q"),
        ("p/c", "q"),
        ("p/c/d", "q"),
    }
    assert len(cooccurrence(Corpus(codings=codings), "overlap", own_parent=True)) == 6
    codes = pd.DataFrame({"code": ["x", "y", "z"], "parent": ["", "x", ""]})
    other = codings_of(("s", 0, 5, "x"), ("s", 0, 5, "y"))
    assert len(cooccurrence(Corpus(codes=codes, codings=other), "overlap", codes=list("xyz"))) == 2


@pytest.mark.parametrize("nothing", [None, float("nan"), pd.NA, ""])
def test_a_missing_parent_is_none(nothing: object) -> None:
    codes = pd.DataFrame({"code": ["x", "y"], "parent": pd.Series([nothing, "x"], dtype=object)})
    codings = codings_of(("s", 0, 5, "x"), ("s", 0, 5, "y"))
    assert cooccurrence(Corpus(codes=codes, codings=codings), "overlap").empty
    assert len(cooccurrence(Corpus(codes=codes, codings=codings), "overlap", own_parent=True)) == 1


@given(coded_texts(coders="AB"), st.booleans())
def test_overlaps_and_shared_words_by_brute_force(drawn: Drawn, within: bool) -> None:
    codings, passages = drawn
    table = cooccurrence(Corpus(passages=passages, codings=codings), "overlap", within_coder=within)
    heard = {
        (row.source_id, at)
        for row in passages.itertuples()
        if row.voice in COUNTED_VOICES
        for at in range(row.start, row.end)
    }
    words = {
        (row.source_id, row.start + at)
        for row in passages.itertuples()
        if row.voice in COUNTED_VOICES
        for at, _ in word_spans(row.text)
    }
    spans = [
        ({(row.source_id, at) for at in range(row.start, row.end)}, row.code, row.coder)
        for row in codings.itertuples()
    ]
    spans = [span for span in spans if span[0] & heard]
    for row in table.itertuples():
        met, shared = 0, set()
        for (one, code, coder), (two, other, second) in itertools.product(spans, spans):
            if code == row.code_a and other == row.code_b and (not within or coder == second):
                met += bool(one & two)
                shared |= {(at, coder if within else "") for at in one & two & words}
        assert (row.n_ab, row.shared_words) == (met, len(shared))
        assert row.n_a == sum(code == row.code_a for _, code, _ in spans)


def assert_indices_of_table(row: tuple, both: int, only_a: int, only_b: int, neither: int) -> None:
    """Every index from the four cells, each unit in one of them, as the definitions read."""
    total = both + only_a + only_b + neither
    odds = both * neither / (only_a * only_b) if both * only_a * only_b * neither else None
    if odds is None:
        odds = (both + 0.5) * (neither + 0.5) / ((only_a + 0.5) * (only_b + 0.5))
    lift = both * total / ((both + only_a) * (both + only_b))
    npmi = -1.0 if not both else 1.0
    if 0 < both < total:
        npmi = np.log(lift) / -np.log(both / total)
    found = (row.jaccard, row.dice, row.lift, row.npmi, row.odds_ratio)
    assert found == pytest.approx(
        (both / (both + only_a + only_b), 2 * both / (2 * both + only_a + only_b), lift, npmi, odds)
    )
    assert row.odds_ratio > 0
    marks = np.repeat([[1, 1], [1, 0], [0, 1], [0, 0]], [both, only_a, only_b, neither], axis=0)
    if marks.std(axis=0).all():
        assert row.phi == pytest.approx(np.corrcoef(marks.T)[0, 1])
        assert -1 - 1e-12 <= row.phi <= 1 + 1e-12
    else:
        assert np.isnan(row.phi)


@given(coded_texts(coders="AB"), st.integers(1, 4), st.booleans())
def test_passages_and_windows_by_brute_force(drawn: Drawn, window: int, within: bool) -> None:
    codings, passages = drawn
    table = cooccurrence(
        Corpus(passages=passages, codings=codings), "window", window, within_coder=within
    )
    heard = passages[passages["voice"].isin(COUNTED_VOICES)].reset_index(drop=True)
    held = [
        {
            (coding.code, coding.coder if within else "")
            for coding in codings.itertuples()
            if coding.source_id == row.source_id
            and max(coding.start, row.start) < min(coding.end, row.end)
        }
        for row in heard.itertuples()
    ]
    carried = []
    for place, row in enumerate(heard.itertuples()):
        back = [
            held[at]
            for at in range(max(0, place - window + 1), place + 1)
            if heard["source_id"][at] == row.source_id
        ]
        carried.append(set().union(*back))
    for row in table.itertuples():
        cells = {"both": 0, "a": 0, "b": 0, "neither": 0, "apart": 0}
        for own, all_of in zip(held, carried, strict=True):
            here = {code for code, _ in own}
            met = any(
                (row.code_a, coder) in all_of
                and (row.code_b, coder) in all_of
                and ((row.code_a, coder) in own or (row.code_b, coder) in own)
                for coder in ("A", "B", "")
            )
            held_a, held_b = row.code_a in here, row.code_b in here
            cells[
                "both"
                if met
                else "apart"
                if held_a and held_b
                else "a"
                if held_a
                else "b"
                if held_b
                else "neither"
            ] += 1
        assert row.n_ab == cells["both"]
        assert row.n_a == cells["both"] + cells["a"] + cells["apart"]
        assert row.n_b == cells["both"] + cells["b"] + cells["apart"]
        assert row.n_units == len(heard) == sum(cells.values())
        assert row.c_coefficient == pytest.approx(
            row.n_ab / (row.n_a + row.n_b - row.n_ab) if row.n_a + row.n_b else np.nan, nan_ok=True
        )
        if cells["apart"]:
            assert np.isnan([row.phi, row.odds_ratio]).all()
        elif row.n_a and row.n_b:
            assert_indices_of_table(row, *(cells[name] for name in ("both", "a", "b", "neither")))
    if window == 1:
        pd.testing.assert_frame_equal(
            table,
            cooccurrence(
                Corpus(passages=passages, codings=codings), "passage", None, within_coder=within
            ),
        )


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 30), st.integers(1, 9), st.integers(0, 2)),
        max_size=25,
    ),
    st.sampled_from([1, 2**30]),
)
def test_kernel_by_brute_force(rows: list[tuple[int, int, int, int]], stretch: int) -> None:
    """The large stretch leaves no room for packing, and so takes the other way of sorting."""
    spans = [(track, at * stretch, (at + size) * stretch, code) for track, at, size, code in rows]
    columns = np.array(spans, dtype=np.int64).reshape(-1, 4).T
    found = overlap_counts(*columns, n_codes=3)
    expected = np.zeros((3, 3), dtype=int)
    for one, two in itertools.combinations(spans, 2):
        if one[0] == two[0] and max(one[1], two[1]) < min(one[2], two[2]):
            expected[min(one[3], two[3]), max(one[3], two[3])] += 1
    assert (found == expected).all()


@pytest.mark.parametrize("n_tracks", [1, 3, 700])
def test_kernel_on_many_spans(n_tracks: int) -> None:
    """So many that they are sorted in buckets: all in one, or spread out; against every pair."""
    generator = np.random.default_rng(n_tracks)
    n = 9000
    track = generator.integers(0, n_tracks, n)
    start = generator.integers(0, 10 if n_tracks == 3 else 30_000, n)
    end, code = start + generator.integers(1, 60, n), generator.integers(0, 4, n)
    expected = np.zeros((4, 4), dtype=int)
    for place in range(n - 1):
        later = slice(place + 1, None)
        meets = (track[later] == track[place]) & (start[later] < end[place])
        meets &= end[later] > start[place]
        np.add.at(
            expected,
            (
                np.minimum(code[later], code[place])[meets],
                np.maximum(code[later], code[place])[meets],
            ),
            1,
        )
    assert (overlap_counts(track, start, end, code, 4) == expected).all()


@pytest.mark.full("on random tables; test_measures_invariance asks it of every measure on one")
@pytest.mark.parametrize("unit", ["overlap", "passage", "window", "source"])
@settings(max_examples=25)
@given(drawn=coded_texts())
def test_invariances(unit: str, drawn: Drawn) -> None:
    codings, passages = drawn
    before = codings.copy()
    plain = cooccurrence(Corpus(passages=passages, codings=codings), unit, 2)
    mixed = cooccurrence(
        Corpus(passages=passages.iloc[::-1], codings=codings.sample(frac=1, random_state=1)),
        unit,
        2,
    )
    pd.testing.assert_frame_equal(plain, mixed)
    pd.testing.assert_frame_equal(codings, before)
    backwards = codings.assign(code=codings["code"].map({"a": "z", "b": "y", "c": "x"}))
    mirrored = cooccurrence(Corpus(passages=passages, codings=backwards), unit, 2)
    key = {"z": "a", "y": "b", "x": "c"}
    there = {
        frozenset((key[row.code_a], key[row.code_b])): row.n_ab for row in mirrored.itertuples()
    }
    assert there == {frozenset((row.code_a, row.code_b)): row.n_ab for row in plain.itertuples()}
    more = pd.concat([passages, passages_of(("s9", "nobody coded this"))])
    assert (
        cooccurrence(Corpus(passages=more, codings=codings), unit, 2)["n_ab"].tolist()
        == plain["n_ab"].tolist()
    )


def test_requests_that_make_no_sense() -> None:
    codings, passages = presence([(1, 1)])
    with pytest.raises(ValueError, match="not one of"):
        cooccurrence(Corpus(codings=codings), "sentence")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="needs the passages"):
        cooccurrence(Corpus(codings=codings), "passage")
    with pytest.raises(ValueError, match="at least 1"):
        cooccurrence(Corpus(passages=passages, codings=codings), "window", 0)
    with pytest.raises(ValueError, match="not one of shift, shuffle, words, answers"):
        cooccurrence_test(Corpus(passages=passages, codings=codings), "passage", "swap")  # type: ignore[arg-type]


def test_no_codings_at_all() -> None:
    codings, passages = presence([(0, 0)])
    for unit in ("overlap", "passage", "source"):
        assert cooccurrence(Corpus(passages=passages, codings=codings), unit).empty
    assert (
        len(cooccurrence(Corpus(passages=passages, codings=codings), "passage", codes=["a", "b"]))
        == 1
    )


def test_units_side_by_side() -> None:
    codings, passages = presence([(1, 0), (0, 1), (1, 1)])
    row = pair(by_unit(Corpus(passages=passages, codings=codings), 2))
    assert row[["overlap", "passage", "window", "source"]].tolist() == [1, 1, 2, 1]


def test_network_has_all_codes_and_goes_through_graphml() -> None:
    codings, passages = presence([(1, 1, 0, 0), (1, 1, 0, 0), (0, 0, 1, 0)], names="abcd")
    table = cooccurrence(Corpus(passages=passages, codings=codings), "passage", codes=list("abcd"))
    graph = network(table)
    assert set(graph) == set("abcd")
    assert set(graph.edges) == {("a", "b")}
    assert graph.edges["a", "b"]["weight"] == 2
    assert graph.nodes["a"]["community"] == graph.nodes["b"]["community"] == 0
    read = nx.parse_graphml(graphml(graph))
    assert dict(read.nodes(data=True)) == dict(graph.nodes(data=True))
    assert list(read.edges(data=True)) == list(graph.edges(data=True))
    windows = cooccurrence(
        Corpus(passages=passages, codings=codings), "window", 2, codes=list("abcd")
    )
    sizes = dict(zip(table["code_a"], table["n_a"], strict=True))
    assert {code: network(windows).nodes[code]["n"] for code in "abc"} == sizes
    with pytest.raises(ValueError, match="no column"):
        network(table, weight="likes")
    with pytest.raises(ValueError, match="above 0"):
        network(table, least=0)


def test_a_missing_coder_is_one_coder_in_every_source() -> None:
    codings = codings_of(("s", 0, 5, "a"), ("t", 0, 5, "b"), ("t", 2, 4, "a"), ("s", 1, 3, "c"))
    codings["coder"] = None
    named = codings.assign(coder="A")
    found = [cooccurrence(Corpus(codings=each), "overlap") for each in (codings, named)]
    pd.testing.assert_frame_equal(*found)


@pytest.mark.parametrize("unit", ["overlap", "passage", "window", "source"])
def test_an_empty_span_is_no_segment_and_meets_nothing(unit: str) -> None:
    passages = passages_of(("s", "xxxxxx"), ("s", "yyyyyy"), ("t", "zzzzzz"))
    whole = codings_of(("s", 0, 5, "a"), ("s", 8, 12, "b"), ("t", 0, 3, "a"))
    empty = codings_of(("s", 2, 2, "b"), ("s", 9, 9, "a"), ("t", 1, 1, "b"))
    found = [
        cooccurrence(
            Corpus(passages=passages, codings=codings), unit, 2 if unit == "window" else None
        )
        for codings in (whole, pd.concat([whole, empty]))
    ]
    pd.testing.assert_frame_equal(*found)
