"""Tables as people have them: numbers for names, gaps, columns that are not needed."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from measures_tables import codings_of, passages_of, sources_of
from test_measures_cooccurrence import pair, presence

from analysis.corpus import Corpus
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
from analysis.measures.unitizing import u_alpha_by_code


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
            "code_frequencies": code_frequencies(
                Corpus(sources=sources, passages=passages, codings=codings), "role"
            ),
            "code_by_source": code_by_source(
                Corpus(sources=sources, passages=passages, codings=codings)
            ),
            "coverage": coverage(Corpus(passages=passages, codings=codings)),
            "rate_range": rate_range(Corpus(sources=sources, passages=passages, codings=codings)),
            "contrast": contrast(
                Corpus(sources=sources, passages=passages, codings=codings),
                "role",
                minimum_group=1,
                **how,
            ),
            "cooccurrence_test": cooccurrence_test(
                Corpus(sources=sources, passages=passages, codings=codings), "passage", **how
            ),
            "agreement_by_code": agreement_by_code(
                Corpus(sources=sources, codings=codings), passages
            ),
            "ratings": ratings(Corpus(codings=codings), "7", passages).reset_index(),
            "code_sets": code_sets(Corpus(codings=codings), passages).reset_index(),
            "disagreements": disagreements(Corpus(passages=passages, codings=codings), "A", "B"),
            "fixed_windows": fixed_windows(Corpus(passages=passages), 6),
            "accumulation": accumulation(
                Corpus(sources=sources, codings=codings), base=1, run=1, **how
            ),
            "concordance": concordance(Corpus(passages=passages), "one"),
            "collocations": collocations(Corpus(passages=passages), least=1, leave_out=[]),
            "distinctive_words": distinctive_words(
                Corpus(passages=passages), {"1": "x", "2": "x", "3": "y"}, least=1, leave_out=[]
            ),
            "distinctive_words_of_codes": distinctive_words_of_codes(
                Corpus(passages=passages, codings=codings), least=1, leave_out=[]
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
    frequencies = code_frequencies(Corpus(sources=sources, passages=bare, codings=codings))
    assert frequencies["words"].isna().all()
    whole = code_frequencies(Corpus(sources=sources, passages=passages, codings=codings))
    pd.testing.assert_frame_equal(frequencies.drop(columns="words"), whole.drop(columns="words"))
    assert (
        code_by_source(Corpus(sources=sources, passages=bare, codings=codings))["words"]
        .isna()
        .all()
    )
    assert coverage(Corpus(passages=bare, codings=codings))["words"].isna().all()
    assert (
        cooccurrence(Corpus(passages=bare, codings=codings), "overlap")["shared_words"].isna().all()
    )
    with pytest.raises(ValueError, match="no column text"):
        code_frequencies(
            Corpus(sources=sources, passages=bare.drop(columns="words"), codings=codings)
        )
    for measure in (
        lambda: concordance(Corpus(passages=bare), "one"),
        lambda: collocations(Corpus(passages=bare)),
        lambda: distinctive_words(Corpus(passages=bare), {"1": "x"}),
        lambda: distinctive_words_of_codes(Corpus(passages=bare, codings=codings)),
    ):
        with pytest.raises(ValueError, match="no column text"):
            measure()
    sheet = disagreements(Corpus(passages=bare, codings=codings), "A", "B")
    pd.testing.assert_frame_equal(sheet, disagreements(Corpus(codings=codings), "A", "B"))


def test_a_missing_case_or_group_is_named_not_given_to_another() -> None:
    codings, sources, passages = study()
    for column, by in (("case_id", None), ("role", "role")):
        gap = sources.assign(**{column: sources[column].where(sources["source_id"] != "2")})
        for measure in (
            lambda gap, by: code_frequencies(
                Corpus(sources=gap, passages=passages, codings=codings), by
            ),
            lambda gap, by: rate_range(Corpus(sources=gap, passages=passages, codings=codings), by),
            lambda gap, by: contrast(
                Corpus(sources=gap, passages=passages, codings=codings), by or "role", n=5
            ),
        ):
            with pytest.raises(ValueError, match=f"no {column} for: 2$"):
                measure(gap, by)
    gap = sources.assign(case_id=sources["case_id"].where(sources["source_id"] != "2"))
    with pytest.raises(ValueError, match=r"no case_id for: 2$"):
        cooccurrence_test(Corpus(sources=gap, passages=passages, codings=codings), "passage", n=5)
    with pytest.raises(ValueError, match=r"no case_id for: 2$"):
        agreement_by_code(Corpus(sources=gap, codings=codings), passages)
    with pytest.raises(ValueError, match=r"do not list: 2$"):
        agreement_by_code(
            Corpus(sources=sources[sources["source_id"] != "2"], codings=codings), passages
        )
    with pytest.raises(ValueError, match="no column sex"):
        code_frequencies(Corpus(sources=sources, passages=passages, codings=codings), "sex")


def test_agreement_needs_to_know_the_coder() -> None:
    codings, _, passages = study()
    nameless = codings.drop(columns="coder")
    for measure in (
        lambda: ratings(Corpus(codings=nameless), "7", passages),
        lambda: code_sets(Corpus(codings=nameless), passages),
        lambda: agreement_by_code(Corpus(codings=nameless), passages),
        lambda: disagreements(Corpus(codings=nameless), "A", "B"),
    ):
        with pytest.raises(ValueError, match="codings have no column coder"):
            measure()


@pytest.mark.parametrize("unit", ["overlap", "passage", "window", "source"])
def test_names_that_are_numbers_are_names(unit: str) -> None:
    codings = codings_of(("1", 0, 5, "7"), ("1", 1, 3, "8"), ("2", 0, 2, "7"), ("2", 1, 4, "8"))
    passages = passages_of(("1", "xxx"), ("1", "yyy"), ("2", "zzz"))
    window = 2 if unit == "window" else None
    plain = cooccurrence(Corpus(passages=passages, codings=codings), unit, window)
    assert plain["n_ab"].item() > 0
    bare = codings.astype({"source_id": int, "code": int}).assign(coder=1)
    bare[["start", "end"]] = bare[["start", "end"]].astype(float)
    found = cooccurrence(
        Corpus(passages=passages.astype({"source_id": int}), codings=bare),
        unit,
        window,
        codes=[7, 8],
    )
    pd.testing.assert_frame_equal(found, plain)


@pytest.mark.parametrize("column", ["source_id", "start", "code"])
def test_missing_values_and_columns_are_named(column: str) -> None:
    codings = codings_of(("s", 0, 5, "a"), ("s", 1, 3, "b"))
    gaps = codings[column].astype(object).where(codings["code"] == "a")
    with pytest.raises(ValueError, match=f"1 of 2 rows of codings have no {column}"):
        cooccurrence(Corpus(codings=codings.assign(**{column: gaps})), "overlap")
    with pytest.raises(ValueError, match=f"codings have no column {column}"):
        cooccurrence(Corpus(codings=codings.drop(columns=column)), "overlap")


def test_half_a_character_and_overlapping_passages_are_refused() -> None:
    codings, passages = presence([(1, 1), (1, 0)])
    with pytest.raises(ValueError, match="whole numbers"):
        cooccurrence(Corpus(codings=codings.assign(start=0.5)), "overlap")
    with pytest.raises(ValueError, match="overlap in source s0"):
        cooccurrence(
            Corpus(passages=pd.concat([passages, passages.iloc[:1]]), codings=codings), "passage"
        )


@pytest.mark.parametrize(("start", "end"), [(-6, -2), (4, 3)])
def test_places_outside_every_text_are_refused(start: int, end: int) -> None:
    _, sources, passages = study()
    codings = codings_of(("2", start, end, "7"))
    for measure in (
        lambda: code_by_source(Corpus(sources=sources, passages=passages, codings=codings)),
        lambda: cooccurrence(Corpus(passages=passages, codings=codings), "passage"),
        lambda: cooccurrence_test(Corpus(passages=passages, codings=codings), "overlap"),
    ):
        with pytest.raises(ValueError, match="1 of 1 rows of codings begin before 0, or end"):
            measure()


def test_passages_without_their_words_or_text_are_refused() -> None:
    codings, sources, passages = study()
    with pytest.raises(ValueError, match="1 of 4 rows of passages have no words"):
        code_frequencies(
            Corpus(
                sources=sources, passages=passages.assign(words=[np.nan, 1, 1, 1]), codings=codings
            )
        )
    gap = passages.assign(text=[None, "three four", "five six", "one nine"])
    for measure in (
        lambda: code_frequencies(Corpus(sources=sources, passages=gap, codings=codings)),
        lambda: cooccurrence(Corpus(passages=gap, codings=codings), "overlap"),
        lambda: concordance(Corpus(passages=gap), "one"),
        lambda: disagreements(Corpus(passages=gap, codings=codings), "A", "B"),
    ):
        with pytest.raises(ValueError, match="1 of 4 rows of passages have no text"):
            measure()


def test_a_source_listed_twice_is_named() -> None:
    codings, sources, passages = study()
    twice = pd.concat([sources, sources.iloc[1:2]])
    for measure in (
        lambda: code_frequencies(Corpus(sources=twice, passages=passages, codings=codings)),
        lambda: contrast(Corpus(sources=twice, passages=passages, codings=codings), "role"),
        lambda: accumulation(Corpus(sources=twice, codings=codings)),
        lambda: cooccurrence_test(
            Corpus(sources=twice, passages=passages, codings=codings), "passage"
        ),
        lambda: agreement_by_code(Corpus(sources=twice, codings=codings), passages),
    ):
        with pytest.raises(ValueError, match="sources list more than once: 2"):
            measure()


def test_a_code_without_a_name_and_a_group_that_is_a_column_are_refused() -> None:
    codings, sources, passages = study()
    with pytest.raises(ValueError, match="1 of 2 codes have no name"):
        code_frequencies(
            Corpus(
                sources=sources,
                passages=passages,
                codes=pd.DataFrame({"code": ["7", None]}),
                codings=codings,
            )
        )
    with pytest.raises(ValueError, match="by segments: so is a column of the result called"):
        code_frequencies(
            Corpus(sources=sources.assign(segments="x"), passages=passages, codings=codings),
            "segments",
        )


def test_draws_and_levels_that_make_no_sense_are_refused() -> None:
    codings, sources, passages = study()
    for measure in (
        lambda **how: contrast(
            Corpus(sources=sources, passages=passages, codings=codings), "role", **how
        ),
        lambda **how: cooccurrence_test(
            Corpus(passages=passages, codings=codings), "passage", **how
        ),
        lambda **how: accumulation(Corpus(sources=sources, codings=codings), **how),
    ):
        with pytest.raises(ValueError, match="at least 1 draw"):
            measure(n=0)
        with pytest.raises(ValueError, match="level is 95: a share between 0 and 1"):
            measure(level=95)
    for measure in (
        lambda **how: rate_range(
            Corpus(sources=sources, passages=passages, codings=codings), **how
        ),
        lambda **how: agreement_by_code(Corpus(codings=codings), passages, **how),
    ):
        with pytest.raises(ValueError, match="level is 95: a share between 0 and 1"):
            measure(level=95)
    with pytest.raises(ValueError, match="a whole number"):
        cooccurrence(Corpus(passages=passages, codings=codings), "window", 2.5)  # type: ignore[arg-type]


def test_one_case_has_no_range() -> None:
    codings, sources, passages = study()
    with pytest.warns(UndefinedMeasure, match="no range of rates: it needs at least 2"):
        rates = rate_range(
            Corpus(sources=sources, passages=passages, codings=codings), "role"
        ).set_index("role")
    assert rates.loc["y", ["pooled_lower", "mean_upper"]].isna().all(axis=None)
    assert rates.loc["x", "pooled_lower"].notna().all()
    with pytest.warns(UndefinedMeasure, match="no range of alpha"):
        compared = agreement_by_code(
            Corpus(sources=sources.assign(case_id="c"), codings=codings), passages
        )
    assert compared[["lower", "upper"]].isna().all(axis=None)
    assert compared["alpha"].notna().any()


def test_an_empty_passage_in_a_span_is_not_touched() -> None:
    passages = passages_of(("s", "xxxx"), ("s", ""), ("s", "yyyy"))
    codings = codings_of(("s", 0, 10, "a"), ("s", 2, 9, "b"))
    row = pair(cooccurrence(Corpus(passages=passages, codings=codings), "passage"))
    assert row[["n_a", "n_b", "n_ab", "n_units"]].tolist() == [2, 2, 2, 3]
    asked = passages.assign(voice=["interviewer", "participant", "interviewer"])
    assert (
        cooccurrence(Corpus(passages=asked, codings=codings), "passage", codes=["a", "b"])[
            "n_a"
        ].item()
        == 0
    )


def test_passages_in_order_without_numbers_or_with_numbers_as_text() -> None:
    lines = [(1, 0)] + [(0, 0)] * 9 + [(0, 1), (1, 0)]
    codings, passages = presence(lines)
    plain = cooccurrence(Corpus(passages=passages, codings=codings), "window", 2)
    assert plain["n_ab"].item() == 1
    text = passages.assign(passage=passages["passage"].astype(str)).iloc[::-1]
    for table in (text, text.drop(columns="passage")):
        pd.testing.assert_frame_equal(
            cooccurrence(Corpus(passages=table, codings=codings), "window", 2), plain
        )


def test_overlapping_units_are_refused_and_empty_ones_not_rated() -> None:
    codings = codings_of(("s", 2, 9, "a", "A"), ("s", 0, 3, "a", "B"))
    units = pd.DataFrame({"source_id": "s", "start": [0, 5, 5], "end": [5, 5, 12]})
    rated = ratings(Corpus(codings=codings), "a", units).to_numpy()
    assert rated[[0, 2]].tolist() == [[1, 1], [1, 0]]
    assert np.isnan(rated[1]).all()
    assert code_sets(Corpus(codings=codings), units).iloc[1].isna().all()
    for overlapping in ([(0, 20), (2, 4), (6, 9)], [(0, 5), (4, 9)]):
        units = pd.DataFrame([("s", *unit) for unit in overlapping], columns=list(units))
        with pytest.raises(ValueError, match="overlap in source s"):
            ratings(Corpus(codings=codings), "a", units)


def test_sources_without_any_date_stand_in_their_own_order() -> None:
    codings, sources, _ = study()
    dated = accumulation(Corpus(sources=sources, codings=codings), n=5)
    for undated in (sources.drop(columns="date"), sources.assign(date="unknown")):
        with pytest.warns(UserWarning, match="no date of any source"):
            table = accumulation(Corpus(sources=undated, codings=codings), n=5)
        pd.testing.assert_frame_equal(table.drop(columns="date"), dated.drop(columns="date"))
    empty = codings_of(("1", 3, 3, "9"))
    more = accumulation(Corpus(sources=sources, codings=pd.concat([codings, empty])), n=5)
    pd.testing.assert_frame_equal(more, dated)


def test_groups_of_words_as_a_series() -> None:
    _, _, passages = study()
    group = pd.Series({"1": "x", "2": "x", "3": "y"})
    options = {"least": 1, "leave_out": []}
    pd.testing.assert_frame_equal(
        distinctive_words(Corpus(passages=passages), group, **options),
        distinctive_words(Corpus(passages=passages), group.to_dict(), **options),
    )


def test_one_bare_code_is_refused_not_read_letter_by_letter() -> None:
    codings, sources, passages = study()
    corpus = Corpus(sources, passages, codings=codings)
    for measure in (
        lambda codes: cooccurrence(corpus, "passage", codes=codes),
        lambda codes: cooccurrence_test(corpus, "passage", codes=codes),
        lambda codes: contrast(corpus, "role", codes=codes),
        lambda codes: code_sets(corpus, codes=codes),
        lambda codes: agreement_by_code(corpus, codes=codes),
        lambda codes: disagreements(corpus, "A", "B", codes),
        lambda codes: u_alpha_by_code(corpus, codes),
        lambda codes: distinctive_words_of_codes(corpus, codes),
    ):
        with pytest.raises(ValueError, match=r"codes is the one text '78': give a list"):
            measure("78")
    with pytest.raises(ValueError, match="voices is the one text"):
        Corpus(sources, passages, voices="participant")
    with pytest.raises(ValueError, match="source_ids is the one text"):
        corpus.of_sources("12")


@pytest.mark.parametrize("words", [-1, np.inf, -np.inf, np.nan])
def test_words_that_are_no_number_of_words_are_refused(words: float) -> None:
    codings, sources, passages = study()
    corpus = Corpus(sources, passages.assign(words=float(words)), codings=codings)
    for measure in (
        code_frequencies,
        code_by_source,
        rate_range,
        lambda each: contrast(each, "role", minimum_group=1, n=5),
        lambda each: cooccurrence_test(each, "passage", "words", within_coder=False, n=5),
    ):
        with pytest.raises(ValueError, match=r"rows of passages have (no )?words"):
            measure(corpus)


def test_what_is_coded_beyond_its_text_covers_no_more_than_all_of_it() -> None:
    passages = passages_of(("s", "x" * 39))
    table = coverage(Corpus(passages=passages, codings=codings_of(("s", 0, 40, "a"))))
    assert table[["begins", "ends", "end"]].to_numpy().tolist() == [[0, 1, 39]]
