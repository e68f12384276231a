"""Who put which code on which unit."""

from __future__ import annotations

import numpy as np
from measures_tables import coded_twice, codings_of, passages_of

from analysis.corpus import Corpus
from analysis.measures.ratings import code_sets, fixed_windows, ratings


def test_ratings_state_their_universe() -> None:
    codings, passages = coded_twice()
    table = ratings(Corpus(codings=codings), "x", passages)
    assert list(table.columns) == ["A", "B"]
    assert table.to_numpy()[:3].tolist() == [[1, 1], [1, 0], [0, 0]]
    assert np.isnan(table.to_numpy()[3]).tolist() == [False, True]
    windows = fixed_windows(Corpus(passages=passages), 5)
    assert len(windows) == 4
    assert ratings(Corpus(codings=codings), "x", windows)["A"].tolist() == [1, 1, 0, 1]
    assert ratings(Corpus(codings=codings), "nowhere", passages).to_numpy()[:3].sum() == 0


def test_parents_are_rated_by_their_children() -> None:
    passages = passages_of(("s", "aaaa"))
    codings = codings_of(("s", 0, 4, "p/x", "A"), ("s", 0, 4, "p/y", "B"))
    assert ratings(Corpus(codings=codings), "p", passages).to_numpy().tolist() == [[1, 1]]
    assert ratings(Corpus(codings=codings), "p/x", passages).to_numpy().tolist() == [[1, 0]]
    sets = code_sets(Corpus(codings=codings), passages)
    assert sets.iloc[0].tolist() == [frozenset({"p/x"}), frozenset({"p/y"})]


def test_an_empty_span_rates_no_unit() -> None:
    codings = codings_of(("s", 1, 1, "a", "A"), ("s", 4, 6, "a", "A"), ("s", 0, 2, "a", "B"))
    units = passages_of(("s", "xxx"), ("s", "yyy"))
    assert ratings(Corpus(codings=codings), "a", units).to_numpy().tolist() == [[0, 1], [1, 0]]
