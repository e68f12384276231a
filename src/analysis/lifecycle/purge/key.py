"""The private lists of names without those that only one source had."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable

from analysis.cleaning.pseudonyms import Entry, PseudonymKey
from analysis.file_text.encoding import surely_text
from analysis.text.runs import words


def key_without(
    data: bytes, own: Iterable[str], left: Iterable[str], column_of_names: str = "find"
) -> bytes:
    """The key `data`, or another list of names, without the lines whose name is in the texts `own` and nowhere in `left`.

    `left`: the words of every file that stays, in folded form and with one space around each
    (`FileWords.joined`). A name that one of them has, in whatever sense, is kept: the key
    still has to replace it there. Unchanged bytes come back where no line goes.
    """
    rows = list(csv.reader(io.StringIO(surely_text(data), newline="")))
    if not rows or column_of_names not in rows[0]:
        return data
    column = rows[0].index(column_of_names)
    names = [row[column] if column < len(row) else "" for row in rows]
    going = _said(names[1:], own)
    for text in left:
        going -= _said(going, [text])
    if not going:
        return data
    held = io.StringIO(newline="")
    kept = [row for row, name in zip(rows, names, strict=True) if name not in going]
    csv.writer(held, lineterminator="\r\n" if b"\r\n" in data else "\n").writerows(kept)
    return held.getvalue().encode("utf-8")


def _said(names: Collection[str], texts: Iterable[str]) -> set[str]:
    """Those of the `names` that one of the `texts` has, in any form (`cleaning.name_forms`)."""
    key = PseudonymKey(
        tuple(Entry(name, "[]", "person", False, at) for at, name in enumerate(names))
    )
    plain = {name: f" {' '.join(words(name))} " for name in names}
    found: set[str] = set()
    for text in texts:
        found |= {hit.entry.find for hit in key.find_names(text)}
        told = f" {' '.join(words(text))} "
        found |= {name for name, own in plain.items() if own.strip() and own in told}
    return found
