"""Interviews in which nobody is known to ask: told, with what could be put into the register."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis.cleaning import Speakers
from analysis.cleaning.passages import turns_in
from analysis.cleaning.preparing import Prepared
from analysis.cleaning.speakers import INTERVIEWER, key_of
from analysis.study import tables
from analysis.study.folder import Study

REVIEW = "speakers-interview"
NO_SPEAKER, NO_INTERVIEWER = "no speaker", "no interviewer"
_MARK = re.compile(
    r"(?<![ \t])[ \t]*+(\S[^\n]{0,40}?[:>|\])}\t–—-](?=\s|$)|[@#*~]\w[\w.'’-]{0,30}(?=[ \t]))",
    re.MULTILINE,
)
_COLUMNS = ["source_id", "found", "words", "marks", "participant_tags", "interviewer_tags"]
_MARKS_AT_MOST = 5


def without_interviewer(prepared: Mapping[str, Prepared]) -> pd.DataFrame:
    """One row for each interview in which nobody asks: source_id, found, words.

    `found` is 'no speaker' or 'no interviewer'; `words` all count as the participants'.
    """
    rows = []
    for source_id, one in prepared.items():
        voices = set(one.said["voice"])
        if "participant" in voices and INTERVIEWER not in voices:
            named = any(one.said["speaker"])
            found = NO_INTERVIEWER if named else NO_SPEAKER
            rows.append((source_id, found, sum(one.said["words"])))
    return pd.DataFrame(rows, columns=["source_id", "found", "words"])


def proposals(sources: pd.DataFrame, prepared: Mapping[str, Prepared]) -> pd.DataFrame:
    """What to put into the register for each interview in which nobody asks. Private: it has names.

    `marks` are what recurs at the beginning of lines, with how often. As the interviewer is
    proposed who speaks in several interviews, else who mostly asks questions; nobody where
    neither is so.
    """
    lacking = without_interviewer(prepared)
    turns = {
        row["source_id"]: turns_in(prepared[row["source_id"]].clean, Speakers.of(row))
        for row in sources.to_dict("records")
        if row["source_id"] in prepared
    }
    heard_in = Counter(name for said in turns.values() for name in {key_of(tag) for tag, _ in said})
    rows = []
    for row in lacking.to_dict("records"):
        source_id = row["source_id"]
        said = turns[source_id]
        tags = list(dict.fromkeys(tag for tag, _ in said))
        asking = who_asks(said, heard_in)
        rows.append(
            (
                source_id,
                row["found"],
                row["words"],
                _marks(prepared[source_id].clean.original),
                "; ".join(tag for tag in tags if tag not in asking),
                "; ".join(asking),
            )
        )
    return pd.DataFrame(rows, columns=_COLUMNS)


def who_asks(said: list[tuple[str, str]], heard_in: Counter[str]) -> list[str]:
    """Return the tags in `said` of who seems to ask; `heard_in` counts the sources of each speaker."""
    tags = list(dict.fromkeys(tag for tag, _ in said))
    if len(tags) < 2:
        return []
    often = max(heard_in[key_of(tag)] for tag in tags)
    recurring = [tag for tag in tags if heard_in[key_of(tag)] == often > 1]
    if recurring and len(recurring) < len(tags):
        return recurring
    shares = {
        tag: sum(words.rstrip().endswith("?") for name, words in said if name == tag)
        / sum(name == tag for name, _ in said)
        for tag in tags
    }
    best = max(shares, key=lambda tag: shares[tag])
    others = [share for tag, share in shares.items() if tag != best]
    return [best] if shares[best] >= 0.5 > max(others) else []


def _marks(text: str) -> str:
    seen = Counter(mark.strip() for mark in _MARK.findall(text))
    recurring = [(mark, count) for mark, count in seen.most_common(_MARKS_AT_MOST) if count > 1]
    return ", ".join(f"'{mark}' {count} times" for mark, count in recurring)


def write_proposals(study: Study, kind: str, prepared: Mapping[str, Prepared]) -> None:
    """Leave `proposals` in data/private/review, for interviews only."""
    if kind == "interview":
        table = proposals(study.sources, prepared)
        tables.write_table(table, study.private / "review" / f"{REVIEW}.csv")


def told(private: Path) -> list[str]:
    """What the console says of each interview in which nobody is known to ask."""
    path = private / "review" / f"{REVIEW}.csv"
    if not path.is_file():
        return []
    lines = []
    for row in pd.read_csv(path, dtype=str, keep_default_na=False).to_dict("records"):
        recurs = f"; before speech recurs {row['marks']}" if row["marks"] else ""
        lines.append(
            f"warning: {row['source_id']}: {row['found']} found, so all {row['words']} words count as "
            f"the participants'{recurs}. In data/raw/sources.csv: participant_tags="
            f'"{row["participant_tags"] or "NAME"}", interviewer_tags='
            f'"{row["interviewer_tags"] or "NAME"}" (data/private/review/{REVIEW}.csv)'
        )
    return lines
