"""What the paper says of when its claims and expectations were written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from analysis.claims import Claim
from analysis.claims.first_computed import CLAIM, RECORD
from analysis.claims.written_when import (
    AFTER,
    ALTERED,
    BEFORE,
    COPY,
    NO_HISTORY,
    NOT_COMMITTED,
    NOT_IN_IT,
    REWRITTEN,
    SEEN,
    SHALLOW,
    UNRECORDED,
    Standing,
)
from analysis.report.numbers import joined
from analysis.text.escape import markdown

_NAMES_COMMIT = "the record of runs names the commit {commit} of the first run, on {first}, and "
#: Why no record shows when, by state.
_WHY = {
    UNRECORDED: "no run with them has been recorded yet",
    SEEN: "the record of runs begins on {first}, and patterns had been seen before",
    NO_HISTORY: "they stood as they stand when patterns were first computed, on {first}, but the study"
    " had no history then that could show them to be older",
    NOT_IN_IT: "when patterns were first computed, on {first}, the study’s history did not hold them as"
    " they stand",
    NOT_COMMITTED: "the record of runs, which begins on {first}, is not in the study’s history yet",
    COPY: _NAMES_COMMIT + "this copy of the study has no history in which to look it up",
    SHALLOW: _NAMES_COMMIT + "this copy of the study has only the later part of its history",
    REWRITTEN: _NAMES_COMMIT
    + "the study’s history does not lead there any more: it was rewritten since, or is another one",
    ALTERED: "the record of runs is not the one that was kept: it was altered since",
}


def told(claims: Sequence[Claim], found: Sequence[Standing]) -> str:
    """A paragraph for those written down before any pattern, one for those made after, and one for
    each reason why no record shows when; as Markdown."""
    if not found:
        return "The study states no claims and no expectations yet.\n"
    parts = [_before([one for one in found if one.state == BEFORE], len(found))]
    parts.append(_after([one for one in found if one.state == AFTER]))
    for state, why in _WHY.items():
        own = [one for one in found if one.state == state]
        parts.append(_unknown(own, why, claims, len(found)))
    return "\n".join(part for part in parts if part)


def _before(found: Sequence[Standing], of: int) -> str:
    if not found:
        return ""
    who = "All claims and expectations" if len(found) == of else f"These: {_listed(found)}"
    one = found[0]
    return (
        f"{who} were written down before any pattern was computed, as far as the study’s own history"
        f" can show: they stand there as they do now in commit {one.commit[:12]} of {one.day}, and the"
        f" record of runs (`{RECORD}`), which came into that history later, has patterns first computed"
        f" on {one.first}.\n"
    )


def _after(found: Sequence[Standing]) -> str:
    if not found:
        return ""

    def dated(one: Standing) -> str:
        return f"{markdown(one.id)} ({'changed, ' * one.changed}first computed with on {one.on})"

    return (
        "Made or changed *after* patterns of these codings had been computed, first on"
        f" {found[0].first}: {_listed(found, dated)}. Whoever wrote them could know how they would come"
        " out; they say what was seen, and are no test of it.\n"
    )


def _unknown(found: Sequence[Standing], why: str, claims: Sequence[Claim], of: int) -> str:
    """No record shows it, why, and what the file says."""
    if not found:
        return ""
    one = found[0]
    stated = sorted({claim.date for claim in claims if _has(claim, found)})
    said = f" The file of claims itself gives {joined(stated)}." if stated else ""
    reason = why.format(first=one.first, commit=one.commit[:12])
    all_of_them = "the claims and expectations were"
    some = f"{_listed(found)} {'was' if len(found) == 1 else 'were'}"
    return (
        f"No record shows when {all_of_them if len(found) == of else some} written down:"
        f" {reason}.{said}\n"
    )


def _has(claim: Claim, found: Iterable[Standing]) -> bool:
    ids = {claim.id, *(one.id for one in claim.expectations)}
    return any(one.id in ids for one in found)


def _listed(
    found: Sequence[Standing], shown: Callable[[Standing], str] = lambda one: markdown(one.id)
) -> str:
    """Claims, then expectations, by their ids."""
    claims = [shown(one) for one in found if one.what == CLAIM]
    expectations = [shown(one) for one in found if one.what != CLAIM]
    parts = []
    for name, ids in (("claim", claims), ("expectation", expectations)):
        if ids:
            parts.append(f"the {name}{'s' * (len(ids) > 1)} {joined(ids)}")
    return " and ".join(parts)
