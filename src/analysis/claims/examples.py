"""Passages for and against a claim, and the cases that are silent or were not asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import pandas as pd

from analysis.claims.codes_cell import cell_of
from analysis.claims.expectation import Expectation
from analysis.claims.material import Material
from analysis.claims.matrix import CONTRARY, NOT_ASKED
from analysis.claims.model import Claim
from analysis.corpus import QUOTABLE
from analysis.study.schemas import columns

PRESENCE = "presence only"
EXAMPLES = columns("examples")
NEGATIVE = columns("negative_cases")
BY_KIND = columns("claims_by_kind")
AGAINST, SILENT, NOT_ASKED_CASE = "speaks against", "silent", NOT_ASKED
UNDECIDED = "not yet decided"
FOR_IT, WITH_LIMITS = "for it", "for it, with limits"
AGAINST_IT, BOTH_WAYS = "against it", "both ways"


def examples(claims: Sequence[Claim], material: Material, bearings: pd.DataFrame) -> pd.DataFrame:
    """The passages behind each expectation: judged ones, else those where the codes stand.

    A bearing belongs to every expectation of its claim whose codes lie on the passage, or to none
    (expectation ''). An expectation without any bearing has the passages that carry its codes (of
    an association those that carry both) as 'presence only': coding a topic is not supporting a
    claim. One row per expectation and passage: claim, expectation, source_id, passage, start, end
    (of the judged words, or of the coded span within the passage), code (';' between), bears, by,
    note, negative_outcome, case_id, role, kind, voice, publishable (consent lets it be shown),
    rank (1, 2, … within expectation and bears: cases take turns, so that the first few passages
    come from as many cases as can be). Without claims, or passages, no rows.
    """
    coded = material.coded.pieces
    parts = [
        part
        for claim in claims
        for part in (_judged(claim, coded, bearings), _present(claim, coded, bearings, material))
    ]
    # Joined with what has no rows, and so no types, whole numbers would become others.
    parts = [part for part in parts if len(part)]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["source_id"])
    voices = material.coded.passages.set_index(["source_id", "passage"])["voice"]
    about = material.sources[["source_id", "case_id", "role", "kind", "publish"]]
    table = found.merge(about, on="source_id")
    if table.empty:
        return pd.DataFrame(columns=EXAMPLES)
    places = pd.MultiIndex.from_frame(table[["source_id", "passage"]])
    table["voice"] = voices.reindex(places).fillna("").to_numpy()
    table["publishable"] = table["publish"].isin(QUOTABLE)
    table = _ranked(table)
    return table[EXAMPLES]


def _judged(claim: Claim, coded: pd.DataFrame, bearings: pd.DataFrame) -> pd.DataFrame:
    own = bearings[bearings["claim"] == claim.id]
    rows = []
    for one in own.to_dict("records"):
        here = coded[
            (coded["source_id"] == one["source_id"]) & (coded["passage"] == one["passage"])
        ]
        on_it = set(here["code"])
        named = [(each.id, _shared(each, on_it)) for each in claim.expectations]
        concerned = [(name, codes) for name, codes in named if codes]
        for name, codes in concerned or [("", cell_of(sorted(on_it & set(claim.codes))))]:
            rows.append({**one, "expectation": name, "code": codes})
    return pd.DataFrame(rows)


def _shared(expectation: Expectation, on_it: set[str]) -> str:
    return cell_of(code for code in expectation.codes if code in on_it)


def _present(
    claim: Claim, coded: pd.DataFrame, bearings: pd.DataFrame, material: Material
) -> pd.DataFrame:
    judged = _judged(claim, coded, bearings)
    with_bearings = set(judged["expectation"]) if len(judged) else set()
    parts = [
        _passages_of(one, coded, material).assign(claim=claim.id, expectation=one.id)
        for one in claim.expectations
        if one.id not in with_bearings
    ]
    found = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
    return found.assign(bears=PRESENCE, by="", note="", negative_outcome="")


def _passages_of(one: Expectation, coded: pd.DataFrame, material: Material) -> pd.DataFrame:
    among = [source.source_id for source in one.among(material)]
    own = coded[coded["code"].isin(one.codes) & coded["source_id"].isin(among)]
    gathered = own.groupby(["source_id", "passage"], as_index=False).agg(
        start=("start", "min"),
        end=("end", "max"),
        code=("code", lambda codes: cell_of(code for code in one.codes if code in set(codes))),
    )
    if one.together:
        gathered = gathered[gathered["code"] == cell_of(one.codes)]
    return gathered


def _ranked(table: pd.DataFrame) -> pd.DataFrame:
    """Order passages so that every case has its first before any has its second."""
    table = table.sort_values(
        ["claim", "expectation", "bears", "source_id", "passage", "start"], ignore_index=True
    )
    group = ["claim", "expectation", "bears"]
    table["turn"] = table.groupby([*group, "case_id"]).cumcount()
    table = table.sort_values([*group, "turn", "source_id", "passage"], ignore_index=True)
    table["rank"] = table.groupby(group).cumcount() + 1
    return table


def negative_cases(
    claims: Sequence[Claim],
    material: Material,
    bearings: pd.DataFrame,
    matrix: pd.DataFrame,
    unasked: Mapping[str, Collection[str]] | None = None,
) -> pd.DataFrame:
    """Which cases speak against a claim, which are silent on it, and which were not asked.

    - speaks against: a passage of the case was found to contradict the claim, one row for each who
      found it; outcome is revised, bounded or unresolved, as any of them wrote, else 'not yet
      decided'. Also
      where no passage was, but a cell of the matrix is 'contrary': one row for each such cell
      (its summary for a note, without passage)
    - not asked: every cell of the case under the claim's themes says so in the matrix, or it is
      not heard and `unasked` (cases by expectation, `guide.unasked`) has it for each expectation
    - silent: none of its sources carries a code of the claim, nothing of it was judged, and no
      cell is contrary

    Columns: claim, case_id, role, state, source_id, passage, start, end (empty or -1 but for
    passages that speak against), by, note, outcome, event (what is told, '' where nobody says:
    told twice, it is one), searched (how many passages with a code of the claim were judged: 0
    says that nobody looked). Rows by claim, then state, then case; none without claims.
    """
    roles = material.sources.groupby("case_id")["role"].first()
    case_of = material.sources.set_index("source_id")["case_id"]
    rows = []
    for claim in claims:
        own = bearings[bearings["claim"] == claim.id]
        held = (material.coded.on_passages.get(code, frozenset()) for code in claim.codes)
        judged = set(zip(own["source_id"], own["passage"], strict=True))
        searched = len(frozenset().union(*held) & judged)
        against = own[own["bears"] == "contradicts"]
        decided = against[against["negative_outcome"] != ""]
        places = zip(decided["source_id"], decided["passage"], strict=True)
        outcomes = dict(zip(places, decided["negative_outcome"], strict=True))
        for one in against.sort_values(["source_id", "passage", "start"]).to_dict("records"):
            case = case_of[one["source_id"]]
            rows.append(
                [claim.id, case, roles[case], AGAINST]
                + [one[name] for name in ("source_id", "passage", "start", "end", "by", "note")]
                + [outcomes.get((one["source_id"], one["passage"]), UNDECIDED)]
                + [one.get("event", ""), searched]
            )
        told = set(case_of[against["source_id"].unique()])
        cells = matrix[(matrix["claim"] == claim.id) & (matrix["state"] == CONTRARY)]
        contrary = cells[cells["case_id"].isin(set(roles.index) - told)]
        for cell in contrary.sort_values(["case_id", "theme"]).to_dict("records"):
            rows.append(
                [
                    *(claim.id, cell["case_id"], roles[cell["case_id"]], AGAINST, "", -1, -1, -1),
                    *("the framework matrix", cell["summary"], UNDECIDED),
                    *(cell.get("event", ""), searched),
                ]
            )
        not_asked = _not_asked(claim, matrix)
        heard = set(case_of[sorted(material.sources_with(claim.codes))]) | set(
            case_of[own["source_id"].unique()]
        )
        heard |= set(contrary["case_id"])
        unasked_of_it = [set((unasked or {}).get(one.id, ())) for one in claim.expectations]
        not_asked |= (set.intersection(*unasked_of_it) if unasked_of_it else set()) - heard
        for state, listed in (
            (SILENT, set(roles.index) - heard - not_asked),
            (NOT_ASKED_CASE, not_asked & set(roles.index)),
        ):
            rows += [
                [claim.id, case, roles[case], state, "", -1, -1, -1, "", "", "", "", searched]
                for case in sorted(listed)
            ]
    return pd.DataFrame(rows, columns=NEGATIVE)


def cases_in(negative: pd.DataFrame) -> int:
    """How many cases the rows of `negative_cases` are of: who tell one event and no more are one."""
    told = negative.groupby("case_id")["event"].agg(set)
    alone = {case for case, events in told.items() if "" in events or len(events) > 1}
    events = {next(iter(told[case])) for case in set(told.index) - alone}
    return len(alone) + len(events)


def _not_asked(claim: Claim, matrix: pd.DataFrame) -> set[str]:
    own = matrix[matrix["claim"] == claim.id]
    unasked = (own["state"] == NOT_ASKED).groupby(own["case_id"]).agg(["all", "size"])
    return set(unasked.index[unasked["all"] & (unasked["size"] == len(claim.themes))])


def by_kind(claims: Sequence[Claim], material: Material, bearings: pd.DataFrame) -> pd.DataFrame:
    """Each claim in each kind of source, and which way the judged passages of that kind lean.

    Columns: claim, kind, n_sources, n_carrying (sources with a code of the claim), n_supporting,
    n_qualifying, n_contradicting (passages judged so by anybody), state: 'for it', 'for it, with limits', 'both
    ways' or 'against it', else 'presence only' when a code of the claim stands there, else silent.
    Without claims, or sources, no rows.
    """
    kinds = material.sources.set_index("source_id")["kind"]
    rows = []
    for claim in claims:
        carrying = material.sources_with(claim.codes)
        own = bearings[bearings["claim"] == claim.id]
        of_kind = own["source_id"].map(kinds)
        for kind, sources in kinds.groupby(kinds, sort=True):
            once = own[of_kind == kind].drop_duplicates(["source_id", "passage", "bears"])
            bears = once["bears"]
            counts = [
                int((bears == said).sum()) for said in ("supports", "qualifies", "contradicts")
            ]
            carried = int(sources.index.isin(carrying).sum())
            rows.append([claim.id, kind, len(sources), carried, *counts, _leans(carried, counts)])
    return pd.DataFrame(rows, columns=BY_KIND)


def _leans(carried: int, counts: Sequence[int]) -> str:
    supporting, qualifying, contradicting = counts
    if contradicting:
        return BOTH_WAYS if supporting else AGAINST_IT
    if supporting or qualifying:
        return FOR_IT if supporting else WITH_LIMITS
    return PRESENCE if carried else SILENT


def together(leans: Iterable[str]) -> str:
    """Kinds of evidence against each other, as where kinds of data are triangulated.

    `leans`: the state of each kind for one claim. Convergent where all that were judged point one
    way, dissonant where one speaks for the claim and another against it, else in part: one kind is
    of both minds and another is not.
    """
    plain = [FOR_IT if one == WITH_LIMITS else one for one in leans]
    judged = [one for one in plain if one in (FOR_IT, AGAINST_IT, BOTH_WAYS)]
    if len(judged) < 2:
        return "one kind alone" if judged else "nothing judged"
    if len(set(judged)) == 1:
        return "convergent"
    return "dissonant" if {FOR_IT, AGAINST_IT} <= set(judged) else "in part"


def document_profiles(sources: pd.DataFrame) -> pd.DataFrame:
    """Who wrote each document, for whom, to what purpose, and what it leaves out.

    Columns: source_id, title, date, author, audience, purpose, omissions; 'unknown' where the
    register does not say.
    """
    described = ("title", "date", "author", "audience", "purpose", "omissions")
    documents = sources[sources["kind"] == "document"]
    table = documents.reindex(columns=["source_id", *described], fill_value="")
    return table.replace("", "unknown").sort_values("source_id", ignore_index=True)
