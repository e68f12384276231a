"""Interviews in which nobody is known to ask: their questions count as the participant's words."""

from __future__ import annotations

import pandas as pd

from analysis.text.english import plural
from analysis.text.escape import markdown

MARK = "interviewer not known"
TOLD = (
    "No interviewer is known in this interview: all its words count as the participant’s,"
    " questions too."
)
_VOICES = ("participant", "interviewer")
_NAMED_AT_MOST = 12


def nobody_asks(passages: pd.DataFrame) -> frozenset[str]:
    """The sources in which a participant speaks and no interviewer does.

    `passages`: the table of that name. Documents and observations have no participants.
    """
    by_voice = {
        voice: set(passages.loc[passages["voice"] == voice, "source_id"]) for voice in _VOICES
    }
    answering, asking = by_voice.values()
    return frozenset(map(str, answering - asking))


def told(unknown: frozenset[str]) -> str:
    """A paragraph of Markdown that names them; '' where there is none."""
    if not unknown:
        return ""
    named = sorted(unknown)
    shown = ", ".join(map(markdown, named[:_NAMED_AT_MOST])) + ", …" * bool(named[_NAMED_AT_MOST:])
    return (
        f"In {plural(len(named), 'interview')} no interviewer is known ({shown}): all the words"
        " there are counted as the participant’s, questions too.\n"
    )
