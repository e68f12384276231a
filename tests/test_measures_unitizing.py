from __future__ import annotations

import itertools
import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_tables import codings_of, passages_of

from analysis.corpus import Corpus
from analysis.measures import NothingToCompareError, UndefinedMeasure
from analysis.measures.agreement import u_alpha, u_alpha_by_code

Spans = dict[str, list[tuple[int, int, str]]]

# Krippendorff 2019, figure 12.11; Krippendorff, Mathet, Bouvry & Widlöcher 2016.
PUBLISHED: Spans = {
    "Alex": [(0, 7, "1"), (7, 13, "2"), (30, 32, "5"), (32, 37, "6"), (37, 44, "6"), (44, 60, "7")],
    "Paul": [(0, 7, "1"), (7, 13, "3"), (13, 21, "5"), (32, 44, "6")],
    "Suzan": [
        (0, 7, "1"),
        (7, 13, "4"),
        (13, 21, "5"),
        (32, 37, "6"),
        (37, 41, "6"),
        (41, 44, "6"),
    ],
}


def segments(spans: Spans) -> pd.DataFrame:
    rows = [(coder, *span) for coder, own in spans.items() for span in own]
    return pd.DataFrame(rows, columns=["coder", "start", "end", "code"])


def test_published_example() -> None:
    found = u_alpha(segments(PUBLISHED), 60)
    assert found.u_alpha == pytest.approx(0.510, abs=5e-4)
    # Recomputes to .4136; the print, .413, is cut off rather than rounded.
    assert found.bar_u_alpha == pytest.approx(0.4136, abs=5e-5)
    assert found.cu_alpha == pytest.approx(0.724, abs=5e-4)
    assert [found.by_code[code] for code in "156"] == pytest.approx([1, 1, 1])
    assert [found.by_code[code] for code in "234"] == pytest.approx([0, 0, 0])
    assert np.isnan(found.by_code["7"])
    assert found.coverage_by_code["5"] == pytest.approx(0.444, abs=1e-3)
    assert found.coverage_by_code["7"] == 0


@st.composite
def coders_spans(draw: st.DrawFn) -> Spans:
    spans: Spans = {}
    for coder in draw(st.sampled_from(["AB", "ABC"])):
        borders = sorted(draw(st.sets(st.integers(0, 20), min_size=2, max_size=8)))
        pieces = itertools.pairwise(borders)
        spans[coder] = [
            (start, end, draw(st.sampled_from("xy")))
            for start, end in pieces
            if draw(st.booleans())
        ]
    return spans


@given(coders_spans())
def test_u_alpha_by_segments_two_at_a_time(spans: Spans) -> None:
    """Straight from the definition: every two segments or gaps of two coders."""
    length, coders = 20, list(spans)
    whole = {}
    for coder, own in spans.items():
        at, filled = 0, []
        for start, end, code in own:
            filled += [(at, start, "")] * (at < start) + [(start, end, code)]
            at = end
        whole[coder] = filled + [(at, length, "")] * (at < length)
    met: dict[tuple[str, str], float] = {}
    squares: dict[str, float] = {}
    for coder in coders:
        for start, end, code in whole[coder]:
            squares[code] = squares.get(code, 0) + (end - start) ** (2 if code else 1)
            for other in set(coders) - {coder}:
                for begin, finish, second in whole[other]:
                    shared = max(0, min(end, finish) - max(start, begin))
                    pair = (code, second)
                    met[pair] = met.get(pair, 0) + shared / (len(coders) - 1)
    total = length * len(coders)
    margin = {code: sum(n for (one, _), n in met.items() if one == code) for code in squares}
    apart = sum(n for (one, two), n in met.items() if one != two)
    chance = sum(
        total * margin[one] * margin[two] / (total**2 - sum(squares.values()))
        for one in squares
        for two in squares
        if one != two
    )
    frame = segments(spans)
    if chance == 0:
        with pytest.warns(UndefinedMeasure):
            assert np.isnan(u_alpha(frame, length, coders).u_alpha)
        return
    with warnings.catch_warnings():
        # Small continua leave |u-alpha or cu-alpha undefined; only u-alpha is in question.
        warnings.simplefilter("ignore", UndefinedMeasure)
        found = u_alpha(frame, length, coders)
        mixed = u_alpha(frame.sample(frac=1, random_state=2), length, coders)
    assert found.u_alpha == pytest.approx(1 - apart / chance, abs=1e-9)
    assert mixed.u_alpha == found.u_alpha


def test_agreement_on_everything_is_one() -> None:
    same: Spans = {coder: [(0, 5, "x"), (8, 12, "y")] for coder in "AB"}
    found = u_alpha(segments(same), 20)
    assert (found.u_alpha, found.bar_u_alpha, found.cu_alpha) == pytest.approx((1, 1, 1))
    assert found.coverage == pytest.approx(9 / 20)


def test_what_cannot_be_compared() -> None:
    with pytest.raises(NothingToCompareError, match="share no text"):
        u_alpha(segments({"A": [(0, 5, "x")]}), 10)
    with pytest.raises(ValueError, match="empty"):
        u_alpha(segments({"A": [(5, 5, "x")], "B": [(0, 1, "x")]}), 10)
    with pytest.raises(ValueError, match="outside"):
        u_alpha(segments({"A": [(5, 15, "x")], "B": [(0, 1, "x")]}), 10)
    with pytest.raises(ValueError, match="overlap"):
        u_alpha(segments({"A": [(0, 5, "x"), (4, 6, "y")], "B": [(0, 1, "x")]}), 10)


def test_undefined_members_say_so() -> None:
    with pytest.warns(UndefinedMeasure, match="not two codes"):
        found = u_alpha(segments({"A": [(0, 5, "x")], "B": [(2, 6, "x")]}), 10)
    assert np.isnan(found.cu_alpha)
    assert not np.isnan(found.u_alpha)
    with pytest.warns(UndefinedMeasure, match="nothing but"):
        full = u_alpha(segments({"A": [(0, 10, "x")], "B": [(0, 4, "x"), (4, 10, "y")]}), 10)
    assert np.isnan(full.bar_u_alpha)


def test_segments_one_by_one() -> None:
    table = segments(PUBLISHED)
    rows = [(coder, *span) for coder, own in PUBLISHED.items() for span in own]
    assert u_alpha(iter(rows), 60).u_alpha == u_alpha(table, 60).u_alpha
    with pytest.warns(UndefinedMeasure):
        assert np.isnan(u_alpha([], 60, ["A", "B"]).u_alpha)


@given(coders_spans())
def test_by_code_over_two_texts_is_one_continuum(spans: Spans) -> None:
    """Texts laid end to end, children under their parent, against u_alpha on spans laid by hand."""
    rows = [
        (source, *span[:2], f"p/{span[2]}", coder)
        for source, shift in (("s1", 0), ("s2", 3))
        for coder, own in spans.items()
        for span in [(start + shift, end + shift, code) for start, end, code in own]
    ]
    codings = codings_of(*rows) if rows else codings_of(("s1", 0, 1, "p/x")).iloc[:0]
    passages = passages_of(("s1", "x" * 20), ("s2", "y" * 25))
    if len({coder for *_, coder in rows}) < len(spans):
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMeasure)
        table = u_alpha_by_code(Corpus(passages=passages, codings=codings)).set_index("code")
        for code in table.index:
            marked = np.zeros((len(spans), 45), dtype=bool)
            for source, start, end, name, coder in rows:
                if name == code or code == "p":
                    at = 20 if source == "s2" else 0
                    marked[list(spans).index(coder), at + start : at + end] = True
            by_hand = [
                (coder, int(begin), int(until), "c")
                for coder, line in zip(spans, marked, strict=True)
                for begin, until in zip(
                    *(
                        np.flatnonzero(np.diff(np.r_[0, line.astype(int), 0]) == way)
                        for way in (1, -1)
                    ),
                    strict=True,
                )
            ]
            expected = u_alpha(by_hand, 45, list(spans)).u_alpha
            assert table.loc[code, "u_alpha"] == pytest.approx(expected, nan_ok=True)
            assert table.loc[code, "shared"] == marked.all(axis=0).sum()
            assert table.loc[code, "either"] == marked.any(axis=0).sum()


def test_by_code_what_lies_past_the_last_passage_stays_in_its_text() -> None:
    """As where both code an interviewer's closing turn, which is in no counted passage."""
    passages = passages_of(("s1", "x" * 10), ("s2", "y" * 10))
    codings = codings_of(
        ("s1", 5, 20, "a", "A"),
        ("s2", 0, 1, "b", "A"),
        ("s1", 0, 3, "a", "B"),
        ("s2", 0, 9, "a", "B"),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMeasure)
        found = (
            u_alpha_by_code(Corpus(passages=passages, codings=codings)).set_index("code").loc["a"]
        )
    by_hand = u_alpha([("A", 5, 20, "a"), ("B", 0, 3, "a"), ("B", 20, 29, "a")], 30)
    assert (found["shared"], found["either"]) == (0, 27)
    assert found["u_alpha"] == pytest.approx(by_hand.u_alpha)


def test_by_code_is_refused_where_no_text_is_shared() -> None:
    passages = passages_of(("s", "x" * 9), ("t", "y" * 9))
    apart = codings_of(("s", 0, 4, "a", "A"), ("t", 0, 4, "a", "B"))
    with pytest.raises(NothingToCompareError, match="share no text"):
        u_alpha_by_code(Corpus(passages=passages, codings=apart))


def test_by_code_says_which_codes_have_no_value() -> None:
    codings = codings_of(*(("s", 0, 9, "all", who) for who in "AB"), ("s", 0, 4, "some", "A"))
    with pytest.warns(UndefinedMeasure, match="u-alpha is undefined for: all"):
        table = u_alpha_by_code(Corpus(passages=passages_of(("s", "x" * 9)), codings=codings))
    assert table.set_index("code")["u_alpha"].isna().to_dict() == {"all": True, "some": False}


def test_names_of_sources_change_nothing() -> None:
    # A code ends one source and begins the next: laid end to end they are two segments still.
    codings = codings_of(
        *(("1", 6, 9, "a", "A"), ("1", 7, 9, "a", "B"), ("2", 0, 4, "a", "A")),
        *(("2", 0, 2, "a", "B"), ("3", 3, 6, "a", "A"), ("3", 5, 8, "a", "B")),
    )
    passages = passages_of(*((source, "x" * 9) for source in "123"))
    tables = []
    for names in itertools.permutations("123"):
        named = dict(zip("123", names, strict=True))
        corpus = Corpus(
            passages=passages.assign(source_id=passages["source_id"].map(named)),
            codings=codings.assign(source_id=codings["source_id"].map(named)),
        )
        tables.append(u_alpha_by_code(corpus))
    for table in tables[1:]:
        pd.testing.assert_frame_equal(table, tables[0])
