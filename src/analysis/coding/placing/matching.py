"""Which source of the register a text or a name in a coded project belongs to."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath

import pandas as pd


class SourceMatcher:
    """Finds the source of the register that a coded project calls by some name.

    In this order: `coded_as` (several names separated by `;`), the name of the file with or
    without ending, title, source_id. Upper and lower case, and forms of accents, do not matter.
    A name that two sources share at the same step fits neither.
    """

    def __init__(self, sources: pd.DataFrame, withdrawn: Collection[str] = ()) -> None:
        self._steps: list[dict[str, set[str]]] = [{}, {}, {}, {}]
        for source in sources.itertuples(index=False):
            file = PurePosixPath(str(source.file).replace("\\", "/"))
            named: tuple[Iterable[str], ...] = (
                str(source.coded_as).split(";"),
                (file.name, file.stem),
                (str(source.title),),
                (str(source.source_id),),
            )
            for known, names in zip(self._steps, named, strict=True):
                for name in filter(None, map(same, names)):
                    known.setdefault(name, set()).add(str(source.source_id))
        self._withdrawn = {
            form for name in withdrawn for part in name.split(";") for form in _forms(part)
        }

    def find(self, *names: str) -> set[str]:
        """The source_ids that the first telling of `names` fits: none, one, or several."""
        for known in self._steps:
            for name in names:
                for form in _forms(name):
                    if form in known:
                        return known[form]
        return set()

    def is_withdrawn(self, *names: str) -> bool:
        """Whether one of `names` is that of a withdrawn source."""
        return any(form in self._withdrawn for name in names for form in _forms(name))


def _forms(name: str) -> list[str]:
    """The name as given, without folder, and without ending: as they are compared."""
    path = PurePosixPath(name.strip().replace("\\", "/"))
    forms = [same(name), same(path.name)]
    # A short ending that begins with a letter; 'P1.2' is a name, not a file.
    if len(path.suffix) in range(3, 6) and path.suffix[1].isalpha():
        forms.append(same(path.stem))
    return [form for form in dict.fromkeys(forms) if form]


def same(name: str) -> str:
    """A name as it is compared: whatever the case, the forms of accents and the white space."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
