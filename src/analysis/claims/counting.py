"""Cases that carry a code, in groups."""

from __future__ import annotations

import math
from collections.abc import Collection

from analysis.claims.expectation import Group
from analysis.claims.material import Material, Source
from analysis.claims.measured import Measured


def carried(
    code: str, among: list[Source], material: Material, *, by_source: bool = False
) -> dict[str, bool]:
    """Whether each case (or source) of the sources `among` carries the code in them."""
    carrying = material.sources_with([code])
    found: dict[str, bool] = {}
    for source in among:
        name = source.source_id if by_source else source.case_id
        found[name] = found.get(name, False) or source.source_id in carrying
    return found


def group(held: dict[str, bool], without: Collection[str] = ()) -> Group:
    """The cases as a group, but for those in `without`."""
    return tuple(sorted((case, carries) for case, carries in held.items() if case not in without))


def count(of: Group) -> tuple[int, int]:
    """How many cases of a group carry the code, of how many."""
    return sum(carries for _, carries in of), len(of)


def nothing_to_compare(found: tuple[Group, ...]) -> Measured:
    """The counts of groups of which one is empty."""
    n, n_of, than_n, than_of = (*count(found[0]), *(count(found[1]) if found[1:] else (0, 0)))
    return Measured(math.nan, math.nan, math.nan, n, n_of, True, than_n, than_of)
