"""The numbers that prose quotes, named: raw values with their units, for `Study.write_values`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass


Values = dict[str, tuple[Any, str]]


def plain_name(words: str) -> str:
    """A word of the study (role, code, kind) as part of a value's name: `third_sector`."""
    return re.sub(r"[^a-z0-9]+", "_", words.lower()).strip("_") or "unnamed"


def counted(name: str, count: int, plural: str) -> Values:
    """A count by itself, and with what it counts: `n_codes` 1, `n_codes_counted` '1 code'."""
    return {name: (count, "count"), f"{name}_counted": ([[count, plural]], "phrase")}
