"""The program's own words, in the figures of the data, for what the authors did not word."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from analysis.claims.model import AFFIRMED, ANY_KIND, OPEN, RATE

#: How a count is printed, by its column and value: a report makes a link of it.
Number = Callable[[str, int], str]


def plain(column: str, count: int) -> str:
    """The count itself."""
    return str(count)


def counted(row: Mapping[str, Any], number: Number = plain) -> str:
    """What was counted: 'third sector 6 of 8, commissioner 2 of 8'. `row` as from `evaluate`."""
    group, than = (str(row[name]).replace("_", " ") for name in ("group", "than"))
    n, n_of, than_n, than_of = (
        number(name, int(row[name])) if row[name] == row[name] else ""
        for name in ("n", "n_of", "than_n", "than_of")
    )
    if row["kind"] == "contrast":
        return f"{group} {n} of {n_of}, {than} {than_n} of {than_of}"
    if row["kind"] == "prevalence":
        return f"{group} {n} of {n_of}"
    if row["kind"] == "reach":
        return f"{n} of {n_of} cases"
    kind = str(row["kind_of_source"])
    among = "all sources" if kind == ANY_KIND else f"{kind}s"
    expected = float(row["expected"])
    rearranged = "" if math.isnan(expected) else f", {expected:.1f} in rearrangements"
    return f"met {n} times in {among}{rearranged}"


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
    figures = counted(row, number)
    if row["pattern"] == OPEN:
        ends = f"at least {row['n_least']} and at most {row['n_most']} of {row['n_of']} affirm it"
        if row["kind"] == "contrast":
            ends += f", against {row['than_least']} to {row['than_most']} of {row['than_of']}"
        return f"Open until read: {figures} mention it, and {ends}, as the passages that nobody has judged may say."
    what = "the difference"
    if row["measure"] == RATE:
        what = "the difference, in segments per 1,000 words,"
    elif row["kind"] == "reach":
        what = "the share, less the threshold,"
    elif row["kind"] not in ("contrast", "prevalence"):
        what = "the excess over rearrangements, as a share of these,"
    moves = ""
    if not (math.isnan(row["lower"]) or math.isnan(row["upper"])):
        lower, upper = (f"{row[end]:.2f}".replace("-", "−") for end in ("lower", "upper"))
        moves = f": {what} could lie anywhere from {lower} to {upper}"
    return f"It could not be told with these cases ({figures}){moves}."
