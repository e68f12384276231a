"""What a coder said that a passage does, where the coding itself carries it: a mark in its memo.

Programs have weights, and tables a column of stances; a coding has neither. So the value stands at
the beginning of the memo, `[stance: contradicts]`, where people see it, any program keeps it, and
a coder may write it by hand.
"""

from __future__ import annotations

import re

_MARK = re.compile(r"\[stance:\s*+([^\[\]]{1,80})\]", re.IGNORECASE)


def marked(memo: str, value: str) -> str:
    """The memo with the value of its stance column before it.

    >>> marked("see p. 3", "contradicts")
    '[stance: contradicts] see p. 3'
    """
    plain = " ".join(value.replace("[", "(").replace("]", ")").split())[:80]
    return f"[stance: {plain}] {memo}".strip() if plain else memo


def values_in(memo: str) -> list[str]:
    """The stances that a memo marks; several where codings of one span were joined.

    >>> values_in("[stance: 80] | [stance: 20] doubtful")
    ['80', '20']
    """
    return [value.strip() for value in _MARK.findall(memo)]
