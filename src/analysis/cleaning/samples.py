"""Examples of what cleaning did: raw for data/private, masked for what is published."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from analysis.cleaning.edits import CleanText, Edit

_LONGEST = 60
SAMPLED = ("rule", "reason", "before", "after")


def samples(clean_text: CleanText, per_rule: int = 3, *, masked: bool = True) -> pd.DataFrame:
    """Return up to `per_rule` edits of each rule: columns rule, reason, before, after.

    Each reason of a rule comes once before any comes twice. `masked` keeps the shape of the
    source's words and no letter of them; without it the table is private matter.
    """
    rows = sample_rows(clean_text, per_rule, masked=masked)
    return pd.DataFrame(rows, columns=list(SAMPLED), dtype="str")


def sample_rows(
    clean_text: CleanText, per_rule: int = 3, *, masked: bool = True
) -> list[tuple[str, str, str, str]]:
    """The rows of `samples`: a table for each of many sources costs more than they do."""
    rows = []
    for layer in filter(lambda layer: layer.edits, clean_text.layers):
        below, _ = clean_text.parted([layer.rule])
        for edit in _varied(layer.edits)[:per_rule]:
            before = _short(below.text[edit.start : edit.end])
            after = _short(edit.replacement)
            if masked:
                before = mask(before)
                after = after if after.startswith("[") else mask(after)
            rows.append((layer.rule, edit.reason, before, after))
    return rows


def mask(text: str) -> str:
    """Return the shape of `text`: letters as x or X, digits as 0, what is not seen as its code."""
    shape = re.sub(r"\d", "0", text)
    shape = re.sub(
        r"[^\W_]", lambda m: "X" if m[0].isupper() else "0" if m[0] == "0" else "x", shape
    )
    return "".join(
        character if character.isprintable() else f"<U+{ord(character):04X}>" for character in shape
    )


def _varied(edits: Sequence[Edit]) -> list[Edit]:
    seen: dict[str, int] = {}
    ranked = []
    for number, edit in enumerate(edits):
        seen[edit.reason] = seen.get(edit.reason, 0) + 1
        ranked.append((seen[edit.reason], number, edit))
    return [edit for _, _, edit in sorted(ranked, key=lambda entry: entry[:2])]


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
