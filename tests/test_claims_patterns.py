"""Expectations get the pattern that the rule says, from figures that others confirm."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import claims_fixture as made
import numpy as np
import pandas as pd
import pytest
from claims_fixture import CHARITY, COUNCIL, choices
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.claims import (
    RULE,
    cases,
    claim_patterns,
    evaluate,
    read_claims,
)
from analysis.claims.material import Material
from analysis.claims.measured import Measured
from analysis.claims.rule import coded_pattern
from analysis.claims.terms import OPEN, TOO_FEW, UNTOLD
from analysis.corpus import Corpus, counted_voices
from analysis.measures.cooccurrence import cooccurrence_test

Placed = list[tuple[str, int, str]]


def patterns(folder: Path, expectation: str, placed: Placed, **changed: object) -> pd.Series:
    claims = read_claims(made.written(folder, made.claim("claimed", expectation)), made.CODES)
    table = evaluate(
        claims,
        Corpus(
            sources=made.sources(),
            passages=made.passages(),
            codes=made.CODES,
            codings=made.codings(placed),
            voices=counted_voices(interviewer_speech=choices(**changed).interviewer_speech),
        ),
        choices(**changed),
    )
    assert len(table) == 1
    return table.iloc[0]


def carried(names: list[str], code: str = "tie/old", number: int = 1) -> Placed:
    return [(name, number, code) for name in names]


def test_prevalence_counts_cases_and_turns_when_the_coding_does(tmp_path: Path) -> None:
    enough = patterns(tmp_path, made.PREVALENCE, carried(CHARITY[:5]) + carried(COUNCIL))
    assert (enough["pattern"], enough["n"], enough["n_of"]) == ("present", 5, 8)
    assert enough["sentence"] == "common is present."
    one_less = patterns(tmp_path, made.PREVALENCE, carried(CHARITY[:4]) + carried(COUNCIL))
    assert (one_less["pattern"], one_less["n"]) == ("absent", 4)
    assert one_less["effect"] == pytest.approx(-1 / 8)


@pytest.mark.parametrize("unit", ["passage", "window", "source", "overlap"])
def test_codes_meet_in_no_source_where_there_is_none_of_a_kind(tmp_path: Path, unit: str) -> None:
    nowhere = made.TOGETHER.replace("codes:", "kind_of_source: unknown\n        codes:")
    found = patterns(tmp_path, nowhere, carried(CHARITY), unit=unit)
    assert found["pattern"] == TOO_FEW and np.isnan(found["p"]) and found["n"] == 0


def test_a_parent_counts_where_its_children_stand(tmp_path: Path) -> None:
    placed = carried(CHARITY[:3], "tie/old") + carried(CHARITY[2:5], "tie/new")
    assert patterns(tmp_path, made.PREVALENCE, placed)["n"] == 5


def test_interviewers_words_and_other_kinds_of_source_do_not_count(tmp_path: Path) -> None:
    placed = [*carried(CHARITY, number=3), ("doc-1", 0, "tie")]
    assert patterns(tmp_path, made.PREVALENCE, placed)["n"] == 0
    assert patterns(tmp_path, made.PREVALENCE, placed, interviewer_speech=True)["n"] == 8


def test_a_case_with_two_interviews_counts_once(tmp_path: Path) -> None:
    sources = made.sources()
    sources.loc[sources["source_id"] == "ch-2", "case_id"] = "person-ch-1"
    claims = read_claims(made.written(tmp_path, made.claim("c", made.PREVALENCE)), made.CODES)
    table = evaluate(
        claims,
        Corpus(
            sources=sources,
            passages=made.passages(),
            codes=made.CODES,
            codings=made.codings(carried(CHARITY[:5])),
        ),
        choices(),
    )
    assert (table["n"][0], table["n_of"][0]) == (4, 7)


def test_a_contrast_reads_correctly_when_it_is_reversed(tmp_path: Path) -> None:
    as_said = patterns(tmp_path, made.CONTRAST, carried(CHARITY[:7]))
    assert (as_said["pattern"], as_said["sentence"]) == ("present", "more is present.")
    assert (as_said["n"], as_said["n_of"], as_said["than_n"], as_said["than_of"]) == (7, 8, 0, 8)
    reversed_ = patterns(tmp_path, made.CONTRAST, carried(COUNCIL[:7]))
    assert (reversed_["pattern"], reversed_["sentence"]) == ("opposite", "more is opposite.")
    assert reversed_["effect"] == -as_said["effect"]
    assert reversed_["p_other"] == as_said["p"] and reversed_["p"] == pytest.approx(1.0, abs=1e-3)
    level = patterns(tmp_path, made.CONTRAST, carried(COUNCIL[:4]) + carried(CHARITY[:5]))
    assert level["pattern"] == UNTOLD
    some = patterns(tmp_path, made.CONTRAST, carried(COUNCIL[:2]) + carried(CHARITY[:5]))
    assert some["pattern"] == UNTOLD


def test_too_few_cases_are_not_compared(tmp_path: Path) -> None:
    found = patterns(tmp_path, made.CONTRAST, carried(CHARITY[:7]), minimum_group=9)
    assert found["pattern"] == TOO_FEW and np.isnan(found["q"])
    nobody = made.expectation(
        "nobody", "contrast", "code: tie", "group: charity", "than: mentioned nowhere"
    )
    assert patterns(tmp_path, nobody, carried(CHARITY))["pattern"] == TOO_FEW
    many = made.expectation("many", "prevalence", "code: tie", "group: charity", "at_least: 9")
    assert patterns(tmp_path, many, carried(CHARITY))["pattern"] == TOO_FEW


@given(st.integers(0, 8), st.integers(0, 8))
@settings(max_examples=20)
def test_the_shares_of_a_contrast_are_those_of_fishers_exact_test(a: int, b: int) -> None:
    from scipy.stats import fisher_exact, hypergeom

    group = tuple((f"a{case}", case < a) for case in range(8))
    than = tuple((f"b{case}", case < b) for case in range(8))
    contrast = made.stated("contrast")
    found = contrast.measured((group, than), choices())
    # Of the tables as far as this one, half are counted.
    at = hypergeom(16, a + b, 8).pmf(a)
    table = [[a, 8 - a], [b, 8 - b]]
    assert found.p == pytest.approx(fisher_exact(table, alternative="greater").pvalue - at / 2)
    assert found.p_other == pytest.approx(fisher_exact(table, alternative="less").pvalue - at / 2)


def test_reach_counts_from_those_that_begin(tmp_path: Path) -> None:
    begun = carried(CHARITY + COUNCIL[:2], "plan")
    few = patterns(tmp_path, made.REACH, begun + carried(CHARITY[:1], "doing"))
    assert (few["n"], few["n_of"], few["pattern"]) == (1, 10, "present")
    assert few["effect"] == pytest.approx(0.4)
    many = patterns(tmp_path, made.REACH, begun + carried(CHARITY + COUNCIL[:1], "doing"))
    assert (many["pattern"], many["n"]) == ("opposite", 9)
    eight = patterns(tmp_path, made.REACH, begun + carried(CHARITY, "doing"))
    assert eight["pattern"] == UNTOLD
    half = patterns(tmp_path, made.REACH, begun + carried(CHARITY[:5], "doing"))
    assert half["pattern"] == UNTOLD
    none = patterns(tmp_path, made.REACH, carried(CHARITY[:5], "plan"))
    assert none["pattern"] == TOO_FEW
    sources = made.REACH + "\n        unit: source"
    assert patterns(tmp_path, sources, begun)["n_of"] == 10


def both(names: list[str], shared: int) -> Placed:
    """In each source three passages with the one code and three with the other, some shared."""
    free = [1, 2, 4, 5, 7, 8, 10, 11]
    first, second = free[:3], free[3 - shared : 6 - shared]
    return [(name, number, "tie/old") for name in names for number in first] + [
        (name, number, "merit") for name in names for number in second
    ]


def test_codes_that_meet_are_together_and_not_apart(tmp_path: Path) -> None:
    placed = both(CHARITY, 3)
    together = patterns(tmp_path, made.TOGETHER, placed)
    assert (together["pattern"], together["n"], together["n_of"]) == ("present", 24, 24)
    assert together["n_sources"] == 8
    assert patterns(tmp_path, made.APART, placed)["pattern"] == "opposite"
    apart = patterns(tmp_path, made.APART, both(CHARITY, 0))
    assert (apart["pattern"], apart["effect"]) == ("present", 1.0)
    assert patterns(tmp_path, made.TOGETHER, both(CHARITY, 0))["pattern"] == "opposite"
    assert patterns(tmp_path, made.TOGETHER, both(CHARITY[:2], 3))["pattern"] == TOO_FEW


def _more(*row: object) -> Any:
    return pytest.param(*row, marks=pytest.mark.full("every null over every unit"))


@pytest.mark.parametrize(
    ("null", "unit", "window"),
    [
        ("shift", "passage", 1),
        _more("shift", "window", 3),
        _more("shuffle", "passage", 1),
        ("shuffle", "window", 3),
        _more("words", "passage", 1),
        _more("words", "window", 3),
        ("words", "overlap", 1),
        ("answers", "passage", 1),
    ],
)
@given(data=st.data())
@settings(max_examples=8)
def test_an_association_has_the_figures_of_the_cooccurrence_test(
    tmp_path_factory: pytest.TempPathFactory, null: str, unit: str, window: int, data: st.DataObject
) -> None:
    def spots(name: str) -> st.SearchStrategy[set[int]]:
        # Both codes are in the first interview, so that there is something to expect.
        least = int(name == CHARITY[0])
        return st.sets(st.sampled_from([1, 2, 4, 5, 7, 8, 10, 11]), min_size=least, max_size=6)

    placed = [
        (name, number, code)
        for name in CHARITY[:4]
        for code, numbers in (
            ("tie/old", sorted(data.draw(spots(name)))),
            ("merit", sorted(data.draw(spots(name)))),
        )
        for number in numbers
    ]
    found = patterns(
        tmp_path_factory.mktemp("study"), made.TOGETHER, placed, null=null, unit=unit, window=window
    )
    interviews = made.sources().query("kind == 'interview'")
    passages = made.passages()
    test = cooccurrence_test(
        Corpus(
            sources=interviews,
            passages=passages[passages["source_id"].isin(interviews["source_id"])],
            codings=made.codings(placed),
        ),
        unit,
        null,
        n=10,
        codes=["tie/old", "merit"],
        window=window,
    ).iloc[0]
    assert found["n"] == test["n_ab"]
    assert found["expected"] == pytest.approx(test["expected"])
    assert found["p"] == pytest.approx(test["p"], abs=1e-9)


@pytest.mark.parametrize("null", ["shift", "shuffle"])
def test_overlaps_are_expected_as_the_cooccurrence_test_draws_them(
    tmp_path: Path, null: str
) -> None:
    # The one code is rarer in all, but not in every interview: one of them moves everywhere.
    placed = [
        (name, number, code)
        for name, old, merit in zip(
            CHARITY[:4],
            ([1, 2], [4, 5], [1, 2, 4, 5], [7]),
            ([2], [4, 5, 7], [5], [7]),
            strict=True,
        )
        for code, numbers in (("tie/old", old), ("merit", merit))
        for number in numbers
    ]
    found = patterns(tmp_path, made.TOGETHER, placed, null=null, unit="overlap", resamples=4000)
    interviews = made.sources().query("kind == 'interview'")
    passages = made.passages()
    drawn = cooccurrence_test(
        Corpus(
            sources=interviews,
            passages=passages[passages["source_id"].isin(interviews["source_id"])],
            codings=made.codings(placed),
        ),
        "overlap",
        null,
        n=4000,
        codes=["tie/old", "merit"],
    ).iloc[0]
    assert found["n"] == drawn["n_ab"] > 0
    # Four standard errors of 4,000 draws, and of as many again for what claims draw.
    assert found["p"] == pytest.approx(drawn["p"], abs=0.045)
    assert found["expected"] == pytest.approx(drawn["expected"], abs=0.15)


def test_the_lower_tail_counts_what_equals_the_observed(tmp_path: Path) -> None:
    placed = both(CHARITY[:3], 1)
    found = patterns(tmp_path, made.APART, placed)
    # By hand: within each source, all shifts of one code's passages against the other's.
    here = [1, 2, 4, 5, 7, 8, 10, 11]
    first, second = {0, 1, 2}, {2, 3, 4}
    met = [len(first & {(place + by) % len(here) for place in second}) for by in range(len(here))]
    totals = [sum(turn) for turn in itertools.product(met, repeat=3)]
    assert found["p"] == pytest.approx(np.mean([total <= 3 for total in totals]))
    assert found["p_other"] == pytest.approx(np.mean([total >= 3 for total in totals]))
    assert found["p"] + found["p_other"] > 1
    assert found["expected"] == pytest.approx(np.mean(totals))


@pytest.mark.parametrize("null", ["shift", "shuffle"])
def test_overlaps_agree_with_those_drawn_by_the_measures(tmp_path: Path, null: str) -> None:
    placed = both(CHARITY[:3], 1)
    found = patterns(tmp_path, made.TOGETHER, placed, unit="overlap", null=null, resamples=4000)
    test = cooccurrence_test(
        Corpus(passages=made.passages(), codings=made.codings(placed)),
        "overlap",
        null,
        n=4000,
        seed=1,
        codes=["tie/old", "merit"],
    ).iloc[0]
    assert (found["n"], found["n_of"]) == (test["n_ab"], test["n_a"] + test["n_b"])
    assert found["expected"] == pytest.approx(test["expected"], rel=0.05)
    assert found["p"] == pytest.approx(test["p"], abs=0.04)


def test_in_whole_sources_codes_are_exchanged_among_sources(tmp_path: Path) -> None:
    from scipy.stats import hypergeom

    placed = carried(CHARITY[:6]) + carried(CHARITY[2:7], "merit")
    found = patterns(tmp_path, made.TOGETHER, placed, unit="source")
    assert (found["n"], found["n_of"], found["n_sources"]) == (4, 7, 4)
    assert found["expected"] == pytest.approx(6 * 5 / 16)
    assert found["p"] == pytest.approx(hypergeom(16, 6, 5).sf(3))
    assert found["p_other"] == pytest.approx(hypergeom(16, 6, 5).cdf(4))


def test_q_is_adjusted_over_all_that_can_be_compared(tmp_path: Path) -> None:
    path = made.written(
        tmp_path, made.claim("c", made.PREVALENCE, made.CONTRAST, made.TOGETHER, made.REACH)
    )
    table = evaluate(
        read_claims(path, made.CODES),
        Corpus(
            sources=made.sources(),
            passages=made.passages(),
            codes=made.CODES,
            codings=made.codings(both(CHARITY, 3)),
        ),
        choices(),
    ).set_index("expectation")
    p = table.loc[["more", "together"], "p"].sort_values()
    assert table.loc[p.index[0], "q"] == pytest.approx(min(4 * p.iloc[0], 2 * p.iloc[1]))
    assert table.loc[p.index[1], "q"] == pytest.approx(2 * p.iloc[1])
    assert table.loc[["common", "short"], "q"].isna().all()


def test_order_of_rows_and_of_claims_changes_nothing(tmp_path: Path) -> None:
    claims = read_claims(
        made.written(tmp_path, made.claim("a", made.CONTRAST), made.claim("b", made.TOGETHER)),
        made.CODES,
    )
    coded = made.codings(both(CHARITY, 2) + carried(COUNCIL[:3]))
    once = evaluate(
        claims,
        Corpus(sources=made.sources(), passages=made.passages(), codes=made.CODES, codings=coded),
        choices(),
    )
    mixed = [
        table.sample(frac=1, random_state=3).reset_index(drop=True)
        for table in (coded, made.sources(), made.passages())
    ]
    again = evaluate(
        claims[::-1],
        Corpus(sources=mixed[1], passages=mixed[2], codes=made.CODES, codings=mixed[0]),
        choices(),
    )
    again = again.sort_values("expectation", ignore_index=True)
    pd.testing.assert_frame_equal(once.sort_values("expectation", ignore_index=True), again)


def test_codes_read_differently_are_marked(tmp_path: Path) -> None:
    claims = read_claims(
        made.written(tmp_path, made.claim("c", made.PREVALENCE, made.TOGETHER)), made.CODES
    )
    agreement = pd.DataFrame(
        {"code": ["tie/new", "merit", "plan"], "alpha": ["0.5", "0.9", ""], "n": [1, 2, 3]}
    )
    table = evaluate(
        claims,
        Corpus(
            sources=made.sources(),
            passages=made.passages(),
            codes=made.CODES,
            codings=made.codings([]),
        ),
        choices(),
        agreement,
    )
    assert list(table["marked_codes"]) == ["tie/new", ""]


def test_without_claims_there_are_empty_tables_with_all_columns() -> None:
    table = evaluate(
        [],
        Corpus(
            sources=made.sources(),
            passages=made.passages(),
            codes=made.CODES,
            codings=made.codings([]),
        ),
        choices(),
    )
    assert table.empty and {"claim", "pattern", "sentence", "marked_codes"} <= set(table.columns)
    assert claim_patterns(table).empty and "coded_pattern" in claim_patterns(table)


def measured(effect: float, lower: float, upper: float, too_few: bool = False) -> Measured:
    return Measured(effect, lower, upper, 1, 2, too_few)


@pytest.mark.parametrize(
    ("effect", "lower", "upper", "q", "q_other", "pattern"),
    [
        (0.3, 0.1, 0.5, 0.05, 1.0, "present"),
        (0.3 - 0.1, 0.1, 0.5, 0.05, 1.0, "present"),
        (0.3, 0.0, 0.5, 0.01, 1.0, "varies"),
        (0.3, 0.1, 0.5, 0.06, 1.0, UNTOLD),
        (0.3, 0.1, 0.5, float("nan"), 1.0, UNTOLD),
        # 7 of 8 against 6 of 8 was once 'about equally'.
        (0.125, -0.25, 0.5, 0.6, 1.0, UNTOLD),
        (0.0, -0.19, 0.19, 1.0, 1.0, "absent"),
        (0.0, -0.2, 0.19, 1.0, 1.0, UNTOLD),
        (-0.3, -0.5, -0.1, 1.0, 0.01, "opposite"),
        (-0.3, -0.5, 0.0, 1.0, 0.01, "varies"),
        (0.19, 0.1, 0.5, 0.01, 1.0, UNTOLD),
        (-0.19, -0.3, -0.1, 1.0, 0.01, UNTOLD),
    ],
)
def test_the_rule(
    effect: float, lower: float, upper: float, q: float, q_other: float, pattern: str
) -> None:
    for kind in ("contrast", "association", "dissociation"):
        one, found = made.stated(kind), measured(effect, lower, upper)
        assert one.pattern_of(found, q, q_other, choices()) == pattern
    few = measured(effect, lower, upper, too_few=True)
    assert made.stated("contrast").pattern_of(few, q, q_other, choices()) == TOO_FEW


def test_where_nothing_can_move_nothing_is_told(tmp_path: Path) -> None:
    # Every answer of the study is two passages or one code fills it: nothing can be exchanged.
    placed = [(name, number, "tie/old") for name in CHARITY for number in (1, 2)]
    placed += [(name, number, "merit") for name in CHARITY for number in (1, 2)]
    found = patterns(tmp_path, made.TOGETHER, placed, null="answers")
    assert (found["effect"], found["pattern"]) == (0, UNTOLD)


def test_a_share_at_the_threshold_reaches_it() -> None:
    at = measured(0.0, 0.0, 0.0)
    reaches, stops = (made.stated("reach", direction=way) for way in ("reaches", "stops short"))
    assert reaches.pattern_of(at, 0.01, 1.0, choices()) == "present"
    assert stops.pattern_of(at, 1.0, 0.01, choices()) == "opposite"
    assert reaches.pattern_of(at, 0.06, 1.0, choices()) == UNTOLD


@pytest.mark.parametrize(
    ("found", "coded"),
    [
        (["present", "present"], "consistent"),
        (["present", TOO_FEW], "consistent"),
        (["present", "absent"], "partly consistent"),
        (["present", "varies"], "partly consistent"),
        (["present", "opposite"], "partly consistent"),
        (["absent", "varies"], "at odds"),
        (["opposite", TOO_FEW], "at odds"),
        (["varies", "varies"], UNTOLD),
        ([UNTOLD, OPEN], OPEN),
        ([TOO_FEW, TOO_FEW], UNTOLD),
        ([], UNTOLD),
    ],
)
def test_a_claims_coded_pattern(found: list[str], coded: str) -> None:
    assert coded_pattern(found) == coded


def test_a_claim_that_passages_rather_contradict_is_never_consistent() -> None:
    assert coded_pattern(["present", "present"], supports=2, contradicts=2) == "consistent"
    assert coded_pattern(["present", "present"], supports=2, contradicts=3) == "partly consistent"


def test_a_claim_says_which_expectations_are_behind_its_pattern(tmp_path: Path) -> None:
    claims = read_claims(
        made.written(tmp_path, made.claim("c", made.PREVALENCE, made.CONTRAST, made.REACH)),
        made.CODES,
    )
    table = claim_patterns(
        evaluate(
            claims,
            Corpus(
                sources=made.sources(),
                passages=made.passages(),
                codes=made.CODES,
                codings=made.codings(carried(CHARITY[:5]) + carried(COUNCIL[:5])),
            ),
            choices(),
        )
    )
    row = table.iloc[0]
    assert row["coded_pattern"] == "partly consistent"
    assert row["reason"] == f"present: common; {UNTOLD}: more; {TOO_FEW}: short"
    assert (row["n_expectations"], row["n_present"], row["n_too_few"]) == (3, 1, 1)


def test_every_case_is_there_to_be_drawn(tmp_path: Path) -> None:
    claims = read_claims(made.written(tmp_path, made.claim("c", made.CONTRAST)), made.CODES)
    material = Material.of(
        Corpus(
            sources=made.sources(),
            passages=made.passages(),
            codes=made.CODES,
            codings=made.codings(carried(CHARITY[:3]) + carried(CHARITY[:1], number=2)),
        )
    )
    table = cases(claims, material)
    assert len(table) == 16 and table["carries"].sum() == 3
    assert dict(table.groupby("side").size()) == {"charity": 8, "council": 8}
    assert table.set_index("case_id").loc["person-ch-1", "segments"] == 2


def test_the_rule_is_printed_without_a_number() -> None:
    assert RULE and not any(letter.isdigit() for letter in RULE)


@pytest.mark.parametrize("expectation", [made.PREVALENCE, made.CONTRAST, made.TOGETHER, made.REACH])
def test_no_coding_gives_no_pattern(tmp_path: Path, expectation: str) -> None:
    row = patterns(tmp_path, expectation, [])
    assert row["pattern"] == TOO_FEW
    assert row["sentence"].endswith(f"is {TOO_FEW}.")
    assert np.isnan(row["q"])


@pytest.mark.parametrize(
    ("unit", "null"),
    [
        *itertools.product(("overlap", "passage", "window"), ("shift", "shuffle", "words")),
        ("overlap", "answers"),
        ("passage", "answers"),
    ],
)
def test_a_claim_and_the_table_of_pairs_say_the_same_p(
    tmp_path: Path, unit: str, null: str
) -> None:
    together = [
        (name, at, code) for name in CHARITY[:6] for at, code in ((1, "tie/old"), (4, "merit"))
    ]
    together += [(name, 1, "merit") for name in CHARITY[:5]] + [(COUNCIL[0], 7, "tie/old")]
    corpus = Corpus(made.sources(), made.passages(), made.CODES, made.codings(together))
    chosen = choices(unit=unit, null=null)
    claims = read_claims(made.written(tmp_path, made.claim("c", made.TOGETHER)), made.CODES)
    claim = evaluate(claims, corpus, chosen).iloc[0]
    pair = cooccurrence_test(
        corpus,
        unit,
        null,
        ["merit", "tie/old"],
        chosen.seed,
        chosen.resamples,
        window=chosen.window if unit == "window" else None,
    ).iloc[0]
    assert (claim["n"], claim["expected"]) == (pair["n_ab"], pytest.approx(pair["expected"]))
    assert claim["p"] == pytest.approx(pair["p"], rel=1e-9)
    assert claim["p_error"] == pytest.approx(pair["p_error"])
    drawn = (unit, null) in (("overlap", "shuffle"), ("overlap", "answers"))
    assert (claim["p_error"] > 0) == drawn
    assert 0 < claim["p"] < 1
