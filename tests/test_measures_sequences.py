"""Which code follows which, by trying every step; and moving windows, by the plain loop."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from measures_tables import codings_of, sources_of

from analysis.corpus import Corpus
from analysis.measures.cooccurrence import cooccurrence
from analysis.measures.sequences import followed, stanzas

Held = dict[str, list[tuple[bool, bool]]]


def corpus_of(held: Held, words: dict[str, list[int]] | None = None) -> Corpus:
    """Codes a and b in the passages marked, each passage 9 characters long."""
    rows = [
        (source, 10 * at, 10 * at + 9, code)
        for source, marks in held.items()
        for at, both in enumerate(marks)
        for code, there in zip("ab", both, strict=True)
        if there
    ]
    passages = pd.DataFrame(
        [
            (source, at, 10 * at, 10 * at + 9, words[source][at] if words else 1)
            for source, marks in held.items()
            for at in range(len(marks))
        ],
        columns=["source_id", "passage", "start", "end", "words"],
    )
    return Corpus(
        sources=sources_of(*((source, source) for source in held)),
        passages=passages,
        codings=codings_of(*rows),
    )


def count(first: list[bool], then: list[bool], within: int) -> int:
    return sum(there and any(then[at + 1 : at + 1 + within]) for at, there in enumerate(first))


marks = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=5)


@settings(max_examples=15, deadline=None)
@given(one=marks, other=marks, within=st.integers(1, 3), null=st.sampled_from(["shift", "shuffle"]))
def test_what_follows_is_exact_by_every_placing(
    one: list[tuple[bool, bool]], other: list[tuple[bool, bool]], within: int, null: str
) -> None:
    held = {"s": one, "t": other}
    table = followed(corpus_of(held), within, null, codes=["a", "b"])  # type: ignore[arg-type]
    table = table.set_index(["code_a", "code_b"])
    for a, b in ((0, 1), (1, 0)):
        row = table.loc[("ab"[a], "ab"[b])]
        moves = [[both[a] for both in each] for each in held.values()]
        stays = [[both[b] for both in each] for each in held.values()]
        met = sum(count(x, y, within) for x, y in zip(moves, stays, strict=True))
        every = [
            sum(count(x, y, within) for x, y in zip(placed, stays, strict=True))
            for placed in itertools.product(*(every_placing(each, null) for each in moves))
        ]
        assert row["n_ab"] == met
        assert row["expected"] == pytest.approx(float(Fraction(sum(every), len(every))))
        used = any(map(any, moves)) and any(map(any, stays))
        share = float(Fraction(sum(each >= met for each in every), len(every)))
        assert row["p"] == pytest.approx(share if used else np.nan, nan_ok=True)


def every_placing(marks: list[bool], null: str) -> list[list[bool]]:
    """All turns of the marks, or all placings of as many."""
    if null == "shift":
        return [marks[-step:] + marks[:-step] for step in range(len(marks))]
    chosen = itertools.combinations(range(len(marks)), sum(marks))
    return [[at in those for at in range(len(marks))] for those in chosen]


@settings(max_examples=15, deadline=None)
@given(
    one=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=6),
    within=st.integers(1, 3),
    asked=st.sampled_from([None, 1, 3]),
    data=st.data(),
)
def test_by_words_it_is_exact_by_every_step_of_a_word(
    one: list[tuple[bool, bool]], within: int, asked: int | None, data: st.DataObject
) -> None:
    """Round the source; or, where a question comes before passage `asked`, by whole passages round
    each answer."""
    words = data.draw(st.lists(st.integers(1, 4), min_size=len(one), max_size=len(one)))
    corpus = corpus_of({"s": one}, {"s": words})
    if asked:
        numbers = corpus.passages["passage"] + (corpus.passages["passage"] >= asked)
        corpus = replace(corpus, passages=corpus.passages.assign(passage=numbers))
    row = followed(corpus, within, "answers" if asked else "words", codes=["a", "b"]).iloc[0]
    words = [1] * len(one) if asked else words
    before = np.cumsum(words) - words
    where = [at for at, length in enumerate(words) for _ in range(length)]
    then = [both[1] for both in one]
    # The middle word of a passage that is coded throughout.
    middles = [int(before[at]) + int(words[at] * 4.5 / 9) for at, both in enumerate(one) if both[0]]
    border = sum(words[:asked]) if asked else 0
    parts = [(0, border), (border, sum(words))]
    every = []
    for steps in itertools.product(*(range(max(end - begin, 1)) for begin, end in parts)):
        landed = [
            where[begin + (middle - begin + step) % (end - begin)]
            for (begin, end), step in zip(parts, steps, strict=True)
            for middle in middles
            if begin <= middle < end
        ]
        # Two in one passage are two.
        every.append(sum(any(then[at + 1 : at + 1 + within]) for at in landed))
    assert row["expected"] == pytest.approx(float(np.mean(every)))
    if any(then) and middles:
        assert row["p"] == pytest.approx(np.mean(np.array(every) >= row["n_ab"]))


@settings(max_examples=10, deadline=None)
@given(one=marks, other=marks, window=st.integers(1, 4))
def test_windows_of_all_cases_together_are_those_of_cooccurrence(
    one: list[tuple[bool, bool]], other: list[tuple[bool, bool]], window: int
) -> None:
    corpus = corpus_of({"s": one, "t": other})
    vectors = stanzas(corpus, window, ["a", "b"])
    assert vectors["case_id"].tolist() == ["s", "t"]
    whole = cooccurrence(corpus, "window", window, within_coder=False, codes=["a", "b"])
    assert vectors["a & b"].sum() == whole["n_ab"].item()


def test_what_cannot_be_asked_is_refused() -> None:
    corpus = corpus_of({"s": [(True, True)]})
    for wrong in (
        lambda: followed(corpus, 0),
        lambda: followed(corpus, null="swap"),  # type: ignore[arg-type]
        lambda: stanzas(corpus, 0),
        lambda: stanzas(Corpus(codings=corpus.codings), 2),
    ):
        with pytest.raises(ValueError):
            wrong()


# Codes of each passage, source by source; s and u are of one case.
SAID = {
    "s": ["a", "bc", "", "d", "ab", "c", "", "", "abd", "c"],
    "t": ["", "d", "a", "", "", "c", "bd", "a", "a", ""],
    "u": ["b", "", "", "c", "acd", "", "b", "d"],
}
PAIRS = ["a & b", "a & c", "b & c", "a & d", "b & d", "c & d"]


@pytest.mark.parametrize(
    ("window", "one", "two"),
    [
        (1, [2, 1, 1, 2, 1, 1], [0, 0, 0, 0, 1, 0]),
        (2, [3, 4, 3, 3, 3, 2], [1, 0, 1, 2, 1, 1]),
        (4, [4, 6, 7, 5, 5, 6], [2, 3, 1, 3, 1, 1]),
    ],
)
def test_windows_are_those_of_pyena(window: int, one: list[int], two: list[int]) -> None:
    """pyena 0.2.0, verified against rENA 0.3.1: `ref_window_df` (window_size as here, binary) of
    each source's 0 and 1 by passage and code, summed over passages and over the sources of a case;
    run once outside, for it brings more than a test may ask for."""
    rows = [
        (source, 10 * at, 10 * at + 9, code)
        for source, passages in SAID.items()
        for at, codes in enumerate(passages)
        for code in codes
    ]
    passages = pd.DataFrame(
        [(name, 10 * at, 10 * at + 9) for name, said in SAID.items() for at in range(len(said))],
        columns=["source_id", "start", "end"],
    )
    corpus = Corpus(
        sources=sources_of(("s", "one"), ("t", "two"), ("u", "one")),
        passages=passages,
        codings=codings_of(*rows),
    )
    found = stanzas(corpus, window).set_index("case_id")[PAIRS]
    assert found.loc[["one", "two"]].to_numpy().tolist() == [one, two]
