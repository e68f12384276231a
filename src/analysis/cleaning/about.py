"""What a cleaning rule may know of a source besides its text."""

from __future__ import annotations

from dataclasses import dataclass, field

from analysis.cleaning.habits import Unusual
from analysis.cleaning.speakers import Speakers


@dataclass(frozen=True)
class About:
    """What `clean` found out about a source before the first rule.

    `tags` are its speakers' tags in lower case, none where nobody takes turns; `unusual` tells by
    which unusual habits they open turns; `wrapped` that the width of a page broke its lines.
    """

    format: str
    kind: str
    speakers: Speakers = field(default_factory=Speakers)
    tags: frozenset[str] = frozenset()
    wrapped: bool = False
    unusual: Unusual = field(default_factory=Unusual)
