from __future__ import annotations

import krippendorff
import numpy as np
import pandas as pd
import pytest
from measures_tables import coded_twice, codings_of, passages_of, sources_of

from analysis.corpus import Corpus
from analysis.measures import NothingToCompareError, UndefinedMeasure
from analysis.measures.agreement import (
    agreement_by_code,
    cohen_kappa,
    disagreements,
    gwet_ac1,
    krippendorff_alpha,
    percent_agreement,
    ratings,
)


def test_agreement_by_code_repeats_the_coefficients() -> None:
    generator = np.random.default_rng(4)
    texts = [(source, "word word") for source in "stuvwxyz" for _ in range(12)]
    passages = passages_of(*texts)
    rows = []
    for row in passages.itertuples():
        for code, chance in (("often", 0.5), ("rare", 0.02)):
            truth = generator.random() < chance
            for coder in "AB":
                if truth ^ (generator.random() < 0.04):
                    rows.append((row.source_id, row.start, row.end, code, coder))
    codings = codings_of(*rows)
    table = agreement_by_code(Corpus(codings=codings), passages).set_index("code")
    for code in ("often", "rare"):
        rated = ratings(Corpus(codings=codings), code, passages)
        row = table.loc[code]
        assert row["alpha"] == pytest.approx(krippendorff_alpha(rated))
        assert row["kappa"] == pytest.approx(cohen_kappa(rated))
        assert row["ac1"] == pytest.approx(gwet_ac1(rated, 2))
        assert row["percent_agreement"] == pytest.approx(percent_agreement(rated))
        assert row["prevalence"] == pytest.approx(np.nanmean(rated))
        assert row["lower"] <= row["alpha"] <= row["upper"]
    assert table.loc["often", "diagnosis"] == ""
    assert table.loc["rare", "diagnosis"].startswith("paradox")
    mixed = agreement_by_code(
        Corpus(codings=codings.sample(frac=1, random_state=3)), passages.iloc[::-1]
    )
    pd.testing.assert_frame_equal(mixed.set_index("code"), table)


def test_a_code_without_variation_is_undefined_not_perfect() -> None:
    passages = passages_of(("s", "aaaa"), ("s", "bbbb"))
    codings = codings_of(*(("s", 0, 9, "all", coder) for coder in "AB"))
    with pytest.warns(UndefinedMeasure, match="all"):
        table = agreement_by_code(Corpus(codings=codings), passages, codes=["all", "never"])
    assert table["alpha"].isna().all()
    assert table["diagnosis"].tolist() == ["no variation", "not used"]


def test_refusals_say_why() -> None:
    passages = passages_of(("s", "aaaa"), ("t", "bbbb"))
    apart = codings_of(("s", 0, 4, "x", "A"), ("t", 0, 4, "x", "B"))
    with pytest.raises(NothingToCompareError, match="share no text"):
        agreement_by_code(Corpus(codings=apart), passages)
    strangers = codings_of(("s", 0, 4, "Experiência", "A"), ("s", 0, 4, "995 Experiência", "B"))
    with pytest.raises(ValueError, match="share no code"):
        agreement_by_code(Corpus(codings=strangers), passages)
    with pytest.raises(ValueError, match="share no code"):
        disagreements(Corpus(codings=strangers), "A", "B")
    with pytest.raises(ValueError, match="share no text"):
        disagreements(Corpus(codings=apart.iloc[:1]), "A", "B")


def test_disagreements_side_by_side() -> None:
    codings, passages = coded_twice()
    sheet = disagreements(Corpus(passages=passages, codings=codings), "A", "B")
    assert sheet["difference"].tolist() == ["boundaries differ", "only A", "only B"]
    assert sheet["start_a"].isna().tolist() == [False, False, True]
    assert sheet["text_a"].tolist() == ["aaaa", "bbbb", ""]
    assert sheet["text_b"].tolist() == ["aaa", "", "cccc"]
    assert (sheet[["decision", "reason"]] == "").all(axis=None)
    agreed = codings_of(("s", 0, 4, "x", "A"), ("s", 0, 4, "x", "B"))
    assert disagreements(Corpus(codings=agreed), "A", "B").empty


def test_parents_of_the_codes_table_hold_their_children() -> None:
    codings = codings_of(("s", 0, 2, "peer", "A"), ("s", 0, 2, "kin", "B"), ("s", 4, 6, "kin", "A"))
    units = passages_of(("s", "xxx"), ("s", "yyy"))
    codes = pd.DataFrame({"code": ["help", "kin", "peer"], "parent": ["", "help", "help"]})
    assert ratings(Corpus(codes=codes, codings=codings), "help", units).to_numpy().tolist() == [
        [1, 1],
        [1, 0],
    ]
    table = agreement_by_code(Corpus(codes=codes, codings=codings), units).set_index("code")
    assert table.loc["help", ["applied", "agreed"]].tolist() == [2, 1]


def test_no_codes_give_an_empty_table_with_its_columns() -> None:
    codings = codings_of(("s", 0, 2, "a", "A"), ("s", 0, 2, "a", "B"), ("s", 4, 6, "b", "A"))
    units = passages_of(("s", "xxx"), ("s", "yyy"))
    full = agreement_by_code(Corpus(codings=codings), units)
    found = agreement_by_code(Corpus(codings=codings), units, codes=[])
    assert found.empty
    assert list(found.columns) == list(full.columns)


def test_units_that_no_two_coders_rated_are_refused_with_the_reason() -> None:
    passages = passages_of(("s", "aaaa"), ("t", "bbbb"))
    codings = codings_of(("s", 0, 4, "x", "A"), ("s", 0, 4, "x", "B"), ("t", 0, 4, "x", "A"))
    for units in (passages[passages["source_id"] == "t"], passages.iloc[:0]):
        with pytest.raises(NothingToCompareError, match="no unit was rated by two coders"):
            agreement_by_code(Corpus(codings=codings), units)


def test_coders_who_share_a_parent_can_be_compared() -> None:
    passages = passages_of(("s", "aaaa"), ("s", "bbbb"))
    codings = codings_of(("s", 0, 4, "p/x", "A"), ("s", 0, 4, "p/y", "B"))
    table = agreement_by_code(Corpus(codings=codings), passages).set_index("code")
    assert table.loc["p", ["applied", "agreed"]].tolist() == [1, 1]
    assert disagreements(Corpus(codings=codings), "A", "B")["difference"].tolist() == [
        "only A",
        "only B",
    ]
    codes = pd.DataFrame({"code": ["x", "y", "q"], "parent": ["q", "q", None]})
    flat = codings.assign(code=codings["code"].str[-1])
    assert agreement_by_code(Corpus(codes=codes, codings=flat), passages)["agreed"].sum() == 1
    with pytest.raises(NothingToCompareError, match="share no code"):
        agreement_by_code(Corpus(codings=flat), passages)


def ten_each(sources: list[str]) -> pd.DataFrame:
    """Ten units of ten characters in each source."""
    rows = [(name, at, at + 10) for name in sources for at in range(0, 100, 10)]
    return pd.DataFrame(rows, columns=["source_id", "start", "end"])


def x_in(source: str, coder: str, count: int) -> list[tuple[str, int, int, str, str]]:
    return [(source, 10 * at, 10 * at + 5, "x", coder) for at in range(count)]


def test_who_read_a_source_and_found_nothing_disagrees_with_who_found_much() -> None:
    """A put x on six units of s3 that B read and left: 24 of 30 agree. Of the 60 ratings 18 are x:
    alpha is 1 - (6 / 30) / (2 * 18 * 42 / (60 * 59)) = 0.5317."""
    spans = [*x_in("s1", "A", 3), *x_in("s1", "B", 3), *x_in("s2", "A", 3), *x_in("s2", "B", 3)]
    corpus = Corpus(codings=codings_of(*spans, *x_in("s3", "A", 6)))
    units = ten_each(["s1", "s2", "s3"])
    silent = agreement_by_code(corpus, units).iloc[0]
    assert (silent["n_units"], silent["alpha"]) == (20, 1.0)
    read = pd.DataFrame({"coder": ["B"], "source_id": ["s3"]})
    stated = agreement_by_code(corpus, units, readings=read).iloc[0]
    assert (stated["n_units"], stated["percent_agreement"]) == (30, pytest.approx(0.8))
    assert stated["alpha"] == pytest.approx(1 - (6 / 30) / (2 * 18 * 42 / (60 * 59)))


def test_of_a_source_read_in_part_only_that_part_and_what_was_coded_is_rated() -> None:
    corpus = Corpus(codings=codings_of(*x_in("s1", "A", 1), *x_in("s1", "B", 1)))
    read = pd.DataFrame({"coder": ["B"], "source_id": ["s1"], "start": [20], "end": [45]})
    table = ratings(corpus, "x", ten_each(["s1"]), read)
    assert table["A"].notna().all()
    assert np.flatnonzero(table["B"].notna()).tolist() == [0, 2, 3, 4]


def test_stated_readings_of_short_answers_agree_with_an_independent_library() -> None:
    """Two hundred answers, a source each; both read all, and code about a third of them."""
    chance = np.random.default_rng(7)
    truth = chance.random(200) < 0.35
    said = {coder: truth ^ (chance.random(200) < 0.06) for coder in "AB"}
    names = [f"s{number:03}" for number in range(200)]
    spans = [
        (name, 0, 9, "x", coder)
        for coder, marks in said.items()
        for name, mark in zip(names, marks, strict=True)
        if mark
    ]
    units = pd.DataFrame({"source_id": names, "start": 0, "end": 10})
    readings = pd.DataFrame([(coder, name) for coder in "AB" for name in names])
    readings.columns = pd.Index(["coder", "source_id"])
    with pytest.raises(ValueError, match="of units are of sources"):
        agreement_by_code(Corpus(codings=codings_of(*spans)), units, readings=readings)
    corpus = Corpus(
        sources=sources_of(*((name, name) for name in names)), codings=codings_of(*spans)
    )
    found = agreement_by_code(corpus, units, readings=readings).iloc[0]
    marks = np.array([said["A"], said["B"]], dtype=float)
    expected = krippendorff.alpha(reliability_data=marks, level_of_measurement="nominal")
    assert (found["n_units"], found["alpha"]) == (200, pytest.approx(expected))
