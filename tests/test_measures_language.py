from __future__ import annotations

import pytest
from measures_tables import codings_of, passages_of

from analysis.corpus import Corpus
from analysis.measures.language import (
    collocations,
    concordance,
    distinctive_words,
    distinctive_words_of_codes,
)


def test_concordance_finds_words_not_parts() -> None:
    passages = passages_of(
        ("s1", "The plan is the Plan, not planning."), ("s1", "A plan?", "interviewer")
    )
    table = concordance(Corpus(passages=passages), "plan", 4)
    assert table[["start", "left", "word", "right"]].to_numpy().tolist() == [
        [4, "The ", "plan", " is "],
        [16, "the ", "Plan", ", no"],
    ]
    assert concordance(Corpus(passages=passages), "plan*")["word"].tolist() == [
        "plan",
        "Plan",
        "planning",
    ]
    with pytest.raises(ValueError, match="needs a word"):
        concordance(Corpus(passages=passages), "*")


def test_concordance_finds_words_side_by_side() -> None:
    passages = passages_of(
        ("s1", "A trusted adult. Adults they trusted, adults’ trust."),
        ("s2", "trusted"),
        ("s2", "adult"),
    )
    assert concordance(Corpus(passages=passages), "Trusted adult")["word"].tolist() == [
        "trusted adult"
    ]
    table = concordance(Corpus(passages=passages), " trust*  adult* ", 3)
    assert table[["start", "end", "left", "word", "right"]].to_numpy().tolist() == [
        [2, 15, "A ", "trusted adult", ". A"],
        [29, 44, "ey ", "trusted, adults", "’ t"],
    ]
    assert len(concordance(Corpus(passages=passages), "they * adults")) == 1
    with pytest.raises(ValueError, match="needs a word"):
        concordance(Corpus(passages=passages), " * *")


def test_collocations_stay_within_passages() -> None:
    text = "mental health services want mental health money"
    passages = passages_of(("s1", text), ("s2", text), ("s2", "health mental"))
    table = collocations(Corpus(passages=passages), least=3)
    assert table.loc[0, ["word_a", "word_b", "count", "sources"]].tolist() == [
        "mental",
        "health",
        4,
        2,
    ]
    # The last word of one passage and the first of the next are no pair.
    assert not ((table["word_a"] == "money") & (table["word_b"] == "mental")).any()
    assert (
        collocations(Corpus(passages=passages), score="pmi", least=1, leave_out=["health"])[
            "word_b"
        ]
        .ne("health")
        .all()
    )
    with pytest.raises(ValueError, match="score is one of"):
        collocations(Corpus(passages=passages), score="chi")  # type: ignore[arg-type]


def test_words_that_set_groups_apart() -> None:
    passages = passages_of(("s1", "budget " * 9 + "care"), ("s2", "listening " * 9 + "care"))
    table = distinctive_words(
        Corpus(passages=passages), {"s1": "commissioner", "s2": "third sector"}, least=2
    )
    best = table.groupby("group").first()
    assert best["word"].to_dict() == {"commissioner": "budget", "third sector": "listening"}
    assert best["sources"].tolist() == [1, 1]
    even = table[table["word"] == "care"]["z"]
    assert even.tolist() == pytest.approx([0, 0])
    with pytest.raises(ValueError, match="two groups"):
        distinctive_words(Corpus(passages=passages), {"s1": "commissioner"})


def test_words_that_set_codes_apart() -> None:
    passages = passages_of(("s1", "money money money money people people people people"))
    codings = codings_of(("s1", 0, 23, "funding"), ("s1", 6, 23, "funding"))
    table = distinctive_words_of_codes(
        Corpus(passages=passages, codings=codings), least=2
    ).set_index("word")
    assert table.loc["money", ["count", "count_elsewhere"]].tolist() == [4, 0]
    assert table.loc["money", "z"] > 0 > table.loc["people", "z"]
