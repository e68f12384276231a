"""Caption files (.vtt, .srt): decoded here, turned into turns by cleaning."""

from __future__ import annotations

import re

from analysis.reading.bounds import Extract, UnreadableError
from analysis.reading.plain import decoded

TIMING = re.compile(
    r"^[ \t]*(?:(\d+):)?(\d{1,2}):(\d\d)[.,](\d{3})[ \t]*-->[ \t]*(?:(\d+):)?(\d{1,2}):(\d\d)[.,](\d{3})"
    r"[^\r\n]*(?=\r?$)",
    re.MULTILINE,
)


def extract(data: bytes) -> Extract:
    """Return the file's text as it stands; refuse one that holds no cue."""
    found = decoded(data)
    if "-->" not in found.text or not TIMING.search(re.sub(r"\r\n?", "\n", found.text)):
        raise UnreadableError("a caption file without a cue", "cues with times", "export it again")
    return found
