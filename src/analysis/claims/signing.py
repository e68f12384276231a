"""The interpretation lock: what the authors signed, and whether it is still so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Hashable, Sequence
from typing import Any

import pandas as pd

from analysis.claims.model import Claim
from analysis.claims.words import Words
from analysis.study.schemas import columns

OPEN = "undecided"
UNSIGNED = "not signed"
SIGNED = "signed"
MUST_REREAD = "authors must re-read"
NOTICE = "The pattern behind this paragraph changed since it was signed: authors must re-read."
# What a sentence says of a pattern: so many of so many, in the group and in the other.
_COUNTS = ("n", "n_of", "than_n", "than_of")
COLUMNS = columns("decisions")


def digest(
    claim: Claim, patterns: pd.DataFrame, bearings: pd.DataFrame, passages: pd.DataFrame
) -> str:
    """What the authors sign for: the claim, its patterns and the passages that bear on it.

    Sixteen hexadecimal digits of a SHA-256 over the claim's sentence, its themes and
    expectations, the pattern of each with the counts that its sentence rests on, and for each
    bearing the source, its words and what it was found to do. Ranges and shares of rearrangements
    that move without changing a pattern or a count, the order of rows, and offsets that move
    without changing the words make no difference.
    """
    own = patterns[patterns["claim"] == claim.id]
    bearing = bearings[bearings["claim"] == claim.id]
    words = Words.of(passages[passages["source_id"].isin(bearing["source_id"])]).digests(bearing)
    signed = {
        "sentence": claim.sentence,
        "themes": [theme.model_dump() for theme in claim.themes],
        "expectations": [one.stated() for one in claim.expectations],
        "patterns": sorted(
            zip(own["expectation"], own["pattern"], *(own[name] for name in _COUNTS), strict=True)
        ),
        "bearings": sorted(
            zip(
                bearing["source_id"],
                words,
                bearing["bears"],
                bearing["negative_outcome"],
                strict=True,
            )
        ),
    }
    told = json.dumps(signed, sort_keys=True, ensure_ascii=False, default=int)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def decisions(
    claims: Sequence[Claim], patterns: pd.DataFrame, bearings: pd.DataFrame, passages: pd.DataFrame
) -> pd.DataFrame:
    """What the authors decided on each claim, and whether what they signed still stands.

    Columns: claim, status (undecided, retained, revised, set aside), state ('undecided' when
    nothing is decided or written, 'not signed', 'signed', 'authors must re-read'), digest (as of
    now: to be copied into claims.yml to sign), signed_digest, signed_by, date, paragraphs.
    """
    rows = []
    for claim in claims:
        now, said = digest(claim, patterns, bearings, passages), claim.decision
        if said.digest:
            state = SIGNED if said.digest == now else MUST_REREAD
        else:
            state = UNSIGNED if said.paragraphs or said.status != "undecided" else OPEN
        rows.append(
            [
                claim.id,
                said.status,
                state,
                now,
                said.digest,
                said.signed_by,
                said.date,
                said.paragraphs,
            ]
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def leaned_on(
    claim: Claim, patterns: pd.DataFrame, bearings: pd.DataFrame, passages: pd.DataFrame
) -> dict[str, dict[str, str]]:
    """What a text on `claim` leans on, in words that can be set beside those of another day.

    Groups: claim (its sentence), theme (its idea and codes), pattern (of each expectation, with
    the count behind it), judged passage (what each who judged it found it to do, and the outcome of
    a negative case), by source and the digest of its words.
    """
    own = patterns[patterns["claim"] == claim.id]
    bearing = bearings[bearings["claim"] == claim.id]
    words = Words.of(passages[passages["source_id"].isin(bearing["source_id"])]).digests(bearing)
    judged: dict[str, list[str]] = {}
    columns = (bearing[name] for name in ("source_id", "bears", "negative_outcome"))
    for digest, source, bears, outcome in zip(words, *columns, strict=True):
        found = " / ".join(filter(None, [str(bears), str(outcome)]))
        judged.setdefault(f"{source} {digest[:6]}", []).append(found)
    return {
        "claim": {"sentence": claim.sentence},
        "theme": {one.name: f"{one.idea} [{', '.join(one.codes)}]" for one in claim.themes},
        "pattern": {
            str(row["expectation"]): f"{row['pattern']} ({_counted(row)})"
            for row in own.to_dict("records")
        },
        "judged passage": {place: "; ".join(found) for place, found in judged.items()},
    }


def _counted(row: dict[Hashable, Any]) -> str:
    than = f", {row['than_n']} of {row['than_of']}" if row["than"] else ""
    return f"{row['n']} of {row['n_of']}{than}" if row["n_of"] else str(row["n"])
