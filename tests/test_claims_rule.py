"""Every combination of three outcomes, and the coded pattern that `docs/coded-patterns.md` lists.

After a change of the rule write the table anew with `python tests/test_claims_rule.py`.
"""

from __future__ import annotations

import itertools
from pathlib import Path

from analysis.claims.rule import coded_pattern
from analysis.claims.terms import ABSENT, OPPOSITE, PRESENT, UNTOLD

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


if __name__ == "__main__":
    TABLE.write_text(printed(), encoding="utf-8")
