"""Several codes in a cell of a table, parted by semicolons: `value/tie;value/merit`.

A semicolon of a name, and the backslash, stand with a backslash before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_CODE = re.compile(r"(?:[^\\;]|\\.)+", re.DOTALL)


def cell_of(codes: Iterable[str]) -> str:
    """The codes as a cell holds them.

    >>> cell_of(["value/tie", "so; and so"])
    'value/tie;so\\\\; and so'
    """
    return ";".join(re.sub(r"([\\;])", r"\\\1", code) for code in codes)


def codes_in(cell: str) -> list[str]:
    """The codes of a cell, in order; none of an empty one."""
    return [re.sub(r"\\(.)", r"\1", code, flags=re.DOTALL) for code in _CODE.findall(cell)]
