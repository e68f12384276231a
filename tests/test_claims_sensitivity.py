"""Expectations again under other choices: enough variants, fast, and honest about what differs."""

from __future__ import annotations

import importlib
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import claims_fixture as made
import numpy as np
import pandas as pd
import pytest
from claims_fixture import CHARITY, COUNCIL, choices

from analysis.claims import (
    distinct,
    evaluate,
    read_claims,
    sensitivity,
    turning,
)
from analysis.claims.sensitivity import NOTICE, notice
from analysis.corpus import Corpus, counted_voices
from analysis.study.coders import chosen_codings
from analysis.workers.pools import work_with

ALL = made.claim("c", made.PREVALENCE, made.CONTRAST, made.TOGETHER, made.APART, made.REACH)
FREE = [1, 2, 4, 5, 7, 8, 10, 11]


def placed(seed: int = 0, names: list[str] = CHARITY + COUNCIL) -> list[tuple[str, int, str]]:
    random = np.random.default_rng(seed)
    return [
        (name, number, code)
        for name in names
        for code in ("tie/old", "tie/new", "merit", "plan", "doing")
        for number in sorted(
            random.choice(made.PASSAGES, size=random.integers(0, 4), replace=False)
        )
    ]


def run(folder: Path, coded: pd.DataFrame, *claims: str, **changed: object) -> pd.DataFrame:
    listed = read_claims(made.written(folder, *(claims or (ALL,))), made.CODES)
    return sensitivity(
        listed,
        Corpus(sources=made.sources(), passages=made.passages(), codes=made.CODES, codings=coded),
        choices(**changed),
    )


@pytest.fixture(scope="module")
def by_two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame, pd.DataFrame]:
    """The claims' folder, what two coders coded, and all variants of it."""
    folder = tmp_path_factory.mktemp("variants")
    coded = pd.concat([made.codings(placed()), made.codings(placed(1, CHARITY[:4]), "B")])
    return folder, coded, run(folder, coded)


def test_the_headline_has_the_figures_of_the_paper(
    by_two: tuple[Path, pd.DataFrame, pd.DataFrame],
) -> None:
    folder, coded, table = by_two
    claims = read_claims(folder / "claims.yml", made.CODES)
    paper = evaluate(
        claims,
        Corpus(
            sources=made.sources(),
            passages=made.passages(),
            codes=made.CODES,
            codings=chosen_codings(coded, "A", "A"),
        ),
        choices(),
    )
    shared = ["expectation", "effect", "lower", "upper", "p", "q", "pattern"]
    headline = table[table["headline"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(headline[shared], paper[shared])
    assert set(headline["variant"]) == {0}


@pytest.mark.parametrize(
    "other",
    [
        {"unit": "window"},
        {"unit": "source"},
        {"null": "shuffle"},
        {"coder": "B"},
        {"interviewer_speech": True},
    ],
)
def test_a_variant_is_what_the_paper_would_say_under_that_choice(
    by_two: tuple[Path, pd.DataFrame, pd.DataFrame], other: dict[str, object]
) -> None:
    folder, coded, table = by_two
    settings = {
        "unit": "passage",
        "null": "shift",
        "coder": "A",
        "interviewer_speech": False,
        "minimum_words": 0,
        "left_out_case": "",
        **other,
    }
    mine = table[np.logical_and.reduce([table[name] == value for name, value in settings.items()])]
    changed = choices(**other)
    paper = evaluate(
        read_claims(folder / "claims.yml", made.CODES),
        Corpus(
            sources=made.sources(),
            passages=made.passages(),
            codes=made.CODES,
            codings=chosen_codings(coded, changed.coder, "A"),
            voices=counted_voices(interviewer_speech=changed.interviewer_speech),
        ),
        changed,
    )
    shared = ["expectation", "effect", "lower", "upper", "p", "q", "pattern"]
    pd.testing.assert_frame_equal(mine[shared].reset_index(drop=True), paper[shared])


def test_leaving_out_a_case_is_never_having_asked_it(tmp_path: Path) -> None:
    table = run(tmp_path, made.codings(placed()))
    claims = read_claims(tmp_path / "claims.yml", made.CODES)
    for case in ("person-ch-3", "person-co-8", "org-1"):
        every = Corpus(made.sources(), made.passages(), made.CODES, made.codings(placed()))
        paper = evaluate(claims, every.without_case(case), choices())
        mine = table[
            (table["left_out_case"] == case)
            & (table["coder"] == "A")
            & ~table["interviewer_speech"]
            & (table["minimum_words"] == 0)
        ]
        shared = ["expectation", "effect", "lower", "upper", "p", "q", "pattern"]
        pd.testing.assert_frame_equal(mine[shared].reset_index(drop=True), paper[shared])


def test_short_spans_are_left_out(tmp_path: Path) -> None:
    coded = made.codings([(name, 1, "tie") for name in CHARITY])
    coded.loc[:3, "end"] = coded.loc[:3, "start"] + 10
    table = run(tmp_path, coded, made.claim("c", made.PREVALENCE))
    words = table[(table["left_out_case"] == "") & ~table["interviewer_speech"]]
    assert set(words.loc[words["minimum_words"] == 0, "pattern"]) == {"present"}
    assert set(words.loc[words["minimum_words"] == 5, "pattern"]) == {"absent"}
    turns = turning(table)
    assert turns[["choice", "value", "becomes"]].values.tolist() == [
        ["minimum_words", "5", "absent"]
    ]


def test_choices_that_make_no_difference_are_one_effective_choice(tmp_path: Path) -> None:
    coded = made.codings([(name, 1, code) for name in CHARITY for code in ("tie/old", "merit")])
    table = run(tmp_path, coded, made.claim("c", made.PREVALENCE, made.TOGETHER))
    # Nobody else coded, nothing was coded in interviewers' words, every span is long: one reading.
    counts = distinct(table).set_index("expectation")
    # All cases; each of the eight charity cases left out; all others make no difference.
    assert counts.loc["common", "n_distinct"] == 1 + 8
    everywhere = table[(table["left_out_case"] == "") & (table["expectation"] == "common")]
    assert everywhere["effective"].nunique() == 1 and len(everywhere) == 128
    sources = table[(table["unit"] == "source") & (table["expectation"] == "together")]
    assert sources["effective"].nunique() == 1
    assert set(sources["null"]) == {"shift", "shuffle", "words", "answers"}


def test_the_single_case_that_turns_a_pattern_is_named(tmp_path: Path) -> None:
    coded = made.codings([(name, 1, "tie") for name in CHARITY[:5]])
    turns = turning(run(tmp_path, coded, made.claim("c", made.PREVALENCE)))
    assert turns["value"].tolist() == [f"person-{name}" for name in CHARITY[:5]]
    assert set(turns["choice"]) == {"left_out_case"} and set(turns["becomes"]) == {"absent"}
    assert set(turns["through"]) == {"coding"}


def test_what_turned_a_pattern_is_told_from_what_adjusted_it() -> None:
    own = {
        "expectation": "more",
        "unit": "passage",
        "null": "shift",
        "coder": "A",
        "interviewer_speech": False,
        "minimum_words": 0,
        "left_out_case": "",
        "pattern": "present",
        "effective": "one",
        "headline": False,
    }
    variants = pd.DataFrame(
        [
            {**own, "headline": True},
            {**own, "unit": "window", "pattern": "varies"},
            {**own, "coder": "B", "pattern": "absent", "effective": "two"},
            {**own, "null": "shuffle", "effective": "three"},
            {**own, "unit": "window", "coder": "B", "pattern": "opposite", "effective": "four"},
        ]
    )
    assert turning(variants).values.tolist() == [
        ["more", "present", "unit", "window", "varies", "adjustment"],
        ["more", "present", "coder", "B", "absent", "coding"],
    ]


def test_nothing_turns_where_nothing_differs() -> None:
    empty = sensitivity(
        [],
        Corpus(
            sources=made.sources(),
            passages=made.passages(),
            codes=made.CODES,
            codings=made.codings([]),
        ),
        choices(),
    )
    assert empty.empty and turning(empty).empty and distinct(empty).empty


def demonstration_size(seed: int = 1) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Invented tables of 31 sources, about 1,900 passages and 700 codings by two coders."""
    random = np.random.default_rng(seed)
    sources, passages, codings = [], [], []
    for number in range(31):
        kind = "interview" if number < 20 else "document"
        role = "charity" if number % 2 else "council"
        name = f"s-{number:02d}"
        sources.append([name, f"case-{number:02d}", kind, role])
        length = int(random.integers(40, 80))
        start = 0
        for place in range(length):
            text = "word " * int(random.integers(4, 60))
            voice = "document" if kind == "document" else ["interviewer", "participant"][place % 2]
            passages.append(
                [name, place, start, start + len(text), "", voice, len(text.split()), text]
            )
            start += len(text) + 1
        for coder in ["A", "B"] if number % 4 == 0 else ["A"]:
            for _ in range(18):
                begin = int(random.integers(0, start - 400))
                code = random.choice(["tie/old", "tie/new", "merit", "plan", "doing"])
                end = begin + int(random.integers(10, 400))
                codings.append([name, begin, end, str(code), coder, "made", ""])
    return (
        pd.DataFrame(sources, columns=["source_id", "case_id", "kind", "role"]),
        pd.DataFrame(passages, columns=made.passages().columns),
        pd.DataFrame(codings, columns=made.codings([]).columns).drop_duplicates(),
    )


@pytest.mark.full("the size of the demonstration")
def test_two_hundred_variants_at_the_size_of_the_demonstration(tmp_path: Path) -> None:
    sources, passages, codings = demonstration_size()
    pairs = [("tie/old", "merit"), ("plan", "doing"), ("tie/new", "plan")]
    expectations = [
        made.expectation(f"pair-{place}", "association", f"codes: [{a}, {b}]")
        for place, (a, b) in enumerate(pairs)
    ]
    listed = read_claims(
        made.written(
            tmp_path,
            made.claim("cases", made.PREVALENCE, made.CONTRAST, made.REACH),
            made.claim("pairs", *expectations, made.APART),
        ),
        made.CODES,
    )
    table = sensitivity(
        listed,
        Corpus(sources=sources, passages=passages, codes=made.CODES, codings=codings),
        choices(resamples=2000),
    )
    assert table["variant"].nunique() >= 200
    assert distinct(table)["n_distinct"].sum() >= 200


class Elsewhere(ThreadPoolExecutor):
    """Works as on another machine: what is asked and what is answered travels as bytes."""

    asked = 0

    def submit(self, work: Any, /, *args: Any, **named: Any) -> Any:
        self.asked += 1
        sent = pickle.dumps((work, args, named))

        def there() -> Any:
            own, given, words = pickle.loads(sent)
            return pickle.loads(pickle.dumps(own(*given, **words)))

        return super().submit(there)


def test_it_is_done_by_whom_workers_name_and_comes_out_alike(tmp_path: Path) -> None:
    coded = pd.concat([made.codings(placed()), made.codings(placed(1, CHARITY[:4]), "B")])
    claim = made.claim("c", made.CONTRAST, made.TOGETHER)
    here = run(tmp_path, coded, claim, alternative_coders=["A", "B"])
    with Elsewhere(2) as executor, work_with(executor):
        there = run(tmp_path, coded, claim, alternative_coders=["A", "B"])
    # Two coders, interviewers' speech out and in, and two floors of words.
    assert executor.asked == 8
    pd.testing.assert_frame_equal(there, here)


def test_of_very_many_cases_none_is_left_out_and_that_is_said(
    by_two: tuple[Path, pd.DataFrame, pd.DataFrame], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, coded, before = by_two
    assert notice(before) == notice(before.iloc[:0]) == NOTICE
    monkeypatch.setattr(
        importlib.import_module("analysis.claims.sensitivity"), "LEFT_OUT_AT_MOST", 3
    )
    found = run(folder, coded)
    assert set(found["left_out_case"]) == {""}
    assert notice(found).startswith(NOTICE) and "left out" in notice(found)
