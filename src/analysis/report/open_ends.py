"""Everything of a study that is unfinished, on one screen: what `qualan check` says.

It looks at whatever is there: before any text is read, what the register and the claims say; after
the stages, what they left; after a report, whether its numbers lead to lists of their length.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.claims import Claim, read_claims
from analysis.claims.beforehand import beforehand
from analysis.claims.signing import MUST_REREAD, SIGNED
from analysis.claims.written_when import AFTER, BEFORE, standings
from analysis.files.problems import Problem, problems_of
from analysis.report import interpretations, publish, shrinkage
from analysis.report.gate import closed
from analysis.report.numbers import load
from analysis.report.prose import check, prose
from analysis.report.prose.registered import unfilled
from analysis.report.prose.unfinished import unfinished
from analysis.report.site import link_proof
from analysis.stages import speakers
from analysis.study.folder import Study
from analysis.study.names import undecided

#: As many lines of one kind are shown; the rest are counted.
SHOWN = 6


@dataclass(frozen=True)
class Ends:
    """What stands open of one kind: `refused` where a final report waits for it."""

    kind: str
    lines: tuple[str, ...]
    refused: bool = False


def ends(study: Study) -> list[Ends]:
    """Everything that stands open, by kind; kinds of which nothing does have no lines."""
    claims = read_claims(study.raw / "claims.yml", study.codebook.codes)
    return [
        Ends("words of the skeleton in the paper", _told(unfinished(study.reports)), refused=True),
        Ends("prose that cannot be rendered", _prose(study), refused=True),
        Ends(
            "variables where nothing is filled in",
            _told(unfilled(claims, study.codebook.codes)),
            refused=True,
        ),
        Ends("names to be decided on", _names(study), refused=True),
        Ends("claims to be read again", _to_reread(study, claims), refused=True),
        Ends("less counted than in the last report", _shrunk(study), refused=True),
        Ends("numbers that lead to a list of another length", _links(study), refused=True),
        Ends("consent and facts that the register does not know", _unknown(study)),
        Ends("interviews in which nobody is known to ask", _speakers(study)),
        Ends("codings without a place in the texts", _unplaced(study)),
        Ends("codes without a definition", _undefined(study)),
        Ends("claims that nobody signed", _unsigned(study, claims)),
        Ends(
            "claims and expectations that no record shows to be older than the patterns",
            _dated(study),
        ),
        Ends("passages to judge, those first that settle most", _to_judge(study)),
        Ends("what these data can show at all", _showable(study, claims)),
    ]


def told(found: Sequence[Ends]) -> str:
    """The ends on one screen: first what a final report waits for, then the rest, then what is done."""
    waits = [one for one in found if one.lines and one.refused]
    others = [one for one in found if one.lines and not one.refused]
    done = [one.kind for one in found if not one.lines]
    parts = [
        *(["A final report waits for:", *map(_listed, waits)] if waits else []),
        *(["Open, and told as it is:", *map(_listed, others)] if others else []),
        *([f"Nothing open: {'; '.join(done)}."] if done else []),
        "A final report would be refused." if waits else "Nothing refuses a final report.",
    ]
    return "\n\n".join(parts)


def _listed(one: Ends) -> str:
    more = len(one.lines) - SHOWN
    shown = [*one.lines[:SHOWN], *([f"… and {more} more"] if more > 0 else [])]
    return "\n".join([f"  {one.kind} ({len(one.lines)})", *(f"    {line}" for line in shown)])


def _told(problems: Iterable[Problem]) -> tuple[str, ...]:
    return tuple(f"{one.where}: {one.found}; {one.remedy}" for one in problems)


def _table(study: Study, name: str) -> pd.DataFrame | None:
    """A table of the stages, or None where they have not run."""
    return study.table(name) if (study.processed / f"{name}.csv").is_file() else None


def _prose(study: Study) -> tuple[str, ...]:
    missing = problems_of(lambda: prose.check_pages(study.reports))
    if missing or not (study.reports / "_variables.yml").is_file():
        return _told(missing)
    return _told(check.check(study.reports).problems)


def _names(study: Study) -> tuple[str, ...]:
    refused = problems_of(lambda: closed.refuse_unnamed(study))
    sources = study.sources
    shown = set(sources.loc[sources["publish"].isin(["extracts", "full"]), "source_id"])
    waiting = undecided(study.private)
    by_source = waiting[waiting["source_id"].isin(shown)].groupby("source_id").size()
    return (
        *_told(refused),
        *(f"{name}: {count} possible names" for name, count in by_source.items()),
    )


def _to_reread(study: Study, claims: Sequence[Claim]) -> tuple[str, ...]:
    decisions = _table(study, "decisions")
    if decisions is None:
        return ()
    written = set(interpretations.read(study.reports, claims))
    changed = decisions[decisions["state"] == MUST_REREAD]["claim"]
    found = tuple(
        f"{name}: its patterns changed since it was signed"
        for name in changed
        if name not in written
    )
    return found + _told(interpretations.stale_problems(_standings(study, claims)))


def _standings(study: Study, claims: Sequence[Claim]) -> list[interpretations.Standing]:
    if _table(study, "patterns") is None or _table(study, "passages") is None:
        return []
    found = publish.standings(study, claims, publish.judgements(study, claims), load(study.reports))
    return [standing for standing, _ in found.values()]


def _shrunk(study: Study) -> tuple[str, ...]:
    if _table(study, "passages") is None or _table(study, "codings") is None:
        return ()
    statuses = dict(zip(study.register["source_id"], study.register["status"], strict=True))
    before = shrinkage.last_counted(study.processed)
    return tuple(shrinkage.shrunk(before, shrinkage.counted(study), statuses)[1])


def _links(study: Study) -> tuple[str, ...]:
    return _told(link_proof.prove(study.reports / publish.SITE)[1])


def _unknown(study: Study) -> tuple[str, ...]:
    return tuple(
        f"{column}: unknown for {', '.join(names)}"
        for column in ("publish", "kind", "role", "date", "provenance")
        for names in [list(study.sources.loc[study.sources[column] == "unknown", "source_id"])]
        if names
    )


def _speakers(study: Study) -> tuple[str, ...]:
    return tuple(line.removeprefix("warning: ") for line in speakers.told(study.private))


def _unplaced(study: Study) -> tuple[str, ...]:
    unplaced = _table(study, "unplaced")
    if unplaced is None:
        return ()
    counted = unplaced.groupby(["source_id", "reason"]).size()
    return tuple(f"{source}: {count}, {reason}" for (source, reason), count in counted.items())


def _undefined(study: Study) -> tuple[str, ...]:
    codes = study.codebook.codes
    return tuple(codes.loc[codes["usable"] & (codes["definition"].str.strip() == ""), "code"])


def _unsigned(study: Study, claims: Sequence[Claim]) -> tuple[str, ...]:
    if not claims:
        return ("data/raw/claims.yml: the study claims nothing yet",)
    written = interpretations.read(study.reports, claims)
    open_texts = {name for name, one in written.items() if not one.signed_by}
    decisions = _table(study, "decisions")
    signed = (
        set() if decisions is None else set(decisions.loc[decisions["state"] == SIGNED, "claim"])
    )
    return tuple(
        one.id
        for one in claims
        if one.id in open_texts or (one.id not in written and one.id not in signed)
    )


def _dated(study: Study) -> tuple[str, ...]:
    """Why none shows it, and of which."""
    by_state: dict[str, list[str]] = {}
    for one in standings(study.folder):
        if one.state != BEFORE:
            by_state.setdefault(one.state, []).append(one.id)
    return tuple(
        f"{'made or changed after them' if state == AFTER else state}: {', '.join(ids)}"
        for state, ids in by_state.items()
    )


def _to_judge(study: Study) -> tuple[str, ...]:
    listed = _table(study, "reading_list")
    if listed is None:
        return ()
    first = listed.sort_values(["rank", "claim"])
    return tuple(f"{one.source_id}-{one.passage}, for {one.claim}" for one in first.itertuples())


def _showable(study: Study, claims: Sequence[Claim]) -> tuple[str, ...]:
    return tuple(beforehand(claims, study.sources, study.choices))
