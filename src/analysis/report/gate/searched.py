"""Which files the gate has searched before and found nothing in: they are not searched again.

Kept are digests of the files that were clean, whose key is all that was sought and the program that
sought it. A file, a name, a consent or a line of the program that changed gives other digests. They
say nothing of what is in a file, and stay in the private folder all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from analysis.cleaning.pseudonyms import PseudonymKey
from analysis.files.project import NOTEBOOKS, PACKAGE
from analysis.files.whole_file import write_text
from analysis.report.gate.authors import Authors
from analysis.report.gate.way_out import WayOut
from analysis.report.gate.withheld import Withheld

KEPT = "gate.txt"
# What reads files and knows shapes of identifiers.
_LIBRARIES = ("lxml", "pypdf", "pypdfium2", "phonenumbers", "python-stdnum")


@dataclass(frozen=True)
class Searched:
    """The digests in the file `path` of what was clean, and the key of such digests now."""

    path: Path
    known: frozenset[str]
    secret: bytes

    @classmethod
    def of(
        cls,
        path: Path,
        key: PseudonymKey | None,
        withheld: Withheld,
        authors: Authors,
        way_out: WayOut,
    ) -> Searched:
        """What `path` keeps of files that were searched for all this; nothing without such a file."""
        runs = sorted(repr(run) for listed in withheld.by_word.values() for run in listed)
        told = repr((key.digest if key else "", runs, _told(authors), _told(way_out), _program()))
        secret = hashlib.sha256(told.encode("utf-8", "surrogatepass")).digest()
        try:
            known = frozenset(path.read_text(encoding="ascii").split())
        except (OSError, UnicodeDecodeError):
            known = frozenset()
        return cls(path, known, secret)

    def digest(self, name: str, content: bytes, *, is_told_elsewhere: bool) -> str:
        """The digest of the file `name`; what else tells its words decides what is sought in it."""
        whole = hashlib.blake2b(key=self.secret, digest_size=32)
        whole.update(f"{name}\0{is_told_elsewhere}\0".encode("utf-8", "surrogatepass"))
        whole.update(content)
        return whole.hexdigest()

    def keep(self, clean: Iterable[str]) -> None:
        """Keep the digests of these files, which are clean, and of no others."""
        write_text(self.path, "".join(f"{digest}\n" for digest in sorted(clean)))


def _told(value: object) -> object:
    """A value in one order, whichever order its sets have."""
    if is_dataclass(value):
        return [_told(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, frozenset):
        return sorted(repr(_told(one)) for one in value)
    if isinstance(value, Mapping):
        return sorted(repr((name, _told(one))) for name, one in value.items())
    return [_told(one) for one in value] if isinstance(value, tuple) else value


@cache
def _program() -> str:
    """A fingerprint of the program, whose own words pass the gate, and of the libraries it reads by."""
    digest = hashlib.sha256()
    for file in sorted([*PACKAGE.rglob("*"), *NOTEBOOKS.glob("*.ipynb")]):
        if file.is_file() and file.suffix != ".pyc":
            digest.update(file.read_bytes())
    digest.update(" ".join(map(version, _LIBRARIES)).encode())
    return digest.hexdigest()
