"""The private lists of names without those that only one source had."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

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
    names = [f" {' '.join(words(row[column]))} " if column < len(row) else "" for row in rows]
    told = [f" {' '.join(words(text))} " for text in own]
    going = {name for name in names[1:] if name.strip() and any(name in text for text in told)}
    for text in left:
        going = {name for name in going if name not in text}
    if not going:
        return data
    held = io.StringIO(newline="")
    kept = [row for row, name in zip(rows, names, strict=True) if name not in going]
    csv.writer(held, lineterminator="\r\n" if b"\r\n" in data else "\n").writerows(kept)
    return held.getvalue().encode("utf-8")
