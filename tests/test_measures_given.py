"""Tables as people have them: numbers for names, gaps, columns that are not needed."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from measures_tables import codings_of, passages_of, sources_of
from test_measures_cooccurrence import pair, presence

from analysis.measures import UndefinedMeasure
from analysis.measures.agreement import (
    agreement_by_code,
    code_sets,
    disagreements,
    fixed_windows,
    ratings,
)
from analysis.measures.contrasts import contrast
from analysis.measures.cooccurrence import cooccurrence, cooccurrence_test
from analysis.measures.frequencies import (
    code_by_source,
    code_frequencies,
    coverage,
    rate_range,
)
from analysis.measures.language import (
    collocations,
    concordance,
    distinctive_words,
    distinctive_words_of_codes,
)
from analysis.measures.saturation import accumulation


def study() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return codings, sources, passages whose every name is a number written as text."""
    codings = codings_of(
        *(("1", 0, 8, "7", coder) for coder in "AB"),
        ("1", 9, 13, "8", "A"),
        ("2", 0, 4, "8", "A"),
        ("2", 0, 4, "8", "B"),
        ("3", 0, 5, "7", "A"),
    )
    passages = passages_of(
        ("1", "one two"), ("1", "three four"), ("2", "five six"), ("3", "one nine")
    )
    return codings, sources_of(("1", "11", "x"), ("2", "12", "x"), ("3", "13", "y")), passages


def every_table(
    codings: pd.DataFrame, sources: pd.DataFrame, passages: pd.DataFrame
) -> dict[str, pd.DataFrame]:
    """Return what every measure on tables says of one study."""
    how = {"seed": 1, "n": 50}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {
            "code_frequencies": code_frequencies(codings, None, sources, passages, "role"),
            "code_by_source": code_by_source(codings, None, sources, passages),
            "coverage": coverage(codings, None, passages),
            "rate_range": rate_range(codings, None, sources, passages, **how),
            "contrast": contrast(codings, sources, passages, "role", minimum_group=1, **how),
            "cooccurrence_test": cooccurrence_test(
                codings, "passage", passages, sources=sources, **how
            ),
            "agreement_by_code": agreement_by_code(codings, passages, sources=sources, **how),
            "ratings": ratings(codings, passages, "7").reset_index(),
            "code_sets": code_sets(codings, passages).reset_index(),
            "disagreements": disagreements(codings, "A", "B", passages),
            "fixed_windows": fixed_windows(passages, 6),
            "accumulation": accumulation(codings, sources, base=1, run=1, **how),
            "concordance": concordance(passages, "one"),
            "collocations": collocations(passages, least=1, leave_out=[]),
            "distinctive_words": distinctive_words(
                passages, {"1": "x", "2": "x", "3": "y"}, least=1, leave_out=[]
            ),
            "distinctive_words_of_codes": distinctive_words_of_codes(
                codings, passages, least=1, leave_out=[]
            ),
        }


def test_numbers_for_names_and_places_change_nothing() -> None:
    codings, sources, passages = study()
    plain = every_table(codings, sources, passages)
    assert plain["code_frequencies"]["segments"].sum() > 0
    bare = codings.astype({"source_id": int, "code": int, "start": float, "end": float})
    numbers = every_table(
        bare,
        sources.astype({"source_id": int, "case_id": int}),
        passages.astype({"source_id": int, "passage": str, "start": float, "end": float}),
    )
    for name, table in plain.items():
        found = numbers[name].astype(dict.fromkeys({"passage"} & set(table), int))
        pd.testing.assert_frame_equal(found, table, obj=name)


def test_order_of_rows_and_columns_that_are_not_needed_change_nothing() -> None:
    codings, sources, passages = study()
    sources["case_id"] = sources["source_id"]
    plain = every_table(codings, sources, passages)
    less = every_table(
        codings.drop(columns=["origin", "memo"]).iloc[::-1],
        sources.drop(columns="case_id").iloc[::-1],
        passages.drop(columns=["passage", "words", "speaker", "voice"]).iloc[::-1],
    )
    for name, table in plain.items():
        pd.testing.assert_frame_equal(less[name], table, obj=name)


def test_columns_of_any_name_beside_them_change_nothing() -> None:
    codings, sources, passages = study()
    plain = every_table(codings, sources, passages)
    taken = {name for table in plain.values() for name in table.columns if isinstance(name, str)}
    taken |= {"upper", "above", "parent", "line"}

    def wider(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(**dict.fromkeys(sorted(taken - _MEANT - set(table)), "odd"))

    more = every_table(wider(codings), wider(sources), wider(passages))
    for name, table in plain.items():
        # `fixed_windows` hands on what passages have.
        pd.testing.assert_frame_equal(more[name][table.columns], table, obj=name)


# Columns that mean something to a measure where they are there.
_MEANT = {
    *("source_id", "case_id", "kind", "role", "date", "coder", "code", "parent", "start", "end"),
    *("passage", "voice", "words", "text", "speaker", "origin"),
}


def test_words_are_not_nought_for_want_of_text() -> None:
    codings, sources, passages = study()
    bare = passages.drop(columns="text")
    frequencies = code_frequencies(codings, None, sources, bare)
    assert frequencies["words"].isna().all()
    whole = code_frequencies(codings, None, sources, passages)
    pd.testing.assert_frame_equal(frequencies.drop(columns="words"), whole.drop(columns="words"))
    assert code_by_source(codings, None, sources, bare)["words"].isna().all()
    assert coverage(codings, None, bare)["words"].isna().all()
    assert cooccurrence(codings, "overlap", bare)["shared_words"].isna().all()
    with pytest.raises(ValueError, match="no column text"):
        code_frequencies(codings, None, sources, bare.drop(columns="words"))
    for measure in (
        lambda: concordance(bare, "one"),
        lambda: collocations(bare),
        lambda: distinctive_words(bare, {"1": "x"}),
        lambda: distinctive_words_of_codes(codings, bare),
    ):
        with pytest.raises(ValueError, match="no column text"):
            measure()
    sheet = disagreements(codings, "A", "B", bare)
    pd.testing.assert_frame_equal(sheet, disagreements(codings, "A", "B"))


def test_a_missing_case_or_group_is_named_not_given_to_another() -> None:
    codings, sources, passages = study()
    for column, by in (("case_id", None), ("role", "role")):
        gap = sources.assign(**{column: sources[column].where(sources["source_id"] != "2")})
        for measure in (
            lambda gap, by: code_frequencies(codings, None, gap, passages, by),
            lambda gap, by: rate_range(codings, None, gap, passages, by, n=5),
            lambda gap, by: contrast(codings, gap, passages, by or "role", n=5),
        ):
            with pytest.raises(ValueError, match=f"no {column} for: 2$"):
                measure(gap, by)
    gap = sources.assign(case_id=sources["case_id"].where(sources["source_id"] != "2"))
    with pytest.raises(ValueError, match=r"no case_id for: 2$"):
        cooccurrence_test(codings, "passage", passages, sources=gap, n=5)
    with pytest.raises(ValueError, match=r"no case_id for: 2$"):
        agreement_by_code(codings, passages, sources=gap, n=5)
    with pytest.raises(ValueError, match=r"does not list: 2$"):
        agreement_by_code(codings, passages, sources=sources[sources["source_id"] != "2"], n=5)
    with pytest.raises(ValueError, match="no column sex"):
        code_frequencies(codings, None, sources, passages, "sex")


def test_agreement_needs_to_know_the_coder() -> None:
    codings, _, passages = study()
    nameless = codings.drop(columns="coder")
    for measure in (
        lambda: ratings(nameless, passages, "7"),
        lambda: code_sets(nameless, passages),
        lambda: agreement_by_code(nameless, passages),
        lambda: disagreements(nameless, "A", "B"),
    ):
        with pytest.raises(ValueError, match="codings have no column coder"):
            measure()


@pytest.mark.parametrize("unit", ["overlap", "passage", "window", "source"])
def test_names_that_are_numbers_are_names(unit: str) -> None:
    codings = codings_of(("1", 0, 5, "7"), ("1", 1, 3, "8"), ("2", 0, 2, "7"), ("2", 1, 4, "8"))
    passages = passages_of(("1", "xxx"), ("1", "yyy"), ("2", "zzz"))
    window = 2 if unit == "window" else None
    plain = cooccurrence(codings, unit, passages, window)
    assert plain["n_ab"].item() > 0
    bare = codings.astype({"source_id": int, "code": int}).assign(coder=1)
    bare[["start", "end"]] = bare[["start", "end"]].astype(float)
    found = cooccurrence(bare, unit, passages.astype({"source_id": int}), window, codes=[7, 8])
    pd.testing.assert_frame_equal(found, plain)


@pytest.mark.parametrize("column", ["source_id", "start", "code"])
def test_missing_values_and_columns_are_named(column: str) -> None:
    codings = codings_of(("s", 0, 5, "a"), ("s", 1, 3, "b"))
    gaps = codings[column].astype(object).where(codings["code"] == "a")
    with pytest.raises(ValueError, match=f"1 of 2 rows of codings have no {column}"):
        cooccurrence(codings.assign(**{column: gaps}), "overlap")
    with pytest.raises(ValueError, match=f"codings have no column {column}"):
        cooccurrence(codings.drop(columns=column), "overlap")


def test_half_a_character_and_overlapping_passages_are_refused() -> None:
    codings, passages = presence([(1, 1), (1, 0)])
    with pytest.raises(ValueError, match="whole numbers"):
        cooccurrence(codings.assign(start=0.5), "overlap")
    with pytest.raises(ValueError, match="overlap in source s0"):
        cooccurrence(codings, "passage", pd.concat([passages, passages.iloc[:1]]))


@pytest.mark.parametrize(("start", "end"), [(-6, -2), (4, 3)])
def test_places_outside_every_text_are_refused(start: int, end: int) -> None:
    _, sources, passages = study()
    codings = codings_of(("2", start, end, "7"))
    for measure in (
        lambda: code_by_source(codings, None, sources, passages),
        lambda: cooccurrence(codings, "passage", passages),
        lambda: cooccurrence_test(codings, "overlap", passages),
    ):
        with pytest.raises(ValueError, match="1 of 1 rows of codings begin before 0, or end"):
            measure()


def test_passages_without_their_words_or_text_are_refused() -> None:
    codings, sources, passages = study()
    with pytest.raises(ValueError, match="1 of 4 rows of passages have no words"):
        code_frequencies(codings, None, sources, passages.assign(words=[np.nan, 1, 1, 1]))
    gap = passages.assign(text=[None, "three four", "five six", "one nine"])
    for measure in (
        lambda: code_frequencies(codings, None, sources, gap),
        lambda: cooccurrence(codings, "overlap", gap),
        lambda: concordance(gap, "one"),
        lambda: disagreements(codings, "A", "B", gap),
    ):
        with pytest.raises(ValueError, match="1 of 4 rows of passages have no text"):
            measure()


def test_a_source_listed_twice_is_named() -> None:
    codings, sources, passages = study()
    twice = pd.concat([sources, sources.iloc[1:2]])
    for measure in (
        lambda: code_frequencies(codings, None, twice, passages),
        lambda: contrast(codings, twice, passages, "role"),
        lambda: accumulation(codings, twice),
        lambda: cooccurrence_test(codings, "passage", passages, sources=twice),
        lambda: agreement_by_code(codings, passages, sources=twice),
    ):
        with pytest.raises(ValueError, match="sources list more than once: 2"):
            measure()


def test_a_code_without_a_name_and_a_group_that_is_a_column_are_refused() -> None:
    codings, sources, passages = study()
    with pytest.raises(ValueError, match="1 of 2 codes have no name"):
        code_frequencies(codings, pd.DataFrame({"code": ["7", None]}), sources, passages)
    with pytest.raises(ValueError, match="by segments: so is a column of the result called"):
        code_frequencies(codings, None, sources.assign(segments="x"), passages, by="segments")


def test_draws_and_levels_that_make_no_sense_are_refused() -> None:
    codings, sources, passages = study()
    for measure in (
        lambda **how: rate_range(codings, None, sources, passages, **how),
        lambda **how: contrast(codings, sources, passages, "role", **how),
        lambda **how: cooccurrence_test(codings, "passage", passages, **how),
        lambda **how: agreement_by_code(codings, passages, **how),
        lambda **how: accumulation(codings, sources, **how),
    ):
        with pytest.raises(ValueError, match="at least 1 draw"):
            measure(n=0)
        with pytest.raises(ValueError, match="level is 95: a share between 0 and 1"):
            measure(level=95)
    with pytest.raises(ValueError, match="a whole number"):
        cooccurrence(codings, "window", passages, window=2.5)  # type: ignore[arg-type]


def test_one_case_has_no_range() -> None:
    codings, sources, passages = study()
    with pytest.warns(UndefinedMeasure, match="no range of rates: redrawing needs at least 2"):
        rates = rate_range(codings, None, sources, passages, "role", n=50).set_index("role")
    assert rates.loc["y", ["pooled_lower", "mean_upper"]].isna().all(axis=None)
    assert rates.loc["x", "pooled_lower"].notna().all()
    with pytest.warns(UndefinedMeasure, match="no range of alpha"):
        compared = agreement_by_code(codings, passages, sources=sources.assign(case_id="c"), n=50)
    assert compared[["lower", "upper"]].isna().all(axis=None)
    assert compared["alpha"].notna().any()


def test_an_empty_passage_in_a_span_is_not_touched() -> None:
    passages = passages_of(("s", "xxxx"), ("s", ""), ("s", "yyyy"))
    codings = codings_of(("s", 0, 10, "a"), ("s", 2, 9, "b"))
    row = pair(cooccurrence(codings, "passage", passages))
    assert row[["n_a", "n_b", "n_ab", "n_units"]].tolist() == [2, 2, 2, 3]
    asked = passages.assign(voice=["interviewer", "participant", "interviewer"])
    assert cooccurrence(codings, "passage", asked, codes=["a", "b"])["n_a"].item() == 0


def test_passages_in_order_without_numbers_or_with_numbers_as_text() -> None:
    lines = [(1, 0)] + [(0, 0)] * 9 + [(0, 1), (1, 0)]
    codings, passages = presence(lines)
    plain = cooccurrence(codings, "window", passages, 2)
    assert plain["n_ab"].item() == 1
    text = passages.assign(passage=passages["passage"].astype(str)).iloc[::-1]
    for table in (text, text.drop(columns="passage")):
        pd.testing.assert_frame_equal(cooccurrence(codings, "window", table, 2), plain)


def test_overlapping_units_are_refused_and_empty_ones_not_rated() -> None:
    codings = codings_of(("s", 2, 9, "a", "A"), ("s", 0, 3, "a", "B"))
    units = pd.DataFrame({"source_id": "s", "start": [0, 5, 5], "end": [5, 5, 12]})
    rated = ratings(codings, units, "a").to_numpy()
    assert rated[[0, 2]].tolist() == [[1, 1], [1, 0]]
    assert np.isnan(rated[1]).all()
    assert code_sets(codings, units).iloc[1].isna().all()
    for overlapping in ([(0, 20), (2, 4), (6, 9)], [(0, 5), (4, 9)]):
        units = pd.DataFrame([("s", *unit) for unit in overlapping], columns=list(units))
        with pytest.raises(ValueError, match="overlap in source s"):
            ratings(codings, units, "a")


def test_sources_without_any_date_stand_in_their_own_order() -> None:
    codings, sources, _ = study()
    dated = accumulation(codings, sources, n=5)
    for undated in (sources.drop(columns="date"), sources.assign(date="unknown")):
        with pytest.warns(UserWarning, match="no date of any source"):
            table = accumulation(codings, undated, n=5)
        pd.testing.assert_frame_equal(table.drop(columns="date"), dated.drop(columns="date"))
    empty = codings_of(("1", 3, 3, "9"))
    more = accumulation(pd.concat([codings, empty]), sources, n=5)
    pd.testing.assert_frame_equal(more, dated)


def test_groups_of_words_as_a_series_and_one_code_as_text() -> None:
    codings, _, passages = study()
    group = pd.Series({"1": "x", "2": "x", "3": "y"})
    options = {"least": 1, "leave_out": []}
    pd.testing.assert_frame_equal(
        distinctive_words(passages, group, **options),
        distinctive_words(passages, group.to_dict(), **options),
    )
    long = codings.assign(code=codings["code"].map({"7": "abc", "8": "a"}))
    found = distinctive_words_of_codes(long, passages, "abc", **options)
    assert set(found["code"]) == {"abc"}
