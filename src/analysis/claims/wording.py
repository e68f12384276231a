"""The program's own words, in the figures of the data, for what the authors did not word."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from analysis.claims.expectation import Number, plain
from analysis.claims.kinds import KINDS
from analysis.claims.terms import AFFIRMED, OPEN


def counted(row: Mapping[str, Any], number: Number = plain) -> str:
    """What was counted: 'third sector 6 of 8, commissioner 2 of 8'. `row` as from `evaluate`.

    Raises KeyError for a kind of expectation that there is not.
    """
    kind = KINDS[row["kind"]]
    of_those = " asked" if row["cases_not_asked"] and not kind.together else ""
    return kind.counted(row, number) + of_those


def affirmed(row: Mapping[str, Any]) -> str:
    """How many affirm: 'of these 3 affirm, 2 contradict, 1 both, 2 nobody has judged'; '' if mention
    counts.
    """
    if row["counts"] != AFFIRMED:
        return ""
    parts = [
        (row["cases_affirming"], "affirm"),
        (row["cases_contradicting"], "contradict"),
        (row["cases_mixed"], "do both or qualify"),
        (row["cases_unjudged"], "nobody has judged"),
    ]
    listed = ", ".join(f"{count} {said}" for count, said in parts if count)
    mentions = sum(count for count, _ in parts)
    return f"{mentions} mention; of these {listed}" if mentions else "nobody mentions it"


def asked(row: Mapping[str, Any]) -> str:
    """'2 not asked', or ''."""
    return f"{row['cases_not_asked']} not asked" if row["cases_not_asked"] else ""


def judged(row: Mapping[str, Any], number: Number = plain) -> str:
    """What was judged of the carrying passages, by whom, and how they were chosen."""
    total = int(row["n_passages"])
    if not total:
        return "no passage carries it"
    unread = int(row["n_unjudged"])
    carrying = number("n_passages", total)
    if total == unread:
        return f"none of {carrying} carrying passages judged"
    kinds = (
        ("supports", "support"),
        ("qualifies", "qualify"),
        ("contradicts", "contradict"),
        ("beside", "do not bear"),
    )
    listed = ", ".join(
        f"{number(f'n_{name}', int(row[f'n_{name}']))} {said}"
        for name, said in kinds
        if row[f"n_{name}"]
    )
    chosen = f"; chosen: {row['chosen']}" if row["chosen"] else ""
    return (
        f"{number('n_judged', total - unread)} of {carrying} carrying passages judged: {listed}"
        f" (by {row['judged_by']}{chosen}); {number('n_unjudged', unread)} not judged"
    )


def sentence(row: Mapping[str, Any], number: Number = plain) -> str:
    """A whole sentence for a pattern that the authors did not word.

    Open until read: between which numbers reading may move the count. Could not be told: what was
    counted, and how far it could move with other cases like these.
    """
    figures, kind = counted(row, number), KINDS[row["kind"]]
    if row["pattern"] == OPEN:
        return (
            f"Open until read: {figures} mention it, and {kind.ends(row)}, as the passages that"
            " nobody has judged may say."
        )
    moves = ""
    if not (math.isnan(row["lower"]) or math.isnan(row["upper"])):
        lower, upper = (f"{row[end]:.2f}".replace("-", "−") for end in ("lower", "upper"))
        moves = f": {kind.effect(row)} could lie anywhere from {lower} to {upper}"
    return f"It could not be told with these cases ({figures}){moves}."
