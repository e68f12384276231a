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
