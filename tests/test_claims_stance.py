"""Presence is not stance: cases by what was judged of them, and what unread passages could change."""

from __future__ import annotations

import itertools
from pathlib import Path

import claims_fixture as made
import pandas as pd
import pytest
from claims_fixture import CHARITY, COUNCIL, choices

from analysis.claims import Material, claim_patterns, evaluate, read_claims
from analysis.claims.bounds import bounds
from analysis.claims.expectation import Group
from analysis.claims.model import Claim
from analysis.claims.reading_list import blind_list, judges, reading_list
from analysis.claims.stance import Stances, case_stances, stance_table
from analysis.claims.terms import OPEN, UNTOLD
from analysis.corpus import Corpus

#: (source, passage, what it was judged to do, by whom)
Judged = list[tuple[str, int, str, str]]


def bearings(judged: Judged, event: str = "", claim: str = "c") -> pd.DataFrame:
    rows = [(claim, *one, "all that carry", event) for one in judged]
    columns = ["claim", "source_id", "passage", "bears", "by", "chosen", "event"]
    return pd.DataFrame(rows, columns=columns)


def read(folder: Path, *expectations: str) -> list[Claim]:
    return read_claims(made.written(folder, made.claim("c", *expectations)), made.CODES)


def corpus(placed: list[tuple[str, int, str]]) -> Corpus:
    return Corpus(made.sources(), made.passages(), made.CODES, made.codings(placed))


def coded(placed: list[tuple[str, int, str]]) -> Material:
    return Material.of(corpus(placed))


def pattern(claims: list[Claim], placed: list[tuple[str, int, str]], stances: Stances) -> pd.Series:
    return evaluate(claims, corpus(placed), choices(), stances=stances).iloc[0]


EVERYBODY = [(name, 1, "tie/old") for name in CHARITY]


def test_eight_of_eight_who_mention_are_not_eight_who_affirm(tmp_path: Path) -> None:
    claims = read(tmp_path, made.PREVALENCE)
    judged = bearings(
        [(name, 1, "contradicts", "A") for name in CHARITY[:4]]
        + [(name, 1, "supports", "A") for name in CHARITY[4:6]]
        + [(CHARITY[6], 1, "qualifies", "B")]
    )
    row = pattern(claims, EVERYBODY, Stances.of(claims, judged))
    assert (row["n"], row["n_least"], row["n_most"], row["pattern"]) == (8, 2, 3, "absent")
    cases = ("affirming", "contradicting", "mixed", "unjudged", "silent", "not_asked")
    assert [row[f"cases_{name}"] for name in cases] == [2, 4, 1, 1, 0, 0]
    assert (row["n_supports"], row["n_qualifies"], row["n_contradicts"]) == (2, 1, 4)
    assert (row["n_passages"], row["n_unjudged"]) == (8, 1)
    assert (row["judged_by"], row["chosen"]) == ("A 6, B 1", "all that carry 7")


def test_what_nobody_judged_is_open_until_read(tmp_path: Path) -> None:
    claims = read(tmp_path, made.PREVALENCE)
    nothing = pattern(claims, EVERYBODY, Stances.of(claims, bearings([])))
    assert (nothing["pattern"], nothing["n_least"], nothing["n_most"]) == (OPEN, 0, 8)
    assert nothing["sentence"].startswith(
        "‘tie’ is carried by charity 8 of 8. Whether they affirm it is open"
    )
    five = bearings([(name, 1, "supports", "A") for name in CHARITY[:5]])
    assert pattern(claims, EVERYBODY, Stances.of(claims, five))["pattern"] == "present"
    four_against = bearings([(name, 1, "contradicts", "A") for name in CHARITY[:4]])
    assert pattern(claims, EVERYBODY, Stances.of(claims, four_against))["pattern"] == "absent"
    mentioned = read(tmp_path, made.PREVALENCE + "\n        counts: mentioned")
    assert pattern(mentioned, EVERYBODY, Stances.of(mentioned, four_against))["pattern"] == (
        "present"
    )


@pytest.mark.parametrize("known", range(3))
def test_whatever_unread_passages_say_the_count_stays_between(tmp_path: Path, known: int) -> None:
    claims = read(tmp_path, made.CONTRAST)
    placed = [(CHARITY[0], 1, "tie"), (CHARITY[0], 2, "tie"), (CHARITY[1], 1, "tie")]
    placed += [(COUNCIL[0], 1, "tie"), (COUNCIL[0], 2, "tie")]
    places = [(source, number) for source, number, _ in placed]
    words = ("supports", "contradicts", "qualifies")
    read_already = [(*place, word, "A") for place, word in zip(places[:known], words, strict=False)]
    own, claim, one = coded(placed), claims[0], claims[0].expectations[0]
    ends = bounds(claim, one, own, Stances.of(claims, bearings(read_already)))

    def count(groups: tuple[Group, ...], side: int) -> int:
        return sum(held for _, held in groups[side])

    reached: list[tuple[int, int]] = []
    for says in itertools.product(words, repeat=len(places) - known):
        rest = [(*place, word, "A") for place, word in zip(places[known:], says, strict=True)]
        full = bounds(claim, one, own, Stances.of(claims, bearings(read_already + rest)))
        assert full.least == full.most
        reached.append((count(full.least, 0), count(full.least, 1)))
    assert min(one for one, _ in reached) == count(ends.least, 0)
    assert max(one for one, _ in reached) == count(ends.most, 0)
    assert max(other for _, other in reached) == count(ends.least, 1)
    assert min(other for _, other in reached) == count(ends.most, 1)


def test_who_was_not_asked_leaves_the_denominator(tmp_path: Path) -> None:
    claims = read(tmp_path, made.PREVALENCE + "\n        counts: mentioned")
    cell = {"claim": "c", "theme": "c theme", "state": "not asked"}
    matrix = pd.DataFrame([cell | {"case_id": f"person-{name}"} for name in CHARITY[3:6]])
    stances = Stances.of(claims, bearings([]), matrix)
    # The fourth, whom nobody asked, mentions it all the same.
    row = pattern(claims, EVERYBODY[:4], stances)
    assert (row["n"], row["n_of"], row["cases_not_asked"], row["cases_silent"]) == (4, 6, 2, 2)


@pytest.mark.parametrize("unit", ["case", "source"])
def test_whom_nobody_asked_of_what_is_reached_leaves_the_reach(tmp_path: Path, unit: str) -> None:
    """All eight carry the first code, four the second; of the others nobody asked two of it.

    Further four, at the council, have the second alone: they are no part of the count.
    """
    reach = made.expectation(
        "far", "reach", "from: tie/old", "to: merit", "share: 0.5", f"unit: {unit}"
    )
    two = "codes: [tie/old]\n      - {name: other theme, idea: Another., codes: [merit]}"
    text = made.claim("c", reach).replace("codes: [tie/old, merit]", two)
    claims = read_claims(made.written(tmp_path, text), made.CODES)
    merit = [(name, 2, "merit") for name in (*CHARITY[:4], *COUNCIL[:4])]
    cell = {"claim": "c", "theme": "other theme", "state": "not asked"}
    asked = {"claim": "c", "theme": "c theme", "state": "said"}
    cases = [f"person-{name}" for name in CHARITY[5:7]]
    matrix = pd.DataFrame([{**each, "case_id": case} for each in (cell, asked) for case in cases])
    judged = bearings([(CHARITY[0], 2, "supports", "A"), (COUNCIL[0], 2, "contradicts", "A")])
    row = pattern(claims, EVERYBODY + merit, Stances.of(claims, judged, matrix))
    assert (row["n"], row["n_of"], row["cases_not_asked"], row["cases_silent"]) == (4, 6, 2, 2)
    assert (row["n_passages"], row["n_supports"], row["n_contradicts"]) == (4, 1, 0)


def test_sources_of_whom_nobody_asked_do_not_make_codes_meet(tmp_path: Path) -> None:
    """8 of the charity carry the one code and 4 the other; of the council nobody was asked.

    Over all 16 interviews 8 · 4 / 16 would meet; of the 8 that can tell 8 · 4 / 8.
    """
    together = f"{made.TOGETHER}\n        unit: source"
    claims = read(tmp_path, together)
    placed = EVERYBODY + [(name, 2, "merit") for name in CHARITY[:4]]
    cell = {"claim": "c", "theme": "c theme", "state": "not asked"}
    matrix = pd.DataFrame([cell | {"case_id": f"person-{name}"} for name in COUNCIL])
    everybody, those_asked = (
        pattern(claims, placed, Stances.of(claims, bearings([]), cells)) for cells in (None, matrix)
    )
    assert (everybody["n"], everybody["expected"]) == (4, pytest.approx(2))
    assert (those_asked["n"], those_asked["expected"]) == (4, pytest.approx(4))


def test_one_event_counts_once(tmp_path: Path) -> None:
    claims = read(tmp_path, made.PREVALENCE)
    judged = pd.concat(
        [
            bearings([(name, 1, "supports", "A") for name in CHARITY[:2]], event="the fire"),
            bearings([(name, 1, "supports", "A") for name in CHARITY[2:]]),
        ]
    )
    row = pattern(claims, EVERYBODY, Stances.of(claims, judged))
    assert (row["n_least"], row["n_most"]) == (7, 7)


def test_one_event_counts_once_however_it_is_judged_and_where_mention_counts(
    tmp_path: Path,
) -> None:
    claims = read(tmp_path, made.PREVALENCE + "\n        counts: mentioned")
    fire = [("supports", CHARITY[0]), ("contradicts", CHARITY[1]), ("does not bear", CHARITY[2])]
    judged = pd.concat(
        [
            bearings([(name, 1, bears, "A") for bears, name in fire], event="the fire"),
            # A second judge need not name the event again.
            bearings([(CHARITY[0], 1, "supports", "B")]),
        ]
    )
    row = pattern(claims, EVERYBODY, Stances.of(claims, judged))
    assert (row["n"], row["n_of"], row["n_least"], row["n_most"]) == (6, 8, 6, 6)
    # Who has another passage stands for themselves.
    more = pattern(claims, [*EVERYBODY, (CHARITY[1], 2, "tie")], Stances.of(claims, judged))
    assert more["n"] == 7
    affirmed = read(tmp_path, made.PREVALENCE)
    twice = pd.concat(
        [
            bearings([(name, 1, "supports", "A") for name in CHARITY[:2]], event="the fire"),
            bearings([(name, 1, "supports", "B") for name in CHARITY]),
        ]
    )
    row = pattern(affirmed, EVERYBODY, Stances.of(affirmed, twice))
    assert (row["n"], row["n_least"], row["n_most"], row["cases_affirming"]) == (7, 7, 7, 7)


def test_a_case_is_told_by_all_its_passages(tmp_path: Path) -> None:
    claims = read(tmp_path, made.PREVALENCE)
    placed = [(name, number, "tie") for name in CHARITY for number in (1, 2)]
    judged = bearings(
        [
            (CHARITY[0], 1, "supports", "A"),
            (CHARITY[0], 2, "contradicts", "A"),
            (CHARITY[1], 1, "supports", "A"),
            (CHARITY[1], 1, "contradicts", "B"),
            (CHARITY[2], 1, "supports", "A"),
            (CHARITY[3], 1, "contradicts", "A"),
            (CHARITY[4], 1, "does not bear", "A"),
            (CHARITY[4], 2, "does not bear", "A"),
        ]
    )
    own, one = coded(placed), claims[0].expectations[0]
    found = case_stances("c", one, own, Stances.of(claims, judged))
    states = [found[f"person-{name}"].state for name in CHARITY[:6]]
    assert states == [
        *("mixed", "mixed", "affirming", "contradicting", "silent", "mentioned but not judged")
    ]
    table = stance_table(claims, own, Stances.of(claims, judged)).set_index("case_id")
    assert table.loc["person-ch-2", ["n_supports", "n_contradicts", "n_unjudged"]].tolist() == [
        *(1, 1, 1)
    ]


def test_the_reading_list_begins_with_what_settles_most(tmp_path: Path) -> None:
    claims = read(tmp_path, made.PREVALENCE)
    placed = [*EVERYBODY, (CHARITY[0], 2, "tie/old"), (CHARITY[1], 2, "tie/old")]
    judged = bearings([(CHARITY[1], 1, "contradicts", "A"), (CHARITY[2], 1, "supports", "A")])
    stances = Stances.of(claims, judged)
    table = evaluate(claims, corpus(placed), choices(), stances=stances)
    listed = reading_list(claims, coded(placed), stances, table)
    places = list(zip(listed["source_id"], listed["passage"], strict=True))
    # Whose one passage is unread is settled by it; of the first two passages are unread.
    assert set(places[:6]) == {(CHARITY[1], 2), *((name, 1) for name in CHARITY[3:])}
    assert set(places[6:]) == {(CHARITY[0], 1), (CHARITY[0], 2)}
    assert listed["settles"].tolist() == [1.0] * 6 + [0.5] * 2
    assert listed["rank"].tolist() == list(range(1, 9))
    assert reading_list(claims, coded(placed), stances, table.assign(pattern="present")).empty


def test_a_claim_is_not_consistent_where_judgements_run_the_other_way(tmp_path: Path) -> None:
    claims = read(tmp_path, made.PREVALENCE + "\n        counts: mentioned")
    judged = bearings([(name, 1, "contradicts", "A") for name in CHARITY[:4]])
    table = evaluate(claims, corpus(EVERYBODY), choices(), stances=Stances.of(claims, judged))
    row = claim_patterns(table, judged).iloc[0]
    assert row["coded_pattern"] == "partly consistent"
    assert row["judgements"] == (
        "the judgements run the other way: of the passages judged for the claim, 4 contradict and "
        "0 support"
    )
    assert claim_patterns(table.assign(n_contradicts=0), bearings([])).iloc[0]["coded_pattern"] == (
        "consistent"
    )


def test_rates_tell_what_presence_cannot(tmp_path: Path) -> None:
    placed = [(name, number, "tie") for name in CHARITY for number in (1, 2, 4, 5, 7, 8)]
    placed += [(name, number, "tie") for name in COUNCIL for number in (1, 2)]
    shares = read(tmp_path, made.CONTRAST + "\n        counts: mentioned")
    row = pattern(shares, placed, Stances())
    assert (row["pattern"], row["n"], row["than_n"]) == (UNTOLD, 8, 8)
    rates = read(tmp_path, made.CONTRAST + "\n        measure: rate")
    row = pattern(rates, placed, Stances())
    assert (row["pattern"], row["measure"]) == ("present", "rate")
    # 6 and 2 spans on the 64 counted words of a case; one arrangement of 12,870 goes so far.
    assert row["effect"] == pytest.approx(1000 * 4 / 64)
    assert row["p"] == pytest.approx(1 / 12_870)


def test_a_second_judge_is_given_a_share_without_the_first_ones_word() -> None:
    judged = bearings([(name, number, "supports", "A") for name in CHARITY for number in (1, 2)])
    listed = blind_list(judged, 0.25, 1)
    assert len(listed) == 4 and "bears" not in listed
    assert set(blind_list(judged.iloc[2:], 0.25, 1)["source_id"]) <= set(CHARITY)
    both = pd.concat([judged, bearings([("ch-1", 1, "supports", "B")])])
    assert ("ch-1", 1) not in set(
        zip(*(blind_list(both, 1.0, 1)[name] for name in ("source_id", "passage")), strict=True)
    )
    with pytest.raises(ValueError, match="share"):
        blind_list(judged, 2.0, 1)


def test_agreement_of_judges_by_hand(tmp_path: Path) -> None:
    one = [("ch-1", 1, "supports"), ("ch-1", 2, "supports"), ("ch-1", 4, "contradicts")]
    other = [("ch-1", 1, "supports"), ("ch-1", 2, "contradicts"), ("ch-1", 4, "contradicts")]
    judged = [(*each, "A") for each in one] + [(*each, "B") for each in other]
    claims, own = read(tmp_path, made.PREVALENCE), coded(EVERYBODY)
    table = bearings([*judged, ("ch-2", 2, "supports", "B")])
    blind = (table["by"] == "B") & (table["passage"] < 4)
    table.loc[blind, "chosen"] = "blind second judgement"
    row = judges(claims, own, table, ["a "], ["B"]).iloc[0]
    assert row["n_blind"] == 2
    # Only the first of the four lies among the eight passages that carry a code of the claim.
    assert (row["n_carrying"], row["n_searched"], row["n_judged"]) == (8, 1, 4)
    assert (row["n_twice"], row["n_differ"]) == (3, 1)
    # Observed 1/3; of six values three and three, expected 18/30.
    assert row["alpha"] == pytest.approx(1 - (1 / 3) / 0.6)
    assert (row["judges"], row["also"]) == ("A 3, B 4", "A coded; B interviewed")
    assert judges(claims, own, bearings([])).iloc[0]["n_searched"] == 0
