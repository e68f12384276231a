"""The program's own words, in the figures of the data, for what the authors did not word."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from analysis.claims.codes_cell import codes_in
from analysis.claims.expectation import Number, plain, quoted
from analysis.claims.kinds import KINDS
from analysis.claims.terms import AFFIRMED, OPEN

#: The name of the count of the cases that mention what is expected, whatever they hold of it.
MENTIONING = "cases_mentioning"


def counted(row: Mapping[str, Any], number: Number = plain) -> str:
    """What was counted: 'third sector 6 of 8, commissioner 2 of 8'. `row` as from `evaluate`.

    Raises KeyError for a kind of expectation that there is not.
    """
    kind = KINDS[row["kind"]]
    of_those = " asked" if row["cases_not_asked"] and not kind.together else ""
    return kind.counted(row, number) + of_those


def affirmed(row: Mapping[str, Any], number: Number = plain) -> str:
    """How many affirm: 'of these 3 affirm, 2 contradict, 1 both, 2 nobody has judged'; '' if mention
    counts.
    """
    if row["counts"] != AFFIRMED:
        return ""
    parts = [
        ("cases_affirming", "affirm"),
        ("cases_contradicting", "contradict"),
        ("cases_mixed", "do both or qualify"),
        ("cases_unjudged", "nobody has judged"),
    ]
    mentions = sum(int(row[name]) for name, _ in parts)
    if not mentions:
        return "nobody mentions it"
    told = f"{number(MENTIONING, mentions)} mention; of these "
    return told + ", ".join(
        f"{number(name, row[name])} {said}" for name, said in parts if row[name]
    )


def asked(row: Mapping[str, Any], number: Number = plain) -> str:
    """'2 not asked', or ''."""
    away = row["cases_not_asked"]
    return f"{number('cases_not_asked', away)} not asked" if away else ""


def found(row: Mapping[str, Any], number: Number = plain) -> str:
    """What was counted, of which codes: '‘tie’ is carried by third sector 6 of 8'."""
    codes = [quoted(code) for code in codes_in(str(row["codes"]))]
    return KINDS[row["kind"]].found(codes, counted(row, number))


def sentence(row: Mapping[str, Any], number: Number = plain) -> str:
    """Whole sentences for a pattern that the authors did not word.

    Open until read: between which numbers reading may move the count. Could not be told: what was
    counted, and how far it could move with other cases like these.
    """
    told, kind = found(row, number), KINDS[row["kind"]]
    told = told[:1].upper() + told[1:]
    if row["pattern"] == OPEN:
        unread = int(row["n_unjudged"])
        return (
            f"{told}. Whether they affirm it is open until read: {kind.ends(row, number)}, depending on"
            f" {number('n_unjudged', unread)} passage{'s' * (unread != 1)} that nobody has judged."
        )
    moves = ""
    if not (math.isnan(row["lower"]) or math.isnan(row["upper"])):
        lower, upper = (f"{row[end]:.2f}".replace("-", "−") for end in ("lower", "upper"))
        moves = f": {kind.effect(row)} could lie anywhere from {lower} to {upper}"
    return f"{told}. What that comes to could not be told with these cases{moves}."
