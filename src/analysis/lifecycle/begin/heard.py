"""Which texts of a new study are transcripts of speech, and who seems to ask and to answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from analysis.cleaning import Speakers, clean
from analysis.cleaning.passages import turns_in
from analysis.cleaning.speakers import INTERVIEWER, key_of
from analysis.files.problems import StudyError
from analysis.lifecycle.begin.found import NewSource
from analysis.reading import read
from analysis.stages.speakers import who_asks
from analysis.text.words import count_words

_CAPTIONS = frozenset({"vtt", "srt"})
_TURNS_AT_LEAST, _SHARE_OF_TURNS = 3, 0.8

Said = list[tuple[str, str]]


def propose_speakers(sources: Iterable[NewSource]) -> None:
    """Fill kind, tags and place of each source that is a transcript: captions, or turns of two.

    What the source's project states of its kind stays. As interviewer is proposed whom convention
    knows as such, else who speaks in several sources, else who mostly asks questions.
    """
    turns: dict[int, Said] = {}
    sources = list(sources)
    for number, source in enumerate(sources):
        said = _said(source)
        if said is not None:
            turns[number] = said
    heard_in = Counter(name for said in turns.values() for name in {key_of(tag) for tag, _ in said})
    for number, said in turns.items():
        source = sources[number]
        source.kind = "interview"
        tags = list(dict.fromkeys(tag for tag, _ in said))
        voices = Speakers().voices(tags)
        asking = [tag for tag in tags if voices[tag] == INTERVIEWER] or who_asks(said, heard_in)
        source.interviewer_tags = "; ".join(asking)
        source.participant_tags = "; ".join(tag for tag in tags if tag not in asking)
        if source.place.startswith("documents/"):
            source.place = "interviews/" + source.place.removeprefix("documents/")


def _said(source: NewSource) -> Said | None:
    """Return the turns of a transcript, [] for captions that name nobody; None for another text."""
    if not isinstance(source.content, Path):
        # A project's text: cleaned by its program, its codings placed on it as it is.
        return None
    try:
        found = read(source.content)
    except StudyError:
        # It is told when the study is first read.
        return None
    cleaned = clean(found, "interview")
    said = turns_in(cleaned, Speakers())
    if found.format in _CAPTIONS:
        return said
    words = sum(count_words(tag) + count_words(words) for tag, words in said)
    enough = words >= _SHARE_OF_TURNS * count_words(cleaned.text) and len(said) >= _TURNS_AT_LEAST
    return said if enough and len({key_of(tag) for tag, _ in said}) > 1 else None
