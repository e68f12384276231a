"""What contrasts can show is told from group sizes alone."""

from __future__ import annotations

from pathlib import Path

import claims_fixture as made
from claims_fixture import choices

from analysis.claims import read_claims
from analysis.claims.beforehand import beforehand


def test_eight_against_eight_is_told_before_any_coding(tmp_path: Path) -> None:
    several = [made.CONTRAST.replace("id: more", f"id: more-{number}") for number in range(6)]
    claims = read_claims(made.written(tmp_path, made.claim("c", *several)), made.CODES)
    # Six contrasts in two directions.
    assert beforehand(claims, made.sources(), choices()) == [
        "With 8 v 8 only 6–0, 7–1, 8–2 or more can be seen."
    ]
    assert beforehand([], made.sources(), choices()) == []


def test_what_a_reach_and_a_rate_can_show_is_told_too(tmp_path: Path) -> None:
    """By hand: .8 to the 8th is .168, and half of it above any threshold. Of 16 at even chance at
    most 2 carry in (1 + 16 + 120 / 2) / 65,536; with 3 more, half of 560 arrangements, it is .0064."""
    eight = made.expectation(
        "far", "reach", "from: plan", "to: doing", "share: 0.8", "group: charity"
    )
    rate = f"{made.CONTRAST}\n        measure: rate"
    claims = read_claims(
        made.written(tmp_path, made.claim("c", eight, made.REACH, rate)), made.CODES
    )
    few = made.sources().query("source_id not in ['ch-3', 'ch-4', 'ch-5', 'ch-6', 'ch-7', 'ch-8']")
    assert beforehand(claims, made.sources(), choices()) == [
        "With 8 cases it cannot be seen that at least 80% carry a second code.",
        "With 16 cases it can only be seen that fewer than 50% carry a second code if at most 3 do.",
    ]
    assert beforehand(claims, few, choices())[-1] == (
        "With 2 v 8 cases no difference of rates can be seen."
    )
