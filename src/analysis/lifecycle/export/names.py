"""Names as programs that take only letters, digits and underscores have them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_OTHER = re.compile(r"[^A-Za-z0-9]+")


def identifiers(names: Iterable[str], start: str = "code") -> dict[str, str]:
    """Each of `names` -> its identifier: letters, digits and `_`, a letter first, none twice.

    Accents are left out; what has no such letters at all is called by `start` and a number. Names
    that would be one are told apart by a number, in the order given.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in dict.fromkeys(names):
        plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
        base = _OTHER.sub("_", plain).strip("_") or start
        base = base if base[0].isalpha() else f"{start}_{base}"
        one, number = base, 1
        while one.casefold() in taken:
            number += 1
            one = f"{base}_{number}"
        taken.add(one.casefold())
        found[name] = one
    return found
