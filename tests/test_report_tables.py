from __future__ import annotations

import pandas as pd

from analysis.report.tables import crossed_attributes


def people(*counts: tuple[str, str, int]) -> pd.DataFrame:
    rows = [
        (f"{role}-{site}-{number}", "interview", role, site)
        for role, site, count in counts
        for number in range(count)
    ]
    return pd.DataFrame(rows, columns=["case_id", "kind", "role", "site"])


ENOUGH = people(("one", "north", 5), ("one", "south", 6), ("two", "north", 5), ("two", "south", 7))
FEW = people(("one", "north", 5), ("one", "south", 1))


def test_k_is_the_smallest_group_that_shares_role_and_site() -> None:
    assert "site has 5." in crossed_attributes(ENOUGH, [], 5)
    assert "site has 1." in crossed_attributes(FEW, [], 5)


def test_a_crossing_is_shown_only_when_asked_for_and_every_cell_is_large_enough() -> None:
    assert "north" not in crossed_attributes(ENOUGH, [], 5)
    assert "| one | 5 | 6 |" in crossed_attributes(ENOUGH, ["role", "site"], 5)
    refused = crossed_attributes(ENOUGH, ["role", "site"], 6)
    assert "fewer than 6" in refused and "| one |" not in refused
    assert "fewer than 5" in crossed_attributes(FEW, ["role", "site"], 5)
