"""Which passages to judge next, and which to judge again by somebody who has not seen the first."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import pandas as pd

from analysis.claims.bearing import BLIND
from analysis.claims.material import Material
from analysis.claims.model import Claim
from analysis.claims.stance import CaseStance, Stances, case_stances
from analysis.claims.terms import OPEN
from analysis.files.vocabulary import folded
from analysis.measures.coefficients import krippendorff_alpha
from analysis.study.schemas import columns

READING_LIST = columns("reading_list")
JUDGES = columns("judges")


def reading_list(
    claims: Sequence[Claim], material: Material, stances: Stances, patterns: pd.DataFrame
) -> pd.DataFrame:
    """Passages nobody judged that could settle an expectation which is open until read.

    Those that settle most come first: a passage counts, for each open expectation of its claim
    whose count its case could still change, one part of as many as the case has unread passages
    there (the last unread passage of a case settles the case whatever it says); of equals the
    shorter first, so that a claim is settled with little reading.

    Columns: claim, expectations (';' between), source_id, passage, case_id, role, settles, words,
    rank (1, 2, … within the claim). Rows by claim and rank; none where nothing is open.
    """
    is_open = set(patterns.loc[patterns["pattern"] == OPEN, "expectation"])
    own = material.coded.passages
    words = dict(zip(zip(own["source_id"], own["passage"], strict=True), own["words"], strict=True))
    rows = []
    for claim in claims:
        concerned: dict[tuple[str, int], list[str]] = {}
        settles: dict[tuple[str, int], float] = {}
        whose: dict[tuple[str, int], CaseStance] = {}
        for one in claim.expectations:
            if one.id not in is_open or not one.affirmed:
                continue
            for case in case_stances(claim.id, one, material, stances).values():
                if case.affirms:
                    continue
                for place in case.unread:
                    concerned.setdefault(place, []).append(one.id)
                    settles[place] = settles.get(place, 0.0) + 1 / len(case.unread)
                    whose[place] = case
        rows += [
            [
                *(claim.id, ";".join(names), *place, whose[place].case_id, whose[place].role),
                *(settles[place], int(words[place])),
            ]
            for place, names in concerned.items()
        ]
    table = pd.DataFrame(rows, columns=READING_LIST[:-1])
    order = {claim.id: number for number, claim in enumerate(claims)}
    table = (
        table.assign(order=table["claim"].map(order), least=-table["settles"].astype(float))
        .sort_values(["order", "least", "words", "source_id", "passage"], ignore_index=True)
        .drop(columns=["order", "least"])
    )
    return table.assign(rank=table.groupby("claim").cumcount() + 1)


def blind_list(bearings: pd.DataFrame, share: float, seed: int) -> pd.DataFrame:
    """Passages for a second judge, without what the first found: a share of each claim's.

    Drawn by a digest of the passage and `seed`, so that one more judgement does not exchange the
    rest. Columns: claim, source_id, passage, first_by; at least one passage of each claim that was
    judged. Raises ValueError for a share outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of {share} is not between 0 and 1")
    once = bearings.groupby(["claim", "source_id", "passage"], as_index=False).agg(
        first_by=("by", "first"), judges=("by", "nunique")
    )
    once = once[once["judges"] == 1].drop(columns="judges")
    keys = [
        crc32(f"{seed} {claim} {source} {passage}".encode())
        for claim, source, passage in zip(
            once["claim"], once["source_id"], once["passage"], strict=True
        )
    ]
    once = once.assign(key=keys).sort_values(["claim", "key"], kind="stable", ignore_index=True)
    place = once.groupby("claim").cumcount()
    wanted = (once.groupby("claim")["key"].transform("size") * share).clip(lower=1)
    return once[place < wanted].drop(columns="key").reset_index(drop=True)


def judges(
    claims: Sequence[Claim],
    material: Material,
    bearings: pd.DataFrame,
    coders: Sequence[str] = (),
    interviewers: Sequence[str] = (),
) -> pd.DataFrame:
    """How far each claim was searched, by whom, and how far two judges agree.

    `coders`, `interviewers`: names of those who also coded or interviewed. One row per claim:
    n_carrying (passages with a code of the claim), n_searched (of these judged), n_judged passages
    in all, n_twice (by two people or more), n_blind (of these, by one who did not see what the other
    found: chosen as `bearing.BLIND`), n_differ (found to do different things),
    alpha (Krippendorff, nominal, over passages judged twice; NaN with none, or where everything
    is one), judges ('A 5, TW 2'), chosen (how, 'not said' where nobody says), also ('A coded; TW interviewed').
    """
    told = {"coded": set(map(folded, coders)), "interviewed": set(map(folded, interviewers))}
    rows = []
    for claim in claims:
        own = bearings[bearings["claim"] == claim.id]
        held = (material.coded.on_passages.get(code, frozenset()) for code in claim.codes)
        carrying = frozenset().union(*held)
        wide = own.drop_duplicates(["source_id", "passage", "by"]).pivot(
            index=["source_id", "passage"], columns="by", values="bears"
        )
        twice = wide[wide.notna().sum(axis=1) >= 2]
        differ = int((twice.nunique(axis=1) > 1).sum())
        several = len(twice) > 0 and twice.stack().nunique() > 1
        alpha = krippendorff_alpha(twice) if several else float("nan")
        unseen = own[own["chosen"] == BLIND].set_index(["source_id", "passage"]).index
        counts = own["by"].value_counts().sort_index()
        also = [
            f"{name} {did}"
            for did, people in told.items()
            for name in counts.index
            if folded(name) in people
        ]
        rows.append(
            [
                *(claim.id, len(carrying), len(carrying & set(wide.index))),
                *(len(wide), len(twice), int(twice.index.isin(unseen).sum()), differ, alpha),
                ", ".join(f"{name} {count}" for name, count in counts.items()),
                ", ".join(sorted(set(own["chosen"].replace("", "not said")))),
                "; ".join(also),
            ]
        )
    return pd.DataFrame(rows, columns=JUDGES)
