"""What was prepared before, kept in a file a source, and whether it still counts."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from analysis import cleaning, reading, text
from analysis.cleaning import CleanText, PseudonymKey
from analysis.cleaning.ledger import Entry
from analysis.cleaning.passages import OF_PASSAGE, Columns
from analysis.cleaning.prepared import OF_CANDIDATES, Prepared
from analysis.files import untrusted
from analysis.files.digests import sha256_of
from analysis.files.whole_file import write_text

# Another version of these may read or find something else.
_LIBRARIES = ("html5lib", "lxml", "phonenumbers", "pypdfium2", "python-stdnum", "rapidfuzz")
_NUMBERS = {"start", "end", "words"}


@dataclass(frozen=True)
class Kept:
    """The file in which a prepared source is kept, and what it must be made of to count."""

    path: Path
    fingerprint: str

    @classmethod
    def of(
        cls,
        source: Mapping[str, str],
        path: Path,
        rules: Sequence[str],
        key: PseudonymKey | None,
        cache: Path,
    ) -> Kept | None:
        """Where `source` is kept in the folder `cache`; None for a file that cannot be read."""
        try:
            content = _digest(path)
        except (OSError, ValueError):
            return None
        settings = [
            source["kind"],
            source.get("participant_tags", ""),
            source.get("interviewer_tags", ""),
            path.suffix.lower(),
            sorted(rules),
            key.digest if key else "",
            program(),
        ]
        made_of = hashlib.sha256(json.dumps([content, settings]).encode()).hexdigest()
        return cls(kept_at(cache, source["source_id"]), made_of)

    def write(self, prepared: Prepared) -> None:
        content = {
            "fingerprint": self.fingerprint,
            "format": prepared.format,
            "encoding": prepared.encoding,
            "notes": list(prepared.notes),
            "clean": prepared.clean.as_json(),
            "passages": {name: list(prepared.said[name]) for name in OF_PASSAGE},
            "candidates": {name: list(prepared.possible[name]) for name in OF_CANDIDATES},
            "ledger": [dataclasses.astuple(entry) for entry in prepared.accounted],
        }
        write_text(self.path, json.dumps(content))

    def read(self, source_id: str) -> Prepared | None:
        """What is kept; None for nothing, another, or a broken one."""
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            if content["fingerprint"] != self.fingerprint:
                return None
            cleaned = CleanText.from_json(content["clean"])
            return Prepared(
                source_id,
                content["format"],
                content["encoding"],
                tuple(content["notes"]),
                cleaned,
                _as_written(content["passages"], OF_PASSAGE),
                _as_written(content["candidates"], OF_CANDIDATES),
                tuple(Entry(str(rule), int(n), int(m)) for rule, n, m in content["ledger"]),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None


def kept_at(cache: Path, source_id: str) -> Path:
    return cache / f"{quote(source_id, safe='')}.json"


def _as_written(columns: Mapping[str, Any], names: Sequence[str]) -> Columns:
    """The columns of `names`. Raises ValueError unless they are of one length, their numbers numbers."""
    found = {name: list(columns[name]) for name in names}
    numbers = [value for name in _NUMBERS & found.keys() for value in found[name]]
    if len(set(map(len, found.values()))) != 1 or not {type(one) for one in numbers} <= {int}:
        raise ValueError("columns that nobody wrote so")
    return found


def _digest(path: Path) -> str:
    # What is no file, such as a pipe, might never end.
    if not path.is_file():
        raise FileNotFoundError(path.name)
    return sha256_of(path)[0]


@cache
def program() -> str:
    """A fingerprint of the code that reads and cleans, and of the libraries that it uses."""
    folders = [Path(str(package.__file__)).parent for package in (reading, cleaning, text)]
    files = sorted(file for folder in folders for file in folder.glob("*.py"))
    digest = hashlib.sha256()
    for file in [*files, Path(untrusted.__file__)]:
        digest.update(file.read_bytes())
    digest.update(" ".join(map(version, _LIBRARIES)).encode())
    return digest.hexdigest()
