from __future__ import annotations

import itertools
from math import comb

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from measures_tables import codings_of, passages_of, sources_of
from scipy.stats import fisher_exact

from analysis.corpus import Corpus
from analysis.measures.contrasts import contrast, share_tail, weighted_log_odds


def study(
    counts: list[int], words: list[int], roles: str, kind: str = "interview"
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return codings, sources, passages: one source a case, so many segments in so many words."""
    names = [f"s{number:02d}" for number in range(len(counts))]
    rows = [
        (name, at, at + 1, "x") for name, n in zip(names, counts, strict=True) for at in range(n)
    ]
    passages = passages_of(*((name, "w" * 50) for name in names))
    passages["words"] = words
    triples = [(name, "c" + name, role) for name, role in zip(names, roles, strict=True)]
    return codings_of(*rows), sources_of(*triples, kind=kind), passages


def test_readme_example_of_log_odds() -> None:
    """fightin_words: 'the quick brown fox …' against 'the lazy purple pig …', a = .05."""
    one = ["the", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "pig"]
    two = ["the", "lazy", "purple", "pig", "jumps", "over", "the", "lazier", "donkey"]
    vocabulary = sorted({*one, *two})
    table = weighted_log_odds(
        [one.count(word) for word in vocabulary], [two.count(word) for word in vocabulary], 0.05
    ).set_index(pd.Index(vocabulary))
    assert table.loc["brown", "z"] == pytest.approx(0.6894227886807968)
    assert table.loc["purple", "z"] == pytest.approx(-0.6894227886807968)
    assert table.loc["the", "z"] == 0
    with pytest.raises(ValueError, match="positive"):
        weighted_log_odds([1], [1], 0)


@given(st.integers(1, 6), st.integers(1, 6), st.data())
def test_share_p_by_every_rearrangement(size_a: int, size_b: int, data: st.DataObject) -> None:
    carried = np.array(
        data.draw(st.lists(st.booleans(), min_size=size_a + size_b, max_size=size_a + size_b))
    )
    total = size_a + size_b

    def difference(group: tuple[int, ...]) -> float:
        inside = np.isin(np.arange(total), group)
        return abs(carried[inside].mean() - carried[~inside].mean())

    observed = difference(tuple(range(size_a)))
    far = [
        difference(each) >= observed - 1e-12
        for each in itertools.combinations(range(total), size_a)
    ]
    p = share_tail(np.array([carried.sum()]), np.array([carried[:size_a].sum()]), size_a, total)
    assert p[0] == pytest.approx(np.mean(far))


@pytest.mark.parametrize(
    ("carrying", "carrying_a", "size_a"), [(8, 6, 8), (1_600, 820, 4_000), (1_600, 1_000, 4_000)]
)
def test_share_p_with_equal_groups_is_fishers(carrying: int, carrying_a: int, size_a: int) -> None:
    p = share_tail(np.array([carrying]), np.array([carrying_a]), size_a, 2 * size_a)
    carry = [carrying_a, carrying - carrying_a]
    fishers = fisher_exact([carry, [size_a - carry[0], size_a - carry[1]]]).pvalue
    assert p[0] == pytest.approx(fishers, rel=1e-9)


def test_rate_p_is_exact_for_few_cases() -> None:
    counts, words = [5, 7, 3, 9, 4, 6, 1, 0, 2, 3, 1, 2], [900, 800, 700, 950, 600, 900] * 2
    codings, sources, passages = study(counts, words, "aaaaaabbbbbb")
    row = contrast(Corpus(sources=sources, passages=passages, codings=codings), "role").iloc[0]
    assert row[["cases_a", "n_cases_a", "cases_b", "n_cases_b"]].tolist() == [6, 6, 5, 6]
    n, w = np.array(counts), np.array(words)

    def difference(group: tuple[int, ...]) -> float:
        inside = np.isin(np.arange(12), group)
        return 1000 * (n[inside].sum() / w[inside].sum() - n[~inside].sum() / w[~inside].sum())

    every = [abs(difference(each)) for each in itertools.combinations(range(12), 6)]
    observed = difference(tuple(range(6)))
    assert row["rate_difference"] == pytest.approx(observed)
    assert row["p"] == pytest.approx(np.mean(np.array(every) >= abs(observed) - 1e-9))
    assert row["lower"] <= row["rate_difference"] <= row["upper"]
    assert row["q"] == row["p"]
    drawn = contrast(
        Corpus(sources=sources, passages=passages, codings=codings),
        "role",
        n=comb(12, 6) - 1,
        seed=1,
    ).iloc[0]
    assert drawn["p"] == pytest.approx(row["p"], abs=0.02)


def test_small_groups_are_not_compared() -> None:
    codings, sources, passages = study([3] * 11, [100] * 11, "aaaaaabbbbb")
    row = contrast(Corpus(sources=sources, passages=passages, codings=codings), "role").iloc[0]
    assert row["note"] == "too few cases to compare"
    assert row[["cases_a", "cases_b", "rate_a"]].tolist() == [6, 5, 30.0]
    assert row[["p", "q", "share_difference", "rate_difference", "lower"]].isna().all()
    assert (
        contrast(
            Corpus(sources=sources, passages=passages, codings=codings), "role", minimum_group=5
        ).iloc[0]["note"]
        == ""
    )


def test_cases_in_both_groups_are_not_rearranged() -> None:
    codings, sources, passages = study([2] * 12, [100] * 12, "aaaaaabbbbbb")
    sources["case_id"] = ["p0", *sources["case_id"][1:11], "p0"]
    assert (
        contrast(Corpus(sources=sources, passages=passages, codings=codings), "role").iloc[0][
            "note"
        ]
        == "cases in both groups"
    )


def test_rates_are_not_compared_across_kinds() -> None:
    codings, sources, passages = study([2] * 6 + [0] * 6, [100] * 12, "aaaaaabbbbbb")
    sources["kind"] = ["interview"] * 6 + ["document"] * 6
    row = contrast(
        Corpus(sources=sources, passages=passages, codings=codings), ["kind", "role"]
    ).iloc[0]
    assert (row["group_a"], row["group_b"]) == ("document, b", "interview, a")
    assert row[["rate_a", "rate_difference", "p", "q"]].isna().all()
    assert row["share_difference"] == -1
    assert row["p_share"] == pytest.approx(2 / comb(12, 6))


def test_order_and_seed() -> None:
    generator = np.random.default_rng(3)
    codings, sources, passages = study(
        generator.poisson(3, 20).tolist(), generator.integers(50, 900, 20).tolist(), "ab" * 10
    )
    plain = contrast(
        Corpus(sources=sources, passages=passages, codings=codings), "role", n=300, seed=5
    )
    mixed = contrast(
        Corpus(
            sources=sources.iloc[::-1],
            passages=passages.iloc[::-1],
            codings=codings.sample(frac=1, random_state=1),
        ),
        "role",
        n=300,
        seed=5,
    )
    pd.testing.assert_frame_equal(plain, mixed)
    with pytest.raises(ValueError, match="fewer than two"):
        contrast(
            Corpus(sources=sources.assign(role="a"), passages=passages, codings=codings), "role"
        )


@pytest.mark.parametrize("codes", [["x"], ("x",)])
def test_codes_restrict_rows_and_family(codes: list[str]) -> None:
    codings, sources, passages = study(
        [3, 2, 2, 3, 1, 2, 0, 0, 1, 0, 0, 0], [50] * 12, "a" * 6 + "b" * 6
    )
    others = [codings.assign(code=code).iloc[:: step + 2] for step, code in enumerate("yz")]
    codings = pd.concat([codings, *others], ignore_index=True)
    one = contrast(
        Corpus(sources=sources, passages=passages, codings=codings), "role", n=1_000, codes=codes
    )
    every = contrast(Corpus(sources=sources, passages=passages, codings=codings), "role", n=1_000)
    assert one["code"].tolist() == ["x"]
    assert len(every) == 3
    # A family of one needs no correction.
    assert one["q"].tolist() == one["p"].tolist() == every.loc[every["code"] == "x", "p"].tolist()


def test_log_odds_know_nothing_of_interviewers_speech() -> None:
    """What touches no counted voice is in no count, so it may not move the ranking either."""
    codings, sources, passages = study([5, 3, 2, 6], [900] * 4, "xxyy")
    codings = pd.concat([codings, codings_of(("s00", 20, 30, "w"), ("s03", 20, 30, "w"))])
    asked = passages_of(*((name, "?" * 50, "interviewer") for name in sources["source_id"]))
    asked[["start", "end"]] += 60
    spans = [("s00", 60 + at, 62 + at, "y") for at in range(0, 30, 3)]
    spans += [("s03", 70, 75, "x"), ("s01", 60, 90, "z"), ("s02", 8, 8, "z")]
    more = pd.concat([codings, codings_of(*spans)])
    plain = contrast(
        Corpus(sources=sources, passages=passages, codings=codings),
        "role",
        n=20,
        codes=["x"],
        minimum_group=1,
    )
    both = pd.concat([passages, asked])
    found = contrast(
        Corpus(sources=sources, passages=both, codings=more),
        "role",
        n=20,
        codes=["x"],
        minimum_group=1,
    )
    pd.testing.assert_frame_equal(found, plain)
    assert plain["log_odds_z"].notna().all()
