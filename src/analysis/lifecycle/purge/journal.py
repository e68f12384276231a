"""What a purge seeks, written down before anything is touched and deleted when all is done.

A purge that was interrupted has taken away the very words that it must still look for. They stay
in `data/private`, which nobody publishes, until the last of them is gone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from analysis.files.whole_file import write_text
from analysis.lifecycle.purge.own_words import OwnWords


@dataclass(frozen=True)
class Journal:
    """The row of the source as it was in the register, and the words that are sought."""

    source: Mapping[str, str]
    own: OwnWords

    @classmethod
    def kept(cls, study: Path, source_id: str) -> Journal | None:
        """What an interrupted purge of the source left, or None."""
        try:
            held = json.loads(place(study, source_id).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        own = OwnWords(tuple(held["texts"]), frozenset(held["sought"]), held["readable"])
        return cls(held["source"], own)

    def keep(self, study: Path) -> None:
        """Write it down, whole or not at all."""
        held = {
            "source": dict(self.source),
            "texts": self.own.texts,
            "sought": sorted(self.own.sought),
            "readable": self.own.readable,
        }
        path = place(study, self.source["source_id"])
        write_text(path, json.dumps(held, ensure_ascii=False))
        path.chmod(0o600)


def place(study: Path, source_id: str) -> Path:
    """Where the journal of a purge lies."""
    return study / "data" / "private" / f"purge-{quote(source_id, safe='')}.json"
