"""Interviews in which nobody is known to ask: told, with what could be put into the register."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.cleaning import Speakers
from analysis.cleaning.passages import turns_in
from analysis.cleaning.prepared import Prepared
from analysis.cleaning.speakers import INTERVIEWER, key_of

REVIEW = "speakers-interview"
NO_SPEAKER, NO_INTERVIEWER = "no speaker", "no interviewer"
_MARK = re.compile(
    r"(?<![ \t])[ \t]*+(\S[^\n]{0,40}?[:>|\])}\t–—-](?=\s|$)|[@#*~]\w[\w.'’-]{0,30}(?=[ \t]))",
    re.MULTILINE,
)
_COLUMNS = ["source_id", "found", "words", "marks", "participant_tags", "interviewer_tags"]
_MARKS_AT_MOST = 5


LACKING = ("source_id", "found", "words")


@dataclass(frozen=True)
class Heard:
    """Who speaks in one interview: the names of its speakers as they are compared and, where nobody
    asks, what it lacks, how many words that are, its turns and what recurs at the beginning of lines."""

    source_id: str
    speakers: tuple[str, ...]
    lacks: str = ""
    words: int = 0
    said: tuple[tuple[str, str], ...] = ()
    marks: str = ""


def heard(source: Mapping[str, str], one: Prepared) -> Heard:
    """Who speaks in an interview, by its row of the register. Private where it lacks anything."""
    said = turns_in(one.clean, Speakers.of(source))
    names = tuple(sorted({key_of(tag) for tag, _ in said}))
    voices = set(one.said["voice"])
    if "participant" not in voices or INTERVIEWER in voices:
        return Heard(one.source_id, names)
    lacks = NO_INTERVIEWER if any(one.said["speaker"]) else NO_SPEAKER
    words = sum(one.said["words"])
    return Heard(one.source_id, names, lacks, words, tuple(said), _marks(one.clean.original))


def without_interviewer(interviews: Iterable[Heard]) -> pd.DataFrame:
    """One row for each interview in which nobody asks: source_id, found, words.

    `found` is 'no speaker' or 'no interviewer'; `words` all count as the participants'.
    """
    rows = [(one.source_id, one.lacks, one.words) for one in interviews if one.lacks]
    return pd.DataFrame(rows, columns=list(LACKING))


def proposals(interviews: Sequence[Heard]) -> pd.DataFrame:
    """What to put into the register for each interview in which nobody asks. Private: it has names.

    `marks` are what recurs at the beginning of lines, with how often. As the interviewer is
    proposed who speaks in several interviews, else who mostly asks questions; nobody where
    neither is so.
    """
    heard_in = Counter(name for one in interviews for name in one.speakers)
    rows = []
    for one in interviews:
        if one.lacks:
            said = list(one.said)
            tags = list(dict.fromkeys(tag for tag, _ in said))
            asking = who_asks(said, heard_in)
            others = "; ".join(tag for tag in tags if tag not in asking)
            told = (one.source_id, one.lacks, one.words, one.marks)
            rows.append((*told, others, "; ".join(asking)))
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
