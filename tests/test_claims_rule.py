"""Every combination of three outcomes, and the coded pattern that `docs/coded-patterns.md` lists.

After a change of the rule write the table anew with `python tests/test_claims_rule.py`.
"""

from __future__ import annotations

import itertools
from pathlib import Path

import claims_fixture as made
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.claims.kinds import KINDS
from analysis.claims.measured import Measured
from analysis.claims.rule import coded_pattern
from analysis.claims.terms import (
    ABSENT,
    OPEN,
    OPPOSITE,
    PRESENT,
    TOO_FEW,
    UNTOLD,
    VARIES,
)

TABLE = Path(__file__).parents[1] / "docs" / "coded-patterns.md"
OUTCOMES = (PRESENT, ABSENT, OPPOSITE, UNTOLD)


def printed() -> str:
    """The whole of the table."""
    lines = [
        "# The coded pattern of a claim with three expectations",
        "",
        "All 64 combinations, by the rule of `analysis.claims.rule`; made by "
        "`tests/test_claims_rule.py`. Where more passages were judged to contradict the claim than "
        "to support it, 'consistent' becomes 'partly consistent'. 'Varies' and 'open until read' "
        "count as what could not be told; where nothing was told and something is open until read, "
        "so is the claim. What there were too few cases to compare is left out.",
        "",
        "| first | second | third | coded pattern |",
        "| --- | --- | --- | --- |",
    ]
    for three in itertools.product(OUTCOMES, repeat=3):
        lines.append(f"| {' | '.join(three)} | {coded_pattern(three)} |")
    return "\n".join(lines) + "\n"


def test_the_table_is_the_one_kept() -> None:
    assert TABLE.read_text(encoding="utf-8") == printed()


def test_at_odds_needs_something_shown_and_consistent_needs_everything() -> None:
    for three in itertools.product(OUTCOMES, repeat=3):
        coded = coded_pattern(three)
        shown_against = ABSENT in three or OPPOSITE in three
        assert (coded == "at odds") == (shown_against and PRESENT not in three)
        assert (coded == "consistent") == (set(three) == {PRESENT})
        assert (coded == UNTOLD) == (set(three) == {UNTOLD})
        assert coded_pattern(three, supports=1, contradicts=2) != "consistent"
        assert len({coded_pattern(order) for order in itertools.permutations(three)}) == 1


@given(
    st.sampled_from(sorted(KINDS)),
    st.lists(st.floats(-1, 1), min_size=3, max_size=3).map(sorted),
    st.floats(0, 1),
    st.floats(0, 1),
)
@settings(max_examples=2 * settings().max_examples)
def test_each_pattern_says_no_more_than_the_range_does(
    kind: str, ends: list[float], q: float, q_other: float
) -> None:
    """The words of design section 7: 'about equally' and 'it depends' only where the range says so."""
    lower, effect, upper = ends
    own = made.choices()
    found = Measured(effect, lower, upper, 1, 2, too_few=False)
    pattern = made.stated(kind).pattern_of(found, q, q_other, own)
    assert pattern in (*KINDS[kind].patterns, UNTOLD)
    if pattern == VARIES:
        assert lower <= 1e-9 and upper >= -1e-9
        assert min(q, q_other) <= own.rearranged_share
    if pattern == ABSENT and kind != "prevalence":
        assert -own.smallest_difference < lower and upper < own.smallest_difference
    if pattern in (PRESENT, OPPOSITE) and kind not in ("prevalence", "reach"):
        assert abs(effect) >= own.smallest_difference - 1e-9 and lower * upper > 0


def test_could_not_be_told_is_never_against_a_claim() -> None:
    for told in itertools.product((UNTOLD, VARIES, TOO_FEW, OPEN), repeat=3):
        assert coded_pattern(told) in (UNTOLD, OPEN)


if __name__ == "__main__":
    TABLE.write_text(printed(), encoding="utf-8")
